"""How many updates a second go the whole way on Telegram, beside an aiogram bot that only echoes, in the same run.

The Bot API is a local server over real HTTP. Updates come in any order, with duplicates, and some answers fail. Every
message must be kept once and answered at least once, each person's in the order in which they wrote.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "telegram"))

from botapi import TOKEN, BotApi, Fault, Sent, User
from telegram_here import HARD, NUMBERS, Here, telegram_here
from test_faults import all_answered, check_flood, flood

from bot.build import configure_log

_PEOPLE = 200


async def whole_path(library: str, updates: int, folder: Path) -> dict[str, Any]:
    """Kept, read, answered, sent: with everything the program does."""
    async with telegram_here(folder, library) as here:
        luck = random.Random(7)
        here.api.mess = luck
        faults = here.api.faults["sendMessage"]
        faults.extend(Fault(500, "Internal Server Error") for _ in range(updates // 500))
        faults.extend(Fault(429, "Too Many Requests", {"retry_after": 1}) for _ in range(updates // 500))
        began = time.monotonic()
        wrote = flood(here, _PEOPLE, updates // _PEOPLE, luck)
        await _taken(here, updates)
        taken = time.monotonic() - began
        await all_answered(here, wrote, 3600)
        took = time.monotonic() - began
        await check_flood(here, wrote)
        return {
            "updates": updates,
            "updates_per_second": round(updates / took, 1),
            "seconds_until_all_were_kept": round(taken, 1),
            "sent": len(here.api.sent),
            "kept_once_and_answered_in_order": True,
        }


async def _taken(here: Here, updates: int) -> None:
    while len(here.api._waiting) > 0 or len(here.api.kept) < updates:  # noqa: SLF001 - the test server's queue
        await asyncio.sleep(0.1)


async def echo(updates: int) -> dict[str, Any]:
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
        people: list[User] = [api.user(9000 + number) for number in range(_PEOPLE)]
        for number in range(updates):
            people[number % _PEOPLE].say("问政策")
        began = time.monotonic()
        polling = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False))
        while len(api.sent) < updates:
            await asyncio.sleep(0.05)
        took = time.monotonic() - began
        await dispatcher.stop_polling()
        await polling
    return {"updates": updates, "updates_per_second": round(updates / took, 1)}


async def story(library: str, folder: Path) -> str:
    """One hardship from the first word to 已解决, as both sides of the wire saw it."""
    async with telegram_here(folder, library) as here:
        li, zhou = here.user("li"), here.user("zhou")
        li.say("/start")
        await li.hears("及时雨")
        li.say(HARD)
        receipt = await li.hears("回执号")
        new = await zhou.hears("接单")
        zhou.press("接单")
        await zhou.hears("办结", after=new.number)
        zhou.press("办结")
        asked = await li.hears("已解决", after=receipt.number)
        li.press("已解决")
        await li.hears(lambda one: one.number > asked.number)
        return "\n".join(text for _, text in sorted((*map(_heard, here.api.sent), *map(_told, here.api.kept))))


_NAMES = {NUMBERS["li"]: "李秀兰", NUMBERS["zhou"]: "周敏（网格员）", NUMBERS["wang"]: "王建国（村支书）"}


def _told(update: dict[str, Any]) -> tuple[int, str]:
    press = update.get("callback_query")
    body = press or update["message"]
    number = int(press["id"].removeprefix("press")) if press else body["message_id"]
    words = f"［{press['data']}］" if press else body["text"]
    return number, f"{_NAMES[body['from']['id']]}：{words}"


def _heard(sent: Sent) -> tuple[int, str]:
    buttons = "".join(f"\n  ［{label}］" for label in sent.buttons)
    text = sent.text.replace("\n", "\n  ")
    return sent.number, f"→ {_NAMES[sent.chat]}：{text}{buttons}"


def transcripts() -> str:
    """The story over each library, as it goes into docs/telegram.md."""
    told = []
    for library, name in (("aiogram", "aiogram"), ("light", "python-telegram-bot")):
        with tempfile.TemporaryDirectory() as folder:
            told.append(f"### {name}\n\n```\n{asyncio.run(story(library, Path(folder)))}\n```\n")
    return "\n".join(told)


async def measure(updates: int) -> dict[str, Any]:
    """All three, one after the other."""
    found: dict[str, Any] = {"aiogram_echo": await echo(min(updates, 2000))}
    for library in ("aiogram", "light"):
        with tempfile.TemporaryDirectory() as folder:
            found[library] = await whole_path(library, updates, Path(folder))
    return found


def main() -> int:
    """Run it; it fails where a message is lost, doubled or answered out of its order."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--updates", type=int, default=10_000)
    options.add_argument("--transcript", action="store_true", help="print one story over each library instead")
    given = options.parse_args()
    configure_log()
    if given.transcript:
        sys.stdout.write(transcripts())
        return 0
    found = asyncio.run(measure(given.updates))
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
