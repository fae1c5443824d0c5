"""What goes wrong on the way to Telegram: every answer comes, or comes another way."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from botapi import Fault
from telegram_here import HARD, Here, telegram_here
from users import User

import handlers.send
from assistance.decision import Notice


async def test_what_telegram_puts_off_is_sent_when_it_says(here: Here) -> None:
    """429 with retry_after: not before, and nothing else meanwhile is lost."""
    li = here.user("li")
    here.api.faults["sendMessage"].append(Fault(429, "Too Many Requests", {"retry_after": 60}, chat=li.number))
    li.say(HARD)
    new = await here.user("zhou").hears("接单")
    assert new
    async with here.program.store.work() as work:
        wait = await work.outbox.next_try() - here.clock()
    assert 40 < wait.total_seconds() <= 60
    assert li.got == []
    await heard_later(here, li)


async def test_what_was_put_off_for_a_second_is_not_overtaken(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """More waits than one round takes, and the round is slow: the second answer does not go before the first."""
    monkeypatch.setattr(handlers.send, "_BATCH", 2)
    li, zhou = here.user("li"), here.user("zhou")
    put_off = Fault(429, "Too Many Requests", {"retry_after": 1}, chat=li.number)
    here.api.faults["sendMessage"].extend([put_off, Fault(accept=1.3, chat=zhou.number)])
    replies = [("li", "一"), ("zhou", "好"), ("li", "二"), ("zhou", "好")]
    async with here.program.store.work() as work:
        notices = [Notice(f"person:{who}", f"reply#{n}", "reply", text=text) for n, (who, text) in enumerate(replies)]
        await work.outbox.queue(notices, here.clock(), accuses=False)
    here.program.office.wake.set()
    await zhou.hears("好")
    await asyncio.sleep(1.6)
    await heard_later(here, li, count=2)
    assert [one.text for one in li.got] == ["一", "二"]


async def test_an_error_of_the_server_is_tried_again(here: Here) -> None:
    """500, then the answer."""
    li = here.user("li")
    here.api.faults["sendMessage"].append(Fault(500, "Internal Server Error", chat=li.number))
    li.say(HARD)
    await here.user("zhou").hears("接单")
    assert li.got == []
    await heard_later(here, li)


@pytest.mark.parametrize(
    "refusal", [Fault(403, "Forbidden: bot was blocked by the user"), Fault(400, "Bad Request: chat not found")]
)
async def test_who_has_closed_the_door_is_told_on_the_next_channel(here: Here, refusal: Fault) -> None:
    """403, or 400 for an account that is gone: zhou blocked the bot and has the page too. What waited goes there, and so does what comes; whoever writes
    from Telegram again is answered there."""
    zhou = here.user("zhou")
    async with here.program.store.work() as work:
        person = await work.people.whose("telegram", str(zhou.number))
        await work.devices.open("page-of-zhou", here.clock(), None)
        await work.people.enroll(person, "web", "page-of-zhou")
    here.api.faults["sendMessage"].append(replace(refusal, chat=zhou.number))
    here.user("li").say(HARD)
    await page_has(here, "page-of-zhou", "押金")
    assert zhou.got == []
    here.user(5011).say("俺是峨山镇石门东村的，家里房顶塌了半边没处住")
    await page_has(here, "page-of-zhou", "房顶")
    assert zhou.got == []
    zhou.say("待办")
    await zhou.hears(lambda one: True)


async def page_has(here: Here, device: str, words: str) -> None:
    async with asyncio.timeout(60):
        while True:
            async with here.program.store.work() as work:
                mail = await work.mailbox.after(device, 0, 50)
            if any(words in letter.content["text"] for letter in mail):
                return
            await asyncio.sleep(0.05)


async def test_blocking_the_bot_is_noticed_before_anything_is_sent(here: Here) -> None:
    """my_chat_member: the next message goes elsewhere at once."""
    zhou = here.user("zhou")
    async with here.program.store.work() as work:
        person = await work.people.whose("telegram", str(zhou.number))
        await work.devices.open("page-of-zhou", here.clock(), None)
        await work.people.enroll(person, "web", "page-of-zhou")
    zhou.closes()
    await here.settled()
    here.user("li").say(HARD)
    await page_has(here, "page-of-zhou", "押金")
    assert zhou.got == []


async def test_who_has_no_other_way_stays_in_the_outbox(here: Here) -> None:
    """403 without another address: kept for the day the door opens, and tried again."""
    zhou = here.user("zhou")
    here.api.faults["sendMessage"].append(Fault(403, "Forbidden: bot was blocked by the user", chat=zhou.number))
    here.user("li").say(HARD)
    await here.user("wang").hears("接单")
    assert zhou.got == []
    await heard_later(here, zhou, timedelta(minutes=5))


async def heard_later(here: Here, user: User, step: timedelta = timedelta(seconds=10), count: int = 1) -> None:
    """The clock goes on until that many messages are there."""
    async with asyncio.timeout(60):
        while len(user.got) < count:
            here.clock.forward(step)
            here.program.office.wake.set()
            await asyncio.sleep(0.05)


async def test_a_group_that_moved_is_answered_where_it_is(here: Here) -> None:
    """migrate_to_chat_id."""
    moved = {"migrate_to_chat_id": -1000500}
    here.api.faults["sendMessage"].append(Fault(400, "Bad Request: group chat was upgraded", moved, chat=-500))
    here.user("zhou").say("/help@jishiyu_bot", where=-500)
    await here.user(-1000500).hears("t.me/")


async def test_taken_without_an_answer_is_sent_again(tmp_path: Path, library: str) -> None:
    """The server took the message, the line broke: twice on the phone rather than never."""
    async with telegram_here(tmp_path, library, patience=0.5) as here:
        li = here.user("li")
        here.api.faults["sendMessage"].append(Fault(accept=0.8, chat=li.number))
        li.say("问政策")
        await li.hears("您问哪一样")
        await asyncio.sleep(0.5)
        await heard_later(here, li, count=2)
        assert li.got[0].text == li.got[1].text
