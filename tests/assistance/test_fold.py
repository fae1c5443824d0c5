"""Folding (rules I): which further reports join an open case, who hears of it, and that nobody else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cast_here import CAST, DIRECTORY, FAR_VILLAGE, MINUTE, RULES, VILLAGE, Play, at, heard, open_

from assistance import close, work
from assistance.case import Case, Grade, Kind, Stage
from assistance.fold import first, join, joins_need, joins_thing

T0 = at("2026-11-19 10:00")
DAY = timedelta(days=1)


def thing(**more: object) -> Case:
    """A village without water."""
    facts = {"kind": Kind.PROBLEM, "topic": "饮水", **more}
    return open_("E2", T0, **facts).cases[0]


def need(grade: str = "E3", **more: object) -> Case:
    """A household that fell ill."""
    return open_(grade, T0, **{"household": "h-li", "cause": "因病", **more}).cases[0]


@pytest.mark.parametrize(
    ("village", "topic", "later", "joins"),
    [
        pytest.param(VILLAGE, "饮水", DAY, True, id="same-village-same-topic"),
        pytest.param(VILLAGE, "饮水", timedelta(0), True, id="in-the-same-minute"),
        pytest.param(VILLAGE, "饮水", 7 * DAY, True, id="on-the-seventh-day"),
        pytest.param(VILLAGE, "饮水", 7 * DAY + MINUTE, False, id="after-seven-days"),
        pytest.param(VILLAGE, "基础设施", DAY, False, id="another-topic"),
        pytest.param(FAR_VILLAGE, "饮水", DAY, False, id="another-village"),
        pytest.param(None, "饮水", DAY, False, id="village-unknown"),
    ],
)
def test_trouble_with_a_thing_folds_by_village_and_topic(
    village: str | None, topic: str, later: timedelta, joins: bool
) -> None:
    """Trouble with a thing joins an open problem of the same village and topic within 7 days."""
    assert joins_thing(thing(), village, topic, RULES, T0 + later) is joins


def test_two_unknown_villages_are_not_the_same() -> None:
    """Trouble from nobody knows where joins nothing, not even other trouble from nobody knows where."""
    assert not joins_thing(thing(village=None), None, "饮水", RULES, T0)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(thing(sealed=True), id="held-in-doubt"),
        pytest.param(open_("C2", T0, topic="饮水").cases[0], id="complaint"),
        pytest.param(thing(household="h-li"), id="a-households-own-problem"),
        pytest.param(need(topic="饮水"), id="a-need"),
        pytest.param(open_("E6", T0, topic="饮水").cases[0], id="policy-question"),
        pytest.param(replace(thing(), stage=Stage.CLOSED), id="closed"),
        pytest.param(replace(thing(), stage=Stage.WITHDRAWN), id="withdrawn"),
    ],
)
def test_a_thing_joins_no_other_kind_of_case(case: Case) -> None:
    """Trouble with a thing never joins a sealed case, a complaint, a household's own need or what has ended."""
    assert not joins_thing(case, VILLAGE, "饮水", RULES, T0 + MINUTE)


@pytest.mark.parametrize(
    ("household", "cause", "later", "joins"),
    [
        pytest.param("h-li", "因病", DAY, True, id="same-household-same-cause"),
        pytest.param("h-li", "因病", 30 * DAY, True, id="on-the-thirtieth-day"),
        pytest.param("h-li", "因病", 30 * DAY + MINUTE, False, id="after-thirty-days"),
        pytest.param("h-li", "住房", DAY, False, id="another-cause"),
        pytest.param("h-sun", "因病", DAY, False, id="another-household"),
        pytest.param(None, "因病", DAY, False, id="household-unknown"),
    ],
)
@pytest.mark.parametrize("grade", ["E1", "E2", "E3", "E4"])
def test_a_need_folds_by_household_and_cause(
    grade: str, household: str | None, cause: str, later: timedelta, joins: bool
) -> None:
    """A need joins an open case of the same household and cause within 30 days."""
    assert joins_need(need(grade), household, cause, RULES, T0 + later) is joins


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(need("C2"), id="complaint"),
        pytest.param(need("E5", sealed=True), id="held-in-doubt"),
        pytest.param(replace(need(), stage=Stage.CLOSED), id="closed"),
        pytest.param(replace(need(), household=None), id="case-without-a-household"),
    ],
)
def test_a_need_joins_nothing_sealed_and_nothing_ended(case: Case) -> None:
    """A need never disappears in a sealed case or one that has ended."""
    assert not joins_need(case, case.household, "因病", RULES, T0 + MINUTE)


def test_the_oldest_open_case_is_joined() -> None:
    """Where several open cases fit, the oldest takes the further report; of none there is nothing to join."""
    old, new = thing(), replace(thing(), id="two", opened_at=T0 + MINUTE)

    assert first([new, old]) is old
    assert first([]) is None


@pytest.mark.parametrize(
    ("state", "told"),
    [
        pytest.param("nobody-has-it", {"wang", "zhou"}, id="nobody-has-it"),
        pytest.param("handled", {"zhou"}, id="handled"),
    ],
)
def test_whoever_has_the_case_hears_of_the_further_report(play: Play, state: str, told: set[str]) -> None:
    """A further report is told to whoever has the case, counts as one more report, and moves no limit."""
    play.open("E2", T0, kind=Kind.PROBLEM, topic="饮水")
    if state == "handled":
        play.take(work.accept(play.case, CAST["zhou"], None, T0 + MINUTE))
    due = play.due
    found = play.take(join(play.case, T0 + 2 * MINUTE))

    assert {who for who, _ in found} == told
    assert "reporters" not in {who for who, _ in found}
    assert (play.case.reports, play.due) == (2, due)


@pytest.mark.parametrize("grade", [Grade.E1, Grade.E2, Grade.E5])
def test_a_folded_case_answers_everybody_who_reported_it(play: Play, grade: Grade) -> None:
    """Acceptance, finish and close of a folded case are told to all its reporters through one audience."""
    play.open(grade, T0)
    play.take(join(play.case, T0))
    told = [
        *play.take(work.accept(play.case, CAST["zhou"], None, T0)),
        *play.take(work.finish(play.case, CAST["zhou"], ("li", "meng"), DIRECTORY, T0)),
        *heard(close.confirm(play.case, "li", T0)),
    ]

    assert [phrase for who, phrase in told if who == "reporters"] == ["taken", "solved?"]
    assert {notice.to for notice in play.notices if notice.phrase in ("taken", "solved?")} == {"reporters:one"}
