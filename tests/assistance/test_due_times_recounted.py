"""Every due time counted anew from the events, minute by minute, by arithmetic that shares nothing with the rules'."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest

from assistance.worktime import Calendar
from benchmarks.recount import works
from benchmarks.year import through


def test_a_year_of_cases_is_due_when_the_recount_says() -> None:
    """200 cases of every grade through 2026 with its holidays, make-up days, pauses, hand-overs and reopenings: each
    due time is the one that the recount finds."""
    year = through(200, 300, seed=7)
    assert year.officers == 300 and year.due_times > 2000
    assert year.wrong == 0, year.first_wrong


def test_the_recount_notices_a_calendar_without_make_up_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a Saturday that is worked taken for a free one, due times would be wrong and the recount would say so."""

    def five_days_a_week(self: Calendar, day: date) -> object:
        return self.intervals if day.weekday() < 5 and day not in self.off else ()

    monkeypatch.setattr(Calendar, "hours", five_days_a_week)
    assert through(60, 300, seed=7).wrong > 0


def test_the_hand_written_days_are_those_of_the_notice() -> None:
    """The recount's own table and the published calendar name the same working days of 2026."""
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert [day for day in days if works(day)] == [day for day in days if chinese_calendar.is_workday(day)]
