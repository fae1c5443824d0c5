"""Whatever the network does to what a phone sends, each message counts once and in the order it was written."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistance.post import Said
from bot.build import Program, build
from bot.channels.web import WebChannel
from bot.clock import real_clock
from bot.settings import read_settings
from handlers.send import send

Fate = str  # what becomes of one sending: taken, lost on the way, its answer lost, or held up and taken much later


@dataclass
class Network:
    """A phone's line to the server. The page sends the oldest waiting message until it hears that it was taken."""

    program: Program
    device: str
    fates: Iterator[Fate]

    async def write(self, texts: Sequence[str]) -> None:
        held_up: list[str] = []
        for number, text in enumerate(texts):
            while True:
                fate = next(self.fates)
                if fate == "held up":
                    held_up.append(text)
                elif fate != "lost":
                    await self.arrives(number, text)
                if held_up and fate == "late ones first":
                    await self.arrives(texts.index(held_up[0]), held_up.pop(0))
                if fate in ("taken", "late ones first"):
                    break
        for text in held_up:
            await self.arrives(texts.index(text), text)

    async def arrives(self, number: int, text: str) -> None:
        key = f"{self.device}/{number}"
        said = hashlib.sha256(key.encode()).hexdigest()[:30]
        await self.program.intake.take(Said(said, "web", self.device, key, real_clock(), text))

    async def answered(self) -> list[str]:
        await send(self.program.office, real_clock())
        async with self.program.store.work() as work:
            return [str(mail.content["answers"]) for mail in await work.mailbox.after(self.device, 0, 100)]


class Loop:
    """One program and one loop for all examples."""

    def __init__(self, folder: Path) -> None:
        self._runner = asyncio.Runner()
        self._context = build(read_settings(data_dir=folder), lambda store: [WebChannel(store)])
        self.program = self._runner.run(self._context.__aenter__())
        self._devices = count()

    def play(self, texts: Sequence[str], fates: Sequence[Fate]) -> tuple[list[str], list[str]]:
        return self._runner.run(self._play(texts, fates))

    async def _play(self, texts: Sequence[str], fates: Sequence[Fate]) -> tuple[list[str], list[str]]:
        device = hashlib.sha256(f"{next(self._devices)}".encode()).hexdigest()
        async with self.program.store.work() as work:
            await work.devices.open(device, real_clock(), None)
        network = Network(self.program, device, self._then_taken(fates))
        await network.write(texts)
        ids = [hashlib.sha256(f"{device}/{number}".encode()).hexdigest()[:30] for number in range(len(texts))]
        return ids, await network.answered()

    @staticmethod
    def _then_taken(fates: Sequence[Fate]) -> Iterator[Fate]:
        yield from fates
        while True:
            yield "taken"

    def close(self) -> None:
        self._runner.run(self._context.__aexit__(None, None, None))
        self._runner.close()


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loop]:
    opened = Loop(tmp_path_factory.mktemp("sends"))
    yield opened
    opened.close()


TEXTS = st.lists(
    st.sampled_from(["在吗", "俺家停水三天了", "帮助", "查进度", "谢谢", "俺娘住院没钱"]),
    min_size=1,
    max_size=5,
    unique=True,
)
FATES = st.lists(st.sampled_from(["taken", "lost", "answer lost", "held up", "late ones first"]), max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=TEXTS, fates=FATES)
def test_each_message_counts_once_and_in_the_order_it_was_written(
    loop: Loop, texts: list[str], fates: list[Fate]
) -> None:
    """Repeated, reordered and delayed sends give the same answers as an undisturbed line."""
    written, answered = loop.play(texts, fates)
    assert answered == written
