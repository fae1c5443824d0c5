"""What is asked of the Bot API, and how it refuses. Two libraries fill this port; nothing else knows either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Update = Mapping[str, Any]  # as the Bot API gives it: plain data
Keyboard = Mapping[str, Any]  # a reply_markup, as the Bot API takes it

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")  # the kinds of updates that are asked for


class ApiError(Exception):
    """The Bot API refused; the text is its own description, which holds no words of anybody."""


class NoAnswer(ApiError):
    """The network: nobody knows whether the request arrived."""


class ServerTrouble(ApiError):
    """5xx: Telegram's own trouble, which passes."""


class TooFast(ApiError):
    """429: ask again after that many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"retry after {seconds}")
        self.seconds = seconds


class Blocked(ApiError):
    """403: this chat takes nothing from the bot (blocked, deleted, never begun)."""


class Moved(ApiError):
    """The group became a supergroup and has this id now."""

    def __init__(self, chat: int) -> None:
        super().__init__("moved")
        self.chat = chat


class OtherPoller(ApiError):
    """409: somebody else reads this bot's updates, by polling or by a webhook."""


class TooLarge(ApiError):
    """A file that bots cannot have (20 MB) or that is larger than asked for."""


class Api(Protocol):
    """The Bot API. Every call may raise `ApiError`."""

    async def open(self) -> str:
        """Begin; gives the bot's user name."""
        ...

    async def close(self) -> None:
        """Let go of the connections."""
        ...

    async def updates(self, offset: int, wait: int) -> Sequence[Update]:
        """At most a hundred updates from a number on; what lies before it is never given again. Waits that many
        seconds for the first one."""
        ...

    async def send(self, chat: int, text: str, keyboard: Keyboard | None = None, *, protected: bool = False) -> int:
        """One message, as plain text; gives its number. A protected one can be neither forwarded nor saved."""
        ...

    async def delete(self, chat: int, messages: Sequence[int]) -> None:
        """Messages vanish from a chat on both sides: the bot's own and, in a private chat, those written to it, for 48
        hours. Those that are not there any more are no error."""
        ...

    async def acknowledge(self, press: str) -> None:
        """A press was noticed: the button stops turning."""
        ...

    async def file(self, file: str, most: int) -> bytes:
        """A file that somebody sent, of at most that many bytes."""
        ...

    async def set_webhook(self, url: str, secret: str) -> None:
        """Updates come as requests from now on, each with the secret in its header."""
        ...

    async def drop_webhook(self) -> None:
        """Updates are asked for from now on; none is lost."""
        ...

    async def set_commands(self, commands: Mapping[str, str]) -> None:
        """The list behind the `/` in every private chat, with a word on each."""
        ...
