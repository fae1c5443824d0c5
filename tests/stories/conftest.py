"""One village for each story."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from village import Village, village


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[Village]:
    """A village on a Thursday morning at eight, with nothing open."""
    async with village(tmp_path) as opened:
        yield opened
