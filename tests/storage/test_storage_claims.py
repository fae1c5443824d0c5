"""What workers take for themselves: messages to answer, and daily messages that were made."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from people_here import NOW, commit, opening, said, settle
from postgres_server import Server

from storage.crypto import Vault
from storage.session import SqlStore

pytestmark = pytest.mark.asyncio


async def test_a_message_is_answered_by_one_worker(store: SqlStore) -> None:
    """Of ten workers that want to answer a message at the same moment one gets it; afterwards nobody does."""
    async with store.work() as work:
        await work.inbox.keep(said(1))
    answered: list[int] = []

    async def answer(number: int) -> None:
        async with store.work() as work:
            if await work.inbox.claim("m1"):
                await asyncio.sleep(0.01)
                await work.inbox.answered("m1", sealed=False)
                answered.append(number)

    await asyncio.gather(*(answer(number) for number in range(10)))
    assert len(answered) == 1
    async with store.work() as work:
        assert not await work.inbox.claim("m1")
        assert not await work.inbox.claim("unknown")


async def test_a_claim_that_fails_is_another_workers(store: SqlStore) -> None:
    """Whoever stumbles while answering leaves the message to the next one."""
    async with store.work() as work:
        await work.inbox.keep(said(1))
    with pytest.raises(ZeroDivisionError):
        async with store.work() as work:
            assert await work.inbox.claim("m1")
            raise ZeroDivisionError
    async with store.work() as work:
        assert await work.inbox.claim("m1")


async def test_reading_a_case_does_not_wait_for_whoever_changes_it(server: Server, vault: Vault) -> None:
    """A sender looks at a case that a sweep holds, and sees it as it was committed last."""
    store = await SqlStore.open(server.new_database(), vault)
    await settle(store)
    await commit(store, opening("c1"))
    async with store.work() as one, store.work() as two, asyncio.timeout(5):
        assert [case.id for case in await one.cases.for_engine().some(["c1", "unknown"])] == ["c1"]
        seen = await two.cases.for_engine().look("c1")
        assert seen is not None and seen.seq == 1
        assert await two.cases.for_engine().due(NOW + timedelta(days=9), 5) == []
    await store.close()


async def test_daily_messages_that_were_made(store: SqlStore) -> None:
    """Those persons count for whom the slot or a later one was made, of this kind alone."""
    day = timedelta(days=1)
    async with store.work() as work:
        for person, kind, slot in (
            ("a", "todo", NOW),
            ("b", "todo", NOW - day),
            ("c", "digest", NOW),
            ("d", "todo", NOW),
        ):
            assert await work.digests.mark(kind, person, slot)
        assert await work.digests.made("todo", ["a", "b", "c"], NOW) == {"a"}
        assert await work.digests.made("todo", ["a", "b"], NOW - day) == {"a", "b"}
        assert await work.digests.made("todo", [], NOW) == frozenset()
