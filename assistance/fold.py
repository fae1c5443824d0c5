"""Folding: further reports of the same trouble join an open case (并案; docs/rules.md I)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from assistance.audience import holders
from assistance.case import Case, Grade, Kind, What
from assistance.decision import Decision
from assistance.moves import Moves
from assistance.rulebook import Rulebook

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
