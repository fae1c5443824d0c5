"""What stood in a database before its history was chained: chained once, in the migration that adds the digests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, text, update
from sqlalchemy import select as select_from

from assistance.case import Event, What
from storage.chain import link
from storage.crypto import Vault
from storage.tables import cases, events

_APPEND_ONLY = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'"


def chain_what_is_there(connection: Connection, vault: Vault) -> None:
    """Give every event of every case its digest, every case its head; the history may be written for just this."""
    columns = (events.c.case, events.c.seq, events.c.at, events.c.what, events.c.by, events.c.to, events.c.data)
    query = select_from(*columns, events.c.content).order_by(events.c.case, events.c.seq)
    rows: Sequence[Any] = connection.execute(query).all()
    if not rows:
        return
    triggers = _open(connection)
    last: dict[str, str] = {}
    for row in rows:
        digest = last[row.case] = link(vault, last.get(row.case), _event(row, vault))
        this = (events.c.case == row.case) & (events.c.seq == row.seq)
        connection.execute(update(events).where(this).values(digest=digest))
    for case, head in last.items():
        connection.execute(update(cases).where(cases.c.id == case).values(head=head))
    _close(connection, triggers)


def _event(row: Row[Any], vault: Vault) -> Event:
    hidden = {"by": row.by, "to": row.to, "data": row.data}
    if row.content is not None:
        hidden = vault.open_json(row.content, "events", "content", f"{row.case}#{row.seq}")
    return Event(case=row.case, seq=row.seq, at=row.at, what=What(row.what), **hidden)


def _open(connection: Connection) -> list[tuple[str, str]]:
    """Lift the triggers that keep the history append-only; all of this is one transaction."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("ALTER TABLE events DISABLE TRIGGER events_append_only"))
        return []
    triggers = [(row.name, row.sql) for row in connection.execute(text(_APPEND_ONLY))]
    for name, _ in triggers:
        connection.execute(text(f"DROP TRIGGER {name}"))
    return triggers


def _close(connection: Connection, triggers: list[tuple[str, str]]) -> None:
    if connection.dialect.name != "sqlite":
        connection.execute(text("ALTER TABLE events ENABLE TRIGGER events_append_only"))
    for _, sql in triggers:
        connection.execute(text(sql))
