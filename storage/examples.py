"""Corrections (纠正) that the reader learns from: encrypted like every text that a person wrote."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.ports import Example
from storage.crypto import Vault
from storage.rows import put
from storage.tables import examples, inbox

_SECRET = ("text", "role", "intent")


class SqlExamples:
    """The port `Examples`."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    async def keep(self, example: Example) -> None:
        """Keep one; the latest correction of a message holds. Words that lie under the second key are never kept."""
        sealed = select(inbox.c.sealed).where(inbox.c.id == example.said)
        if await self._connection.scalar(sealed):
            return
        content = {name: getattr(example, name) for name in _SECRET}
        locked = self._vault.lock_json(content, "examples", "content", example.said)
        await put(self._connection, examples, "said", said=example.said, at=example.at, content=locked)

    async def forget(self, said: str) -> None:
        """The words are sealed or erased: nothing is learned from them."""
        await self._connection.execute(delete(examples).where(examples.c.said == said))

    async def all(self) -> list[Example]:
        """All, oldest first."""
        rows = await self._connection.execute(select(examples).order_by(examples.c.place))
        opened = ((row, self._vault.open_json(row.content, "examples", "content", row.said)) for row in rows)
        return [Example(said=row.said, at=row.at, **content) for row, content in opened]
