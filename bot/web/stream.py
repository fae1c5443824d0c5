"""What a phone hears: the stream of letters, what it has, what was opened on it, and photos."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

from aiohttp import web

from assistance.directory import Person
from assistance.ports import Access, Work
from assistance.post import Mail
from assistance.sight import may_see
from bot.web.devices import FRONT, Front, signed_in, who
from bot.web.security import Refused
from bot.web.talk import read_body

POLL: web.AppKey[float] = web.AppKey("poll", float)
_PING = 20.0
_BATCH = 50

routes = web.RouteTableDef()


@routes.get("/api/mail")
async def mail(request: web.Request) -> web.StreamResponse:
    """The letters as they come (Server-Sent Events), behind the number that the device has."""
    front = request.app[FRONT]
    after = request.headers.get("Last-Event-ID") or request.query.get("after") or "0"
    cursor = int(after) if after.isdecimal() and len(after) < 10 else 0
    try:
        async with front.office.store.work() as work:
            device = await signed_in(request, work)
    except Refused:
        return web.Response(status=204)
    answer = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await answer.prepare(request)
    with suppress(ConnectionResetError):  # the phone hung up; what it has not got stays in the box
        await _stream(request, answer, device, cursor)
    return answer


async def _stream(request: web.Request, answer: web.StreamResponse, device: str, cursor: int) -> None:
    """Write letters until the session ends; a ping now and then shows a dead line to both sides."""
    front, quiet = request.app[FRONT], 0.0
    with front.channel.listening(device) as arrived:
        while True:
            arrived.clear()
            letters = await _letters(front, device, cursor)
            for letter in letters:
                cursor = letter.number
                await answer.write(_event(letter))
            if letters:
                quiet = 0.0
                continue
            try:
                await asyncio.wait_for(arrived.wait(), request.app[POLL])
            except TimeoutError:
                quiet += request.app[POLL]
            if quiet >= _PING:
                quiet = 0.0
                if not await _still(front, device):
                    return
                await answer.write(b"event: ping\ndata: {}\n\n")


async def _letters(front: Front, device: str, cursor: int) -> list[Mail]:
    """What lies in the box and may still be seen: a case sealed from its reader since then stays away."""
    async with front.office.store.work() as work:
        found = await work.mailbox.after(device, cursor, _BATCH)
        person = await who(work, device) if found else None
        return [one for one in found if await _may_have(one, person, work)]


async def _may_have(letter: Mail, person: Person | None, work: Work) -> bool:
    if letter.case is None or letter.content["kind"] == "reply":
        return True
    case = await work.cases.for_engine().look(letter.case)
    if case is None or person is None:
        return False
    return may_see(person, case) or any(report.by == person.id for report in await work.cases.reporters(case.id))


async def _still(front: Front, device: str) -> bool:
    async with front.office.store.work() as work:
        return await work.devices.alive(device, front.office.clock(), front.lasts)


def _event(letter: Mail) -> bytes:
    data = {"id": letter.number, "at": letter.at.isoformat(), **letter.content}
    return f"id: {letter.number}\nevent: mail\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


@routes.post("/api/got")
async def got(request: web.Request) -> web.Response:
    """The device has the letters up to a number: their words are erased here."""
    body = await read_body(request)
    upto = body.get("upto")
    async with request.app[FRONT].office.store.work() as work:
        device = await signed_in(request, work)
        if isinstance(upto, int):
            await work.mailbox.got(device, upto)
    return web.json_response({})


@routes.post("/api/seen")
async def seen(request: web.Request) -> web.Response:
    """These letters stood on a visible screen (docs/rules.md J)."""
    body = await read_body(request)
    ids = [one for one in body.get("ids") or () if isinstance(one, int)][:200]
    front = request.app[FRONT]
    async with front.office.store.work() as work:
        device = await signed_in(request, work)
        parcels = await work.mailbox.parcels(device, ids)
        await work.outbox.seen(parcels, front.office.clock())
    return web.json_response({})


@routes.get(r"/media/{receipt:\d{8}}/{number:\d{1,3}}")
async def medium(request: web.Request) -> web.Response:
    """A photo or voice note of a case, for those who may read the words that it came with."""
    front = request.app[FRONT]
    async with front.office.store.work() as work:
        person = await who(work, await signed_in(request, work))
        case = await work.cases.seen_by(person).by_receipt(request.match_info["receipt"]) if person else None
        words = await work.cases.seen_by(person).words(case) if person and case else None
        number = int(request.match_info["number"])
        came = None
        if words and number < len(words.reports):
            report = words.reports[number][0]
            came = await work.inbox.attachment(report.said)
            if came and person and case and (case.sealed or report.held):
                await work.accesses.add(Access(front.office.clock(), person.id, case.id, "media"))
    if came is None:
        raise Refused(404, "这个附件现在看不到了。")
    return web.Response(body=came.data, content_type=came.type, headers={"Cache-Control": "no-store"})
