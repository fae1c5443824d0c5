"""The real page on a free port, and phones that speak its HTTP face."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from assistance.directory import Person
from bot.build import Program, build
from bot.cast import enroll_cast, read_cast
from bot.channels.web import WebChannel
from bot.clock import OffsetClock, real_clock
from bot.engine import serve
from bot.serve import serving
from bot.settings import read_settings

OWN = {"X-Jishiyu": "1"}
CAST = {
    "cast": {
        "zhou": {"role": "village", "area": "后马寨村", "name": "周敏", "title": "网格员"},
        "wang": {"role": "village", "area": "后马寨村", "name": "王建国", "title": "村支书"},
        "zhao": {"role": "town", "area": "峨山镇", "name": "赵伟"},
        "sun": {"role": "county", "area": "峄城区", "name": "孙丽"},
        "ji": {"role": "discipline", "area": "峄城区", "name": "纪明"},
    },
    "households": [{"head": "王桂英", "village": "后马寨村", "kind": "监测户", "members": 2, "helper": "zhou"}],
}


class Phone:
    """One device: its cookies, and the letters that came down its stream."""

    def __init__(self, url: str) -> None:
        self._session = aiohttp.ClientSession(url, cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.letters: list[dict[str, Any]] = []
        self._stream: asyncio.Task[None] | None = None

    async def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        async with self._session.post(path, json=body, headers={**OWN, **headers}) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str) -> tuple[int, bytes]:
        async with self._session.get(path) as answer:
            return answer.status, await answer.read()

    async def hello(self, **body: Any) -> Any:
        _, me = await self.post("/api/hello", body)
        self.listen()
        return me

    async def sign_in(self, token: str) -> int:
        status, _ = await self.post("/api/sign-in", {"token": token})
        if status == 200:
            self.listen()
        return status

    async def say(self, text: str | None = None, *, key: str | None = None, **more: Any) -> tuple[int, Any]:
        return await self.post("/api/say", {"key": key or uuid.uuid4().hex, "text": text, **more})

    async def send_file(self, data: bytes, kind: str, **fields: str) -> tuple[int, Any]:
        form = aiohttp.FormData({"key": uuid.uuid4().hex, **fields})
        form.add_field("file", data, content_type=kind, filename="file")
        async with self._session.post("/api/say", data=form, headers=OWN) as answer:
            return answer.status, await answer.json()

    async def got(self) -> None:
        await self.post("/api/got", {"upto": self.letters[-1]["id"]})

    async def hears(self, fits: Callable[[dict[str, Any]], bool], seconds: float = 20.0) -> dict[str, Any]:
        """The first letter that fits, waiting for it."""
        async with asyncio.timeout(seconds):
            while True:
                for letter in self.letters:
                    if fits(letter):
                        return letter
                await asyncio.sleep(0.02)

    async def answer_to(self, said: tuple[int, Any]) -> dict[str, Any]:
        assert said[0] == 202, said
        return await self.hears(lambda letter: letter["answers"] == said[1]["id"])

    def listen(self) -> None:
        self.hang_up()
        self._stream = asyncio.create_task(self._read())

    def hang_up(self) -> None:
        if self._stream:
            self._stream.cancel()

    async def _read(self) -> None:
        after = self.letters[-1]["id"] if self.letters else 0
        wait = aiohttp.ClientTimeout(total=None)
        async with self._session.get("/api/mail", params={"after": str(after)}, timeout=wait) as answer:
            async for line in answer.content:
                if line.startswith(b"data:") and (letter := json.loads(line[5:])):
                    self.letters.append(letter)

    async def close(self) -> None:
        self.hang_up()
        await self._session.close()


class Page:
    """The running page."""

    def __init__(self, program: Program, url: str, clock: OffsetClock) -> None:
        self.program, self.url, self.clock = program, url, clock
        self._phones: list[Phone] = []

    def phone(self) -> Phone:
        phone = Phone(self.url)
        self._phones.append(phone)
        return phone

    async def officer(self, person: str) -> Phone:
        """Somebody of the cast, signed in by a link."""
        phone = self.phone()
        assert await phone.sign_in(await self.token(person)) == 200
        return phone

    async def token(self, person: str) -> str:
        async with self.program.store.work() as work:
            return (await work.invites.make(person, None, real_clock())).token

    async def close(self) -> None:
        for phone in self._phones:
            await phone.close()


@asynccontextmanager
async def page(folder: Path, **settings: Any) -> AsyncIterator[Page]:
    """The program with its page and engine, on a database file."""
    read = read_settings(data_dir=folder, web_port=0, tick_seconds=1, **settings)
    stop, clock = asyncio.Event(), OffsetClock()
    async with (
        build(read, lambda store: [WebChannel(store)], clock=clock) as program,
        serving(program, read, clock) as port,
    ):
        people, households = read_cast(CAST, program.pack)
        async with program.store.work() as work:
            for person, _ in people:
                await work.people.put(person)
            await enroll_cast(work, [], households)
        engine = asyncio.create_task(serve(program.office, program.intake, 1, stop))
        opened = Page(program, f"http://127.0.0.1:{port}", clock)
        try:
            yield opened
        finally:
            await opened.close()
            stop.set()
            await engine


def people_of(page_: Page) -> list[Person]:
    return [person for person, _ in read_cast(CAST, page_.program.pack)[0]]
