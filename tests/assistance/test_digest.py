"""Digests and mornings (rules F): what stands in which list, who reads one, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from cast_here import CAST, MINUTE, RULES, Play, at, open_
from hypothesis import given
from hypothesis import strategies as st

from assistance import pause, work
from assistance.case import Case, Grade, Stage
from assistance.digest import last_slot, next_slot, paused_long, reads_digest, sort_digest
from assistance.ladder import due_time
from assistance.seal import Blamed
from assistance.sight import may_see
from assistance.worktime import SHANGHAI

NOW, SINCE = at("2026-11-20 18:00"), at("2026-11-19 18:00")
SOON = RULES.calendar.add_workdays(NOW, 1)
SIX, HALF_PAST_EIGHT = time(18), time(8, 30)


def case(grade: str, opened: str, **more: object) -> Case:
    """An open case as the engine has left it this evening."""
    play = Play().open(grade, at(f"2026-{opened}"))
    play.wind(NOW)
    return replace(play.case, **more)


def listed(one: Case) -> str:
    """The list of the digest in which a case stands, or an empty word."""
    found = sort_digest([one], {one.id: due_time(one, RULES)}, SINCE, SOON)
    return " ".join(name for name in ("urgent", "late", "soon", "new") if getattr(found, name))


CASES = {
    "open-E0-is-always-there": (case("E0", "11-16 10:00"), "urgent"),
    "open-E1-is-always-there": (case("E1", "11-02 10:00"), "urgent"),
    "E1-in-good-hands-too": (case("E1", "11-20 17:00", handler="zhou", stage=Stage.ACCEPTED), "urgent"),
    "E1-that-waits-for-its-reporter": (case("E1", "11-20 09:00", stage=Stage.ASKING), "urgent"),
    "a-closed-E1-is-not": (case("E1", "11-02 10:00", stage=Stage.CLOSED), ""),
    "overdue": (case("E3", "11-16 10:00"), "late"),
    "overdue-and-opened-since": (case("E2", "11-20 09:00"), "late"),
    "opened-since-the-last-one": (case("E3", "11-20 09:00"), "new"),
    "opened-at-the-last-one": (case("E3", "11-19 18:00"), "new"),
    "opened-and-closed-since": (case("E3", "11-20 09:00", stage=Stage.CLOSED), "new"),
    "due-within-one-working-day": (case("E4", "11-19 10:00"), "soon"),
    "due-later": (case("E4", "11-19 10:00", handler="zhou", acted_at=NOW, stage=Stage.WORKING), ""),
    "closed-long-ago": (case("E3", "11-02 10:00", stage=Stage.CLOSED), ""),
    "waits-for-its-reporter": (case("E3", "11-10 10:00", stage=Stage.ASKING, asking_since=at("2026-11-13 18:00")), ""),
}


@pytest.mark.parametrize(("one", "name"), CASES.values(), ids=CASES.keys())
def test_a_case_stands_in_the_first_list_that_fits(one: Case, name: str) -> None:
    """A digest lists every open E0 and E1, then what is overdue, what is new and what is due within one working day."""
    assert listed(one) == name


def test_a_case_stands_in_one_list_alone_and_the_gravest_first() -> None:
    """No case is listed twice, and within a list the graver and older come first."""
    all_of_them = [replace(one, id=name) for name, (one, _) in CASES.items()]
    found = sort_digest(all_of_them, {one.id: due_time(one, RULES) for one in all_of_them}, SINCE, SOON)
    names = [one.id for group in (found.urgent, found.late, found.soon, found.new) for one in group]

    assert len(names) == len(set(names)) == sum(name != "" for _, name in CASES.values())
    assert [one.grade for one in found.urgent] == sorted(one.grade for one in found.urgent)


def test_a_quiet_day_gives_an_empty_digest() -> None:
    """With nothing new, overdue, due or urgent the digest knows that it is empty."""
    assert sort_digest([], {}, SINCE, SOON).is_empty
    assert sort_digest([CASES["due-later"][0]], {}, SINCE, SOON).is_empty


def test_a_case_in_hand_is_not_overdue_for_what_its_handler_stopped(play: Play) -> None:
    """An accept limit that passed counts no longer once somebody has accepted."""
    play.open("E3", at("2026-11-16 10:00"))
    play.wind(at("2026-11-17 12:00"))
    assert listed(play.case) == "late"
    play.take(work.accept(play.case, CAST["zhou"], None, at("2026-11-17 13:00")))

    assert listed(play.case) == "soon"


@pytest.mark.parametrize("reader", [name for name, person in CAST.items() if reads_digest(person)])
@pytest.mark.parametrize("blamed", [Blamed("village", ("wang",)), Blamed("county", ("sun",)), Blamed("city")])
def test_a_digest_is_the_same_without_what_its_reader_may_not_see(reader: str, blamed: Blamed) -> None:
    """Sealed cases add no line and no count to the digest of anybody they are sealed from."""
    secret = open_("C2", NOW - MINUTE, id="secret", blamed=blamed).cases[0]
    plain = [replace(one, id=name) for name, (one, _) in CASES.items()]

    def digest(cases: list[Case]) -> object:
        seen = [one for one in cases if may_see(CAST[reader], one)]
        return sort_digest(seen, {one.id: due_time(one, RULES) for one in seen}, SINCE, SOON)

    assert (digest([*plain, secret]) == digest(plain)) != may_see(CAST[reader], secret)


def test_everybody_above_the_village_reads_a_digest() -> None:
    """Town, county, department, discipline and city get the digest; village officers and residents do not."""
    assert {name for name, person in CAST.items() if not reads_digest(person)} == {"zhou", "wang", "qi", "li"}


@pytest.mark.parametrize(
    ("now", "at_time", "workdays_only", "last", "coming"),
    [
        pytest.param("11-20 17:59", SIX, False, "11-19 18:00", "11-20 18:00", id="just-before"),
        pytest.param("11-20 18:00", SIX, False, "11-20 18:00", "11-21 18:00", id="on-the-minute"),
        pytest.param("11-20 23:59", SIX, False, "11-20 18:00", "11-21 18:00", id="the-same-night"),
        pytest.param("11-21 00:00", SIX, False, "11-20 18:00", "11-21 18:00", id="after-midnight"),
        pytest.param("11-22 18:30", SIX, False, "11-22 18:00", "11-23 18:00", id="digests-come-on-sundays-too"),
        pytest.param("11-20 08:29", HALF_PAST_EIGHT, True, "11-19 08:30", "11-20 08:30", id="before-the-to-do"),
        pytest.param("11-20 09:00", HALF_PAST_EIGHT, True, "11-20 08:30", "11-23 08:30", id="friday-to-do"),
        pytest.param("11-22 12:00", HALF_PAST_EIGHT, True, "11-20 08:30", "11-23 08:30", id="no-to-do-on-weekends"),
        pytest.param("10-04 12:00", HALF_PAST_EIGHT, True, "09-30 08:30", "10-08 08:30", id="no-to-do-on-holidays"),
        pytest.param("10-10 12:00", HALF_PAST_EIGHT, True, "10-10 08:30", "10-12 08:30", id="make-up-saturday"),
    ],
)
def test_daily_messages_have_their_slots(now: str, at_time: time, workdays_only: bool, last: str, coming: str) -> None:
    """The digest is due at 18:00 of every calendar day, the to-do at 08:30 of working days, and missed ones are one."""
    moment = at(f"2026-{now}")

    assert last_slot(moment, at_time, RULES, workdays_only=workdays_only) == at(f"2026-{last}")
    assert next_slot(moment, at_time, RULES, workdays_only=workdays_only) == at(f"2026-{coming}")


MOMENTS = st.datetimes(datetime(2026, 1, 10), datetime(2026, 12, 20)).map(
    lambda moment: moment.replace(tzinfo=SHANGHAI)
)


@given(MOMENTS, st.sampled_from([SIX, HALF_PAST_EIGHT]), st.booleans())
def test_slots_follow_one_another_without_a_gap(moment: datetime, at_time: time, workdays_only: bool) -> None:
    """Between the last slot and the next there is no other one, and a day has one slot at most."""
    last = last_slot(moment, at_time, RULES, workdays_only=workdays_only)
    coming = next_slot(moment, at_time, RULES, workdays_only=workdays_only)

    assert last <= moment < coming
    assert next_slot(last, at_time, RULES, workdays_only=workdays_only) == coming
    assert last_slot(coming, at_time, RULES, workdays_only=workdays_only) == coming
    assert coming - last >= timedelta(days=1)


@given(st.lists(st.sampled_from(sorted(CASES)), unique=True), st.sampled_from(sorted(Grade)))
def test_the_digest_does_not_hang_on_the_order_of_the_cases(names: list[str], grade: Grade) -> None:
    """The same cases in any order give the same digest."""
    cases = [replace(CASES[name][0], id=name, opened_at=CASES[name][0].opened_at + number * MINUTE)
             for number, name in enumerate(names)]  # fmt: skip
    due = {one.id: due_time(one, RULES) for one in cases}

    assert sort_digest(cases, due, SINCE, SOON) == sort_digest(reversed(cases), due, SINCE, SOON)


def test_what_closes_by_silence_tomorrow_is_listed_before_it_does() -> None:
    """待评价 with less than a working day left stands in the digest; with more it does not."""
    one = case("E3", "11-10 10:00", stage=Stage.ASKING, asking_since=at("2026-11-16 09:00"))
    due = {one.id: due_time(one, RULES)}
    assert sort_digest([one], due, SINCE, SOON).closing == (one,)
    assert sort_digest([one], due, SINCE, NOW).closing == ()


def test_what_nobody_confirmed_is_counted_apart() -> None:
    """满意 is what a resident said; silence is counted as silence."""
    ended = {"stage": Stage.CLOSED, "closed_at": NOW - timedelta(hours=1)}
    cases = [
        case("E3", "11-10 10:00", **ended),
        case("E3", "11-10 11:00", **ended, unconfirmed=True),
        case("E3", "11-10 12:00", stage=Stage.CLOSED, closed_at=SINCE - timedelta(hours=1)),
        case("E3", "11-10 13:00", stage=Stage.WITHDRAWN, closed_at=NOW - timedelta(hours=1)),
    ]
    found = sort_digest([replace(one, id=str(number)) for number, one in enumerate(cases)], {}, SINCE, SOON)
    assert (found.confirmed, found.unconfirmed) == (1, 1)


def test_a_pause_stands_in_the_digest_after_two_working_days() -> None:
    play = Play().open("E3", at("2026-11-16 10:00"))
    play.take(work.accept(play.case, CAST["zhou"], None, at("2026-11-16 10:00")))
    play.take(pause.ask_pause(play.case, CAST["zhou"], None, play.directory, RULES, at("2026-11-16 10:00")))
    play.take(pause.grant_pause(play.case, CAST["zhao"], at("2026-11-16 10:00")))
    assert not paused_long(play.case, RULES, at("2026-11-18 09:59"))
    assert paused_long(play.case, RULES, at("2026-11-18 10:00"))
    found = sort_digest([play.case], {}, SINCE, SOON, frozenset({play.case.id}))
    assert found.paused == (play.case,)


def test_figures_alone_make_a_digest_worth_reading() -> None:
    """A limit that passed on a case that has been finished since is told all the same."""
    play = Play().open("E3", at("2026-11-18 19:00"))
    play.wind(at("2026-11-20 08:30"))
    play.take(work.accept(play.case, CAST["zhou"], None, at("2026-11-20 09:00")))
    play.take(work.finish(play.case, CAST["zhou"], ("li",), play.directory, at("2026-11-20 09:30")))
    found = sort_digest([play.case], {play.case.id: due_time(play.case, RULES)}, SINCE, SOON)
    assert found.breached == 1
    assert not found.is_empty
