"""Long polling: an update is behind us only when its words are on disk, and one process alone asks for them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from bot.telegram.api import Api, ApiError, OtherPoller, TooFast, Update
from handlers.office import Log

_LOOK_AGAIN = 0.5  # seconds after which new updates are looked for while others are still being taken
_LOOK_AGAIN_FULL = 5.0  # the same when Telegram gave all it gives at once: behind it there is nothing to see yet
_FULL = 100
_LONGEST_PAUSE = 30.0
_FINISH = 5.0  # seconds that what is under way gets at the end


class Lease:
    """One poller on a machine: a locked file, which the system lets go of when its holder dies. Pollers on two
    machines are told apart by Telegram itself (409)."""

    def __init__(self, file: Path, again: float = 5.0) -> None:
        self._file, self._again = file, again
        self._handle = -1

    async def __aenter__(self) -> Self:
        """Wait until it is ours."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            while not _lock(self._handle):  # noqa: ASYNC110 - another process lets go of it
                await asyncio.sleep(self._again)
        except asyncio.CancelledError:
            os.close(self._handle)
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """The next one may poll."""
        os.close(self._handle)


def _lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@dataclass
class Poller:
    """Asks for updates for ever. Telegram forgets what lies before the number that is asked for, so that number is the
    oldest update still being taken: after a crash those come again."""

    api: Api
    receive: Callable[[Update], Awaitable[bool]]
    alarm: Log
    wait: int = 25  # seconds of one long poll
    pause: float = 1.0  # seconds before asking again after an error; it doubles
    _next: int = 0
    _open: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _done: set[int] = field(default_factory=set)
    _trouble: int = 0

    async def run(self) -> None:
        """Until cancelled; what is under way then gets a few seconds to end."""
        try:
            while True:
                await self._round()
        finally:
            if self._open:
                _, late = await asyncio.wait(self._open.values(), timeout=_FINISH)
                for task in late:
                    task.cancel()

    async def _round(self) -> None:
        start = min(self._open, default=self._next)
        self._done = {number for number in self._done if number >= start}
        found = await self._ask(start)
        fresh = {one["update_id"]: one for one in found if one["update_id"] not in self._done | self._open.keys()}
        for number in sorted(fresh):
            self._open[number] = asyncio.create_task(self._take(number, fresh[number]))
        if self._open:
            again = _LOOK_AGAIN_FULL if len(found) >= _FULL else _LOOK_AGAIN
            await asyncio.wait(self._open.values(), timeout=again)

    async def _ask(self, start: int) -> list[Update]:
        try:
            found = list(await self.api.updates(start, 0 if self._open else self.wait))
        except ApiError as error:
            self._trouble += 1
            if isinstance(error, OtherPoller) or self._trouble == 1:
                event = "telegram_other_poller" if isinstance(error, OtherPoller) else "telegram_away"
                self.alarm(event, error=type(error).__name__)
            after = error.seconds if isinstance(error, TooFast) else self.pause * 2 ** min(self._trouble - 1, 9)
            await asyncio.sleep(min(after, _LONGEST_PAUSE))
            return []
        self._trouble = 0
        return found

    async def _take(self, number: int, update: Update) -> None:
        while not await self.receive(update):  # noqa: ASYNC110 - nothing tells when the disk is there again
            await asyncio.sleep(self.pause)
        self._done.add(number)
        self._next = max(self._next, number + 1)
        del self._open[number]
