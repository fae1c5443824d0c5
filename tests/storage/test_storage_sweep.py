"""The sweep on both databases: what one case cannot do stops no other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from people_here import settle
from sqlalchemy import text, update

from assistance.climb import fall_due
from assistance.ports import Stale, StoreDown
from benchmarks.desk import office_on
from benchmarks.filling import DUE, fill_due
from handlers import sweep as sweeping
from handlers.office import Office
from handlers.sweep import sweep
from storage.crypto import Vault
from storage.session import SqlStore
from storage.tables import cases

pytestmark = pytest.mark.asyncio


@contextmanager
def _spoilt(case: str, error: Exception) -> Iterator[None]:
    """A rule that stumbles over one case."""

    def stumbles(one: Any, *rest: Any) -> Any:
        if one.id == case:
            raise error
        return fall_due(one, *rest)

    with patch.object(sweeping, "fall_due", stumbles):
        yield


async def _office(store: SqlStore, vault: Vault, folder: Path, alarms: list[tuple[str, str]]) -> Office:
    """An office with 120 cases due: more than one transaction takes."""
    await settle(store)
    await fill_due(store._engine, vault, 120)

    def alarm(event: str, **ids: Any) -> None:
        alarms.append((event, ids["case"]))

    return await office_on(store, vault, folder, alarm)


async def _climbed(store: SqlStore) -> dict[str, int]:
    async with store.work() as work:
        return {case.id: case.seq for case in await work.cases.for_engine().all()}


async def test_every_due_case_takes_its_step_once(store: SqlStore, vault: Vault, tmp_path: Path) -> None:
    """All of them climb in one sweep, each with one event, and a second sweep finds nothing."""
    alarms: list[tuple[str, str]] = []
    office = await _office(store, vault, tmp_path, alarms)
    assert await sweep(office, DUE) == 120
    assert set((await _climbed(store)).values()) == {2}
    assert await sweep(office, DUE) == 0 and alarms == []


async def test_a_poisoned_case_stops_no_other(store: SqlStore, vault: Vault, tmp_path: Path) -> None:
    """A case whose rules stumble, and one whose row cannot be read, are parked and told by their ids; the others climb,
    and the next sweep tries again."""
    alarms: list[tuple[str, str]] = []
    office = await _office(store, vault, tmp_path, alarms)
    async with store._engine.begin() as connection:
        await connection.execute(update(cases).where(cases.c.id == "d0000070").values(state={"id": "?"}))
    with _spoilt("d0000003", ZeroDivisionError("words of a person")):
        assert await sweep(office, DUE) == 120
    assert alarms == [("case_parked", "d0000003"), ("case_parked", "d0000070")]
    async with store._engine.connect() as connection:
        waiting = set(await connection.scalars(text("SELECT id FROM cases WHERE seq = 1")))
    assert waiting == {"d0000003", "d0000070"}
    assert await sweep(office, DUE) == 2
    assert alarms[2:] == [("case_parked", "d0000070")]


async def test_a_case_that_moved_on_is_left_for_the_next_sweep(store: SqlStore, vault: Vault, tmp_path: Path) -> None:
    """Somebody was quicker: no alarm, nothing written of it, the others climb."""
    alarms: list[tuple[str, str]] = []
    office = await _office(store, vault, tmp_path, alarms)
    with _spoilt("d0000003", Stale()):
        assert await sweep(office, DUE) == 120
    climbed = await _climbed(store)
    assert climbed.pop("d0000003") == 1 and set(climbed.values()) == {2} and alarms == []


async def test_a_store_that_goes_away_ends_the_sweep(store: SqlStore, vault: Vault, tmp_path: Path) -> None:
    """What is not committed is as before, and nobody is called poisoned for it."""
    alarms: list[tuple[str, str]] = []
    office = await _office(store, vault, tmp_path, alarms)
    with _spoilt("d0000003", StoreDown()), pytest.raises(StoreDown):
        await sweep(office, DUE)
    assert set((await _climbed(store)).values()) == {1} and alarms == []


async def test_a_case_still_due_after_its_step_is_looked_at_once(store: SqlStore, vault: Vault, tmp_path: Path) -> None:
    """A sweep ends even where a case is due again at once."""
    office = await _office(store, vault, tmp_path, [])
    with patch.object(sweeping, "_later", lambda *_: set()):
        async with asyncio.timeout(30):
            assert await sweep(office, DUE) == 120
