"""What a sweep costs when a hundred cases are due: among a million open ones, and among ten thousand."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from benchmarks.desk import office_on
from benchmarks.filling import DUE, fill_due, fill_open
from handlers.sweep import sweep
from storage.crypto import Keys, Vault
from storage.session import SqlStore, make_engine

_DUE, _TIMES = 100, 5


async def measure(url: str, open_cases: int, folder: Path) -> float:
    """Seconds of a sweep, the median of five, each over a hundred other cases."""
    vault = Vault(Keys.fresh())
    store, engine = await SqlStore.open(url, vault), make_engine(url)
    try:
        await fill_open(engine, vault, open_cases)
        took = []
        office = await office_on(store, vault, folder)
        for turn in range(_TIMES + 1):  # the first one warms up
            await fill_due(engine, vault, _DUE, prefix=f"d{turn}")
            began = time.perf_counter()
            assert await sweep(office, DUE) == _DUE
            took.append(time.perf_counter() - began)
        return statistics.median(took[1:])
    finally:
        await store.close()
        await engine.dispose()
