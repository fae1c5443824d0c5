"""Two stories as both sides of the wire saw them, over each library: `python tests/telegram/transcript.py` writes
docs/transcripts/telegram.md."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from botapi import BotApi
from telegram_here import BLAME, CAST, HARD, NUMBERS, Here, telegram_here
from users import Sent

from bot.build import configure_log

_FILE = Path(__file__).parents[2] / "docs" / "transcripts" / "telegram.md"
_LIBRARIES = {"aiogram": "aiogram", "light": "python-telegram-bot"}
_NAMES = {
    NUMBERS[who]: seat["name"] + (f"（{seat['title']}）" if "title" in seat else "")
    for who, seat in CAST["cast"].items()
}
_HEAD = """# Telegram：两段全程

程序自己录的（`python tests/telegram/transcript.py`），对面是本机的 Bot API 服务器，人都是编的。“→”是机器人发的，“✗”是它从对话里删的。
"""


async def hardship(here: Here) -> None:
    """From the first word to 已解决."""
    li, zhou = here.user("li"), here.user("zhou")
    li.say("/start")
    await li.hears("及时雨")
    li.say(HARD)
    receipt, new = await li.hears("回执号"), await zhou.hears("接单")
    await here.user("wang").hears("接单")
    zhou.press("接单")
    taken = await li.hears("接手", after=receipt.number)
    await zhou.hears("办结", after=new.number)
    zhou.press("办结")
    await li.hears("已解决", after=taken.number)
    li.press("已解决")
    await li.hears("办结了")


async def complaint(here: Here) -> None:
    """Sealed: the village hears nothing, and in half an hour nothing of it stands on the phone."""
    li, ji = here.user("li"), here.user("ji")
    li.say(BLAME)
    await li.hears("查询码")
    await ji.hears("接单")
    await _deleted(here, 1)
    here.clock.forward(timedelta(minutes=31))
    await _deleted(here, 2)
    ji.press("接单")
    await li.hears("有人接手")


async def _deleted(here: Here, count: int) -> None:
    async with asyncio.timeout(60):
        while sum(kind == "deleted" for kind, _ in here.api.diary) < count:
            await asyncio.sleep(0.02)


def lines(api: BotApi) -> Iterator[str]:
    """The diary of the server as people read it."""
    words: dict[int, str] = {}
    for kind, what in api.diary:
        match kind:
            case "update":
                number, told = _told(what)
                words[number] = told.partition("：")[2]
                yield told
            case "sent":
                words[what.number] = what.text.partition("\n")[0]
                yield _heard(what)
            case _:
                chat, numbers = what
                yield from (f"✗ {_NAMES[chat]}：{words[number]}" for number in numbers)


def _told(update: dict[str, Any]) -> tuple[int, str]:
    press = update.get("callback_query")
    body = press or update["message"]
    told = f"［{press['data']}］" if press else body["text"]
    return body.get("message_id", 0), f"{_NAMES[body['from']['id']]}：{told}"


def _heard(sent: Sent) -> str:
    text = sent.text.replace("\n", "\n  ")
    return f"→ {_NAMES[sent.chat]}：{text}" + "".join(f"\n  ［{label}］" for label in sent.buttons)


async def recorded(library: str, story: Callable[[Here], Awaitable[None]]) -> str:
    """One story over one library."""
    with tempfile.TemporaryDirectory() as folder:
        async with telegram_here(Path(folder), library) as here:
            await story(here)
            await asyncio.sleep(0.5)  # the last answers of all
        return "\n".join(lines(here.api))


def main() -> None:
    """Record and write."""
    configure_log()
    parts = [_HEAD]
    for library, name in _LIBRARIES.items():
        for title, story in (("一件难处，从第一句到办结", hardship), ("一件举报，村里听不到", complaint)):
            parts.append(f"## {title}（{name}）\n\n```\n{asyncio.run(recorded(library, story))}\n```\n")
    _FILE.parent.mkdir(exist_ok=True)
    _FILE.write_text("\n".join(parts), "utf-8")


if __name__ == "__main__":
    main()
