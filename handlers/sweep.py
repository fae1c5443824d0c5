"""The loop that asks what is due, and the one that checks that every open case has a future."""

from __future__ import annotations

from datetime import datetime

from assistance.climb import fall_due
from assistance.decision import Decision
from assistance.ports import Stale
from handlers.apply import apply
from handlers.office import Office, where_from

_BATCH = 200


async def sweep(office: Office, now: datetime) -> int:
    """Take every step that has fallen due; one transaction a case, so that one poisoned case stops no other."""
    taken: set[str] = set()
    while True:
        async with office.store.work() as work:
            due = [case for case in await work.cases.for_engine().due(now, _BATCH + len(taken)) if case not in taken]
        if not due:
            return len(taken)
        for case in due:
            taken.add(case)
            await _take(office, case, now)


async def _take(office: Office, case_id: str, now: datetime) -> None:
    try:
        async with office.store.work() as work:
            case = await work.cases.for_engine().one(case_id)
            if case is None:
                return
            directory = await work.people.directory()
            decision = fall_due(case, office.kit.rulebook, directory, now)
            # a due time that was out of date is put right even when nothing follows from it
            await apply(decision if decision.events else Decision(cases=(case,)), work, office.kit.rulebook, now)
    except Stale:
        office.log("case_moved_on", case=case_id)
    except Exception as error:  # noqa: BLE001 - parked until the next sweep, the others go on
        office.alarm("case_parked", case=case_id, error=type(error).__name__, at=where_from(error))


async def audit(office: Office, now: datetime) -> int:
    """Open cases without a future due time; must be none. Returns how many were found."""
    async with office.store.work() as work:
        lost = await work.cases.for_engine().without_future(now)
    for case in lost:
        office.alarm("case_without_future", case=case)
    return len(lost)
