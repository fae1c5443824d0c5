"""What a sweep costs when a hundred cases are due: among a million open ones, and among ten thousand."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.desk import office_on
from benchmarks.filling import DUE, fill_due, fill_open
from handlers.office import Office
from handlers.sweep import sweep
from storage.crypto import Keys, Vault
from storage.session import SqlStore, make_engine

_DUE, _TIMES = 100, 9


async def measure(urls: Mapping[int, str], folder: Path) -> dict[int, float]:
    """Seconds of a sweep by number of open cases: of nine, each over a hundred other cases and taken in turn, the one
    that was disturbed least by whatever else the machine does."""
    vault, took = Vault(Keys.fresh()), {size: list[float]() for size in urls}
    async with AsyncExitStack() as stack:
        full: dict[int, tuple[AsyncEngine, Office]] = {}
        for size, url in urls.items():
            store, engine = await SqlStore.open(url, vault), make_engine(url)
            stack.push_async_callback(store.close)
            stack.push_async_callback(engine.dispose)
            await fill_open(engine, vault, size)
            full[size] = engine, await office_on(store, vault, folder)
        for turn in range(_TIMES + 1):  # the first one warms up
            for size, (engine, office) in full.items():
                await fill_due(engine, vault, _DUE, prefix=f"d{turn}")
                began = time.perf_counter()
                if await sweep(office, DUE) != _DUE:
                    raise AssertionError("not every due case was taken")
                took[size].append(time.perf_counter() - began)
    return {size: min(seconds[1:]) for size, seconds in took.items()}
