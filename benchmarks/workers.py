"""Workers that share one PostgreSQL and are killed at random moments (SIGKILL): what must be true afterwards.

Time stands still while they work: every case falls due at a moment that the run stands at, so that each history must
be, event for event and to the second, the one of a run with a single worker whom nobody killed.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.worker import work, worker_settings
from bot.build import make_vault
from bot.cast import enroll_cast, read_cast
from regions.read import read_pack
from storage.session import SqlStore, make_engine
from storage.tables import cases, inbox, notices, parcels

MORNING = datetime(2026, 11, 19, 1, 0, tzinfo=UTC)  # a Thursday, nine o'clock in Shanghai
_CLAIM = timedelta(seconds=61)  # after that a killed sender's parcels are another's
_PATIENCE = 60  # seconds of no progress after which a run counts as stuck
_WORDS = "俺娘住院交不上押金还差八千大夫说明天就停药"
_OFFICERS = {
    "zhou": {"role": "village", "area": "峨山镇/石门东村", "name": "周敏"},
    "wang": {"role": "village", "area": "峨山镇/石门东村", "name": "王建国"},
    "zhao": {"role": "town", "area": "峨山镇", "name": "赵伟"},
    "qian": {"role": "town", "area": "峨山镇", "name": "钱力"},
    "sun": {"role": "county", "area": "峄城区", "name": "孙丽"},
    "shi": {"role": "city", "area": "枣庄市", "name": "石岩"},
}

Key = tuple[str, str, int, str, str]  # whose case, step, version, person, channel
Line = tuple[Any, ...]


@dataclass
class Outcome:
    """What a run has left behind."""

    histories: dict[str, list[Line]] = field(default_factory=dict)  # by the reporter's id
    delivered: Counter[Key] = field(default_factory=Counter)  # parcels that reached the network, by what they tell
    kills: int = 0
    repeated: int = 0  # handed over again after a kill between hand-over and mark
    repeated_marked: int = 0  # handed over again although marked as delivered: must not be
    undelivered: int = 0  # parcels that never reached the network
    alarms: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Run:
    """One run on an empty database."""

    def __init__(self, folder: Path, url: str, people: int) -> None:
        self._folder, self._url, self._people = folder, url, people
        self._fork = multiprocessing.get_context("forkserver")
        self._fork.set_forkserver_preload(["benchmarks.worker"])
        self._workers: list[Any] = []
        self._marked: set[str] = set()  # parcels that were marked as delivered at the last kill
        self._offset = 0  # and how long the record was then
        self.outcome = Outcome()

    async def play(self, workers: int, moments: int, kills: int, chance: random.Random) -> Outcome:
        """Messages at nine, then `moments` times the moment at which the next cases fall due; `kills` at each."""
        began, now = time.monotonic(), MORNING
        store, engine = (
            await SqlStore.open(self._url, make_vault(worker_settings(self._folder, self._url))),
            make_engine(self._url),
        )
        try:
            await self._begin(store, now)
            self._workers = [self._start(number) for number in range(workers)]
            for turn in range(moments + 1):
                if turn:
                    now = await self._next(store)
                await self._kill(engine, kills, chance)
                now = await self._finish(engine, now)
            await self._look(store, engine)
        finally:
            for worker in self._workers:
                worker.kill()
                worker.join()
            await store.close()
            await engine.dispose()
        self.outcome.seconds = time.monotonic() - began
        return self.outcome

    async def _begin(self, store: SqlStore, now: datetime) -> None:
        residents = {f"r{n}": {"role": "resident", "village": "峨山镇/石门东村"} for n in range(self._people)}
        pack = read_pack("yicheng", now.date())
        async with store.work() as unit:
            await unit.people.set_places(pack.areas.values(), pack.departments.values())
            await enroll_cast(unit, *read_cast({"cast": {**_OFFICERS, **residents}}, pack))
        lines = [json.dumps({"key": f"m-{one}", "from": one, "say": _WORDS}, ensure_ascii=False) for one in residents]
        (self._folder / "messages.jsonl").write_text("\n".join(lines), "utf-8")
        self._set_clock(now)

    async def _next(self, store: SqlStore) -> datetime:
        """Let the clock jump to the moment at which the next cases fall due."""
        async with store.work() as unit:
            due = await unit.cases.for_engine().next_due()
        if due is None:
            raise AssertionError("an open case without a future")
        self._set_clock(due)
        return due

    def _set_clock(self, now: datetime) -> None:
        new = self._folder / "clock.new"
        new.write_text(now.isoformat(), "utf-8")
        new.replace(self._folder / "clock")

    def _start(self, number: int) -> Any:
        worker = self._fork.Process(target=work, args=(self._folder, self._url, number))
        worker.start()
        return worker

    async def _kill(self, engine: AsyncEngine, kills: int, chance: random.Random) -> None:
        for _ in range(kills):
            await asyncio.sleep(chance.uniform(0.02, 0.4))
            number = chance.randrange(len(self._workers))
            self._workers[number].kill()
            self._workers[number].join()
            self._workers[number] = self._start(number)
            self.outcome.kills += 1
            self._hold(await self._marked_now(engine))

    async def _finish(self, engine: AsyncEngine, now: datetime) -> datetime:
        """Wait until nothing is left to do at this moment; gives the moment, a little later where a killed sender's
        claims had to run out."""
        while True:
            await self._wait(engine, now)
            await self._rounds()  # whoever had claimed something has handed it over
            async with engine.connect() as connection:
                left = await connection.scalar(_count(parcels, parcels.c.state == "waiting"))
            if not left:
                return now
            now += _CLAIM
            self._set_clock(now)

    async def _wait(self, engine: AsyncEngine, now: datetime) -> None:
        until, before = time.monotonic() + _PATIENCE, None
        while True:
            async with engine.connect() as connection:
                left = [
                    self._people - (await connection.scalar(_count(inbox, inbox.c.answered)) or 0),
                    await connection.scalar(_count(cases, cases.c.open, cases.c.due_at <= now)) or 0,
                    await connection.scalar(
                        _count(notices, ~notices.c.spread, func.coalesce(notices.c.not_before, now) <= now)
                    ),
                    await connection.scalar(_count(parcels, parcels.c.state == "waiting", parcels.c.next_try <= now)),
                ]
            if not any(left):
                return
            self._alive()
            if left != before:
                until, before = time.monotonic() + _PATIENCE, left
            if time.monotonic() > until:
                raise AssertionError(f"stuck: {left} messages, cases, notices, parcels are left")
            await asyncio.sleep(0.02)

    async def _rounds(self) -> None:
        """Let every worker come through a whole round."""
        goal = [self._round(worker.pid) + 2 for worker in self._workers]
        until = time.monotonic() + _PATIENCE
        while any(self._round(worker.pid) < want for worker, want in zip(self._workers, goal, strict=True)):
            self._alive()
            if time.monotonic() > until:
                raise AssertionError("a worker does not come round")
            await asyncio.sleep(0.01)

    def _round(self, pid: int) -> int:
        path = self._folder / f"rounds-{pid}"
        return int(path.read_text("utf-8") or 0) if path.exists() else 0

    def _alive(self) -> None:
        """A worker that ends by itself has stumbled over something."""
        for number, worker in enumerate(self._workers):
            if not worker.is_alive():
                words = (self._folder / f"log-{number}").read_text("utf-8")[-3000:]
                raise AssertionError(f"worker {number} ended by itself:\n{words}")

    async def _marked_now(self, engine: AsyncEngine) -> set[str]:
        async with engine.connect() as connection:
            return set(await connection.scalars(select(parcels.c.id).where(parcels.c.state == "delivered")))

    def _hold(self, marked: set[str]) -> None:
        """Hold the record since the last kill against what was marked then."""
        record = self._record()
        self.outcome.repeated_marked += sum(line["id"] in self._marked for line in record[self._offset :])
        self._marked, self._offset = marked, len(record)

    def _record(self) -> list[dict[str, Any]]:
        path = self._folder / "delivered.jsonl"
        return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []

    async def _look(self, store: SqlStore, engine: AsyncEngine) -> None:
        found, record = self.outcome, self._record()
        marked = await self._marked_now(engine)
        self._hold(marked)
        async with store.work() as unit:
            engine_cases = unit.cases.for_engine()
            whose = {}
            for case in await engine_cases.all():
                (report,) = await unit.cases.reporters(case.id)
                if report.by in found.histories:
                    raise AssertionError("a message opened two cases")
                whose[case.id] = report.by
                known = {case.id: "CASE", case.receipt: "RECEIPT"}
                found.histories[report.by] = [
                    (one.seq, one.at, one.what, one.by, one.to, _plain(one.data, known))
                    for one in await engine_cases.history(case.id)
                ]
        times = Counter(line["id"] for line in record)
        found.repeated = sum(times.values()) - len(times)
        found.undelivered = len(marked - times.keys())
        for line in {line["id"]: line for line in record}.values():
            step = re.sub(r"(#.*)T.*", r"\1", line["step"])  # a digest is named by the moment at which it was made
            found.delivered[whose.get(line["case"], ""), step, line["version"], line["person"], line["channel"]] += 1
        for path in sorted(self._folder.glob("log-*")):
            found.alarms += [line for line in path.read_text("utf-8").splitlines() if '"level": "error"' in line]


def _count(table: Any, *where: Any) -> Any:
    return select(func.count()).select_from(table).where(*where)


def _plain(data: Any, known: dict[str, str]) -> str:
    words = json.dumps(dict(data), ensure_ascii=False, sort_keys=True, default=str)
    for name, stands_for in known.items():
        words = words.replace(name, stands_for)
    return words


async def compare(
    folder: Path, urls: Sequence[str], *, people: int, workers: int, moments: int, kills: int, seed: int
) -> tuple[Outcome, Outcome]:
    """A run of one worker whom nobody kills, and the one of several that are killed, on two empty databases."""
    found = []
    for name, url, many, how_often in (("calm", urls[0], 1, 0), ("killed", urls[1], workers, kills)):
        (folder / name).mkdir()
        run = Run(folder / name, url, people)
        found.append(await run.play(many, moments, how_often, random.Random(seed)))
    return found[0], found[1]
