"""The Bot API through python-telegram-bot: for small machines (a third of a second and 35 MB to import)."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import cast

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from bot.telegram.api import (
    WANTED,
    ApiError,
    Blocked,
    Keyboard,
    Moved,
    NoAnswer,
    OtherPoller,
    ServerTrouble,
    TooFast,
    TooLarge,
    Update,
)

os.environ.setdefault("PTB_TIMEDELTA", "1")  # what the library will do in its next version, without its warning
logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells every address it asks, and the token stands in it


class LightApi:
    """The port `Api`. `patience` is how many seconds an answer may take."""

    def __init__(self, token: str, server: str, proxy: str, patience: float) -> None:
        self._patience = patience
        self._bot = Bot(
            token,
            base_url=f"{server}/bot",
            base_file_url=f"{server}/file/bot",
            request=self._connections(proxy, 16),
            get_updates_request=self._connections(proxy, 1),
        )

    def _connections(self, proxy: str, most: int) -> HTTPXRequest:
        seconds = self._patience
        return HTTPXRequest(
            most, read_timeout=seconds, write_timeout=seconds, connect_timeout=seconds, proxy=proxy or None
        )

    async def open(self) -> str:
        """Begin; gives the bot's user name."""
        with _told():
            await self._bot.initialize()
            return self._bot.username or ""

    async def close(self) -> None:
        """Let go of the connections."""
        await self._bot.shutdown()

    async def updates(self, offset: int, wait: int) -> Sequence[Update]:
        """Updates from a number on."""
        with _told():
            found = await self._bot.get_updates(offset=offset, timeout=wait, allowed_updates=list(WANTED))
            return [update.to_dict() for update in found]

    async def send(self, chat: int, text: str, keyboard: Keyboard | None = None, *, protected: bool = False) -> int:
        """One message, as plain text."""
        with _told():
            sent = await self._bot.send_message(
                chat,
                text,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                protect_content=protected,
                reply_markup=self._markup(keyboard),
            )
            return sent.message_id

    async def delete(self, chat: int, messages: Sequence[int]) -> None:
        """Messages vanish from a chat."""
        with _told():
            await self._bot.delete_messages(chat, messages)

    async def acknowledge(self, press: str) -> None:
        """A press was noticed."""
        with _told():
            await self._bot.answer_callback_query(press)

    async def file(self, file: str, most: int) -> bytes:
        """A file that somebody sent."""
        with _told():
            found = await self._bot.get_file(file)
            if (found.file_size or 0) > most:
                raise TooLarge
            async with asyncio.timeout(self._patience):
                data = bytes(await found.download_as_bytearray())
            if len(data) > most:
                raise TooLarge
            return data

    async def set_webhook(self, url: str, secret: str) -> None:
        """Updates come as requests from now on."""
        with _told():
            await self._bot.set_webhook(url, secret_token=secret, allowed_updates=list(WANTED))

    async def drop_webhook(self) -> None:
        """Updates are asked for from now on."""
        with _told():
            await self._bot.delete_webhook()

    async def set_commands(self, commands: Mapping[str, str]) -> None:
        """The list behind the `/`."""
        with _told():
            listed = [BotCommand(name, words) for name, words in commands.items()]
            await self._bot.set_my_commands(listed, scope=BotCommandScopeAllPrivateChats())

    def _markup(self, keyboard: Keyboard | None) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
        if keyboard is None:
            return None
        data = dict(keyboard)
        if "inline_keyboard" in data:
            return InlineKeyboardMarkup.de_json(data, self._bot)
        rows = [[button["text"] for button in row] for row in data.pop("keyboard")]
        return ReplyKeyboardMarkup(rows, **data)


@contextmanager
def _told() -> Iterator[None]:
    """The library's errors as ours."""
    try:
        yield
    except RetryAfter as error:
        raise TooFast(cast("timedelta", error.retry_after).total_seconds()) from None
    except ChatMigrated as error:
        raise Moved(error.new_chat_id) from None
    except Forbidden as error:
        raise Blocked(error.message) from None
    except Conflict as error:
        raise OtherPoller(error.message) from None
    except (TimedOut, TimeoutError) as error:
        raise NoAnswer(type(error).__name__) from None
    except (BadRequest, InvalidToken) as error:
        raise _refused(error.message) from None
    except NetworkError as error:  # also what the server itself could not do (5xx)
        raise (NoAnswer if error.message.startswith("httpx.") else ServerTrouble)(type(error).__name__) from None
    except TelegramError as error:
        raise ApiError(error.message) from None


def _refused(why: str) -> ApiError:
    why = why.lower()
    if "file is too big" in why:
        return TooLarge(why)
    return Blocked(why) if "chat not found" in why else ApiError(why)
