"""Phones change, people leave, are away and come back; nothing they handled is left lying (issue 3.4, issue 4.3)."""

from __future__ import annotations

import re

import pytest
from village import Village

NEED = "俺娘住院交不上押金还差八千大夫说明天就停药"  # E1
TAKEN = "石门东村会计私自扣了俺们的土地流转款"  # C2
CODE = re.compile(r"登录码：(\d{8})")


async def history(place: Village, case_id: str) -> list[tuple[str, str | None]]:
    """What happened to a case, and to whom it went."""
    async with place.program.store.work() as work:
        return [(event.what.value, event.to) for event in await work.cases.for_engine().history(case_id)]


async def helper_of(place: Village, head: str) -> str | None:
    async with place.program.store.work() as work:
        homes = (await work.people.directory()).households.values()
        return next(one.helper for one in homes if one.head == head)


# --- another phone ---


async def test_a_lost_phone_hears_nothing_more(place: Village) -> None:
    """The superior says 换手机: the old phone is out at once, and the code works on the new one."""
    answer = await place.says("zhao", "换手机 周敏")
    code = CODE.search(answer)
    assert code
    place.hush()
    await place.says("li", NEED)

    assert place.heard("wang", "notice")
    assert place.heard("zhou") == []


async def test_ones_own_old_phone_works_until_the_new_one_is_signed_in(place: Village) -> None:
    """Said by oneself, the old phone stays; signing in on the new one ends it."""
    code = CODE.search(await place.says("zhou", "换手机"))
    assert code
    await place.says("li", NEED)
    assert place.heard("zhou", "notice")

    await place.says("新手机", f"登录 {code.group(1)}")
    place.hush()
    await place.presses("wang", "接单")
    assert place.heard("zhou") == []
    assert any(letter.parcel.address == "新手机" for _, letter in place.phones.arrived[-4:])


async def test_nobody_else_changes_somebodys_phone(place: Village) -> None:
    """A colleague, and the county over the town's head, are told whose matter it is."""
    for who in ("wang", "sun", "liu"):
        assert "上一级" in await place.says(who, "换手机 周敏")


# --- leaving ---


async def test_the_cases_of_one_who_leaves_go_back_to_the_desk(place: Village) -> None:
    """离任: the colleague is told and can take the case; the history names the hand-over, the case's clock runs on."""
    await place.says("li", NEED)
    await place.presses("zhou", "接单")
    (before,) = await place.cases()
    await place.later(minutes=30)
    place.hush()
    answer = await place.says("zhao", "周敏离任了")

    assert "已离任" in answer
    assert any("不在岗" in text for text in place.heard("wang"))
    (case,) = await place.cases()
    assert (case.handler, case.desk) == (None, before.desk)
    assert case.finish_since == before.finish_since
    assert case.owned_since > before.owned_since
    assert ("returned", case.desk) in await history(place, case.id)
    await place.presses("wang", "接单")
    assert (await place.cases())[0].handler == "wang"


async def test_whoever_left_hears_nothing_and_works_on_nothing(place: Village) -> None:
    """The phone of one who left is nobody's: what is written there is a resident's, old buttons are dead."""
    await place.says("li", NEED)
    await place.says("zhao", "周敏离任了")
    place.hush()
    await place.later(hours=3)

    assert place.heard("zhou") == []
    await place.presses_late("zhou", "接单")
    assert (await place.cases())[0].handler is None


async def test_a_desk_left_empty_passes_its_cases_up_at_once(place: Village) -> None:
    """With the last officer of a village gone, the town has the case in the same moment, with the reason."""
    await place.says("chen", NEED)
    place.hush()
    await place.says("liu", "祁红离任了")

    (case,) = await place.cases()
    assert any(case.receipt in text for text in place.heard("liu"))
    assert case.desk.startswith("town:")
    assert [what for what, _ in await history(place, case.id)][-2:] == ["passed", "returned"]


async def test_a_case_that_waits_for_its_answer_is_not_orphaned(place: Village) -> None:
    """The handler leaves after 办结: 没解决 goes one level up as always, and nobody who left has it."""
    await place.says("li", NEED)
    await place.presses("zhou", "接单")
    await place.presses("zhou", "办结")
    await place.says("zhao", "周敏离任了")
    assert "已经报到上一级" in await place.presses("li", "没解决")

    (case,) = await place.cases()
    assert case.handler is None
    assert case.desk.startswith("town:")


async def test_the_village_hears_which_households_have_no_helper(place: Village) -> None:
    """Households of one who leaves have no helper, and the village is told which they are."""
    await place.says("zhao", "周敏离任了")

    assert any("李秀兰" in text and "帮扶人" in text for text in place.heard("wang"))
    assert await helper_of(place, "李秀兰") is None


async def test_a_sealed_case_goes_back_without_a_word_to_the_superior(place: Village) -> None:
    """Discipline officer leaves: what they had goes up to those not concerned; whoever says it learns no number."""
    await place.says("li", TAKEN)
    await place.presses("ji", "接单")
    quiet = await place.says("shi", "纪明离任了")

    (case,) = await place.cases()
    assert case.handler is None
    assert not re.search(r"\d", quiet)
    assert case.receipt not in place.ever_heard("zhao") + place.ever_heard("zhou") + place.ever_heard("wang")


async def test_words_about_somebody_who_is_no_officer_are_no_command(place: Village) -> None:
    """李四退休了 is told of a neighbour: nobody leaves."""
    await place.says("zhao", "李四退休了")

    async with place.program.store.work() as work:
        assert all(one.left is None for one in (await work.people.directory()).persons.values())


# --- away ---


async def neighbour(place: Village) -> str:
    """An officer of another village of 榴园镇, signed in on a phone of their own; gives its address."""
    code = CODE.search(await place.says("liu", "邀请 高远山 网格员 林桥村"))
    assert code
    await place.says("山", f"登录 {code.group(1)}")
    return "山"


async def test_a_deputy_is_told_what_the_absent_officer_is_told(place: Village) -> None:
    """Somebody of another village stands in, named by the town: the case reaches them, and they can take it."""
    phone = await neighbour(place)
    assert "由高远山代班" in await place.says("liu", "祁红请假三天 由高远山代")
    await place.says("chen", NEED)

    (case,) = await place.cases()
    assert case.desk.startswith("village:")
    assert case.receipt in place.ever_heard(phone)
    assert case.receipt not in place.ever_heard("liu")
    await place.presses_late(phone, "接单")
    assert (await place.cases())[0].handler is not None
    await place.says("liu", "祁红销假")
    assert case.receipt not in await place.says(phone, "待办")


async def test_nobody_stands_in_for_one_from_whom_a_case_is_kept(place: Village) -> None:
    """A need beside an accusation of 祁红 is not told to who stands in for her from elsewhere."""
    phone = await neighbour(place)
    await place.says("liu", "祁红请假三天 由高远山代")
    await place.says("chen", f"{NEED}，祁红还扣了俺家的补助款")
    cases = await place.cases()

    assert any("person:qi" in case.barred for case in cases)
    for case in cases:
        assert case.receipt not in place.ever_heard(phone) + place.ever_heard("qi")
        assert case.receipt not in await place.says(phone, "待办")


async def test_a_deputy_takes_over_what_the_absent_officer_handles(place: Village) -> None:
    """What falls due on the absent handler's case is told to the deputy with 接单, and pressing it hands it over."""
    await place.says("li", NEED)
    await place.presses("zhou", "接单")
    await place.says("zhou", "请假到12月1日 由王建国代")
    place.hush()
    await place.says("sun", "催办石门东村的件")

    assert any("催办" in text for text in place.heard("wang"))
    await place.presses("wang", "接单")
    assert (await place.cases())[0].handler == "wang"


async def test_a_level_where_everybody_is_away_is_passed(place: Village) -> None:
    """With the only officer of a village away and nobody standing in, a need opens at the town."""
    await place.says("qi", "请假到12月1日")
    assert "没有人代班" in await place.says("qi", "跳过")
    await place.says("chen", NEED)

    (case,) = await place.cases()
    assert case.desk.startswith("town:")
    assert ("passed", "village") in await history(place, case.id)


async def test_what_waits_at_a_desk_goes_up_when_the_last_one_goes_away(place: Village) -> None:
    """A case nobody has taken does not lie there until its limit."""
    await place.says("chen", NEED)
    await place.says("qi", "请假三天")
    await place.says("qi", "跳过")

    assert (await place.cases())[0].desk.startswith("town:")


async def test_the_last_day_ends_the_absence(place: Village) -> None:
    """After the day that was named the officer is told again and counts again."""
    await place.says("zhou", "请假到11月20日 由王建国代")
    await place.until("2026-11-21T09:00")

    assert any("假期到了" in text for text in place.heard("zhou"))
    async with place.program.store.work() as work:
        persons = (await work.people.directory()).persons
    assert persons["zhou"].present
    assert persons["wang"].stands_in == ()


async def test_coming_back_early_ends_the_absence(place: Village) -> None:
    """销假."""
    await place.says("zhou", "请假到12月1日 由王建国代")
    assert "销假了" in await place.says("zhou", "销假")

    async with place.program.store.work() as work:
        assert (await work.people.directory()).persons["zhou"].present


@pytest.mark.parametrize("deputy", ["祁红", "赵伟", "闵强"])
async def test_ones_own_choice_is_a_colleague_of_the_desk(place: Village, deputy: str) -> None:
    """Whoever takes leave names somebody of the same desk; others are for the superior to name."""
    assert "不能代班" in await place.says("zhou", f"请假到12月1日 由{deputy}代")


async def test_a_deputy_never_sees_a_sealed_case_by_standing_in(place: Village) -> None:
    """Town stands in for village: a complaint about the village's people stays hidden, the village's need does not."""
    await place.says("zhao", "周敏请假三天 由赵伟代")
    await place.says("li", TAKEN)
    await place.says("meng", NEED)

    complaint = next(case for case in await place.cases() if case.sealed)
    assert complaint.receipt not in place.ever_heard("zhao")
    assert complaint.receipt not in await place.says("zhao", "待办")
    need = next(case for case in await place.cases() if not case.sealed)
    assert need.receipt in place.ever_heard("zhao")


# --- helpers ---


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("zhou", "李秀兰家的帮扶人是王建国"),
        ("zhao", "李秀兰家换帮扶人 王建国"),
        ("wang", "石门东村李秀兰家帮扶人换成王建国"),
    ],
)
async def test_village_and_town_set_who_helps_a_household(place: Village, who: str, words: str) -> None:
    """The new helper and the former one are told."""
    assert "王建国" in await place.says(who, words)

    assert await helper_of(place, "李秀兰") == "wang"
    assert who == "wang" or any("由您帮扶" in text for text in place.heard("wang"))
    assert who == "zhou" or any("不用再管" in text for text in place.heard("zhou"))


async def test_nobody_sets_helpers_of_another_village(place: Village) -> None:
    """The words of another village's officer change nothing."""
    await place.says("qi", "李秀兰家的帮扶人是祁红")

    assert await helper_of(place, "李秀兰") == "zhou"


# --- duty ---


async def test_the_duty_roster_is_set_in_chat(place: Village) -> None:
    """今晚值班 names somebody until the next morning; 值班表 shows it to the desk."""
    assert "周敏" in await place.says("wang", "今晚值班 周敏")
    assert "周敏" in await place.says("wang", "明晚周敏值班")

    roster = await place.says("zhou", "值班表")
    assert roster.count("周敏") == 2
    assert "11月20日 08:30" in roster


async def test_nobody_puts_strangers_on_duty(place: Village) -> None:
    """Only colleagues of the desk, or of a desk that one manages."""
    assert "没找到" in await place.says("wang", "今晚值班 祁红")
    assert "周敏" in await place.says("zhao", "今晚值班 周敏")
