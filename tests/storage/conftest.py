"""Shared fixtures: a store on a SQLite file and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from postgres_server import Server, postgres

from storage.crypto import Keys, Vault
from storage.session import SqlStore

KEYS = Keys.fresh()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A running PostgreSQL; skips where this machine cannot start one."""
    with ExitStack() as stack:
        try:
            running = stack.enter_context(postgres())
        except Exception as error:  # noqa: BLE001 - whatever keeps it from starting is the reason that is shown
            pytest.skip(f"no PostgreSQL can be started here: {type(error).__name__}: {error}")
        yield running


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new database of either kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'jishiyu.db'}"
    return str(request.getfixturevalue("server").new_database())


@pytest.fixture
def vault() -> Vault:
    """The keys of this run."""
    return Vault(KEYS)


@pytest_asyncio.fixture
async def store(url: str, vault: Vault) -> AsyncIterator[SqlStore]:
    """An open store on an empty database of either kind."""
    opened = await SqlStore.open(url, vault, busy=0.5)
    yield opened
    await opened.close()
