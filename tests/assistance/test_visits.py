"""The visit plan (domain C6, C7 V): how often, what counts as a visit, whose list an overdue one stands on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from cast_here import DIRECTORY, RULES, VILLAGE, at
from hypothesis import given
from hypothesis import strategies as st

from assistance.decision import Visit
from assistance.directory import Household, Level
from assistance.visits import NOT_MET, end_of_week, late_after, planned, rule_for, visitors

KNOWN = date(2026, 11, 2)


def home(kind: str = "一般户", risk: str | None = None, *traits: str) -> Household:
    """A household of the register."""
    return Household("h", "李秀兰", VILLAGE, kind, 2, "zhou", (), risk, traits)


def visit(day: int, *, phone: bool = False, met: str | None = "本人", void: bool = False) -> Visit:
    """A visit so many days after the household came to the register."""
    on = KNOWN + timedelta(days=day)
    return Visit(f"v{day}", "zhou", "m", at(f"{on} 10:00"), on, "h", "李秀兰", VILLAGE, None, void, phone, met)


def due(household: Household, *visits: Visit) -> int:
    """How many days after it came to the register the next visit is due."""
    return (planned(household, visits, KNOWN, RULES.visits, DIRECTORY).due - KNOWN).days


@pytest.mark.parametrize(
    ("household", "days"),
    [
        pytest.param(home(risk="A"), 7, id="class-A"),
        pytest.param(home(risk="B"), 30, id="class-B"),
        pytest.param(home(risk="C"), 45, id="class-C"),
        pytest.param(home("监测户"), 30, id="监测户"),
        pytest.param(home("脱贫户"), 45, id="脱贫户-twice-a-quarter"),
        pytest.param(home("一般户"), 180, id="一般户"),
        pytest.param(home("脱贫户", None, "送药"), 30, id="medicine-is-brought"),
        pytest.param(home("一般户", None, "独居老人"), 14, id="old-and-alone"),
        pytest.param(home("监测户", "A", "独居老人"), 7, id="the-shortest-holds"),
        pytest.param(home("监测户", "A", "外出"), 90, id="who-is-away-is-rung"),
        pytest.param(home("别的"), 180, id="a-kind-nobody-named"),
    ],
)
def test_a_household_never_visited_is_due_one_interval_after_it_came(household: Household, days: int) -> None:
    assert due(household) == days


def test_a_visit_moves_the_date_from_the_day_it_took_place() -> None:
    assert due(home("监测户"), visit(10)) == 40
    assert due(home("监测户"), visit(20), visit(10)) == 50


def test_a_visit_taken_back_moves_nothing() -> None:
    assert due(home("监测户"), visit(10, void=True)) == 30


@pytest.mark.parametrize(
    ("household", "calls", "days"),
    [
        pytest.param(home("监测户"), (10,), 30, id="a-call-is-no-visit"),
        pytest.param(home("一般户", None, "独居老人"), (10,), 24, id="one-call-stands-in"),
        pytest.param(home("一般户", None, "独居老人"), (10, 20), 24, id="two-in-a-row-do-not"),
        pytest.param(home("一般户", None, "外出"), (10, 20), 110, id="who-is-away-is-rung-again-and-again"),
    ],
)
def test_a_call_counts_where_the_table_says_so(household: Household, calls: tuple[int, ...], days: int) -> None:
    assert due(household, *(visit(day, phone=True) for day in calls)) == days


def test_after_a_visit_a_call_may_stand_in_again() -> None:
    alone = home("一般户", None, "独居老人")
    assert due(alone, visit(5, phone=True), visit(10), visit(20, phone=True)) == 34


def test_a_shut_door_is_an_attempt_and_leaves_class_a_due() -> None:
    """未见到: of class A it moves nothing, of others it counts once and not twice in a row."""
    assert due(home(risk="A"), visit(5, met=NOT_MET)) == 7
    assert due(home("监测户"), visit(5, met=NOT_MET)) == 35
    assert due(home("监测户"), visit(5, met=NOT_MET), visit(9, met=NOT_MET)) == 35


def test_an_overdue_visit_stands_with_the_town_after_3_days_and_with_the_county_after_10() -> None:
    assert [late_after(level, RULES.visits) for level in Level] == [None, 3, 10, 30]


def test_the_helper_is_to_visit_and_without_one_the_village() -> None:
    plan = planned(home(), (), KNOWN, RULES.visits, DIRECTORY)
    assert visitors(plan, DIRECTORY) == ("zhou", "wang")  # h is not of this register: nobody helps it
    known = planned(DIRECTORY.households["h-li"], (), KNOWN, RULES.visits, DIRECTORY)
    assert visitors(known, DIRECTORY) == ("zhou",)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_a_week_ends_on_its_sunday(day: date) -> None:
    assert end_of_week(day).weekday() == 6
    assert 0 <= (end_of_week(day) - day).days < 7


KINDS = st.sampled_from(["监测户", "脱贫户", "一般户"])
TOLD = st.lists(st.tuples(st.integers(0, 200), st.booleans(), st.sampled_from(["本人", NOT_MET])), max_size=8)


@given(KINDS, st.sampled_from([None, "A", "B", "C"]), st.sets(st.sampled_from(["送药", "独居老人", "外出"])), TOLD)
def test_the_plan_is_a_matter_of_the_visits_not_of_the_order_they_were_told_in(
    kind: str, risk: str | None, traits: set[str], told: list[tuple[int, bool, str]]
) -> None:
    """Told forwards or backwards the date is the same, never before the first interval, and a visit at the door that
    met somebody always moves it on."""
    household = home(kind, risk, *sorted(traits))
    visits = [visit(day, phone=phone, met=met) for day, phone, met in {one[0]: one for one in told}.values()]
    days = rule_for(household, RULES.visits).days
    assert due(household, *visits) == due(household, *reversed(visits))
    assert due(household, *visits) >= days
    later = max((one.on for one in visits if one.on), default=KNOWN) + timedelta(days=1)
    last = visit((later - KNOWN).days)
    assert due(household, *visits, last) == (later - KNOWN).days + days
