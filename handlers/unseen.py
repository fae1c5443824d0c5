"""没人看: an E0 or E1 notice that nobody of its level has opened goes to the duty roster and to the alarm hook
(docs/rules.md J). Once for each notice, and never again to a phone that has it already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assistance.case import Case, What
from assistance.decision import Decision
from assistance.directory import Directory, Level, person_token
from assistance.handover import desk_level
from assistance.moves import Moves
from assistance.ports import Duty
from assistance.post import Unopened
from assistance.sight import may_see
from handlers.apply import apply
from handlers.office import Office

_BATCH = 200


async def call_duty(office: Office, now: datetime) -> int:
    """Look after every watched notice whose time is over; returns for how many somebody was called."""
    rung: list[dict[str, str]] = []
    async with office.store.work() as work:
        found = await work.outbox.unopened(now - office.kit.rulebook.duty_after, _BATCH)
        if not found:
            return 0
        directory, on_duty = await work.people.directory(), await work.duties.at(now)
        decision = Decision()
        for (case_id, level), group in _by_level(found).items():
            later = next((one for one in reversed(decision.cases) if one.id == case_id), None)
            case = later or await work.cases.for_engine().one(case_id)
            if case is None or not _unheard(case, level, group, directory):
                continue
            persons = _on_duty(case, group, on_duty, directory)
            decision += _call(case, level, persons, now)
            desks = " ".join(sorted({one.notice.to for one in group}))
            rung.append({"case": case.id, "level": level.value, "desks": desks, "duty": " ".join(persons)})
        await apply(decision, work, office.kit.rulebook, now)
        await work.outbox.settled([one.id for one in found])
    for ids in rung:
        await office.bell.ring("unseen", **ids)
    return len(rung)


def _by_level(found: Sequence[Unopened]) -> dict[tuple[str, Level], list[Unopened]]:
    """Notices by case and level: whoever of a level opens one has opened it for all."""
    groups: dict[tuple[str, Level], list[Unopened]] = {}
    for one in found:
        groups.setdefault((one.notice.case or "", desk_level(one.notice.to)), []).append(one)
    return groups


def _unheard(case: Case, level: Level, group: Sequence[Unopened], directory: Directory) -> bool:
    """Nobody of the level has opened or accepted it, and it still climbs."""
    handler = directory.persons.get(case.handler or "")
    accepted = handler is not None and handler.level is level
    return case.stage.climbing and not accepted and not any(one.opened for one in group)


def _on_duty(case: Case, group: Sequence[Unopened], on_duty: Sequence[Duty], directory: Directory) -> list[str]:
    """Who is on duty at these desks, may see the case, and has not been told on their phone already."""
    desks, told = {one.notice.to for one in group}, {person for one in group for person in one.persons}
    called = (one.person for one in on_duty if one.desk in desks and one.person not in told)
    seated = (person for one in dict.fromkeys(called) for person in directory.at(person_token(one)))
    return [person.id for person in seated if may_see(person, case)]


def _call(case: Case, level: Level, persons: Sequence[str], now: datetime) -> Decision:
    moves = Moves(case, now)
    moves.did(What.ALARMED, to=level.value, duty=list(persons))
    moves.tell([person_token(person) for person in persons], "unseen")
    return moves.done()
