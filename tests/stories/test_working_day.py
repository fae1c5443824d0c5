"""A working day, point by point: what a county would look at first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from village import Village

HOSPITAL = "俺娘住院交不上押金还差八千大夫说明天就停药"
ACCUSATION = "石门东村书记把他小舅子弄成低保户了，人家开着两辆车。别说是我说的"
WATER = "村里自来水从星期二就没水了，一庄子人都没法做饭"


async def test_visits_are_kept_and_what_they_find_opens_a_case(place: Village) -> None:
    """A visit told in plain words and one in a form are both kept; a leaking roof in the form opens a problem."""
    await place.says("zhou", "夜来下午去了孙长友家，老人自己在家，药还有半月的量，没啥问题")
    await place.says("zhou", "走访 户主：李秀兰 日期：11月19日 见到谁：本人 身体：正常 住房：西屋漏雨 诉求：想修屋顶")

    final = await place.final()

    assert [(visit["household"], visit["on"]) for visit in final["visits"]] == [
        ("孙长友", "2026-11-18"),
        ("李秀兰", "2026-11-19"),
    ]
    assert [(case["kind"], case["topic"], case["household"]) for case in final["cases"]] == [
        ("problem", "住房", "李秀兰")
    ]


async def test_an_urgent_case_opens_on_the_first_message(place: Village) -> None:
    """The hospital deposit opens E1 before any question; sender, helper and village secretary hear of it at once."""
    answer = await place.says("li", HOSPITAL)

    (case,) = await place.cases()
    assert case.grade.value == "E1"
    assert case.receipt in answer
    assert "几口人" in answer
    assert any(case.receipt in text for text in place.heard("zhou"))
    assert any(case.receipt in text for text in place.heard("wang"))


async def test_a_correction_counts_the_new_sum(place: Village) -> None:
    """刚才说错了 changes the sum of the open case; the handler hears of it."""
    await place.says("li", HOSPITAL)
    await place.presses("zhou", "接单")
    place.hush()

    await place.says("li", "刚才说错了，押金差的是一万五")

    final = await place.final()
    assert final["cases"][0]["facts"]["amount"] == 15000
    assert any("15000" in text for text in place.heard("zhou"))


async def test_the_accused_never_hears_of_it(place: Village) -> None:
    """Neither the secretary nor anybody of his village or town hears, lists or counts the complaint; discipline does."""
    await place.says("gu", ACCUSATION)
    await place.presses("gu", "匿名")
    receipt, code = place.receipt("gu"), place.code("gu")
    for who in ("wang", "zhou", "zhao"):
        await place.says(who, "今天有啥待办，有没有人举报我")
    await place.later(days=30)

    for who in ("wang", "zhou", "zhao", "qi", "liu", "min", "shui"):
        heard = place.ever_heard(who)
        assert receipt not in heard
        assert "小舅子" not in heard
    assert receipt in place.ever_heard("ji")
    assert receipt in await place.says("gu", f"到哪一步了 {receipt} {code}")
    assert receipt not in await place.says("gu", f"到哪一步了 {receipt} 000000")


async def test_a_policy_question_is_told_with_place_year_and_source(place: Village) -> None:
    """An amount is told with place, year and source, and never as a promise."""
    answer = await place.says("chen", "八十三岁的老人一个月能领多少高龄补贴")

    for part in ("30元", "峄城区", "2017", "规划", "为准"):
        assert part in answer
    assert await place.cases() == []


async def test_a_danger_to_life_stops_everything_else(place: Village) -> None:
    """Numbers to ring at once, village and town alerted at once; after 15 minutes without 接单 the county hears."""
    await place.says("chen", "俺家房顶漏雨了，能给修修不")
    answer = await place.says("chen", "俺不想活了，拖累孩子，药都准备好了")

    for number in ("12356", "120", "110"):
        assert number in answer
    assert any("E0" in text for text in place.heard("qi"))
    assert any("E0" in text for text in place.heard("liu"))
    assert not any("E0" in text for text in place.heard("sun"))
    await place.later(minutes=15)
    assert any("E0" in text for text in place.heard("sun"))


async def test_an_unanswered_case_climbs_and_can_be_passed_on(place: Village) -> None:
    """A water outage nobody takes is with the town after a day; a plain sentence passes it on; a withdrawal is
    shown to somebody who is not the handler and closes it one working day later."""
    await place.says("meng", WATER)
    (case,) = await place.cases()
    await place.later(hours=23)
    assert not any(case.receipt in text for text in place.heard("zhao", "notice"))
    await place.later(hours=1.5)  # eight in the morning is no working time: half past is
    assert any(case.receipt in text for text in place.heard("zhao", "notice"))

    await place.says("zhao", "把石门东村停水的事转给水利局")
    assert any(case.receipt in text for text in place.heard("shui", "notice"))
    place.hush()
    await place.says("meng", "水来了，不用管了")
    assert any(case.receipt in text for text in place.heard("zhao", "notice"))
    withdrawn_at = place.clock.now
    await place.until(withdrawn_at + timedelta(days=4))

    closed = await place.case(case.receipt)
    assert closed.stage.value == "撤回"
    assert closed.closed_at == withdrawn_at + timedelta(days=3)  # Friday to Monday: one working day


async def test_after_an_outage_each_officer_gets_one_message(place: Village) -> None:
    """What fell due while the engine stood still is told as one message to each officer, and is marked as missed."""
    await place.says("meng", WATER)
    await place.says("li", HOSPITAL)
    await place.says("li", "俺家房顶也漏了，接了四个盆")
    place.phones.take_away("engine", place.clock.now, place.clock.now + timedelta(days=3))
    place.hush()
    await place.later(days=3)

    for who in ("zhou", "wang", "zhao", "sun", "shi"):
        assert len(place.heard(who, "notice")) == 1, who
    assert len(place.heard("zhao", "digest")) == 1


async def test_digests_come_at_six_and_hide_what_their_reader_may_not_see(place: Village) -> None:
    """At 18:00 every supervisor gets one digest; the sealed case stands in the county's, not in the town's."""
    await place.says("li", HOSPITAL)
    hospital = (await place.cases())[0].receipt
    await place.says("gu", ACCUSATION)
    sealed = place.receipt("gu")
    await place.until("2026-11-19 18:00")

    for who in ("zhao", "liu", "sun", "min", "shui", "ji", "shi"):
        assert len(place.heard(who, "digest")) == 1, who
    assert hospital in place.heard("zhao", "digest")[0]
    assert sealed not in place.heard("zhao", "digest")[0]
    assert sealed in place.heard("ji", "digest")[0]
    assert hospital not in place.heard("liu", "digest")[0]
    assert place.heard("zhou", "digest") == []


@pytest.mark.parametrize("days", [0, 3, 30, 90])
async def test_every_open_case_has_a_future(place: Village, days: int) -> None:
    """However long nobody acts, every case is closed or has a due time that lies ahead."""
    for who, text in (("li", HOSPITAL), ("meng", WATER), ("gu", ACCUSATION), ("chen", "俺不想活了，药都准备好了")):
        await place.says(who, text)
    await place.later(days=days)

    async with place.program.store.work() as work:
        assert await work.cases.for_engine().without_future(place.clock.now) == []


async def test_the_whole_way_to_solved(place: Village) -> None:
    """接单, progress in free words, 办结, 已解决: the case is closed by the second person."""
    await place.says("li", HOSPITAL)
    await place.presses("zhou", "接单")
    await place.says("zhou", "李秀兰家情况属实，已联系医院先做手术，报镇里申请临时救助")
    assert (await place.cases())[0].stage.value == "办理中"
    await place.presses("zhou", "办结")
    assert any("解决了没有" in text for text in place.heard("li"))
    await place.presses("li", "已解决")

    (case,) = await place.cases()
    assert (case.stage.value, case.unconfirmed) == ("办结", False)
    assert (await place.final())["cases"][0]["due_at"] is None
