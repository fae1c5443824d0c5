"""A village of fake phones over the real program: a real database, the real reader, a clock that is wound forward."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from assistance.case import Case
from assistance.post import Said
from assistance.worktime import SHANGHAI
from bot.build import Program, build
from bot.cast import enroll_cast, read_cast
from bot.clock import WoundClock
from bot.engine import next_moment, round_at
from bot.final import final_state
from bot.replay import Phones, ReplayChannel
from bot.settings import read_settings
from handlers.kit import new_id
from handlers.send import send
from storage.crypto import Keys, Vault

MORNING = datetime(2026, 11, 19, 8, 0, tzinfo=SHANGHAI)  # a Thursday

CAST: dict[str, Any] = {
    "cast": {
        "li": {"role": "resident", "name": "李秀兰", "village": "峨山镇/石门东村"},
        "chen": {"role": "resident", "name": "陈庆海", "village": "榴园镇/贾泉村"},
        "gu": {"role": "resident"},
        "meng": {"role": "resident", "village": "峨山镇/石门东村"},
        "zhou": {"role": "village", "area": "峨山镇/石门东村", "name": "周敏", "title": "网格员"},
        "wang": {"role": "village", "area": "峨山镇/石门东村", "name": "王建国", "title": "村支书"},
        "qi": {"role": "village", "area": "榴园镇/贾泉村", "name": "祁红", "title": "第一书记"},
        "zhao": {"role": "town", "area": "峨山镇", "name": "赵伟"},
        "liu": {"role": "town", "area": "榴园镇", "name": "刘芳"},
        "sun": {"role": "county", "area": "峄城区", "name": "孙丽"},
        "min": {"role": "department", "area": "峄城区", "department": "民政局", "name": "闵强"},
        "shui": {"role": "department", "area": "峄城区", "department": "水利局", "name": "水清"},
        "ji": {"role": "discipline", "area": "峄城区", "name": "纪明"},
        "shi": {"role": "city", "area": "枣庄市", "name": "石岩"},
    },
    "households": [
        {"head": "李秀兰", "village": "峨山镇/石门东村", "kind": "脱贫户", "members": 2, "helper": "zhou"},
        {"head": "孙长友", "village": "峨山镇/石门东村", "kind": "监测户", "members": 1, "helper": "zhou"},
        {"head": "孙长有", "village": "峨山镇/石门东村", "kind": "一般户", "members": 4, "helper": "zhou"},
        {"head": "贾守田", "village": "榴园镇/贾泉村", "kind": "监测户", "members": 3, "helper": "qi"},
    ],
}


class Village:
    """People with phones. `heard` tells what arrived on a phone since `hush`."""

    def __init__(self, program: Program, clock: WoundClock, phones: Phones) -> None:
        self.program, self.clock, self.phones = program, clock, phones
        self._before: dict[str, int] = {}

    async def says(self, who: str, text: str, *, key: str | None = None) -> str:
        """Somebody writes; returns the answer."""
        return await self._said(who, Said(new_id(), "web", who, key or new_id(), self.clock.now, text=text))

    async def presses(self, who: str, word: str) -> str:
        """Somebody presses the newest button of that label; it must lie on their phone."""
        async with self.program.store.work() as work:
            shown = await work.outbox.on_phone(who, word)
        assert shown, f"no button {word} on the phone of {who}"
        return await self.presses_late(who, word)

    async def presses_late(self, who: str, word: str) -> str:
        """Somebody presses a button, whether or not it is there."""
        return await self._said(who, Said(new_id(), "web", who, new_id(), self.clock.now, press=word))

    async def sends(self, who: str, media: str) -> str:
        """Somebody sends a photo, a voice note or a place without words."""
        return await self._said(who, Said(new_id(), "web", who, new_id(), self.clock.now, media=media))

    async def _said(self, who: str, said: Said) -> str:
        before = len(self.phones.arrived)
        await self.program.intake.take(said)
        await send(self.program.office, self.clock.now, replies_only=self.phones.outage("engine") is not None)
        await self._round()
        replies = [
            letter.text
            for _, letter in self.phones.arrived[before:]
            if letter.parcel.address == who and letter.parcel.kind == "reply"
        ]
        return "\n".join(replies)

    async def later(self, **by: float) -> None:
        """The clock moves on by hours, minutes, days."""
        await self.until(self.clock.now + timedelta(**by))

    async def until(self, moment: datetime | str) -> None:
        """The clock moves to a moment, through everything that is due on the way."""
        target = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI) if isinstance(moment, str) else moment
        while True:
            due = await next_moment(self.program.office, self.clock.now)
            due = self.phones.outage("engine", due) or due
            if due >= target:
                break
            self.clock.wind(due)
            await self._round()
        self.clock.wind(target)
        await self._round()

    async def _round(self) -> None:
        if not self.phones.outage("engine"):
            await round_at(self.program.office, self.program.intake, self.clock.now)

    def hush(self) -> None:
        """Forget what has arrived so far."""
        self._before = {who: len(self.phones.arrived) for who in CAST["cast"]}

    def heard(self, who: str, kind: str | None = None) -> list[str]:
        """The texts that arrived on a phone since `hush`, oldest first."""
        since = self._before.get(who, 0)
        return [
            letter.text
            for _, letter in self.phones.arrived[since:]
            if letter.parcel.address == who and kind in (None, letter.parcel.kind)
        ]

    def ever_heard(self, who: str) -> str:
        """Everything that ever arrived on a phone, as one text."""
        return "\n".join(letter.text for _, letter in self.phones.arrived if letter.parcel.address == who)

    def receipt(self, who: str) -> str:
        """The last 回执号 on a phone."""
        return self.phones.last[who]["receipt"]

    def code(self, who: str) -> str:
        """The last 查询码 on a phone."""
        return self.phones.last[who]["code"]

    async def cases(self) -> list[Case]:
        """Every case, oldest first."""
        async with self.program.store.work() as work:
            return list(await work.cases.for_engine().all())

    async def case(self, receipt: str) -> Case:
        """The case of a receipt."""
        return next(case for case in await self.cases() if case.receipt == receipt)

    async def final(self) -> dict[str, Any]:
        """The state that a replay would print."""
        async with self.program.store.work() as work:
            return await final_state(work, self.program.pack, self.program.office.kit.rulebook)


@asynccontextmanager
async def village(
    folder: Path, *, url: str = "sqlite+aiosqlite://", now: datetime = MORNING, keys: Keys | None = None
) -> AsyncIterator[Village]:
    """Open a village; on a database that holds it already it goes on where it stood."""
    clock = WoundClock(now)
    phones = Phones(clock)
    settings = read_settings(data_dir=folder, database=url)
    vault = Vault(keys or Keys.fresh())
    async with build(
        settings, lambda store: [ReplayChannel("web", phones, store)], clock=clock, vault=vault
    ) as program:
        async with program.store.work() as work:
            if not (await work.people.directory()).persons:
                await enroll_cast(work, *read_cast(CAST, program.pack))
        opened = Village(program, clock, phones)
        await opened.until(now)
        yield opened
