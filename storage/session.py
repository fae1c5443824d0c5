"""Where units of work come from: the engine for a URL, and `SqlStore`, which fills the port `Store`.

A unit of work is one short transaction on one connection. SQLite gets WAL and BEGIN IMMEDIATE, and its writers queue
up inside the process, so that none spins on the file lock; PostgreSQL locks the rows that are read for change.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Self

from sqlalchemy import URL, StaticPool, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidRequestError, NoSuchModuleError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from assistance.decision import Decision
from assistance.ports import (
    Accesses,
    Anchors,
    Cases,
    Conversations,
    Devices,
    Digests,
    Duties,
    Erasing,
    Examples,
    Followups,
    Inbox,
    Invites,
    Ledger,
    Mailbox,
    Outbox,
    People,
    Stale,
    StoreDown,
    Tries,
    VisitPlans,
    Visits,
)
from storage import opening
from storage.accesses import SqlAccesses
from storage.anchors import SqlAnchors
from storage.cases import SqlCases
from storage.codec import from_json, to_json
from storage.conversations import SqlConversations
from storage.crypto import Vault
from storage.devices import SqlDevices
from storage.digests import SqlDigests
from storage.duties import SqlDuties
from storage.erase import SqlErasing
from storage.errors import NoDatabase, NoDriver
from storage.examples import SqlExamples
from storage.followups import SqlFollowups
from storage.inbox import SqlInbox
from storage.invites import SqlInvites
from storage.ledger import SqlLedger
from storage.mailbox import SqlMailbox
from storage.outbox import SqlOutbox
from storage.people import Roster, SqlPeople
from storage.save import save
from storage.tries import SqlTries
from storage.verify import Checked, Progress, Verifier
from storage.visit_plans import SqlVisitPlans
from storage.visits import SqlVisits

_BUSY = 5.0  # seconds to wait for another program's lock
_DEADLOCK = {"40P01", "40001"}
_COMMON: Mapping[str, Any] = {
    "hide_parameters": True,  # no value of a row in an error text
    "json_serializer": to_json,
    "json_deserializer": from_json,
}
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # a commit that was told survives a power cut
    "foreign_keys = ON",
    "secure_delete = ON",  # words moved under the second key leave no copy under the first
)


def make_engine(url: str, *, busy: float = _BUSY) -> AsyncEngine:
    """An engine for `sqlite+aiosqlite:///file`, `sqlite+aiosqlite://` (in memory) or `postgresql+asyncpg://…`.

    `busy` is how many seconds SQLite waits for another program's lock. Raises `NoDriver`, `NoDatabase`.
    """
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            return _sqlite(address, busy)
        if address.get_driver_name() != "asyncpg":
            raise NoDatabase(
                "this database driver is not served: write postgresql+asyncpg://… or sqlite+aiosqlite:///FILE"
            )
        limits = {"timeout": 10, "command_timeout": 60}  # seconds
        return create_async_engine(address, pool_pre_ping=True, connect_args=limits, **_COMMON)
    except ModuleNotFoundError:
        raise NoDriver("no driver for this database: pip install 'jishiyu[postgres]'") from None
    except (ArgumentError, NoSuchModuleError, InvalidRequestError):
        raise NoDatabase("the database URL is not understood: write sqlite+aiosqlite:///FILE") from None


def _sqlite(address: URL, busy: float) -> AsyncEngine:
    memory = address.database in (None, "", ":memory:")
    options: dict[str, Any] = {"poolclass": StaticPool} if memory else {}
    engine = create_async_engine(address, connect_args={"timeout": busy}, **options, **_COMMON)

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver would begin transactions late, and not IMMEDIATE
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class SqlWork:
    """One unit of work: the ports on one connection."""

    def __init__(self, connection: AsyncConnection, vault: Vault, roster: Roster) -> None:
        self._connection, self._vault = connection, vault
        self._people = SqlPeople(connection, vault, roster)
        self.people: People = self._people
        self.inbox: Inbox = SqlInbox(connection, vault)
        self.cases: Cases = SqlCases(connection, vault)
        self.conversations: Conversations = SqlConversations(connection, vault)
        self.outbox: Outbox = SqlOutbox(connection, vault)
        self.visits: Visits = SqlVisits(connection, vault)
        self.visit_plans: VisitPlans = SqlVisitPlans(connection)
        self.digests: Digests = SqlDigests(connection)
        self.mailbox: Mailbox = SqlMailbox(connection, vault)
        self.devices: Devices = SqlDevices(connection)
        self.invites: Invites = SqlInvites(connection, vault, self._people)
        self.tries: Tries = SqlTries(connection, vault)
        self.duties: Duties = SqlDuties(connection)
        self.followups: Followups = SqlFollowups(connection, vault)
        self.examples: Examples = SqlExamples(connection, vault)
        self.accesses: Accesses = SqlAccesses(connection, vault)
        self.ledger: Ledger = SqlLedger(connection, vault)
        self.erasing: Erasing = SqlErasing(connection, vault, self.people)
        self.anchors: Anchors = SqlAnchors(connection, vault)

    async def save(self, decision: Decision, due: Mapping[str, datetime | None], now: datetime) -> None:
        """Write a decision whole. Raises `Stale` when a case has moved on since it was read."""
        await save(self._connection, self._vault, decision, due, now)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part that can fail alone: what it wrote is undone when the block raises."""
        try:
            async with self._connection.begin_nested():
                yield
        except DBAPIError as error:
            known = _known(error)
            if known is None:
                raise
            raise known from error

    async def verify(self, verifier: Verifier) -> bool:
        """Let a verification go through its next portion; False when it has seen everything."""
        return await verifier.portion(self._connection)

    def committed(self) -> None:
        """The transaction is through: what it changed in memory counts from now on."""
        self._people.committed()


class SqlStore:
    """The port `Store` on SQLite or PostgreSQL. Make it with `SqlStore.open`, end it with `close`."""

    def __init__(self, engine: AsyncEngine, vault: Vault) -> None:
        self._engine, self._vault = engine, vault
        self._roster = Roster()
        self._one_writer = asyncio.Lock() if engine.dialect.name == "sqlite" else None
        self._writing: asyncio.Task[Any] | None = None

    @classmethod
    async def open(cls, url: str, vault: Vault, *, busy: float = _BUSY) -> Self:
        """A store on a database that is made or migrated where needed.

        Raises what `storage.errors` names: `NoFolder`, `ReadOnly`, `Locked`, `NoDatabase`, `Unreachable`, `NoDriver`,
        `NewerSchema`, `WrongKey`.
        """
        engine = make_engine(url, busy=busy)
        try:
            await opening.prepare(engine, vault)
        except BaseException:
            await engine.dispose()
            raise
        return cls(engine, vault)

    async def verify(self, progress: Progress | None = None) -> Checked:
        """Make every chain and every anchor anew and tell what does not fit; `progress` hears how far it is."""
        verifier = Verifier(self._vault, progress)
        more = True
        while more:
            async with self.work() as work:
                more = await work.verify(verifier)
        return verifier.result

    async def close(self) -> None:
        """Give the connections back."""
        await self._engine.dispose()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[SqlWork]:
        """A transaction: committed when the block ends well, rolled back when it raises.

        Raises `StoreDown` when the database cannot be reached or written, `Stale` when two units of work stood in
        each other's way. A unit of work inside another of the same task would wait for itself: `RuntimeError`.
        """
        async with self._turn():
            try:
                connection = await self._engine.connect()
            except Exception as error:  # drivers raise what they like here, and whatever it is, nobody can write
                raise StoreDown(_name(error)) from error
            try:
                async with connection.begin():
                    work = SqlWork(connection, self._vault, self._roster)
                    yield work
                work.committed()
            except DBAPIError as error:
                known = _known(error)
                if known is None:
                    raise
                raise known from error
            finally:
                await connection.close()

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._one_writer is None:
            yield
            return
        if self._writing is not None and self._writing is asyncio.current_task():
            raise RuntimeError("a unit of work inside a unit of work")
        async with self._one_writer:
            self._writing = asyncio.current_task()
            try:
                yield
            finally:
                self._writing = None


def _name(error: Exception) -> str:
    """What happened, without statement, values or address."""
    return type(getattr(error, "orig", None) or error).__name__


def _known(error: DBAPIError) -> Exception | None:
    """The error as the ports know it; None for a mistake of the program."""
    if getattr(error.orig, "sqlstate", None) in _DEADLOCK:
        return Stale("two units of work stood in each other's way")
    return StoreDown(_name(error)) if opening.is_down(error) else None
