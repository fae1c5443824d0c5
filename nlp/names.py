"""Full names that no roster holds: 户主：王桂英, 去了牛广才家, 鄢立秋那户.

A full name is a surname with one or two characters, and it counts by what speaks for it: the word before (户主, 叫,
走访, the name of a village), the word behind (家, 那, 男人, a comma) and how usual its characters are in names. Against
it speak words of the dictionary that begin where it begins or reach over its ends (高血压, 了|解信访, 邵玲视|频).
Officers (王书记) are no household names (docs/labels.md, Slots).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.name_words import BOLD, COMPOUND, FAMOUS, GIVEN, GIVEN_WORDS, NEVER, SURNAMES, TYPICAL, WORDLIKE, WORDS
from nlp.segment import frequency_of
from nlp.spans import is_free

_LEFT_STRONG = re.compile(
    r"(?:户主|(?:[我俺他她咱]的?)?(?:爹|娘|父亲|母亲|爸|妈|爷爷|奶奶|媳妇|老伴|对象|丈夫|儿子|闺女|女儿|弟弟?"
    r"|妹妹?|哥们?|姐|叔|婶|大爷|大娘|对门)|同村的?|组里的?|工友|[农渔]户|渔民"
    r"|残疾人|老人|核查|核实|复核|随访|姓名|名字|名叫|大名|我叫|俺叫|叫|我是|俺是|本人|就是|走访|回访|家访|入户|看望"
    r"|慰问|探望|探视|拜访|抽查|对象|[测困贫保般残缘]户|享受政策户|[村居农]民|学生名?|孤儿|[按查]名字查|我班"
    r"|[一-鿿]{0,2}军人"
    r"|群众|住户|老党员|老军人|烈属|军属|社员|工人|村民|组员"
    r"|[一头首末]户|邻居|邻人|邻家|对门|对过|隔壁|[前后东西左右]院|[东西南北前后左右]邻|患者|病人|家长|来访者"
    r"|[申反来联请映电系被投举诉报求][请映电系诉报助访]人|[报诉]的是|留守老人|独居老人|孤寡老人"
    r"|帮扶户|联系户|包的户|组的|庄的|村的|队的|视频里|转办|订正|更正|用字|老人|代催|催下|实为"
    r"|[写打说报填]错[了字，,]{0,3}应?该?是)"
    r"(?:[:：是为叫家的，,\s]{0,3})$"
)
_LEFT_MEDIUM = re.compile(
    r"(?:去|到|上|找|给|替|帮|帮着|跟|和|与|同|[、,，/→：:。；;]|把|问|看|访|接|陪|送|的|陪着|领着|了|过|趟|见|见到"
    r"|碰到"
    r"|碰见|关于|有个|家住|户|号|组|头|庄|村|沟|桥|楼|泉|洼|记录|报|是|连|劝|对|催|转|请|将|代|撤|查|核"
    r"|属于|讲|说|听说|得知|第一个|改成|通话)\s?$"
)
_LEFT_EDGE = re.compile(r"(?:^|[^一-鿿A-Za-z0-9])$")
_RIGHT_STRONG = re.compile(
    r"家(?![庄村长])|那(?:[里边儿户条个家件]|$|[，。,、\s])|这?户|一[户案]|他?[的]?(?:男人|媳妇|老伴|丈夫|爱人|女婿"
    r"|儿媳)"
    r"|[他她]|大[爷娘叔婶伯妈哥姐嫂]|奶奶|爷爷|老[人汉太头]|之[子女妻夫母父]|[闺儿][女子]|家属|当面|手上"
    r"|两口|夫[妻妇]|父[子女亲]|母[子女亲]|本人|同志|女士|先生|一家|等[一二三四五六七八九十0-9两]"
    r"|[（(,，]?(?:男|女)[，,]|[，,（(]?(?:今年)?[0-9一二三四五六七八九十]{2,3}岁|[（(]本人|身份证|电话|手机|因|患|查出"
    r"|确诊|住院|去世|喝了?(?:药|农药|百草枯|酒)|摔|重度|[件]补充|件|重病|卧床|养殖|进展"
    r"|的?低保|的?残[疾补]|的?(?:危|房|申请|档案|材料|临时|救助|医|药|学费|诉求|走访|慢病|户口|事|情况|养老|水表|门"
    r"|棚|羊"
    r"|高龄)|反映|申请|自述|情况|病|瘫|死|走了|没了|出院|失|上访|独居|独自|自己|一个人|✓|√|上月|本月|视频|转院|脉|返校|复诊|老鬼"
)
_RIGHT_MEDIUM = re.compile(r"$|[^一-鿿A-Za-z0-9]"
    r"|[的说在和跟与是叫想要家也还就又去来那把被给不没有欠差缺让托时护透自对从将托写报捎实送量打接办领买洗砍收割视听手腿脚眼腰头肝肺心胃血尿哭]|近来|近期|近日|来电|今年|昨天|夜来|今天"
    r"|上[周月个]|刚|已|正|目前|现在|因为|需要|身体|最近|这[会两几]|老是|一直|一切|情绪|精神|生活|门诊|小产|收拾|话"
    r"|揭不开")  # fmt: skip
_RIGHT_HOME = re.compile(r"家(?![庄村长])|户(?!口)")
_OFFICE = re.compile(r"(?:书记|主任|会计|出纳|[镇乡区县市局院所站队组科校村厂]长|网格员|网格长|干部|医生|大夫"
    r"|护士|老师|民警|警官|委员|专员|经理|老板|律师|支书|文书|队员"
    r"|联络员|指导员|科员|[第]一书记|治保|保管|电工|副[^，。,]{0,3}长)")  # fmt: skip
_OFFICE_LEFT = re.compile(_OFFICE.pattern + r"(?:是|叫|:|：|\s)?$")
_TAKES_OVER = re.compile(r"(?:新来的|改派给|转给|派给|挪给)$")
_NOT_OFFICE_LEFT = re.compile(r"(?:老板|经理)(?:叫|是)$|老师说$")
_QUOTED = re.compile(r"《[^》]{0,12}$")
_BEGINS = SURNAMES | {surname[0] for surname in COMPOUND}
_OFTEN = 60  # a word of the dictionary met as often as this speaks against a name that cuts through it


@dataclass(frozen=True, slots=True)
class NameAt:
    """A name in a text: positions [start, end); `full` for surname with given name, else 老孙家 or 李大爷.

    `weak` where only little speaks for it: any other name of the message goes before it.
    """

    start: int
    end: int
    full: bool
    weak: bool = False


def find_full_names(text: str, taken: frozenset[int], after: frozenset[int]) -> Iterator[NameAt]:
    """Full names in reading order. `after` are positions where a place ends: a name may well follow there."""
    at = 0
    while at < len(text) - 1:
        if text[at] not in _BEGINS:
            at += 1
            continue
        best: tuple[float, int] | None = None
        for surname, length in ((2, 4), (2, 3), (1, 3), (1, 2)):
            end = at + length
            if end > len(text) or not is_surname(text[at : at + surname]) or not is_free(taken, at, end):
                continue
            score = _score(text, at, at + surname, end, at in after)
            fewest = 4 if end - at - surname == 2 else 3 if surname == 2 else 5
            if score >= fewest and (best is None or score > best[0]):
                best = score, end
        if best is None:
            at += 1
        else:
            if not is_officer(text, at, best[1]):
                yield NameAt(at, best[1], True)
            at = best[1]


def is_surname(word: str) -> bool:
    """Whether this is a surname of the table."""
    return word in COMPOUND or word in SURNAMES


def is_officer(text: str, start: int, end: int) -> bool:
    """Whether a title stands before or behind the name, or the name is of one who takes over (转给小周)."""
    before = text[max(0, start - 6) : start]
    if _OFFICE.match(text, end) or _TAKES_OVER.search(before):
        return True
    return bool(_OFFICE_LEFT.search(before)) and not _NOT_OFFICE_LEFT.search(before)


def _score(text: str, start: int, given: int, end: int, after_place: bool) -> float:
    """How much speaks for [start, end) being a name; -9 where it cannot be one."""
    letters = text[given:end]
    if any(
        not "一" <= letter <= "鿿" or (letter in NEVER and letter not in BOLD and letter not in TYPICAL)
        for letter in letters
    ):
        return -9
    if text[start : start + 2] in WORDS or letters in GIVEN_WORDS or text[start : start + 3] in FAMOUS:
        return -9
    before = text[max(0, start - 8) : start]
    if _QUOTED.search(before) or (before and before[-1] in "老小姓阿" and len(letters) == 1):
        return -9
    if text[end : end + 1] == "的" and text[end + 1 : end + 2] in (text[start], *letters):
        return -9  # 戚继光的戚: how a character is written
    left = (
        3 if after_place or _LEFT_STRONG.search(before)
        else 2 if _LEFT_MEDIUM.search(before)
        else 1 if _LEFT_EDGE.search(before[-1:])
        else 0
    )  # fmt: skip
    right = (
        3 if (len(letters) == 2 or left > 1) and _RIGHT_HOME.match(text, end)
        else 2 if _RIGHT_STRONG.match(text, end)
        else 1 if _RIGHT_MEDIUM.match(text, end)
        else 0
    )  # fmt: skip
    usual = sum((letter in GIVEN) + (letter in TYPICAL) for letter in letters)
    if not right and usual < len(letters):
        return -9
    wordlike = text[start] in WORDLIKE and given - start == 1
    against = _against(text, start, given, end)
    return left + right + usual - wordlike - (min(against, 2) if right == 3 else against)


def _against(text: str, start: int, given: int, end: int) -> float:
    """What the dictionary says against a name: words that begin where it begins, or reach over its ends."""
    against = 0.0
    first = text[start : given + 1]
    if given - start == 1 and frequency_of(first) >= _OFTEN and text[given] not in TYPICAL:
        against += 3
    elif given - start == 1 and frequency_of(text[start : given + 2]) >= _OFTEN and end == given + 1:
        against += 3  # 高血 of 高血压
    last = text[end - 1 : end + 1]
    cut = len(last) == 2 and frequency_of(last) >= _OFTEN and text[end - 1] not in TYPICAL
    if cut and last[1] not in "家户" and not frequency_of(text[end : end + 2]):
        against += 2
    before = text[start - 1 : start + 1] if start else ""
    if frequency_of(before) >= _OFTEN and text[start - 1] not in "家户那到去":
        against += 3
    return against
