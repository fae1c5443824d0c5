"""An address that takes nothing more: the person's next one takes its place, also for what waits."""

from __future__ import annotations

from typing import Any

from sqlalchemy import literal, select, update
from sqlalchemy.engine import Row

from storage.opened import SqlOpened
from storage.tables import addresses, notices, parcels


class SqlUnreachable(SqlOpened):
    """The part of the port `Outbox` that is about addresses nobody can be reached at."""

    async def unreachable(self, channel: str, address: str) -> bool:
        """An address takes nothing more: the person's next one takes its place, also for what waits. False
        where there is none; then all stays as it is. Whoever writes from it again is reached there again."""
        index = self._vault.index("address", channel, address)
        here = (addresses.c.channel == channel) & (addresses.c.address == index)
        person = await self._connection.scalar(select(addresses.c.person).where(here))
        other = select(addresses).where(addresses.c.person == person, ~here)
        ordered = other.order_by(addresses.c.current.desc(), addresses.c.place).limit(1)
        following = (await self._connection.execute(ordered)).one_or_none()
        if person is None or following is None:
            return False
        current = addresses.c.id == following.id
        await self._connection.execute(update(addresses).where(addresses.c.person == person).values(current=current))
        phone = self._vault.open(following.content, "addresses", "content", following.id)
        for row in await self._waiting_there(person, channel):
            where = self._vault.open_json(row.where, "parcels", "content", row.parcel)
            if where["address"] == address:
                await self._move(row, person, following.channel, phone)
        return True

    async def _waiting_there(self, person: str, channel: str) -> list[Row[Any]]:
        who = [self._vault.index("parcel.person", person, sealed=sealed) for sealed in (False, True)]
        waiting = parcels.c.state == literal("waiting", literal_execute=True)
        rows = await self._connection.execute(
            select(notices, parcels.c.id.label("parcel"), parcels.c.content.label("where"))
            .join(parcels, parcels.c.notice == notices.c.id)
            .where(parcels.c.person.in_(who), parcels.c.channel == channel, waiting)
            .order_by(parcels.c.place)
        )
        return list(rows.all())

    async def _move(self, row: Row[Any], person: str, channel: str, phone: str) -> None:
        """Unless the same went to the other address already."""
        once = self._once(row, person, channel)
        there = await self._connection.scalar(select(parcels.c.id).where(parcels.c.once == once))
        if there not in (None, row.parcel):
            gone = {"state": "dropped", "next_try": None, "why": "sent elsewhere"}
            await self._connection.execute(update(parcels).where(parcels.c.id == row.parcel).values(gone))
            return
        where = {"person": person, "address": phone}
        content = self._vault.lock_json(where, "parcels", "content", row.parcel, sealed=row.sealed)
        moved = {"channel": channel, "once": once, "content": content}
        await self._connection.execute(update(parcels).where(parcels.c.id == row.parcel).values(moved))

    def _once(self, notice: Row[Any], person: str, channel: str) -> str:
        if notice.once is None:
            return self._vault.index("parcel", notice.id, person, channel)
        return self._vault.index("parcel", notice.case, notice.step, str(notice.version), person, channel)
