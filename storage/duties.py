"""The duty roster (值班表): who is on duty at which desk, from when until when."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.ports import Duty
from storage.tables import duties


class SqlDuties:
    """The port `Duties`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, duty: Duty) -> None:
        """Set it: of this desk it takes the place of whatever overlaps with it."""
        overlaps = (duties.c.desk == duty.desk) & (duties.c.since < duty.until) & (duties.c.until > duty.since)
        await self._connection.execute(delete(duties).where(overlaps))
        await self._connection.execute(
            duties.insert().values(
                id=uuid.uuid4().hex, desk=duty.desk, person=duty.person, since=duty.since, until=duty.until
            )
        )

    async def end(self, person: str, now: datetime) -> None:
        """Somebody left: they stand in no roster any more."""
        await self._connection.execute(delete(duties).where(duties.c.person == person, duties.c.until > now))

    async def at(self, now: datetime) -> list[Duty]:
        """Who is on duty at a moment, at every desk."""
        return await self._read(duties.c.since <= now, duties.c.until > now)

    async def coming(self, desk: str, now: datetime, limit: int) -> list[Duty]:
        """What stands in a desk's roster from now on, the next first."""
        return (await self._read(duties.c.desk == desk, duties.c.until > now))[:limit]

    async def _read(self, *which: ColumnElement[bool]) -> list[Duty]:
        query = select(duties).where(*which).order_by(duties.c.since, duties.c.place)
        rows = await self._connection.execute(query)
        return [Duty(row.desk, row.person, row.since, row.until) for row in rows]
