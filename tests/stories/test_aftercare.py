"""After a complaint nobody is left alone with whoever was accused: asked later, and benefits that stop are the county's
(docs/domain.md G3)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_noninterference import later, same_without, says
from village import Village, village

BLAME = "石门东村王建国贪了扶贫款两万块，俺要举报"
QUESTION = "有没有人为难您"
LOCAL = ("wang", "zhou", "zhao", "qi", "liu", "min", "shui")
ASKED = ("11-26", "12-19", "2027-02-17")  # 7, 30 and 90 days after 19 November


def asked(place: Village, who: str) -> int:
    """How often somebody was asked since `hush`."""
    return sum(QUESTION in text for text in place.heard(who))


async def complained(place: Village, who: str = "li", text: str = BLAME) -> str:
    """A complaint, and a week later the first question."""
    await place.says(who, text)
    receipt = place.receipt(who)
    await place.says(who, "取消")
    place.hush()
    await place.until("2026-11-26 10:00")
    return receipt


async def test_the_reporter_is_asked_after_7_30_and_90_days(place: Village) -> None:
    """At ten in the morning, three times and no more, without an answer too."""
    await complained(place)
    assert asked(place, "li") == 1
    for count, moment in ((1, "2026-12-19 09:59"), (2, "2026-12-19 10:00"), (2, "2027-02-17 09:59"),
                          (3, "2027-02-17 10:00"), (3, "2027-06-01 10:00")):  # fmt: skip
        await place.until(moment)
        assert asked(place, "li") == count, moment


async def test_the_question_tells_a_shared_phone_nothing(place: Village) -> None:
    """Neither the question nor the answers to 没有 and 别再问 name a complaint, a receipt or whom it was about."""
    receipt = await complained(place)
    (question,) = [text for text in place.heard("li") if QUESTION in text]
    answers = [await place.presses("li", "没有"), await place.presses("li", "别再问")]
    for text in (question, *answers):
        assert not re.search(rf"举报|投诉|反映|密封|王|书记|{receipt}|区里", text), text


@pytest.mark.parametrize("how", ["press", "word", "sentence"])
async def test_a_yes_opens_a_sealed_case_at_the_county(place: Village, how: str) -> None:
    """A yes, pressed or said, is a new case that only the county sees; what is said after it is kept with it."""
    first = await complained(place)
    if how == "press":
        answer = await place.presses("li", "有")
    else:
        answer = await place.says("li", "有" if how == "word" else "有，村里说要停俺家的水")
    new = place.receipt("li")
    assert new != first and new in answer
    await place.says("li", "是他家老二在集上说的，说俺家往后别想待下去")
    case = await place.case(new)
    assert (case.sealed, case.grade.value, case.desk) == (True, "C2", "county:370404")
    await place.later(days=3)
    assert any(new in text and first in text for text in place.heard("sun"))
    assert "待下去" in place.ever_heard("sun")
    for who in LOCAL:
        assert new not in place.ever_heard(who)
        assert "待下去" not in place.ever_heard(who)


@pytest.mark.parametrize("after", [None, "有"])
async def test_danger_in_the_answer_passes_the_village(place: Village, after: str | None) -> None:
    """Whoever cries for help under the question is helped by town and county at once; the village, where the accused
    sits, hears nothing, and nobody below the county reads the words."""
    await complained(place)
    place.hush()
    if after:
        await place.says("li", after)
    answer = await place.says("li", "救命，他们拿刀砍俺家的门")
    assert "110" in answer
    danger = next(case for case in await place.cases() if case.grade.value == "E0")
    for who in ("zhao", "sun"):
        assert any(danger.receipt in text for text in place.heard(who, "notice")), who
    await place.later(days=2)
    for who in LOCAL:
        assert "砍" not in place.ever_heard(who), who
    for who in ("wang", "zhou"):
        assert danger.receipt not in place.ever_heard(who), who


async def test_a_no_opens_nothing_and_is_asked_again(place: Village) -> None:
    """没有 is taken as it is; the next question comes all the same."""
    await complained(place)
    await place.says("li", "没有，都挺好的")
    assert len(await place.cases()) == 1
    await place.until("2026-12-19 10:00")
    assert asked(place, "li") == 2


@pytest.mark.parametrize("said", [f"{BLAME}。别再问我了，俺怕", None])
async def test_who_wants_to_be_left_alone_is(place: Village, said: str | None) -> None:
    """Said with the complaint nobody ever asks; 别再问 under the first question ends it."""
    await complained(place, text=said or BLAME)
    assert asked(place, "li") == (0 if said else 1)
    if not said:
        await place.says("li", "别再问")
    await place.until("2027-03-01 10:00")
    assert asked(place, "li") == (0 if said else 1)


FOR_OTHERS = {
    "a neighbour's": ("meng", "俺替邻居反映，石门东村书记王建国贪了扶贫款两万块，要举报他"),
    "asked to": ("meng", "李秀兰托我举报，村书记王建国扣了她的分红钱"),
    "an officer from a visit": ("zhou", "走访了孙长友家，老人反映村书记王建国贪污低保款两千块"),
}


@pytest.mark.parametrize("name", FOR_OTHERS)
async def test_nobody_is_asked_on_somebody_elses_phone(place: Village, name: str) -> None:
    """Whoever complains for somebody else is not asked how that person fares."""
    who, text = FOR_OTHERS[name]
    await complained(place, who, text)
    await place.until("2027-03-01 10:00")
    assert any(case.sealed for case in await place.cases())
    assert asked(place, who) == 0


async def test_slowness_is_no_reason_to_ask(place: Village) -> None:
    """A C1 is followed by no question, nor is a need."""
    await place.says("gu", "镇里办事大厅的人态度太差了，让俺跑了四趟还没给办")
    await place.says("chen", "俺娘住院交不上押金还差八千")
    await place.until("2027-03-01 10:00")
    assert not any(QUESTION in place.ever_heard(who) for who in ("gu", "chen"))


async def test_two_complaints_are_asked_about_once(place: Village) -> None:
    """Somebody who complains twice in a week is not asked twice as often."""
    await place.says("li", BLAME)
    await complained(place, text="石门东村会计私自扣了俺们的土地流转款")
    await place.until("2026-12-01 10:00")
    assert asked(place, "li") == 1


async def test_about_discipline_nobody_asks(place: Village) -> None:
    """Where nobody here may look into it, nobody here asks."""
    await complained(place, "gu", "纪明收了俺三千块钱才给立案")
    assert asked(place, "gu") == 0


STOPPED = ("俺家的低保上个月给停了", "今年分红也没发给俺家", "俺的公益岗叫人顶了，不让干了", "俺家低保咋没了，是啥政策")


@pytest.mark.parametrize("text", STOPPED)
async def test_a_benefit_that_stops_after_a_complaint_is_the_countys(place: Village, text: str) -> None:
    """Within 90 days it is a sealed case at the county: the village and the town hear nothing of it."""
    await complained(place)
    place.hush()
    await place.says("li", text)
    new = place.receipt("li")
    case = await place.case(new)
    assert (case.sealed, case.grade.value, case.desk) == (True, "C2", "county:370404")
    await place.later(days=20)
    assert new in place.ever_heard("sun")
    for who in LOCAL:
        assert new not in place.ever_heard(who)


async def test_without_a_complaint_it_goes_the_usual_way(place: Village) -> None:
    """The same words of somebody who never complained, or complained 91 days ago, open no C2."""
    await place.says("meng", STOPPED[0])
    await complained(place)
    await place.until("2027-02-18 11:00")
    await place.says("li", STOPPED[0])
    assert [case.grade.value for case in await place.cases()].count("C2") == 1


async def test_an_urgent_need_beside_it_goes_on_at_once(place: Village) -> None:
    """The hospital is told in the bot's words the same minute, the stopped benefit to nobody below the county, and the
    one accused then hears of neither."""
    await complained(place)
    place.hush()
    await place.says("li", "俺家低保停了，俺娘住院交不上押金还差八千，大夫说明天就停药")
    need = next(case for case in await place.cases() if case.grade.value == "E1")
    assert any(need.receipt in text for text in place.heard("zhou", "notice"))
    await place.later(days=5)
    for who in LOCAL:
        assert not any("低保停了" in text for text in place.heard(who)), who
    assert not any(need.receipt in text for text in place.heard("wang"))


async def test_an_accused_county_officer_hears_nothing_of_what_follows(place: Village) -> None:
    """Neither the yes nor the stopped benefit reaches the county desk when the complaint was about it."""
    await complained(place, text="区里孙丽收了俺两千块钱才给办低保")
    await place.presses("li", "有")
    first = place.receipt("li")
    await place.says("li", "取消")
    await place.says("li", STOPPED[0])
    second = place.receipt("li")
    await place.later(days=20)
    assert first != second
    for receipt in (first, second):
        assert receipt not in place.ever_heard("sun")
        assert receipt in place.ever_heard("ji") + place.ever_heard("shi")


async def test_what_follows_leaves_no_trace_below(tmp_path: Path) -> None:
    """Whoever else tells of the stopped benefit, the helper or a neighbour, hears and sees the same with and without
    the complaint; the county is told."""
    steps = (
        says("zhou", "李秀兰家的低保上个月给停了，家里三口人生活困难"),
        says("meng", "李秀兰家低保停了，日子过不下去"),
    )
    after = (*steps, later(days=6), says("zhou", "我手里几件"), later(days=3))
    heard = await same_without(tmp_path, (), (says("li", BLAME), says("li", "取消")), after, (*LOCAL, "meng", "chen"))
    assert any("打击报复" in str(row) for row in heard["ji"])


async def test_erasing_the_complaint_erases_what_follows_it(tmp_path: Path) -> None:
    """With the complaint goes what was kept to ask later."""
    async with village(tmp_path) as place:
        await place.says("li", BLAME)
        (case,) = await place.cases()
        async with place.program.store.work() as work:
            assert len(await work.followups.watched(place.clock.now)) == 1
            await work.erasing.case(case.id, await work.cases.for_engine().history(case.id))
            assert await work.followups.watched(place.clock.now) == []
