"""公历还是农历、哪个镇的村、不归本区的村: what cannot be settled from the words is asked once or kept as said."""

from __future__ import annotations

import pytest
from village import Village

LUNAR_VISIT = "十月十一走访李秀兰家，老人身体好，药够吃"  # on 19 November 2026 the eleventh of the tenth month is today
BRIBE = "俺要举报王庄村的会计，他贪了俺的低保钱五百块"
BEYOND = "俺是滕州东沙河镇王家庄村的，俺娘住院交不上押金还差八千，大夫说明天就停药"


async def days(place: Village) -> list[str | None]:
    return [visit["on"] for visit in (await place.final())["visits"]]


@pytest.mark.parametrize(
    ("answer", "day"),
    [
        ("2", "2026-11-19"), ("农历", "2026-11-19"), ("阴历的", "2026-11-19"),
        ("1", "2026-10-11"), ("公历", "2026-10-11"), ("不是农历", "2026-10-11"), ("跳过", "2026-10-11"),
    ],
)  # fmt: skip
async def test_a_day_that_both_calendars_fit_is_asked_and_the_visit_keeps_the_answer(
    place: Village, answer: str, day: str
) -> None:
    """The day of the calendar stands until somebody says that the lunar one was meant."""
    asked = await place.says("zhou", LUNAR_VISIT)
    assert "公历" in asked and "农历" in asked and "10月11日" in asked and "11月19日" in asked
    assert await days(place) == ["2026-10-11"]

    after = await place.says("zhou", answer)

    assert await days(place) == [day]
    assert "见到谁" in after  # the questions of every visit go on


async def test_the_button_of_a_calendar_works_as_its_word_does(place: Village) -> None:
    """Pressed on the phone."""
    await place.says("zhou", LUNAR_VISIT)
    await place.presses("zhou", "农历，就是11月19日")
    assert await days(place) == ["2026-11-19"]


async def test_the_calendar_is_asked_once_and_other_words_are_never_taken_for_an_answer(place: Village) -> None:
    """Whoever tells something else has it kept, and is not asked a second time."""
    await place.says("zhou", LUNAR_VISIT)
    after = await place.says("zhou", "今天走访孙长友家，都正常")
    assert [visit["household"] for visit in (await place.final())["visits"]] == ["李秀兰", "孙长友"]
    assert "公历" not in after
    assert "公历" not in await place.says("zhou", "跳过")


@pytest.mark.parametrize("day", ["11月18日", "10月11号", "昨天", "农历十月初一"])
async def test_a_day_that_one_calendar_fits_is_not_asked_about(place: Village, day: str) -> None:
    """日 and 号 are the calendar's, 初 is the moon's."""
    assert "公历" not in await place.says("zhou", f"{day}走访李秀兰家，老人身体好，药够吃")


async def test_the_calendar_is_asked_after_the_household(place: Village) -> None:
    """One question at a time: first whose door it was, then the day."""
    first = await place.says("zhou", "十月十一走访孙常友家，老人身体好，药够吃")
    assert "哪一家" in first and "公历" not in first
    assert "公历" in await place.says("zhou", "2")
    await place.says("zhou", "2")
    (visit,) = (await place.final())["visits"]
    assert (visit["household"], visit["on"]) == ("孙长有", "2026-11-19")


async def test_a_case_keeps_the_day_that_was_chosen_too(place: Village) -> None:
    """A need that began on such a day: after the other questions, once."""
    await place.says("li", "俺家西屋十月十一塌了半边，没钱修，家里三口人，电话13800001234")
    final = await place.final()
    assert final["cases"][0]["facts"]["on"] == "2026-10-11"
    await place.says("li", "农历")
    assert (await place.final())["cases"][0]["facts"]["on"] == "2026-11-19"


async def test_a_complaint_about_a_village_of_two_towns_is_asked_and_stays_sealed_there(place: Village) -> None:
    """王庄村 is five villages. The answer places the complaint, and the village and town of the accused accountant can
    never be let in, not even by 定范围."""
    asked = await place.says("gu", BRIBE)
    assert "密封" in asked and "榴园镇王庄村" in asked and "峨山镇王庄村" in asked

    await place.says("gu", "榴园镇的")

    (case,) = await place.cases()
    final = (await place.final())["cases"][0]
    assert (final["village"], final["town"]) == ("王庄村", "榴园镇")
    assert case.sealed
    assert {f"village:{case.village}", f"town:{case.town}"} <= case.barred
    assert not {token for token in case.seen_by if token.startswith(("village:", "town:"))}
    assert "五百" not in place.ever_heard("liu") and "举报" not in place.ever_heard("liu")


async def test_the_wish_to_stay_nameless_and_the_question_for_the_village_stand_side_by_side(place: Village) -> None:
    """匿名 is pressed first; the village is still taken afterwards."""
    await place.says("gu", BRIBE)
    await place.presses("gu", "匿名")
    await place.says("gu", "峨山镇王庄村")
    assert (await place.final())["cases"][0]["town"] == "峨山镇"


async def test_a_complaint_whose_village_is_skipped_stays_with_the_county(place: Village) -> None:
    """Nobody has to say it."""
    await place.says("gu", BRIBE)
    await place.says("gu", "跳过")
    (case,) = await place.cases()
    assert case.sealed and case.village is None


async def test_a_named_complainer_is_asked_for_the_village_and_then_for_the_name(place: Village) -> None:
    """实名 does not push the question for the village away."""
    await place.says("gu", BRIBE)
    await place.presses("gu", "实名")
    assert "怎么称呼" in await place.says("gu", "榴园镇的")
    assert (await place.final())["cases"][0]["town"] == "榴园镇"


async def test_a_visit_to_a_village_of_two_towns_is_asked_and_its_case_goes_there(place: Village) -> None:
    """A county officer has no town of their own that would settle it."""
    asked = await place.says("sun", "今天走访王庄村张大爷家，老人断药了没钱买")
    assert "榴园镇王庄村" in asked
    await place.says("sun", "榴园镇王庄村")
    final = await place.final()
    assert final["visits"][0]["village"] == "王庄村"
    assert [(case["village"], case["town"]) for case in final["cases"]] == [("王庄村", "榴园镇")]
    assert "断药" in place.ever_heard("liu")


async def test_a_need_beyond_the_county_is_kept_and_told_politely(place: Village) -> None:
    """The case opens at the county with the place as it was said; the sender hears whom to ring."""
    answer = await place.says("gu", BEYOND)
    assert "不在峄城区" in answer and "12345" in answer
    assert "哪个镇、哪个村" not in answer  # that was said
    (case,) = (await place.final())["cases"]
    assert case["facts"]["place"] == "东沙河镇王家庄村"
    assert (case["village"], case["level"]) == (None, "county")
    assert "王家庄" in place.ever_heard("sun")


async def test_a_bare_name_beyond_the_county_answers_the_question_for_the_place(place: Village) -> None:
    """Asked which village, somebody who lives elsewhere says 幸福里: it is kept, and they hear whom to ring."""
    assert "哪个镇、哪个村" in await place.says("gu", "俺娘住院交不上押金还差八千，大夫说明天就停药")
    answer = await place.says("gu", "幸福里")
    assert "幸福里" in answer and "12345" in answer
    (case,) = (await place.final())["cases"]
    assert case["facts"]["place"] == "幸福里"


async def test_a_need_beyond_the_county_is_not_laid_at_the_senders_own_village(place: Village) -> None:
    """Somebody of 石门东村 speaks for a sister in another county: their own grid worker is not sent there."""
    answer = await place.says("li", "俺姐在东沙河镇王家庄村，住院交不上押金还差八千，大夫说明天就停药")
    assert "12345" in answer
    (case,) = await place.cases()
    assert case.village is None
    assert "王家庄" not in place.ever_heard("zhou")


async def test_blame_with_a_place_beyond_the_county_keeps_the_seal_of_the_senders_village(place: Village) -> None:
    """Who is kept from an accusation does not hang on where the favoured kin live."""
    await place.says("li", "俺要举报村会计，他把俺的低保给了东沙河镇王家庄村他姐夫")
    (case,) = await place.cases()
    assert case.sealed and case.village is not None
    assert f"village:{case.village}" in case.barred


async def test_a_danger_told_with_a_place_beyond_the_county_still_reaches_those_nearest(place: Village) -> None:
    """Nobody weighs borders while a house burns."""
    await place.says("li", "东沙河镇王家庄村俺姐家着火了，人还在屋里，快救救她")
    (case,) = await place.cases()
    assert case.grade.value == "E0" and case.village is not None


async def test_a_village_of_the_county_is_never_called_foreign(place: Village) -> None:
    """贾泉村 stands in the list."""
    assert "不在峄城区" not in await place.says("gu", "俺是贾泉村的，俺娘住院交不上押金，大夫说明天就停药")
