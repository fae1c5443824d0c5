"""Every story is told over both libraries. What costs time and changes nothing is done once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import pytest
import pytest_asyncio
from aiogram.client.session.aiohttp import AiohttpSession
from telegram_here import Here, telegram_here

import bot.build
from bot.readers import RosterReaders
from nlp.model import Model
from regions.pack import Pack


@pytest.fixture(params=["light", "aiogram"])
def library(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest_asyncio.fixture
async def here(tmp_path: Path, library: str) -> AsyncIterator[Here]:
    async with telegram_here(tmp_path, library) as opened:
        yield opened


@pytest.fixture(autouse=True, scope="session")
def haste() -> Iterator[None]:
    """The pack is read once and its reader made once; aiogram need not wait for a farewell over TLS."""
    readers: dict[int, RosterReaders] = {}

    def shared(pack: Pack, model: Model | None) -> RosterReaders:
        return readers.setdefault(id(pack), RosterReaders(pack, model))

    async def close(session: AiohttpSession) -> None:
        if session._session:
            await session._session.close()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bot.build, "read_pack", cache(bot.build.read_pack))
        patched.setattr(bot.build, "RosterReaders", shared)
        patched.setattr(AiohttpSession, "close", close)
        yield
