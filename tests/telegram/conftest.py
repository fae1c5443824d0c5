"""Every story is told over both libraries."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from telegram_here import Here, telegram_here


@pytest.fixture(params=["light", "aiogram"])
def library(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest_asyncio.fixture
async def here(tmp_path: Path, library: str) -> AsyncIterator[Here]:
    async with telegram_here(tmp_path, library) as opened:
        yield opened
