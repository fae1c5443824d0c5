"""`--demo`: a clock on the page that can be wound forward, among invented people only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web

from bot.web.security import Refused

_MOST = 24 * 14  # hours at once


class Demo:
    """Winds the clock through everything that is due on the way, one winding after the other."""

    def __init__(self, wind: Callable[[float], Awaitable[datetime]], clock: Callable[[], datetime]) -> None:
        self._wind, self.clock, self._one = wind, clock, asyncio.Lock()

    async def wait(self, hours: float) -> datetime:
        """That many hours on; gives the time it is then."""
        async with self._one:
            return await self._wind(hours)


DEMO: web.AppKey[Demo] = web.AppKey("demo", Demo)


def demo_routes(demo: Demo) -> list[web.RouteDef]:
    """The routes that exist only with `--demo`."""

    async def wait(request: web.Request) -> web.Response:
        body = await request.json()
        hours = body.get("hours") if isinstance(body, dict) else None
        if not isinstance(hours, int | float) or not 0 < hours <= _MOST:
            raise Refused(400, "一次快进 1 小时到 14 天。")
        now = await demo.wait(hours)
        return web.json_response({"now": now.isoformat()})

    return [web.post("/api/demo/wait", wait)]
