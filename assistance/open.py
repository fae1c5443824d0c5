"""Opening a case: who may see it, where it opens, who is told first (docs/rules.md A, G, H)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from assistance.audience import Reached, anybody_at, reach
from assistance.case import Case, Event, Grade, Kind, What
from assistance.decision import Decision
from assistance.directory import Directory, Level
from assistance.evolve import evolve
from assistance.grade import Ruling
from assistance.moves import Moves
from assistance.rulebook import Rulebook
from assistance.seal import Blamed, Sight, barred_levels, desks_of, doubt_sight, need_bars, open_sight, sealed_sight


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known when a case opens. `received_at` starts its clock; `village` and `town` are codes of areas."""

    id: str
    receipt: str
    received_at: datetime
    topic: str
    cause: str | None = None
    village: str | None = None
    town: str | None = None
    household: str | None = None
    lead: str | None = None  # the department that answers at county level
    co: tuple[str, ...] = ()  # who helps it
    matter: int | None = None  # the row of the table of matters
    blamed: Blamed | None = None  # whom the message blames, if anybody
    linked: str | None = None
    barred: frozenset[str] = frozenset()  # who never sees it beside those it blames: those an earlier complaint blames


def open_case(ruling: Ruling, opening: Opening, directory: Directory, rulebook: Rulebook, now: datetime) -> Decision:
    """The case, its first events, and the notices to those who are told first. Nobody above them gets a copy."""
    sight = _sight(ruling, opening, directory)
    data = {
        "receipt": opening.receipt,
        "kind": ruling.kind.value,
        "grade": ruling.grade.value,
        "topic": opening.topic,
        "cause": opening.cause,
        "received_at": opening.received_at.isoformat(),
        "rules": rulebook.version,
        "county": directory.seat,
        "village": opening.village,
        "town": directory.above(opening.village, Level.TOWN) or opening.town,
        "household": opening.household,
        "lead": opening.lead,
        "co": opening.co,
        "matter": opening.matter,
        "level": Level.VILLAGE.value,
        "told": (),
        "seen_by": sorted(sight.seen_by),
        "barred": sorted(sight.barred),
        "sealed": ruling.sealed,
        "sorting": ruling.sorting,
        "linked": opening.linked,
        "bars": barred_levels(opening.blamed) if opening.blamed and not ruling.sealed else (),
    }
    first = Event(opening.id, 1, now, What.OPENED, data=data)
    case = evolve(None, first)
    reached = first_told(case, _starts(ruling, case, rulebook), directory)
    placed = {"level": reached.level.value, "told": reached.tokens, "desk": next(iter(reached.tokens), None)}
    first = replace(first, data={**data, **placed})
    moves = Moves(evolve(None, first), now)
    for level in reached.passed:
        moves.did(What.PASSED, to=level.value, why="nobody")
    moves.tell(reached.tokens, "opened")
    decision = moves.done()
    return replace(decision, events=(first, *decision.events))


def first_told(case: Case, starts: Iterable[str], directory: Directory) -> Reached:
    """The desks of every starting level, each passed upwards while nobody is left at it.

    `discipline` is the desk of 纪委监委; with nobody enrolled there the county officers not concerned take it.
    """
    tokens: list[str] = []
    passed: list[Level] = []
    level = Level.VILLAGE
    for start in starts:
        desk = f"discipline:{case.county}"
        if start == "discipline" and anybody_at((desk,), case, directory):
            found = Reached(Level.COUNTY, (desk,))
        else:
            found = reach(Level.COUNTY if start == "discipline" else Level(start), case, directory)
        tokens += [token for token in found.tokens if token not in tokens]
        passed += [one for one in found.passed if one not in passed]
        level = max(level, found.level, key=lambda one: one.rank)
    return Reached(level, tuple(tokens), tuple(passed))


def _starts(ruling: Ruling, case: Case, rulebook: Rulebook) -> tuple[str, ...]:
    if ruling.past_village:
        return ("town", "county")
    if ruling.at_county:
        return ("county",)
    if ruling.sealed and ruling.kind is not Kind.COMPLAINT:
        return ("county",)  # held in doubt: the county officers not concerned
    return rulebook.ladder(case).opens_at


def _sight(ruling: Ruling, opening: Opening, directory: Directory) -> Sight:
    blamed = opening.blamed
    place = opening.village or opening.town
    if ruling.sealed:
        sight = _sealed(ruling.kind, ruling.grade, blamed or Blamed(), directory, place)
        return Sight(sight.seen_by - opening.barred, sight.barred | opening.barred)
    sight = open_sight(directory, place, opening.lead)
    if ruling.sorting:
        accused = persons_of(need_bars(blamed, directory, None)) if blamed else frozenset[str]()
        return Sight(frozenset(one for one in sight.seen_by if not one.startswith(("village:", "town:"))), accused)
    if ruling.past_village:
        # danger from somebody in office: the village is passed over, whatever else is known of them
        village = {f"village:{opening.village}"} if opening.village else set()
        accused = need_bars(blamed or Blamed(), directory, None)
        return Sight(sight.seen_by - village, frozenset(village | accused) | persons_of(opening.barred))
    accused = need_bars(blamed, directory, opening.village) if blamed else frozenset()
    return Sight(sight.seen_by, accused | persons_of(opening.barred))


def _sealed(kind: Kind, grade: Grade, blamed: Blamed, directory: Directory, place: str | None) -> Sight:
    """Slowness of a body (C1) leaves the town to 定范围, doubt about a thing every desk but that of the accused."""
    graver = blamed if grade is Grade.C1 else replace(blamed, slow=False)
    return (sealed_sight if kind is Kind.COMPLAINT else doubt_sight)(graver, directory, place)


def bars_there(case: Case, blamed: Blamed | None, directory: Directory, village: str) -> frozenset[str]:
    """Who else is kept from a sealed case, should it turn out to be about this village; of other cases nobody."""
    if not case.sealed:
        return frozenset()
    return _sealed(case.kind, case.grade, blamed or Blamed(), directory, village).barred - case.barred


def persons_of(tokens: Iterable[str]) -> frozenset[str]:
    """The persons among tokens, without the desks."""
    return frozenset(token for token in tokens if token.startswith("person:"))


def locate(
    moves: Moves,
    village: str,
    directory: Directory,
    *,
    household: str | None = None,
    bars: frozenset[str] = frozenset(),
) -> None:
    """Where a case belongs became known: the village's desk is told at once and owns it; who was told before stays.

    Of a sealed case the place is only noted, and who is kept from it there (`bars`): who else may see it is left to
    定范围.
    """
    case = moves.case
    town = directory.above(village, Level.TOWN)
    if case.sealed:
        moves.did(What.LOCATED, village=village, town=town, barred=sorted(bars))
        return
    barred = case.barred | desks_of(case.bars, directory, village)
    seen = open_sight(directory, village, case.lead).seen_by - barred
    there = replace(case, village=village, town=town, seen_by=(case.seen_by | seen) - barred, barred=barred)
    starts = ("village", "town") if case.grade is Grade.E0 else ("village",)
    reached = first_told(there, starts, directory)
    new = tuple(token for token in reached.tokens if token not in case.told)
    moves.did(
        What.LOCATED,
        to=next(iter(reached.tokens), None),
        village=village,
        town=town,
        household=household,
        seen_by=sorted(seen),
        barred=sorted(barred),
        told=reached.tokens,
        level=reached.level.value,
    )
    moves.tell(new, "opened")
