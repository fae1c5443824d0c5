"""The web application: pages, the conversation's face, and signing in."""

from __future__ import annotations

import functools
import hashlib
from datetime import timedelta
from importlib.resources import files

from aiohttp import web

from bot.build import Program
from bot.channels.web import WebChannel
from bot.settings import Settings
from bot.web import sign_in, stream, talk
from bot.web.demo import DEMO, Demo, demo_routes
from bot.web.devices import FRONT, Front
from bot.web.security import Handler, safe

_STATIC = files("bot") / "web" / "static"
_LARGEST = 13 * 1024 * 1024  # bytes of one request
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


def make_app(program: Program, settings: Settings, demo: Demo | None = None) -> web.Application:
    """The application on a program that has a web channel."""
    channel = program.office.channels[WebChannel.name]
    if not isinstance(channel, WebChannel):
        raise TypeError("the program was put together without a web channel")
    app = web.Application(middlewares=[_behind_proxy, safe] if settings.web_proxy else [safe], client_max_size=_LARGEST)
    app[FRONT] = Front(
        program.office, channel, timedelta(days=settings.session_days), settings.public_url.startswith("https:")
    )
    app[talk.INTAKE] = program.intake
    app[stream.POLL] = 20.0 if settings.database_url.startswith("sqlite") else 1.0  # other workers may lay letters in
    talk.set_limits(app)
    sign_in.set_limits(app)
    app.add_routes(talk.routes)
    app.add_routes(stream.routes)
    app.add_routes(sign_in.routes)
    if demo:
        app[DEMO] = demo
        app.add_routes(demo_routes(demo))
    app.router.add_get("/", _page)
    app.router.add_get("/sw.js", _worker)
    app.router.add_get(r"/static/{name:[a-z_.]+}", _static)
    return app


async def _page(request: web.Request) -> web.Response:
    return _file(request, "index.html")


async def _worker(request: web.Request) -> web.Response:
    return _file(request, "sw.js")


async def _static(request: web.Request) -> web.Response:
    return _file(request, request.match_info["name"])


def _file(request: web.Request, name: str) -> web.Response:
    """A file of the page: small on a bad line, and not sent again where the phone has it."""
    kind = _TYPES.get("." + name.rpartition(".")[2])
    body = _read(name) if kind else None
    if body is None or kind is None:
        raise web.HTTPNotFound
    tag = hashlib.sha256(body).hexdigest()[:24]
    headers = {"Cache-Control": "no-cache", "ETag": f'"{tag}"'}
    if tag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    answer = web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)
    answer.enable_compression()
    return answer


@functools.cache
def _read(name: str) -> bytes | None:
    source = _STATIC / name
    return source.read_bytes() if source.is_file() else None


@web.middleware
async def _behind_proxy(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Behind our own proxy the caller's address stands last in X-Forwarded-For, and the host in X-Forwarded-Host."""
    last = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or request.remote or ""
    host = request.headers.get("X-Forwarded-Host") or request.host
    return await handler(request.clone(remote=last, host=host))
