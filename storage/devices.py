"""Web phones: a digest of the cookie each, and until when an officer is signed in there."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import insert_new
from storage.tables import devices

_CARRY_ON = timedelta(hours=1)  # how much of a session must be used up before it is written anew


class SqlDevices:
    """The port `Devices`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open(self, device: str, now: datetime, until: datetime | None) -> None:  # noqa: ARG002 - the port's
        """A new device; `until` is given for an officer's."""
        await insert_new(self._connection, devices, id=device, until=until, closed=False, mail=0)

    async def alive(self, device: str, now: datetime, lasts: timedelta) -> bool:
        """Whether the device is known and its session has not ended; using it carries an officer's session on."""
        found = await self._connection.execute(select(devices.c.until, devices.c.closed).where(devices.c.id == device))
        row = found.one_or_none()
        if row is None or row.closed or (row.until is not None and row.until <= now):
            return False
        if row.until is not None and row.until < now + lasts - _CARRY_ON:
            await self._connection.execute(update(devices).where(devices.c.id == device).values(until=now + lasts))
        return True

    async def close(self, device: str) -> None:
        """Signed out."""
        await self._connection.execute(update(devices).where(devices.c.id == device).values(closed=True))
