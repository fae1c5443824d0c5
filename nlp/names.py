"""Names of persons that no roster holds: 户主：王桂英, 去了牛广才家, 老孙家, 李大爷, 韩四婶.

A full name is a surname with one or two characters, and it counts by what speaks for it: the word before (户主, 叫,
走访, the name of a village), the word behind (家, 那, 男人, a comma) and how usual its characters are in names.
Ordinary words that look like names (高血压, 马上, 金额) are kept out by lists. Kin (俺娘, 他二叔) and officers
(小周, 王书记) are no household names (docs/labels.md, Slots).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.name_words import (
    COMPOUND,
    ENDINGS,
    FAMOUS,
    GIVEN,
    GIVEN_WORDS,
    NEVER,
    NOT_FAMILY,
    NOT_LAO,
    SURNAMES,
    TYPICAL,
    WORDLIKE,
    WORDS,
)
from nlp.spans import is_free

_LEFT_STRONG = re.compile(
    r"(?:户主|(?:[我俺他她咱]的?)?(?:爹|娘|父亲|母亲|爸|妈|爷爷|奶奶|媳妇|老伴|对象|丈夫|儿子|闺女|女儿|弟弟?"
    r"|妹妹?|哥们?|姐|叔|婶)|同村的?|组里的?|工友|[农渔]户|渔民"
    r"|残疾人|老人|核查|核实|复核|随访|姓名|名字|名叫|大名|我叫|俺叫|叫|我是|俺是|就是|走访|回访|家访|入户|看望"
    r"|慰问|探望|探视|拜访|抽查|对象|[测困贫保般残缘]户|享受政策户|[村居农]民"
    r"|群众|住户|老党员|老军人|烈属|军属"
    r"|[一头首末]户|邻居|邻家|对门|对过|隔壁|[前后东西左右]院|[东西南北前后左右]邻|患者|病人|学生|家长"
    r"|[申反来联请映电系被投举诉报][请映电系诉报]人|[报诉]的是|留守老人|独居老人|孤寡老人"
    r"|帮扶户|联系户|包的户|组的|庄的|村的|队的)"
    r"(?:[:：是为叫家的\s]{0,3})$"
)
_LEFT_MEDIUM = re.compile(
    r"(?:去|到|上|找|给|替|帮|帮着|跟|和|与|同|[、,，/]|把|问|看|访|接|陪|送|的|陪着|领着|了|过|趟|见|见到|碰到"
    r"|碰见|关于|有个|家住|户|号|组|头|庄|村|记录|报|是|连|劝"
    r"|请|属于|讲|说|听说|得知|第一个)\s?$"
)
_LEFT_EDGE = re.compile(r"(?:^|[^一-鿿A-Za-z0-9])$")
_RIGHT_STRONG = re.compile(
    r"家(?![庄村长])|那(?:[里边儿户条个家件]|$|[，。,、\s])|这?户|他?[的]?(?:男人|媳妇|老伴|丈夫|爱人|女婿|儿媳)"
    r"|[他她]|大[爷娘叔婶伯妈哥姐嫂]|奶奶|爷爷|老[人汉太头]"
    r"|两口|夫[妻妇]|父[子女亲]|母[子女亲]|本人|同志|女士|先生|一家|等[一二三四五六七八九十0-9两]"
    r"|[（(,，]?(?:男|女)[，,]|[，,（(]?(?:今年)?[0-9一二三四五六七八九十]{2,3}岁|身份证|电话|手机|因|患|查出"
    r"|确诊|住院|去世|喝了?(?:药|农药|百草枯|酒)|摔"
    r"|的?低保|的?残[疾补]|的?(?:危|房|申请|档案|材料|临时|救助|医|药|学费|诉求|走访|慢病|户口|事|情况|养老"
    r"|高龄)|反映|申请|自述|情况|病|瘫|死|走了|没了|出院|失|上访|独居|独自|自己|一个人"
)
_RIGHT_MEDIUM = re.compile(r"$|[^一-鿿A-Za-z0-9]"
    r"|[的说在和跟与是叫想要家也还就又去来那把被给不没有欠差缺让托时护透]|近来|近期|近日|来电|今年|昨天|夜来|今天"
    r"|上[周月个]|刚|已|正|目前|现在|因为|需要|身体|最近|这[会两几]|老是|一直|一切|情绪|精神|生活")  # fmt: skip
_RIGHT_HOME = re.compile(r"家(?![庄村长])|户(?!口)")
_OFFICE = re.compile(r"(?:书记|主任|会计|出纳|[镇乡区县市局院所站队组科校村厂]长|网格员|网格长|干部|医生|大夫"
    r"|护士|老师|民警|警官|委员|专员|经理|老板|律师|支书|文书|队员"
    r"|联络员|指导员|科员|[第]一书记|治保|保管|电工|副[^，。]{0,3}长)")  # fmt: skip
_OFFICE_LEFT = re.compile(_OFFICE.pattern + r"(?:是|叫|:|：|\s)?$")


@dataclass(frozen=True, slots=True)
class NameAt:
    """A name in a text: positions [start, end); `full` for surname with given name, else 老孙家 or 李大爷."""

    start: int
    end: int
    full: bool


def find_full_names(text: str, taken: frozenset[int], after: frozenset[int]) -> Iterator[NameAt]:
    """Full names in reading order. `after` are positions where a place ends: a name may well follow there."""
    at = 0
    while at < len(text) - 1:
        best: tuple[int, int] | None = None
        for surname, length in ((2, 4), (2, 3), (1, 3), (1, 2)):
            end = at + length
            if end > len(text) or not _is_surname(text[at : at + surname]) or not is_free(taken, at, end):
                continue
            score = _score(text, at, at + surname, end, at in after)
            if score >= (4 if end - at - surname == 2 else 5) and (best is None or score > best[0]):
                best = score, end
        if best is None:
            at += 1
        else:
            if not _OFFICE.match(text, best[1]) and not _OFFICE_LEFT.search(text[max(0, at - 6) : at]):
                yield NameAt(at, best[1], True)
            at = best[1]


def _is_surname(word: str) -> bool:
    return word in COMPOUND or word in SURNAMES


def _score(text: str, start: int, given: int, end: int, after_place: bool) -> int:
    """How much speaks for [start, end) being a name; -9 where it cannot be one."""
    letters = text[given:end]
    if any(letter in NEVER or not "一" <= letter <= "鿿" for letter in letters):
        return -9
    if text[start : start + 2] in WORDS or text[given:end] in GIVEN_WORDS or text[start:end] in FAMOUS:
        return -9
    before = text[max(0, start - 8) : start]
    if before and before[-1] in "老小姓阿" and len(letters) == 1:
        return -9
    left = (
        3 if after_place or _LEFT_STRONG.search(before)
        else 2 if _LEFT_MEDIUM.search(before)
        else 1 if _LEFT_EDGE.search(before)
        else 0
    )  # fmt: skip
    right = (
        3 if len(letters) == 2 and _RIGHT_HOME.match(text, end)
        else 2 if _RIGHT_STRONG.match(text, end)
        else 1 if _RIGHT_MEDIUM.match(text, end)
        else 0
    )  # fmt: skip
    usual = sum((letter in GIVEN) + (letter in TYPICAL) for letter in letters)
    if not right and usual < len(letters):
        return -9
    return left + right + usual - (text[start] in WORDLIKE and given - start == 1)


_KIN = (
    r"[大二三四五六七八老小]?(?:大爷|大娘|大妈|大叔|大婶|大伯|大哥|大姐|大嫂|婶子?|叔|嫂子?|奶奶|爷爷|婆婆|伯伯"
    r"|伯|妗子|老爷子|老先生|老太太|老太|老汉|老头子?|老嬷嬷|老婆子|姥姥"
    r"|姥爷|姨|姑|寡妇|妈妈|哥|姐)"
    r"|老[大二三四五六七八九幺蔫栓歪拐]|某某?|氏"
)
_SURNAME = "[" + "".join(sorted(SURNAMES)) + "]"
_LAO = re.compile(
    rf"(?<![养敬尊偏防变苍衰古])老(?P<surname>{_SURNAME})(?![狗牛花瓜酒钱眼子]|超市|饭店|诊所"
    rf"|商店)(?:家(?![庄村])|头子?|汉|太太?"
    rf"|大[哥爷娘嫂叔]|[大二三四五六七](?=[家，。\s那]))?"
)
_TITLED = re.compile(rf"(?P<surname>{_SURNAME})(?:{_KIN})(?:家(?![庄村里人]))?")
_YOUNG_WIFE = re.compile(rf"小(?P<surname>{_SURNAME})(?:家|媳妇)")
_FAMILY = re.compile(
    rf"(?P<surname>{_SURNAME})家"
    r"(?![庄村楼湾河沟店寨集屯营埠坡岭桥洼峪堂具电用务产禽畜庭族园长属访乡常境教底])"
    r"(?:老太太?|老头|大?小子|娃)?"
)
_NICKNAMES = (
    (_LAO, NOT_LAO),
    (_TITLED, frozenset[str]()),
    (_YOUNG_WIFE, frozenset[str]()),
    (_FAMILY, NOT_FAMILY),
)
# 我和老秦, 工作队老魏: a colleague, not the household.
_COLLEAGUE = re.compile(
    r"(?:[我俺]和|[我俺]跟|[我俺]们?同|同事|工作队[的]?|扶贫办|帮扶队|驻村队|站上|所里|局里|办公室|村委|支部"
    r"|和我|谢谢|感谢|多亏|麻烦|[您你]好|队员|对接人|包村|包片|干部|网格员"
    r"|书记|主任|会计|医生|大夫|老师|师傅|同志|责任人|帮扶的?|联系人)$"
)
_TITLE_AFTER = re.compile(r"书记|主任|会计|所长|站长|局长|镇长|队长|组长|医生|大夫|老师|师傅|律师|警官|干部")


def find_nicknames(text: str, taken: frozenset[int]) -> Iterator[NameAt]:
    """老孙家, 老周, 李大爷, 韩四婶, 郑家: a surname with a word of respect or of the family."""
    used: set[int] = set()
    for pattern, refused in _NICKNAMES:
        for hit in pattern.finditer(text):
            start, end = hit.span()
            before = text[max(0, start - 5) : start]
            place = range(start, end)
            if not is_free(taken, start, end) or not used.isdisjoint(place):
                continue
            if hit["surname"] in refused and not (pattern is _LAO and text[end - 1] in "家头汉"):
                continue
            if pattern in (_TITLED, _FAMILY) and (
                before[-1:] in tuple("老小阿大二三四五六七八九几两姓") or _glued(text, start)
            ):
                continue
            if pattern is not _FAMILY and (_COLLEAGUE.search(before) or _TITLE_AFTER.match(text, end)):
                continue
            used.update(place)
            yield NameAt(start, end, False)


def _glued(text: str, start: int) -> bool:
    """Whether the surname at `start` is the end of an ordinary word (方|成大爷, 人|家, 马|路家)."""
    pair = text[max(0, start - 1) : start + 1]
    return pair in WORDS or pair in ENDINGS or (start > 0 and text[start] in WORDLIKE and pair in GIVEN_WORDS)
