"""Telegram beside the rest of the program: off without a token, and never in the way of the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from aiohttp.typedefs import Middleware

from assistance.ports import Store
from assistance.post import Channel
from bot.build import Program, make_vault
from bot.channels.telegram import TelegramChannel
from bot.settings import Settings, SettingsError
from bot.telegram.api import Api, ApiError
from bot.telegram.hook import PATH, hook, secret_of
from bot.telegram.keyboards import menu
from bot.telegram.poll import Lease, Poller
from bot.telegram.receive import Receiver
from bot.telegram.traces import Traces, wipe
from bot.telegram.updates import COMMANDS
from handlers.office import where_from

_AGAIN = 15.0  # seconds before Telegram is tried again at the start


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things may take, in seconds."""

    patience: float = 8.0  # for the answer to one request
    quiet: float = 0.8  # after which no further photo of an album is expected
    wipe: float = 20.0  # between two looks for what a chat must forget


def open_api(settings: Settings, patience: float) -> Api:
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
        self, settings: Settings, clock: Callable[[], datetime], *, on: bool = True, pace: Pace | None = None
    ) -> None:
        if settings.telegram_webhook and not settings.public_url.startswith("https://"):
            raise SettingsError("telegram_webhook: Telegram comes to https only; set public_url to an https address")
        self._settings, self._clock = settings, clock
        self._pace = pace or Pace()
        self._api = open_api(settings, self._pace.patience) if on and settings.telegram_token else None
        self._channel: TelegramChannel | None = None
        self._traces: Traces | None = None

    def channels(self, store: Store) -> list[Channel]:
        """The channel, where there is one."""
        if self._api is None:
            return []
        self._traces = Traces(self._settings.data_dir / "telegram-traces", make_vault(self._settings))
        self._channel = TelegramChannel(self._api, store, self._traces, self._clock)
        return [self._channel]

    @asynccontextmanager
    async def running(self, program: Program) -> AsyncIterator[tuple[Middleware, ...]]:
        """Listen while the block runs; gives what the web server has to answer for it."""
        if self._api is None or self._channel is None or self._traces is None:
            yield ()
            return
        phrases = program.office.kit.phrases
        sides = ("resident", "officer")
        self._channel.menus = {side: menu(phrases(f"web.menu.{side}").splitlines()) for side in sides}
        receiver = Receiver(program, self._api, pause=self._pace.patience / 4, quiet=self._pace.quiet)
        tasks = (
            asyncio.create_task(self._listen(self._api, receiver)),
            asyncio.create_task(self._forget(self._api, self._traces, program)),
        )
        secret = secret_of(self._settings.telegram_token)
        try:
            yield (hook(receiver.receive, secret),) if self._settings.telegram_webhook else ()
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task
            await self._api.close()

    async def _forget(self, api: Api, traces: Traces, program: Program) -> None:
        """Delete what has to go, as long as the program runs."""
        while True:
            try:
                await wipe(api, traces, self._clock(), program.office.log)
            except Exception as error:  # noqa: BLE001 - whatever it is, what is due stays due
                program.office.alarm("telegram_not_wiped", error=type(error).__name__, at=where_from(error))
            await asyncio.sleep(self._pace.wipe)

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
            alarm = receiver.program.office.alarm
            await Poller(api, receiver.receive, alarm, pause=self._pace.patience / 8).run()
