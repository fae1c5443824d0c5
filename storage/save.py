"""One decision, written whole: the last step of everything that changes a case.

A case is written only onto the state it was decided on: its number of events must be the one before the decision's
first event. Otherwise somebody else was quicker, and `Stale` asks to decide anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.case import Case, Event, Kind
from assistance.decision import Decision
from assistance.ladder import overdue
from assistance.ports import Stale
from storage.chain import chain, last_of
from storage.codec import case_out
from storage.conversations import SqlConversations
from storage.crypto import Vault
from storage.ledger import SqlLedger
from storage.outbox import SqlOutbox
from storage.reports import Reports
from storage.rows import insert_new
from storage.tables import case_sight, cases, events
from storage.visit_plans import SqlVisitPlans
from storage.visits import SqlVisits

_PROJECTION = (
    "receipt",
    "kind",
    "grade",
    "topic",
    "stage",
    "open",
    "level",
    "village",
    "town",
    "county",
    "household",
    "handler",
    "lead",
    "sealed",
    "opened_at",
    "closed_at",
    "seq",
)


def confidential(case: Case) -> bool:
    """Whether state and history tell who reported somebody: a complaint, what is sealed, and the twin of one."""
    return case.sealed or case.kind is Kind.COMPLAINT or case.linked is not None


async def save(
    connection: AsyncConnection, vault: Vault, decision: Decision, due: Mapping[str, datetime | None], now: datetime
) -> None:
    """Events, states with their due times, reports, facts, visits, notices, conversation: all in this transaction.

    `due` tells the due time of each case, None for none; a case it does not name keeps its own. Raises `Stale` when a
    case has moved on since it was read, or when a new id or receipt is taken.
    """
    kept, outbox = Reports(connection, vault), SqlOutbox(connection, vault)
    states = {case.id: case for case in decision.cases}
    digests = chain(vault, await _heads(connection, decision.events), decision.events)
    heads = last_of(digests)
    # Order matters on PostgreSQL: two decisions about the same cases must take them in the same order.
    for case in sorted(states.values(), key=lambda case: case.id):
        first = min((event.seq for event in decision.events if event.case == case.id), default=case.seq + 1)
        await _put_case(connection, vault, case, first - 1, due, heads.get(case.id))
    for case_id in sorted(due.keys() - states.keys()):
        await connection.execute(update(cases).where(cases.c.id == case_id).values(due_at=due[case_id]))

    named = {event.case for event in decision.events} | {report.case for report in decision.reports}
    named |= {case_id for case_id, _ in decision.facts} | {notice.case for notice in decision.notices if notice.case}
    hidden, sealed = await _hidden(connection, states, named)
    accuses = bool(sealed)  # what goes out with an accusation tells by its time who made it
    for event in decision.events:
        await _add_event(connection, vault, event, digests[event.case, event.seq], hidden=event.case in hidden)
    for report in decision.reports:
        if not await kept.put(report, confidential=report.case in hidden):
            raise Stale("a receipt is taken")
    for case_id, found in decision.facts:
        await kept.add_facts(case_id, dict(found), sealed=case_id in sealed)
    for visit in decision.visits:
        await SqlVisits(connection, vault).save(visit, sealed=accuses)
    for plan in decision.plans:
        await SqlVisitPlans(connection).save(plan)
    if decision.lines or decision.ledger_words:
        await SqlLedger(connection, vault).save(decision.entries, decision.lines, dict(decision.ledger_words))
    for notice in decision.notices:
        await outbox.queue(notice, now, sealed=notice.sealed or accuses)
    if decision.conversation is not None:
        await SqlConversations(connection, vault).save(decision.conversation)


async def _heads(connection: AsyncConnection, new: Iterable[Event]) -> dict[str, str | None]:
    """The last digest of the cases that go on. Whoever appends to the same case meanwhile changes its number of
    events: the write of the case notices it."""
    wanted = sorted({event.case for event in new if event.seq > 1})
    rows = await connection.execute(select(cases.c.id, cases.c.head).where(cases.c.id.in_(wanted))) if wanted else ()
    return {row.id: row.head for row in rows}


def projection(case: Case) -> dict[str, Any]:
    """The plain columns of a case's row, as far as they follow from its history."""
    breached = max((one.due for one in case.breaches if one.card != "yellow"), default=None)
    return {name: getattr(case, name) for name in _PROJECTION} | {"late": bool(overdue(case)), "breached_at": breached}


def sight(case: Case) -> set[tuple[str, bool]]:
    """The tokens of a case as rows: who may see it (False) and who never may (True)."""
    return {(token, False) for token in case.seen_by} | {(token, True) for token in case.barred}


async def _put_case(
    connection: AsyncConnection,
    vault: Vault,
    case: Case,
    before: int,
    due: Mapping[str, datetime | None],
    head: str | None,
) -> None:
    values = projection(case)
    if confidential(case):
        values["content"] = vault.lock_json(case_out(case), "cases", "content", case.id, sealed=True)
        values["state"] = None
    else:
        values["content"], values["state"] = None, case_out(case)
    if case.id in due:
        values["due_at"] = due[case.id]
    if head is not None:
        values["head"] = head
    if before == 0:
        written = await insert_new(connection, cases, id=case.id, **values)
    else:
        same = (cases.c.id == case.id) & (cases.c.seq == before)
        written = (await connection.execute(update(cases).where(same).values(**values))).rowcount == 1
    if not written:
        raise Stale("the case moved on")
    await _put_sight(connection, case)


async def _put_sight(connection: AsyncConnection, case: Case) -> None:
    wanted = sight(case)
    rows = await connection.execute(select(case_sight.c.token, case_sight.c.barred).where(case_sight.c.case == case.id))
    known = {(row.token, row.barred) for row in rows}
    for token, barred in known - wanted:
        await connection.execute(
            delete(case_sight).where(
                case_sight.c.case == case.id, case_sight.c.token == token, case_sight.c.barred == barred
            )
        )
    new = [{"case": case.id, "token": token, "barred": barred} for token, barred in sorted(wanted - known)]
    if new:
        await connection.execute(case_sight.insert(), new)


async def _add_event(connection: AsyncConnection, vault: Vault, event: Event, digest: str, *, hidden: bool) -> None:
    values: dict[str, Any] = {"by": event.by, "to": event.to, "data": dict(event.data)}
    if hidden:
        place = ("events", "content", f"{event.case}#{event.seq}")
        values = {"content": vault.lock_json(values, *place, sealed=True)}
    values |= {"at": event.at, "what": event.what, "digest": digest}
    new = await insert_new(connection, events, case=event.case, seq=event.seq, **values)
    if not new:
        raise Stale("the case moved on")


async def _hidden(
    connection: AsyncConnection, states: Mapping[str, Case], named: set[str]
) -> tuple[set[str], set[str]]:
    """Of the cases a decision names: those whose state and history are encrypted, and those that are sealed or
    complaints."""
    hidden = {case.id for case in states.values() if confidential(case)}
    sealed = {case.id for case in states.values() if case.sealed or case.kind is Kind.COMPLAINT}
    rows = await connection.execute(
        select(cases.c.id, cases.c.kind, cases.c.sealed, cases.c.content).where(cases.c.id.in_(named - states.keys()))
    )
    for row in rows:
        if row.content is not None:
            hidden.add(row.id)
        if row.sealed or row.kind == Kind.COMPLAINT:
            sealed.add(row.id)
    return hidden, sealed
