"""Wrong codes, counted in the database so that every worker and every channel counts together."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.crypto import Vault
from storage.tables import tries

_KEPT = timedelta(days=2)  # longer than any limit looks back


class SqlTries:
    """The port `Tries`."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    async def wrong(self, what: str, who: str, now: datetime) -> None:
        """One more wrong try; those nobody asks about any more are erased."""
        digest = self._vault.index(f"tries.{what}", who, sealed=True)
        await self._connection.execute(delete(tries).where(tries.c.at < now - _KEPT))
        await self._connection.execute(tries.insert().values(who=digest, at=now))

    async def count(self, what: str, who: str, since: datetime) -> int:
        """How many there were since then."""
        digest = self._vault.index(f"tries.{what}", who, sealed=True)
        mine = select(func.count()).select_from(tries).where(tries.c.who == digest, tries.c.at > since)
        return int(await self._connection.scalar(mine) or 0)
