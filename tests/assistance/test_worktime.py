"""Working time (rules C): examples, several intervals a day, make-up workdays, quiet hours, and a slow recomputation."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from cast_here import CALENDAR, RULES, at
from hypothesis import given, settings
from hypothesis import strategies as st

from assistance.rulebook import Limit
from assistance.worktime import SHANGHAI, Calendar, NoWorkingTime

SPLIT = Calendar(intervals=((time(8, 30), time(12)), (time(13, 30), time(17, 30))), off=CALENDAR.off, on=CALENDAR.on)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        pytest.param("2026-09-30 16:00", 2, "2026-10-09 16:00", id="rules-example-over-the-national-holiday"),
        pytest.param("2026-10-08 16:00", 2, "2026-10-10 16:00", id="rules-example-into-a-make-up-saturday"),
        pytest.param("2026-10-09 16:00", 2, "2026-10-12 16:00", id="make-up-saturday-counts-sunday-does-not"),
        pytest.param("2026-11-19 10:00", 1, "2026-11-20 10:00", id="rest-of-the-day-of-receipt-counts"),
        pytest.param("2026-11-19 17:29", 1, "2026-11-20 17:29", id="one-minute-left-of-the-day-counts"),
        pytest.param("2026-11-19 08:30", 1, "2026-11-20 08:30", id="working-end-stands-at-the-next-start"),
        pytest.param("2026-11-20 08:30", 1, "2026-11-23 08:30", id="working-end-on-friday-stands-at-monday"),
        pytest.param("2026-11-19 17:30", 1, "2026-11-23 08:30", id="received-at-the-working-end"),
        pytest.param("2026-11-19 22:00", 1, "2026-11-23 08:30", id="received-at-night"),
        pytest.param("2026-11-20 05:00", 1, "2026-11-23 08:30", id="received-before-opening"),
        pytest.param("2026-11-21 12:00", 1, "2026-11-24 08:30", id="received-on-a-saturday"),
        pytest.param("2026-11-20 17:00", 1, "2026-11-23 17:00", id="over-a-weekend"),
        pytest.param("2026-11-19 10:00", 0, "2026-11-19 10:00", id="no-days-in-working-time"),
        pytest.param("2026-11-21 10:00", 0, "2026-11-23 08:30", id="no-days-from-a-weekend"),
        pytest.param("2026-11-19 10:00", 20, "2026-12-17 10:00", id="twenty-days"),
        pytest.param("2026-03-02 10:00", 62, "2026-06-01 10:00", id="a-quarter"),
        pytest.param("2026-02-13 16:00", 1, "2026-02-14 16:00", id="make-up-saturday-before-spring-festival"),
        pytest.param("2026-02-14 16:00", 1, "2026-02-24 16:00", id="spring-festival"),
    ],
)
def test_working_days_are_added_as_the_rules_write_it(start: str, days: int, end: str) -> None:
    """n working days after t is t moved into working time plus n working days of the pack's length."""
    assert CALENDAR.add_workdays(at(start), days) == at(end)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        pytest.param("2026-11-19 11:00", 1, "2026-11-20 11:00", id="same-hour-next-day"),
        pytest.param("2026-11-19 12:30", 1, "2026-11-20 13:30", id="noon-break-belongs-to-the-afternoon"),
        pytest.param("2026-11-19 12:00", 1, "2026-11-20 13:30", id="end-of-the-morning-is-the-afternoon-start"),
        pytest.param("2026-11-19 13:30", 1, "2026-11-20 13:30", id="a-limit-at-noon-stands-at-the-afternoon-start"),
        pytest.param("2026-11-19 17:30", 2, "2026-11-24 08:30", id="evening-before-a-weekend"),
        pytest.param("2026-09-30 16:00", 2, "2026-10-09 16:00", id="holiday"),
    ],
)
def test_a_day_of_several_intervals_is_as_long_as_they_are_together(start: str, days: int, end: str) -> None:
    """With a noon break a working day is 7.5 hours, and the break is never a due time."""
    assert SPLIT.day_length == timedelta(hours=7, minutes=30)
    assert SPLIT.add_workdays(at(start), days) == at(end)


@pytest.mark.parametrize(
    ("moment", "moved"),
    [
        pytest.param("2026-11-19 08:30", "2026-11-19 08:30", id="the-start-is-working-time"),
        pytest.param("2026-11-19 17:29", "2026-11-19 17:29", id="the-last-minute-is-working-time"),
        pytest.param("2026-11-19 17:30", "2026-11-20 08:30", id="the-end-is-not"),
        pytest.param("2026-11-19 03:00", "2026-11-19 08:30", id="night"),
        pytest.param("2026-11-20 18:00", "2026-11-23 08:30", id="friday-evening"),
        pytest.param("2026-10-01 10:00", "2026-10-08 08:30", id="holiday"),
        pytest.param("2026-10-10 07:00", "2026-10-10 08:30", id="make-up-saturday"),
    ],
)
def test_a_moment_outside_working_time_moves_to_the_next_start(moment: str, moved: str) -> None:
    """Moving forward keeps working time and carries everything else to the next working start."""
    assert CALENDAR.forward(at(moment)) == at(moved)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        pytest.param("2026-11-19 20:59", None, id="evening"),
        pytest.param("2026-11-19 21:00", "2026-11-20 07:30", id="quiet-begins"),
        pytest.param("2026-11-19 23:59", "2026-11-20 07:30", id="before-midnight"),
        pytest.param("2026-11-20 00:00", "2026-11-20 07:30", id="midnight"),
        pytest.param("2026-11-20 07:29", "2026-11-20 07:30", id="last-quiet-minute"),
        pytest.param("2026-11-20 07:30", None, id="quiet-ends"),
        pytest.param("2026-11-21 22:00", "2026-11-22 07:30", id="weekends-have-the-same-hours"),
    ],
)
def test_quiet_hours_end_at_half_past_seven(moment: str, until: str | None) -> None:
    """From 21:00 to 07:30 a message waits until 07:30, at other hours it does not wait."""
    assert RULES.quiet_until(at(moment)) == (at(until) if until else None)


@pytest.mark.parametrize(
    ("limit", "end"),
    [
        pytest.param(Limit(15, "min"), "2026-11-20 23:35", id="minutes-are-clock-minutes"),
        pytest.param(Limit(24, "h"), "2026-11-21 23:20", id="hours-are-clock-hours"),
        pytest.param(Limit(1, "next_day", time(9)), "2026-11-21 09:00", id="next-day-is-a-calendar-day"),
        pytest.param(Limit(1, "wd"), "2026-11-24 08:30", id="working-days"),
        pytest.param(Limit(15, "d"), "2026-12-05 23:20", id="calendar-days"),
        pytest.param(Limit(0, "by", day=(6, 30)), "2027-07-01 08:30", id="until-the-end-of-a-day"),
        pytest.param(Limit(2, "by", day=(11, 20)), "2026-11-25 08:30", id="that-day-is-today-and-two-working-days"),
    ],
)
def test_a_limit_ends_in_its_own_unit(limit: Limit, end: str) -> None:
    """Minutes and hours run by the clock, the next day by the calendar of Shanghai, working days by the offices'."""
    assert limit.after(at("2026-11-20 23:20"), CALENDAR) == at(end)


def test_the_next_day_is_counted_in_shanghai_not_in_utc() -> None:
    """A message at 00:30 in Shanghai is still yesterday in UTC, and its next day is Shanghai's."""
    moment = datetime.fromisoformat("2026-11-19T16:30:00+00:00")

    assert Limit(1, "next_day", time(9)).after(moment, CALENDAR) == at("2026-11-21 09:00")


def test_a_calendar_without_work_is_told_not_waited_for() -> None:
    """A calendar that has no working time ahead is an error, never an endless search."""
    never = Calendar(off=frozenset(date(2026, 1, 1) + timedelta(days=day) for day in range(365)))

    with pytest.raises(NoWorkingTime):
        never.forward(at("2026-03-01 10:00"))


# ---------- for all calendars and moments ----------

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=SHANGHAI)
)
DAYS = st.integers(0, 12)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """One to three intervals at whole quarters of an hour, with free weekdays and worked weekends."""
    count = draw(st.integers(1, 3))
    marks = sorted(draw(st.sets(st.integers(0, 95), min_size=2 * count, max_size=2 * count)))
    clock = [time(mark // 4, mark % 4 * 15) for mark in marks]
    days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
    half = tuple(zip(clock[:2:2], clock[1:2:2], strict=True))  # a day of the first interval only
    return Calendar(
        intervals=tuple(zip(clock[::2], clock[1::2], strict=True)),
        off=draw(st.frozensets(days, max_size=12)),
        on=draw(st.frozensets(days.filter(lambda day: day.weekday() > 4), max_size=6)),
        special=dict.fromkeys(draw(st.frozensets(days, max_size=8)), half),
    )


def works(calendar: Calendar, moment: datetime) -> bool:
    """Whether a minute is worked, told without the calendar's own arithmetic."""
    local = moment.astimezone(SHANGHAI)
    day = local.date()
    open_day = day in calendar.special or day in calendar.on or (day.weekday() < 5 and day not in calendar.off)
    hours = calendar.special.get(day, calendar.intervals)
    return open_day and any(start <= local.time() < end for start, end in hours)


def minute_by_minute(calendar: Calendar, moment: datetime, days: int) -> datetime:
    """The slow way: walk on, a quarter of an hour or less at a time, and count worked minutes down."""
    length = sum((end.hour - start.hour) * 60 + end.minute - start.minute for start, end in calendar.intervals)
    left = days * length
    while True:
        step = 15 - moment.minute % 15
        if works(calendar, moment):
            if left < step:
                return moment + timedelta(minutes=left)
            left -= step
        moment += timedelta(minutes=step)


@settings(max_examples=60)
@given(calendars(), MOMENTS, st.integers(0, 4))
def test_adding_working_days_equals_counting_worked_minutes(calendar: Calendar, moment: datetime, days: int) -> None:
    """The quick arithmetic gives what counting every worked minute gives, for any calendar."""
    assert calendar.add_workdays(moment, days) == minute_by_minute(calendar, moment, days)


@settings(max_examples=60)
@given(calendars(), MOMENTS, st.integers(0, 4000))
def test_working_time_between_two_moments_is_what_was_added(calendar: Calendar, moment: datetime, minutes: int) -> None:
    """Adding so much working time and measuring it again gives the same; backwards there is none."""
    end = calendar.add_working(moment, timedelta(minutes=minutes))
    assert calendar.working_between(moment, end) == timedelta(minutes=minutes)
    assert calendar.working_between(end, moment) == timedelta()


def test_a_dated_override_shortens_one_day_and_counts_for_what_it_is() -> None:
    """半天上班: on the afternoon before the festival nobody works, and a working day keeps its usual length."""
    half = Calendar(off=CALENDAR.off, on=CALENDAR.on, special={date(2026, 11, 20): ((time(8, 30), time(12)),)})
    assert half.forward(at("2026-11-20 12:00")) == at("2026-11-23 08:30")
    assert half.add_workdays(at("2026-11-20 08:30"), 1) == at("2026-11-23 14:00")


@settings(max_examples=80)
@given(st.sampled_from([CALENDAR, SPLIT]), MOMENTS, DAYS)
def test_a_limit_never_ends_outside_working_time(calendar: Calendar, moment: datetime, days: int) -> None:
    """Every limit in working days ends in working time, not before it began, and moving it forward changes nothing."""
    end = calendar.add_workdays(moment, days)

    assert works(calendar, end)
    assert end >= moment
    assert calendar.forward(end) == end


@settings(max_examples=80)
@given(calendars(), MOMENTS, st.timedeltas(timedelta(0), timedelta(days=9)), DAYS)
def test_who_comes_later_is_never_due_earlier(
    calendar: Calendar, moment: datetime, later: timedelta, days: int
) -> None:
    """Adding working days keeps the order of the moments they start from."""
    assert calendar.add_workdays(moment, days) <= calendar.add_workdays(moment + later, days)


@settings(max_examples=80)
@given(calendars(), MOMENTS, DAYS)
def test_more_days_end_later(calendar: Calendar, moment: datetime, days: int) -> None:
    """One working day more always ends later, and adding one by one gives the same as adding all at once."""
    end = calendar.add_workdays(moment, days)

    assert calendar.add_workdays(moment, days + 1) > end
    assert calendar.add_workdays(end, 1) == calendar.add_workdays(moment, days + 1)


@settings(max_examples=40)
@given(MOMENTS)
def test_quiet_hours_are_left_when_they_end(moment: datetime) -> None:
    """What waits for the end of quiet hours goes out then: it is at most 10.5 hours ahead and not quiet itself."""
    until = RULES.quiet_until(moment)

    if until is not None:
        assert timedelta(0) < until - moment <= timedelta(hours=10, minutes=30)
        assert RULES.quiet_until(until) is None
