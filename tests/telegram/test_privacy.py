"""What a Telegram chat forgets: a phone may be shared, and Telegram keeps what nobody deletes."""

from __future__ import annotations

import asyncio
import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
from botapi import TOKEN, BotApi, Fault
from telegram_here import BLAME, HARD, NUMBERS, Here, telegram_here
from test_messages import picture
from users import User

from assistance.post import Said
from bot.telegram.traces import Trace, Traces, wipe
from storage.crypto import Keys, Vault

HINTED = "俺家的路子断了，娃的学费让他扣下了，要不回来，日子过不下去"  # taken for a need
DESPAIR = "俺实在不想活了，药都攒好了，在峨山镇石门东村李秀兰家"


async def until_gone(user: User, *words: str) -> None:
    async with asyncio.timeout(60):
        while any(word in text for text in user.on_screen for word in words):
            await asyncio.sleep(0.02)


async def test_a_complaint_vanishes_at_once_and_its_answer_after_half_an_hour(here: Here) -> None:
    """Words and photos with the first answer, receipt and code when they had time to be written down; the answer says
    so. It can be neither forwarded nor saved meanwhile."""
    li = here.user("li")
    li.photo(picture(), caption=BLAME, media_group_id="g1")
    li.photo(picture("blue"), media_group_id="g1")
    answer = await li.hears("查询码")
    assert answer.protected
    assert "半小时后也删" in answer.text
    photos = {one["message"]["message_id"] for one in here.api.kept}
    async with asyncio.timeout(60):
        while not photos <= here.api.deleted[li.number]:
            await asyncio.sleep(0.02)
    here.clock.forward(timedelta(minutes=29))
    await asyncio.sleep(0.3)
    assert answer.text in li.on_screen
    here.clock.forward(timedelta(minutes=2))
    await until_gone(li, "查询码", "低保")


@pytest.mark.parametrize("library", ["light"])  # of the libraries nothing else is asked than in the first story
async def test_a_correction_of_a_complaint_vanishes_too(here: Here) -> None:
    """The edited message is the same message; the answer to the correction goes as well."""
    li = here.user("li")
    number = li.say(BLAME)
    first = await li.hears("查询码")
    await until_gone(li, "低保")
    li.edits(BLAME.replace("一半", "全部"), of=number)
    await li.hears(lambda one: one.number > first.number)
    here.clock.forward(timedelta(minutes=31))
    await until_gone(li, "低保", re.findall(r"\d{8}", first.text)[0])


@pytest.mark.parametrize("library", ["light"])  # of the libraries nothing else is asked than in the first story
async def test_news_of_a_complaint_waits_unread_for_two_days(here: Here) -> None:
    """It comes by itself and names nothing but the receipt; before Telegram's 48 hours are over it is deleted."""
    li, ji = here.user("li"), here.user("ji")
    li.say(BLAME)
    answer = await li.hears("查询码")
    ji.press("接单", await ji.hears("接单"))
    news = await li.hears("有人接手", after=answer.number)
    assert news.protected
    here.clock.forward(timedelta(hours=46))
    await until_gone(li, "查询码")
    assert news.text in li.on_screen
    here.clock.forward(timedelta(hours=1, minutes=1))
    await until_gone(li, "有人接手")


@pytest.mark.parametrize("library", ["light"])  # of the libraries nothing else is asked than in the first story
async def test_an_answer_that_comes_late_waits_for_its_reader(here: Here) -> None:
    """Telegram could not be reached for an hour: whoever complained is not there any more, and the numbers in the answer
    cannot be found again."""
    li = here.user("li")
    here.api.faults["sendMessage"].append(Fault(429, "Too Many Requests", {"retry_after": 3600}, chat=li.number))
    li.say(BLAME)
    async with asyncio.timeout(60):
        while here.api.faults["sendMessage"]:
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)
    here.clock.forward(timedelta(hours=1, minutes=1))
    here.program.office.wake.set()
    answer = await li.hears("查询码")
    assert "半小时" not in answer.text
    await until_gone(li, "低保")
    here.clock.forward(timedelta(hours=46))
    await asyncio.sleep(0.3)
    assert answer.text in li.on_screen
    here.clock.forward(timedelta(hours=2))
    await until_gone(li, "查询码")


async def test_ones_own_danger_vanishes_when_it_is_over(here: Here) -> None:
    """As long as it lasts the numbers to ring stand there; what the officer has on the phone stays."""
    li, zhou = here.user("li"), here.user("zhou")
    li.say(DESPAIR)
    listening = await li.hears("我在听")
    assert listening.protected
    new = await zhou.hears("接单")
    zhou.press("接单")
    await zhou.hears("办结", after=new.number)
    assert DESPAIR in li.on_screen
    zhou.press("办结")
    await li.hears("已解决", after=listening.number)
    li.press("已解决")
    await li.hears("办结了")
    await until_gone(li, DESPAIR, "我在听", "接手")
    assert new.text in zhou.on_screen


@pytest.mark.parametrize("library", ["light"])  # of the libraries nothing else is asked than in the first story
async def test_words_that_were_a_complaint_after_all_vanish(here: Here) -> None:
    """An officer says it hours later, of words that were answered as a need."""
    li, zhou = here.user("li"), here.user("zhou")
    li.say(HINTED)
    answer = await li.hears("回执号")
    zhou.say(f"改为投诉 {re.findall(r'[0-9]{8}', answer.text)[0]}")
    told = await li.hears("查询码")
    assert told.protected
    await until_gone(li, HINTED)
    here.clock.forward(timedelta(hours=47, minutes=1))
    await until_gone(li, "查询码")


@pytest.mark.parametrize("library", ["light"])  # of the libraries nothing else is asked than in the first story
async def test_blame_that_opens_no_case_vanishes_too(here: Here) -> None:
    """Thanks with an accusation in them, and an accusation added to a need: the need itself stays."""
    li = here.user("li")
    li.say("谢谢，就是村支书这人不是个好东西，收了人家的钱")
    thanks = await li.hears(lambda _: True)
    assert thanks.protected
    await until_gone(li, "好东西")
    li.say(HARD)
    receipt = await li.hears("回执号", after=thanks.number)
    li.say("补充一下，书记王建国收了俺两千块钱才给报上去")
    await li.hears(lambda one: one.number > receipt.number)
    await until_gone(li, "两千")
    assert HARD in li.on_screen


@pytest.mark.parametrize("library", ["light"])  # of the libraries nothing else is asked than in the first story
async def test_an_answer_to_words_from_the_page_arrives_once_and_takes_nothing_else(here: Here) -> None:
    """The key of the page is no number of a message here, and a made-up one names nobody else's."""
    zhou, li = here.user("zhou"), here.user("li")
    number = li.say(HARD)
    await li.hears("回执号")
    mine = next(one["message"]["message_id"] for one in here.api.kept if one["update_id"] == number)
    async with here.program.store.work() as work:
        person = await work.people.whose("telegram", str(zhou.number))
        assert person
        await work.people.enroll(person, "web", "device-of-zhou")
    for key in ("c0ffee", f"1/{li.number}/{mine}"):
        said = Said(f"w{len(key)}", "web", "device-of-zhou", key, here.clock(), text=HINTED)
        await here.program.intake.take(said)
        newest = max(await here.cases(), key=lambda case: case.opened_at)
        before = len(zhou.got)
        zhou.say(f"改为投诉 {newest.receipt}")
        await zhou.hears("查询码", after=zhou.got[-1].number if zhou.got else 0)
        await asyncio.sleep(0.5)
        assert sum("查询码" in one.text for one in zhou.got[before:]) == 1
    assert mine not in here.api.deleted[li.number]


@pytest.mark.parametrize("library", ["light"])  # of the libraries nothing else is asked than in the first story
async def test_ones_own_danger_vanishes_after_a_day(here: Here) -> None:
    """Whoever finds the phone then does not read it."""
    li = here.user("li")
    li.say(DESPAIR)
    await li.hears("我在听")
    here.clock.forward(timedelta(hours=25))
    await until_gone(li, DESPAIR, "我在听")


@pytest.mark.parametrize("library", ["light"])  # of the libraries nothing else is asked than in the first story
async def test_a_need_stays_in_the_chat(here: Here) -> None:
    """It is nobody's secret from the one who told it."""
    li = here.user("li")
    li.say(HARD)
    receipt = await li.hears("回执号")
    here.clock.forward(timedelta(hours=46))
    await asyncio.sleep(0.3)
    assert {HARD, receipt.text} <= set(li.on_screen)
    assert not receipt.protected


async def test_what_has_to_go_goes_after_a_restart_and_its_file_tells_nothing(tmp_path: Path, library: str) -> None:
    """The program stopped before the half hour was over."""
    async with telegram_here(tmp_path, library) as here:
        here.user("li").say(BLAME)
        await here.user("li").hears("查询码")
    files = list((tmp_path / "telegram-traces").iterdir())
    assert files
    for file in files:
        assert str(NUMBERS["li"]).encode() not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
    async with telegram_here(tmp_path, library, api=BotApi(), furnished=True) as here:
        here.clock.forward(timedelta(minutes=31))
        async with asyncio.timeout(60):
            while list((tmp_path / "telegram-traces").iterdir()):
                await asyncio.sleep(0.02)
        assert here.api.deleted[NUMBERS["li"]]


async def test_what_cannot_be_deleted_now_is_tried_again_and_what_never_can_is_told(here: Here, tmp_path: Path) -> None:
    """500 and 429 pass; 400 (too old) and 403 do not: an event without a word, and nothing is asked again."""
    traces, told, now = Traces(tmp_path / "t", Vault(Keys.fresh())), [], here.clock()
    api = here.telegram._api
    assert api
    for number in (1, 2):
        traces.keep(Trace(77, [number], now))
    for fault in (Fault(500, "Internal"), Fault(429, "Too Many Requests", {"retry_after": 5})):
        here.api.faults["deleteMessages"].append(fault)
        await wipe(api, traces, now, lambda event, **more: told.append((event, more)))
        assert len(list(traces.due(now))) == 2
        assert not told
    refused = [
        Fault(400, "Bad Request: message can't be deleted"),
        Fault(403, "Forbidden: bot was blocked by the user"),
    ]
    here.api.faults["deleteMessages"].extend(refused)
    await wipe(api, traces, now, lambda event, **more: told.append((event, more)))
    assert not list(traces.due(now))
    assert [event for event, _ in told] == ["telegram_not_deleted"] * 2


async def test_neither_token_nor_words_nor_numbers_of_people_stand_in_a_log(
    here: Here, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Also with the libraries' own logs turned up to what operators use."""
    with caplog.at_level(logging.INFO):
        li = here.user(1380000)
        li.say(BLAME)
        answer = await li.hears("查询码")
        here.api.faults["sendMessage"].append(Fault(403, "Forbidden: bot was blocked by the user", chat=li.number))
        li.say("在吗")
        await asyncio.sleep(0.5)
    told = caplog.text + "".join(capfd.readouterr())
    receipt = re.findall(r"\d{8}", answer.text)[0]
    assert not [word for word in (TOKEN, "低保", receipt, "1380000") if word in told]
