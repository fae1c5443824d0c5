"""Somebody with a database client who goes around the program."""

from __future__ import annotations

from sqlalchemy import text

from storage.session import SqlStore


async def by_hand(store: SqlStore, *statements: str) -> None:
    """SQL typed by somebody who may do everything in the database but has no keys."""
    sqlite = store._engine.dialect.name == "sqlite"
    async with store._engine.connect() as connection:
        if sqlite:
            await connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            for name in ("events", "ledger_events"):
                for verb in ("update", "delete"):
                    await connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}_no_{verb}")
            await connection.commit()
        else:
            await connection.exec_driver_sql("SET session_replication_role = replica")
        for statement in statements:
            await connection.execute(text(statement))
        await connection.commit()
        if sqlite:
            await connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        else:
            await connection.exec_driver_sql("SET session_replication_role = DEFAULT")
            await connection.commit()
