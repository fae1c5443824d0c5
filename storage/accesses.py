"""Who was shown the words of a sealed case, when (查看记录): ids alone, under the second key."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.ports import Access
from storage.crypto import Vault
from storage.tables import accesses


class SqlAccesses:
    """The port `Accesses`."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    async def add(self, access: Access) -> None:
        """One more."""
        key = uuid.uuid4().hex
        content = {"person": access.person, "case": access.case, "how": access.how}
        locked = self._vault.lock_json(content, "accesses", "content", key, sealed=True)
        await self._connection.execute(accesses.insert().values(id=key, at=access.at, content=locked))

    async def all(self, case: str | None = None) -> list[Access]:
        """All, or those of one case, the first one first."""
        rows = await self._connection.execute(select(accesses).order_by(accesses.c.place))
        opened = ((row.at, self._vault.open_json(row.content, "accesses", "content", row.id)) for row in rows)
        return [Access(at, **content) for at, content in opened if case in (None, content["case"])]
