"""Working time: moving a moment into it, and adding working days to a moment (docs/rules.md C).

All arithmetic happens on the wall clock of the region (Asia/Shanghai has no summer time); moments come in and go out
aware. A working end belongs to the next working start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
Hours = tuple[tuple[time, time], ...]  # working intervals of a day: start, end
_HORIZON = timedelta(days=60)  # a calendar with no working time for so long is refused when the pack is read


class NoWorkingTime(ValueError):
    """The calendar has no working time in the next 60 days: mend calendar.toml of the pack."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working intervals of a day (start, end), and the days that differ from Monday–Friday."""

    intervals: Hours = ((time(8, 30), time(17, 30)),)
    off: frozenset[date] = frozenset()  # weekdays that are free
    on: frozenset[date] = frozenset()  # weekend days that are worked (调休)
    zone: ZoneInfo = SHANGHAI
    special: Mapping[date, Hours] = field(default_factory=dict)  # days with hours of their own (半天上班)

    def is_workday(self, day: date) -> bool:
        """Whether offices are open on this day."""
        return bool(self.hours(day))

    def hours(self, day: date) -> Hours:
        """The working intervals of this day; none on a free one."""
        if day in self.special:
            return self.special[day]
        worked = day in self.on or (day.weekday() < 5 and day not in self.off)
        return self.intervals if worked else ()

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
        return self.add_working(moment, days * self.day_length)

    def add_working(self, moment: datetime, left: timedelta) -> datetime:
        """The moment at which so much working time after a moment has passed."""
        for start, end in self._from(moment):
            if end - start > left:
                return start + left
            left -= end - start
        raise NoWorkingTime

    def working_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from one moment to another; none where the second is not the later one."""
        found = timedelta()
        for since, until in self._from(start):
            if since >= end:
                break
            found += min(until, end) - since
        return found

    def _from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working intervals from a moment on, the first one cut to what is left of it."""
        local = moment.astimezone(self.zone)
        day, last = local.date(), local.date() + _HORIZON
        while day <= last:
            for start_time, end_time in self.hours(day):
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
