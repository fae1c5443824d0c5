"""退单 and D1 (rules D, domain C7), 报上级, 并案: how a case goes round a desk without ever standing still."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cast_here import CAST, DIRECTORY, RULES, WATER, Play, T, V, at, open_

from assistance.case import Case, Grade, Kind, Stage, What
from assistance.directory import Level
from assistance.fold import merge
from assistance.work import Refused, accept, refuse, send_up, transfer

T0 = at("2026-11-19 09:00")


def refused(play: Play, who: str, when: object = T0) -> object:
    """Somebody presses 退单."""
    return refuse(play.case, CAST[who], DIRECTORY, when, "words", RULES)


def test_a_refused_case_that_nobody_passes_on_goes_to_the_county_after_a_day_and_to_the_city_after_two(
    play: Play,
) -> None:
    """D1: the town has one working day to re-route it."""
    play.open("E4", T0)
    play.take(refused(play, "zhou"))
    found = play.wind(at("2026-11-23 09:00"))
    assert [(when, [who for who, _ in told]) for when, told in found if told][:1] == [(at("2026-11-20 09:00"), ["sun"])]
    assert "shi" in {who for when, told in found for who, _ in told if when == at("2026-11-23 09:00")}


def test_passing_it_on_or_taking_it_ends_the_wait(play: Play) -> None:
    play.open("E4", T0)
    play.take(refused(play, "zhou"))
    play.take(transfer(play.case, CAST["zhao"], V, DIRECTORY, T0))
    assert play.due == at("2026-11-23 09:00")  # the E4's own two working days
    again = Play().open("E4", T0)
    again.take(refused(again, "zhou"))
    again.take(accept(again.case, CAST["zhao"], None, T0))
    assert not again.case.rerouting


@pytest.mark.parametrize("grade", ["E0", "E1"])
def test_what_is_urgent_gets_no_slower_and_no_second_ladder(grade: str, play: Play) -> None:
    play.open(grade, T0)
    play.take(refused(play, "zhou"))
    assert RULES.steps(play.case) == RULES.ladders[Grade(grade)].steps


def test_whom_the_county_names_after_the_second_refusal_may_not_refuse_again(play: Play) -> None:
    """D1: the level above rules; passing it on stays possible."""
    play.open("E3", T0)
    play.take(refused(play, "zhou"))
    play.take(refused(play, "zhao"))
    play.take(transfer(play.case, CAST["sun"], T, DIRECTORY, T0))
    assert play.case.ruled
    assert refused(play, "zhao") == Refused("ruled")
    play.take(transfer(play.case, CAST["zhao"], V, DIRECTORY, T0))
    assert play.case.desk == V


def test_the_county_s_own_second_refusal_goes_to_the_city(play: Play) -> None:
    play.open("E3", T0, lead="water")
    play.take(refused(play, "zhou"))
    play.take(transfer(play.case, CAST["zhao"], f"county:{play.case.county}", DIRECTORY, T0))
    assert ("shi", "refused") in play.take(refused(play, "sun"))


def test_a_department_s_second_refusal_goes_to_the_county(play: Play) -> None:
    play.open("E3", T0, lead="water")
    play.take(refused(play, "zhou"))
    play.take(transfer(play.case, CAST["zhao"], WATER, DIRECTORY, T0))
    assert ("sun", "refused") in play.take(refused(play, "shui"))


def test_a_refusal_after_two_working_days_is_marked_late(play: Play) -> None:
    """R4: what is not one's own is sent back within two working days; later it is still possible, and it shows."""
    play.open("E4", T0)
    play.take(refused(play, "zhou", at("2026-11-23 09:00")))
    assert "late" not in play.history[-1].data
    late = Play().open("E4", T0)
    late.take(refused(late, "zhou", at("2026-11-23 09:01")))
    assert late.history[-1].data["late"] is True


# ---------- 报镇里、报区里、报市里 ----------


def test_sending_it_up_tells_the_next_level_at_once_and_the_first_handler_stays(play: Play) -> None:
    play.open("E3", T0)
    play.take(accept(play.case, CAST["zhou"], None, T0))
    assert play.take(send_up(play.case, CAST["zhou"], Level.COUNTY, DIRECTORY, T0)) == [("sun", "sent_up")]
    assert (play.case.handler, play.case.desk, play.case.level) == ("zhou", V, Level.COUNTY)
    assert play.history[-1].by == "zhou"


def test_the_ladder_s_own_steps_still_come(play: Play) -> None:
    """What was sent up by hand skips no step of the ladder."""
    play.open("E3", T0)
    play.take(send_up(play.case, CAST["zhou"], Level.TOWN, DIRECTORY, T0))
    told = {phrase for when, found in play.wind(at("2026-11-23 09:00")) for _, phrase in found}
    assert "climbed" in told


def test_only_who_has_it_sends_it_up_and_only_upwards(play: Play) -> None:
    play.open("E3", T0)
    play.take(accept(play.case, CAST["zhou"], None, T0))
    assert send_up(play.case, CAST["zhao"], Level.CITY, DIRECTORY, T0) == Refused("not_yours")
    assert send_up(play.case, CAST["zhou"], Level.VILLAGE, DIRECTORY, T0) == Refused("not_above")
    play.take(send_up(play.case, CAST["zhou"], Level.TOWN, DIRECTORY, T0))
    assert send_up(play.case, CAST["zhou"], Level.TOWN, DIRECTORY, T0) == Refused("already_told")


# ---------- 并案 ----------


def other(grade: str = "E5", when: object = T0, **more: object) -> Case:
    """A second case of the same village."""
    return open_(grade, when, id="two", receipt="30000002", **more).cases[0]


def test_two_cases_that_are_one_go_on_as_the_older_one(play: Play) -> None:
    play.open("E5", T0)
    outcome = merge(other(when=T0 + timedelta(hours=1)), play.case, CAST["zhao"], T0 + timedelta(hours=2))
    kept, gone = outcome.cases
    assert (kept.id, kept.reports, kept.open) == ("one", 2, True)
    assert (gone.id, gone.stage, gone.merged_into, gone.open) == ("two", Stage.MERGED, "one", False)
    assert [event.what for event in outcome.events] == [What.FOLDED, What.MERGED]


def test_what_is_urgent_never_disappears_in_what_is_not(play: Play) -> None:
    play.open("E5", T0)
    urgent = replace(other("E1", T0 + timedelta(hours=1)), kind=Kind.PROBLEM)
    kept, gone = merge(play.case, urgent, CAST["zhao"], T0 + timedelta(hours=2)).cases
    assert (kept.grade, gone.grade) == (Grade.E1, Grade.E5)


@pytest.mark.parametrize(
    ("grade", "more"),
    [
        pytest.param("C2", {}, id="a-complaint"),
        pytest.param("E5", {"sealed": True}, id="held-in-doubt"),
        pytest.param("E5", {"linked": "three"}, id="the-twin-of-an-accusation"),
    ],
)
def test_never_across_a_seal(grade: str, more: dict[str, object], play: Play) -> None:
    play.open("E5", T0)
    assert merge(play.case, other(grade, **more), CAST["sun"], T0) == Refused("merge_impossible")


def test_nor_where_different_people_must_not_see(play: Play) -> None:
    play.open("E5", T0)
    barred = replace(other(), barred=frozenset({"person:wang"}))
    assert merge(play.case, barred, CAST["zhao"], T0) == Refused("merge_impossible")


def test_complaints_are_merged_in_county_eyes_only() -> None:
    first, second = open_("C2", T0).cases[0], other("C2")
    assert merge(first, second, CAST["zhao"], T0) == Refused("merge_impossible")
    assert merge(first, second, CAST["ji"], T0).cases[0].reports == 2


def test_a_merged_case_is_silent(play: Play) -> None:
    """It has no due time and nothing more happens to it."""
    play.open("E5", T0)
    gone = merge(other(when=T0 + timedelta(hours=1)), play.case, CAST["zhao"], T0).cases[1]
    assert accept(gone, CAST["zhou"], None, T0) == Refused("late_ended")
