"""Households in a message: heads of the roster first, then names as written.

A head that stands exactly in the text is never mistaken for one that only sounds the same. Where no exact name
stands, a full name of the same sound gives candidates (王贵英 for 王桂英), and 老孙家 or 李大爷 those families of the
sender's own villages; the handler asks. Equal heads are settled by the village named, then by the sender's areas.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import ahocorasick

from nlp.gazetteer import Context, KnownHousehold, KnownOfficer
from nlp.name_words import COMPOUND, ORDINARY
from nlp.names import NameAt
from nlp.open_names import find_open_names
from nlp.reading import Match
from nlp.sounds import name_sounds
from nlp.spans import Span, cover, is_free, plain, rank

_SPEAKS = re.compile(r"家(?![庄村里])|户|那[里家边儿户条]|大[爷娘叔婶]")
_NEAR = 95  # of 100: below it two names merely look alike (libraries.md: 王贵荣 against 王桂英 has 83)
# 跟孙长友一起去的: who went along; 他小舅子张三: who was favoured. Neither is the household that is spoken of.
_BESIDE_BEFORE = re.compile(
    r"(?:[他她]|书记|主任|会计|支书|[村队组镇]长|网格员|干部|老板)(?:的|家|家的)?(?:亲|叔伯|本家|表|小|大)?(?:舅子|连襟|侄[子女]?|外甥女?|兄弟|弟弟?|哥哥?"
    r"|儿子|亲戚|老?丈人|表?[哥弟]|妹夫|姐夫|亲家|嫂子|相好的?)(?:叫|是)?$"
)
_MUST_BE_A_NAME = re.compile(
    r"(?:走访|家访|回访|看望|慰问|入户|去了?趟?|到了?|看了|户主[:：]?|访)\s?(?P<name>[一-鿿]{2,4}?)(?=家(?![庄村])|那[里儿]?[,，]|[,，]在家)"
)
_ALONG_BEFORE = re.compile(r"(?:跟|和|同|与|陪|陪着|会同)$")
_ALONG_AFTER = re.compile(r"(?:一起|一块儿?|一道|一同|俩)")
_MOST_CANDIDATES = 9  # more are no help to the one who is asked


@dataclass(frozen=True, slots=True)
class HouseholdAt:
    """A household's name in a text: positions [start, end), and the roster's entries for it, if any."""

    start: int
    end: int
    match: Match | None
    weak: bool = False  # only little speaks for it: any other name of the message goes before it

    @property
    def span(self) -> Span:
        """The positions as a span."""
        return Span(self.start, self.end, "household")


class Households:
    """Finds the households of one roster in texts. `town_of` gives the town of a village code."""

    def __init__(
        self,
        households: Iterable[KnownHousehold],
        officers: Iterable[KnownOfficer],
        town_of: Callable[[str], str | None],
    ) -> None:
        self._town_of = town_of
        self._known = {household.id: household for household in households}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for household in self._known.values():
            for name in dict.fromkeys((household.head, *household.aliases)):
                if len(flat := plain(name.strip())) >= 2:
                    self._by_name[flat].append(household.id)
        self._families: dict[tuple[str, str], list[str]] = defaultdict(list)  # (village, surname) → ids
        for household in self._known.values():
            if household.head[:2] not in COMPOUND:
                self._families[household.village, household.head[:1]].append(household.id)
        self._officers = frozenset(plain(officer.name) for officer in officers) - {""}
        self._automaton = ahocorasick.Automaton()
        for name in {*self._by_name, *self._officers}:
            self._automaton.add_word(name, name)
        self._any = len(self._automaton) > 0
        if self._any:
            self._automaton.make_automaton()
        self._by_sound: dict[str, dict[str, list[str]]] | None = None  # made when a name is first not in the roster

    def find(
        self,
        text: str,
        context: Context,
        villages: tuple[str, ...] = (),
        taken: frozenset[int] = frozenset(),
        after: frozenset[int] = frozenset(),
    ) -> tuple[HouseholdAt, ...]:
        """The households named, in reading order, but for old values of corrections, which come last.

        `villages` are the place codes that the text names, `after` the positions where a place's name ends.
        """
        flat = plain(text)
        found: list[HouseholdAt] = []
        names = find_open_names(flat, taken, after, context.role)
        open_names = [name for name in names if name.full]
        officers: list[Span] = []
        for start, end in self._exact(flat, taken, open_names):
            name = flat[start:end]
            if name not in self._by_name or (name in self._officers and not self._own(name, context)):
                officers.append(Span(start, end, "officer"))
                continue
            ids = self._settle(self._by_name[name], villages, context)
            found.append(HouseholdAt(start, end, Match(text[start:end], ids, True)))
        covered = taken | cover([*(one.span for one in found), *officers])
        open_names = [name for name in open_names if not _beside(flat, name.start, name.end)]
        found = [one for one in found if not _beside(flat, one.start, one.end)]
        found.extend(
            self._open(text, flat, name, villages, context)
            for name in open_names
            if is_free(covered, name.start, name.end)
        )
        covered |= cover(one.span for one in found)
        found.extend(self._by_ear(text, flat, villages, context, covered))
        covered |= cover(one.span for one in found)
        found.extend(
            self._nickname(text, flat, name, villages, context)
            for name in names
            if not name.full and is_free(covered, name.start, name.end) and not _beside(flat, name.start, name.end)
        )
        return tuple(sorted(found, key=lambda one: (rank(flat, one.start) == 2, one.weak, one.start)))

    def exact(self, name: str, context: Context, villages: tuple[str, ...] = ()) -> Match | None:
        """The roster's entries for a name that is known to be one (a form's field), by writing, else by sound."""
        flat = plain(name.strip())
        if flat in self._by_name:
            return Match(name, self._settle(self._by_name[flat], villages, context), True)
        ids = self._sounding(flat)
        return Match(name, self._settle(ids, villages, context), False) if ids else None

    def officers_in(self, text: str) -> tuple[Span, ...]:
        """Where names of enrolled officers stand."""
        if not self._any:
            return ()
        hits = ((last - len(name) + 1, last + 1, name) for last, name in self._automaton.iter_long(plain(text)))
        return tuple(Span(start, end, "officer") for start, end, name in hits if name in self._officers)

    def _exact(self, text: str, taken: frozenset[int], names: list[NameAt]) -> Iterable[tuple[int, int]]:
        """Names of the roster and of officers, longest first, that are not the inside of a longer name."""
        if not self._any:
            return
        longer = {name.start: name.end for name in names if not name.weak}
        starts = {name.start for name in names}
        for last, name in self._automaton.iter_long(text):
            start, end = last + 1 - len(name), last + 1
            # 王桂 of the roster is not meant by 王桂英, nor 方便 by the word.
            if len(name) == 2 and longer.get(start, 0) > end:
                continue
            if name in ORDINARY and start not in starts and not _SPEAKS.match(text, end):
                continue
            if is_free(taken, start, end):
                yield start, end

    def _own(self, name: str, context: Context) -> bool:
        """Whether a household of this name is in one of the sender's own villages."""
        return any(self._known[id_].village in context.areas for id_ in self._by_name[name])

    def _settle(self, ids: Iterable[str], villages: tuple[str, ...], context: Context) -> tuple[str, ...]:
        """The ids that a name means: those in a village that the text names, else those nearest to the sender."""
        known = tuple(dict.fromkeys(ids))
        if len(known) <= 1:
            return known
        named = tuple(id_ for id_ in known if self._known[id_].village in villages)
        if named:
            return named
        for area in context.areas:
            near = tuple(
                id_ for id_ in known if area in (self._known[id_].village, self._town_of(self._known[id_].village))
            )
            if near:
                return near
        return known

    def _open(self, text: str, flat: str, name: NameAt, villages: tuple[str, ...], context: Context) -> HouseholdAt:
        """A full name that is not in the roster; heads of the same sound are its candidates."""
        ids = self._settle(self._sounding(flat[name.start : name.end]), villages, context)
        match = Match(text[name.start : name.end], ids, False) if ids else None
        return HouseholdAt(name.start, name.end, match, name.weak)

    def _by_ear(
        self, text: str, flat: str, villages: tuple[str, ...], context: Context, taken: frozenset[int]
    ) -> Iterable[HouseholdAt]:
        """What a dictation wrote for a name of the register (去了贾手田家): only where a name must stand."""
        for hit in _MUST_BE_A_NAME.finditer(flat) if self._known else ():
            start, end = hit.span("name")
            if is_free(taken, start, end) and (ids := self._sounding(hit["name"])):
                match = Match(text[start:end], self._settle(ids, villages, context), False)
                yield HouseholdAt(start, end, match)

    def _nickname(self, text: str, flat: str, name: NameAt, villages: tuple[str, ...], context: Context) -> HouseholdAt:
        """老孙家: the families of that surname in the villages named, else in the sender's own."""
        words = flat[name.start : name.end]
        surname = words[1:2] if words[0] in "老小" else words[:1]
        near = villages or context.areas
        ids = tuple(id_ for village in dict.fromkeys(near) for id_ in self._families.get((village, surname), ()))
        match = Match(text[name.start : name.end], ids, False) if 0 < len(ids) <= _MOST_CANDIDATES else None
        return HouseholdAt(name.start, name.end, match, name.weak)

    def _sounding(self, name: str) -> tuple[str, ...]:
        """Ids of the heads that sound like this name, the nearest first."""
        from rapidfuzz import fuzz, process  # only names that are not in the roster need it

        if not self._known or not 2 <= len(name) <= 4:
            return ()
        if self._by_sound is None:
            self._by_sound = _sound_index(self._by_name)
        names: list[str] = []
        for key in name_sounds(name):
            bucket = self._by_sound.get(key.split(" ")[0], {})
            near = process.extract(key, list(bucket), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=_MOST_CANDIDATES)
            names += [known for sound, _, _ in near for known in bucket[sound]]
        return tuple(dict.fromkeys(id_ for known in names for id_ in self._by_name[known]))


def _beside(text: str, start: int, end: int) -> bool:
    """Whether somebody is named who went along or was favoured, not a household."""
    before = text[max(0, start - 8) : start]
    if _ALONG_BEFORE.search(before) and _ALONG_AFTER.match(text, end):
        return True
    return bool(_BESIDE_BEFORE.search(before))


def _sound_index(names: Iterable[str]) -> dict[str, dict[str, list[str]]]:
    """Names by the sound of the surname, then by the whole sound."""
    index: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name in names:
        for key in name_sounds(name):
            index[key.split(" ")[0]][key].append(name)
    return index
