"""What a chat must forget: a complaint and its answer, one's own danger. Telegram lets a bot delete its own messages
and those written to it, for 48 hours; until then each waits here as a small encrypted file."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from assistance.ports import Store, Work
from assistance.post import Letter
from bot.channels.web import answered_by
from bot.telegram.api import Api, ApiError, NoAnswer, ServerTrouble, TooFast
from bot.telegram.updates import numbers_of
from handlers.corrections import CORRECTED
from handlers.office import Log
from storage.crypto import Vault
from storage.errors import DamagedValue, WrongKey

_ANSWER = timedelta(minutes=30)  # the answer to a complaint; the page knows when it was seen, here nobody does
_DANGER = timedelta(hours=24)  # one's own danger, unless it is over earlier
_NEWS = timedelta(hours=47)  # what comes by itself may lie unread: nearly as long as Telegram lets it be deleted


@dataclass(frozen=True, slots=True)
class Trace:
    """Messages of one chat, and when they go. Those about a danger name its case: they go when it is over."""

    chat: int
    numbers: Sequence[int]
    due: datetime
    case: str | None = None


class Traces:
    """A folder of traces, made with mode 700 where it is missing. A file tells nothing without the second key."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder, self._vault = folder, vault
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def keep(self, trace: Trace) -> None:
        """Remember it, also through a crash."""
        self._write(f"{secrets.token_hex(12)}.trace", trace)

    def over(self, chat: int, case: str, now: datetime) -> None:
        """A danger has passed: what this chat shows of it goes now."""
        for name, trace in list(self._all()):
            if (trace.chat, trace.case) == (chat, case):
                self._write(name, replace(trace, due=now))

    def due(self, now: datetime) -> Iterator[tuple[str, Trace]]:
        """What has to go, with the name to call it done by."""
        return ((name, trace) for name, trace in self._all() if trace.due <= now)

    def done(self, name: str) -> None:
        """It is gone from the chat, or stays there for good."""
        (self._folder / name).unlink(missing_ok=True)

    def _all(self) -> Iterator[tuple[str, Trace]]:
        for path in sorted(self._folder.glob("*.trace")):
            try:
                kept = self._vault.open_json(path.read_bytes(), "traces", "trace", path.name)
            except (FileNotFoundError, DamagedValue, WrongKey):  # another process was quicker; nobody can read it
                continue
            yield path.name, Trace(**kept)

    def _write(self, name: str, trace: Trace) -> None:
        kept = {"chat": trace.chat, "numbers": list(trace.numbers), "due": trace.due, "case": trace.case}
        part = self._folder / f"{name}.part"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(self._vault.lock_json(kept, "traces", "trace", name, sealed=True))
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._folder / name)


def is_brief(letter: Letter, now: datetime) -> bool:
    """Whether it is the answer to a complaint that has just been told: whoever told it is there to read it. An answer
    that comes late has to wait for its reader."""
    at_once = answered_by(letter.parcel) is not None and now - letter.parcel.wanted_at < _ANSWER
    return letter.private == "complaint" and at_once


async def note(traces: Traces, store: Store, letter: Letter, number: int, now: datetime) -> None:
    """A letter has arrived as the message of that number: what must go of it, and of the words that it answers."""
    if letter.private is None:
        return
    chat, said = int(letter.parcel.address), answered_by(letter.parcel)
    danger = letter.parcel.case if letter.private == "crisis" else None
    if danger and letter.over:
        traces.over(chat, danger, now)
    stays = _DANGER if danger else _ANSWER if is_brief(letter, now) else _NEWS
    traces.keep(Trace(chat, [number], now + stays, danger))
    async with store.work() as work:
        told = [said] if said else await _corrected(letter, work)
        own = [number for one in told for number in numbers_of(await work.inbox.key(one), chat)]
    if own:
        traces.keep(Trace(chat, own, now + stays if danger and not letter.over else now, danger))


async def _corrected(letter: Letter, work: Work) -> list[str]:
    """The words of whoever reads that these were a complaint after all: when they were answered nobody knew it."""
    if letter.parcel.step != CORRECTED or letter.parcel.case is None:
        return []
    reports = await work.cases.reporters(letter.parcel.case)
    return [report.said for report in reports if report.by == letter.parcel.person]


async def wipe(api: Api, traces: Traces, now: datetime, log: Log) -> None:
    """Delete what is due. What the network or the server cannot do now is tried at the next call."""
    for name, trace in traces.due(now):
        try:
            await api.delete(trace.chat, trace.numbers)
        except (NoAnswer, TooFast, ServerTrouble):
            return
        except ApiError as error:  # too old by now, or the chat is closed to the bot: it stays with Telegram
            log("telegram_not_deleted", error=type(error).__name__)
        traces.done(name)
