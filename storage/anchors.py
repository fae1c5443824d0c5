"""The daily anchor (每日存证): one digest over all heads, chained to the one before.

An anchor holds the heads that moved since the last one, so that its cost follows the day, not the history; by the chain
it stands for all of them. The heads lie encrypted in its row: they let `jishiyu verify` name a case that is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.ports import Anchor
from storage.chain import proof
from storage.crypto import Vault
from storage.rows import insert_new
from storage.tables import anchors, cases, ledger

_MANY = 500  # ids in one statement


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain had come: of a case or of an entry of the ledger."""

    kind: str  # case, ledger
    id: str
    receipt: str
    seq: int
    digest: str


class SqlAnchors:
    """The port `Anchors`."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    async def last(self) -> Anchor | None:
        """The latest anchor."""
        found = await self.after(0, latest=True)
        return found[0][0] if found else None

    async def after(self, number: int, *, latest: bool = False) -> list[tuple[Anchor, bytes]]:
        """Anchors behind a number with their locked heads, in order; `latest` gives only the last one."""
        query = select(anchors).where(anchors.c.number > number)
        query = query.order_by(anchors.c.number.desc()).limit(1) if latest else query.order_by(anchors.c.number)
        rows = await self._connection.execute(query)
        return [(Anchor(row.number, row.at, row.cases, row.events, row.digest), row.content) for row in rows]

    async def make(self, at: datetime) -> Anchor | None:
        """The anchor of a moment; None where it is made already. Locks the heads that moved until the commit."""
        last = await self.last()
        if last is not None and last.at >= at:
            return None
        moved = [await self._moved(table, kind) for table, kind in ((cases, "case"), (ledger, "ledger"))]
        heads = [Head(kind, row.id, row.receipt, row.seq, row.head or "") for kind, rows in moved for row in rows]
        new = [(row.anchored == 0, row.seq - row.anchored) for _, rows in moved for row in rows]
        before = last or Anchor(0, at, 0, 0, "")
        counts = before.cases + sum(first for first, _ in new), before.events + sum(more for _, more in new)
        number = before.number + 1
        digest = digest_of(self._vault, before.digest, number, at, *counts, heads)
        anchor = Anchor(number, at, *counts, digest)
        content = self._vault.lock_json([_out(head) for head in heads], "anchors", "content", str(number), sealed=True)
        values = {"number": number, "at": at, "cases": counts[0], "events": counts[1], "digest": digest}
        if not await insert_new(self._connection, anchors, content=content, **values):
            return None  # another worker was quicker
        for table, rows in ((cases, moved[0][1]), (ledger, moved[1][1])):
            await self._mark(table, [row.id for row in rows])
        return anchor

    async def _moved(self, table: Table, kind: str) -> tuple[str, Sequence[Any]]:
        receipt = table.c.receipt if kind == "case" else table.c.number
        columns = (table.c.id, receipt.label("receipt"), table.c.seq, table.c.head, table.c.anchored)
        query = select(*columns).where(table.c.seq > table.c.anchored).order_by(table.c.id).with_for_update()
        rows: Sequence[Any] = (await self._connection.execute(query)).all()
        return kind, rows

    async def _mark(self, table: Table, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), _MANY):
            some = ids[start : start + _MANY]
            await self._connection.execute(update(table).where(table.c.id.in_(some)).values(anchored=table.c.seq))


def digest_of(
    vault: Vault, previous: str, number: int, at: datetime, cases_so_far: int, events_so_far: int, heads: Sequence[Head]
) -> str:
    """The digest of an anchor: over the one before, its moment, how many there were so far, the heads that moved."""
    return proof(vault, previous, "anchor", number, at, cases_so_far, events_so_far, [_out(head) for head in heads])


def heads_of(vault: Vault, number: int, content: bytes) -> list[Head]:
    """The heads in an anchor's row. Raises `DamagedValue` where it was changed."""
    return [Head(*one) for one in vault.open_json(content, "anchors", "content", str(number))]


def _out(head: Head) -> list[str | int]:
    return [head.kind, head.id, head.receipt, head.seq, head.digest]
