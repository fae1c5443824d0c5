"""The daily messages (docs/rules.md F): the 18:00 digest of supervisors and the 08:30 to-do of village officers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from assistance.case import URGENT, Case, Stage
from assistance.climb import LATE
from assistance.decision import Decision, Notice
from assistance.digest import Digest, card, last_slot, next_slot, paused_long, reads_digest, sort_digest
from assistance.directory import Directory, Person, Role, person_token
from assistance.ladder import due_time
from assistance.ports import CaseFilter, Work
from assistance.rulebook import Rulebook
from handlers import tell
from handlers.anchor import anchor_lines, make_anchor
from handlers.apply import apply
from handlers.erasing import over_lines
from handlers.gaps import unreachable_lines
from handlers.ledger_daily import tell_steps
from handlers.office import Office
from handlers.phrases import when
from handlers.visiting import overdue_lines, week_lines

_MOST = 500  # lines of one digest


async def digests(office: Office, now: datetime) -> int:
    """Make every digest and to-do whose moment has come; missed ones are caught up as one. Returns how many."""
    rulebook, made = office.kit.rulebook, 0
    await make_anchor(office, now)
    await tell_steps(office, now)
    slots = {
        "digest": last_slot(now, rulebook.digest_at, rulebook),
        "todo": last_slot(now, rulebook.todo_at, rulebook, workdays_only=True),
    }
    async with office.store.work() as work:
        officers = list((await work.people.directory()).officers())
        readers = {
            "digest": [one for one in officers if reads_digest(one)],
            "todo": [one for one in officers if not reads_digest(one) and one.role is Role.VILLAGE],
        }
        done = {
            kind: await work.digests.made(kind, [one.id for one in readers[kind]], slot) for kind, slot in slots.items()
        }
    for kind, slot in slots.items():
        for person in readers[kind]:
            if person.id not in done[kind]:
                made += await _make(office, person, kind, slot, now)
    return made


def next_daily(office: Office, now: datetime) -> datetime:
    """When the next daily message is due."""
    rulebook = office.kit.rulebook
    return min(
        next_slot(now, rulebook.digest_at, rulebook),
        next_slot(now, rulebook.todo_at, rulebook, workdays_only=True),
    )


async def _make(office: Office, person: Person, kind: str, slot: datetime, now: datetime) -> bool:
    async with office.store.work() as work:
        last = await work.digests.last(kind, person.id)
        if last is not None and last >= slot:
            return False
        if not await work.digests.mark(kind, person.id, slot):
            return False
        if last is None:
            return False  # somebody new: the first one comes at the next slot
        directory = await work.people.directory()
        notice: Notice | None
        if kind == "digest":
            notice = await _digest(office, work, person, directory, last, now)
        elif slot.date() == now.astimezone(slot.tzinfo).date():
            notice = await _todo(office, work, person, directory, slot, now)
        else:
            notice = None  # a to-do is for its own day: the next working morning brings the next one
        if notice is None:
            return False
        await apply(Decision(notices=(notice,)), work, office.kit.rulebook, now)
        return True


async def _digest(
    office: Office, work: Work, person: Person, directory: Directory, since: datetime, now: datetime
) -> Notice:
    """New, overdue and soon due cases, and every open E0 and E1, as far as the reader may see them."""
    seen = work.cases.seen_by(person)
    rulebook = office.kit.rulebook
    soon = rulebook.calendar.add_workdays(now, 1)
    found = {
        case.id: case
        for which in (
            CaseFilter(grades=URGENT, limit=_MOST),
            CaseFilter(due_before=soon, limit=_MOST),
            CaseFilter(open=None, opened_since=since, limit=_MOST),
            CaseFilter(overdue=True, limit=_MOST),
            CaseFilter(stages=frozenset({Stage.PAUSED}), limit=_MOST),
            CaseFilter(open=False, closed_since=since, limit=_MOST),
            CaseFilter(open=None, breached_since=since, limit=_MOST),
        )
        for case in await seen.list(which)
    }
    due = {case.id: due_time(case, rulebook) for case in found.values()}
    long = frozenset(case.id for case in found.values() if paused_long(case, rulebook, now))
    digest = sort_digest(found.values(), due, since, soon, long)
    more = await overdue_lines(office, work, person, directory, now)
    more += await unreachable_lines(office, work, person, directory, now, urgent=bool(digest.urgent))
    text = "\n".join(
        [
            _digest_text(office, person, directory, digest, now, more),
            *await over_lines(office, work, person, since, now),
            *await anchor_lines(office, work, person),
        ]
    )
    return Notice(person_token(person.id), f"digest#{now.isoformat()}", "digest", text=text, sealed=True)


def _digest_text(
    office: Office, person: Person, directory: Directory, digest: Digest, now: datetime, more: Sequence[str]
) -> str:
    phrases = office.kit.phrases
    day = when(now).partition(" ")[0]
    key = "digest.empty" if digest.is_empty and not more else "digest.title"
    lines = [phrases(key, day=day, area=directory.name_of(person.area))]
    for name in ("urgent", "late", "paused", "soon", "closing", "new"):
        cases: Sequence[Case] = getattr(digest, name)
        if cases:
            lines.append(phrases(f"digest.{name}", count=len(cases)))
            lines += [_line(office, case, directory) for case in cases]
    if digest.confirmed or digest.unconfirmed:
        lines.append(phrases("digest.closed", confirmed=digest.confirmed, unconfirmed=digest.unconfirmed))
    if digest.breached:
        lines.append(phrases("digest.breached", count=digest.breached, red=digest.red))
    return "\n".join([*lines, *more])


def _line(office: Office, case: Case, directory: Directory) -> str:
    """回执号, grade, village, stage and due time: no name, no topic."""
    return office.kit.phrases(
        "digest.line",
        receipt=case.receipt,
        grade=case.grade.value,
        place=directory.name_of(case.village or case.town or case.county),
        stage=case.stage.value,
        due=tell.due(case, office.kit.rulebook, office.kit.phrases),
        card=f" {office.kit.phrases(f'digest.{mark}')}" if (mark := card(case)) else "",
    )


async def _todo(
    office: Office, work: Work, person: Person, directory: Directory, slot: datetime, now: datetime
) -> Notice | None:
    """What is open at a village officer's desk or in their hands, and whom to visit this week; nothing when there is
    nothing open, but for the visits on the first working morning of a week."""
    cases = await work.cases.seen_by(person).list(CaseFilter(limit=_MOST))
    mine = [case for case in cases if case.stage.climbing and (case.handler in (None, person.id))]
    to_visit = await week_lines(office, work, person, directory, now)
    if not mine and not (to_visit and _week_begins(office.kit.rulebook, slot)):
        return None
    title = [office.kit.phrases("digest.todo", count=len(mine))] if mine else []
    text = "\n".join([*title, *(_line(office, case, directory) for case in mine), *to_visit])
    token = person_token(person.id)
    return Notice(token, f"todo#{slot.isoformat()}", text=text, missed=now - slot > LATE)


def _week_begins(rulebook: Rulebook, slot: datetime) -> bool:
    """Whether this is the first working morning of its week."""
    before = (slot.date() - timedelta(days=days) for days in range(1, slot.weekday() + 1))
    return not any(rulebook.calendar.is_workday(day) for day in before)
