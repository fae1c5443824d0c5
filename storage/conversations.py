"""What is remembered of one person between messages. Always under the second key: it may be about a sealed case."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.decision import Conversation
from storage.codec import conversation_in, conversation_out
from storage.crypto import Vault
from storage.rows import insert_new, put
from storage.tables import conversations


class SqlConversations:
    """The port `Conversations`."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    async def of(self, person: str) -> Conversation:
        """The conversation, locked for change; an empty one for somebody new."""
        await insert_new(self._connection, conversations, person=person)  # or there would be no row to lock
        content = await self._connection.scalar(
            select(conversations.c.content).where(conversations.c.person == person).with_for_update()
        )
        if content is None:
            return Conversation(person)
        return conversation_in(person, self._vault.open_json(content, "conversations", "content", person))

    async def save(self, conversation: Conversation) -> None:
        """Keep it whole."""
        person, kept = conversation.person, conversation_out(conversation)
        content = self._vault.lock_json(kept, "conversations", "content", person, sealed=True)
        await put(self._connection, conversations, "person", person=person, content=content)
