"""定级 (rules G): an officer puts the grade right, the ladder follows from the case's clock, and nobody lowers an E0 or E1
alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from cast_here import CAST, DIRECTORY, RULES, Play, at, without

from assistance.case import Grade, What
from assistance.pause import ask_pause, grant_pause
from assistance.regrade import confirm_lowering, keep_grade, regrade, settable
from assistance.rulebook import Clock
from assistance.work import Refused, accept

T0 = at("2026-11-19 09:00")


def set_(play: Play, who: str, grade: str, when: object = T0, **more: object) -> object:
    """Somebody says 定级."""
    return regrade(play.case, CAST[who], Grade(grade), play.directory, RULES, when, **more)


def test_a_raised_grade_counts_from_the_case_s_own_clock(play: Play) -> None:
    """An E3 raised to E2 two hours in has two hours left of its four for acceptance."""
    play.open("E3", T0)
    play.take(set_(play, "zhou", "E2", T0 + timedelta(hours=2), said="m2"))
    assert play.case.grade is Grade.E2
    assert play.due == at("2026-11-19 13:00")


def test_the_history_says_from_what_to_what_and_why(play: Play) -> None:
    """One line: was, grade, who, and the id of the words that give the reason."""
    play.open("E3", T0)
    play.take(set_(play, "zhao", "E2", said="m2"))
    line = play.history[-1]
    assert (line.what, line.by, line.data["was"], line.data["grade"], line.data["said"]) == (
        What.REGRADED, "zhao", "E3", "E2", "m2",
    )  # fmt: skip


def test_what_the_new_grade_would_have_asked_before_is_told_at_once_and_is_nobody_s_breach(play: Play) -> None:
    """An E4 that becomes E2 after three days: town and county hear of it at the next sweep, nobody is blamed for it."""
    play.open("E4", T0)
    later = T0 + timedelta(days=4)  # Monday
    play.wind(later)
    before = len(play.case.breaches)
    play.take(set_(play, "zhao", "E2", later))
    told = {who for who, _ in play.sweep(later)}
    assert {"zhao"} <= told
    assert len(play.case.breaches) == before


@pytest.mark.parametrize(("was", "to"), [("E0", "E1"), ("E0", "E3"), ("E1", "E2"), ("E1", "E5"), ("E1", "C4")])
def test_lowering_an_urgent_case_waits_for_a_second_person(was: str, to: str, play: Play) -> None:
    """Nothing changes before somebody else confirms it: not the grade, not a due time; the first cannot confirm."""
    play.open(was, T0)
    due = play.due
    play.take(set_(play, "zhou", to))
    assert (play.case.grade, play.due, play.case.lowering) == (Grade(was), due, Grade(to))
    assert confirm_lowering(play.case, CAST["zhou"], DIRECTORY, RULES, T0) == Refused("second_person")
    play.take(confirm_lowering(play.case, CAST["zhao"], DIRECTORY, RULES, T0))
    assert (play.case.grade, play.case.lowering) == (Grade(to), None)
    assert play.history[-1].data["asked_by"] == "zhou"


def test_the_level_above_is_asked_and_at_the_top_a_colleague(play: Play) -> None:
    """Who asked is not asked; with nobody else anywhere nothing is lowered."""
    play.open("E1", T0)
    assert play.take(set_(play, "zhou", "E3")) == [("zhao", "lower?")]
    alone = Play(without("zhao", "sun", "min", "shui", "ji", "shi", "wang")).open("E1", T0)
    assert set_(alone, "zhou", "E3") == Refused("nobody_to_confirm")


def test_a_second_officer_who_asks_for_the_same_confirms_it(play: Play) -> None:
    play.open("E1", T0)
    play.take(set_(play, "zhou", "E3"))
    play.take(set_(play, "zhao", "E3"))
    assert play.case.grade is Grade.E3


def test_the_ladder_climbs_on_while_a_lowering_waits(play: Play) -> None:
    play.open("E1", T0)
    play.take(set_(play, "zhou", "E3"))
    assert ("zhao", "climbed") in play.sweep(at("2026-11-19 11:00"))


def test_the_second_person_may_keep_the_grade(play: Play) -> None:
    play.open("E1", T0)
    play.take(set_(play, "zhou", "E3"))
    assert play.take(keep_grade(play.case, CAST["zhao"], T0)) == [("zhou", "grade_kept")]
    assert (play.case.grade, play.case.lowering) == (Grade.E1, None)


def test_raising_to_an_e0_tells_the_town_at_once(play: Play) -> None:
    """Where such a case opens is told: an E0 stands at village and town."""
    play.open("E3", T0)
    assert ("zhao", "opened") in play.take(set_(play, "zhou", "E0"))


def test_an_opinion_matter_goes_to_town_and_county_at_once(play: Play) -> None:
    """C4 (domain C7): at once to the town and the county."""
    play.open("E5", T0)
    told = play.take(set_(play, "zhao", "C4"))
    assert ("sun", "opened") in told
    assert play.case.level.value == "county"


def test_a_village_cannot_gain_sixty_days_by_calling_it_a_petition(play: Play) -> None:
    """C3 and D2 have long limits: the town and above set them."""
    play.open("E5", T0)
    assert not {Grade.C3, Grade.D2} & set(settable(play.case, CAST["zhou"], RULES))
    assert set_(play, "zhou", "C3") == Refused("grade_impossible")
    play.take(set_(play, "zhao", "C3"))
    assert play.case.grade is Grade.C3


def test_a_petition_is_warned_about_on_day_45_and_reaches_the_city_on_day_60(play: Play) -> None:
    """C3 (R1 第22, 34条): 15 days to answer, a warning to the county, 60 days to finish."""
    play.open("E5", T0, village=None)
    play.take(set_(play, "sun", "C3"))
    play.take(accept(play.case, CAST["sun"], None, T0))
    found = [(when, told) for when, told in play.wind(T0 + timedelta(days=61)) if told]
    days = [(when - T0).days for when, _ in found]
    assert days[0] == 15
    assert any(card.card == "yellow" and card.limit == "45 d" for card in play.case.breaches)
    assert any(card.card == "red" and card.limit == "60 d" for card in play.case.breaches)
    assert ("shi", "climbed") in [one for _, told in found for one in told]


def test_a_seal_is_neither_made_nor_broken_by_a_grade(play: Play) -> None:
    """A complaint stays among C grades, a need never becomes one."""
    play.open("C2", T0)
    assert set(settable(play.case, CAST["ji"], RULES)) == {Grade.C1, Grade.C3, Grade.C4, Grade.D2}
    assert set_(Play().open("E5", T0), "sun", "C2") == Refused("grade_impossible")


def test_a_rectification_ends_on_the_day_of_its_ledger(play: Play) -> None:
    """D2: the last day that was set, else 30 June; late from the next working morning."""
    play.open("E5", T0)
    play.take(set_(play, "zhao", "D2"))
    finish = next(step for step in RULES.ladders[Grade.D2].steps if step.clock is Clock.FINISH)
    assert finish.limit.after(T0, RULES.calendar, play.case.deadline) == at("2027-07-01 08:30")
    play.take(set_(play, "zhao", "D2", deadline=date(2026, 12, 31)))
    assert play.case.deadline == date(2026, 12, 31)
    assert finish.limit.after(T0, RULES.calendar, play.case.deadline) > at("2027-01-01 00:00")


def test_what_turns_urgent_is_no_longer_paused(play: Play) -> None:
    """A pause ends with the raise, and the E1's limits count from receipt."""
    play.open("E3", T0)
    play.take(accept(play.case, CAST["zhou"], None, T0))
    play.take(ask_pause(play.case, CAST["zhou"], None, DIRECTORY, RULES, T0))
    play.take(grant_pause(play.case, CAST["zhao"], T0))
    play.take(set_(play, "zhao", "E1", T0 + timedelta(hours=1)))
    assert (play.case.paused, play.case.grade) == (False, Grade.E1)
    assert play.due <= T0 + timedelta(hours=25)
