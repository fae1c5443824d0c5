"""Letters that wait for a web phone to fetch them. Their numbers count up for each device: they tell nobody how much
mail there is for others. The words are erased once the device has them; that a parcel was this letter is kept, but of
letters about the reader's own complaint."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.post import Mail
from storage.crypto import Vault
from storage.rows import insert_new
from storage.tables import devices, mailbox

_UNTIED = "~"


class SqlMailbox:
    """The port `Mailbox`."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    async def put(self, address: str, mail: Mail, *, sealed: bool, untied: bool = False) -> int:
        """Lay a letter into a device's box; gives its number. The same parcel again changes nothing."""
        key = untied_name(self._vault, mail.parcel) if untied else mail.parcel
        known = await self._connection.scalar(select(mailbox.c.number).where(mailbox.c.parcel == key))
        if known is not None:
            return int(known)
        await self._connection.execute(update(devices).where(devices.c.id == address).values(mail=devices.c.mail + 1))
        number = await self._connection.scalar(select(devices.c.mail).where(devices.c.id == address))
        if number is None:
            raise LookupError("no such device")
        content = {"parcel": mail.parcel, "case": mail.case, "at": mail.at, "content": mail.content}
        locked = self._vault.lock_json(content, "mailbox", "content", key, sealed=sealed or untied)
        await insert_new(self._connection, mailbox, parcel=key, device=address, number=number, content=locked)
        return int(number)

    async def after(self, address: str, number: int, limit: int) -> list[Mail]:
        """What lies in the box behind a number, in order."""
        rows = await self._connection.execute(
            select(mailbox)
            .where(mailbox.c.device == address, mailbox.c.number > number, mailbox.c.content.is_not(None))
            .order_by(mailbox.c.number)
            .limit(limit)
        )
        return [self._mail(row) for row in rows]

    async def got(self, address: str, upto: int) -> None:
        """The device has everything up to this number: the words are erased."""
        mine = (mailbox.c.device == address) & (mailbox.c.number <= upto) & mailbox.c.content.is_not(None)
        await self._connection.execute(update(mailbox).where(mine).values(content=None))

    async def parcels(self, address: str, numbers: Sequence[int]) -> list[str]:
        """The parcels that these letters were; an untied one is not told."""
        rows = await self._connection.execute(
            select(mailbox.c.parcel).where(mailbox.c.device == address, mailbox.c.number.in_(numbers))
        )
        return [row.parcel for row in rows if not row.parcel.startswith(_UNTIED)]

    def _mail(self, row: Any) -> Mail:
        kept = self._vault.open_json(row.content, "mailbox", "content", row.parcel)
        at: datetime = kept["at"]
        return Mail(row.number, kept["parcel"], kept["case"], at, kept["content"])


def untied_name(vault: Vault, parcel: str) -> str:
    """The name under which a letter lies that is about its reader's own complaint: without the key no row ties the
    device to parcel, notice and case."""
    return _UNTIED + vault.index("mailbox.parcel", parcel, sealed=True)
