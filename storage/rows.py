"""The two statements that SQLite and PostgreSQL spell alike but SQLAlchemy keeps by dialect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


async def insert_new(connection: AsyncConnection, table: Table, **values: Any) -> bool:
    """Insert a row unless one with the same key is there (any unique key counts). Whether it was new."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    done = await connection.execute(dialect.insert(table).values(values).on_conflict_do_nothing())
    return bool(done.rowcount == 1)


async def insert_all(connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the same columns in one go, without those of which a key is there already."""
    if rows:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        await connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


async def put(connection: AsyncConnection, table: Table, *key: str, **values: Any) -> None:
    """Insert a row, or change the one with the same `key` columns."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    rest = {name: value for name, value in values.items() if name not in key}
    statement = dialect.insert(table).values(values)
    await connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=rest))
