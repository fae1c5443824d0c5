"""The stories of the page, unchanged over both libraries: every one is told on the page too."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from phones import Phone, Shown, Town, hears
from telegram_here import telegram_here

from assistance.case import Case, Grade, What
from bot.engine import wind_on

HARD = "俺是峨山镇石门东村的李秀兰，俺娘住院交不上押金还差八千大夫说明天就停药"
BLAME = "峨山镇石门东村的村支书王建国把俺家的低保钱扣了一半，不给他送礼就不给办"
DESPAIR = "俺实在不想活了，药都攒好了，在峨山镇石门东村李秀兰家"


@pytest_asyncio.fixture(params=["web", "light", "aiogram"])
async def town(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    library = "aiogram" if request.param == "aiogram" else "light"
    async with telegram_here(tmp_path, library) as here:
        opened = Town(here, web=request.param == "web")
        try:
            yield opened
        finally:
            await opened.close()


async def only_case(town: Town) -> Case:
    (case,) = await town.here.cases()
    return case


async def test_a_hardship_goes_from_the_first_word_to_solved(town: Town) -> None:
    """村民说 → 接单 → 办结 → 已解决."""
    li, zhou = await town.phone("li"), await town.phone("zhou")
    await li.says(HARD)
    receipt = await hears(li, "回执号")
    new = await until_solved(li, zhou, receipt)
    assert "押金" in new.text
    assert (await only_case(town)).stage.ended


async def until_solved(teller: Phone, officer: Phone, answer: Shown) -> Shown:
    """接单 → 办结 → 已解决, each heard by the other side after the first `answer`; gives what the officer was told."""
    new = await hears(officer, "接单")
    await officer.presses("接单")
    await hears(teller, "接手", after=answer)
    await hears(officer, "办结", after=new)
    await officer.presses("办结")
    asked = await hears(teller, "已解决", after=answer)
    await teller.presses("已解决")
    await hears(teller, "办结了", after=asked)
    return new


async def test_a_complaint_is_told_to_nobody_it_is_about(town: Town) -> None:
    """The discipline office hears of it; whoever is accused, the village and the town hear nothing, also not from a
    need that follows."""
    li, ji = await town.phone("li"), await town.phone("ji")
    village = [await town.phone(who) for who in ("wang", "zhou", "zhao")]
    await li.says(BLAME)
    answer = await hears(li, "查询码")
    receipt, code = re.findall(r"回执号：?(\d{8}).*?查询码：?(\w+)", answer.text)[0]
    told = await hears(ji, receipt)
    await ji.presses("接单", told)
    taken = await hears(li, "有人接手", after=answer)
    assert "纪" not in taken.text
    await li.says(f"进度 {receipt} {code}")
    await hears(li, receipt, after=taken)
    await li.says("取消")
    await li.says(HARD)
    await hears(village[0], "押金")
    for phone in village:
        assert not [one for one in phone.shows() if receipt in one.text or "低保" in one.text]


async def test_a_crisis_is_heard_and_ends_with_the_one_who_was_in_danger(town: Town) -> None:
    """我在听, with numbers to ring; the village is told at once; 接单 → 办结 → 已解决."""
    li, zhou = await town.phone("li"), await town.phone("zhou")
    await li.says(DESPAIR)
    listening = await hears(li, "我在听")
    assert "120" in listening.text
    await until_solved(li, zhou, listening)
    case = await only_case(town)
    assert case.grade is Grade.E0
    assert case.stage.ended


async def test_what_was_told_can_be_taken_back(town: Town) -> None:
    """撤回: the town looks into it for a working day, then it is closed."""
    li, zhao = await town.phone("li"), await town.phone("zhao")
    await li.says(HARD)
    receipt = await hears(li, "回执号")
    await li.says("取消")
    await li.says("不用办了，撤回吧")
    await hears(li, "先停下", after=receipt)
    await hears(zhao, "撤回")
    office = town.here.program.office
    await wind_on(office, town.here.program.intake, town.here.clock, 72)
    await hears(li, "已按您说的撤回")
    assert (await only_case(town)).stage.ended


async def test_a_press_that_comes_too_late_is_told_what_became_of_the_case(town: Town) -> None:
    """Two officers press 接单 on the same case, one of them twice: one handles it, both are told; nothing is done
    twice."""
    li, zhou, wang = await town.phone("li"), await town.phone("zhou"), await town.phone("wang")
    await li.says(HARD)
    new, same = await hears(zhou, "接单"), await hears(wang, "接单")
    await zhou.presses("接单", new)
    taken = await hears(zhou, "接单", after=new)
    await zhou.presses("接单", new)
    await wang.presses("接单", same)
    await hears(zhou, "", after=taken)
    assert "周敏" in (await hears(wang, "", after=same)).text
    case = await only_case(town)
    assert case.handler == "zhou"
    async with town.here.program.store.work() as work:
        history = await work.cases.for_engine().history(case.id)
    assert sum(event.what is What.ACCEPTED for event in history) == 1
