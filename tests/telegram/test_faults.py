"""What goes wrong between Telegram and here: nothing said is lost, every answer comes, and in its order."""

from __future__ import annotations

import asyncio
import itertools
import random
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from botapi import BotApi, Fault, Sent, User
from telegram_here import HARD, Here, telegram_here

from bot.settings import SettingsError, read_settings
from bot.telegram.hook import secret_of
from bot.telegram.poll import Lease
from bot.telegram.run import Telegram

ASKED = ("家里有难处", "有事要反映", "问政策")  # words of the menu: each has an answer of its own
ANSWERS = {"您慢慢说": "家里有难处", "您说，告谁": "有事要反映", "您问哪一样": "问政策"}


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


async def test_an_error_of_the_server_is_tried_again(here: Here) -> None:
    """500, then the answer."""
    li = here.user("li")
    here.api.faults["sendMessage"].append(Fault(500, "Internal Server Error", chat=li.number))
    li.say(HARD)
    await here.user("zhou").hears("接单")
    assert li.got == []
    await heard_later(here, li)


async def test_who_has_closed_the_door_is_told_on_the_next_channel(here: Here) -> None:
    """403: zhou blocked the bot and has the page too. What waited goes there, and so does what comes; whoever writes
    from Telegram again is answered there."""
    zhou = here.user("zhou")
    async with here.program.store.work() as work:
        person = await work.people.whose("telegram", str(zhou.number))
        await work.devices.open("page-of-zhou", here.clock(), None)
        await work.people.enroll(person, "web", "page-of-zhou")
    here.api.faults["sendMessage"].append(Fault(403, "Forbidden: bot was blocked by the user", chat=zhou.number))
    here.user("li").say(HARD)
    await page_has(here, "page-of-zhou", "押金")
    assert zhou.got == []
    here.user(5011).say("俺是峨山镇石门东村的，家里房顶塌了半边没处住")
    await page_has(here, "page-of-zhou", "房顶")
    assert zhou.got == []
    zhou.say("待办")
    await zhou.hears(lambda one: True)


async def page_has(here: Here, device: str, words: str) -> None:
    async with asyncio.timeout(15):
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
    async with asyncio.timeout(20):
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
        here.api.faults["sendMessage"].append(Fault(accept=1.5, chat=li.number))
        li.say("问政策")
        await li.hears("您问哪一样")
        await asyncio.sleep(1.0)
        await heard_later(here, li, count=2)
        assert li.got[0].text == li.got[1].text


async def test_updates_come_after_the_poll_has_failed(here: Here) -> None:
    """409, 429 and 500 on getUpdates: told to the operator once, and asked again."""
    here.api.faults["getUpdates"].extend([Fault(500, "Internal"), Fault(429, "Too Many Requests", {"retry_after": 1})])
    li = here.user("li")
    li.say(HARD)
    await li.hears("回执号")


async def test_another_poller_is_reported(tmp_path: Path, library: str, capsys: pytest.CaptureFixture[str]) -> None:
    """409: two programs read the same bot."""
    api = BotApi()
    api.faults["getUpdates"].append(Fault(409, "Conflict: terminated by other getUpdates request"))
    async with telegram_here(tmp_path, library, api=api) as here:
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


async def test_the_page_runs_while_telegram_cannot_be_reached(tmp_path: Path, library: str) -> None:
    """Nobody answers at Telegram's address: the page is there all the same."""
    nowhere = {"telegram_server": "http://127.0.0.1:9"}
    async with (
        telegram_here(tmp_path, library, patience=0.5, **nowhere) as here,
        aiohttp.ClientSession() as page,
        page.get(f"http://127.0.0.1:{here.port}/") as answer,
    ):
        assert answer.status == 200


async def test_a_webhook_without_its_secret_is_refused(tmp_path: Path, library: str) -> None:
    """Only Telegram knows it; the rest of the story is the same as with polling, albums included."""
    async with (
        telegram_here(tmp_path, library, telegram_webhook=True, public_url="https://jsy.example") as here,
        aiohttp.ClientSession() as somebody,
    ):
        async with asyncio.timeout(10):
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


async def test_a_flood_is_taken_once_and_answered_in_order(here: Here) -> None:
    """300 updates, 240 of them different, of 12 people; batches in any order with updates twice and old ones again, answers that fail: every
    message is kept once, every one is answered, each person's in the order in which they wrote."""
    luck = random.Random(7)
    here.api.mess = luck
    wrote = flood(here, 12, 20, luck)
    for status in luck.choices((500, 429), k=6):
        here.api.faults["sendMessage"].append(Fault(status, "no", {"retry_after": 1} if status == 429 else {}))
    await all_answered(here, wrote)
    await check_flood(here, wrote)


def flood(here: Here, people: int, each: int, luck: random.Random) -> dict[int, list[str]]:
    """Everybody asks, never the same twice running, so that answers can be told apart."""
    wrote: dict[int, list[str]] = {9000 + person: [] for person in range(people)}
    turns = [person for person in wrote for _ in range(each)]
    luck.shuffle(turns)
    for person in turns:
        last = wrote[person][-1:]
        wrote[person].append(luck.choice([word for word in ASKED if word not in last]))
        here.user(person).say(wrote[person][-1])
    return wrote


async def all_answered(here: Here, wrote: dict[int, list[str]], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while any(heard(here.user(person).got) != words for person, words in wrote.items()):
            before = len(here.api.sent)
            await asyncio.sleep(1)
            if len(here.api.sent) == before and not here.api._waiting:
                here.clock.forward(timedelta(seconds=25))  # what was refused is tried again after a while
                here.program.office.wake.set()


def heard(got: list[Sent]) -> list[str]:
    """What was answered, the same answer twice running taken for one."""
    words = [next(word for begin, word in ANSWERS.items() if one.text.startswith(begin)) for one in got]
    return [word for word, _ in itertools.groupby(words)]


async def check_flood(here: Here, wrote: dict[int, list[str]]) -> None:
    for person, words in wrote.items():
        assert heard(here.user(person).got) == words
    async with here.program.store.work() as work:
        assert not await work.inbox.unanswered(10)
        count = await work.inbox._connection.exec_driver_sql("SELECT count(*) FROM inbox")
        assert count.scalar() == sum(map(len, wrote.values()))


@pytest.mark.parametrize("name", ["telegram_webhook", "telegram_token"])
def test_settings_that_cannot_work_say_why(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A webhook without https; a library that is not there."""
    given = {"telegram_token": "1:a", "telegram_webhook": name == "telegram_webhook"}
    monkeypatch.setitem(__import__("sys").modules, "bot.telegram.light_api", None)
    settings = read_settings(data_dir=tmp_path, telegram_light=True, **given)
    with pytest.raises(SettingsError, match=name):
        Telegram(settings, lambda: None)


def test_nothing_of_telegram_is_loaded_without_a_token(tmp_path: Path) -> None:
    """Off by default: no library, no file of ours that needs one."""
    import subprocess
    import sys

    code = (
        "import sys; from bot.serve import run; from bot.settings import read_settings; from bot.telegram.run import Telegram;"
        "Telegram(read_settings(), lambda: None);"
        "sys.exit(any(name.split('.')[0] in ('aiogram', 'telegram') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False).returncode == 0
