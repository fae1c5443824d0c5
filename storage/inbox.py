"""The words as they came in: kept once, before anything reads them.

The row tells channel and time; sender, message key and words are encrypted. When the words turn out to be sealed, row
and look-up digests move under the second key, so that nothing plain ties them to a person any more.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import false, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.post import Attachment, MediaKind, Said
from storage.crypto import Vault
from storage.examples import SqlExamples
from storage.rows import insert_new
from storage.tables import addresses, inbox, media

_SECRET = ("address", "key", "text", "press", "media")


class SqlInbox:
    """The port `Inbox`."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    async def keep(self, said: Said) -> bool:
        """Store a message; False when this channel and key are already kept."""
        content = {name: getattr(said, name) for name in _SECRET}
        new = await insert_new(
            self._connection,
            inbox,
            id=said.id,
            channel=said.channel,
            key=self._vault.index("inbox.key", said.channel, said.key),
            sender=self._vault.index("inbox.sender", said.channel, said.address),
            content=self._vault.lock_json(content, "inbox", "content", said.id),
            received_at=said.received_at,
            said_at=said.said_at,
            answered=False,
            sealed=False,
        )
        if new:
            await self._attach(said)
            await self._heard(said)
        return new

    async def _attach(self, said: Said) -> None:
        came = said.attachment
        if came is None:
            return
        content = self._locked(said.id, came.type, base64.b64encode(came.data).decode(), sealed=False)
        await insert_new(self._connection, media, said=said.id, kind=came.kind, content=content)

    def _locked(self, said: str, kind: str, data: str, *, sealed: bool) -> bytes:
        return self._vault.lock_json({"type": kind, "data": data}, "media", "content", said, sealed=sealed)

    async def key(self, said: str) -> str | None:
        """The channel's own key of a message; None where there is no such message."""
        content = await self._connection.scalar(select(inbox.c.content).where(inbox.c.id == said))
        return self._vault.open_json(content, "inbox", "content", said)["key"] if content is not None else None

    async def words(self, said: str) -> str | None:
        """The words of a message; None where there is no such message."""
        return (await words_of(self._connection, self._vault, (said,))).get(said)

    async def attachment(self, said: str) -> Attachment | None:
        """What came with a message, if anything did."""
        found = await self._connection.execute(select(media).where(media.c.said == said))
        row = found.one_or_none()
        if row is None:
            return None
        content = self._vault.open_json(row.content, "media", "content", said)
        return Attachment(row.kind, content["type"], base64.b64decode(content["data"]))

    async def attached(self, said: Sequence[str]) -> Mapping[str, MediaKind]:
        """Which of these messages came with a photo or voice note."""
        rows = await self._connection.execute(select(media.c.said, media.c.kind).where(media.c.said.in_(said)))
        return {row.said: row.kind for row in rows}

    async def _heard(self, said: Said) -> None:
        """Answers go to the address last written from; of a person with one address nothing changes."""
        found = await self._connection.execute(
            select(addresses.c.person, addresses.c.current).where(
                addresses.c.channel == said.channel,
                addresses.c.address == self._vault.index("address", said.channel, said.address),
            )
        )
        row = found.one_or_none()
        if row is None or row.current:
            return
        mine = addresses.c.address == self._vault.index("address", said.channel, said.address)
        await self._connection.execute(
            update(addresses)
            .where(addresses.c.person == row.person)
            .values(current=mine & (addresses.c.channel == said.channel))
        )

    async def unanswered(self, limit: int) -> list[Said]:
        """Kept but not yet answered, oldest first."""
        rows = await self._connection.execute(
            select(inbox).where(inbox.c.answered == false()).order_by(inbox.c.place).limit(limit)
        )
        return [self._said(row) for row in rows]

    async def claim(self, said: str) -> bool:
        """Take a message for answering: another worker that wants it waits here. False when it is answered."""
        mine = (inbox.c.id == said) & (inbox.c.answered == false())
        return await self._connection.scalar(select(inbox.c.id).where(mine).with_for_update()) is not None

    async def answered(self, said: str, *, sealed: bool) -> None:
        """Mark as answered; sealed words move under the second key, and nothing is learned from them any more."""
        await self._connection.execute(update(inbox).where(inbox.c.id == said).values(answered=True))
        if not sealed:
            return
        found = await self._connection.execute(select(inbox).where(inbox.c.id == said, inbox.c.sealed == false()))
        row = found.one_or_none()
        if row is None:
            return
        content = self._vault.open_json(row.content, "inbox", "content", said)
        await self._seal_attachment(said)
        await SqlExamples(self._connection, self._vault).forget(said)  # learned from before anybody knew
        await self._connection.execute(
            update(inbox)
            .where(inbox.c.id == said)
            .values(
                sealed=True,
                sender=self._vault.index("inbox.sender", row.channel, content["address"], sealed=True),
                content=self._vault.lock_json(content, "inbox", "content", said, sealed=True),
            )
        )

    async def _seal_attachment(self, said: str) -> None:
        content = await self._connection.scalar(select(media.c.content).where(media.c.said == said))
        if content is not None:
            kept = self._vault.open_json(content, "media", "content", said)
            locked = self._locked(said, kept["type"], kept["data"], sealed=True)
            await self._connection.execute(update(media).where(media.c.said == said).values(content=locked))

    def _said(self, row: Row[Any]) -> Said:
        content = self._vault.open_json(row.content, "inbox", "content", row.id)
        return Said(id=row.id, channel=row.channel, received_at=row.received_at, said_at=row.said_at, **content)


async def words_of(connection: AsyncConnection, vault: Vault, said: Iterable[str]) -> Mapping[str, str]:
    """The words of inbox rows by id; a press counts as its label, media without words as none."""
    rows = await connection.execute(select(inbox.c.id, inbox.c.content).where(inbox.c.id.in_(list(said))))
    contents = {row.id: vault.open_json(row.content, "inbox", "content", row.id) for row in rows}
    return {key: content["text"] or content["press"] or "" for key, content in contents.items()}
