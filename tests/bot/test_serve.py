"""`jishiyu run` as somebody starts it for the first time."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click import ClickException
from web_here import Phone

from bot.poster import write_poster
from bot.settings import read_settings

HARD = "俺娘住院交不上押金还差八千大夫说明天就停药"


@asynccontextmanager
async def started(folder: Path, *options: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str, int]]:
    """The program in a folder of its own; what it printed, and its port."""
    environment = {**os.environ, "JISHIYU_WEB_PORT": "0", "PYTHONUNBUFFERED": "1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from bot.cli import main; main()", "run", *options, cwd=folder, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    printed = ""
    try:
        async with asyncio.timeout(60):
            while "网格员的链接" not in printed:
                line = await process.stdout.readline()
                assert line, (await process.stderr.read()).decode() if process.stderr else ""
                printed += line.decode()
        port = re.search(r"localhost:(\d+)/", printed)
        assert port
        yield process, printed, int(port.group(1))
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await process.communicate()


async def signed_in(printed: str, port: int, who: str) -> Phone:
    phone = Phone(f"http://127.0.0.1:{port}")
    token = re.search(rf"{who} [^\n]*#in=(\S+)", printed)
    assert token, who
    assert await phone.sign_in(token.group(1)) == 200
    return phone


async def test_a_newcomer_sees_a_case_climb_in_a_minute(tmp_path: Path) -> None:
    """Links are printed; the resident writes; nobody accepts; three hours on the town has it."""
    async with started(tmp_path, "--demo") as (process, printed, port):
        resident, town = await signed_in(printed, port, "村民"), await signed_in(printed, port, "镇帮扶办干部")
        answer = await resident.answer_to(await resident.say(HARD))
        assert "回执号" in answer["text"]
        me = await town.hello()
        status, now = await town.post("/api/demo/wait", {"hours": 3})
        assert status == 200
        gone = datetime.fromisoformat(now["now"]) - datetime.fromisoformat(me["demo"]["now"])
        assert gone.total_seconds() >= 3 * 3600
        climbed = await town.hears(lambda letter: "接单" in letter["buttons"])
        assert "押金" in climbed["text"]
        await resident.close()
        await town.close()
        process.send_signal(signal.SIGTERM)
        _, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        assert HARD not in errors.decode()


async def test_the_clock_cannot_be_wound_among_real_people(tmp_path: Path) -> None:
    """Without --demo there is no such thing."""
    async with started(tmp_path) as (_, printed, port):
        resident = await signed_in(printed, port, "村民")
        assert (await resident.hello())["demo"] is None
        assert (await resident.post("/api/demo/wait", {"hours": 3}))[0] == 404
        await resident.close()


def test_a_village_has_a_poster_whose_code_opens_its_chat(tmp_path: Path) -> None:
    """A page to print, with the village's name, the address and the numbers for emergencies."""
    settings = read_settings(public_url="https://jsy.example")
    page = write_poster(settings, "峨山镇/后马寨村", tmp_path / "poster.svg").read_text("utf-8")
    assert ET.fromstring(page).tag.endswith("svg")
    for words in ("后马寨村", "https://jsy.example", "120", "110", "程序"):
        assert words in page


@pytest.mark.parametrize(("url", "village"), [("", "峨山镇/后马寨村"), ("https://jsy.example", "没有这个村")])
def test_a_poster_that_cannot_be_made_says_why(tmp_path: Path, url: str, village: str) -> None:
    """No address, or no such village."""
    with pytest.raises(ClickException, match=r"。$"):
        write_poster(read_settings(public_url=url), village, tmp_path / "poster.svg")
