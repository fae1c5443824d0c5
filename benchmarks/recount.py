"""The due time of a case counted anew from its events, minute by minute, without a line of the rules' own arithmetic.

Which minutes are worked is written here by hand after the State Council's notice for 2026 (国务院办公厅关于2026年部分节
假日安排的通知); the limits are the pack's, their meaning is that of rules B, C and D.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from assistance.case import Event, What
from assistance.rulebook import Limit, Rulebook

_BEIJING = timedelta(hours=8)
_BEGINS, _ENDS = datetime(2025, 12, 1, tzinfo=UTC) - _BEIJING, datetime(2028, 3, 1, tzinfo=UTC) - _BEIJING
_MINUTE = timedelta(minutes=1)
_FREE = (  # first and last free day
    (date(2026, 1, 1), date(2026, 1, 3)),  # 元旦
    (date(2026, 2, 15), date(2026, 2, 23)),  # 春节
    (date(2026, 4, 4), date(2026, 4, 6)),  # 清明节
    (date(2026, 5, 1), date(2026, 5, 5)),  # 劳动节
    (date(2026, 6, 19), date(2026, 6, 21)),  # 端午节
    (date(2026, 9, 25), date(2026, 9, 27)),  # 中秋节
    (date(2026, 10, 1), date(2026, 10, 7)),  # 国庆节
)
_WORKED = (  # 调休: weekend days that are worked
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
)
_MORNING, _EVENING = 8 * 60 + 30, 17 * 60 + 30  # minutes of a working day: from, until


def works(day: date) -> bool:
    """Whether a day is worked, by the notice."""
    if day in _WORKED:
        return True
    return day.isoweekday() <= 5 and not any(first <= day <= last for first, last in _FREE)


def _work_before() -> array[int]:
    """How many working minutes lie before each minute of the table."""
    counted, found = 0, array("l", [0])
    day = (_BEGINS + _BEIJING).date()
    while day < (_ENDS + _BEIJING).date():
        worked = works(day)
        for minute in range(24 * 60):
            counted += worked and _MORNING <= minute < _EVENING
            found.append(counted)
        day += timedelta(days=1)
    return found


class Recount:
    """Counts due times with one rulebook's limits."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rules, self._before = rulebook, _work_before()

    def due(self, history: Sequence[Event]) -> datetime | None:
        """When something happens to the case by itself next; None for a closed one."""
        first = history[0].data
        ladder = next(one for grade, one in self._rules.ladders.items() if grade == first["grade"])
        urgent = first["grade"] in {"E0", "E1"}
        owner = finish = told = datetime.fromisoformat(first["received_at"])
        taken, accepted, acted, asked, city = set[str](), None, False, None, first["level"] == "city"
        pause: tuple[datetime, datetime] | None = None
        waits = False
        for one in history[1:]:
            if one.what in {What.TRANSFERRED, What.FINISHED, What.DISPUTED, What.EXPIRED, What.RESUMED} and waits:
                waits, pause = False, pause and (pause[0], min(pause[1], one.at))
            match one.what:
                case What.ACCEPTED:
                    accepted = one.at
                case What.PROGRESSED:
                    acted = True
                case What.EXPIRED:
                    accepted = None
                case What.ESCALATED | What.REMINDED:
                    taken |= set(one.data["steps"])
                    if one.what is What.REMINDED or one.to == "city" or not city:
                        told = one.at
                    city = city or one.data.get("level") == "city"
                case What.TRANSFERRED:
                    owner, accepted, acted = one.at, None, False
                    taken = {step for step in taken if step.startswith("finish")}
                case What.PAUSED:
                    waits, pause = True, (one.at, datetime.fromisoformat(one.data["until"]))
                case What.FINISHED:
                    asked = one.at
                case What.DISPUTED:
                    owner = finish = one.at
                    taken, accepted, acted, asked = set(), None, False, None
                    told = history[0].at
                case What.CONFIRMED | What.CLOSED:
                    return None
        if asked:
            return self._counted(ladder.confirm_after, asked, None)[1]
        stopped = {"accept": accepted is not None, "act": acted, "finish": False}
        left = [step for step in ladder.steps if step.id not in taken and not stopped[step.clock.value]]
        ends = [self._end(one.limit, finish if one.clock == "finish" else owner, urgent, pause) for one in left]
        if city or not left:
            ends.append(self._end(ladder.top_every, told, urgent, pause))
        acts = [step for step in ladder.steps if step.clock == "act"]
        if accepted and not acted and acts and all(step.id in taken for step in acts):
            ends.append(min(self._end(step.limit, accepted, urgent, pause) for step in acts))
        if waits and pause:
            ends.append(pause[1])
        return min(ends)

    def _end(self, limit: Limit, start: datetime, urgent: bool, pause: tuple[datetime, datetime] | None) -> datetime:
        """The first minute at which the limit has passed, pauses left out, that is worked unless the case is urgent."""
        if pause and start >= pause[1]:
            pause = None
        ran_out, end = self._counted(limit, start, pause)
        if not urgent:
            end = self._worked(end)
        if pause and pause[0] < end < pause[1] and ran_out <= end:
            end = pause[1] if urgent else self._worked(pause[1])
        return end

    def _counted(
        self, limit: Limit, start: datetime, pause: tuple[datetime, datetime] | None
    ) -> tuple[datetime, datetime]:
        """When so many minutes have passed that count; and where that is told by working time, the first worked one."""
        match limit.unit:
            case "next_day":
                day = (start + _BEIJING).date() + timedelta(days=limit.amount)
                end = datetime.combine(day, limit.at or time(9), UTC) - _BEIJING
            case "min" | "h" | "d":
                end = start + limit.amount * {"min": 1, "h": 60, "d": 24 * 60}[limit.unit] * _MINUTE
            case _:
                return self._worked_through(limit, start, pause)
        if pause and end > max(pause[0], start):
            end += pause[1] - max(pause[0], start)
        return end, end

    def _worked_through(
        self, limit: Limit, start: datetime, pause: tuple[datetime, datetime] | None
    ) -> tuple[datetime, datetime]:
        begin = start
        if limit.unit == "by":
            month, day = limit.day or (12, 31)
            local = (start + _BEIJING).date()
            last = date(local.year + (local > date(local.year, month, day)), month, day)
            begin = datetime.combine(last + timedelta(days=1), time(), UTC) - _BEIJING
        goal = limit.amount * (_EVENING - _MORNING)
        end = self._after(begin, goal)
        if pause and end > max(pause[0], start):
            stop = max(pause[0], start)
            # working minutes of the pause do not count; they are worked off behind its end
            left = max(0, goal - (self._before[self._at(stop)] - self._before[self._at(begin)]))
            end = self._after(max(begin, pause[1]), left) if begin <= stop else self._past(begin, goal, stop, pause[1])
        return end, end

    def _past(self, begin: datetime, goal: int, stop: datetime, until: datetime) -> datetime:
        """A limit that begins on its own day, behind the begin of a pause: what stood still is added behind it."""
        ran_out = self._after(begin, goal)
        return self._after(until, self._before[self._at(ran_out)] - self._before[self._at(stop)])

    def _at(self, moment: datetime) -> int:
        return (moment - _BEGINS) // _MINUTE

    def _worked(self, moment: datetime) -> datetime:
        return self._after(moment, 0)

    def _after(self, moment: datetime, minutes: int) -> datetime:
        """The first worked minute that has so many worked ones behind it since `moment`."""
        place = self._at(moment)
        goal = self._before[place] + minutes + 1
        return _BEGINS + (bisect_left(self._before, goal, place) - 1) * _MINUTE
