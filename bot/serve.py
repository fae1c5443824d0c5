"""`jishiyu run`: the web page and the engine until they are told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.build import Program, build, warm
from bot.channels.web import WebChannel
from bot.clock import OffsetClock, real_clock
from bot.engine import serve, wind_on
from bot.settings import Settings
from bot.telegram.run import Telegram
from bot.web.app import make_app
from bot.web.demo import Demo
from bot.welcome import welcome


async def run(settings: Settings, *, demo: bool = False) -> None:
    """Serve until SIGTERM or SIGINT. With `demo` the page has a clock to wind, which is for invented people only."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    clock = OffsetClock()
    now = clock if demo else real_clock
    telegram = Telegram(settings, now, on=not demo)
    async with (
        build(settings, lambda store: [WebChannel(store), *telegram.channels(store)], clock=now) as program,
        telegram.running(program) as hooks,
        serving(program, settings, clock if demo else None, hooks) as port,
    ):
        await warm(program)
        await welcome(program, settings, port, demo=demo)
        await serve(program.office, program.intake, settings.tick_seconds, stop)


class serving:  # noqa: N801 - used like a function: `async with serving(…)`
    """The page on its port while the block runs; gives the port. `hooks` answer requests that are not the page's."""

    def __init__(
        self,
        program: Program,
        settings: Settings,
        clock: OffsetClock | None = None,
        hooks: Sequence[Middleware] = (),
    ) -> None:
        demo = Demo(lambda hours: wind_on(program.office, program.intake, clock, hours), clock) if clock else None
        app = make_app(program, settings, demo)
        app.middlewares[:0] = hooks
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
        self._host, self._port = settings.web_host, settings.web_port

    async def __aenter__(self) -> int:
        """Listen. Raises `OSError` where the port is taken."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        address = self._runner.addresses[0]
        return int(address[1])

    async def __aexit__(self, *_: object) -> None:
        """Let go of the port; open streams end."""
        await self._runner.cleanup()
