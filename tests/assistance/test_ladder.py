"""The ladder (rules B and C), grade by grade: opened on Thursday 19 November 2026 at 10:00, and what happens when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from cast_here import (
    CAST,
    CIVIL,
    DIRECTORY,
    HOME,
    HOUR,
    MINUTE,
    RULES,
    C,
    Play,
    S,
    T,
    V,
    at,
    heard,
    open_,
    opening,
    ruling,
    without,
)  # fmt: skip

from assistance import close, work
from assistance.audience import officers_at
from assistance.case import Grade, Stage, What
from assistance.climb import fall_due
from assistance.ladder import due_time, overdue
from assistance.open import open_case

T0 = at("2026-11-19 10:00")
Script = list[tuple[str, str]]  # (when, "person:phrase person:phrase")

NOBODY_ACTS: dict[str, Script] = {
    "E0": [
        ("11-19 10:15", "sun:climbed"),
        ("11-19 10:30", "shi:climbed"),
        ("11-20 09:00", "sun:climbed"),
        ("11-20 10:30", "shi:still_open wang:reminder zhou:reminder"),
    ],
    "E1": [
        ("11-19 12:00", "zhao:climbed"),
        ("11-20 10:00", "sun:climbed"),
        ("11-21 10:00", "shi:climbed"),
        ("11-22 10:00", "shi:still_open wang:reminder zhou:reminder"),
        ("11-23 10:00", "shi:still_open wang:reminder zhou:reminder"),
    ],
    "E2": [
        ("11-19 14:00", "wang:reminder zhou:reminder"),
        ("11-20 10:00", "zhao:climbed"),
        ("11-24 10:00", "sun:climbed"),
        ("11-26 10:00", "shi:climbed"),
        ("12-03 10:00", "shi:still_open wang:reminder zhou:reminder"),
        ("12-10 10:00", "shi:still_open wang:reminder zhou:reminder"),
    ],
    "E3": [
        ("11-20 10:00", "wang:reminder zhou:reminder"),
        ("11-23 10:00", "zhao:climbed"),
        ("12-03 10:00", "sun:climbed"),
        ("12-10 10:00", "shi:climbed"),
        ("12-17 10:00", "shi:still_open wang:reminder zhou:reminder"),
    ],
    "E4": [
        ("11-23 10:00", "wang:reminder zhou:reminder"),
        ("11-26 10:00", "zhao:climbed"),
        ("12-10 10:00", "sun:climbed"),
        ("12-17 10:00", "shi:climbed"),
        ("12-24 10:00", "shi:still_open wang:reminder zhou:reminder"),
    ],
    "E5": [
        ("11-20 10:00", "wang:reminder zhou:reminder"),
        ("11-24 10:00", "zhao:climbed"),
        ("11-25 10:00", "wang:yellow_card zhou:yellow_card"),
        ("11-27 10:00", "sun:climbed"),
        ("12-03 10:00", "shi:climbed"),
        ("12-10 10:00", "shi:still_open wang:reminder zhou:reminder"),
    ],
    "E6": [
        ("11-20 10:00", "zhao:climbed"),
        ("11-24 10:00", "sun:climbed"),
        ("11-26 10:00", "shi:climbed"),
        ("12-03 10:00", "shi:still_open wang:reminder zhou:reminder"),
    ],
    "C1": [
        ("11-20 10:00", "sun:reminder"),
        ("11-24 10:00", "sun:reminder"),
        ("11-27 10:00", "shi:climbed"),
        ("12-04 10:00", "shi:still_open sun:reminder"),
    ],
    "C2": [
        ("11-20 10:00", "sun:climbed"),
        ("11-26 10:00", "ji:reminder"),
        ("12-10 10:00", "shi:climbed"),
        ("12-17 10:00", "ji:reminder shi:still_open"),
    ],
}
TAKES = {"C1": "sun", "C2": "ji"}  # who presses 接单; zhou for all others

ACCEPTED_ONLY: dict[str, Script] = {
    "E0": [("11-19 10:30", "shi:climbed sun:climbed zhou:claim_expired"), ("11-20 09:00", "sun:climbed")],
    "E1": [("11-20 10:00", "sun:climbed zhao:climbed zhou:claim_expired"), ("11-21 10:00", "shi:climbed")],
    "E2": [
        ("11-20 10:00", "wang:reminder zhao:climbed zhou:claim_expired"),
        ("11-24 10:00", "sun:climbed"),
        ("11-26 10:00", "shi:climbed"),
    ],
    "E3": [
        ("11-23 10:00", "wang:reminder zhao:climbed zhou:claim_expired"),
        ("12-03 10:00", "sun:climbed"),
        ("12-10 10:00", "shi:climbed"),
    ],
    "E4": [
        ("11-26 10:00", "wang:reminder zhao:climbed zhou:claim_expired"),
        ("12-10 10:00", "sun:climbed"),
        ("12-17 10:00", "shi:climbed"),
    ],
    "E5": [
        ("11-24 10:00", "wang:reminder zhao:climbed zhou:claim_expired"),
        ("11-25 10:00", "wang:yellow_card zhou:yellow_card"),
        ("11-27 10:00", "sun:climbed"),
        ("12-03 10:00", "shi:climbed"),
    ],
    "E6": [
        ("11-24 10:00", "sun:climbed"),
        ("11-26 10:00", "shi:climbed"),
        ("12-03 10:00", "shi:still_open zhou:reminder"),
    ],
    "C1": [("11-24 10:00", "sun:claim_expired"), ("11-27 10:00", "shi:climbed")],
    "C2": [("11-26 10:00", "ji:claim_expired sun:climbed"), ("12-10 10:00", "shi:climbed")],
}

ACCEPTED_AND_ACTED: dict[str, Script] = {
    "E0": [("11-20 09:00", "sun:climbed"), ("11-21 09:00", "shi:still_open zhou:reminder")],
    "E1": [("11-21 10:00", "shi:climbed"), ("11-22 10:00", "shi:still_open zhou:reminder")],
    "E2": [
        ("11-24 10:00", "sun:climbed"),
        ("11-26 10:00", "shi:climbed"),
        ("12-03 10:00", "shi:still_open zhou:reminder"),
    ],
    "E3": [
        ("12-03 10:00", "sun:climbed"),
        ("12-10 10:00", "shi:climbed"),
        ("12-17 10:00", "shi:still_open zhou:reminder"),
    ],
    "E4": [
        ("12-10 10:00", "sun:climbed"),
        ("12-17 10:00", "shi:climbed"),
        ("12-24 10:00", "shi:still_open zhou:reminder"),
    ],
    "E5": [
        ("11-25 10:00", "zhou:yellow_card"),
        ("11-27 10:00", "sun:climbed"),
        ("12-03 10:00", "shi:climbed"),
        ("12-10 10:00", "shi:still_open zhou:reminder"),
    ],
    "E6": [
        ("11-24 10:00", "sun:climbed"),
        ("11-26 10:00", "shi:climbed"),
        ("12-03 10:00", "shi:still_open zhou:reminder"),
    ],
    "C1": [("11-27 10:00", "shi:climbed"), ("12-04 10:00", "shi:still_open sun:reminder")],
    "C2": [("12-10 10:00", "shi:climbed"), ("12-17 10:00", "ji:reminder shi:still_open")],
}

CLOSES = {grade: "11-23 10:20" if grade in ("E0", "E1") else "11-26 10:20" for grade in NOBODY_ACTS}
GRADES = sorted(NOBODY_ACTS)


def script(play: Play, until: datetime) -> Script:
    """What really happens, in the words of the tables."""
    return [
        (when.strftime("%m-%d %H:%M"), " ".join(f"{who}:{phrase}" for who, phrase in sorted(told)))
        for when, told in play.wind(until)
    ]


def last_of(expected: Script) -> datetime:
    """The last moment of a script."""
    return at(f"2026-{expected[-1][0]}")


def accepted(play: Play, grade: str) -> str:
    """The case accepted five minutes after it opened; by whom."""
    who = TAKES.get(grade, "zhou")
    play.open(grade, T0)
    play.take(work.accept(play.case, CAST[who], None, T0 + 5 * MINUTE))
    return who


@pytest.mark.parametrize(
    ("grade", "first"),
    [
        ("E0", "wang zhao zhou"),
        ("E1", "wang zhou"),
        ("E2", "wang zhou"),
        ("E3", "wang zhou"),
        ("E4", "wang zhou"),
        ("E5", "wang zhou"),
        ("E6", "wang zhou"),
        ("C1", "sun"),
        ("C2", "ji"),
    ],
)
def test_only_the_first_level_is_told_at_opening(grade: str, first: str) -> None:
    """A case opens at its own first level (E0 at village and town), and nobody above gets a copy."""
    assert sorted(heard(open_(grade, T0))) == [(who, "opened") for who in first.split()]


@pytest.mark.parametrize("grade", GRADES)
def test_when_nobody_acts_every_step_is_taken_at_its_time(play: Play, grade: str) -> None:
    """With nobody moving, the table of rules B happens to the minute, each step told to its own level alone."""
    play.open(grade, T0)

    assert script(play, last_of(NOBODY_ACTS[grade])) == NOBODY_ACTS[grade]


@pytest.mark.parametrize("grade", GRADES)
def test_a_claim_without_an_action_expires_and_fires_what_it_held_back(play: Play, grade: str) -> None:
    """接单 alone holds the accept steps back until the act limit, when they fire with it, one message to each."""
    accepted(play, grade)

    assert script(play, last_of(ACCEPTED_ONLY[grade])) == ACCEPTED_ONLY[grade]


@pytest.mark.parametrize("grade", GRADES)
def test_who_acted_is_only_asked_to_finish(play: Play, grade: str) -> None:
    """After 接单 and a logged action only the finish column is left, and the claim stays."""
    who = accepted(play, grade)
    play.take(work.progress(play.case, CAST[who], T0 + 10 * MINUTE, "words"))

    assert script(play, last_of(ACCEPTED_AND_ACTED[grade])) == ACCEPTED_AND_ACTED[grade]
    assert play.case.handler == who


@pytest.mark.parametrize("grade", GRADES)
def test_a_finished_case_climbs_no_more_and_closes_by_silence(play: Play, grade: str) -> None:
    """After 办结 nobody above is told anything; without an answer it closes 未确认 after 5 wd (E0, E1: 2 wd)."""
    who = accepted(play, grade)
    play.take(work.finish(play.case, CAST[who], ("li",), play.directory, T0 + 20 * MINUTE))

    assert script(play, at("2027-01-31 00:00")) == [(CLOSES[grade], "reporters:closed_unconfirmed")]
    assert play.case.stage is Stage.CLOSED
    assert play.case.unconfirmed
    assert play.due is None


@pytest.mark.parametrize("grade", GRADES)
def test_what_was_slept_through_is_told_once_to_each(play: Play, grade: str) -> None:
    """After an outage everybody reached gets one message for all that fell due, and the history says it was caught up."""
    play.open(grade, T0)
    told = play.sweep(at("2026-12-31 09:00"))
    steps = [step for event in play.history for step in event.data.get("steps", ())]
    taken = [event for event in play.history if event.what in (What.ESCALATED, What.REMINDED)]

    assert sorted(steps) == sorted(step.id for step in RULES.ladders[Grade(grade)].steps)
    assert len({who for who, _ in told}) == len(told)
    assert {who for who, _ in told} >= {"shi"}
    assert all(event.data["caught_up"] for event in taken)
    assert all(notice.missed for notice in play.notices if notice.phrase != "opened")
    assert play.due > at("2026-12-31 09:00")


@pytest.mark.parametrize("grade", GRADES)
def test_a_step_taken_in_time_is_not_called_caught_up(play: Play, grade: str) -> None:
    """Steps taken when they fall due are no outage, not even those that an expired claim had held back."""
    accepted(play, grade)
    play.wind(at("2026-12-31 09:00"))

    assert not any("caught_up" in event.data for event in play.history)
    assert not any(notice.missed for notice in play.notices)


@pytest.mark.parametrize("grade", GRADES)
def test_nothing_happens_before_its_time(play: Play, grade: str) -> None:
    """A sweep one second before the due time changes nothing."""
    play.open(grade, T0)
    for _ in range(8):
        assert play.due is not None
        assert not fall_due(play.case, RULES, DIRECTORY, play.due.replace(second=0) - MINUTE / 60).events
        play.sweep(play.due)


@pytest.mark.parametrize("grade", GRADES)
def test_urgent_notices_alone_pass_quiet_hours(play: Play, grade: str) -> None:
    """Everything told about an E0 or E1 passes quiet hours, and nothing about any other grade does."""
    who = accepted(play, grade)
    play.take(work.undo(play.case, CAST[who], play.history, RULES, T0 + 6 * MINUTE))
    play.wind(at("2026-12-31 09:00"))

    assert {notice.urgent for notice in play.notices} == {grade in ("E0", "E1")}


@pytest.mark.parametrize(
    ("grade", "received", "due"),
    [
        pytest.param("E0", "11-20 23:50", "11-21 00:05", id="E0-runs-through-the-night"),
        pytest.param("E1", "11-20 23:50", "11-21 01:50", id="E1-runs-through-the-night"),
        pytest.param("E1", "11-21 10:00", "11-21 12:00", id="E1-runs-through-the-weekend"),
        pytest.param("E2", "11-19 14:00", "11-20 08:30", id="E2-hours-that-end-after-work-wait-for-the-morning"),
        pytest.param("E2", "11-20 15:00", "11-23 08:30", id="E2-hours-that-end-on-friday-night-wait-for-monday"),
        pytest.param("E2", "11-19 13:29", "11-19 17:29", id="E2-hours-that-end-in-working-time-stand"),
        pytest.param("E2", "11-19 13:30", "11-20 08:30", id="E2-hours-that-end-at-the-working-end-move"),
        pytest.param("E3", "11-20 20:00", "11-24 08:30", id="E3-received-on-friday-night"),
        pytest.param("E5", "09-30 16:00", "10-08 16:00", id="E5-over-the-national-holiday"),
        pytest.param("C1", "11-22 09:00", "11-24 08:30", id="C1-received-on-a-sunday"),
    ],
)
def test_due_times_of_e2_and_below_stand_in_working_time(play: Play, grade: str, received: str, due: str) -> None:
    """Hours are clock hours for every grade, but a due time of E2 and below moves to the next working start."""
    play.open(grade, at(f"2026-{received}"))

    assert play.due == at(f"2026-{due}")


@pytest.mark.parametrize(
    ("received", "asks"),
    [
        pytest.param("11-19 10:00", "11-20 09:00", id="by-day"),
        pytest.param("11-19 23:59", "11-20 09:00", id="a-minute-before-midnight"),
        pytest.param("11-20 00:30", "11-21 09:00", id="after-midnight-the-next-day-is-tomorrow"),
        pytest.param("11-20 10:00", "11-21 09:00", id="a-saturday-is-a-day-too"),
        pytest.param("09-30 10:00", "10-01 09:00", id="a-holiday-is-a-day-too"),
    ],
)
def test_the_county_asks_about_an_e0_the_next_morning(play: Play, received: str, asks: str) -> None:
    """An E0 that is not finished makes the county ask the next day at 09:00, whatever day that is."""
    when = at(f"2026-{received}")
    play.open("E0", when)
    play.take(work.accept(play.case, CAST["zhou"], None, when + MINUTE))
    play.take(work.progress(play.case, CAST["zhou"], when + 2 * MINUTE, "words"))

    assert play.due == at(f"2026-{asks}")
    assert play.sweep(play.due) == [("sun", "climbed")]


def test_the_clock_starts_at_receipt_not_at_opening() -> None:
    """Words that waited for the program have their limits counted from when they were received."""
    case = open_case(ruling("E1"), opening(T0), DIRECTORY, RULES, T0 + HOUR).cases[0]

    assert due_time(case, RULES) == T0 + 2 * HOUR
    assert case.opened_at == T0


def test_what_was_not_understood_waits_one_working_day_at_the_county(play: Play) -> None:
    """A message nobody understood is told to the county sorting desk, which is reminded after 1 wd."""
    told = play.take(open_("E4", T0, sorting=True))

    assert told == [("sun", "opened")]
    assert play.wind(at("2026-11-20 10:00")) == [(at("2026-11-20 10:00"), [("sun", "reminder")])]


@pytest.mark.parametrize(
    ("gone", "told", "passed"),
    [
        pytest.param("zhou wang", "zhao", ["village"], id="empty-village"),
        pytest.param("zhou wang zhao", "sun", ["village", "town"], id="empty-village-and-town"),
        pytest.param("zhou wang zhao sun", "shi", ["village", "town", "county"], id="only-the-city-is-there"),
        pytest.param("zhou", "wang", [], id="one-officer-is-somebody"),
    ],
)
@pytest.mark.parametrize("grade", ["E0", "E1", "E3"])
def test_a_level_with_nobody_left_is_passed_at_once(grade: str, gone: str, told: str, passed: list[str]) -> None:
    """An empty level is passed in the same moment, and the history gives the reason once."""
    decision = open_(grade, T0, without(*gone.split()))
    both = {"E0": {"zhao"} if "zhao" not in gone else set()}.get(grade, set())

    assert {who for who, _ in heard(decision, without(*gone.split()))} == {told} | both
    found = [(event.to, event.data["why"]) for event in decision.events if event.what is What.PASSED]
    assert found == [(level, "nobody") for level in passed]


def test_a_step_to_an_empty_level_goes_to_the_next_one() -> None:
    """With no town officer enrolled an E1 that nobody accepts is at the county after two hours."""
    play = Play(without("zhao")).open("E1", T0)

    assert play.wind(T0 + 2 * HOUR) == [(T0 + 2 * HOUR, [("sun", "climbed")])]
    assert [event.to for event in play.history if event.what is What.PASSED] == ["town"]


def test_the_lead_department_is_told_with_the_county(play: Play) -> None:
    """At county level the officers of the lead department hear what the county hears."""
    play.open("E2", T0, topic="饮水", lead="water")

    assert play.wind(at("2026-11-24 10:00"))[-1][1] == [("sun", "climbed"), ("shui", "climbed")]


def test_the_first_who_presses_is_the_handler(play: Play) -> None:
    """接单 makes the first the handler; everybody else who was told hears so, and a second press is refused."""
    play.open("E1", T0)
    told = play.take(work.accept(play.case, CAST["zhou"], None, T0 + MINUTE))

    assert told == [("wang", "taken_by_other"), ("reporters", "taken")]
    assert work.accept(play.case, CAST["wang"], None, T0 + 2 * MINUTE) == work.Refused("late_taken")
    assert work.accept(play.case, CAST["zhou"], None, T0 + 2 * MINUTE) == work.Refused("already_yours")


def test_escalation_never_takes_the_handler_off(play: Play) -> None:
    """A case whose finish limits pass climbs to county and city and still belongs to its handler."""
    accepted(play, "E2")
    play.take(work.progress(play.case, CAST["zhou"], T0 + 10 * MINUTE, "words"))
    play.wind(at("2026-11-26 10:00"))

    assert play.case.handler == "zhou"
    assert overdue(play.case) == {"finish"}


def test_a_hand_over_restarts_the_owners_clock_alone(play: Play) -> None:
    """转办 gives the new desk its own accept and act limits; the finish limits run on from receipt."""
    play.open("E2", T0)
    told = play.take(work.transfer(play.case, CAST["zhou"], CIVIL, DIRECTORY, T0 + 3 * HOUR))

    assert told == [("min", "handed_over")]
    assert script(play, at("2026-11-26 10:00")) == [
        ("11-19 17:00", "min:reminder"),
        ("11-20 13:00", "min:reminder"),
        ("11-24 10:00", "min:climbed sun:climbed"),
        ("11-26 10:00", "shi:climbed"),
    ]


@pytest.mark.parametrize(
    ("refusals", "told"),
    [
        pytest.param(["zhou"], "zhao", id="village-to-town"),
        pytest.param(["zhou", "zhao"], "sun", id="the-second-one-to-the-county"),
        pytest.param(["zhao"], "sun", id="town-to-county"),
        pytest.param(["zhou", "wang"], "sun", id="the-second-one-to-the-county-whoever-refuses"),
    ],
)
def test_a_refusal_goes_one_level_up_and_the_second_to_the_county(play: Play, refusals: list[str], told: str) -> None:
    """退单 goes one level up for re-routing, the second one to the county, while the case's clock runs on."""
    play.open("E3", T0)
    for number, who in enumerate(refusals, 1):
        last = play.take(work.refuse(play.case, CAST[who], DIRECTORY, T0 + number * MINUTE, "words"))

    assert last == [(told, "refused")]
    assert play.case.refused == len(refusals)
    assert play.case.finish_since == T0


def test_the_top_reminder_counts_from_when_the_last_was_told(play: Play) -> None:
    """A late reminder at the top starts the next interval anew, and it recurs for ever."""
    play.open("E1", T0)
    play.wind(at("2026-11-21 10:00"))
    play.sweep(at("2026-11-22 15:00"))

    assert play.due == at("2026-11-23 15:00")
    assert len(play.wind(at("2026-12-23 15:00"))) == 31


def test_the_top_is_reminded_once_where_it_has_the_case_itself() -> None:
    """Where the city owns the case because nobody sits below, its recurring reminder is queued once."""
    play = Play(without("sun")).open("C1", T0)
    play.wind(at("2026-12-31 10:00"))
    last = [notice for notice in play.notices if notice.step == play.notices[-1].step]

    assert [(notice.to, notice.phrase) for notice in last] == [(S, "still_open")]


def test_the_households_helper_stands_first(play: Play) -> None:
    """Of the officers of a desk the household's helper is named first."""
    play.open("E3", T0, household="h-li")

    assert [officer.id for officer in officers_at((V,), play.case, DIRECTORY)] == ["zhou", "wang"]
    helped = replace(DIRECTORY, households={"h-li": replace(HOME, helper="wang")})
    assert [officer.id for officer in officers_at((V,), play.case, helped)] == ["wang", "zhou"]


def test_the_first_action_counts(play: Play) -> None:
    """The act clock is stopped by the first logged progress, and later ones do not move it."""
    accepted(play, "E3")
    for minutes in (10, 20):
        play.take(work.progress(play.case, CAST["zhou"], T0 + minutes * MINUTE, "words"))

    assert play.case.acted_at == T0 + 10 * MINUTE


@pytest.mark.parametrize("grade", GRADES)
def test_an_open_case_always_has_a_due_time(play: Play, grade: str) -> None:
    """Through acceptance, progress, withdrawal, objection, finish and dispute an open case has a due time ahead."""
    who = TAKES.get(grade, "zhou")
    play.open(grade, T0)
    dues = [play.due]
    for number, step in enumerate(
        (
            lambda now: work.accept(play.case, CAST[who], None, now),
            lambda now: work.progress(play.case, CAST[who], now, "words"),
            lambda now: work.finish(play.case, CAST[who], ("li",), play.directory, now),
            lambda now: close.dispute(play.case, "li", DIRECTORY, now),
            lambda now: close.withdraw(play.case, "li", DIRECTORY, now, pressure=False),
        ),
        1,
    ):
        play.take(step(T0 + number * MINUTE))
        dues.append(play.due)

    assert all(due is not None and due > T0 + 5 * MINUTE for due in dues)


@pytest.mark.parametrize(
    ("told", "owner"),
    [
        pytest.param(V, "wang zhou", id="village"),
        pytest.param(T, "zhao", id="town"),
        pytest.param(C, "sun", id="county"),
    ],
)
def test_a_reminder_goes_to_the_desk_that_has_it(play: Play, told: str, owner: str) -> None:
    """A reminder to the same desk reaches the desk that owns the case now, and nobody else."""
    play.open("E4", T0)
    if told != V:
        play.take(work.transfer(play.case, CAST["zhou"], told, DIRECTORY, T0 + MINUTE))

    assert play.due is not None
    assert sorted(play.sweep(play.due)) == [(who, "reminder") for who in owner.split()]
