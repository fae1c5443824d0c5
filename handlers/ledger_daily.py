"""What the ledger (台账) does by itself: it tells that the days of a step are over, and it puts a household back whose
hardship came again. It signs nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from assistance import ledger_steps
from assistance.case import What
from assistance.decision import Decision, Notice
from assistance.directory import person_token
from assistance.ledger import Entry, Line, State
from assistance.ledger_sight import signers
from assistance.ports import Work
from handlers.office import Office

_OVER = {State.POSTED: "posted_over", State.ANNOUNCED: "announced_over", State.WATCHED: "watched_over"}


async def tell_steps(office: Office, now: datetime) -> int:
    """Tell the town of every step whose days are over; each once. Returns how many were told."""
    async with office.store.work() as work:
        waiting = await work.ledger.waiting(now)
        if not waiting:
            return 0
        directory = await work.people.directory()
        told = 0
        for entry in waiting:
            if entry.step_at is None or not await _claim(work, entry, entry.step_at):
                continue
            text = office.kit.phrases(f"ledger.told.{_OVER[entry.state]}", number=entry.number)
            quiet = office.kit.rulebook.quiet_until(now)
            step = f"ledger:{entry.id}:{entry.seq}"
            notices = tuple(
                Notice(person_token(one.id), step, text=text, sealed=True, not_before=quiet)
                for one in signers(entry, directory)
            )
            await work.save(Decision(notices=notices), {}, now)
            told += 1
    return told


async def _claim(work: Work, entry: Entry, at: datetime) -> bool:
    last = await work.digests.last("ledger", entry.id)
    return (last is None or last < at) and await work.digests.mark("ledger", entry.id, at)


async def put_back(decision: Decision, work: Work, now: datetime) -> Decision:
    """The decision with the lines of the ledger that follow from it: a new hardship ends an exit and its watch.

    A case that is kept from anybody changes nothing here, or they would learn of it (docs/rules.md H).
    """
    opened = {event.case for event in decision.events if event.what is What.OPENED}
    lines, entries = list[Line](), list[Entry]()
    for case in decision.cases:
        if case.id not in opened or case.barred or case.linked or not ledger_steps.may_register(case):
            continue
        for entry in await work.ledger.of_household(case.household or ""):
            step = None if entry.barred else ledger_steps.put_back(entry, case, now)
            if step:
                lines += step.lines
                entries.append(step.entry)
    return replace(decision, lines=(*decision.lines, *lines), entries=(*decision.entries, *entries))
