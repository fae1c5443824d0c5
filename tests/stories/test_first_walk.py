"""What somebody ran into who walked through it for the first time."""

from __future__ import annotations

import pytest
from village import Village

HARD = "俺娘住院交不上押金还差八千大夫说明天就停药"


async def test_what_an_officer_did_is_progress_and_no_danger(place: Village) -> None:
    """The handler's plain words about a case in hand open no E0, however the reader doubts them."""
    await place.says("li", HARD)
    await place.presses("zhou", "接单")
    await place.says("zhou", "已经把他家接到村委会住下，送了两床被子，瓦匠明天来修墙")
    assert [case.grade.value for case in await place.cases()] == ["E1"]
    assert "12356" not in place.ever_heard("zhou")


async def test_an_officer_in_danger_is_heard_in_the_middle_of_a_case(place: Village) -> None:
    """Plain words of despair stop everything for them too."""
    await place.says("li", HARD)
    await place.presses("zhou", "接单")
    answer = await place.says("zhou", "我不想活了，药都准备好了")
    assert "12356" in answer
    assert "E0" in [case.grade.value for case in await place.cases()]


@pytest.mark.parametrize("asked", ["查进度", "家里有难处"])
async def test_an_open_question_does_not_swallow_the_menu(place: Village, asked: str) -> None:
    """What the page offers to tap is never taken for how many live in the house; the question stays."""
    await place.says("li", HARD)
    await place.says("li", asked)
    assert "people" not in (await place.final())["cases"][0]["facts"]
    await place.says("li", "三口")
    assert (await place.final())["cases"][0]["facts"]["people"] == 3


async def test_words_without_a_number_are_no_number(place: Village) -> None:
    """家里几口人 is not answered by whatever comes."""
    await place.says("li", HARD)
    await place.says("li", "等会儿再说吧")
    assert "people" not in (await place.final())["cases"][0]["facts"]


async def test_who_asks_hears_that_it_climbed(place: Village) -> None:
    """Nobody took it, the town has it now: 查进度 says so."""
    await place.says("li", HARD)
    await place.later(hours=3)
    assert "峨山镇" in await place.says("li", "查进度")
