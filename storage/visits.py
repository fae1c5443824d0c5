"""The household visits (走访) that were told: head, findings and the link to the words are encrypted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.decision import Visit
from storage.crypto import Vault
from storage.rows import put
from storage.tables import visits

_SECRET = ("said", "on", "head", "findings", "void", "by_phone", "met", "change")


class SqlVisits:
    """The port `Visits`."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    async def last_of(self, person: str) -> Visit | None:
        """The visit this person told last."""
        found = await self._read(
            select(visits).where(visits.c.by == person).order_by(visits.c.at.desc(), visits.c.place.desc()).limit(1)
        )
        return found[0] if found else None

    async def one(self, visit: str) -> Visit | None:
        """The visit of this id."""
        found = await self._read(select(visits).where(visits.c.id == visit))
        return found[0] if found else None

    async def all(self) -> list[Visit]:
        """Every visit, in the order in which they were told."""
        return await self._read(select(visits).order_by(visits.c.place))

    async def of_household(self, household: str) -> list[Visit]:
        """The visits to a household, in the order in which they were told."""
        return await self._read(select(visits).where(visits.c.household == household).order_by(visits.c.place))

    async def save(self, visit: Visit, *, sealed: bool) -> None:
        """Keep a visit, or change the one of that id; `sealed` when it was told together with an accusation."""
        content = {name: getattr(visit, name) for name in _SECRET}
        await put(
            self._connection,
            visits,
            "id",
            id=visit.id,
            by=visit.by,
            at=visit.at,
            household=visit.household,
            village=visit.village,
            content=self._vault.lock_json(content, "visits", "content", visit.id, sealed=sealed),
        )

    async def _read(self, query: Select[Any]) -> list[Visit]:
        return [self._visit(row) for row in await self._connection.execute(query)]

    def _visit(self, row: Row[Any]) -> Visit:
        content = self._vault.open_json(row.content, "visits", "content", row.id)
        return Visit(id=row.id, by=row.by, at=row.at, household=row.household, village=row.village, **content)
