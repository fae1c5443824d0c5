"""How people call a household without its full name: 老孙家, 李大爷, 韩四婶, 郑家, 小马, 瞎老四, 满仓叔, 二妮, 姓逯的.

A surname with a word of respect or of the family is a household's name anywhere; a given name or a by-name alone only
where something speaks for it, and it is weak: any other name of the message goes before it. Kin of the sender (俺三叔)
and colleagues (工作队老魏, 管市场的老苗) are none (docs/labels.md, Slots).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.name_words import (
    COMPOUND,
    ENDINGS,
    GIVEN,
    GIVEN_WORDS,
    NOT_FAMILY,
    NOT_LAO,
    NOT_XIAO,
    SURNAMES,
    TYPICAL,
    WORDLIKE,
    WORDS,
)
from nlp.names import NameAt
from nlp.segment import frequency_of
from nlp.spans import is_free

_KIN = (
    r"[大二三四五六七八老小]?(?:大爷|大娘|大妈|大叔|大婶|大伯|大哥|大姐|大嫂|婶子?|叔|嫂子?|奶奶|爷爷|婆婆|伯伯"
    r"|伯|妗子|[二三四五六]爷|[二三四五六]先生|麻子|大脚|大个子|老爷子|老爹|老先生|老太太|老太|老汉|老头子?|老嬷嬷|老嫲嫲|嫲嫲|老婆子|姥姥"
    r"|姥爷|姨|姑|寡妇|妈妈|哥|姐|瞎子|瞎公|聋子|哑巴|拐子|瘸子|老师(?=退休|嗓门|那|家|说|，他|$))"
    r"|老[大二三四五六七八九幺蔫栓歪拐]|[二三四五六七八九](?:妮|丫|孬|娘|蛋|狗|柱|旺|孩|妞)|某某?|氏"
)
_SURNAME = "(?:" + "|".join(sorted(COMPOUND)) + "|[" + "".join(sorted(SURNAMES)) + "])"
_LAO = re.compile(
    rf"(?<![养敬尊偏防变苍衰古])老(?P<surname>{_SURNAME})(?![狗牛花瓜酒钱眼子员]|超市|饭店|诊所"
    rf"|商店)(?:家(?![庄村长])(?:媳妇|闺女)?|头子?|汉|太太?"
    rf"|大[哥爷娘嫂叔]|伯伯|奶奶|叔|[大二三四五六七](?=[家，。\s那,]))?"
)
_TITLED = re.compile(rf"(?P<surname>{_SURNAME})(?:{_KIN})")
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
# 我和老秦, 工作队老魏, 管市场的老苗: a colleague or somebody in service, not the household.
_COLLEAGUE = re.compile(
    r"(?:[我俺]和|[我俺]跟|[我俺]们?同|同事|工作队[的]?|扶贫办|帮扶队|驻村队|站上|所里|局里|办公室|村委|支部"
    r"|和我|谢谢|感谢|多亏|麻烦|[您你]好|队员|对接人|包村|包片|干部|网格员|改派给|转给|派给|新来的"
    r"|书记|主任|会计|医生|大夫|老师|师傅|同志|责任人|帮扶的?|联系人"
    r"|(?:[站所办局院社队部政]|驻村|包村|管[^，。,]{1,4}|民政)的)$"
)
_TITLE_AFTER = re.compile(r"书记|主任|会计|[所站局镇队组科]长|医生|大夫|师傅|律师|警官|干部|同志")
_TEACHER_BEFORE = re.compile(r"(?:看|看望|慰问|走访|独居的|退休的|去|到)$")
_THERE = re.compile(r"(?:[村赴到去]|走访|看望|抽查|派的|慰问)$")
_FOR_ME = re.compile(r"[俺我咱他她你恁孩您的]$")

# Weak ones: each pattern with what makes it a name.
_STRONG_RIGHT = (
    r"(?=家(?![庄村长])|那(?!么|样|些)|[她他](?:爹|娘|妈|爸|男人|媳妇|姑|奶|爷|叔|兄弟)|妈|从|胳膊|叫|被|把|摔|没吃|小产|病|不见|"
    r"塞给|跑|说咋|这两天|的门|报|写)"
)
_XIAO = re.compile(rf"(?<![大老两从最多])小(?P<name>[一-鿿]){_STRONG_RIGHT}")
_GIVEN_ONLY = re.compile(
    r"(?P<given>[一-鿿]{2})(?P<kin>叔|婶|嫂|哥|大爷|大娘|奶奶)?(?P<right>家(?![庄村长里])|那(?![个么样些种时天年是就])|[她他](?:男人|爹|娘|妈)|小产|把[^，。,]{1,6}塞)"
)
_BY_NAME = re.compile(
    r"(?<![一二三四五六七八九])[瞎傻瘸聋哑拐憨歪](?:[老小大][大二三四五六七八九]?|[大二三四五六七八九])(?:叔|婶|爷|奶奶|婆|哥|嫂)?(?=[家那炉，。\s还没一,])"
    r"|(?<![装])[瞎傻瘸聋哑拐憨](?:婆|爷|奶奶|叔|公|婶|大爷|大娘)(?=[家那，。\s,])"
    r"|(?<![一-鿿])[二三四五六七八九]奶奶(?=[家她那，,])|(?:^|(?<=[到去看]))[三四五六七八九]奶奶(?=[家她那，,])"
    r"|(?<![一-鿿])[大二三四五](?:妮|丫)(?=[家那跑她的把被，,])"
    r"|(?<=叫)[虎狗柱栓锁铁石牛蛋豆][子娃](?=[，,。])"
)
_COUNTED_SURNAMES = "".join(sorted(SURNAMES - WORDLIKE | frozenset("马石田江")))
_NUMBERED = re.compile(
    rf"(?<![一-鿿])(?P<surname>[{_COUNTED_SURNAMES}])[二三四五六七八九](?=家|那|喝|下来|[他她把]|在家|病)"
)
_ONLY_SURNAME = re.compile(
    rf"(?:(?<=户主)|(?<=有个)|(?<=记得)|(?<=只知道)|(?=姓.的))姓(?P<name>{_SURNAME})(?=的|[，,。\s]|$)"
)
_BOSS = re.compile(r"(?:老板|经理|工头|书记|主任|会计|叫)$")


def find_nicknames(text: str, taken: frozenset[int]) -> Iterator[NameAt]:
    """老孙家, 老周, 李大爷, 韩四婶, 郑家; then the weak ones (小马, 满仓叔, 瞎老四, 姓逯的)."""
    used: set[int] = set()
    for pattern, refused in _NICKNAMES:
        for hit in pattern.finditer(text):
            start, end = hit.span()
            place = range(start, end)
            if not is_free(taken, start, end) or not used.isdisjoint(place):
                continue
            if not _is_called(text, hit, pattern, refused):
                continue
            used.update(place)
            yield NameAt(start, end, False)
    for start, end in _weak(text):
        if is_free(taken, start, end) and used.isdisjoint(range(start, end)):
            used.update(range(start, end))
            yield NameAt(start, end, False, weak=True)


def _is_called(text: str, hit: re.Match[str], pattern: re.Pattern[str], refused: frozenset[str]) -> bool:
    """Whether a surname with a word of respect is a name here."""
    start, end = hit.span()
    before = text[max(0, start - 6) : start]
    sent_there = pattern is _FAMILY and _THERE.search(before)
    if (
        hit["surname"] in refused
        and not sent_there
        and not (text[end - 1] in "家头汉妇女" if pattern is _LAO else text[end - 1] != "家")
    ):
        return False
    if pattern in (_TITLED, _FAMILY) and (
        before[-1:] in tuple("老小阿大二三四五六七八九几两姓") or _glued(text, start)
    ):
        return False
    if hit[0].endswith("老师") and not (_TEACHER_BEFORE.search(before) or hit.end() < len(text)):
        return False
    if pattern is not _FAMILY and (_COLLEAGUE.search(before) or _TITLE_AFTER.match(text, end)):
        return False
    return not (pattern is _TITLED and text[start : start + 2] in WORDS)


def _glued(text: str, start: int) -> bool:
    """Whether the surname at `start` is the end of an ordinary word (方|成大爷, 人|家, 马|路家, 主|任叔)."""
    pair = text[max(0, start - 1) : start + 1]
    if pair in WORDS or pair in ENDINGS or frequency_of(pair) >= 500:
        return start > 0
    return start > 0 and text[start] in WORDLIKE and pair in GIVEN_WORDS


def _weak(text: str) -> Iterator[tuple[int, int]]:
    for hit in _XIAO.finditer(text):
        known = hit["name"] in SURNAMES or hit["name"] in TYPICAL or hit["name"] in GIVEN
        if known and hit["name"] not in NOT_XIAO and not _COLLEAGUE.search(text[max(0, hit.start() - 6) : hit.start()]):
            yield hit.span()
    for hit in _GIVEN_ONLY.finditer(text):
        start, given = hit.start(), hit["given"]
        usual = sum((letter in TYPICAL) * 2 + (letter in GIVEN) for letter in given)
        if (
            usual >= (3 if given[0] != given[1] and not hit["kin"] else 2)
            and not _FOR_ME.search(text[max(0, start - 1) : start])
            and (frequency_of(given) < (100 if hit["kin"] else 20) and not _glued(text, start))
        ):
            yield start, hit.end("kin") if hit["kin"] else hit.end("given")
    for pattern in (_BY_NAME, _NUMBERED):
        for hit in pattern.finditer(text):
            if not _FOR_ME.search(text[max(0, hit.start() - 1) : hit.start()]):
                yield hit.span()
    for hit in _ONLY_SURNAME.finditer(text):
        if not _BOSS.search(text[max(0, hit.start() - 3) : hit.start()]):
            yield hit.span("name")
