"""Whose phone it is: a cookie that only the device knows, and the session behind it.

The server keeps a digest of the cookie; the digest is the device's address in the channel, so who gets hold of the
database cannot become anybody.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from assistance.directory import Person
from assistance.ports import Work
from bot.channels.web import WebChannel
from bot.web.security import Refused
from handlers.office import Office

COOKIE = "jishiyu"
_RESIDENT_DAYS = 730
_ENDED = "登录已经过期，请用新的登录码再登录一次；没发出去的话都还在。"


@dataclass(frozen=True)
class Front:
    """What every request has at hand."""

    office: Office
    channel: WebChannel
    lasts: timedelta  # an officer's session, carried on by use
    secure: bool  # cookies only over https


FRONT: web.AppKey[Front] = web.AppKey("front", Front)


def fresh_cookie() -> str:
    """A new device."""
    return secrets.token_urlsafe(32)


def device_of(cookie: str) -> str:
    """The device behind a cookie."""
    return hashlib.sha256(f"device {cookie}".encode()).hexdigest()


async def signed_in(request: web.Request, work: Work) -> str:
    """The device that asks. Raises `Refused` (401) where there is none or its session has ended."""
    front = request.app[FRONT]
    cookie = request.cookies.get(COOKIE)
    device = device_of(cookie) if cookie else ""
    if not device or not await work.devices.alive(device, front.office.clock(), front.lasts):
        raise Refused(401, _ENDED)
    return device


async def who(work: Work, device: str) -> Person | None:
    """The person of a device; None before its first message."""
    return await work.people.whose(WebChannel.name, device)


def give_cookie(answer: web.StreamResponse, cookie: str, front: Front, *, officer: bool) -> None:
    """Lay the cookie onto the device: no script can read it, no other site can send it."""
    lasts = front.lasts if officer else timedelta(days=_RESIDENT_DAYS)
    seconds = int(lasts.total_seconds())
    answer.set_cookie(COOKIE, cookie, max_age=seconds, httponly=True, samesite="Strict", secure=front.secure, path="/")
