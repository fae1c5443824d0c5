"""Start: the database is made and migrated, and whatever is wrong with it has a name and a mend."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from conftest import KEYS
from people_here import commit, opening, settle
from sqlalchemy import Connection, text, update

from storage.crypto import Keys, Vault
from storage.errors import (
    Locked,
    NewerSchema,
    NoDatabase,
    NoDriver,
    NoFolder,
    ReadOnly,
    StorageError,
    Unreachable,
    WrongKey,
)
from storage.session import SqlStore, make_engine
from storage.tables import meta, metadata

pytestmark = pytest.mark.asyncio


async def refused(url: str, vault: Vault, error: type[StorageError]) -> str:
    """Opening fails with this error, in one line; returns the line."""
    with pytest.raises(error) as caught:
        await SqlStore.open(url, vault, busy=0.2)
    assert type(caught.value) is error and caught.value.__doc__
    line = str(caught.value)
    assert "\n" not in line and len(line) > 20
    return line


def _differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def test_the_migrations_make_the_tables(store: SqlStore) -> None:
    """What the migrations make is exactly what storage.tables tells."""
    async with store._engine.connect() as connection:
        assert await connection.run_sync(_differences) == []


async def test_a_second_start_changes_nothing(url: str, vault: Vault) -> None:
    """A database is made once and found again with everything in it."""
    first = await SqlStore.open(url, vault)
    await settle(first)
    await commit(first, opening("c1"))
    await first.close()
    second = await SqlStore.open(url, Vault(KEYS))
    async with second.work() as work:
        assert len((await work.people.directory()).persons) == 6
        assert await work.cases.for_engine().one("c1") is not None
    await second.close()


async def test_two_programs_may_start_at_once(url: str, vault: Vault) -> None:
    """Whoever comes second waits until the first has made the database."""
    stores = await asyncio.gather(*(SqlStore.open(url, vault) for _ in range(3)))
    for store in stores:
        async with store.work() as work:
            assert await work.cases.for_engine().all() == []
        await store.close()


@pytest.mark.parametrize("name", ["words", "sealed", "index"])
async def test_a_wrong_key_is_noticed_at_start(url: str, vault: Vault, name: str) -> None:
    """Any one of the three keys being another one stops the start."""
    await (await SqlStore.open(url, vault)).close()
    keys = replace(KEYS, **{name: getattr(Keys.fresh(), name)})
    assert "put back the key file" in await refused(url, Vault(keys), WrongKey)


async def test_a_newer_database_is_left_alone(url: str, vault: Vault) -> None:
    """An older program does not touch a database from a later version."""
    store = await SqlStore.open(url, vault)
    async with store._engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await store.close()
    assert "later version" in await refused(url, vault, NewerSchema)


async def test_a_missing_folder(tmp_path: Path, vault: Vault) -> None:
    """A path into nowhere is named before anything is made."""
    assert "make it" in await refused(f"sqlite+aiosqlite:///{tmp_path}/none/a.db", vault, NoFolder)
    assert list(tmp_path.iterdir()) == []


async def test_a_locked_database(tmp_path: Path, vault: Vault) -> None:
    """Another program that holds the file is named instead of waiting for ever."""
    await (await SqlStore.open(f"sqlite+aiosqlite:///{tmp_path}/a.db", vault)).close()
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert "another program" in await refused(f"sqlite+aiosqlite:///{tmp_path}/a.db", vault, Locked)
    other.close()


@pytest.fixture
def plain_user() -> Iterator[Path]:
    """A folder of a user whom file rights bind; root is made `nobody` for the time of the test."""
    folder = Path(tempfile.mkdtemp())
    if os.geteuid() == 0:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    yield folder
    if os.getuid() == 0:
        os.seteuid(0)
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name != "posix", reason="file rights are POSIX's")
async def test_a_read_only_database(plain_user: Path, vault: Vault) -> None:
    """A file or a folder that cannot be written is named, and the file stays as it is."""
    url = f"sqlite+aiosqlite:///{plain_user}/a.db"
    await (await SqlStore.open(url, vault)).close()
    before = (plain_user / "a.db").read_bytes()
    (plain_user / "a.db").chmod(0o400)
    assert "cannot be written" in await refused(url, vault, ReadOnly)
    (plain_user / "a.db").chmod(0o600)
    plain_user.chmod(0o500)
    assert "cannot be written" in await refused(url, vault, ReadOnly)
    assert "cannot be written" in await refused(f"sqlite+aiosqlite:///{plain_user}/b.db", vault, ReadOnly)
    plain_user.chmod(0o700)
    assert (plain_user / "a.db").read_bytes() == before


async def test_what_is_no_database(tmp_path: Path, vault: Vault) -> None:
    """A file of something else, a folder, a cut database, and a URL of nothing are named."""
    (tmp_path / "letter.txt").write_text("dear sir or madam, " * 1000)
    for name in ("letter.txt", ""):
        await refused(f"sqlite+aiosqlite:///{tmp_path}/{name}", vault, NoDatabase)
    for url in ("", "nonsense", "sqlite:///a.db", "nosuch+driver://host/a"):
        await refused(url, vault, NoDatabase)
    store = await SqlStore.open(f"sqlite+aiosqlite:///{tmp_path}/a.db", vault)
    await store.close()
    whole = (tmp_path / "a.db").read_bytes()
    (tmp_path / "a.db").write_bytes(whole[:4096] + b"\0" * 20_000)
    await refused(f"sqlite+aiosqlite:///{tmp_path}/a.db", vault, NoDatabase)


async def test_a_driver_that_is_not_installed(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL without its extra says what to install."""
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    assert "pip install" in await refused("postgresql+asyncpg://localhost/a", vault, NoDriver)


async def test_a_driver_that_is_not_ours(vault: Vault) -> None:
    """PostgreSQL by another driver says which URL to write."""
    assert "postgresql+asyncpg://" in await refused("postgresql+psycopg://localhost/a", vault, NoDatabase)


async def test_a_server_that_does_not_answer(tmp_path: Path, vault: Vault) -> None:
    """A PostgreSQL that is not there is named without its password."""
    url = f"postgresql+asyncpg://me:hushhush@/a?host={tmp_path}"
    assert "hushhush" not in await refused(url, vault, Unreachable)


async def test_a_server_without_the_database(url: str, vault: Vault) -> None:
    """A PostgreSQL that runs but lacks the database is named too."""
    if url.startswith("sqlite"):
        pytest.skip("SQLite makes its database")
    engine = make_engine(url)
    await refused(str(engine.url.set(database="other")), vault, Unreachable)


async def test_a_half_made_check_is_a_wrong_key(store: SqlStore, url: str, vault: Vault) -> None:
    """A check row that was altered counts as a wrong key: nobody writes words that could not be read again."""
    async with store._engine.begin() as connection:
        await connection.execute(update(meta).where(meta.c.name == "sealed").values(secret=b"\x01damaged"))
    await refused(url, vault, WrongKey)
