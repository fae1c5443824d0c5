"""What goes wrong on the way from Telegram: nothing said is lost or taken twice, and its order is kept."""

from __future__ import annotations

import asyncio
import hmac
import random
from pathlib import Path
from unittest.mock import Mock

import aiohttp
import pytest
from botapi import BotApi, Fault
from flood import Wrong, all_answered, flood, trouble, wrong
from telegram_here import HARD, Here, telegram_here

from bot.telegram.hook import secret_of
from bot.telegram.poll import Lease


async def test_updates_come_after_the_poll_has_failed(tmp_path: Path, library: str) -> None:
    """429 and 500 on getUpdates: asked again, and nothing is lost."""
    api = BotApi()
    api.faults["getUpdates"].extend([Fault(500, "Internal"), Fault(429, "Too Many Requests", {"retry_after": 1})])
    async with telegram_here(tmp_path, library, api=api, patience=1.0) as here:
        li = here.user("li")
        li.say(HARD)
        await li.hears("回执号")
        assert not api.faults["getUpdates"]


async def test_an_update_that_comes_again_after_a_restart_is_not_answered_again(tmp_path: Path, library: str) -> None:
    """The program stopped before Telegram knew that it has it."""
    async with telegram_here(tmp_path, library) as here:
        li = here.user("li")
        number = li.say("问政策")
        await li.hears("您问哪一样")
    after = BotApi(kept=here.api.kept, _updates=here.api._updates, _messages=here.api._messages)
    async with telegram_here(tmp_path, library, api=after, furnished=True) as here:
        here.api.again(number)
        li = here.user("li")
        here.api.push("message", li.message(text="家里有难处"))
        await li.hears("您慢慢说")
        assert len(li.got) == 1


async def test_another_poller_is_reported(tmp_path: Path, library: str, capsys: pytest.CaptureFixture[str]) -> None:
    """409: two programs read the same bot."""
    api = BotApi()
    api.faults["getUpdates"].append(Fault(409, "Conflict: terminated by other getUpdates request"))
    async with telegram_here(tmp_path, library, api=api, patience=1.0) as here:
        li = here.user("li")
        li.say("问政策")
        await li.hears("您问哪一样")
    told = capsys.readouterr()
    assert "telegram_other_poller" in told.out + told.err


async def test_one_process_polls_at_a_time(tmp_path: Path) -> None:
    """The second waits and takes over when the first lets go."""
    order = []

    async def poll(name: str) -> None:
        async with Lease(tmp_path / "telegram.lock", again=0.01):
            order.append(name)
            await asyncio.sleep(0.1)
            order.append(name)

    await asyncio.gather(poll("first"), poll("second"))
    assert order in (["first", "first", "second", "second"], ["second", "second", "first", "first"])


async def test_a_webhook_without_its_secret_is_refused(
    tmp_path: Path, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only Telegram knows it, and how long the comparison takes tells nobody how much of it was right; the rest of the story is the same as with polling, albums included."""
    compared = Mock(wraps=hmac.compare_digest)
    monkeypatch.setattr(hmac, "compare_digest", compared)
    async with (
        telegram_here(tmp_path, library, telegram_webhook=True, public_url="https://jsy.example") as here,
        aiohttp.ClientSession() as somebody,
    ):
        async with asyncio.timeout(60):
            while not here.api.webhook:
                await asyncio.sleep(0.02)
        assert here.api.webhook["url"] == "https://jsy.example/telegram"
        assert here.api.webhook["secret_token"] == secret_of(here.telegram._settings.telegram_token)
        update = {"update_id": 1, "message": here.user(666).message(text=HARD)}
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}, {"X-Telegram-Bot-Api-Secret-Token": ""}):
            async with somebody.post(here.api.reach, json=update, headers=headers) as answer:
                assert answer.status == 403
        good = {"X-Telegram-Bot-Api-Secret-Token": here.api.webhook["secret_token"]}
        for broken in (b"no json", b"[1]"):
            async with somebody.post(here.api.reach, data=broken, headers=good) as answer:
                assert answer.status == 400
        assert await here.cases() == []
        assert compared.call_count == 5
        here.user("li").say(HARD)
        await here.user("li").hears("回执号")
        here.user("zhou").press("接单", await here.user("zhou").hears("接单"))
        await here.user("zhou").hears("办结")
        assert "getUpdates" not in here.api.calls


async def test_one_update_that_nobody_understands_does_not_stop_the_others(here: Here) -> None:
    """Told to the operator by its number; the next one is taken."""
    here.api.push("message", {"message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}, "from": here.user(5).me, "location": {"longitude": 1.0, "latitude": 2.0}})  # fmt: skip
    here.api.push("some_new_kind", {"anything": 1})
    li = here.user("li")
    li.say("问政策")
    await li.hears("您问哪一样")


async def test_a_flood_is_taken_once_and_answered_in_order(tmp_path: Path, library: str) -> None:
    """300 updates of 15 people in any order, with updates twice and old ones again, while answers fail or their
    acceptance is lost: every message is kept once and answered, each person's in the order in which they wrote."""
    async with telegram_here(tmp_path, library, patience=0.4) as here:
        luck = random.Random(7)
        trouble(here, luck, 5, slow=0.5)
        wrote = flood(here, 15, 20, luck)
        await all_answered(here, wrote, 60, calm=0.6)
        assert await wrong(here, wrote) == Wrong(0, 0, 0)
