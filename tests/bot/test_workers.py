"""Several workers on one PostgreSQL, and SIGKILL at any moment."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from benchmarks.workers import compare
from tests.storage.postgres_server import postgres

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")


def test_killed_workers_lose_nothing_and_tell_nothing_twice(tmp_path: Path) -> None:
    """Two workers killed again and again: every history is that of a run without kills, every notice of it reached its
    person, and only what a kill cut off between hand-over and mark came a second time."""
    with postgres() as server:
        urls = [server.new_database() for _ in range(2)]
        calm, killed = asyncio.run(compare(tmp_path, urls, people=12, workers=2, moments=3, kills=3, seed=7))
    assert killed.kills == 12 and len(calm.histories) == 12
    assert killed.histories == calm.histories
    assert set(calm.delivered.values()) == {1}
    assert killed.delivered == calm.delivered
    assert killed.undelivered == killed.repeated_marked == 0
    assert killed.repeated <= killed.kills
    assert killed.alarms == []
