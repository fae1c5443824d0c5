"""The composition root: the one place that knows every room and puts the program together."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO, cast

import structlog

from assistance.directory import Person
from assistance.post import Channel
from bot.bell import make_bell
from bot.clock import real_clock
from bot.readers import RosterReaders
from bot.settings import Settings
from bot.training import local_model
from handlers.intake import Intake
from handlers.kit import Kit
from handlers.office import Office
from handlers.phrases import Phrases
from nlp.gazetteer import Context
from nlp.model import Model
from regions.pack import Pack
from regions.read import read_pack
from storage.crypto import Keys, Vault
from storage.session import SqlStore
from storage.spool import Spool

log = structlog.get_logger("jishiyu")


@dataclass(frozen=True)
class Program:
    """The running program."""

    office: Office
    intake: Intake
    pack: Pack
    store: SqlStore


def configure_log() -> None:
    """One JSON line an event on standard error; the spool and the driver speak through it too."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=cast("TextIO", _StandardError())),
    )


class _StandardError:
    """Standard error as it is when something is written, not as it was when the log was set up."""

    def write(self, text: str) -> int:
        """Write a line."""
        return sys.stderr.write(text)

    def flush(self) -> None:
        """Write it through."""
        sys.stderr.flush()


def make_vault(settings: Settings) -> Vault:
    """Keys from the setting, else from the file, which is made on the first run and readable by its owner only."""
    if settings.keys:
        return Vault(Keys.parse(settings.keys))
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Vault(Keys.from_file(settings.keys_file or settings.data_dir / "keys.txt"))


@asynccontextmanager
async def build(
    settings: Settings,
    channels: Callable[[SqlStore], Iterable[Channel]],
    *,
    clock: Callable[[], datetime] = real_clock,
    vault: Vault | None = None,
    spool: Path | None = None,
    anchors: bool = True,
) -> AsyncIterator[Program]:
    """Read and check the pack, open and migrate the database, and hand over the whole program."""
    pack = read_pack(settings.region, clock().date())
    if pack.calendar_known.year < clock().year:
        log.warning("calendar_year_unknown", year=clock().year, known_until=str(pack.calendar_known))
    vault = vault or make_vault(settings)
    bells = make_bell(settings, log.error)
    store = await SqlStore.open(settings.database_url, vault)
    try:
        async with store.work() as work:
            await work.people.set_places(pack.areas.values(), pack.departments.values())
        office = Office(
            store=store,
            kit=make_kit(pack, settings.public_url, local_model(settings.data_dir)),
            channels=by_name(channels(store)),
            spool=Spool(spool or settings.data_dir / "spool", vault),
            clock=clock,
            anchors=anchors,
            log=log.info,
            alarm=log.error,
            bell=bells,
        )
        yield Program(office, Intake(office), pack, store)
    finally:
        await bells.rung()
        await store.close()


async def warm(program: Program) -> None:
    """Load the reader before anybody waits for it: it takes some seconds the first time."""
    async with program.store.work() as work:
        directory = await work.people.directory()
    reader = program.office.kit.readers(directory)
    await asyncio.to_thread(reader.understand, "在吗", Context(now=program.office.clock()))


def make_kit(pack: Pack, public_url: str, model: Model | None = None) -> Kit:
    """What conversations use of the pack, read with the shipped model or the one that learned on the spot."""
    readers = RosterReaders(pack, model)
    return Kit(pack.rulebook, Phrases(pack.phrases), readers, pack.policies, pack.numbers, public_url)


def by_name(channels: Iterable[Channel]) -> Mapping[str, Channel]:
    """Channels under the name that stands in addresses."""
    return {channel.name: channel for channel in channels}


async def enroll_sample(program: Program, channel: str | None) -> list[Person]:
    """Put the pack's invented roster into an empty database, reached by their ids on a channel (else by invitation);
    nobody twice."""
    async with program.store.work() as work:
        known = (await work.people.directory()).persons
        fresh = [enrolled.person for enrolled in program.pack.roster if enrolled.person.id not in known]
        for person in fresh:
            if channel:
                await work.people.enroll(person, channel, person.id)
            else:
                await work.people.put(person)
        if fresh:
            for household in program.pack.households:
                await work.people.add_household(household)
        return [enrolled.person for enrolled in program.pack.roster]
