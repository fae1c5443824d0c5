"""How many updates a second go the whole way on Telegram, beside an aiogram bot that only echoes, in the same run.

The Bot API is a local server over real HTTP. Updates come in any order, with duplicates, and some answers fail. Every
message must be kept once and answered at least once, each person's in the order in which they wrote.
"""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.table import Line
from bot.build import configure_log

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "telegram"))  # the local server lives among the tests

from botapi import TOKEN, BotApi
from flood import Wrong, all_answered, flood, trouble, wrong
from telegram_here import telegram_here

UPDATES, _FLUENT = 10_000, 3_000
_PEOPLE = 200
_LONGEST = 600.0  # seconds
_CALM = 2.5  # seconds: longer than any request may take
_IMPORT = """
import importlib, os, sys, time
def held():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
before, began = held(), time.perf_counter()
importlib.import_module(sys.argv[1])
print(time.perf_counter() - began, held() - before)
"""


@dataclass(frozen=True)
class Flood:
    """What became of the updates."""

    per_second: float
    sent: int
    failed: int
    wrong: Wrong


async def whole_path(library: str, updates: int, folder: Path, *, failing: bool) -> Flood:
    """Kept, read, answered, sent: with everything the program does. Where answers fail the clock is wound forward over
    the waiting, so the speed of such a flood tells nothing."""
    async with telegram_here(folder, library, patience=1.0) as here:
        luck = random.Random(7)
        failed = updates // 200 if failing else 0
        trouble(here, luck, failed, slow=1.3)
        began = time.monotonic()
        wrote = flood(here, _PEOPLE, updates // _PEOPLE, luck)
        await all_answered(here, wrote, _LONGEST, calm=_CALM)
        took = time.monotonic() - began
        return Flood(updates / took, len(here.api.sent), failed, await wrong(here, wrote))


async def echo(updates: int) -> float:
    """A bot of aiogram's own kind that answers each message with its words: what the messenger's side costs alone."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import Message

    dispatcher = Dispatcher()

    @dispatcher.message()
    async def answer(message: Message) -> None:
        await message.answer(message.text or "")

    # the server asks of every message what ours promise: no preview of links
    async with BotApi(strict=False) as api:
        bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(api.url)))
        people = [api.user(9000 + number) for number in range(_PEOPLE)]
        for number in range(updates):
            people[number % _PEOPLE].say("问政策")
        began = time.monotonic()
        polling = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False))
        while len(api.sent) < updates:
            await asyncio.sleep(0.05)
        took = time.monotonic() - began
        await dispatcher.stop_polling()
        await polling
    return updates / took


def weight(module: str) -> tuple[float, float]:
    """Seconds and megabytes that importing costs, in a fresh process."""
    command = [sys.executable, "-c", _IMPORT, module]
    told = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own words
    seconds, megabytes = map(float, told.stdout.split())
    return seconds, megabytes


def table(folder: Path, updates: int = UPDATES) -> list[Line]:
    """Both libraries beside the echo, and what each costs to load."""
    configure_log()
    plain = asyncio.run(echo(_FLUENT))
    found = []
    for library, name in (("aiogram", "aiogram"), ("light", "python-telegram-bot")):
        calm, rough = (folder / f"{library}-{kind}" for kind in ("calm", "rough"))
        calm.mkdir()
        rough.mkdir()
        fluent = asyncio.run(whole_path(library, _FLUENT, calm, failing=False))
        rate = f"{fluent.per_second:.0f} / s"
        what = f"{name}: {_FLUENT:,} updates of {_PEOPLE} people"
        found.append(Line(what, rate, f"{plain:.0f} / s (aiogram echo)", fluent.per_second / plain))
        flooded = asyncio.run(whole_path(library, updates, rough, failing=True))
        lost = flooded.wrong
        said = f"{lost.lost} lost, {lost.doubled} kept twice, {lost.people} people answered amiss"
        mixed = f"{updates:,} in any order, every fifth twice, {flooded.failed} answers failing: {flooded.sent:,} sent"
        found.append(Line(f"{name}: {mixed}", said, "", None, "0, 0, 0", lost == Wrong(0, 0, 0)))
    heavy, light = weight("bot.telegram.aiogram_api"), weight("bot.telegram.light_api")
    found.append(
        Line(
            "import of python-telegram-bot's side",
            f"{light[0]:.1f} s, {light[1]:.0f} MB",
            f"{heavy[0]:.1f} s, {heavy[1]:.0f} MB (aiogram's)",
            light[1] / heavy[1],
        )
    )
    return found
