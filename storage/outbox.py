"""Notices and their parcels: queued once, resolved to persons when their time comes, tried until they arrive.

A notice tells row by row only its case, step and time; audience, words and buttons are encrypted, under the second
key where it is sealed. "Once" is a keyed digest of what must not come twice, so that it ties no two rows together.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, false, func, literal, or_, select, true, update

from assistance.decision import Notice
from assistance.post import Delivered, Parcel
from storage.opened import PLAIN
from storage.rows import insert_all, insert_new
from storage.tables import addresses, notices, parcels
from storage.unreachable import SqlUnreachable

_CLAIM = timedelta(seconds=60)  # how long a parcel is one sender's before another may try: longer than a send takes
_ON_PHONE = 200  # how far back a phone is remembered
_SECRET = ("to", "phrase", "fields", "text", "buttons", "minus")

_WAITING = parcels.c.state == literal("waiting", literal_execute=True)  # spelt out, or its index is not used


class SqlOutbox(SqlUnreachable):
    """The port `Outbox`."""

    async def queue(self, waiting: Sequence[Notice], now: datetime, *, accuses: bool) -> None:
        """Queue notices; one whose case, step, version and audience were queued before is queued already. What goes
        out with an accusation is sealed, whatever it is about."""
        rows = [self._row(notice, now, sealed=notice.sealed or accuses) for notice in waiting]
        await insert_all(self._connection, notices, rows)

    def _row(self, notice: Notice, now: datetime, *, sealed: bool) -> dict[str, Any]:
        key = uuid.uuid4().hex
        content = {name: getattr(notice, name) for name in _SECRET}
        once = None
        if notice.case is not None and notice.kind != "reply":  # each message gets its own reply
            once = self._vault.index("notice", notice.case, notice.step, str(notice.version), notice.to)
        plain = {name: getattr(notice, name) for name in PLAIN} | {"sealed": sealed}
        locked = self._vault.lock_json(content, "notices", "content", key, sealed=sealed)
        return {"id": key, "once": once, "content": locked, "queued_at": now, "spread": False, **plain}

    async def queued(self, now: datetime, limit: int) -> list[tuple[str, Notice]]:
        """Notices whose time has come and whose readers are not yet resolved, oldest first; other workers skip them
        until this unit of work ends."""
        rows = await self._connection.execute(
            select(notices)
            .where(notices.c.spread == false(), or_(notices.c.not_before.is_(None), notices.c.not_before <= now))
            .order_by(notices.c.place)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [(row.id, self.notice_of(row)) for row in rows]

    async def address(self, notice: str, persons: Sequence[str]) -> None:
        """Make one parcel for each person, to the address they last wrote from (else the first enrolled).

        Whoever has no address gets a dropped parcel, so that it shows whom nobody could reach.
        """
        row = (await self._connection.execute(select(notices).where(notices.c.id == notice))).one()
        for person in persons:
            channel, address = await self._address_of(person)
            key = uuid.uuid4().hex
            where = {"person": person, "address": address}
            await insert_new(
                self._connection,
                parcels,
                id=key,
                once=self._once(row, person, channel),
                notice=notice,
                person=self._vault.index("parcel.person", person, sealed=row.sealed),
                channel=channel,
                content=self._vault.lock_json(where, "parcels", "content", key, sealed=row.sealed),
                kind=row.kind,
                state="waiting" if address else "dropped",
                attempts=0,
                next_try=(row.not_before or row.queued_at) if address else None,
                why=None if address else "no address",
                offers=False,
            )
        await self._connection.execute(update(notices).where(notices.c.id == notice).values(spread=True))

    async def waiting(self, now: datetime, limit: int) -> list[Parcel]:
        """Parcels to be tried now, in the order in which they were queued; nobody else gets them for a minute.

        A reply waits behind an earlier one to the same person that has not arrived.
        """
        rows = await self._connection.execute(
            select(
                *(parcels.c[name] for name in ("id", "notice", "channel", "kind", "attempts")),
                *(
                    notices.c[name]
                    for name in (
                        "case",
                        "step",
                        "version",
                        "urgent",
                        "sealed",
                        "missed",
                        "queued_at",
                        "not_before",
                        "content",
                    )
                ),
                parcels.c.content.label("where"),
            )
            .join(notices, notices.c.id == parcels.c.notice)
            .where(_WAITING, parcels.c.next_try <= now, ~_behind(now))
            .order_by(parcels.c.place)
            .limit(limit)
            .with_for_update(skip_locked=True, of=parcels)
        )
        found = [self._parcel(row) for row in rows]
        behind = await self._elder_elsewhere([parcel.id for parcel in found if parcel.kind == "reply"])
        found = [parcel for parcel in found if parcel.id not in behind]
        await self._connection.execute(
            update(parcels).where(parcels.c.id.in_([parcel.id for parcel in found])).values(next_try=now + _CLAIM)
        )
        return found

    async def _elder_elsewhere(self, replies: Sequence[str]) -> set[str]:
        """Those of the replies whose elder sibling another sender is claiming at this moment."""
        if not replies:
            return set()
        elder = parcels.alias("elder")
        query = select(parcels.c.id).where(parcels.c.id.in_(replies), elder.c.id.not_in(replies), _elder(elder))
        return set(await self._connection.scalars(query))

    async def next_try(self) -> datetime | None:
        """The earliest time at which a parcel or a held notice wants to go out."""
        first_parcel = await self._connection.scalar(select(func.min(parcels.c.next_try)).where(_WAITING))
        first_notice = await self._connection.scalar(
            select(func.min(func.coalesce(notices.c.not_before, notices.c.queued_at))).where(
                notices.c.spread == false()
            )
        )
        return min((moment for moment in (first_parcel, first_notice) if moment is not None), default=None)

    async def delivered(self, parcel: str, at: datetime, buttons: tuple[str, ...]) -> None:
        """It reached the phone with these buttons; the words of a reply are erased, they have done their work."""
        sealed = await self._finish(parcel)
        await self._connection.execute(
            update(parcels)
            .where(parcels.c.id == parcel)
            .values(
                state="delivered",
                delivered_at=at,
                next_try=None,
                attempts=parcels.c.attempts + 1,
                offers=bool(buttons),
                buttons=self._vault.lock_json(buttons, "parcels", "buttons", parcel, sealed=sealed),
            )
        )

    async def dropped(self, parcel: str, why: str) -> None:
        """The truth has moved on, or the person may not see it: it is never sent. `why` is a code, no words."""
        await self._finish(parcel)
        await self._connection.execute(
            update(parcels).where(parcels.c.id == parcel).values(state="dropped", next_try=None, why=why)
        )

    async def drop_waiting(self, person: str, why: str) -> None:
        """Nothing that waits for this person goes out any more."""
        who = [self._vault.index("parcel.person", person, sealed=sealed) for sealed in (False, True)]
        waiting = select(parcels.c.id).where(parcels.c.person.in_(who), _WAITING)
        for parcel in list(await self._connection.scalars(waiting)):
            await self.dropped(parcel, why)

    async def failed(self, parcel: str, retry_at: datetime) -> None:
        """It did not arrive; try again then."""
        await self._connection.execute(
            update(parcels)
            .where(parcels.c.id == parcel, _WAITING)
            .values(next_try=retry_at, attempts=parcels.c.attempts + 1)
        )

    async def on_phone(self, person: str, label: str | None = None) -> list[Delivered]:
        """What this person's phone shows, newest first; with a label, only messages with such a button.

        Looks back over the last 200 messages (with a label: over the last 200 with buttons).
        """
        who = [self._vault.index("parcel.person", person, sealed=sealed) for sealed in (False, True)]
        rows = await self._connection.execute(
            select(parcels, notices.c.case, notices.c.step, notices.c.version)
            .join(notices, notices.c.id == parcels.c.notice)
            .where(parcels.c.person.in_(who), parcels.c.state == "delivered")
            .where(parcels.c.offers == true() if label is not None else true())
            .order_by(parcels.c.delivered_at.desc(), parcels.c.place.desc())
            .limit(_ON_PHONE)
        )
        found = [
            Delivered(
                id=row.id,
                person=person,
                case=row.case,
                step=row.step,
                version=row.version,
                buttons=tuple(self._vault.open_json(row.buttons, "parcels", "buttons", row.id)),
                at=row.delivered_at,
            )
            for row in rows
        ]
        return [message for message in found if label is None or label in message.buttons]

    async def _address_of(self, person: str) -> tuple[str, str | None]:
        found = await self._connection.execute(
            select(addresses)
            .where(addresses.c.person == person)
            .order_by(addresses.c.current.desc(), addresses.c.place)
            .limit(1)
        )
        row = found.one_or_none()
        if row is None:
            return "none", None
        return row.channel, self._vault.open(row.content, "addresses", "content", row.id)

    async def _finish(self, parcel: str) -> bool:
        """Erase the words of a reply that need not go out any more. Whether the notice is sealed."""
        found = await self._connection.execute(
            select(notices).join(parcels, parcels.c.notice == notices.c.id).where(parcels.c.id == parcel)
        )
        row = found.one()
        if row.kind == "reply":
            content = self._vault.open_json(row.content, "notices", "content", row.id) | {"text": None, "buttons": ()}
            locked = self._vault.lock_json(content, "notices", "content", row.id, sealed=row.sealed)
            await self._connection.execute(update(notices).where(notices.c.id == row.id).values(content=locked))
        return bool(row.sealed)

    def _parcel(self, row: Any) -> Parcel:
        notice = self._vault.open_json(row.content, "notices", "content", row.notice)
        where = self._vault.open_json(row.where, "parcels", "content", row.id)
        return Parcel(
            id=row.id,
            notice=row.notice,
            channel=row.channel,
            kind=row.kind,
            text=notice["text"],
            buttons=tuple(notice["buttons"]),
            case=row.case,
            phrase=notice["phrase"],
            fields=notice["fields"],
            step=row.step,
            version=row.version,
            urgent=row.urgent,
            missed=row.missed,
            attempts=row.attempts,
            sealed=row.sealed,
            wanted_at=row.not_before or row.queued_at,
            **where,
        )


def _elder(elder: FromClause) -> ColumnElement[bool]:
    """An earlier reply to the same phone that has not arrived."""
    return (
        (parcels.c.kind == "reply")
        & (elder.c.kind == "reply")
        & (elder.c.person == parcels.c.person)
        & (elder.c.channel == parcels.c.channel)
        & (elder.c.state == literal("waiting", literal_execute=True))
        & (elder.c.place < parcels.c.place)
    )


def _behind(now: datetime) -> ColumnElement[bool]:
    """A reply whose elder sibling waits for another try or is with another sender."""
    elder = parcels.alias("elder")
    return select(elder.c.id).where(_elder(elder), elder.c.next_try > now).exists()
