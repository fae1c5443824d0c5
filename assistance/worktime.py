"""Working time: moving a moment into it, and adding working days to a moment (docs/rules.md C).

All arithmetic happens on the wall clock of the region (Asia/Shanghai has no summer time); moments come in and go out
aware. A working end belongs to the next working start.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_HORIZON = timedelta(days=60)  # a calendar with no working time for so long is refused when the pack is read


class NoWorkingTime(ValueError):
    """The calendar has no working time in the next 60 days: mend calendar.toml of the pack."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working intervals of a day (start, end), and the days that differ from Monday–Friday."""

    intervals: tuple[tuple[time, time], ...] = ((time(8, 30), time(17, 30)),)
    off: frozenset[date] = frozenset()  # weekdays that are free
    on: frozenset[date] = frozenset()  # weekend days that are worked (调休)
    zone: ZoneInfo = SHANGHAI

    def is_workday(self, day: date) -> bool:
        """Whether offices are open on this day."""
        return day in self.on or (day.weekday() < 5 and day not in self.off)

    @property
    def day_length(self) -> timedelta:
        """Working time of one working day."""
        return sum((_length(start, end) for start, end in self.intervals), timedelta())

    def forward(self, moment: datetime) -> datetime:
        """The moment itself if it lies in working time, else the next working start."""
        return next(start for start, _ in self._from(moment))

    def add_workdays(self, moment: datetime, days: int) -> datetime:
        """The end of `days` working days after a moment; what is left of the first day counts.

        2 working days after Wednesday 30 September 2026 16:00 is Friday 9 October 16:00.
        """
        left = days * self.day_length
        for start, end in self._from(moment):
            if end - start > left:
                return start + left
            left -= end - start
        raise NoWorkingTime

    def _from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working intervals from a moment on, the first one cut to what is left of it."""
        local = moment.astimezone(self.zone)
        day, last = local.date(), local.date() + _HORIZON
        while day <= last:
            if self.is_workday(day):
                for start_time, end_time in self.intervals:
                    start = max(datetime.combine(day, start_time, self.zone), local)
                    end = datetime.combine(day, end_time, self.zone)
                    if start < end:
                        last = day + _HORIZON
                        yield start, end
            day += timedelta(days=1)
        raise NoWorkingTime


def _length(start: time, end: time) -> timedelta:
    midnight = date(2000, 1, 1)
    return datetime.combine(midnight, end) - datetime.combine(midnight, start)
