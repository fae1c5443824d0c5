"""One decision, written whole: the last step of everything that changes a case.

A case is written only onto the state it was decided on: its number of events must be the one before the decision's
first event. Otherwise somebody else was quicker, and `Stale` asks to decide anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
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
    before = await _before(connection, states.keys() | {event.case for event in decision.events})
    digests = chain(vault, {case: row.head for case, row in before.items()}, decision.events)
    await _put_cases(connection, vault, decision, before, due, last_of(digests))
    for case_id in sorted(due.keys() - states.keys()):
        await connection.execute(update(cases).where(cases.c.id == case_id).values(due_at=due[case_id]))

    named = {event.case for event in decision.events} | {report.case for report in decision.reports}
    named |= {case_id for case_id, _ in decision.facts} | {notice.case for notice in decision.notices if notice.case}
    hidden, sealed = await _hidden(connection, states, named)
    accuses = bool(sealed)  # what goes out with an accusation tells by its time who made it
    rows = [_event(vault, event, digests[event.case, event.seq], event.case in hidden) for event in decision.events]
    if rows:
        await connection.execute(events.insert(), rows)
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
    await outbox.queue(decision.notices, now, accuses=accuses)
    if decision.conversation is not None:
        await SqlConversations(connection, vault).save(decision.conversation)


async def _before(connection: AsyncConnection, wanted: Iterable[str]) -> dict[str, Any]:
    """How far the cases are (`seq`, `head`) that a decision goes on with, locked: nobody else appends to them
    meanwhile. In one order, so that two decisions about the same cases do not wait for each other."""
    query = select(cases.c.id, cases.c.seq, cases.c.head).where(cases.c.id.in_(sorted(wanted)))
    rows = await connection.execute(query.order_by(cases.c.id).with_for_update()) if wanted else ()
    return {row.id: row for row in rows}


def projection(case: Case) -> dict[str, Any]:
    """The plain columns of a case's row, as far as they follow from its history."""
    breached = max((one.due for one in case.breaches if one.card != "yellow"), default=None)
    return {name: getattr(case, name) for name in _PROJECTION} | {"late": bool(overdue(case)), "breached_at": breached}


def sight(case: Case) -> set[tuple[str, bool]]:
    """The tokens of a case as rows: who may see it (False) and who never may (True)."""
    return {(token, False) for token in case.seen_by} | {(token, True) for token in case.barred}


async def _put_cases(
    connection: AsyncConnection,
    vault: Vault,
    decision: Decision,
    before: Mapping[str, Any],
    due: Mapping[str, datetime | None],
    heads: Mapping[str, str],
) -> None:
    """The states, each onto the one that it was decided on; those of the same columns in one statement."""
    states = {case.id: case for case in decision.cases}
    firsts: dict[str, int] = {}
    for event in decision.events:
        firsts[event.case] = min(event.seq, firsts.get(event.case, event.seq))
    changed: dict[frozenset[str], list[dict[str, Any]]] = {}
    for case in sorted(states.values(), key=lambda case: case.id):
        values, known = _row(vault, case, due, heads.get(case.id)), before.get(case.id)
        if firsts.get(case.id) == 1:
            if known is not None or not await insert_new(connection, cases, id=case.id, **values):
                raise Stale("the id is taken")
            continue
        if known is None or known.seq != firsts.get(case.id, case.seq + 1) - 1:
            raise Stale("the case moved on")
        changed.setdefault(frozenset(values), []).append({"this": case.id, **values})
    for rows in changed.values():
        await connection.execute(update(cases).where(cases.c.id == bindparam("this")), rows)
    await _put_sight(connection, states)


def _row(vault: Vault, case: Case, due: Mapping[str, datetime | None], head: str | None) -> dict[str, Any]:
    values = projection(case) | {"content": None, "state": None}
    if confidential(case):
        values["content"] = vault.lock_json(case_out(case), "cases", "content", case.id, sealed=True)
    else:
        values["state"] = case_out(case)
    if case.id in due:
        values["due_at"] = due[case.id]
    if head is not None:
        values["head"] = head
    return values


async def _put_sight(connection: AsyncConnection, states: Mapping[str, Case]) -> None:
    if not states:
        return
    wanted = {(case.id, *one) for case in states.values() for one in sight(case)}
    rows = await connection.execute(select(case_sight).where(case_sight.c.case.in_(states)))
    known = {(row.case, row.token, row.barred) for row in rows}
    for case, token, barred in known - wanted:
        gone = (case_sight.c.case == case) & (case_sight.c.token == token) & (case_sight.c.barred == barred)
        await connection.execute(delete(case_sight).where(gone))
    new = [{"case": case, "token": token, "barred": barred} for case, token, barred in sorted(wanted - known)]
    if new:
        await connection.execute(case_sight.insert(), new)


def _event(vault: Vault, event: Event, digest: str, hidden: bool) -> dict[str, Any]:
    plain: dict[str, Any] = {"by": event.by, "to": event.to, "data": dict(event.data)}
    row = {"case": event.case, "seq": event.seq, "at": event.at, "what": event.what, "digest": digest, "content": None}
    if not hidden:
        return row | plain
    place = ("events", "content", f"{event.case}#{event.seq}")
    locked = vault.lock_json(plain, *place, sealed=True)
    return row | {"by": None, "to": None, "data": None, "content": locked}


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
