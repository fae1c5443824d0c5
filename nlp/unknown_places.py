"""Villages and towns that no gazetteer knows, as written (册外的村镇): 去了王家庄, 坡前村停水, 滕州东沙河镇.

A name ends before 村, 庄, 社区, 镇 or 街道 and begins behind the last character that no such name holds (我把|坡前村,
感谢驻|村). A village beyond the county is kept as said; nobody guesses which one it is (docs/labels.md, Slots).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from nlp.name_words import SURNAMES
from nlp.segment import frequency_of
from nlp.spans import is_free

PLACE_ENDS = "庄楼泉村寨山河集沟湖桥店埠城湾园屯营堡坡岭崖口洼头庙寺闸林窑坊铺圈墩坞台桥峪峨涧"
Kind = Literal["village", "town"]

_UNKNOWN = re.compile(r"(?=(?P<tail>(?<!村)村(?!村(?![两支民委干书里]))|庄(?![村子稼家户园重严稳田]|大道)|社区))")
_UNKNOWN_TOWN = re.compile(r"(?=(?P<tail>镇(?![定静痛压子长])|街道(?![上边两办])))")
_HAN_BEFORE = re.compile(r"[一-鿿]{1,6}\Z")
_SURNAMES = "".join(sorted(SURNAMES))
# What an unknown village is called: 徐庄, 大徐庄, 王家庄, 上楼村, 石门东村.
_VILLAGE_NAME = re.compile(
    rf"(?:[大小东西南北前后上下中新老]{{0,2}}[{_SURNAMES}]家?[洼沟埠坡]?|[一-鿿]{{1,2}}[{PLACE_ENDS}][东西南北前后上下]?)$"
)
_GENERIC_AFTER = re.compile(r"[里容干医民委部口集主会卫规建文书头东西南北中内上支两妇社监长产名]|小学|[组级]长?|振兴")
_GENERIC_TOWN_AFTER = re.compile(r"[上里残政府卫民领干级区街医中纪还]")
# Characters that no name of a village holds: where one stands, the name begins behind it.
_NO_NAME_LETTER = re.compile(
    r".*[我俺咱你您恁他她它们这那哪某各每任的了着过把被给让叫称将从在到去往向对跟和与同或是有没不也都就还又再说问看望按规原为作做陪代谢"
    r"感多搬进出来回住益包驻帮扶管找据由于关所本全整个几两邻外乡镇城农行自然旅游区县市访查检组户写报日用记替领导现其系名人者乃隔壁错告信未申诉众谁核催至午趟听改辆间飞呀啊讲抽赴址]"
)
# What else may stand before a name.
_LEAD = re.compile(r"^(?:.*(?:复核|打成|写成|谨陈|反映|一下|拉拉|上午|下午|今天|昨天|今早)|手机|言(?=..)|一刮风)")
_NO_NAME = re.compile(
    r".*[天日黑]|贫困|示范|度假|美丽|移民|先进|文明|重点|薄弱|搬迁|试点|中心|周边|周围|附近|下面|山|新|老|旧|脱贫|一些"
    r"|[一二三四五六七八九十百千万]+|.*[满别离].*|.*边|圈里|低保|金|集|重|小|古|钱|兄弟|.*枣|.*台儿|.*石家|半拉|.*大学生|智慧|和谐|空心|民族|红色"
)

# A settlement that is named without 村: 杨家峪, 沙沟崖, 胡寨, 前屯, by a character that hardly ever ends another word.
_SETTLEMENT = re.compile(
    rf"(?:(?<![一-鿿])|(?<=[去到在是回住往至从的称来访户查走赴]))(?P<name>[一-鿿]家[洼峪崖寨屯庵崮埠疃圩沟岭铺]|[一-鿿]{{2}}[峪崖崮疃圩]|(?<=[去到赴])[一-鿿]{{2}}[岭窑沟](?=[{_SURNAMES}，,那的查])"
    rf"|[东西南北前后上下大小{_SURNAMES}][寨屯峪崖崮庵疃圩洼])(?![地子家户口])"
)
# Behind 村 these say who is meant there, not which village: 村民, 村干部.
_PEOPLE_AFTER = re.compile(r"[民干]")
_BOUND = re.compile(r"[^一-鿿]|[在到去往住归接至查]")
_ACTS = frozenset("走赠请放服费钱药表租遍件点半变款收领说")  # no name of two or three characters before 村里 has them
_SPECIAL = re.compile(r"(?:[东西南北]关|[柳杏桃杨槐枣李梨桑榆柿松]行|[坡沟岭湾崖]里|沙窝)$")
_MET = 300  # a word of the dictionary met as often is no village's name before 村里 or 村书记

# 3组, 二组: the group of a village; 8号楼 and 5号井 are house and well numbers.
_GROUP = re.compile(
    r"(?<![0-9一二三四五六七八九十第])(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:组(?![织长建成员合])|号[楼井院棚线机]|队(?=[的，,。\s]|$))"
)


def find_groups(text: str) -> Iterable[tuple[int, int]]:
    """Where a group, a house or a well is named by number (3组, 8号楼, 5号井): no date and no sum stands there."""
    return (hit.span() for hit in _GROUP.finditer(text))


def find_unknown(text: str, covered: frozenset[int]) -> Iterable[tuple[int, int, Kind]]:
    """Village-like and town-like words in plain text that lie outside `covered`: positions and kind."""
    for kind, pattern, after in _KINDS:
        for hit in pattern.finditer(text):
            end = hit.end("tail")
            before = _HAN_BEFORE.search(text[max(0, hit.start() - 6) : hit.start()])
            if before is None or not is_free(covered, hit.start(), end):
                continue
            generic, people = bool(after.match(text, end)), bool(_PEOPLE_AFTER.match(text, end))
            name = _name(kind, before[0], generic=generic, people=people, bounded=False)
            if not name and generic and not people:
                name = _name(kind, before[0], generic=True, people=False, bounded=True)
                at = hit.start() - len(name)
                name = name if _BOUND.search(text, max(0, at - 1), at) or at == 0 else ""
            start = hit.start() - len(name)
            if name and not _NO_NAME.fullmatch(name) and is_free(covered, start, end):
                yield start, end, kind
    for hit in _SETTLEMENT.finditer(text):
        name = hit["name"]
        a_word = _NO_NAME_LETTER.match(name) or frequency_of(name) or text[hit.end() : hit.end() + 1] in _ENDS
        if not a_word and is_free(covered, *hit.span()):
            yield *hit.span(), "village"


_ENDS = frozenset("村庄社镇街")
_KINDS: tuple[tuple[Kind, re.Pattern[str], re.Pattern[str]], ...] = (
    ("village", _UNKNOWN, _GENERIC_AFTER),
    ("town", _UNKNOWN_TOWN, _GENERIC_TOWN_AFTER),
)


def _name(kind: Kind, before: str, *, generic: bool, people: bool, bounded: bool) -> str:
    """The name that ends the Han letters before 村 or 镇; empty where there is none.

    `generic`: 村里, 镇上, 村书记 follow, so that only what no dictionary knows is a name, and only where a clause
    begins or one goes there (`bounded`); `people`: 村民, 村干部.
    """
    if (special := _SPECIAL.search(before)) is not None and kind == "village":
        return special[0]
    stop = _NO_NAME_LETTER.match(before)
    name = _LEAD.sub("", before[stop.end() :] if stop else before)
    if kind == "town":
        name = re.sub(r"^.*[州庄](?=..)", "", name)  # 滕州东沙河镇, 台儿庄涧头集镇
        return name if not generic and 2 <= len(name) <= 3 else ""
    shaped = _VILLAGE_NAME.search(name)
    if shaped is not None and (len(shaped[0]) == len(name) or len(name) > 4):
        return shaped[0]
    if generic:
        fresh = 2 <= len(name) <= 3 and frequency_of(name) < _MET and _ACTS.isdisjoint(name)
        return name if bounded and fresh and not people else ""
    return name if 2 <= len(name) <= 4 else ""
