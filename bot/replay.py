"""`jishiyu replay`: the whole program on a fresh database with a clock that is wound through every due moment
(docs/interfaces.md 2)."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from assistance.ports import Store, Work
from assistance.post import Abilities, Letter, NotDelivered, Said
from bot.build import Program, build
from bot.cast import BadCast, enroll_cast, read_cast
from bot.clock import WoundClock
from bot.engine import next_moment, round_at
from bot.final import final_state
from bot.jsonlines import Lines
from bot.settings import read_settings
from handlers.kit import new_id
from handlers.send import send
from storage.crypto import Keys, Vault
from storage.errors import WrongKey

_RECEIPT = re.compile(r"回执号：(\d{8})")
_CODE = re.compile(r"查询码：(\d{6})")


class Phones:
    """All phones of a replay: what arrived on them, and the network that can be taken away for a while."""

    def __init__(self, clock: WoundClock) -> None:
        self._clock = clock
        self._outages: dict[str, list[tuple[datetime, datetime]]] = {}
        self.unseen: set[str] = set()  # addresses where nothing is opened until something is said there
        self.arrived: list[tuple[datetime, Letter]] = []
        self.last: dict[str, dict[str, str]] = {}  # what {receipt} and {code} mean on each phone

    @property
    def now(self) -> datetime:
        """The time of the scenario."""
        return self._clock.now

    def take_away(self, what: str, since: datetime, until: datetime) -> None:
        """An outage of `engine` or `channel`."""
        self._outages.setdefault(what, []).append((since, until))

    def outage(self, what: str, moment: datetime | None = None) -> datetime | None:
        """When the outage ends that lies over a moment (now); None where there is none."""
        moment = moment or self._clock.now
        return max((until for since, until in self._outages.get(what, ()) if since <= moment < until), default=None)

    def show(self, letter: Letter) -> None:
        """A message reached a phone."""
        seen = self.last.setdefault(letter.parcel.address, {})
        for name, pattern in (("receipt", _RECEIPT), ("code", _CODE)):
            if found := pattern.findall(letter.text):
                seen[name] = found[-1]
        self.arrived.append((self._clock.now, letter))


class ReplayChannel:
    """A channel that shows what arrives, and refuses it during an outage."""

    abilities = Abilities(buttons=True, media=True, seen=True)

    def __init__(self, name: str, phones: Phones, store: Store) -> None:
        self.name = name
        self._phones, self._store = phones, store

    async def deliver(self, letter: Letter) -> None:
        """One delivery."""
        if until := self._phones.outage("channel"):
            raise NotDelivered(until)
        self._phones.show(letter)
        if letter.parcel.address not in self._phones.unseen:  # what is delivered counts as opened
            async with self._store.work() as work:
                await work.outbox.seen([letter.parcel.id], self._phones.now)


class Replay:
    """One scenario being played on a program that was put together for it."""

    def __init__(self, program: Program, clock: WoundClock, phones: Phones, lines: Lines) -> None:
        self._program, self._clock, self._phones, self._lines = program, clock, phones, lines
        self._channels: dict[str, str] = {}  # person of the cast → channel
        self._receipts: dict[str, str] = {}  # case → receipt

    async def begin(self, line: Mapping[str, Any]) -> None:
        """Enrol the cast. Raises `BadCast`, and `NotEmpty` where the database holds somebody already."""
        people, households = read_cast(line, self._program.pack)
        async with self._program.store.work() as work:
            if (await work.people.directory()).persons:
                raise NotEmpty
            await enroll_cast(work, people, households)
        self._channels = {person.id: phone.channel for person, phone in people}
        self._phones.unseen = {phone.person for _, phone in people if not phone.opens}
        await self._engine()

    async def line(self, number: int, line: Mapping[str, Any]) -> None:
        """Play one line; what cannot be played gives an error line."""
        try:
            at = moment_of(line["at"])
        except (KeyError, TypeError, ValueError):
            self._lines.error(number, "the line needs `at`, an ISO time with its zone")
            return
        if at < self._clock.now:
            self._lines.error(number, "a step back in time")
            return
        await self._advance(at)
        if "outage" in line:
            self._outage(number, line, at)
        elif "from" in line:
            await self._say(number, line, at)

    async def end(self) -> None:
        """Write the final state."""
        async with self._program.store.work() as work:
            self._lines.write(await final_state(work, self._program.pack, self._program.office.kit.rulebook))

    def _outage(self, number: int, line: Mapping[str, Any], at: datetime) -> None:
        try:
            until = moment_of(line["until"])
        except (KeyError, TypeError, ValueError):
            until = at
        if line["outage"] not in ("engine", "channel") or until <= at:
            self._lines.error(number, "an outage is `engine` or `channel`, with a later `until`")
            return
        self._phones.take_away(line["outage"], at, until)

    async def _advance(self, target: datetime) -> None:
        """Wind the clock through every moment at which something is due, up to and with `target`."""
        while True:
            moment = await next_moment(self._program.office, self._clock.now)
            moment = min(moment, self._phones.outage("channel") or moment)
            moment = self._phones.outage("engine", moment) or moment
            if moment >= target:
                break
            self._clock.wind(moment)
            await self._engine()
        self._clock.wind(target)
        await self._engine()

    async def _engine(self) -> None:
        if not self._phones.outage("engine"):
            await round_at(self._program.office, self._program.intake, self._clock.now)
        await self._write_arrived()

    async def _say(self, number: int, line: Mapping[str, Any], at: datetime) -> None:
        person = str(line["from"])
        if person not in self._channels:
            self._lines.error(number, f"nobody called {person} is in the cast")
            return
        text, press, media = line.get("say"), line.get("press"), line.get("send")
        if press is not None:
            async with self._program.store.work() as work:
                press = await _button(work, person, str(press))
            if press is None:
                self._lines.error(number, f"there is no button {line['press']} on the phone of {person}")
                return
        elif text is not None:
            text = _fill(str(text), self._phones.last.get(person, {}))
        elif media is None:
            self._lines.error(number, "nothing is said, pressed or sent")
            return
        said = Said(new_id(), self._channels[person], person, f"line-{number}", at, text, press, media)
        await self._program.intake.take(said)
        await send(self._program.office, at, replies_only=self._phones.outage("engine") is not None)
        await self._engine()

    async def _write_arrived(self) -> None:
        """Write what arrived, with the receipts of the cases instead of their ids."""
        told = {letter.parcel.case for _, letter in self._phones.arrived if letter.parcel.case}
        unknown = told - self._receipts.keys()
        if unknown:
            async with self._program.store.work() as work:
                for case_id in unknown:
                    case = await work.cases.for_engine().look(case_id)
                    self._receipts[case_id] = case.receipt if case else ""
        zone = self._program.office.kit.rulebook.calendar.zone
        for at, letter in self._phones.arrived:
            parcel = letter.parcel
            self._lines.write(
                {
                    "at": at.astimezone(zone).isoformat(),
                    "to": parcel.address,
                    "kind": parcel.kind,
                    "text": letter.text,
                    "buttons": list(letter.buttons),
                    "case": self._receipts[parcel.case] if parcel.case else None,
                }
            )
        self._phones.arrived.clear()


class NotEmpty(Exception):
    """The storage of a replay must be empty: name another database."""


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


def moment_of(words: object) -> datetime:
    """An aware moment. Raises ValueError where the zone is missing."""
    moment = datetime.fromisoformat(str(words))
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment


async def replay(source: Iterable[str], out: IO[str], region: str, storage: str | None) -> bool:
    """Play a scenario; True when no error line was written."""
    lines = Lines(out)
    numbered = lines.read(source)
    number, first = next(numbered, (1, {}))
    try:
        clock = WoundClock(moment_of(first["at"]))
        channels = {row.get("channel", "web") for row in first["cast"].values()} | {"web"}
    except (KeyError, TypeError, AttributeError, ValueError):
        lines.error(number, "the first line needs `at` with a time zone, and `cast`")
        return False
    phones = Phones(clock)
    settings = read_settings(region=region, database=storage or "sqlite+aiosqlite://")
    with tempfile.TemporaryDirectory() as spool:
        vault = Vault(Keys.fresh())
        try:
            async with build(
                settings,
                lambda store: [ReplayChannel(name, phones, store) for name in channels],
                clock=clock,
                vault=vault,
                spool=Path(spool),
                anchors=False,
            ) as program:
                play = Replay(program, clock, phones, lines)
                await play.begin(first)
                for line_number, line in numbered:
                    await play.line(line_number, line)
                await play.end()
        except BadCast as error:
            lines.error(number, f"the cast cannot be used: {error}")
        except (NotEmpty, WrongKey):  # the keys of a replay are its own: whatever lies there already is not
            lines.error(number, "the storage is not empty: name a fresh database")
    return not lines.failed
