"""An album comes as one message for each photo, with the words on one of them and nothing that says it is whole."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.telegram.updates import Told

_REMEMBERED = 10_000  # parts whose coming again is noticed


class PartsLost(OSError):
    """The album was not taken: its parts have to come again."""


@dataclass
class _Album:
    parts: dict[str, Told]
    over: asyncio.Event = field(default_factory=asyncio.Event)
    taken: bool = False


class Albums:
    """Collects the photos of albums until none has come for a while."""

    def __init__(self, quiet: float) -> None:
        self._quiet = quiet
        self._open: dict[tuple[int, str | None], _Album] = {}
        self._taken: dict[str, None] = {}

    async def add(self, told: Told, turn: asyncio.Lock, take: Callable[[list[Told]], Awaitable[None]]) -> None:
        """Returns when the whole album is taken, in the turn of its first photo. Raises `PartsLost` where that
        failed."""
        if told.key in self._taken:
            return
        name = (told.who, told.album)
        album = self._open.get(name)
        if album is None:
            album = self._open[name] = _Album({told.key: told})
            await self._take(name, album, turn, take)
            return
        album.parts[told.key] = told
        await album.over.wait()
        if not album.taken:
            raise PartsLost

    async def _take(
        self,
        name: tuple[int, str | None],
        album: _Album,
        turn: asyncio.Lock,
        take: Callable[[list[Told]], Awaitable[None]],
    ) -> None:
        try:
            async with turn:
                known = 0
                while known < len(album.parts):
                    known = len(album.parts)
                    await asyncio.sleep(self._quiet)
                del self._open[name]
                await take(sorted(album.parts.values(), key=lambda part: part.number))
            album.taken = True
            self._taken.update(dict.fromkeys(album.parts))
            for key in list(self._taken)[:-_REMEMBERED]:
                del self._taken[key]
        finally:
            if self._open.get(name) is album:
                del self._open[name]
            album.over.set()
