"""`jishiyu chat`: several people in one terminal, with a clock that can be put forward."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import timedelta

import click

from assistance.directory import Person, Role
from assistance.post import Said
from bot.build import Program, build, enroll_sample
from bot.channels.terminal import TerminalChannel
from bot.clock import OffsetClock
from bot.engine import tick, wind_on
from bot.settings import Settings
from handlers.kit import new_id
from handlers.send import send

_WAIT = re.compile(r"(\d+)\s*(min|m|h|d)")
_UNITS = {"min": "minutes", "m": "minutes", "h": "hours", "d": "days"}
_MEDIA = {"/photo": "photo", "/voice": "voice", "/location": "location"}
_HELP = """/as 名字    换一个人说话        /who      有哪些人
/wait 2h    把钟拨快（min、h、d）  /photo /voice /location  发照片、语音、位置
/quit       结束                其余的字就是说的话；按钮直接打出上面的字。"""


class Chat:
    """The people at one terminal and whose turn it is."""

    def __init__(self, program: Program, clock: OffsetClock, people: Mapping[str, Person]) -> None:
        self._program, self._clock, self._people = program, clock, people
        self._speaker = next(iter(people.values()))

    async def run(self) -> None:
        """Read lines until the end of input or /quit."""
        click.echo(_HELP)
        self._show_people()
        while True:
            try:
                line = await asyncio.to_thread(input, f"\n[{label(self._speaker)}] ")
            except EOFError:
                return
            if line.strip() == "/quit":
                return
            await self._line(line.strip())

    async def _line(self, line: str) -> None:
        command, _, rest = line.partition(" ")
        match command:
            case "":
                return
            case "/as":
                self._become(rest.strip())
            case "/who":
                self._show_people()
            case "/wait":
                await self._wait(rest.strip())
            case "/help":
                click.echo(_HELP)
            case _ if command in _MEDIA:
                await self._say(None, None, _MEDIA[command])
            case _ if line.startswith("/"):
                click.echo(_HELP)
            case _:
                await self._say(line, await self._button(line), None)

    async def _button(self, text: str) -> str | None:
        """The label, when the words are a button on this person's phone."""
        async with self._program.store.work() as work:
            shown = await work.outbox.on_phone(self._speaker.id, text)
        return text if shown else None

    async def _say(self, text: str | None, press: str | None, media: str | None) -> None:
        now = self._clock()
        words = None if press else text
        said = Said(new_id(), TerminalChannel.name, self._speaker.id, new_id(), now, words, press, media)
        await self._program.intake.take(said)
        await send(self._program.office, self._clock())

    def _become(self, name: str) -> None:
        found = self._people.get(name) or next((one for one in self._people.values() if one.name == name), None)
        if found is None:
            click.echo(f"没有叫“{name}”的人，/who 看看有谁。")
            return
        self._speaker = found

    def _show_people(self) -> None:
        for person in self._people.values():
            click.echo(f"  {person.id:<12}{label(person)}")

    async def _wait(self, words: str) -> None:
        """Put the clock forward through every due moment on the way."""
        found = _WAIT.fullmatch(words)
        if found is None:
            click.echo("写成 /wait 15min、/wait 2h 或 /wait 1d。")
            return
        office = self._program.office
        wait = timedelta(**{_UNITS[found.group(2)]: int(found.group(1))})
        await wind_on(office, self._program.intake, self._clock, wait / timedelta(hours=1))
        click.echo(f"现在是 {self._clock().astimezone(office.kit.rulebook.calendar.zone):%m月%d日 %H:%M}。")


def label(person: Person) -> str:
    """周敏（网格员）."""
    return f"{person.name or person.id}（{person.title or ROLES[person.role]}）"


ROLES = {
    Role.RESIDENT: "村民",
    Role.VILLAGE: "村",
    Role.TOWN: "镇",
    Role.COUNTY: "区",
    Role.DEPARTMENT: "部门",
    Role.DISCIPLINE: "纪委",
    Role.CITY: "市",
}


async def chat(settings: Settings) -> None:
    """Open the program with the invented roster in one terminal; the engine runs beside it."""
    clock = OffsetClock()
    names: dict[str, str] = {}
    async with build(
        settings, lambda _store: [TerminalChannel(lambda address: names.get(address, address))], clock=clock
    ) as program:
        people = {person.id: person for person in await enroll_sample(program, TerminalChannel.name)}
        names.update({person.id: label(person) for person in people.values()})
        await tick(program.office, program.intake)
        ticking = asyncio.create_task(_tick_on(program, settings.tick_seconds))
        try:
            await Chat(program, clock, people).run()
        finally:
            ticking.cancel()


async def _tick_on(program: Program, seconds: int) -> None:
    while True:
        await asyncio.sleep(seconds)
        await tick(program.office, program.intake)
