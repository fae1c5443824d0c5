"""挂起(补材料) (domain C7): once, at most five working days, granted one level up, never for what is urgent; due times
only ever move later."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from cast_here import CALENDAR, CAST, DIRECTORY, RULES, Play, at, heard, without
from hypothesis import given, settings
from hypothesis import strategies as st

from assistance.case import Grade, Stage, What
from assistance.ladder import step_due
from assistance.pause import ask_pause, grant_pause, refuse_pause, resume
from assistance.work import Refused, accept, finish, progress, transfer

T0 = at("2026-11-19 09:00")  # Thursday


def accepted(grade: str, play: Play, when: datetime = T0, who: str = "zhou") -> Play:
    """A case in somebody's hands."""
    play.open(grade, when)
    play.take(accept(play.case, CAST[who], None, when))
    return play


def paused(play: Play, when: datetime = T0, until: datetime | None = None) -> Play:
    """And paused, with the town's word."""
    play.take(ask_pause(play.case, CAST["zhou"], until, play.directory, RULES, when, said="m2"))
    play.take(grant_pause(play.case, CAST["zhao"], when))
    return play


def test_the_town_grants_it_and_the_resident_hears_of_it(play: Play) -> None:
    accepted("E3", play)
    assert play.take(ask_pause(play.case, CAST["zhou"], None, DIRECTORY, RULES, T0, said="m2")) == [("zhao", "pause?")]
    granted = grant_pause(play.case, CAST["zhao"], T0)
    assert ("reporters", "paused") in heard(granted)
    play.take(granted)
    assert play.case.stage is Stage.PAUSED


def test_until_it_is_granted_every_clock_runs_on(play: Play) -> None:
    accepted("E3", play)
    due = play.due
    play.take(ask_pause(play.case, CAST["zhou"], None, DIRECTORY, RULES, T0))
    assert play.due == due
    play.take(refuse_pause(play.case, CAST["zhao"], T0))
    assert (play.due, play.case.pausing) == (due, None)


def test_the_handler_cannot_grant_it_to_themself(play: Play) -> None:
    accepted("E3", play)
    play.take(ask_pause(play.case, CAST["zhou"], None, DIRECTORY, RULES, T0))
    assert grant_pause(play.case, CAST["zhou"], T0) == Refused("second_person")


@pytest.mark.parametrize("grade", ["E0", "E1"])
def test_what_is_urgent_is_never_paused(grade: str, play: Play) -> None:
    accepted(grade, play)
    assert ask_pause(play.case, CAST["zhou"], None, DIRECTORY, RULES, T0) == Refused("never_paused")


def test_it_lasts_five_working_days_at_most(play: Play) -> None:
    accepted("E3", play)
    paused(play, until=at("2027-01-31 00:00"))
    assert play.case.paused_until == at("2026-11-26 09:00")


def test_it_is_granted_once(play: Play) -> None:
    accepted("E3", play)
    paused(play)
    play.take(resume(play.case, CAST["zhou"], T0 + timedelta(hours=1)))
    assert ask_pause(play.case, CAST["zhou"], None, DIRECTORY, RULES, T0) == Refused("paused_once")


def test_the_working_time_that_passed_is_added(play: Play) -> None:
    """Two of ten working days are gone, two more stand still: the county hears of it two working days later."""
    accepted("E3", play)
    play.take(progress(play.case, CAST["zhou"], T0, "m1"))
    assert play.due == at("2026-12-03 09:00")
    paused(play, at("2026-11-23 09:00"), at("2026-11-25 09:00"))
    play.sweep(at("2026-11-25 09:00"))
    assert play.due == at("2026-12-07 09:00")


def test_it_ends_by_itself_and_the_clock_runs_on(play: Play) -> None:
    accepted("E3", play)
    paused(play, until=at("2026-11-24 00:00"))
    assert play.due == at("2026-11-24 00:00")
    assert ("zhou", "pause_over") in play.sweep(play.due)
    assert not play.case.paused
    assert play.case.stage is Stage.ACCEPTED


def test_nothing_climbs_in_between(play: Play) -> None:
    accepted("E2", play)
    paused(play, T0 + timedelta(hours=1))
    found = play.wind(at("2026-11-26 09:59"))
    assert found == []


def test_the_papers_that_come_early_end_it(play: Play) -> None:
    accepted("E3", play)
    play.take(progress(play.case, CAST["zhou"], T0, "m1"))
    paused(play)
    play.take(resume(play.case, CAST["zhou"], at("2026-11-20 09:00")))
    assert play.due == at("2026-12-04 09:00")
    assert play.case.stage is Stage.WORKING


def test_passing_it_on_or_finishing_it_ends_the_pause(play: Play) -> None:
    accepted("E3", play)
    paused(play)
    play.take(transfer(play.case, CAST["zhou"], f"town:{play.case.town}", DIRECTORY, T0 + timedelta(hours=1)))
    assert (play.case.paused, play.case.stage) == (False, Stage.NEW)
    other = paused(accepted("E3", Play()))
    other.take(finish(other.case, CAST["zhou"], ("li",), DIRECTORY, T0 + timedelta(hours=1)))
    assert (other.case.paused, other.case.stage) == (False, Stage.ASKING)


def test_with_nobody_above_nobody_pauses() -> None:
    play = accepted("E3", Play(without("zhao", "sun", "min", "shui", "ji", "shi", "wang")))
    assert ask_pause(play.case, CAST["zhou"], None, play.directory, RULES, T0) == Refused("nobody_to_confirm")


@settings(max_examples=60)
@given(
    grade=st.sampled_from(["E2", "E3", "E4", "E5", "E6", "C3", "C4", "D2"]),
    began=st.integers(0, 40 * 24 * 60),
    waits=st.integers(0, 20 * 24 * 60),
    lasts=st.integers(1, 12 * 24 * 60),
)
def test_a_pause_only_moves_due_times_later(grade: str, began: int, waits: int, lasts: int) -> None:
    """Whenever it comes and however long it is: no step is due earlier, none that was not yet due falls into it, and
    working days come later by exactly the working time that stood still."""
    start = at("2026-09-20 08:00") + timedelta(minutes=began)
    since = start + timedelta(minutes=waits)
    play = accepted(grade, Play(), start)
    steps = RULES.ladders[Grade(grade)].steps
    plain = {step.id: step_due(play.case, step, RULES) for step in steps}
    paused(play, since, since + timedelta(minutes=lasts))
    until = play.case.paused_until
    for step in steps:
        moved = step_due(play.case, step, RULES)
        if plain[step.id] <= since:
            assert moved == plain[step.id]
            continue
        assert moved >= plain[step.id]
        assert moved >= until
        if step.limit.unit == "wd":
            stood = CALENDAR.working_between(since, until)
            assert CALENDAR.working_between(start, moved) == CALENDAR.working_between(start, plain[step.id]) + stood


def test_the_history_names_who_asked_and_who_granted(play: Play) -> None:
    paused(accepted("E3", play))
    lines = [(event.what, event.by) for event in play.history[-2:]]
    assert lines == [(What.PAUSE_ASKED, "zhou"), (What.PAUSED, "zhao")]
