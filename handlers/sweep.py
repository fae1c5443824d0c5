"""The loop that asks what is due, and the one that checks that every open case has a future."""

from __future__ import annotations

from datetime import datetime

from assistance.climb import fall_due
from assistance.decision import Decision
from assistance.ladder import due_time
from assistance.ports import Stale, StoreDown, Work
from handlers.apply import apply
from handlers.office import Office, where_from

_CHUNK = 50  # cases of one transaction: few enough that other workers find some, enough to share the write to disk


async def sweep(office: Office, now: datetime) -> int:
    """Take every step that has fallen due; returns how many cases were looked at. Workers share the due cases out:
    what one has claimed the others skip."""
    taken, left = 0, set[str]()
    while True:
        async with office.store.work() as work:
            due = await work.cases.for_engine().due(now, _CHUNK, frozenset(left))
            for case in due:
                if not await _take(case, work, office, now):
                    left.add(case)
        if not due:
            return taken
        taken += len(due)


async def _take(case_id: str, work: Work, office: Office, now: datetime) -> bool:
    """Take one case's steps, in a savepoint: one poisoned case is left until the next sweep and stops no other.
    Whether it is done with for now."""
    rulebook = office.kit.rulebook
    try:
        async with work.savepoint():
            case = await work.cases.for_engine().one(case_id)
            if case is None:
                return False
            decision = fall_due(case, rulebook, await work.people.directory(), now)
            # a due time that was out of date is put right even when nothing follows from it
            await apply(decision if decision.events else Decision(cases=(case,)), work, rulebook, now)
            after = next((one for one in decision.cases if one.id == case_id), case)
            due = due_time(after, rulebook)
            return due is None or due > now
    except StoreDown:
        raise
    except Stale:
        office.log("case_moved_on", case=case_id)
    except Exception as error:  # noqa: BLE001 - left for the next sweep, the others go on
        office.alarm("case_parked", case=case_id, error=type(error).__name__, at=where_from(error))
    return False


async def audit(office: Office, now: datetime) -> int:
    """Open cases without a future due time; must be none. Returns how many were found."""
    async with office.store.work() as work:
        lost = await work.cases.for_engine().without_future(now)
    for case in lost:
        office.alarm("case_without_future", case=case)
    return len(lost)
