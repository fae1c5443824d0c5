"""When a case climbs, and what is due: pure functions of case, rulebook and time (docs/rules.md B and C)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from assistance.case import URGENT, Case, Stage
from assistance.directory import Level
from assistance.rulebook import Clock, Limit, Rulebook, Step

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
    ends = (case.paused_until if case.paused else None, claim_ends(case, rulebook))
    return min(coming + [end for end in ends if end is not None])


def at_top(case: Case, rulebook: Rulebook) -> bool:
    """Whether the recurring reminder runs: the city has been told, or no step is left to take."""
    return case.level is Level.CITY or next(pending(case, rulebook), None) is None


def pending(case: Case, rulebook: Rulebook) -> Iterator[tuple[datetime, Step]]:
    """Steps that are neither taken nor stopped, with their due times; acceptance holds the accept steps back."""
    for step in rulebook.steps(case):
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
    return _end(case, step.limit, start or case.opened_at, rulebook)


def claim_ends(case: Case, rulebook: Rulebook) -> datetime | None:
    """When a claim without a logged action expires: with the act limit; one made after that limit has fired, when as
    long again has passed since it was made. None where nothing has to be logged."""
    acts = [step for step in rulebook.steps(case) if step.clock is Clock.ACT]
    if case.handler is None or case.acted_at is not None or not acts or not case.stage.climbing:
        return None
    open_acts = [step for step in acts if step.id not in case.fired]
    if open_acts:
        return min(step_due(case, step, rulebook) for step in open_acts)
    return min(_end(case, step.limit, case.accepted_at or case.opened_at, rulebook) for step in acts)


def _end(case: Case, limit: Limit, start: datetime, rulebook: Rulebook) -> datetime:
    """The end of a limit on this case: in working time below E1, and later by the time that a pause stood still."""
    calendar = rulebook.calendar
    plain = limit.after(start, calendar, case.deadline)
    due = plain if case.grade in URGENT else calendar.forward(plain)
    if case.paused_at is None or case.paused_until is None or start >= case.paused_until:
        return due
    stopped_at = max(case.paused_at, start)
    if due <= stopped_at:
        return due
    if limit.counts_working_time:
        end = calendar.add_working(case.paused_until, calendar.working_between(stopped_at, plain))
    else:
        end = case.paused_until + (max(plain, stopped_at) - stopped_at)
    return end if case.grade in URGENT else calendar.forward(end)


def top_due(case: Case, rulebook: Rulebook) -> datetime:
    """When the top level and the handler are reminded again, counted from when the last of them was told."""
    return _end(case, rulebook.ladder(case).top_every, case.reminded_at or case.opened_at, rulebook)


def asking_ends(case: Case, rulebook: Rulebook) -> datetime:
    """When a case that waits for the second person closes by itself (docs/rules.md D)."""
    limit = rulebook.of(case).withdraw_after if case.withdrawn else rulebook.ladder(case).confirm_after
    return limit.after(case.asking_since or case.opened_at, rulebook.calendar)


def overdue(case: Case) -> frozenset[str]:
    """The clocks that ran out and still run: what a digest calls 超时."""
    if not case.stage.climbing:
        return frozenset()
    return frozenset(clock for clock in case.missed if not stopped(case, Clock(clock)))
