"""What happens once at start: the database is made or migrated, and the keys are held against their check rows.

Whatever is wrong becomes one of the named errors of `storage.errors`, with one line for the operator.
"""

from __future__ import annotations

import os
from contextlib import aclosing
from datetime import datetime
from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.crypto import Vault
from storage.errors import (
    DamagedValue,
    Locked,
    NewerSchema,
    NoDatabase,
    NoFolder,
    ReadOnly,
    StorageError,
    Unreachable,
    WrongKey,
)
from storage.tables import meta

_MIGRATIONS = Path(__file__).parent / "migrations"
_START_LOCK = 736_248  # any number: two programs that start at once migrate one after the other


async def prepare(engine: AsyncEngine, vault: Vault) -> None:
    """Make or migrate the database and check the keys, in one transaction. Raises the errors of `storage.errors`."""
    file = _file(engine)
    if file is not None:
        _make_file(file)
    try:
        async with aclosing(await _connect(engine, file)) as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({_START_LOCK})"))
            await connection.run_sync(_migrate, vault)
            await connection.run_sync(_check_keys, vault)
    except DBAPIError as error:
        raise _named(error, file) from error


async def _connect(engine: AsyncEngine, file: Path | None) -> AsyncConnection:
    try:
        return await engine.connect()
    except DBAPIError as error:
        raise _named(error, file) from error
    except Exception as error:  # drivers raise what they like here
        why = type(error).__name__
        raise Unreachable(f"the database does not answer ({why}): check that it runs, host, port, sign-in") from error


def _file(engine: AsyncEngine) -> Path | None:
    database = engine.url.database
    if engine.dialect.name != "sqlite" or database in (None, "", ":memory:"):
        return None
    return Path(str(database))


def _make_file(file: Path) -> None:
    """SQLite would make the file readable by everybody; its -wal and -shm take the mode of the file."""
    if not file.parent.is_dir():
        raise NoFolder(f"the folder {file.parent} is missing: make it, or mend the database path in the settings")
    try:
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except IsADirectoryError:
        raise NoDatabase(f"{file} is a folder: mend the database path in the settings") from None
    except OSError:
        raise ReadOnly(
            f"{file} cannot be written: give the program's user the right to write file and folder"
        ) from None


def _config(connection: Connection, vault: Vault) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["vault"] = vault  # what happened before the history was chained is chained when it migrates
    return config


def _migrate(connection: Connection, vault: Vault) -> None:
    config = _config(connection, vault)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    heads = MigrationContext.configure(connection).get_current_heads()
    if set(heads) - known:
        raise NewerSchema("the database is from a later version of this program: install that one, or restore a backup")
    command.upgrade(config, "head")


async def how_new(engine: AsyncEngine, vault: Vault) -> Literal["new", "older", "current", "newer"]:
    """Which version the database is of, beside this program's; nothing is changed. Raises `StorageError`."""
    file = _file(engine)
    try:
        async with aclosing(await _connect(engine, file)) as connection:
            return await connection.run_sync(_compare, vault)
    except DBAPIError as error:
        raise _named(error, file) from error


async def server_clock(engine: AsyncEngine) -> datetime | None:
    """The time of a database server; None for SQLite, which has none of its own. Raises `StorageError`."""
    if engine.dialect.name == "sqlite":
        return None
    async with aclosing(await _connect(engine, None)) as connection:
        found: datetime = (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()
        return found


def _compare(connection: Connection, vault: Vault) -> Literal["new", "older", "current", "newer"]:
    scripts = ScriptDirectory.from_config(_config(connection, vault))
    heads = set(MigrationContext.configure(connection).get_current_heads())
    if not heads:
        return "new"
    if heads == set(scripts.get_heads()):
        return "current"
    return "older" if heads <= {script.revision for script in scripts.walk_revisions()} else "newer"


def _check_keys(connection: Connection, vault: Vault) -> None:
    """The first start writes a check of each key, every later one reads them; the write proves that one may."""
    checks = {row.name: row.secret for row in connection.execute(select(meta))}
    if "roster" not in checks:
        connection.execute(meta.insert().values(name="roster", number=0))
        for name in ("words", "sealed"):
            secret = vault.lock(name, "meta", "secret", name, sealed=name == "sealed")
            connection.execute(meta.insert().values(name=name, number=0, secret=secret))
        connection.execute(meta.insert().values(name="index", number=0, secret=vault.index("check").encode()))
        return
    connection.execute(meta.update().where(meta.c.name == "roster").values(number=meta.c.number))
    try:
        right = all(vault.open(checks[name], "meta", "secret", name) == name for name in ("words", "sealed"))
    except (DamagedValue, WrongKey):
        right = False
    if not right or checks["index"] != vault.index("check").encode():
        raise WrongKey("the keys are not those of this database: put back the key file that was in use with it")


def is_down(error: DBAPIError) -> bool:
    """Whether the database cannot be reached or written, rather than asked wrongly."""
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:  # PostgreSQL: connection, resources, operator, read-only, sign-in, system
        return str(state)[:2] in {"08", "53", "57", "28", "58", "XX"} or state in {"25006", "3D000", "55P03"}
    name, words = type(error.orig).__name__, str(error.orig).lower()
    return name in {"OperationalError", "DatabaseError", "InterfaceError"} and "no such" not in words


def _named(error: DBAPIError, file: Path | None) -> StorageError | DBAPIError:
    words = str(error.orig).lower()
    if file is None:
        if not is_down(error):
            return error
        return Unreachable("the database server refuses (sign-in, rights or disk): check the settings and its log")
    if "readonly" in words or "unable to open" in words:
        return ReadOnly(f"{file} cannot be written: give the program's user the right to write file and folder")
    if "locked" in words or "busy" in words:
        return Locked(f"another program holds {file}: stop it and start again")
    if "not a database" in words or "malformed" in words or "disk i/o" in words:
        return NoDatabase(f"{file} is damaged or no database: mend the path, or restore a backup")
    return error
