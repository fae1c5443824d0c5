"""What the settings say: off without a token, one library, a proxy; and what the operator is told."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest
from telegram_here import telegram_here

from bot.doctor import examine
from bot.settings import SettingsError, read_settings
from bot.telegram.run import Telegram


@pytest.mark.parametrize("name", ["telegram_webhook", "telegram_token"])
def test_settings_that_cannot_work_say_why(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A webhook without https; a library that is not there."""
    given = {"telegram_token": "1:a", "telegram_webhook": name == "telegram_webhook"}
    monkeypatch.setitem(__import__("sys").modules, "bot.telegram.light_api", None)
    settings = read_settings(data_dir=tmp_path, telegram_light=True, **given)
    with pytest.raises(SettingsError, match=name):
        Telegram(settings, lambda: None)


def test_nothing_is_loaded_that_the_settings_do_not_name(tmp_path: Path) -> None:
    """Off by default: no library. With the light one nothing of the heavy one."""
    code = """
import sys
from bot.serve import run
from bot.settings import read_settings
from bot.telegram.run import Telegram
for given in ({}, {"telegram_token": "1:a", "telegram_light": True}):
    Telegram(read_settings(**given), lambda: None)
    print(*{name.partition(".")[0] for name in sys.modules} & {"aiogram", "telegram"})
"""
    told = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert told.stdout == "\ntelegram\n"


async def test_the_operator_is_told_that_words_go_abroad(tmp_path: Path) -> None:
    """doctor, only where it is switched on."""
    found = {}
    for token in ("", "1:a"):
        settings = read_settings(data_dir=tmp_path, telegram_token=token)
        found[token] = [one.text for one in await examine(settings) if one.check == "telegram"]
    assert found[""] == []
    assert "境外" in found["1:a"][0]


async def test_everything_goes_through_the_proxy(tmp_path: Path, library: str) -> None:
    """Nothing reaches Telegram past it."""
    if library == "aiogram":
        pytest.importorskip("aiohttp_socks")  # in the extra `telegram`
    asked = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.close()

    proxy = await asyncio.start_server(answer, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
    async with proxy, telegram_here(tmp_path, library, patience=0.5, telegram_proxy=address) as here:
        async with asyncio.timeout(60):
            while not asked:
                await asyncio.sleep(0.02)
        assert here.api.url.removeprefix("http://").encode() in asked[0]
        assert here.api.calls == []


async def test_the_page_runs_while_telegram_cannot_be_reached(tmp_path: Path, library: str) -> None:
    """Nobody answers at Telegram's address: the page is there all the same."""
    nowhere = {"telegram_server": "http://127.0.0.1:9"}
    async with (
        telegram_here(tmp_path, library, patience=0.5, **nowhere) as here,
        aiohttp.ClientSession() as page,
        page.get(f"http://127.0.0.1:{here.port}/") as answer,
    ):
        assert answer.status == 200
