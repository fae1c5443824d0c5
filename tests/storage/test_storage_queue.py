"""What the queue keeps beside its cases: breaches, closing times, visit plans, opened words, merged reports. The same on
SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from people_here import HOUR, HOUSEHOLD, LI, MIN, NOW, SUN, WANG, ZHAO, commit, moved, opening, said

from assistance.case import Breach, Grade, Stage, What
from assistance.decision import Decision, Report, Visit, VisitPlan
from assistance.directory import Department, Level
from assistance.ports import CaseFilter, Example
from storage.session import SqlStore

pytestmark = pytest.mark.asyncio

LATE = {
    "step": "accept:0", "clock": "accept", "limit": "1 wd", "due": NOW.isoformat(), "owner": "village:v1",
    "card": "red", "grade": "E2", "rules": "1", "version": 1,
}  # fmt: skip


async def test_a_breach_comes_back_as_it_happened(store: SqlStore) -> None:
    """Frozen with the case, ended with what it waited for, and found by when it happened."""
    await commit(store, opening("c1"))
    await commit(store, opening("c2"))
    async with store.work() as work:
        case = await work.cases.for_engine().one("c1")
        assert case is not None
        await work.save(moved(case, What.REMINDED, None, steps=["accept:0"], breaches=[LATE]), {}, NOW)
        case = await work.cases.for_engine().one("c1")
        assert case is not None
        await work.save(moved(case, What.ACCEPTED), {}, NOW)
    async with store.work() as work:
        case = await work.cases.for_engine().one("c1")
        assert case is not None
        expected = Breach(**{**LATE, "due": NOW}, ended_at=NOW + HOUR)  # type: ignore[arg-type]
        assert case.breaches == (expected,)
        mine = work.cases.seen_by(SUN)
        assert [one.id for one in await mine.list(CaseFilter(open=None, breached_since=NOW))] == ["c1"]
        assert await mine.list(CaseFilter(open=None, breached_since=NOW + timedelta(minutes=1))) == []


async def test_what_an_officer_set_comes_back(store: SqlStore) -> None:
    """A lowering that waits, a pause and its end, a day of the ledger: equal after a round through the database."""
    await commit(store, opening("c1"))
    until = (NOW + 9 * HOUR).isoformat()
    steps = (
        (What.ACCEPTED, {}),
        (What.LOWERING, {"grade": "E3"}),
        (What.PAUSE_ASKED, {"until": until}),
        (What.PAUSED, {"until": until}),
        (What.REGRADED, {"grade": "D2", "deadline": "2027-03-31"}),
        (What.LOWERING, {"grade": "E6"}),
    )
    for what, data in steps:
        async with store.work() as work:
            case = await work.cases.for_engine().one("c1")
            assert case is not None
            decision = moved(case, what, **data)
            await work.save(decision, {}, NOW)
        async with store.work() as work:
            assert await work.cases.for_engine().one("c1") == decision.cases[0]
    async with store.work() as work:
        [paused] = await work.cases.seen_by(SUN).list(CaseFilter(stages=frozenset({Stage.PAUSED})))
        assert (paused.deadline, paused.lowering) == (date(2027, 3, 31), Grade.E6)


async def test_what_closed_is_found_by_when_it_closed(store: SqlStore) -> None:
    await commit(store, opening("c1"))
    async with store.work() as work:
        case = await work.cases.for_engine().one("c1")
        assert case is not None
        await work.save(moved(case, What.CLOSED), {"c1": None}, NOW)
        mine = work.cases.seen_by(SUN)
        assert [one.id for one in await mine.list(CaseFilter(open=False, closed_since=NOW))] == ["c1"]
        assert await mine.list(CaseFilter(open=False, closed_since=NOW + 2 * HOUR)) == []


async def test_visit_plans_are_found_by_place_and_day(store: SqlStore) -> None:
    """The longest overdue first, counted whole, named up to a limit; a plan is changed, never doubled."""
    other = replace(HOUSEHOLD, id="h2", head="孙长友", village="v2")
    async with store.work() as work:
        for one in (HOUSEHOLD, other):
            await work.people.add_household(one)
    first = VisitPlan("h1", "v1", date(2026, 11, 1), date(2026, 12, 1), None, "t1", "370404")
    second = VisitPlan("h2", "v2", date(2026, 11, 1), date(2026, 11, 20), date(2026, 11, 6), "t1", "370404")
    await commit(store, Decision(plans=(first, second)))
    async with store.work() as work:
        plans = work.visit_plans
        assert await plans.of("h2") == second and await plans.of("h9") is None
        assert await plans.count() == 2 and await plans.known() == {"h1", "h2"}
        assert await plans.due(Level.TOWN, "t1", date(2026, 12, 1), 1) == (2, [second])
        assert await plans.due(Level.VILLAGE, "v1", date(2026, 11, 30), 9) == (0, [])
        assert (await plans.due(Level.CITY, "3704", date(2026, 12, 1), 9))[0] == 2
        await work.save(Decision(plans=(replace(second, due=date(2027, 1, 1)),)), {}, NOW)
        assert await plans.due(Level.COUNTY, "370404", date(2026, 12, 1), 9) == (1, [first])


async def test_a_visit_keeps_how_it_was_made_and_that_it_was_taken_back(store: SqlStore) -> None:
    visit = Visit(
        "a", "wang", "m1", NOW, date(2026, 11, 20), "h1", "王桂英", "v1", "好", True, True, "未见到", "有变化"
    )
    await commit(store, Decision(visits=(visit,)))
    async with store.work() as work:
        assert await work.visits.of_household("h1") == [visit]
        assert await work.visits.of_household("h2") == []


async def test_a_household_keeps_its_class_and_what_asks_for_visits(store: SqlStore) -> None:
    known = replace(HOUSEHOLD, risk="A", traits=("独居老人", "送药"))
    async with store.work() as work:
        await work.people.add_household(known)
    async with store.work() as work:
        assert (await work.people.directory()).households[known.id] == known


async def test_a_department_keeps_its_names_with_their_days(store: SqlStore) -> None:
    office = Department(
        "health", "卫健局", (), (("卫计局", None, date(2019, 1, 31)), ("卫健局", date(2019, 2, 1), None))
    )
    async with store.work() as work:
        places = (await work.people.directory()).areas.values()
        await work.people.set_places(places, (office,))
    async with store.work() as work:
        work._people._roster.number = -1  # type: ignore[attr-defined]  # read anew, as another program would
        kept = (await work.people.directory()).departments["health"]
    assert kept == office
    assert kept.called(date(2018, 5, 1)) == "卫计局"


async def test_held_words_are_read_by_the_desk_they_were_opened_to_and_no_other(store: SqlStore) -> None:
    """定范围 镇街: the town reads them, the village does not, and nobody whom they are about."""
    await commit(store, opening("c1"))
    held = Report("r2", "c1", "li", "m2", "Q2", NOW, held=True, barred=frozenset({"person:wang"}))
    async with store.work() as work:
        await work.inbox.keep(said(1, "断粮了"))
        await work.inbox.keep(said(2, "会计要钱"))
        await work.save(Decision(reports=(held,)), {}, NOW)
        case = await work.cases.for_engine().one("c1")
        assert case is not None
        assert len((await work.cases.seen_by(ZHAO).words(case)).reports) == 1
        await work.save(Decision(reports=(replace(held, shown_to=frozenset({"town:t1"})),)), {}, NOW)
        assert len((await work.cases.seen_by(ZHAO).words(case)).reports) == 2
        assert len((await work.cases.seen_by(WANG).words(case)).reports) == 1
        both = frozenset({"town:t1", "village:v1"})
        await work.save(Decision(reports=(replace(held, shown_to=both),)), {}, NOW)
        assert len((await work.cases.seen_by(WANG).words(case)).reports) == 1
        assert len((await work.cases.seen_by(MIN).words(case)).reports) == 0


async def test_after_a_merger_both_receipts_lead_to_the_case_that_goes_on(store: SqlStore) -> None:
    """The reporter's and the officer's; the words go along."""
    await commit(store, opening("c1"))
    await commit(store, opening("c2", words="m2"))
    async with store.work() as work:
        await work.inbox.keep(said(1, "路灯坏了"))
        await work.inbox.keep(said(2, "灯不亮"))
        case = await work.cases.for_engine().one("c2")
        assert case is not None
        [report] = await work.cases.reporters("c2")
        merged = moved(case, What.MERGED, into="c1")
        await work.save(merged + Decision(reports=(replace(report, case="c1"),)), {"c2": None}, NOW)
    async with store.work() as work:
        found = await work.cases.by_receipt("Qc2", None, LI.id)
        assert found is not None and found[0].id == "c1"
        seen = await work.cases.seen_by(SUN).by_receipt("Qc2")
        assert seen is not None and seen.id == "c1"
        same = await work.cases.seen_by(SUN).by_receipt("Rc2")  # nobody reported it under this one
        assert same is not None and same.id == "c2"
        words = await work.cases.for_engine().words(found[0])
        assert [text for _, text in words.reports] == ["路灯坏了", "灯不亮"]


async def test_a_correction_is_kept_once_and_forgotten(store: SqlStore) -> None:
    """The latest correction of a message holds; what is sealed or erased is learned from no more."""
    one = Example("said-1", NOW, "跟\ue001拉了会呱", "cadre", "visit")
    async with store.work() as work:
        await work.examples.keep(replace(one, intent="supplement"))
        await work.examples.keep(one)
        await work.examples.keep(replace(one, said="said-2"))
    async with store.work() as work:
        assert await work.examples.all() == [one, replace(one, said="said-2")]
        await work.examples.forget("said-1")
    async with store.work() as work:
        assert [example.said for example in await work.examples.all()] == ["said-2"]
