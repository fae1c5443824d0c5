"""Villages and towns in a message, found on the raw text and settled by what is known.

Built once for a gazetteer. Village names repeat (153 of them in one city alone), so a name is settled by the town
written with it, then by the sender's own village and town, else every place of that name is given. A bare name
without 村 (马楼, 贾泉) counts only where it cannot be the inside of another word. A village that the gazetteer does
not know is given as written (docs/labels.md, Slots).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import ahocorasick

from nlp.gazetteer import Context, Place
from nlp.name_words import COMMON_PLACES, SURNAMES
from nlp.reading import Match
from nlp.spans import Span, is_free, plain, rank

_VILLAGE_END = re.compile(r"(?:村?村民委员会|村?居民委员会|村?村委会|村?居委会|社区|村|居)$")
_VILLAGE_ENDS = ("村", "村委会", "村委", "村民委员会", "社区", "居", "居委会", "居委", "村居")
_TOWN_END = re.compile(r"(?:街道办事处|街道办|街道|镇|乡)$")
_TOWN_ENDS = ("镇", "乡", "街道", "街道办", "街道办事处", "镇政府")
_PLACE_ENDS = "庄楼泉村寨山河集沟湖桥店埠城湾园屯营堡坡岭崖口洼头庙寺闸林窑坊铺圈墩坞台桥峪峨涧"
# 大徐庄 is another village than 徐庄.
_LONGER_BEFORE = re.compile(r"[大小东西南北前后中新][东西南北]?$")
_LONGER_AFTER = re.compile(r"[镇乡路街桥]|[东西南北前后中](?:村|庄)|子村|小区|大街|水库|煤矿")
_ALONE_BEFORE = re.compile(r"(?:^|[^一-鿿]|[去到在是从回住往给俺咱把和、镇的址区县市这那跟到由转请])$")
_ALONE_AFTER = re.compile(r"$|[^一-鿿]|[那的这有没去]|村|书记|主任|会计")
_UNKNOWN = re.compile(r"(?=(?P<tail>村(?!村)|庄(?![村子稼家户园重严稳田])|社区))")
_UNKNOWN_TOWN = re.compile(r"(?=(?P<tail>镇(?![定静痛压子长])))")
_HAN_BEFORE = re.compile(r"[一-鿿]{1,5}$")
_SURNAMES = "".join(sorted(SURNAMES))
# What an unknown village is called: 徐庄, 大徐庄, 王家庄, 上楼村, 石门东村; the word before it must end there.
_VILLAGE_NAME = re.compile(
    rf"(?P<before>^|.*[去到在从往是为住回叫把的了、访区县市镇乡]|走访|我们?|俺们?)"
    rf"(?P<name>[大小东西南北前后上下中新老]?[{_SURNAMES}]家?|[一-鿿]{{1,2}}[{_PLACE_ENDS}][东西南北前后上下]?)$"
)
_PLAIN_VILLAGE = re.compile(r"(?:^|.*[去到在从往住回叫访区县市镇乡])(?P<name>[一-鿿]{2,3})$")
_GENERIC_AFTER = re.compile(r"[里干医民委部口集主会卫规建文书头东西南北中内上支两妇社]|小学|[组级]长?")
_TOWN_NAME = re.compile(r"(?:^|.*[去到在住区县市])(?P<name>[一-鿿]{2})$")
_GENERIC_TOWN_AFTER = re.compile(r"[上里残政府卫民领干级区街医中]")
_NO_NAME = re.compile(
    r".*[这那哪俺我咱恁您们回下任写是有向用]"
    r"|.*[这那哪每各个几多两全本外同整邻农某该所的了不没问替由据称说按群众谁]|行政|自然|贫困|示范|城中|度假|美丽"
    r"|移民|旅游|先进|文明|重点|薄弱"
    r"|搬迁|试点|中心|周边|周围|附近|下面|乡|山|新|老|旧|帮扶|脱贫|有的|一些|[一二三四五六七八九十百千两几]|城"
    r"|集|重|市|小|古|包|驻|.*枣|.*台儿|.*石家|半拉|.*[儿天]黑|关于"
    r"|由于|对于|.*[天日]"
)

Kind = Literal["village", "town"]


@dataclass(frozen=True, slots=True)
class PlaceAt:
    """A place in a text: positions [start, end), its name (the gazetteer's, else as written), and its entries."""

    start: int
    end: int
    kind: Kind
    name: str
    match: Match | None  # None where the gazetteer does not know it

    @property
    def span(self) -> Span:
        """The positions as a span."""
        return Span(self.start, self.end, self.kind)


@dataclass(frozen=True, slots=True)
class _Surface:
    """One way to write a place: the places that are written so, and whether it lacks 村 or 镇."""

    codes: tuple[str, ...]
    bare: bool
    length: int


class Places:
    """Finds the places of one gazetteer in texts."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = {place.code: place for place in places}
        self._automaton = ahocorasick.Automaton()
        surfaces: dict[str, _Surface] = {}
        for place in self._places.values():
            for written, bare in _ways(place):
                known = surfaces.get(written)
                codes = (*(known.codes if known else ()), place.code)
                # Where it is the full name of one place, that one alone is meant; short forms of others yield.
                if known is not None and known.bare != bare:
                    codes = known.codes if bare else (place.code,)
                both = bare and (known is None or known.bare)
                surfaces[written] = _Surface(tuple(dict.fromkeys(codes)), both, len(written))
        for written, surface in surfaces.items():
            self._automaton.add_word(written, surface)
        self._any = bool(surfaces)
        if self._any:
            self._automaton.make_automaton()

    def town_of(self, code: str) -> str | None:
        """The code of a village's town; a town is its own; None for codes that are not here."""
        place = self._places.get(code)
        return None if place is None else place.town or place.code

    def find(self, text: str, context: Context, taken: frozenset[int] = frozenset()) -> tuple[PlaceAt, ...]:
        """Every village and town of the text in reading order, but for old values of corrections, which come last."""
        flat = plain(text)
        known = list(self._known(flat, taken))
        towns = [(start, end, surface) for start, end, surface in known if self._is_town(surface)]
        found = []
        for start, end, surface in known:
            if self._is_town(surface):
                codes = self._nearest(surface.codes, context.areas)
                kind: Kind = "town"
            else:
                codes = self._settle(flat, start, surface.codes, towns, context)
                kind = "village"
            name = self._places[codes[0]].name
            found.append(PlaceAt(start, end, kind, name, Match(text[start:end], codes, True)))
        covered = taken | {place for one in found for place in range(one.start, one.end)}
        found.extend(_unknown(flat, text, covered))
        return tuple(sorted(found, key=lambda one: (rank(flat, one.start) == 2, one.start)))

    def _known(self, text: str, taken: frozenset[int]) -> Iterable[tuple[int, int, _Surface]]:
        """Places of the gazetteer: longest first, not inside another word."""
        if not self._any:
            return
        for last, surface in self._automaton.iter_long(text):
            end = last + 1
            start = end - surface.length
            if is_free(taken, start, end) and _stands_alone(text, start, end, surface.bare, self._is_town(surface)):
                yield start, end, surface

    def _is_town(self, surface: _Surface) -> bool:
        return self._places[surface.codes[0]].town is None

    def _settle(
        self,
        text: str,
        start: int,
        codes: tuple[str, ...],
        towns: list[tuple[int, int, _Surface]],
        context: Context,
    ) -> tuple[str, ...]:
        """The villages that a name means here: by the town just before it, by any town named, by the sender's areas."""
        if len(codes) == 1:
            return codes
        beside = [surface for _, end, surface in towns if 0 <= start - end <= 2 and "。" not in text[end:start]]
        for surfaces in (beside, [surface for _, _, surface in towns]):
            named = {code for surface in surfaces for code in surface.codes}
            fitting = tuple(code for code in codes if self._places[code].town in named)
            if fitting:
                return self._nearest(fitting, context.areas)
        return self._nearest(codes, context.areas)

    def _nearest(self, codes: tuple[str, ...], areas: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the codes that lie nearest to the sender; all of them where none is near."""
        for area in areas:
            if area in codes:
                return (area,)
            fitting = tuple(code for code in codes if self._places[code].town == area)
            if fitting:
                return fitting
        return codes


def _ways(place: Place) -> Iterable[tuple[str, bool]]:
    """All ways to write a place, each with whether it is bare (without 村 or 镇)."""
    ending, ends = (_TOWN_END, _TOWN_ENDS) if place.town is None else (_VILLAGE_END, _VILLAGE_ENDS)
    for name in (place.name, *place.aliases):
        flat = plain(name.strip())
        if len(flat) < 2:
            continue
        base = ending.sub("", flat)
        yield flat, base == flat
        if len(base) >= 2:
            yield base, True
            yield from ((base + end, False) for end in ends)
            if place.town is not None and base[-1] not in _PLACE_ENDS:
                yield base + "庄", False


def _stands_alone(text: str, start: int, end: int, bare: bool, town: bool) -> bool:
    """Whether a name at [start, end) is not the inside of a longer one."""
    longer = text[start] not in "大小东西南北前后中新" and _LONGER_BEFORE.search(text, max(0, start - 2), start)
    if longer and not re.search(r"[村路镇河头以]$", text[max(0, start - 2) : start - 1]):
        return False  # 到东徐庄: another village; 村东徐庄 and 路西徐庄 say only where it lies
    if not bare:
        return True
    if _LONGER_AFTER.match(text, end) or text[start:end] in COMMON_PLACES:
        return False
    beside = bool(_ALONE_BEFORE.search(text[max(0, start - 1) : start]))
    if town or end - start > 2:
        return beside or (not town and text[end - 1] in _PLACE_ENDS)
    if text[end - 1] in _PLACE_ENDS:
        return True
    return beside and bool(_ALONE_AFTER.match(text, end))


def _unknown(flat: str, text: str, covered: frozenset[int]) -> Iterable[PlaceAt]:
    """Village-like and town-like words that the gazetteer does not know, as written."""
    for kind, pattern in _UNKNOWN_KINDS:
        for hit in pattern.finditer(flat):
            end = hit.end("tail")
            before = _HAN_BEFORE.search(flat[max(0, hit.start() - 5) : hit.start()])
            if before is None or not is_free(covered, hit.start(), end):
                continue
            name = _unknown_name(kind, before[0], bool(_after(kind).match(flat, end)))
            start = hit.start() - len(name)
            if name and not _NO_NAME.fullmatch(name) and is_free(covered, start, end):
                yield PlaceAt(start, end, kind, text[start:end], None)


_UNKNOWN_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (("village", _UNKNOWN), ("town", _UNKNOWN_TOWN))


def _after(kind: Kind) -> re.Pattern[str]:
    """What follows 村 or 镇 where no certain one is meant (村里, 镇上)."""
    return _GENERIC_TOWN_AFTER if kind == "town" else _GENERIC_AFTER


def _unknown_name(kind: Kind, before: str, generic: bool) -> str:
    """The name that ends the Han letters before 村 or 镇; empty where there is none."""
    if kind == "town":
        hit = None if generic else _TOWN_NAME.match(before)
    else:
        hit = _VILLAGE_NAME.match(before) or (None if generic else _PLAIN_VILLAGE.match(before))
    return hit["name"] if hit is not None else ""
