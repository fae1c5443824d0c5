"""Closing, withdrawing, reopening, refusing, undoing (rules D and E), situation by situation."""

from __future__ import annotations

from datetime import datetime

import pytest
from cast_here import (
    CAST,
    CIVIL,
    COUNTY,
    DIRECTORY,
    MINUTE,
    RULES,
    TOWN,
    WATER,
    C,
    J,
    Play,
    T,
    V,
    at,
    joined_by,
    without,
)  # fmt: skip

from assistance import close, work
from assistance.case import Grade, Stage, What
from assistance.directory import Directory, Level, Person, Role
from assistance.evolve import fold
from assistance.seal import Blamed

T0 = at("2026-11-19 10:00")
GRADES = sorted(Grade)
TAKES = {Grade.C1: "sun", Grade.C2: "ji"}
HANDLED = [grade for grade in GRADES if grade not in TAKES]


def handled(play: Play, grade: str, who: str | None = None, **more: object) -> str:
    """A case in somebody's hands, with an action logged; whose."""
    who = who or TAKES.get(Grade(grade), "zhou")
    play.open(grade, T0, **more)
    play.take(work.accept(play.case, CAST[who], None, T0 + MINUTE))
    play.take(work.progress(play.case, CAST[who], T0 + 2 * MINUTE, "words"))
    return who


def finished(play: Play, grade: str, who: str | None = None) -> str:
    """The same, with 办结 pressed at 10:03."""
    who = handled(play, grade, who)
    play.take(work.finish(play.case, CAST[who], ("li",), play.directory, T0 + 3 * MINUTE))
    return who


# ---------- 办结 ----------


@pytest.mark.parametrize("grade", GRADES)
def test_finishing_asks_the_reporters_and_tells_nobody_above(play: Play, grade: Grade) -> None:
    """办结 by the handler puts the case to 待评价 and asks the reporters alone."""
    who = handled(play, grade)
    told = play.take(work.finish(play.case, CAST[who], ("li",), DIRECTORY, T0 + 3 * MINUTE))

    assert told == [("reporters", "solved?")]
    assert play.case.stage is Stage.ASKING
    assert play.case.closed_at is None


def test_only_the_handler_finishes(play: Play) -> None:
    """办结 is refused before anybody accepted, and to anybody but the handler."""
    play.open("E3", T0)
    assert work.finish(play.case, CAST["zhou"], ("li",), DIRECTORY, T0) == work.Refused("accept_first")
    play.take(work.accept(play.case, CAST["zhou"], None, T0))

    assert work.finish(play.case, CAST["wang"], ("li",), DIRECTORY, T0) == work.Refused("late_taken")


def test_finishing_without_a_logged_action_counts_as_one(play: Play) -> None:
    """办结 right after 接单 stands; the measure may be asked afterwards."""
    play.open("E3", T0)
    play.take(work.accept(play.case, CAST["zhou"], None, T0 + MINUTE))
    play.take(work.finish(play.case, CAST["zhou"], ("li",), DIRECTORY, T0 + 2 * MINUTE))

    assert play.case.acted_at == T0 + 2 * MINUTE


@pytest.mark.parametrize(
    ("who", "asked"), [pytest.param("zhou", "zhao", id="village"), pytest.param("zhao", "sun", id="town")]
)
def test_who_reported_and_handled_it_alone_does_not_check_it(play: Play, who: str, asked: str) -> None:
    """Where the handler alone had reported it, the next level is asked instead."""
    handled(play, "E3", who)
    told = play.take(work.finish(play.case, CAST[who], (who,), DIRECTORY, T0 + 3 * MINUTE))

    assert told == [(asked, "check")]


# ---------- 已解决, silence ----------


@pytest.mark.parametrize("grade", GRADES)
def test_the_reporters_yes_closes_it(play: Play, grade: Grade) -> None:
    """已解决 closes the case at once, and its handler is told."""
    who = finished(play, grade)
    told = play.take(close.confirm(play.case, "li", T0 + 9 * MINUTE))

    assert told == [(who, "confirmed")]
    assert (play.case.stage, play.case.closed_at) == (Stage.CLOSED, T0 + 9 * MINUTE)
    assert not play.case.unconfirmed
    assert play.due is None


@pytest.mark.parametrize(
    ("grade", "closes"),
    [(grade, "2026-11-23 10:03" if grade in ("E0", "E1") else "2026-11-26 10:03") for grade in GRADES],
)
def test_silence_closes_it_unconfirmed(play: Play, grade: Grade, closes: str) -> None:
    """No answer in 5 wd (E0, E1: 2 wd) closes the case, marked 未确认, and the reporters are told."""
    finished(play, grade)

    assert play.wind(at("2027-01-31 00:00")) == [(at(closes), [("reporters", "closed_unconfirmed")])]
    assert (play.case.stage, play.case.unconfirmed) == (Stage.CLOSED, True)


@pytest.mark.parametrize("answer", ["confirm", "dispute"])
@pytest.mark.parametrize("stage", ["open", "handled", "closed"])
def test_an_answer_to_no_question_is_refused(play: Play, answer: str, stage: str) -> None:
    """已解决 and 没解决 are answers: where nothing was asked, or it has ended, they change nothing."""
    if stage == "open":
        play.open("E3", T0)
    elif stage == "handled":
        handled(play, "E3")
    else:
        finished(play, "E3")
        play.take(close.confirm(play.case, "li", T0 + 9 * MINUTE))
    now = T0 + 10 * MINUTE
    outcome = (
        close.confirm(play.case, "li", now) if answer == "confirm" else close.dispute(play.case, "li", DIRECTORY, now)
    )

    assert outcome == work.Refused("late_ended" if stage == "closed" else "not_asked")


# ---------- 没解决 ----------


@pytest.mark.parametrize(
    ("grade", "told", "desk"),
    [
        ("E0", "sun zhou", C),  # opened at village and town
        ("E1", "zhao zhou", T),
        ("E2", "zhao zhou", T),
        ("E3", "zhao zhou", T),
        ("E4", "zhao zhou", T),
        ("E5", "zhao zhou", T),
        ("E6", "zhao zhou", T),
        ("C1", "shi sun", "city:370400"),
        ("C2", "ji shi", "city:370400"),
    ],
)
def test_a_no_goes_one_level_up_at_once(play: Play, grade: str, told: str, desk: str) -> None:
    """没解决 reopens the case one level up; that level and the former handler are told at once."""
    finished(play, grade)
    found = play.take(close.dispute(play.case, "li", DIRECTORY, T0 + 9 * MINUTE))

    assert sorted(found) == [(who, "disputed") for who in sorted(told.split())]
    assert (play.case.stage, play.case.desk, play.case.handler) == (Stage.REOPENED, desk, None)
    assert play.case.reopened == 1


def test_a_no_starts_the_finish_limit_anew_and_keeps_the_cases_own_clock(play: Play) -> None:
    """重办 counts the finish limits from the answer, and the case stays as old as it is."""
    finished(play, "E2")
    answered = at("2026-11-25 11:00")
    play.take(close.dispute(play.case, "li", DIRECTORY, answered))
    play.take(work.accept(play.case, CAST["zhao"], None, answered + MINUTE))
    play.take(work.progress(play.case, CAST["zhao"], answered + 2 * MINUTE, "words"))

    assert [when for when, _ in play.wind(at("2026-12-02 11:00"))] == [at("2026-11-30 11:00"), at("2026-12-02 11:00")]
    assert play.case.opened_at == T0


def test_the_second_no_goes_to_the_county(play: Play) -> None:
    """A second 没解决 goes to the county, whoever handled it."""
    finished(play, "E3")
    play.take(close.dispute(play.case, "li", DIRECTORY, T0 + 4 * MINUTE))
    play.take(work.accept(play.case, CAST["zhou"], None, T0 + 5 * MINUTE))
    play.take(work.finish(play.case, CAST["zhou"], ("li",), DIRECTORY, T0 + 6 * MINUTE))
    told = play.take(close.dispute(play.case, "li", DIRECTORY, T0 + 7 * MINUTE))

    assert sorted(told) == [("sun", "disputed"), ("zhou", "disputed")]
    assert (play.case.level, play.case.reopened) == (Level.COUNTY, 2)


def test_the_second_no_stays_at_the_county_that_has_heard_of_it(play: Play) -> None:
    """A second 没解决 goes to the county also when the case has climbed there meanwhile, not past it."""
    finished(play, "E3")
    play.take(close.dispute(play.case, "li", DIRECTORY, T0 + 4 * MINUTE))
    play.wind(at("2026-12-03 10:10"))
    assert play.case.level is Level.COUNTY
    now = at("2026-12-03 11:00")
    play.take(work.accept(play.case, CAST["zhou"], None, now))
    play.take(work.finish(play.case, CAST["zhou"], ("li",), DIRECTORY, now))

    assert ("sun", "disputed") in play.take(close.dispute(play.case, "li", DIRECTORY, now + MINUTE))


def test_a_no_passes_an_empty_level() -> None:
    """With no town officer enrolled 没解决 is told to the county."""
    play = Play(without("zhao"))
    finished(play, "E3")

    assert ("sun", "disputed") in play.take(close.dispute(play.case, "li", play.directory, T0 + 9 * MINUTE))


# ---------- 撤回 ----------

SECOND_TOWN = Person("qian", Role.TOWN, "钱进", TOWN)
SECOND_COUNTY = Person("song", Role.COUNTY, "宋平", COUNTY)


@pytest.mark.parametrize(
    ("directory", "handler", "told"),
    [
        pytest.param(DIRECTORY, None, "zhao", id="nobody-handles-it"),
        pytest.param(DIRECTORY, "zhou", "zhao", id="village-handles-it"),
        pytest.param(DIRECTORY, "zhao", "sun", id="town-handles-it"),
        pytest.param(joined_by(SECOND_TOWN), "zhao", "sun", id="town-handles-it-and-has-a-second-officer"),
        pytest.param(DIRECTORY, "sun", "zhao", id="county-handles-it"),
        pytest.param(without("zhao"), "zhou", "sun", id="no-town-officer"),
        pytest.param(without("zhao"), "sun", "shi", id="county-handles-it-and-there-is-no-town"),
        pytest.param(without("zhao", "sun"), "zhou", "shi", id="nobody-below-the-city"),
        pytest.param(
            without("zhao", directory=joined_by(SECOND_COUNTY)), "sun", "song", id="county-handles-it-and-has-a-second"
        ),
    ],
)
@pytest.mark.parametrize("grade", ["E1", "E2", "E3", "E4", "E5", "E6"])
def test_a_withdrawal_is_told_to_somebody_who_is_not_the_handler(
    directory: Directory, handler: str | None, told: str, grade: str
) -> None:
    """A withdrawal puts the case to 待评价 and is told at once to the town (where it handles it, the county)."""
    play = Play(directory)
    if handler:
        handled(play, grade, handler)
    else:
        play.open(grade, T0)
    found = play.take(close.withdraw(play.case, "li", directory, T0 + 9 * MINUTE, pressure=False))

    assert [who for who, phrase in found if phrase == "withdrawal_check"] == [told]
    assert [who for who, phrase in found if phrase == "withdrawal_known"] == ([handler] if handler else [])
    assert play.case.stage is Stage.ASKING
    assert play.wind(at("2027-01-31 00:00")) == [(at("2026-11-20 10:09"), [("reporters", "closed_withdrawn")])]
    assert (play.case.stage, play.case.unconfirmed) == (Stage.WITHDRAWN, False)


@pytest.mark.parametrize(
    ("grade", "told"),
    [pytest.param("E0", "sun", id="E0"), pytest.param("C1", "sun", id="C1"), pytest.param("C2", "ji sun", id="C2")],
)
@pytest.mark.parametrize("pressure", [False, True], ids=["calm", "pressed"])
def test_danger_and_complaints_are_never_closed_by_a_withdrawal(
    play: Play, grade: str, told: str, pressure: bool
) -> None:
    """A withdrawal of E0, C1 or C2 is told to the county (C2: discipline too), says the pressure, and closes nothing."""
    handled(play, grade)
    before, due = play.case.stage, play.due
    found = play.take(close.withdraw(play.case, "li", DIRECTORY, T0 + 9 * MINUTE, pressure=pressure))

    assert sorted(found) == [(who, "withdrawal_kept") for who in told.split()]
    assert (play.case.stage, play.due) == (before, due)
    assert {notice.fields["pressure"] for notice in play.notices if notice.phrase == "withdrawal_kept"} == {pressure}


def test_a_withdrawn_complaint_is_never_told_to_those_it_is_about(play: Play) -> None:
    """A withdrawal of a complaint about the county is told to discipline alone, and not even queued for the county."""
    play.open("C2", T0, blamed=Blamed("county", ("sun",)))
    found = play.take(close.withdraw(play.case, "li", DIRECTORY, T0 + 9 * MINUTE, pressure=True))

    assert found == [("ji", "withdrawal_kept")]
    assert [notice.to for notice in play.notices if notice.phrase == "withdrawal_kept"] == [J]


@pytest.mark.parametrize("grade", ["E1", "E3"])
def test_an_objection_keeps_a_withdrawn_case_open(play: Play, grade: str) -> None:
    """继续办 of the second person puts the case back to work, its handler is told, and its limits run on."""
    handled(play, grade)
    due = play.due
    play.take(close.withdraw(play.case, "li", DIRECTORY, T0 + 9 * MINUTE, pressure=False))
    told = play.take(close.object_to(play.case, CAST["zhao"], T0 + 12 * MINUTE))

    assert told == [("zhou", "objected")]
    assert (play.case.stage, play.case.handler, play.due) == (Stage.WORKING, "zhou", due)
    assert not play.case.withdrawn


def test_the_handler_does_not_object_for_himself(play: Play) -> None:
    """继续办 of the handler is refused: the second person is another one."""
    handled(play, "E3")
    play.take(close.withdraw(play.case, "li", DIRECTORY, T0 + 9 * MINUTE, pressure=False))

    assert close.object_to(play.case, CAST["zhou"], T0 + 12 * MINUTE) == work.Refused("not_the_handler")


def test_nobody_objects_where_nothing_was_withdrawn(play: Play) -> None:
    """继续办 on a case that was finished and not withdrawn is refused."""
    finished(play, "E3")

    assert close.object_to(play.case, CAST["zhao"], T0 + 12 * MINUTE) == work.Refused("late_ended")


def test_a_closed_case_is_not_withdrawn(play: Play) -> None:
    """A withdrawal of what has ended changes nothing."""
    finished(play, "E3")
    play.take(close.confirm(play.case, "li", T0 + 9 * MINUTE))

    assert close.withdraw(play.case, "li", DIRECTORY, T0, pressure=False) == work.Refused("late_ended")


def test_a_withdrawn_complaint_without_a_discipline_officer_is_the_countys() -> None:
    """Nothing is queued for a discipline desk where nobody sits."""
    play = Play(without("ji")).open("C2", T0)
    play.take(close.withdraw(play.case, "li", play.directory, T0 + 9 * MINUTE, pressure=False))

    assert [notice.to for notice in play.notices if notice.phrase == "withdrawal_kept"] == [C]


# ---------- 退单, 转办 ----------


def test_a_hand_over_needs_somebody_there(play: Play) -> None:
    """转办 to a desk with nobody enrolled is refused."""
    play.open("E3", T0)
    gone = without("shui")

    assert work.transfer(play.case, CAST["zhou"], WATER, gone, T0) == work.Refused("nobody_there")


def test_somebody_elses_case_is_not_passed_on(play: Play) -> None:
    """Once somebody has accepted, only they pass it on or refuse it."""
    play.open("E3", T0)
    play.take(work.accept(play.case, CAST["zhou"], None, T0))

    assert work.transfer(play.case, CAST["wang"], T, DIRECTORY, T0) == work.Refused("late_taken")
    assert work.refuse(play.case, CAST["wang"], DIRECTORY, T0, "words") == work.Refused("late_taken")


@pytest.mark.parametrize("command", ["accept", "progress", "transfer", "refuse", "finish"])
@pytest.mark.parametrize("stage", ["asking", "closed", "withdrawn"])
def test_a_late_press_changes_nothing(play: Play, command: str, stage: str) -> None:
    """Nothing can be done to a case that waits for the second person or has ended."""
    who = finished(play, "E3")
    if stage != "asking":
        if stage == "withdrawn":
            play.take(close.withdraw(play.case, "li", DIRECTORY, T0 + 4 * MINUTE, pressure=False))
        play.take(close.confirm(play.case, "li", T0 + 9 * MINUTE))
    officer, now = CAST[who], T0 + 10 * MINUTE
    outcome = {
        "accept": lambda: work.accept(play.case, officer, None, now),
        "progress": lambda: work.progress(play.case, officer, now, "words"),
        "transfer": lambda: work.transfer(play.case, officer, T, DIRECTORY, now),
        "refuse": lambda: work.refuse(play.case, officer, DIRECTORY, now, "words"),
        "finish": lambda: work.finish(play.case, officer, ("li",), DIRECTORY, now),
    }[command]()

    assert outcome == work.Refused("late_ended")


def test_a_department_that_takes_a_case_leads_on_it(play: Play) -> None:
    """After 转办 to a department its officers see the case and are its lead."""
    play.open("E3", T0)
    play.take(work.transfer(play.case, CAST["zhou"], CIVIL, DIRECTORY, T0 + MINUTE))

    assert (play.case.lead, play.case.desk) == ("civil_affairs", CIVIL)
    assert isinstance(work.accept(play.case, CAST["min"], None, T0 + 2 * MINUTE).cases[0].handler, str)


# ---------- 撤销 ----------


def command(play: Play, name: str, now: datetime) -> None:
    """One effect by 周敏."""
    zhou = CAST["zhou"]
    if name != "accept":
        play.take(work.accept(play.case, zhou, None, T0))
    play.take(
        {
            "accept": lambda: work.accept(play.case, zhou, None, now),
            "progress": lambda: work.progress(play.case, zhou, now, "words"),
            "transfer": lambda: work.transfer(play.case, zhou, WATER, DIRECTORY, now),
            "refuse": lambda: work.refuse(play.case, zhou, DIRECTORY, now, "words"),
            "finish": lambda: work.finish(play.case, zhou, ("li",), DIRECTORY, now),
        }[name]()
    )


EFFECTS = ["accept", "progress", "transfer", "refuse", "finish"]


@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_is_undone_within_ten_minutes(play: Play, name: str) -> None:
    """撤销 puts everything back as it was, due time and sight included; only number and version go on."""
    play.open("E2", T0)
    command(play, name, T0 + MINUTE)
    now = T0 + 11 * MINUTE
    seq, version = play.case.seq, play.case.version
    before = fold(play.history[:-1])
    play.take(work.undo(play.case, CAST["zhou"], play.history, RULES, now))

    for field in ("stage", "handler", "desk", "lead", "seen_by", "told", "fired", "acted_at", "owned_since", "refused"):
        assert getattr(play.case, field) == getattr(before, field), field
    assert (play.case.seq, play.case.version) == (seq + 1, version + 1)


@pytest.mark.parametrize("name", EFFECTS)
@pytest.mark.parametrize("why", ["late", "other", "moved-on", "undone-already"])
def test_what_cannot_be_undone(play: Play, name: str, why: str) -> None:
    """撤销 is refused after ten minutes, to anybody else, after something else has happened, and a second time."""
    play.open("E2", T0)
    command(play, name, T0 + MINUTE)
    now, who = T0 + 2 * MINUTE, "zhou"
    if why == "late":
        now = T0 + 11 * MINUTE + MINUTE / 60
    elif why == "other":
        who = "wang"
    elif why == "moved-on":
        play.take(close.withdraw(play.case, "li", DIRECTORY, now, pressure=False))
    else:
        play.take(work.undo(play.case, CAST["zhou"], play.history, RULES, now))

    assert work.undo(play.case, CAST[who], play.history, RULES, now) == work.Refused("too_late_to_undo")


def test_those_who_had_heard_of_it_hear_that_it_was_undone(play: Play) -> None:
    """After 撤销 everybody who had been told before hears so, whoever undid it aside."""
    play.open("E2", T0)
    command(play, "accept", T0 + MINUTE)

    assert play.take(work.undo(play.case, CAST["zhou"], play.history, RULES, T0 + 2 * MINUTE)) == [("wang", "undone")]
    assert play.history[-1].what is What.UNDONE
    assert V in play.case.told
