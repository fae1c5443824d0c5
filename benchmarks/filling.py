"""Databases full of open cases, written in bulk through storage's own tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import literal, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from assistance.case import Event, What
from assistance.evolve import fold
from storage.chain import chain
from storage.codec import case_out
from storage.crypto import Vault
from storage.save import projection, sight
from storage.tables import case_sight, cases, events

OPENED = datetime(2026, 11, 19, 1, 0, tzinfo=UTC)  # a Thursday, nine o'clock in Shanghai
DUE = OPENED + timedelta(hours=2)  # an E1 that nobody has accepted climbs to the town
_FAR = OPENED + timedelta(days=300)
_PORTION = 100_000  # rows copied by one statement
_TOKENS = ["village:370404104247", "town:370404104", "county:370404", "department:civil_affairs", "city:370400"]


async def fill_due(engine: AsyncEngine, vault: Vault, count: int, *, prefix: str = "d", due: datetime = DUE) -> None:
    """So many open cases of grade E1 that fall due at one moment, each with its history and those who see it."""
    data = {
        "kind": "hardship",
        "grade": "E1",
        "topic": "医疗",
        "cause": "因病",
        "received_at": OPENED.isoformat(),
        "rules": "bench",
        "county": "370404",
        "village": "370404104247",
        "town": "370404104",
        "lead": "civil_affairs",
        "level": "village",
        "desk": _TOKENS[0],
        "told": _TOKENS[:1],
        "seen_by": _TOKENS,
        "barred": [],
    }
    rows: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    seen: list[dict[str, Any]] = []
    for number in range(count):
        key = f"{prefix}{number:07d}"
        event = Event(key, 1, OPENED, What.OPENED, data={**data, "receipt": f"{prefix}{number:07d}"})
        case, digest = fold([event]), chain(vault, {}, [event])[key, 1]
        rows.append({"id": key, **projection(case), "due_at": due, "head": digest, "state": case_out(case)})
        plain = {"by": event.by, "to": event.to, "data": dict(event.data)}
        lines.append({"case": key, "seq": 1, "at": OPENED, "what": event.what, "digest": digest, **plain})
        seen += [{"case": key, "token": token, "barred": barred} for token, barred in sight(case)]
    async with engine.begin() as connection:
        for table, found in ((cases, rows), (events, lines), (case_sight, seen)):
            await connection.execute(table.insert(), found)


async def fill_open(engine: AsyncEngine, vault: Vault, count: int) -> None:
    """So many open cases that are due much later, each on its own minute, copied inside the database from one."""
    await fill_due(engine, vault, 1, prefix="far", due=_FAR)
    for first in range(1, count + 1, _PORTION):
        await _copy(engine, first, min(count, first + _PORTION - 1))
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("ANALYZE"))


async def _copy(engine: AsyncEngine, first: int, last: int) -> None:
    async with engine.begin() as connection:
        numbers = _numbers(connection, first, last)
        key = literal("m").concat(numbers.c.n)
        special = {"id": key, "receipt": key, "due_at": _minute(connection, numbers.c.n)}
        for table, own in ((cases, special), (events, {"case": key}), (case_sight, {"case": key})):
            mine = table.c.id if table is cases else table.c.case
            columns = [own.get(column.name, column).label(column.name) for column in table.columns]
            source = select(*columns).select_from(table.join(numbers, literal_column("1 = 1")))
            names = [column.name for column in table.columns]
            await connection.execute(table.insert().from_select(names, source.where(mine == "far0000000")))


def _numbers(connection: AsyncConnection, first: int, last: int) -> Any:
    if connection.dialect.name == "postgresql":
        words = f"SELECT n FROM generate_series({first}, {last}) AS n"
    else:
        words = (
            f"WITH RECURSIVE s(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM s WHERE n < {last}) SELECT n FROM s"
        )
    return text(words).columns(literal_column("n")).subquery("numbers")


def _minute(connection: AsyncConnection, number: Any) -> Any:
    """A moment far away, another for each number."""
    if connection.dialect.name == "postgresql":
        return literal(_FAR) + number * text("INTERVAL '1 minute'").self_group()
    return literal_column(f"strftime('%Y-%m-%d %H:%M:%f000', '{_FAR:%Y-%m-%d %H:%M:%S}', '+' || n || ' minutes')")
