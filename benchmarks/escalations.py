"""How many cases climb in a second: one worker and four on one PostgreSQL, beside claims with SKIP LOCKED and nothing
else, and beside procrastinate running jobs that do nothing.

An escalation is a whole one: the case read, the rules asked, its event chained, its state, its due time and its
notices written, all of it committed. Each contender has its own database on the same server and as many processes.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.desk import office_on
from benchmarks.filling import DUE, fill_due
from handlers.sweep import sweep
from storage.crypto import Keys, Vault
from storage.session import SqlStore, make_engine

_JOBS = "CREATE TABLE jobs (id bigserial PRIMARY KEY, due_at timestamptz NOT NULL, done boolean NOT NULL DEFAULT false)"
_CLAIM = """UPDATE jobs SET done = true WHERE id = (
    SELECT id FROM jobs WHERE NOT done ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id"""
_CONCURRENCY = 20  # jobs that one worker of procrastinate has under way: of 1, 5, 20 and 50 the quickest here

Worker = Callable[[str, str, Callable[[], Awaitable[None]]], Coroutine[Any, Any, int]]


async def escalate(url: str, keys: str, go: Callable[[], Awaitable[None]]) -> int:
    """Sweep until nothing is due."""
    vault = Vault(Keys.parse(keys))
    store = await SqlStore.open(url, vault)
    with tempfile.TemporaryDirectory() as folder:
        office = await office_on(store, vault, Path(folder))
        await sweep(office, DUE.replace(year=2000))  # connected, statements compiled
        await go()
        done = await sweep(office, DUE)
    await store.close()
    return done


async def claim(url: str, _keys: str, go: Callable[[], Awaitable[None]]) -> int:
    """Claim jobs one by one until none is left, with nothing to do for them."""
    connection = await asyncpg.connect(_plain(url))
    statement = await connection.prepare(_CLAIM)
    await go()
    done = 0
    while await statement.fetchval() is not None:
        done += 1
    await connection.close()
    return done


async def procrastinate(url: str, _keys: str, go: Callable[[], Awaitable[None]]) -> int:
    """Run jobs that do nothing until none is left."""
    done = 0
    app = _app(url)

    @app.task(name="nothing")  # type: ignore[untyped-decorator]
    async def nothing() -> None:
        nonlocal done
        done += 1

    async with app.open_async():
        await go()
        await app.run_worker_async(wait=False, concurrency=_CONCURRENCY, install_signal_handlers=False)
    return done


def _plain(url: str) -> str:
    return url.replace("postgresql+asyncpg", "postgresql")


def _app(url: str) -> Any:
    from procrastinate import App, PsycopgConnector

    return App(connector=PsycopgConnector(conninfo=_plain(url)))


async def fill_cases(url: str, vault: Vault, count: int) -> None:
    """Due cases."""
    store, engine = await SqlStore.open(url, vault), make_engine(url)
    with tempfile.TemporaryDirectory() as folder:
        await office_on(store, vault, Path(folder))  # pack and officers stand in the database
    await fill_due(engine, vault, count)
    await engine.dispose()
    await store.close()


async def fill_claims(url: str, _vault: Vault, count: int) -> None:
    """Bare jobs."""
    connection = await asyncpg.connect(_plain(url))
    await connection.execute(_JOBS)
    await connection.execute("CREATE INDEX ON jobs (due_at, id) WHERE NOT done")
    await connection.execute(f"INSERT INTO jobs (due_at) SELECT now() FROM generate_series(1, {int(count)})")
    await connection.close()


async def fill_procrastinate(url: str, _vault: Vault, count: int) -> None:
    """Jobs of procrastinate."""
    app = _app(url)

    @app.task(name="nothing")  # type: ignore[untyped-decorator]
    async def nothing() -> None: ...

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        await nothing.batch_defer_async(*({} for _ in range(count)))


def per_second(url: str, fill: Any, worker: Worker, workers: int, count: int) -> float:
    """Fill a database, let so many processes begin at one moment, and divide."""
    keys = Keys.fresh()
    asyncio.run(fill(url, Vault(keys), count))
    fork = multiprocessing.get_context("spawn")
    ready, start, results = fork.Semaphore(0), fork.Event(), fork.Queue()
    crowd = [fork.Process(target=_run, args=(worker, url, keys.text(), ready, start, results)) for _ in range(workers)]
    for process in crowd:
        process.start()
    for _ in crowd:
        if not ready.acquire(timeout=120):
            raise RuntimeError("a worker did not start")
    began = time.perf_counter()
    start.set()
    done = [results.get(timeout=300) for _ in crowd]
    took = max(end for _, end in done) - began
    for process in crowd:
        process.join()
    if sum(number for number, _ in done) != count:
        raise AssertionError(f"{count} were due, {sum(number for number, _ in done)} were taken")
    return float(count / took)


def _run(worker: Worker, url: str, keys: str, ready: Any, start: Any, results: Any) -> None:
    async def go() -> None:
        ready.release()
        await asyncio.to_thread(start.wait)

    done = asyncio.run(worker(url, keys, go))
    results.put((done, time.perf_counter()))


CONTENDERS: dict[str, tuple[Any, Worker, int]] = {  # how to fill, who works, how many
    "ours": (fill_cases, escalate, 4000),
    "bare": (fill_claims, claim, 10_000),
    "procrastinate": (fill_procrastinate, procrastinate, 2000),
}
