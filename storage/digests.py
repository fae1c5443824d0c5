"""Which daily messages have been made: one a kind, person and slot, whoever comes first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import insert_new
from storage.tables import digests


class SqlDigests:
    """The port `Digests`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def last(self, kind: str, person: str) -> datetime | None:
        """The latest slot that was made."""
        found: datetime | None = await self._connection.scalar(
            select(func.max(digests.c.slot)).where(digests.c.kind == kind, digests.c.person == person)
        )
        return found

    async def made(self, kind: str, persons: Sequence[str], slot: datetime) -> frozenset[str]:
        """Those of the persons for whom this slot or a later one has been made."""
        of_them = (digests.c.kind == kind) & digests.c.person.in_(persons) & (digests.c.slot >= slot)
        return frozenset(await self._connection.scalars(select(digests.c.person).where(of_them)))

    async def mark(self, kind: str, person: str, slot: datetime) -> bool:
        """Claim a slot; False when somebody else made it."""
        return await insert_new(self._connection, digests, kind=kind, person=person, slot=slot)
