"""The Bot API through aiogram. Its import takes seconds and 170 MB: nothing imports this file but `open_api`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import TelegramMethod
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
)
from aiohttp import ClientError, ClientResponseError

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


class _Updates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates as plain data: an update that aiogram's types do not know yet must not stop the others."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int
    timeout: int
    allowed_updates: list[str]


class AiogramApi:
    """The port `Api`. `patience` is how many seconds an answer may take."""

    def __init__(self, token: str, server: str, proxy: str, patience: float) -> None:
        session = AiohttpSession(proxy=proxy or None, api=TelegramAPIServer.from_base(server), timeout=patience)
        self._bot = Bot(token, session=session)
        self._patience = patience

    async def open(self) -> str:
        """Begin; gives the bot's user name."""
        with _told():
            return (await self._bot.get_me()).username or ""

    async def close(self) -> None:
        """Let go of the connections."""
        await self._bot.session.close()

    async def updates(self, offset: int, wait: int) -> Sequence[Update]:
        """Updates from a number on."""
        with _told():
            wanted = _Updates(offset=offset, timeout=wait, allowed_updates=list(WANTED))
            return await self._bot(wanted, request_timeout=int(wait + self._patience) + 1)

    async def send(self, chat: int, text: str, keyboard: Keyboard | None = None, *, protected: bool = False) -> int:
        """One message, as plain text."""
        with _told():
            sent = await self._bot.send_message(
                chat,
                text,
                parse_mode=None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                protect_content=protected,
                reply_markup=_markup(keyboard),
            )
            return sent.message_id

    async def delete(self, chat: int, messages: Sequence[int]) -> None:
        """Messages vanish from a chat."""
        with _told():
            await self._bot.delete_messages(chat, list(messages))

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
            url = self._bot.session.api.file_url(self._bot.token, found.file_path or "")
            data = bytearray()
            seconds = int(self._patience) + 1  # the library counts whole ones
            async with asyncio.timeout(self._patience):
                async for chunk in self._bot.session.stream_content(url, timeout=seconds):
                    data += chunk
                    if len(data) > most:
                        raise TooLarge
            return bytes(data)

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
            listed = [BotCommand(command=name, description=words) for name, words in commands.items()]
            await self._bot.set_my_commands(listed, scope=BotCommandScopeAllPrivateChats())


def _markup(keyboard: Keyboard | None) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    if keyboard is None:
        return None
    kind = InlineKeyboardMarkup if "inline_keyboard" in keyboard else ReplyKeyboardMarkup
    return kind.model_validate(keyboard)


@contextmanager
def _told() -> Iterator[None]:
    """The library's errors as ours."""
    try:
        yield
    except TelegramRetryAfter as error:
        raise TooFast(error.retry_after) from None
    except TelegramMigrateToChat as error:
        raise Moved(error.migrate_to_chat_id) from None
    except TelegramForbiddenError as error:
        raise Blocked(error.message) from None
    except TelegramConflictError as error:
        raise OtherPoller(error.message) from None
    except ClientResponseError as error:
        raise ApiError(f"HTTP {error.status}") from None
    except (TelegramNetworkError, TimeoutError, ClientError) as error:
        raise NoAnswer(type(error).__name__) from None
    except (TelegramServerError, ClientDecodeError) as error:  # a gateway's page is no JSON
        raise ServerTrouble(type(error).__name__) from None
    except TelegramAPIError as error:
        raise _refused(error.message) from None


def _refused(why: str) -> ApiError:
    if "file is too big" in why:
        return TooLarge(why)
    return Blocked(why) if "chat not found" in why else ApiError(why)
