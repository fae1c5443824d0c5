"""What a phone says: hello, messages and presses."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from aiohttp import BodyPartReader, web

from assistance.directory import Directory, Level, Person, Role
from assistance.ports import StoreDown
from assistance.post import Attachment, Said
from bot.channels.web import WebChannel
from bot.web.demo import DEMO
from bot.web.devices import COOKIE, FRONT, device_of, fresh_cookie, give_cookie, signed_in, who
from bot.web.limits import Limit
from bot.web.media import LARGEST_FILE, clean
from bot.web.security import Refused
from handlers.intake import Intake
from handlers.kit import new_id
from handlers.phrases import Phrases

INTAKE: web.AppKey[Intake] = web.AppKey("intake", Intake)
_DEVICE_LIMIT: web.AppKey[Limit] = web.AppKey("device_limit", Limit)
_ADDRESS_LIMIT: web.AppKey[Limit] = web.AppKey("address_limit", Limit)
_HELLO_LIMIT: web.AppKey[Limit] = web.AppKey("hello_limit", Limit)
_LONGEST = 20_000  # characters of one message; more is told in two
_PATIENCE = 3.0  # seconds that a request is held back before it is asked to come again
_AHEAD = timedelta(minutes=5)  # how far a device's clock may run ahead

routes = web.RouteTableDef()


def set_limits(app: web.Application) -> None:
    """A device writes a message every two seconds, twelve at once; a village behind one address a hundred times it."""
    app[_DEVICE_LIMIT] = Limit(0.5, 12, _PATIENCE)
    app[_ADDRESS_LIMIT] = Limit(50, 1200, _PATIENCE)
    app[_HELLO_LIMIT] = Limit(5, 300, _PATIENCE)


@routes.post("/api/hello")
async def hello(request: web.Request) -> web.Response:
    """Who is this phone; a new one gets its cookie, and its village where it came by that village's poster."""
    front = request.app[FRONT]
    body = await read_body(request)
    cookie = request.cookies.get(COOKIE)
    async with front.office.store.work() as work:
        directory = await work.people.directory()
        if cookie and await work.devices.alive(device_of(cookie), front.office.clock(), front.lasts):
            person = await who(work, device_of(cookie))
            return web.json_response(_me(request.app, person, directory))
        if cookie:
            return web.json_response(_me(request.app, None, directory) | {"ended": True})
        turn = request.app[_HELLO_LIMIT].turn(address_of(request))
        if not turn.kept:
            raise _busy(turn.seconds)
        cookie = fresh_cookie()
        await work.devices.open(device_of(cookie), front.office.clock(), None)
        area = directory.areas.get(str(body.get("at")))
        person = None
        if area is not None and area.level is Level.VILLAGE:
            person = Person(new_id(), Role.RESIDENT, area=area.code)
            await work.people.enroll(person, WebChannel.name, device_of(cookie))
    answer = web.json_response(_me(request.app, person, directory))
    give_cookie(answer, cookie, front, officer=False)
    return answer


def _me(app: web.Application, person: Person | None, directory: Directory) -> dict[str, Any]:
    kit, demo = app[FRONT].office.kit, app.get(DEMO)
    phrases = kit.phrases
    side = "officer" if person and person.is_officer else "resident"
    return {
        "me": {
            "role": person.role.value if person else Role.RESIDENT.value,
            "name": person.name if person else None,
            "title": person.title if person else None,
            "place": directory.name_of(person.area) or None if person else None,
        },
        "greeting": phrases(f"web.greeting.{side}", **kit.numbers),
        "menu": _menu(phrases, side),
        "demo": {"now": demo.clock().isoformat()} if demo else None,
        "ended": False,
    }


def _menu(phrases: Phrases, side: str) -> list[str]:
    return phrases(f"web.menu.{side}").splitlines()


@routes.post("/api/say")
async def say(request: web.Request) -> web.Response:
    """A message or a press: on disk when this answers. The same key again is the same message."""
    front = request.app[FRONT]
    try:
        async with front.office.store.work() as work:
            device = await signed_in(request, work)
    except StoreDown:  # the words go to the spool all the same; who may write is asked when they are answered
        device = device_of(request.cookies.get(COOKIE, ""))
    await _slow_down(request, device)
    said = await _said(request, device, front.office.clock())
    await request.app[INTAKE].take(said)
    front.office.wake.set()
    return web.json_response({"id": said.id}, status=202)


async def _slow_down(request: web.Request, device: str) -> None:
    for limit, key in ((_DEVICE_LIMIT, device), (_ADDRESS_LIMIT, address_of(request))):
        turn = request.app[limit].turn(key)
        if not turn.kept:
            raise _busy(turn.seconds)
        await asyncio.sleep(turn.seconds)


def _busy(wait: float) -> Refused:
    return Refused(429, "发得太快了，稍等一下会自动再发，不会丢。", **{"Retry-After": str(int(wait) + 1)})


async def _said(request: web.Request, device: str, now: datetime) -> Said:
    body, came = await _message(request)
    key, text, press = str(body.get("key") or ""), _words(body.get("text")), _words(body.get("press"))
    if not key or len(key) > 100:
        raise Refused(400, "页面旧了，请刷新一下再发。")
    place = body.get("place")
    if came is None and isinstance(place, dict):
        came = _place(place)
    if not text and not press and came is None:
        raise Refused(400, "还没写字，请写一句再发。")
    return Said(
        id="w" + hashlib.sha256(f"said {device} {key}".encode()).hexdigest()[:30],
        channel=WebChannel.name,
        address=device,
        key=f"{device}/{key}",
        received_at=now,
        text=text,
        press=press,
        media=came.kind if came else None,
        said_at=_written(body.get("said_at"), now),
        attachment=came,
    )


async def _message(request: web.Request) -> tuple[dict[str, Any], Attachment | None]:
    if not request.content_type.startswith("multipart/"):
        return await read_body(request), None
    fields: dict[str, Any] = {}
    came: Attachment | None = None
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        data = await part.read(decode=True)
        if len(data) > LARGEST_FILE:
            raise Refused(413, "太大了，请换一张小些的照片。")
        if part.name == "file":
            came = await clean(part.headers.get("Content-Type", ""), bytes(data))
        elif part.name:
            fields[part.name] = bytes(data).decode(errors="replace") or None
    return fields, came


async def read_body(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request. Raises `Refused` for anything else."""
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        body = None
    if not isinstance(body, dict):
        raise Refused(400, "页面旧了，请刷新一下再发。")
    return body


def _words(value: Any) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return None
    if len(value) > _LONGEST:
        raise Refused(413, "太长了，请分两次说。")
    return value.replace("\x00", "")


def _place(place: dict[str, Any]) -> Attachment:
    try:
        where = f"{float(place['lat']):.5f},{float(place['lon']):.5f}"
    except (KeyError, TypeError, ValueError):
        raise Refused(400, "位置没读出来，请把地方写成字。") from None
    return Attachment("location", "text/plain", where.encode())


def _written(value: Any, now: datetime) -> datetime | None:
    """The device's own time: it dates what is told and moves no limit (docs/rules.md C). A clock ahead of ours is
    not believed."""
    try:
        written = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return written if written.tzinfo and written <= now + _AHEAD else None


def address_of(request: web.Request) -> str:
    """The network address that asks, as far as one can tell it."""
    return request.remote or ""
