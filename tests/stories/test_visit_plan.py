"""走访: whom to visit this week, what is asked afterwards, and what becomes of a visit that nobody made (issue 4.8)."""

from __future__ import annotations

from village import Village

from assistance.decision import VisitPlan


async def test_the_first_working_morning_of_a_week_names_whom_to_visit(place: Village) -> None:
    """Two 监测户 were registered on 19 November: due on 19 December, named on Monday 14 December to their helper."""
    await place.until("2026-12-13 20:00")
    place.hush()
    await place.until("2026-12-14 09:00")
    assert any("本周要走访1户" in text and "孙长友" in text for text in place.heard("zhou"))
    assert not any("孙长友" in text for text in place.heard("wang"))
    place.hush()
    await place.until("2026-12-15 09:00")
    assert not any("孙长友" in text for text in place.heard("zhou"))


async def test_a_visit_moves_the_date(place: Village) -> None:
    await place.until("2026-12-10 10:00")
    await place.says("zhou", "今天去走访了孙长友，身体都好")
    place.hush()
    await place.until("2026-12-26 20:00")
    assert not any("孙长友" in text for who in ("zhou", "zhao", "sun") for text in place.heard(who))


async def test_an_overdue_visit_stands_with_the_town_after_3_days_and_with_the_county_after_10(place: Village) -> None:
    """V: in the digests of 22 and 29 December, and not a day earlier; above the town no whole name."""
    await place.until("2026-12-21 20:00")
    assert "孙长友" not in place.ever_heard("zhao")
    await place.until("2026-12-22 18:00")
    assert "孙长友" in place.heard("zhao", "digest")[-1]
    assert "走访" not in place.heard("sun", "digest")[-1]
    await place.until("2026-12-29 18:00")
    assert "孙*" in place.heard("sun", "digest")[-1]
    assert "孙长友" not in place.ever_heard("sun")


async def test_after_a_visit_two_short_questions_each_by_number_or_skipped(place: Village) -> None:
    answer = await place.says("zhou", "今天去走访了孙长友")
    assert "见到谁" in answer
    answer = await place.says("zhou", "1")
    assert "有没有变化" in answer
    answer = await place.says("zhou", "没变化")
    assert "？" not in answer
    async with place.program.store.work() as work:
        visit = await work.visits.last_of("zhou")
    assert visit is not None
    assert (visit.met, visit.change) == ("本人", "没变化")


async def test_skipping_is_fine_and_a_command_ends_the_questions(place: Village) -> None:
    await place.says("zhou", "今天去走访了孙长友")
    assert "有没有变化" in await place.says("zhou", "跳过")
    answer = await place.says("zhou", "我手里几件")
    assert "变化" not in answer
    assert "转办" not in await place.says("zhou", "待办")


async def test_an_answer_that_tells_more_is_no_answer(place: Village) -> None:
    """老伴去世了 is no word about whom one met."""
    await place.says("zhou", "今天去走访了孙长友")
    assert "有没有变化" not in await place.says("zhou", "老伴去世了，他一个人没法过")


async def test_what_is_passed_on_opens_a_case_about_that_household(place: Village) -> None:
    await place.says("zhou", "今天去走访了孙长友，见到本人")
    await place.says("zhou", "有问题")
    await place.says("zhou", "要转办")
    answer = await place.says("zhou", "屋顶漏雨，夜里没法睡")
    assert "回执号" in answer
    case = (await place.cases())[-1]
    assert case.household is not None
    assert "孙长友" in case.household


async def test_a_shut_door_is_kept_as_an_attempt(place: Village) -> None:
    """未见到 is told in words, and nothing is asked about what nobody saw."""
    answer = await place.says("zhou", "今天去走访孙长友，锁着门没见到人")
    assert "变化" not in answer
    async with place.program.store.work() as work:
        visit = await work.visits.last_of("zhou")
    assert visit is not None
    assert visit.met == "未见到"


async def test_a_visit_taken_back_no_longer_counts(place: Village) -> None:
    """撤回 of a visit puts the date back, and the final state leaves it out."""
    await place.until("2026-12-10 10:00")
    await place.says("zhou", "今天去走访了孙长友，见到本人")
    assert (await plan_of(place, "孙长友")).last is not None
    await place.says("zhou", "刚才那条走访撤回，写错了")
    assert (await plan_of(place, "孙长友")).last is None
    assert (await place.final())["visits"] == []


async def plan_of(place: Village, head: str) -> VisitPlan:
    """The plan of a household."""
    async with place.program.store.work() as work:
        households = (await work.people.directory()).households.values()
        plan = await work.visit_plans.of(next(one.id for one in households if one.head == head))
    assert plan is not None
    return plan
