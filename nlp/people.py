"""Household size: 三口人, 全家4口, 一个人过, 家里就俺一个.

The span is the count as typed, without the words before it (家里三口人 gives 三口人), the value the number of
persons (docs/labels.md, Slots). Who is told to be together (娘仨, 两口子, 她一个人在家) counts where no number of the
household stands; one person at work does not (就靠他一个人打零工), nor a mouthful, a well, or another's household.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.numbers import parse
from nlp.reading import PeopleSlot
from nlp.spans import is_free, plain, rank

_NUM = r"(?:[0-9]{1,2}|[一二两三四五六七八九十俩仨]{1,3})"
_HOME = (
    r"(?:[俺我咱他她]?们?(?:一大?家子?|全家|家里头?|家中|家|常住)(?:里|人口|现有|现在|目前|总|共|一共|总共"
    r"|就|只|才|还|有|是|剩|剩下|上下|老小|大小)*)"
)
_READERS = (
    # 三口人, 五口子人: says it all by itself.
    re.compile(rf"(?<![0-9.])(?P<span>(?P<number>{_NUM})(?:来)?口子?人)(?!家的)"),
    re.compile(rf"(?P<span>(?P<number>{_NUM})口(?=之家))"),
    re.compile(rf"(?P<span>一[家户](?P<number>{_NUM})口)(?![人子])"),
    # 四口不对，是五口: nothing but the count.
    re.compile(r"(?:^|(?<=[，。,；;\s是为孙子女]))(?P<span>(?P<number>[2-9]|[二两三四五六七八九])口)(?=$"
        r"|[，。,；;\s]|不对|不是)"),
    # 全家4口: only where the home is named just before, and no 井, 锅 or 猪 follows.
    re.compile(rf"(?:{_HOME}|人口[:：是]?\s?)(?P<span>(?P<number>{_NUM})口子?)(?![人井锅缸猪气水饭棺塘池窑子音])"),
    re.compile(rf"(?:{_HOME}|(?:家庭)?(?:人口数?|人数)[:：是为]?\s?)(?P<span>(?P<number>{_NUM})个?人)"
        r"(?![一二两三四五六七八九十]?[都打干供养挣住在院上])"),
    re.compile(rf"(?:(?:家庭)?(?:人口数?|人数)|(?<![一-鿿])口数?|口数)[:：是为]{{0,2}}\s?"
        rf"(?P<span>(?P<number>{_NUM}))(?![0-9口个人.]|[年月日岁元])"),
    re.compile(r"(?P<span>(?P<number>[俩仨])人)(?:过日子|过活|相依为命)"),
    re.compile(r"(?<=[一-鿿])(?P<span>(?P<number>两口子))(?=[，,])"),
    re.compile(rf"(?P<span>(?:一家)?(?P<number>{_NUM})张[嘴口](?!脸)(?<!一张.))"),
    re.compile(rf"家庭人口[^。]{{0,14}}共(?P<span>(?P<number>{_NUM})人)"),
    # 人口栏改六口, 人数有误，五人, 漏报人口，六人: a size put right.
    re.compile(rf"(?:人口|人数)栏?(?:改[成为]?|有误|不对|[写报填]错了?|应[为该]是?)?[，,：:\s]?(?:应?[是为])?"
        rf"(?P<span>(?P<number>{_NUM})(?:口|个?人))(?![一二两三四五六七八九十]?[都打干供养挣住在院上])"),
    re.compile(rf"(?:^|[，。,；;\s])是(?P<span>(?P<number>{_NUM})个人)(?=[，,]?不是(?:[0-9]|[一二两三四五六七八九十])+个)"),
    # 加俺跟老头五个人吃饭, 我们五个人喝的是雨水: who eats and drinks together.
    re.compile(rf"(?<![少多])(?P<span>(?P<number>{_NUM})个人)(?=(?:吃饭|吃喝|过日子|吃的|喝的)(?!店|馆))"),
    # 共三口, 一共六口, 算上俺婆婆六口, 我家算三口, 爸妈加我闺女三口, 三口全失业.
    re.compile(rf"(?:[一总]?共|算上[^，。,]{{1,6}}|[家人]算|加(?:我|俺)?[^，。,0-9]{{1,4}}|户口上是|漏写[，,]?共?)[…\s]*(?P<span>(?P<number>{_NUM})(?:口|个人))(?![人井锅缸猪气水棺塘池窑子音])"),
    re.compile(r"(?<![一-鿿0-9])(?P<span>(?P<number>[2-9]|[二两三四五六七八九])口)(?=[全都…])"),
    # 邵桂荣户，2人，; 纪家，3人，; 泉头村 周大嫂家 3人 11月14日; 3人户; 该户四人; 户籍6人; 共同生活5人.
    re.compile(rf"(?:[户家][，,\s]|[一-鿿]{{2}}[，,]|[该本此]户|户籍(?:人口)?|户内|户口|共同生活|(?:^|[0-9一-鿿])\s[一-鿿]{{2,3}}\s|在册)(?P<span>(?P<number>{_NUM})人)(?=$|[，,。；;\s户]|[^一-鿿])"),
    re.compile(rf"(?:家庭)?人口(?:字段|补正|补|更正)(?:[应为:：]|改为?)*(?P<span>(?P<number>{_NUM})(?:人|口))"),
    re.compile(rf"[他她我俺咱]们?家(?P<span>(?P<number>{_NUM})个人)(?=[，,。]|$)"),
    # 家里就俺老两口: a couple counts where it is said to be all there is.
    re.compile(r"(?:家里?|屋里)?(?:就|只|只有|就剩|光剩|就是)[俺我咱]?们?(?P<span>(?P<number>老两口|两口子|老俩"
        r"|俩人|俺?娘俩|爷俩))(?:过|在家|相依|$"
    r"|[，。,\s])"),
)  # fmt: skip
_ALONE = (
    re.compile(r"(?P<span>(?:自己|自个儿?)?一个人)(?:单?过(?!来|去|年|一|节|河|马路)|生活|过日子|单?住(?!院)"
        r"|守着|独居|一户|一家)"),
    re.compile(r"(?:家里?|屋里|全家)(?:现在)?(?:就|只|只有|就剩|光剩|只剩|就是)(?P<span>[俺我他她](?:自己"
        r"|自个儿?)?一个(?:人|老头子?|老嬷嬷|老婆子"
    r"|老人)?)(?!月|钟|礼拜|星期|打|挣|干|能)"),
    re.compile(r"(?:全家|家里|家)(?:就|只|只有|就剩|光剩)(?P<span>一个人|(?:俺|我|他|她)(?:自己"
        r"|自个儿?))(?![都也打挣干能一])"),
    re.compile(r"(?<!靠[他她俺我])(?<=[头老她他娘爹妈爸奶爷])(?P<span>一个人)(?=[，。,；;]|$|在家)"),
    re.compile(r"(?:^|[，。,；;\s])(?P<span>一人)住"),
    re.compile(r"(?<=[，,])(?P<span>一个人)(?=[，,](?:往后|没|无|家里|孩子|不|又|也))"),
)  # fmt: skip
# Who is together: weaker than a count of the household.
_TOGETHER = (
    re.compile(
        r"(?P<span>(?:(?<![姐哥])[娘爷]|祖孙|母子|母女|父子|父女|婆孙|爷孙)(?P<number>[俩仨]|[二三四]人|两个))(?!的|(?<![俺我咱们]..)都)"
    ),
    re.compile(
        r"(?P<span>(?P<number>老两口|两口子))(?=没地方|没处|挤|过日子|相依|都是|守着|[都也]没|吃|[,，]都?[病残])"
    ),
    re.compile(r"[和跟与](?:老伴|老头子?|老婆子?|孩子|孙[子女]|[俺我]?[娘爹妈爸])(?P<span>(?P<number>[俩两]个?人))"),
    re.compile(
        r"(?<![靠让叫是])(?:[他她](?!们)|[我俺](?=一个人(?:在家|守|住|睡|看家))|[大小老]?[伯叔爷奶娘姥婶舅姑姨爹妈])(?P<span>(?P<number>一个人))(?=在(?!外)|躺|守|住|睡|看家|炕|吃饭)"
    ),
    re.compile(r"独居[,，](?P<span>(?P<number>一个人))"),
    re.compile(r"(?<=就)(?P<span>(?P<number>[他她]自个儿?))"),
)
_OTHERS_HOME = re.compile(r"(?:他们|人家|[舅姑姨叔]舅?|会计|书记|主任|支书|村长|干部|婆|亲戚|邻居)家$")
_TWO = {
    "他自个": 1,
    "她自个": 1,
    "他自个儿": 1,
    "她自个儿": 1,
    "一个人": 1,
    "俩": 2,
    "仨": 3,
    "两个": 2,
    "二人": 2,
    "三人": 3,
    "四人": 4,
    "俩个人": 2,
    "两个人": 2,
    "老两口": 2,
    "两口子": 2,
    "老俩": 2,
    "俩人": 2,
    "娘俩": 2,
    "俺娘俩": 2,
    "爷俩": 2,
}
_ANSWER = re.compile(
    rf"\s*(?:一共|总共|全家|家里|就|有|共|俺家|俺们?|我们?|咱)*\s*(?P<span>(?P<number>{_NUM})(?:个|口"
    rf"|位)?人?)\s*[。.!！吧呢了啊]?\s*"
)
_ANSWER_ALONE = re.compile(r"\s*(?P<span>(?:就)?(?:俺|我)?(?:自己|自个儿?|一个人|一个|独一个))\s*[。.!！吧呢了啊]?\s*")
# Without any of these nothing here can fit: most messages end there.
_HINT = re.compile(r"[口嘴俩仨]|[0-9一二两三四五六七八九十]\s?个?人|[一两]个|自己|自个|老两|人数|人口")
_MOST = 30  # a household with more is a slip of the finger


@dataclass(frozen=True, slots=True)
class PeopleAt:
    """A household size and where it stands: positions [start, end) of its span."""

    start: int
    end: int
    slot: PeopleSlot


def find_people(text: str, taken: frozenset[int] = frozenset(), asked: bool = False) -> tuple[PeopleAt, ...]:
    """All household sizes, the best first: the new value of a correction, then in reading order.

    With `asked` the bot's last question was the size, so a bare answer counts too (三个, 5, 就俺自己).
    """
    flat = plain(text)
    found: dict[int, PeopleAt] = {}
    if not asked and _HINT.search(flat) is None:
        return ()

    def add(hit: re.Match[str], value: int) -> None:
        start, end = hit.span("span")
        if _OTHERS_HOME.search(flat, max(0, start - 4), start) or flat.startswith("没来", end):
            return
        if 1 <= value <= _MOST and start not in found and is_free(taken, start, end):
            found[start] = PeopleAt(start, end, PeopleSlot(text[start:end], value))

    if asked and len(flat) <= 20:
        if (hit := _ANSWER_ALONE.fullmatch(flat)) is not None:
            add(hit, 1)
        elif (hit := _ANSWER.fullmatch(flat)) is not None:
            add(hit, _number(hit["number"]))
    for pattern in _READERS:
        for hit in pattern.finditer(flat):
            add(hit, _number(hit["number"]))
    for pattern in _ALONE:
        for hit in pattern.finditer(flat):
            add(hit, 1)
    counted = set(found)
    for pattern in _TOGETHER:
        for hit in pattern.finditer(flat):
            add(hit, _number(hit["number"]))
    return tuple(
        sorted(
            found.values(),
            key=lambda one: (
                rank(flat, one.start),
                one.start not in counted,
                flat.startswith("不对", one.end),
                one.start,
            ),
        )
    )


def _number(words: str) -> int:
    """The count, 0 where the words are none or a range."""
    if words in _TWO:
        return _TWO[words]
    value = parse(words)
    return int(value[0]) if value is not None and value[0] == value[1] else 0
