"""When a case climbs, and what is due: pure functions of case, rulebook and time (docs/rules.md B and C)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from assistance.case import URGENT, Case, Stage
from assistance.directory import Level
from assistance.rulebook import Clock, Rulebook, Step

TOP = "top"  # the id of the reminder that recurs when every step has been taken


def due_time(case: Case, rulebook: Rulebook) -> datetime | None:
    """When something happens to this case by itself next; None only for a closed one."""
    if not case.open:
        return None
    if case.stage is Stage.ASKING:
        return asking_ends(case, rulebook)
    coming = [due for due, _ in pending(case, rulebook)]
    if at_top(case, rulebook):
        coming.append(top_due(case, rulebook))
    return min(coming)


def at_top(case: Case, rulebook: Rulebook) -> bool:
    """Whether the recurring reminder runs: the city has been told, or no step is left to take."""
    return case.level is Level.CITY or next(pending(case, rulebook), None) is None


def pending(case: Case, rulebook: Rulebook) -> Iterator[tuple[datetime, Step]]:
    """Steps that are neither taken nor stopped, with their due times; acceptance holds the accept steps back."""
    for step in rulebook.ladder(case).steps:
        if step.id not in case.fired and not stopped(case, step.clock):
            yield step_due(case, step, rulebook), step


def stopped(case: Case, clock: Clock) -> bool:
    """Whether what this clock waits for has happened."""
    match clock:
        case Clock.ACCEPT:
            return case.handler is not None
        case Clock.ACT:
            return case.acted_at is not None
        case Clock.FINISH:
            return not case.stage.climbing


def step_due(case: Case, step: Step, rulebook: Rulebook) -> datetime:
    """When a step is due: accept and act by the owner's clock, finish by the case's own.

    A due time of E2 and below that falls outside working time moves to the next working start.
    """
    start = case.finish_since if step.clock is Clock.FINISH else case.owned_since
    due = step.limit.after(start or case.opened_at, rulebook.calendar)
    return due if case.grade in URGENT else rulebook.calendar.forward(due)


def top_due(case: Case, rulebook: Rulebook) -> datetime:
    """When the top level and the handler are reminded again, counted from when the last of them was told."""
    due = rulebook.ladder(case).top_every.after(case.reminded_at or case.opened_at, rulebook.calendar)
    return due if case.grade in URGENT else rulebook.calendar.forward(due)


def asking_ends(case: Case, rulebook: Rulebook) -> datetime:
    """When a case that waits for the second person closes by itself (docs/rules.md D)."""
    limit = rulebook.withdraw_after if case.withdrawn else rulebook.ladder(case).confirm_after
    return limit.after(case.asking_since or case.opened_at, rulebook.calendar)


def overdue(case: Case) -> frozenset[str]:
    """The clocks that ran out and still run: what a digest calls 超时."""
    if not case.stage.climbing:
        return frozenset()
    return frozenset(clock for clock in case.missed if not stopped(case, Clock(clock)))
