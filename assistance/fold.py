"""Folding: further reports of the same trouble join an open case (并案; docs/rules.md I); officers may merge two."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from assistance.audience import holders
from assistance.case import URGENT, Case, Grade, Kind, What
from assistance.decision import Decision
from assistance.directory import Level, Person
from assistance.moves import Moves
from assistance.rulebook import Rulebook
from assistance.work import Refused

SUPPLIES = {"饮水": "饮水", "停电": "基础设施"}  # a household's lack of these joins the village's open problem


def joins_thing(case: Case, village: str | None, topic: str, rulebook: Rulebook, now: datetime) -> bool:
    """Whether trouble with a thing of this village and topic belongs to an open case."""
    return (
        case.open
        and village is not None
        and case.kind is Kind.PROBLEM
        and not case.sealed
        and case.household is None
        and case.grade in (Grade.E2, Grade.E5)
        and (case.village, case.topic) == (village, topic)
        and now - case.opened_at <= rulebook.fold_thing
    )


def joins_need(case: Case, household: str | None, cause: str | None, rulebook: Rulebook, now: datetime) -> bool:
    """Whether a need of this household and cause belongs to an open case."""
    return (
        case.open
        and case.kind is not Kind.COMPLAINT
        and not case.sealed
        and household is not None
        and (case.household, case.cause) == (household, cause)
        and now - case.opened_at <= rulebook.fold_need
    )


def first(cases: Iterable[Case]) -> Case | None:
    """The case that further reports join: the oldest one still open."""
    return min(cases, key=lambda case: case.opened_at, default=None)


def join(case: Case, now: datetime) -> Decision:
    """One more report of the same trouble. Whoever has the case is told that somebody else said it too."""
    moves = Moves(case, now)
    moves.did(What.FOLDED)
    moves.tell(holders(case), "joined")
    return moves.done()


def merge(one: Case, other: Case, officer: Person, now: datetime) -> Decision | Refused:
    """并案 by an officer who sees both: the graver one goes on, of equals the older; the first case of the decision is
    the one that goes on.

    Never across a seal or a difference in who must not see it; complaints in county eyes only. The reporters hear
    nothing of it: whoever reports the caller must carry the reports over.
    """
    if not (one.stage.climbing and other.stage.climbing):
        return Refused("late_ended")
    if not _same_eyes(one, other, officer):
        return Refused("merge_impossible")
    if officer.level is Level.VILLAGE and not {one.handler, other.handler} <= {None, officer.id}:
        return Refused("late_taken")
    kept, gone = sorted((one, other), key=lambda case: (case.grade not in URGENT, case.grade.value, case.opened_at))
    end = Moves(gone, now)
    end.did(What.MERGED, by=officer.id, into=kept.id)
    if gone.handler and gone.handler not in (officer.id, kept.handler):
        end.tell((f"person:{gone.handler}",), "merged")
    stay = Moves(kept, now)
    stay.did(What.FOLDED, by=officer.id, merged=gone.id, reports=gone.reports)
    stay.tell(holders(kept), "joined", minus=frozenset({officer.id}))
    return stay.done() + end.done()


def _same_eyes(one: Case, other: Case, officer: Person) -> bool:
    """Whether two cases are kept from the same people, so that joining them tells nobody anything."""
    complaints = Kind.COMPLAINT in (one.kind, other.kind)
    same = (one.sealed, one.barred, one.bars, one.kind is Kind.COMPLAINT) == (
        other.sealed, other.barred, other.bars, other.kind is Kind.COMPLAINT,
    )  # fmt: skip
    county_eyes = officer.level.rank >= Level.COUNTY.rank
    # what 定范围 has opened must not open the words of another complaint with it
    hidden = complaints or one.sealed or other.sealed
    same = same and (not hidden or one.seen_by == other.seen_by)
    return one.id != other.id and same and not (one.linked or other.linked) and (county_eyes or not complaints)
