"""Telegram beside the rest of the program: off without a token, and never in the way of the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from aiohttp.typedefs import Middleware

from assistance.ports import Store
from assistance.post import Channel
from bot.build import Program
from bot.channels.telegram import TelegramChannel
from bot.settings import Settings, SettingsError
from bot.telegram.api import Api, ApiError
from bot.telegram.hook import PATH, hook, secret_of
from bot.telegram.keyboards import menu
from bot.telegram.poll import Lease, Poller
from bot.telegram.receive import Receiver
from bot.telegram.updates import COMMANDS
from handlers.office import where_from

_AGAIN = 15.0  # seconds before Telegram is tried again at the start
_PATIENCE = 8.0  # seconds for one request


def open_api(settings: Settings, patience: float = _PATIENCE) -> Api:
    """The Bot API through the library that the settings name; an answer may take that many seconds. Raises
    `SettingsError` where the library is not installed."""
    given = (settings.telegram_token, settings.telegram_server.rstrip("/"), settings.telegram_proxy, patience)
    try:
        if settings.telegram_light:
            from bot.telegram.light_api import LightApi

            return LightApi(*given)
        from bot.telegram.aiogram_api import AiogramApi

        return AiogramApi(*given)
    except (ImportError, RuntimeError):  # the library itself, or what it needs for this proxy
        extra = "telegram-light" if settings.telegram_light else "telegram"
        raise SettingsError(f"telegram_token: a library is missing; pip install 'jishiyu[{extra}]'") from None


class Telegram:
    """What the settings say of Telegram. Without a token nothing of it is imported, listened to or sent."""

    def __init__(
        self, settings: Settings, clock: Callable[[], datetime], *, on: bool = True, patience: float = _PATIENCE
    ) -> None:
        if settings.telegram_webhook and not settings.public_url.startswith("https://"):
            raise SettingsError("telegram_webhook: Telegram comes to https only; set public_url to an https address")
        self._settings, self._clock = settings, clock
        self._patience = patience
        self._api = open_api(settings, patience) if on and settings.telegram_token else None
        self._channel: TelegramChannel | None = None

    def channels(self, store: Store) -> list[Channel]:
        """The channel, where there is one."""
        if self._api is None:
            return []
        self._channel = TelegramChannel(self._api, store, self._clock)
        return [self._channel]

    @asynccontextmanager
    async def running(self, program: Program) -> AsyncIterator[tuple[Middleware, ...]]:
        """Listen while the block runs; gives what the web server has to answer for it."""
        if self._api is None or self._channel is None:
            yield ()
            return
        phrases = program.office.kit.phrases
        sides = ("resident", "officer")
        self._channel.menus = {side: menu(phrases(f"web.menu.{side}").splitlines()) for side in sides}
        receiver = Receiver(program, self._api, pause=self._patience / 4)
        listening = asyncio.create_task(self._listen(self._api, receiver))
        secret = secret_of(self._settings.telegram_token)
        try:
            yield (hook(receiver.receive, secret),) if self._settings.telegram_webhook else ()
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
            await self._api.close()

    async def _listen(self, api: Api, receiver: Receiver) -> None:
        """Begin again whatever happens: without this nobody on Telegram is heard."""
        office = receiver.program.office
        while True:
            try:
                await self._listen_once(api, receiver)
                return
            except ApiError as error:
                office.alarm("telegram_away", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - an operator learns of it, the page goes on
                office.alarm("telegram_stopped", error=type(error).__name__, at=where_from(error))
            await asyncio.sleep(_AGAIN)

    async def _listen_once(self, api: Api, receiver: Receiver) -> None:
        receiver.username = await api.open()
        await api.set_commands(COMMANDS)
        if self._settings.telegram_webhook:
            url = self._settings.public_url.rstrip("/") + PATH
            await api.set_webhook(url, secret_of(self._settings.telegram_token))
            return
        async with Lease(self._settings.data_dir / "telegram.lock"):
            await api.drop_webhook()
            receiver.program.office.log("telegram_polls")
            await Poller(api, receiver.receive, receiver.program.office.alarm).run()
