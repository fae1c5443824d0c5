"""What was opened on a phone, and what nobody has opened yet (docs/rules.md J)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, case, func, literal, select, true, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.decision import Notice
from assistance.post import Unopened
from storage.crypto import Vault
from storage.tables import UtcTime, notices, parcels

PLAIN = (
    "case",
    "step",
    "version",
    "kind",
    "urgent",
    "sealed",
    "missed",
    "watched",
    "not_before",
)  # columns of a notice

_WATCHED = (notices.c.watched == true()) & (notices.c.spread == true())


class SqlOpened:
    """The part of the port `Outbox` that is about opening."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    async def seen(self, opened: Sequence[str], at: datetime) -> None:
        """They were opened on a phone; the first time counts."""
        new = parcels.c.id.in_(opened) & parcels.c.seen_at.is_(None)
        await self._connection.execute(update(parcels).where(new).values(seen_at=_seen(at)))

    async def answered(self, person: str, at: datetime) -> None:
        """Somebody wrote or pressed: whatever lies on their phone counts as opened."""
        who = [self._vault.index("parcel.person", person, sealed=sealed) for sealed in (False, True)]
        there = parcels.c.person.in_(who) & (parcels.c.state == "delivered") & parcels.c.seen_at.is_(None)
        await self._connection.execute(update(parcels).where(there).values(seen_at=_seen(at)))

    async def unopened(self, before: datetime, limit: int) -> list[Unopened]:
        """Watched notices that reached somebody (or nobody since they were queued) before a moment, oldest first; a
        person who opened something that came with it or later has opened it too."""
        query = select(notices).where(_WATCHED, _first_there() <= before).order_by(notices.c.place).limit(limit)
        rows = (await self._connection.execute(query.with_for_update(skip_locked=True))).all()
        return [await self._unopened(row) for row in rows]

    async def _unopened(self, notice: Row[Any]) -> Unopened:
        later = parcels.alias("later")
        opened = (
            select(later.c.id)
            .where(later.c.person == parcels.c.person, later.c.seen_at.is_not(None))
            .where(later.c.delivered_at >= parcels.c.delivered_at)
            .exists()
        )
        query = select(parcels.c.id, parcels.c.content, opened.label("opened")).where(parcels.c.notice == notice.id)
        told: dict[str, bool] = {}
        for row in await self._connection.execute(query):
            told[self._vault.open_json(row.content, "parcels", "content", row.id)["person"]] = bool(row.opened)
        return Unopened(notice.id, self.notice_of(notice), tuple(told), any(told.values()))

    async def settled(self, watched: Sequence[str]) -> None:
        """These notices have been looked after."""
        await self._connection.execute(update(notices).where(notices.c.id.in_(watched)).values(watched=False))

    async def next_watched(self) -> datetime | None:
        """Since when the oldest watched notice lies there."""
        found: datetime | None = await self._connection.scalar(select(func.min(_first_there())).where(_WATCHED))
        return found

    def notice_of(self, row: Row[Any]) -> Notice:
        """The notice of a row."""
        content = self._vault.open_json(row.content, "notices", "content", row.id)
        content |= {"buttons": tuple(content["buttons"])}
        return Notice(**content, **{name: getattr(row, name) for name in PLAIN})


def _seen(at: datetime) -> ScalarSelect[datetime]:
    """The moment that is kept. Of a sealed parcel it is that of its notice: one moment on a sealed and on a plain row
    would tell whose the sealed one is."""
    moment = case((notices.c.sealed == true(), notices.c.queued_at), else_=literal(at, UtcTime))
    return select(moment).where(notices.c.id == parcels.c.notice).scalar_subquery()


def _first_there() -> ColumnElement[datetime]:
    """When a notice reached the first phone; where it reached none, when it was queued."""
    first = select(func.min(parcels.c.delivered_at)).where(parcels.c.notice == notices.c.id).scalar_subquery()
    return func.coalesce(first, notices.c.queued_at, type_=UtcTime)
