"""即时帮扶台账: entries are the fold of their lines, read anew each time (a dozen of them); no state is kept beside.

Each line is chained like an event of a case (`storage.chain`). The data of a line tell of a household's need and lie
encrypted; the words (name, measures) lie in the entry's row, where they can be erased.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.ledger import Did, Entry, Line, fold
from assistance.ports import Stale
from storage.chain import proof
from storage.crypto import Vault
from storage.rows import insert_new
from storage.tables import ledger, ledger_events


def link_line(vault: Vault, previous: str | None, line: Line) -> str:
    """The digest of a line after the one before it."""
    return proof(vault, previous, "ledger", line.entry, line.seq, line.at, line.what, line.by, dict(line.data))


def line_of(vault: Vault, row: Row[Any]) -> Line:
    """A row of the table as a line. Raises `DamagedValue` where it was changed."""
    data = vault.open_json(row.content, "ledger_events", "content", f"{row.entry}#{row.seq}")
    return Line(row.entry, row.seq, row.at, Did(row.what), row.by, data)


class SqlLedger:
    """The port `Ledger`."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    async def one(self, entry: str) -> Entry | None:
        """An entry by its id, locked for change."""
        return next(iter(await self._read(ledger.c.id == entry, lock=True)), None)

    async def by_number(self, number: str) -> Entry | None:
        """An entry by its 台账编号, locked for change."""
        return next(iter(await self._read(ledger.c.number == number, lock=True)), None)

    async def of_household(self, household: str) -> list[Entry]:
        """The entries of a household, locked for change."""
        return await self._read(ledger.c.household == household, lock=True)

    async def of_area(self, *, village: str | None = None, town: str | None = None) -> list[Entry]:
        """The entries of a village, of a town, or all."""
        if village is not None:
            return await self._read(ledger.c.village == village)
        return await self._read(ledger.c.town == town if town is not None else true())

    async def waiting(self, now: datetime) -> list[Entry]:
        """Entries whose next step may be signed by now."""
        return await self._read(ledger.c.step_at <= now)

    async def next_step(self, after: datetime) -> datetime | None:
        """The earliest moment behind `after` at which a next step may be signed."""
        found: datetime | None = await self._connection.scalar(
            select(func.min(ledger.c.step_at)).where(ledger.c.step_at > after)
        )
        return found

    async def history(self, entry: str) -> list[Line]:
        """The lines of an entry in order."""
        query = select(ledger_events).where(ledger_events.c.entry == entry).order_by(ledger_events.c.seq)
        return [line_of(self._vault, row) for row in await self._connection.execute(query)]

    async def words(self, entry: str) -> Mapping[str, Any]:
        """The head's name and the words of measures."""
        content = await self._connection.scalar(select(ledger.c.content).where(ledger.c.id == entry))
        return dict(self._vault.open_json(content, "ledger", "content", entry)) if content is not None else {}

    async def save(
        self, entries: Sequence[Entry], lines: Sequence[Line], words: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """Append lines, one entry after the other; `words` are put onto those kept, none at all erases them.

        Raises `Stale` when an entry has moved on or a number is taken.
        """
        states = {entry.id: entry for entry in entries}
        ordered = sorted(lines, key=lambda line: (line.entry, line.seq))
        for entry, new in groupby(ordered, key=lambda line: line.entry):
            await self._append(states[entry], list(new))
        for entry, more in sorted(words.items()):
            kept = {**await self.words(entry), **more} if more else {}
            content = self._vault.lock_json(kept, "ledger", "content", entry, sealed=True)
            await self._connection.execute(update(ledger).where(ledger.c.id == entry).values(content=content))

    async def _append(self, entry: Entry, lines: Sequence[Line]) -> None:
        before = lines[0].seq - 1
        here = (ledger.c.id == entry.id) & (ledger.c.seq == before)
        previous = await self._connection.scalar(select(ledger.c.head).where(here)) if before else None
        digests = []
        for line in lines:
            previous = link_line(self._vault, previous, line)
            digests.append(previous)
        moved = {"seq": entry.seq, "head": previous, "step_at": entry.step_at}
        if before:
            written = (await self._connection.execute(update(ledger).where(here).values(**moved))).rowcount == 1
        else:
            place = {name: getattr(entry, name) for name in ("number", "household", "village", "town", "county")}
            content = self._vault.lock_json({}, "ledger", "content", entry.id, sealed=True)
            written = await insert_new(self._connection, ledger, id=entry.id, content=content, **place, **moved)
        if not written:
            raise Stale("the entry moved on, or its number is taken")
        for line, digest in zip(lines, digests, strict=True):
            place_of = ("ledger_events", "content", f"{line.entry}#{line.seq}")
            content = self._vault.lock_json(dict(line.data), *place_of, sealed=True)
            values = {"at": line.at, "what": line.what, "by": line.by, "content": content, "digest": digest}
            if not await insert_new(self._connection, ledger_events, entry=line.entry, seq=line.seq, **values):
                raise Stale("the entry moved on")

    async def _read(self, which: ColumnElement[bool], *, lock: bool = False) -> list[Entry]:
        query = select(ledger.c.id).where(which).order_by(ledger.c.id)
        ids = list(await self._connection.scalars(query.with_for_update() if lock else query))
        found: dict[str, list[Line]] = {}
        chosen = select(ledger.c.id).where(which)
        rows = select(ledger_events).where(ledger_events.c.entry.in_(chosen)).order_by(ledger_events.c.seq)
        for row in await self._connection.execute(rows):
            found.setdefault(row.entry, []).append(line_of(self._vault, row))
        return sorted((fold(found[key]) for key in ids if key in found), key=lambda entry: (entry.since, entry.id))
