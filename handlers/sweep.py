"""The loop that asks what is due, and the one that checks that every open case has a future."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from assistance.case import Kind
from assistance.climb import fall_due
from assistance.decision import Decision
from assistance.ports import Stale, StoreDown, Work
from handlers.apply import apply
from handlers.office import Office, where_from

_CHUNK = 100  # cases of one transaction: few enough that other workers find some, enough to share the write to disk


async def sweep(office: Office, now: datetime) -> int:
    """Take every step that has fallen due; returns how many cases were looked at. Workers share the due cases out:
    what one has claimed the others skip."""
    taken, left = 0, set[str]()
    while True:
        async with office.store.work() as work:
            due = await work.cases.for_engine().due(now, _CHUNK, frozenset(left))
            left |= set(due) - await _take(due, work, office, now)
        if not due:
            return taken
        taken += len(due)


async def _take(due: Sequence[str], work: Work, office: Office, now: datetime) -> set[str]:
    """Take the steps of these cases in one write; where one of them spoils it, each for itself: a poisoned case is left
    until the next sweep and stops no other. Gives those that are done with for now."""
    try:
        async with work.savepoint():
            return await _step(due, work, office, now)
    except StoreDown:
        raise
    except Exception as error:  # noqa: BLE001 - told below, of the one that it was
        if len(due) > 1:
            return {done for case in due for done in await _take([case], work, office, now)}
        if isinstance(error, Stale):
            office.log("case_moved_on", case=due[0])
        else:
            office.alarm("case_parked", case=due[0], error=type(error).__name__, at=where_from(error))
        return set()


async def _step(due: Sequence[str], work: Work, office: Office, now: datetime) -> set[str]:
    rulebook, directory = office.kit.rulebook, await work.people.directory()
    plain, done = Decision(), set[str]()
    for case in await work.cases.for_engine().some(due):
        decision = fall_due(case, rulebook, directory, now)
        # a due time that was out of date is put right even when nothing follows from it
        decision = decision if decision.events else Decision(cases=(case,))
        if case.sealed or case.kind is Kind.COMPLAINT:  # alone: what is written with an accusation is sealed with it
            done |= _later(await apply(decision, work, rulebook, now), now)
        else:
            plain += decision
    return done | _later(await apply(plain, work, rulebook, now), now)


def _later(due: Mapping[str, datetime | None], now: datetime) -> set[str]:
    """The cases whose next step is not due yet."""
    return {case for case, moment in due.items() if moment is None or moment > now}


async def audit(office: Office, now: datetime) -> int:
    """Open cases without a future due time; must be none. Returns how many were found."""
    async with office.store.work() as work:
        lost = await work.cases.for_engine().without_future(now)
    for case in lost:
        office.alarm("case_without_future", case=case)
    return len(lost)
