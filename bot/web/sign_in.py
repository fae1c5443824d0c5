"""Officers sign in by a one-time link or code, and out again. A token comes in the body: no log ever holds it."""

from __future__ import annotations

import json

from aiohttp import web

from assistance.directory import Person
from bot.channels.web import WebChannel
from bot.web.devices import COOKIE, FRONT, device_of, fresh_cookie, give_cookie
from bot.web.limits import Limit
from bot.web.security import Refused
from bot.web.talk import address_of
from handlers import enrol

_LIMIT: web.AppKey[Limit] = web.AppKey("sign_in_limit", Limit)
routes = web.RouteTableDef()


def set_limits(app: web.Application) -> None:
    """A new try every ten seconds from one address, twenty at once (an office signs in together)."""
    app[_LIMIT] = Limit(0.1, 20)


@routes.post("/api/sign-in")
async def sign_in(request: web.Request) -> web.Response:
    """The person behind a link or code; the device becomes theirs under a new cookie."""
    front = request.app[FRONT]
    turn = request.app[_LIMIT].turn(address_of(request))
    if not turn.kept:
        raise Refused(429, "试得太多了，请过一会儿再试。", **{"Retry-After": str(int(turn.seconds) + 1)})
    try:
        body = await request.json()
        word = str(body.get("token") or body.get("code") or "")
    except (json.JSONDecodeError, AttributeError):
        raise Refused(400, "页面旧了，请刷新一下再试。") from None
    cookie, now = fresh_cookie(), front.office.clock()
    async with front.office.store.work() as work:
        await work.devices.open(device_of(cookie), now, now + front.lasts)
        limits = front.office.kit.rulebook.guessing
        before = request.cookies.get(COOKIE)
        who = device_of(before) if before else address_of(request)  # wrong codes are counted for whoever tries
        found = await enrol.sign_in(work, limits, word, WebChannel.name, device_of(cookie), now, who=who)
        if not isinstance(found, Person):
            await work.devices.close(device_of(cookie))
    if not isinstance(found, Person):
        raise Refused(403, front.office.kit.phrases(f"sign_in.{found}"))
    answer = web.json_response({})
    give_cookie(answer, cookie, front, officer=True)
    return answer


@routes.post("/api/sign-out")
async def sign_out(request: web.Request) -> web.Response:
    """The device is nobody's any more."""
    front = request.app[FRONT]
    cookie = request.cookies.get(COOKIE)
    if cookie:
        async with front.office.store.work() as work:
            await work.devices.close(device_of(cookie))
    answer = web.json_response({})
    answer.del_cookie(COOKIE, path="/")
    return answer
