"""Many at once: workers of one program and of several, and a database that goes away in the middle."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import KEYS
from people_here import EVERYBODY, HOUR, NOW, commit, moved, opening, said, settle, spread
from postgres_server import Server
from sqlalchemy import text

from assistance.case import What
from assistance.decision import Conversation, Decision, Notice
from assistance.directory import Person, Role
from assistance.ports import StoreDown
from storage.crypto import Vault
from storage.session import SqlStore

pytestmark = pytest.mark.asyncio


async def test_changes_of_one_case_queue_up(store: SqlStore) -> None:
    """Twenty workers who read a case for change and change it all get through, one after the other."""
    await commit(store, opening("c1"))

    async def progress() -> None:
        async with store.work() as work:
            case = await work.cases.for_engine().one("c1")
            assert case is not None
            await asyncio.sleep(0.001)
            await work.save(moved(case, What.PROGRESSED), {}, NOW)

    await asyncio.gather(*(progress() for _ in range(20)))
    async with store.work() as work:
        case = await work.cases.for_engine().one("c1")
        assert case is not None and case.seq == 21
        assert [event.seq for event in await work.cases.for_engine().history("c1")] == list(range(1, 22))


async def test_one_person_is_served_in_order(store: SqlStore) -> None:
    """Two messages of somebody new, read by two workers at once, both count in the conversation."""

    async def answer(number: int) -> None:
        async with store.work() as work:
            before = await work.conversations.of("li")
            await asyncio.sleep(0.001)
            choices = (*before.choices, (str(number), "x"))
            await work.save(Decision(conversation=Conversation("li", choices=choices)), {}, NOW)

    await asyncio.gather(*(answer(number) for number in range(10)))
    async with store.work() as work:
        assert sorted(int(label) for label, _ in (await work.conversations.of("li")).choices) == list(range(10))


async def test_two_workers_never_claim_the_same_parcel(store: SqlStore) -> None:
    """Workers that claim at the same moment share the parcels out, each one to one worker, none left over."""
    await settle(store)
    notices = tuple(Notice("county:370404", f"step{number}", case="c1") for number in range(10))
    await commit(store, opening("c1") + Decision(notices=notices))
    async with store.work() as work:
        await spread(work, *(person.id for person in EVERYBODY))
    claimed: list[str] = []

    async def claim() -> None:
        while True:
            async with store.work() as work:
                parcels = await work.outbox.waiting(NOW, 5)
                await asyncio.sleep(0.002)  # the others look while this one has not committed
            if not parcels:
                return
            claimed.extend(parcel.id for parcel in parcels)

    await asyncio.gather(*(claim() for _ in range(4)))
    async with store.work() as work:  # whoever found all of them locked by others went home
        claimed.extend(parcel.id for parcel in await work.outbox.waiting(NOW, 100))
    assert len(claimed) == len(set(claimed)) == 11 * len(EVERYBODY)


async def test_workers_of_postgres_do_not_wait_for_each_other(server: Server, vault: Vault) -> None:
    """While one worker holds notices, parcels and due cases, another one gets other ones at once."""
    store = await SqlStore.open(server.new_database(), vault)
    await settle(store)
    for number in range(4):
        await commit(store, opening(f"c{number}"), **{f"c{number}": NOW})
    async with store.work() as one, store.work() as two, asyncio.timeout(5):
        assert await one.cases.for_engine().due(NOW, 2) == ["c0", "c1"]
        assert await two.cases.for_engine().due(NOW, 9) == ["c2", "c3"]
        mine, theirs = await one.outbox.queued(NOW, 3), await two.outbox.queued(NOW, 9)
        assert [notice.case for _, notice in mine] == ["c0", "c1", "c2"]
        assert [notice.case for _, notice in theirs] == ["c3"]
    async with store.work() as work:
        await spread(work, "wang")
    async with store.work() as one, store.work() as two, asyncio.timeout(5):
        assert len(await one.outbox.waiting(NOW, 3)) == 3
        assert len(await two.outbox.waiting(NOW, 9)) == 1
    await store.close()


async def test_a_second_worker_does_not_overtake(server: Server, vault: Vault) -> None:
    """A person's second reply is not given to another worker while the first one is being claimed or sent."""
    store = await SqlStore.open(server.new_database(), vault)
    await settle(store)
    replies = tuple(Notice("person:li", f"reply#{number}", "reply", text=str(number)) for number in range(3))
    await commit(store, Decision(notices=replies))
    async with store.work() as work:
        await spread(work, "li")
    async with store.work() as one, store.work() as two:
        (first,) = await one.outbox.waiting(NOW, 1)
        assert await two.outbox.waiting(NOW, 9) == []
    async with store.work() as work:
        assert await work.outbox.waiting(NOW, 9) == []
        await work.outbox.delivered(first.id, NOW, ())
        assert [parcel.text for parcel in await work.outbox.waiting(NOW, 9)] == ["1", "2"]
    await store.close()


async def test_two_programs_enrol_at_once(server: Server, vault: Vault) -> None:
    """Somebody who was enrolled elsewhere while this program waited its turn is not missing from its directory."""
    url = server.new_database()
    first, second = await SqlStore.open(url, vault), await SqlStore.open(url, vault)
    await settle(first)

    async def enrol_after_the_first() -> None:
        async with second.work() as work:
            await work.people.enroll(Person("b", Role.RESIDENT), "web", "b")
            assert {"a", "b"} <= (await work.people.directory()).persons.keys()

    async with first.work() as work:
        await work.people.enroll(Person("a", Role.RESIDENT), "web", "a")
        waiting = asyncio.create_task(enrol_after_the_first())
        await asyncio.sleep(0.3)
        assert not waiting.done()
    await waiting
    for store in (first, second):
        async with store.work() as work:
            assert {"a", "b", "li"} <= (await work.people.directory()).persons.keys()
        await store.close()


async def test_a_unit_of_work_inside_another_is_refused(tmp_path: Path, vault: Vault) -> None:
    """On SQLite it would wait for itself, so it says so."""
    store = await SqlStore.open(f"sqlite+aiosqlite:///{tmp_path}/a.db", vault)
    async with store.work():
        with pytest.raises(RuntimeError, match="inside"):
            async with store.work():
                pass
    async with store.work() as work:
        assert await work.inbox.unanswered(1) == []
    await store.close()


async def test_a_cancelled_unit_of_work_leaves_nothing(store: SqlStore) -> None:
    """A unit of work that is cut off in the middle is rolled back and the next one goes on."""

    async def slow() -> None:
        async with store.work() as work:
            await work.inbox.keep(said(1))
            await asyncio.sleep(60)

    task = asyncio.create_task(slow())
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.work() as work:
        assert await work.inbox.unanswered(9) == []
        assert await work.inbox.keep(said(1))


async def test_a_database_that_is_held_by_another_program(tmp_path: Path, vault: Vault) -> None:
    """While somebody else holds the file the store is down, afterwards it goes on by itself."""
    store = await SqlStore.open(f"sqlite+aiosqlite:///{tmp_path}/a.db", vault, busy=0.1)
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreDown):
        async with store.work() as work:
            await work.inbox.keep(said(1))
    other.close()
    async with store.work() as work:
        assert await work.inbox.keep(said(1))
    await store.close()


async def test_a_server_that_goes_away(server: Server, vault: Vault) -> None:
    """A connection cut in the middle, and a database that is gone, are the store being down; it goes on by itself when
    the server does."""
    url = server.new_database()
    store = await SqlStore.open(url, vault)
    killer = await SqlStore.open(server.new_database(), vault)
    name = url.partition("?")[0].rpartition("/")[2]

    async def kill(statement: str) -> None:
        async with killer._engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text(statement))

    with pytest.raises(StoreDown) as caught:
        async with store.work() as work:
            await kill(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
            await work.inbox.keep(said(1))
    assert name not in str(caught.value)
    async with store.work() as work:
        assert await work.inbox.keep(said(1))
    await kill(f"DROP DATABASE {name} WITH (FORCE)")
    with pytest.raises(StoreDown):
        async with store.work() as work:
            await work.inbox.keep(said(2))
    await store.close()
    await killer.close()


_WRITER = """
import asyncio, sys
sys.path[:0] = [{root!r}, {here!r}]
from people_here import said
from storage.crypto import Keys, Vault
from storage.session import SqlStore

async def main():
    store = await SqlStore.open({url!r}, Vault(Keys.parse({keys!r})))
    for number in range(100_000):
        async with store.work() as work:
            await work.inbox.keep(said(number))
        print(number, flush=True)

asyncio.run(main())
"""


def _killed_writer(program: str) -> list[int]:
    """Run a program until it was killed in the middle; the numbers it told as kept."""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(20)]
        time.sleep(0.05)
        writer.send_signal(signal.SIGKILL)
        return told + [int(line) for line in writer.stdout.read().split()]


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
async def test_a_killed_program_loses_nothing_it_said(tmp_path: Path, vault: Vault) -> None:
    """What was told to be kept before SIGKILL is there at the next start, once and in order."""
    url, here = f"sqlite+aiosqlite:///{tmp_path}/a.db", Path(__file__).parent
    program = _WRITER.format(root=str(here.parents[1]), here=str(here), url=url, keys=KEYS.text())
    told = await asyncio.to_thread(_killed_writer, program)
    store = await SqlStore.open(url, vault)
    async with store.work() as work:
        kept = [int(message.id[1:]) for message in await work.inbox.unanswered(100_000)]
    assert kept[: len(told)] == told and len(kept) - len(told) in (0, 1)
    await store.close()


async def test_many_at_once(store: SqlStore) -> None:
    """A hundred messages at the same moment are all kept, without an error and without waiting for a lock to time out."""

    async def keep(number: int) -> None:
        async with store.work() as work:
            assert await work.inbox.keep(said(number))

    async with asyncio.timeout(20):
        await asyncio.gather(*(keep(number) for number in range(100)))
    async with store.work() as work:
        assert len(await work.inbox.unanswered(1000)) == 100
        assert await work.outbox.next_try() is None and NOW < NOW + HOUR
