"""The webhook: Telegram's requests on the project's own server, told from everybody else's by a secret."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.telegram.api import Update

PATH = "/telegram"
_HEADER = "X-Telegram-Bot-Api-Secret-Token"


def secret_of(token: str) -> str:
    """What Telegram sends along with each update: nobody without the bot's token can make it."""
    return hmac.new(token.encode(), b"jishiyu telegram webhook", hashlib.sha256).hexdigest()


def hook(receive: Callable[[Update], Awaitable[bool]], secret: str) -> Middleware:
    """Answers requests to `PATH` before the page's rules do, which let nobody but the page itself write."""

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path != PATH or request.method != "POST":
            return await handler(request)
        if not hmac.compare_digest(request.headers.get(_HEADER, "").encode(), secret.encode()):
            return web.Response(status=403)
        try:
            update = await request.json()
        except (json.JSONDecodeError, UnicodeDecodeError):
            return web.Response(status=400)
        if not isinstance(update, dict):
            return web.Response(status=400)
        return web.Response(status=200 if await receive(update) else 503)  # what is refused is sent again

    return answer
