"""What people really send: empty, huge, broken, repeated, late. Each gets a plain sentence; nothing is lost."""

from __future__ import annotations

import pytest
from village import Village

from assistance.post import Said
from handlers.kit import new_id

HOSPITAL = "俺娘住院交不上押金还差八千大夫说明天就停药"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "啊" * 100_000,
        "😀😀😀",
        "\x00\x01\x02",
        "\u202e\u200b",
        "9" * 50,
        "走访" * 500,
        "'; DROP TABLE cases; --",
    ],
    ids=["empty", "blank", "huge", "emoji", "control", "invisible", "digits", "repeated", "sql"],
)
async def test_every_message_gets_one_answer(place: Village, text: str) -> None:
    """Whatever is sent, the sender hears one plain answer and the program goes on."""
    answer = await place.says("li", text)

    assert answer
    assert len(place.heard("li", "reply")) == 1
    assert "E1" in "".join(place.heard("zhou")) or await place.says("li", HOSPITAL)


async def test_a_form_with_a_wrong_date_and_an_unknown_village_is_kept(place: Village) -> None:
    """A form that cannot be read whole is kept; the fields that could not be read are named."""
    answer = await place.says("zhou", "走访 户主：孙长友 日期：13月40日 村：火星村 身体：正常")

    assert "日期" in answer
    final = await place.final()
    assert [visit["household"] for visit in final["visits"]] == ["孙长友"]


@pytest.mark.parametrize("media", ["photo", "voice", "location"])
async def test_a_message_without_words_goes_to_a_person(place: Village, media: str) -> None:
    """A photo or a voice note alone goes to the county's sorting desk, never to the village."""
    answer = await place.sends("li", media)

    (case,) = await place.cases()
    assert case.receipt in answer
    assert any(case.receipt in text for text in place.heard("sun"))
    assert place.heard("zhou") == []


async def test_a_message_repeated_by_the_channel_counts_once(place: Village) -> None:
    """The same message key a second time opens nothing and answers nothing."""
    await place.says("li", HOSPITAL, key="same")
    again = await place.says("li", HOSPITAL, key="same")

    assert again == ""
    assert len(await place.cases()) == 1


async def test_the_same_need_told_twice_is_one_case(place: Village) -> None:
    """A household's need told again within thirty days joins its open case, with a receipt of its own."""
    await place.says("li", HOSPITAL)
    first = place.receipt("li")
    await place.says("li", "取消")
    await place.says("li", "俺娘还在住院，医院催押金，没钱交大夫说要停药了")

    (case,) = await place.cases()
    assert case.reports == 2
    assert place.receipt("li") != first


async def test_a_button_pressed_twice_or_late_tells_what_became_of_it(place: Village) -> None:
    """The second who presses 接单 hears who has it; a button of a closed case says that it is closed."""
    await place.says("li", HOSPITAL)
    await place.presses("zhou", "接单")
    assert "已经在您手里" in await place.presses("zhou", "接单")
    assert "周敏" in await place.presses("wang", "接单")
    await place.presses("zhou", "办结")
    await place.presses("li", "已解决")

    assert "办结" in await place.presses("wang", "接单")
    (case,) = await place.cases()
    assert case.handler == "zhou"


async def test_a_button_that_was_never_there_is_answered_plainly(place: Village) -> None:
    """A made-up button changes nothing."""
    answer = await place.presses_late("gu", "接单")

    assert "过时" in answer
    assert await place.cases() == []


async def test_a_resident_who_uses_desk_words_is_told_so(place: Village) -> None:
    """接单 typed by somebody who is no officer does nothing."""
    await place.says("li", HOSPITAL)
    answer = await place.says("gu", "接单")

    assert "工作人员" in answer
    assert (await place.cases())[0].handler is None


async def test_an_unknown_sender_is_served_at_once(place: Village) -> None:
    """Somebody nobody knows writes of a need: a case opens and the place is asked for; the answer reaches the village."""
    said = Said(new_id(), "web", "stranger", new_id(), place.clock.now, text="俺家断粮两天了，一家老小没吃的")
    await place.program.intake.take(said)
    (case,) = await place.cases()
    assert case.village is None
    said = Said(new_id(), "web", "stranger", new_id(), place.clock.now, text="峨山镇石门东村")
    await place.program.intake.take(said)
    await place.later(minutes=1)

    (case,) = await place.cases()
    assert place.program.pack.areas[case.village or ""].name == "石门东村"
    assert any(case.receipt in text for text in place.heard("zhou"))


async def test_cancel_ends_a_question_and_never_a_case(place: Village) -> None:
    """取消 while something is asked ends the questions; the case stays."""
    await place.says("li", HOSPITAL)
    answer = await place.says("li", "取消")

    assert "照样办" in answer
    assert (await place.cases())[0].open


async def test_a_question_waits_for_days(place: Village) -> None:
    """A question answered two days later still fills the case; a policy question in between does not end it."""
    await place.says("li", HOSPITAL)
    await place.says("li", "八十三岁的老人一个月能领多少高龄补贴")
    await place.later(days=2)
    await place.says("li", "四口人")

    assert (await place.final())["cases"][0]["facts"]["people"] == 4


async def test_the_place_of_a_danger_told_afterwards_calls_the_village(place: Village) -> None:
    """Somebody nobody knows writes of ending it, and then where they are: village and town are called at once."""
    for text in ("俺不想活了，药都准备好了", "俺在榴园镇贾泉村"):
        said = Said(new_id(), "web", "stranger", new_id(), place.clock.now, text=text)
        await place.program.intake.take(said)
    await place.later(seconds=1)

    (case,) = await place.cases()
    assert place.program.pack.areas[case.village or ""].name == "贾泉村"
    assert any(case.receipt in text for text in place.heard("qi"))
    assert any(case.receipt in text for text in place.heard("liu"))
