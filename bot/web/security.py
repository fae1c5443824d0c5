"""Safety of the page: what a browser may do with it, and which requests come from it at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
OWN_HEADER = "X-Jishiyu"  # a form or image of another site cannot send it


class Refused(Exception):
    """A request is not served; the sentence says what to do next."""

    def __init__(self, status: int, sentence: str, **headers: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.headers = status, sentence, headers


@web.middleware
async def safe(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site made a browser send; give every answer the headers; tell errors in one sentence."""
    try:
        if request.method not in ("GET", "HEAD") and not _own(request):
            raise Refused(403, "请从及时雨的页面里发，不要从别的网站转过来。")
        answer = await handler(request)
    except Refused as refusal:
        answer = web.json_response({"error": refusal.sentence}, status=refusal.status, headers=refusal.headers)
    except web.HTTPRequestEntityTooLarge:
        answer = web.json_response({"error": "太大了，请换一张小些的，或分几次说。"}, status=413)
    except web.HTTPException as error:
        sentence = "没有这个页面，请回到首页。" if error.status == web.HTTPNotFound.status_code else "请回到首页再试。"
        answer = web.json_response({"error": sentence}, status=error.status)
    if not answer.prepared:
        answer.headers.update(HEADERS)
    return answer


def _own(request: web.Request) -> bool:
    """Sent by our own page: it carries our header, and the browser names our own origin."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin")
    return OWN_HEADER in request.headers and (origin is None or urlsplit(origin).netloc == request.host)
