"""The queue's numbers (规则): a region pack's data as checked values. The code knows none of the numbers itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Literal

from assistance.case import Case, Grade, Kind
from assistance.directory import Level
from assistance.worktime import Calendar


class Clock(StrEnum):
    """What a step waits for: `accept` stops at 接单, `act` at the first logged progress, `finish` at 办结."""

    ACCEPT = "accept"
    ACT = "act"
    FINISH = "finish"


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time as the rules write it: `15 min`, `2 h`, `3 wd` (working days) or `next day 09:00`."""

    amount: int
    unit: Literal["min", "h", "wd", "next_day"]
    at: time | None = None  # for next_day only

    def after(self, moment: datetime, calendar: Calendar) -> datetime:
        """The moment at which the limit ends when it began at `moment`."""
        match self.unit:
            case "wd":
                return calendar.add_workdays(moment, self.amount)
            case "next_day":
                tomorrow = moment.astimezone(calendar.zone).date() + timedelta(days=self.amount)
                return datetime.combine(tomorrow, self.at or time(9), calendar.zone)
            case "h":
                return moment + timedelta(hours=self.amount)
            case "min":
                return moment + timedelta(minutes=self.amount)


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of a ladder. `to` is the level that is told; None reminds the desk that has it."""

    id: str  # accept:0, act:0, finish:1 – stable within a rule version
    clock: Clock
    limit: Limit
    to: Level | None = None
    yellow: bool = False  # a warning (黄牌) before the limit, not a breach


@dataclass(frozen=True, slots=True)
class Ladder:
    """All steps of a grade, and what follows at its top."""

    steps: tuple[Step, ...]
    top_every: Limit  # how often the top level and the handler are reminded
    confirm_after: Limit  # how long the resident has to answer before it closes unconfirmed
    opens_at: tuple[str, ...] = ("village",)  # village, town, county, discipline


@dataclass(frozen=True, slots=True)
class Route:
    """Which department leads on a topic; the first named leads, the others help (列在首位的为牵头单位)."""

    department: str
    hardship: str | None = None  # for a sudden hardship of this topic
    by_word: tuple[tuple[str, str], ...] = ()  # a word in the message → another department
    by_cause: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rulebook:
    """Everything the queue asks the pack."""

    version: str
    ladders: Mapping[Grade, Ladder]
    calendar: Calendar
    routing: Mapping[str, Route]  # by topic
    sorting: Ladder  # for what was not understood
    withdraw_after: Limit = Limit(1, "wd")
    quiet: tuple[time, time] = (time(21), time(7, 30))
    digest_at: time = time(18)
    todo_at: time = time(8, 30)
    undo_for: timedelta = timedelta(minutes=10)
    fold_thing: timedelta = timedelta(days=7)
    fold_need: timedelta = timedelta(days=30)
    poor_kinds: frozenset[str] = frozenset({"监测户", "低保户", "特困"})
    tighter: Mapping[Grade, Grade] = field(default_factory=lambda: {Grade.E3: Grade.E2, Grade.E4: Grade.E3})
    visit_every: Mapping[str, int] = field(default_factory=dict)  # household kind → days

    def ladder(self, case: Case) -> Ladder:
        """The ladder a case climbs."""
        return self.sorting if case.sorting else self.ladders[case.grade]

    def lead(self, kind: Kind, topic: str, cause: str | None, words: str) -> str | None:
        """The department that answers at county level; complaints have none (docs/rules.md H)."""
        route = self.routing.get(topic)
        if kind is Kind.COMPLAINT or route is None:
            return None
        if kind is Kind.HARDSHIP and route.hardship:
            return route.hardship
        by_word = next((department for word, department in route.by_word if word in words), None)
        return by_word or route.by_cause.get(cause or "", route.department)

    def quiet_until(self, moment: datetime) -> datetime | None:
        """When quiet hours that hold `moment` end; None where it is not quiet."""
        start, end = self.quiet
        local = moment.astimezone(self.calendar.zone)
        if local.time() >= start:
            return datetime.combine(local.date() + timedelta(days=1), end, self.calendar.zone)
        if local.time() < end:
            return datetime.combine(local.date(), end, self.calendar.zone)
        return None
