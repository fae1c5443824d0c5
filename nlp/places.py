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

import ahocorasick

from nlp.gazetteer import Context, Place
from nlp.name_words import COMMON_PLACES
from nlp.reading import Match
from nlp.spans import Span, is_free, plain, rank
from nlp.unknown_places import PLACE_ENDS, Kind, find_unknown

_VILLAGE_END = re.compile(r"(?:村?村民委员会|村?居民委员会|村?村委会|村?居委会|社区|村|居)$")
_VILLAGE_ENDS = ("村", "村委会", "村委", "村民委员会", "社区", "居", "居委会", "居委", "村居")
_TOWN_END = re.compile(r"(?:街道办事处|街道办|街道|镇|乡)$")
_TOWN_ENDS = ("镇", "乡", "街道", "街道办", "街道办事处", "镇政府")
# 大徐庄 is another village than 徐庄.
_LONGER_BEFORE = re.compile(r"[大小东西南北前后中新][东西南北]?$")
_LONGER_AFTER = re.compile(
    r"[镇乡街桥市梯稼]|路(?![口灯上面段边])|大桥|大道|五岳|[一二三四]中|中学|[东西南北前后中](?:村|庄)|子村|小区|大街|水库|煤矿"
)
_ALONE_BEFORE = re.compile(r"(?:^|[^一-鿿]|[去到在是从回住往给俺咱把和、镇的址区县市这那跟到由转请])$")
_CUED = re.compile(r"[去到在是回住]$|[去到]了$")
_ALONE_AFTER = re.compile(r"$|[^一-鿿]|[那的这有没去停]|村|书记|主任|会计|走访|入户|抽查|发现|看")


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
    """One way to write a place: the places that are written so, and whether it lacks 村 or 镇.

    `cautious`: the gazetteer gives aliases, but not this short form, since it is an ordinary word too (花园, 斜屋).
    """

    codes: tuple[str, ...]
    bare: bool
    length: int
    cautious: bool = False


class Places:
    """Finds the places of one gazetteer in texts."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.known = {place.code: place for place in places}
        self._automaton = ahocorasick.Automaton()
        surfaces: dict[str, _Surface] = {}
        for place in self.known.values():
            for written, bare, cautious in _ways(place):
                known = surfaces.get(written)
                codes = (*(known.codes if known else ()), place.code)
                # Where it is the full name of one place, that one alone is meant; short forms of others yield.
                if known is not None and known.bare != bare:
                    codes = known.codes if bare else (place.code,)
                both = bare and (known is None or known.bare)
                wary = both and cautious and (known is None or known.cautious)
                surfaces[written] = _Surface(tuple(dict.fromkeys(codes)), both, len(written), wary)
        for place in self.known.values():
            base = _VILLAGE_END.sub("", place.name)
            if place.town is not None and len(base) >= 2 and base[-1] not in PLACE_ENDS:
                # 贾泉庄 for 贾泉村, unless a village is really called so.
                surfaces.setdefault(base + "庄", _Surface((place.code,), bare=False, length=len(base) + 1))
        for written, surface in surfaces.items():
            self._automaton.add_word(written, surface)
        self._any = bool(surfaces)
        if self._any:
            self._automaton.make_automaton()

    def town_of(self, code: str) -> str | None:
        """The code of a village's town; a town is its own; None for codes that are not here."""
        place = self.known.get(code)
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
            name = self.known[codes[0]].name
            found.append(PlaceAt(start, end, kind, name, Match(text[start:end], codes, True)))
        covered = taken | {place for one in found for place in range(one.start, one.end)}
        found.extend(
            PlaceAt(start, end, kind, text[start:end], None) for start, end, kind in find_unknown(flat, covered)
        )
        return tuple(sorted(found, key=lambda one: (rank(flat, one.start) == 2, one.start)))

    def _known(self, text: str, taken: frozenset[int]) -> Iterable[tuple[int, int, _Surface]]:
        """Places of the gazetteer: longest first, not inside another word."""
        if not self._any:
            return
        for last, surface in self._automaton.iter_long(text):
            end = last + 1
            start = end - surface.length
            if is_free(taken, start, end) and _stands_alone(text, start, end, surface, self._is_town(surface)):
                yield start, end, surface

    def _is_town(self, surface: _Surface) -> bool:
        return self.known[surface.codes[0]].town is None

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
            fitting = tuple(code for code in codes if self.known[code].town in named)
            if fitting:
                return self._nearest(fitting, context.areas)
        return self._nearest(codes, context.areas)

    def _nearest(self, codes: tuple[str, ...], areas: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the codes that lie nearest to the sender; all of them where none is near."""
        for area in areas:
            if area in codes:
                return (area,)
            fitting = tuple(code for code in codes if self.known[code].town == area)
            if fitting:
                return fitting
        return codes


def _ways(place: Place) -> Iterable[tuple[str, bool, bool]]:
    """All ways to write a place, each with whether it is bare (without 村 or 镇) and whether to be cautious with it."""
    ending, ends = (_TOWN_END, _TOWN_ENDS) if place.town is None else (_VILLAGE_END, _VILLAGE_ENDS)
    for name in (place.name, *place.aliases):
        flat = plain(name.strip())
        if len(flat) < 2:
            continue
        base = ending.sub("", flat)
        yield flat, base == flat, False
        if len(base) >= 2:
            yield base, True, bool(place.aliases) and place.town is not None and base not in place.aliases
            yield from ((base + end, False, False) for end in ends)


def _stands_alone(text: str, start: int, end: int, surface: _Surface, town: bool) -> bool:
    """Whether a name at [start, end) is not the inside of a longer one."""
    longer = text[start] not in "大小东西南北前后中新" and _LONGER_BEFORE.search(text, max(0, start - 2), start)
    if longer and not re.search(r"[村路镇河头以]$", text[max(0, start - 2) : start - 1]):
        return False  # 到东徐庄: another village; 村东徐庄 and 路西徐庄 say only where it lies
    beside = bool(_ALONE_BEFORE.search(text[max(0, start - 1) : start]))
    if not surface.bare:
        return beside or end - start > 2  # 幸福新村 is not 新村
    if _LONGER_AFTER.match(text, end) or text[start:end] in COMMON_PLACES:
        return False
    if surface.cautious:
        return bool(_CUED.search(text[max(0, start - 2) : start]) and _ALONE_AFTER.match(text, end))
    if town or end - start > 2:
        return beside or (not town and text[end - 1] in PLACE_ENDS)
    if text[end - 1] in PLACE_ENDS:
        return True
    return beside and bool(_ALONE_AFTER.match(text, end))
