"""One-time invitations of officers (邀请): token and code are shown once and kept as keyed digests only."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.directory import Person
from assistance.ports import Invitation
from storage.crypto import Vault
from storage.people import SqlPeople
from storage.rows import insert_new
from storage.tables import invites

VALID = timedelta(hours=72)
_TOKEN = 24  # bytes of chance: 192 bits


class SqlInvites:
    """The port `Invites`."""

    def __init__(self, connection: AsyncConnection, vault: Vault, people: SqlPeople) -> None:
        self._connection, self._vault, self._people = connection, vault, people

    async def make(self, person: str, by: str | None, now: datetime) -> Invitation:
        """A new invitation of somebody enrolled; earlier ones of theirs end."""
        await self.void(person, now)
        while True:
            made = Invitation(secrets.token_urlsafe(_TOKEN), f"{secrets.randbelow(10**8):08d}", now + VALID)
            new = await insert_new(
                self._connection,
                invites,
                id=uuid.uuid4().hex,
                person=person,
                token=self._vault.index("invite.token", made.token),
                code=self._vault.index("invite.code", made.code),
                by=by,
                made_at=now,
                until=made.until,
                used_at=None,
            )
            if new:  # else somebody was given this code before
                return made

    async def redeem(self, token_or_code: str, now: datetime) -> Person | None:
        """Whom it invites, exactly once and for 72 hours; None for any other word."""
        word = token_or_code.strip()
        mine = or_(
            invites.c.token == self._vault.index("invite.token", word),
            invites.c.code == self._vault.index("invite.code", word),
        )
        open_now = mine & invites.c.used_at.is_(None) & (invites.c.until > now)
        found = (await self._connection.execute(select(invites.c.id, invites.c.person).where(open_now))).one_or_none()
        if found is None:
            return None
        used = await self._connection.execute(
            update(invites).where(invites.c.id == found.id, invites.c.used_at.is_(None)).values(used_at=now)
        )
        person = (await self._people.directory()).persons.get(found.person)
        return person if used.rowcount == 1 and person is not None and person.left is None else None

    async def void(self, person: str, now: datetime) -> None:
        """End the open invitations of a person."""
        still = (invites.c.person == person) & invites.c.used_at.is_(None) & (invites.c.until > now)
        await self._connection.execute(update(invites).where(still).values(until=now))
