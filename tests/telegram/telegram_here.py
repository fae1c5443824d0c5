"""The whole program with Telegram switched on, over one of the two libraries, on a local Bot API server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botapi import TOKEN, BotApi
from users import User

from assistance.case import Case
from bot.build import Program, build, warm
from bot.cast import enroll_cast, read_cast
from bot.channels.web import WebChannel
from bot.clock import OffsetClock, WoundClock
from bot.engine import serve
from bot.serve import serving
from bot.settings import Settings, read_settings
from bot.telegram.run import Pace, Telegram

CAST: dict[str, Any] = {
    "cast": {
        "li": {"role": "resident", "name": "李秀兰", "village": "峨山镇/石门东村"},
        "zhou": {"role": "village", "area": "峨山镇/石门东村", "name": "周敏", "title": "网格员"},
        "wang": {"role": "village", "area": "峨山镇/石门东村", "name": "王建国", "title": "村支书"},
        "zhao": {"role": "town", "area": "峨山镇", "name": "赵伟"},
        "sun": {"role": "county", "area": "峄城区", "name": "孙丽"},
        "ji": {"role": "discipline", "area": "峄城区", "name": "纪明"},
    },
    "households": [
        {"head": "李秀兰", "village": "峨山镇/石门东村", "kind": "脱贫户", "members": 2, "helper": "zhou"},
    ],
}
_TUESDAY = datetime(2026, 11, 24, 2, tzinfo=UTC)  # ten in the morning: nobody sleeps, every desk is there
NUMBERS = {who: 1000 + place for place, who in enumerate(CAST["cast"])}
HARD = "俺娘住院交不上押金还差八千大夫说明天就停药"
BLAME = "村支书王建国把俺家的低保钱扣了一半，不给他送礼就不给办"


@dataclass
class Here:
    """The running program and the people on Telegram."""

    program: Program
    api: BotApi
    clock: OffsetClock
    telegram: Telegram
    port: int

    @property
    def officers(self) -> set[str]:
        return {who for who, seat in CAST["cast"].items() if seat["role"] != "resident"}

    def user(self, who: str | int) -> User:
        return self.api.user(NUMBERS[who] if isinstance(who, str) else who)

    async def cases(self) -> list[Case]:
        async with self.program.store.work() as work:
            return list(await work.cases.for_engine().all())

    async def words(self, case: Case) -> list[str]:
        async with self.program.store.work() as work:
            return [text for _, text in (await work.cases.for_engine().words(case)).reports]

    async def settled(self) -> None:
        """Nothing waits to be taken any more."""
        async with asyncio.timeout(60):
            while self.api.waiting or self.api._pushing:
                await asyncio.sleep(0.02)


def settings_for(folder: Path, api: BotApi, library: str, **more: Any) -> Settings:
    usual = {"telegram_server": api.url}
    given = {"data_dir": folder, "web_port": 0, "telegram_token": TOKEN, "telegram_light": library == "light"}
    return read_settings(**{**usual, **given, **more})


@asynccontextmanager
async def telegram_here(
    folder: Path,
    library: str,
    *,
    api: BotApi | None = None,
    patience: float = 4.0,
    furnished: bool = False,
    **more: Any,
) -> AsyncIterator[Here]:
    async with api or BotApi() as server:
        if not furnished:
            await furnish(folder)
        settings = settings_for(folder, server, library, **more)
        clock, stop = OffsetClock(), asyncio.Event()
        clock.forward(_TUESDAY - clock())
        server.clock = clock
        telegram = Telegram(settings, clock, pace=Pace(patience, quiet=0.2, wipe=0.1))
        async with (
            build(settings, lambda store: [WebChannel(store), *telegram.channels(store)], clock=clock) as program,
        ):
            await warm(program)
            async with telegram.running(program) as hooks, at_once(serving(program, settings, None, hooks)) as port:
                server.reach = f"http://127.0.0.1:{port}/telegram"
                engine = asyncio.create_task(serve(program.office, program.intake, 1, stop))
                try:
                    yield Here(program, server, clock, telegram, port)
                finally:
                    stop.set()
                    program.office.wake.set()
                    await engine


def at_once(page: serving) -> serving:
    """Open streams are not waited for at the end."""
    page._runner._shutdown_timeout = 0.1
    return page


_furnished: dict[str, bytes] = {}  # database and keys with the cast in them: made once, laid out for each story


async def furnish(folder: Path) -> None:
    if not _furnished:
        start = WoundClock(_TUESDAY)
        async with (
            build(read_settings(data_dir=folder), lambda _: (), clock=start) as program,
            program.store.work() as work,
        ):
            people, households = read_cast(CAST, program.pack)
            for person, _ in people:
                await work.people.enroll(person, "telegram", str(NUMBERS[person.id]))
            await enroll_cast(work, [], households)
        _furnished.update({file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()})
    for name, content in _furnished.items():
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o600)
