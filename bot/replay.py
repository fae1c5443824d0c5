"""`jishiyu replay`: the whole program on a fresh database with a clock that is wound through every due moment
(docs/interfaces.md 2)."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from assistance.ports import NotDelivered, Parcel, Said, Work
from bot.build import Program, build
from bot.cast import BadCast, Phone, enroll_cast, read_cast
from bot.clock import WoundClock
from bot.engine import next_moment, round_at
from bot.final import final_state
from bot.jsonlines import Lines
from bot.settings import Settings
from handlers.kit import new_id
from handlers.send import send
from storage.crypto import Keys, Vault

_RECEIPT = re.compile(r"回执号：(\d{8})")
_CODE = re.compile(r"查询码：(\d{6})")


class ReplayChannel:
    """Phones that show what arrives, and a network that can be taken away for a while."""

    def __init__(self, name: str, replay: Replay) -> None:
        self.name = name
        self._replay = replay

    async def deliver(self, address: str, text: str, buttons: tuple[str, ...], parcel: Parcel) -> None:
        """Write one delivery; refused during an outage of the channel."""
        if self._replay.refuses():
            raise NotDelivered
        self._replay.arrived(address, text, buttons, parcel)


class Replay:
    """One scenario being played."""

    def __init__(self, lines: Lines, settings: Settings) -> None:
        self._lines = lines
        self._settings = settings
        self._program: Program | None = None
        self._clock: WoundClock | None = None
        self._phones: dict[str, Phone] = {}
        self._outages: dict[str, tuple[datetime, datetime]] = {}
        self._last: dict[str, dict[str, str]] = {}  # what {receipt} and {code} mean on each phone
        self._receipts: dict[str, str] = {}
        self._waiting: list[dict[str, Any]] = []

    async def play(self, source: Iterable[str]) -> None:
        """Play every line and write the final state."""
        numbered = self._lines.read(source)
        try:
            number, first = next(numbered)
            at = _moment(first["at"])
        except StopIteration:
            self._lines.error(1, "the scenario is empty: the first line is the cast")
            return
        except (KeyError, TypeError, ValueError):
            self._lines.error(1, "the first line needs `at` with a time zone, and `cast`")
            return
        self._clock = WoundClock(at)
        with tempfile.TemporaryDirectory() as spool:
            channels = {row.get("channel", "web") for row in first.get("cast", {}).values() if isinstance(row, dict)}
            async with build(
                self._settings,
                [ReplayChannel(name, self) for name in channels | {"web"}],
                clock=self._clock,
                vault=Vault(Keys.fresh()),
                spool=Path(spool),
            ) as program:
                self._program = program
                await self._begin(number, first)
                for line_number, line in numbered:
                    await self._line(line_number, line)
                await self._finish()

    async def _begin(self, number: int, line: Mapping[str, Any]) -> None:
        assert self._program  # noqa: S101 - set just before
        try:
            people, households = read_cast(line, self._program.pack)
        except (BadCast, KeyError, TypeError, AttributeError) as error:
            self._lines.error(number, f"the cast cannot be used: {error}")
            return
        self._phones = {person.id: phone for person, phone in people}
        async with self._program.store.work() as work:
            await enroll_cast(work, people, households)
        await self._engine()

    async def _line(self, number: int, line: Mapping[str, Any]) -> None:
        assert self._clock and self._program  # noqa: S101 - set in play
        try:
            at = _moment(line["at"])
        except (KeyError, TypeError, ValueError):
            self._lines.error(number, "the line needs `at`, an ISO time with its zone")
            return
        if at < self._clock.now:
            self._lines.error(number, "a step back in time")
            return
        await self._advance(at)
        if "outage" in line:
            self._start_outage(number, line, at)
        elif "from" in line:
            await self._say(number, line, at)

    def _start_outage(self, number: int, line: Mapping[str, Any], at: datetime) -> None:
        try:
            self._outages[{"engine": "engine", "channel": "channel"}[line["outage"]]] = (at, _moment(line["until"]))
        except (KeyError, TypeError, ValueError):
            self._lines.error(number, "an outage is `engine` or `channel`, with `until`")

    async def _advance(self, target: datetime) -> None:
        """Wind the clock through every moment at which something is due, up to and with `target`."""
        assert self._clock and self._program  # noqa: S101 - set in play
        while True:
            moment = await next_moment(self._program.office, self._clock.now)
            standing = self._outages.get("engine")
            if standing and standing[0] <= moment < standing[1]:
                moment = standing[1]
            if moment > target:
                break
            self._clock.wind(moment)
            await self._engine()
            if moment == target:
                break
        self._clock.wind(target)
        await self._engine()

    async def _engine(self) -> None:
        assert self._clock and self._program  # noqa: S101 - set in play
        if not self._within("engine"):
            await round_at(self._program.office, self._clock.now)
        await self._flush()

    async def _say(self, number: int, line: Mapping[str, Any], at: datetime) -> None:
        assert self._clock and self._program  # noqa: S101 - set in play
        phone = self._phones.get(str(line["from"]))
        if phone is None:
            self._lines.error(number, f"nobody called {line['from']} is in the cast")
            return
        text, press, media = line.get("say"), line.get("press"), line.get("send")
        if press is not None:
            async with self._program.store.work() as work:
                press = await _button(work, phone.person, str(press))
            if press is None:
                self._lines.error(number, f"there is no button {line['press']} on the phone of {phone.person}")
                return
        elif text is not None:
            text = _fill(str(text), self._last.get(phone.person, {}))
        elif media is None:
            self._lines.error(number, "nothing is said, pressed or sent")
            return
        said = Said(new_id(), phone.channel, phone.person, f"line-{number}", at, text, press, media)
        await self._program.intake.take(said)
        await send(self._program.office, at, replies_only=self._within("engine"))
        await self._flush()

    async def _finish(self) -> None:
        assert self._program  # noqa: S101 - set in play
        async with self._program.store.work() as work:
            self._lines.write(await final_state(work, self._program.pack, self._program.office.kit.rulebook))

    def refuses(self) -> bool:
        """Whether the channel takes nothing now."""
        return self._within("channel")

    def _within(self, what: str) -> bool:
        standing = self._outages.get(what)
        return bool(standing and self._clock and standing[0] <= self._clock.now < standing[1])

    def arrived(self, address: str, text: str, buttons: tuple[str, ...], parcel: Parcel) -> None:
        """A message reached a phone."""
        assert self._clock and self._program  # noqa: S101 - set in play
        seen = self._last.setdefault(address, {})
        for name, pattern in (("receipt", _RECEIPT), ("code", _CODE)):
            found = pattern.findall(text)
            if found:
                seen[name] = found[-1]
        self._waiting.append(
            {
                "at": self._clock.now.astimezone(self._program.office.kit.rulebook.calendar.zone).isoformat(),
                "to": address,
                "kind": parcel.kind,
                "text": text,
                "buttons": list(buttons),
                "case": parcel.case,
            }
        )

    async def _flush(self) -> None:
        """Write what arrived, with the receipts of the cases instead of their ids."""
        assert self._program  # noqa: S101 - set in play
        unknown = {line["case"] for line in self._waiting if line["case"]} - self._receipts.keys()
        if unknown:
            async with self._program.store.work() as work:
                for case_id in unknown:
                    case = await work.cases.for_engine().one(case_id)
                    self._receipts[case_id] = case.receipt if case else ""
        for line in self._waiting:
            self._lines.write({**line, "case": self._receipts.get(line["case"]) if line["case"] else None})
        self._waiting.clear()


async def _button(work: Work, person: str, word: str) -> str | None:
    """The newest button on a phone whose label equals the word, else begins with it."""
    shown = await work.outbox.on_phone(person)
    labels = [label for message in shown for label in message.buttons]
    return next((label for label in labels if label == word), None) or next(
        (label for label in labels if label.startswith(word)), None
    )


def _fill(text: str, last: Mapping[str, str]) -> str:
    for name in ("receipt", "code"):
        text = text.replace(f"{{{name}}}", last.get(name, ""))
    return text


def _moment(words: object) -> datetime:
    moment = datetime.fromisoformat(str(words))
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment


async def replay(source: Iterable[str], out: TextIO, region: str, storage: str | None) -> bool:
    """Play a scenario; True when no error line was written."""
    lines = Lines(out)
    settings = Settings(region=region, database=storage or "sqlite+aiosqlite://")
    await Replay(lines, settings).play(source)
    return not lines.failed
