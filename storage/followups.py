"""What follows a complaint (回访): whom to ask, and whose benefits are watched.

Case, person and household lie under the second key, and nothing can be looked up by them: whoever has the database
and not the key cannot ask what somebody complained of. What is looked for is found by reading all that are not over.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.ports import Followup
from storage.crypto import Vault
from storage.rows import put
from storage.tables import followups

_SECRET = ("case", "person", "households", "since", "asked")


class SqlFollowups:
    """The port `Followups`."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    async def put(self, followup: Followup) -> None:
        """Keep one, or change the one of that id."""
        content = {name: getattr(followup, name) for name in _SECRET}
        locked = self._vault.lock_json(content, "followups", "content", followup.id, sealed=True)
        times = {"due_at": followup.due_at, "until": followup.until}
        await put(self._connection, followups, "id", id=followup.id, content=locked, **times)

    async def one(self, followup: str) -> Followup | None:
        """One by its id, locked for change."""
        query = select(followups).where(followups.c.id == followup).with_for_update()
        row = (await self._connection.execute(query)).one_or_none()
        return self._followup(row) if row is not None else None

    async def due(self, now: datetime, limit: int) -> list[Followup]:
        """Whose next question has fallen due; those another worker has now are skipped. What is over is erased."""
        await self._connection.execute(delete(followups).where(followups.c.until < now, followups.c.due_at.is_(None)))
        query = select(followups).where(followups.c.due_at <= now).order_by(followups.c.due_at, followups.c.place)
        rows = await self._connection.execute(query.limit(limit).with_for_update(skip_locked=True))
        return [self._followup(row) for row in rows]

    async def next_due(self) -> datetime | None:
        """When the next question falls due."""
        found: datetime | None = await self._connection.scalar(select(func.min(followups.c.due_at)))
        return found

    async def watched(self, now: datetime) -> list[Followup]:
        """All that are not over, oldest first."""
        query = select(followups).where(followups.c.until > now).order_by(followups.c.place)
        return [self._followup(row) for row in await self._connection.execute(query)]

    async def forget(self, case: str) -> None:
        """Those of an erased case go."""
        for row in (await self._connection.execute(select(followups))).all():
            if self._followup(row).case == case:
                await self._connection.execute(delete(followups).where(followups.c.id == row.id))

    def _followup(self, row: Row[Any]) -> Followup:
        content = self._vault.open_json(row.content, "followups", "content", row.id)
        content |= {"households": tuple(content["households"])}
        return Followup(id=row.id, until=row.until, due_at=row.due_at, **content)
