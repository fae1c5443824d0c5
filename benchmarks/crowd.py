"""How many can write at once: 300 phones on the real page for a minute, on a SQLite file.

Every message must be answered, and every phone must get its answers in the order in which it wrote. Reported beside the
time that one phone alone waits for its answer in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp

from bot.build import build
from bot.channels.web import WebChannel
from bot.engine import serve
from bot.serve import serving
from bot.settings import read_settings

_TEXTS = (
    "俺娘住院交不上押金还差八千",
    "谢谢",
    "俺家屋顶漏雨了",
    "查进度",
    "低保一个月多少钱",
    "在吗",
    "村里路灯坏了三天了",
)
_OWN = {"X-Jishiyu": "1"}


class Phone:
    """A device that writes every few seconds and notes when each answer came."""

    def __init__(self, url: str, number: int) -> None:
        self.session = aiohttp.ClientSession(url, cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.number = number
        self.wrote: dict[str, float] = {}
        self.heard: list[tuple[str, float]] = []

    async def begin(self) -> asyncio.Task[None]:
        """Open the page, and listen."""
        async with self.session.post("/api/hello", json={}, headers=_OWN) as answer:
            assert answer.status == 200
        return asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        wait = aiohttp.ClientTimeout(total=None)
        async with self.session.get("/api/mail", timeout=wait) as stream:
            async for line in stream.content:
                if line.startswith(b"data:") and (letter := json.loads(line[5:])) and letter["answers"]:
                    self.heard.append((letter["answers"], time.monotonic()))

    async def write(self, text: str) -> None:
        """One message; told to wait, it waits and sends the same again."""
        began, body = time.monotonic(), {"key": uuid.uuid4().hex, "text": text}
        while True:
            async with self.session.post("/api/say", json=body, headers=_OWN) as answer:
                if answer.status == 202:
                    self.wrote[(await answer.json())["id"]] = began
                    return
                await asyncio.sleep(int(answer.headers.get("Retry-After", "1")))

    async def write_on(self, until: float, every: float) -> None:
        """Write every so many seconds until a moment."""
        await asyncio.sleep(every * (self.number % 60) / 60)
        turn = self.number
        while time.monotonic() < until:
            began = time.monotonic()
            await self.write(_TEXTS[turn % len(_TEXTS)])
            turn += 1
            await asyncio.sleep(max(0.0, every - (time.monotonic() - began)))

    def waits(self) -> list[float]:
        """Seconds from each message to its answer."""
        return [at - self.wrote[said] for said, at in self.heard]


async def measure(people: int, seconds: float, every: float, folder: Path) -> dict[str, Any]:
    """Let them write; give figures."""
    settings = read_settings(data_dir=folder, web_port=0)
    stop = asyncio.Event()
    async with (
        build(settings, lambda store: [WebChannel(store)]) as program,
        serving(program, settings) as port,
    ):
        engine = asyncio.create_task(serve(program.office, program.intake, 5, stop))
        url = f"http://127.0.0.1:{port}"
        alone, _ = await _run(url, 1, min(5.0, seconds), 0.5)
        phones, took = await _run(url, people, seconds, every)
        stop.set()
        await engine
    waits = sorted(wait for phone in phones for wait in phone.waits())
    return {
        "people": people,
        "messages": sum(len(phone.wrote) for phone in phones),
        "answered": len(waits),
        "in_order": all([said for said, _ in phone.heard] == list(phone.wrote) for phone in phones),
        "seconds": round(took, 1),
        "wait_median": round(statistics.median(waits), 3),
        "wait_95": round(waits[int(len(waits) * 0.95)], 3),
        "alone_median": round(statistics.median(alone[0].waits()), 3),
    }


async def _run(url: str, people: int, seconds: float, every: float) -> tuple[list[Phone], float]:
    phones = [Phone(url, number) for number in range(people)]
    listening = [await phone.begin() for phone in phones]
    began = time.monotonic()
    await asyncio.gather(*(phone.write_on(began + seconds, every) for phone in phones))
    with suppress(TimeoutError):
        async with asyncio.timeout(120):
            while any(len(phone.heard) < len(phone.wrote) for phone in phones):
                await asyncio.sleep(0.1)
    took = time.monotonic() - began
    for task in listening:
        task.cancel()
    await asyncio.gather(*(phone.session.close() for phone in phones))
    return phones, took


def main() -> int:
    """Run it; status 1 where a message stays without its answer or out of its order."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=300)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--every", type=float, default=10, help="seconds between two messages of one phone")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measure(given.people, given.seconds, given.every, Path(folder)))
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    return 0 if found["in_order"] and found["answered"] == found["messages"] else 1


if __name__ == "__main__":
    sys.exit(main())
