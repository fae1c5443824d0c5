"""The queue's numbers (规则): a region pack's data as checked values. The code knows none of the numbers itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal

from assistance.case import URGENT, Case, Grade
from assistance.directory import Level
from assistance.routing import Routing
from assistance.worktime import Calendar


class Clock(StrEnum):
    """What a step waits for: `accept` stops at 接单, `act` at the first logged progress, `finish` at 办结."""

    ACCEPT = "accept"
    ACT = "act"
    FINISH = "finish"


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time as the rules write it: `15 min`, `2 h`, `15 d` (calendar days 日), `3 wd` (working days 工作日),
    `next day 09:00`, or `by 06-30 + 5 wd`: until the end of that day, or of the case's own date, and then 5 wd."""

    amount: int
    unit: Literal["min", "h", "d", "wd", "next_day", "by"]
    at: time | None = None  # for next_day only
    day: tuple[int, int] | None = None  # for by only: month and day

    @property
    def counts_working_time(self) -> bool:
        """Whether a pause stops working time of it, not time on the clock."""
        return self.unit in ("wd", "by")

    def after(self, moment: datetime, calendar: Calendar, deadline: date | None = None) -> datetime:
        """The moment at which the limit ends when it began at `moment`; `deadline` is the case's own date for `by`."""
        match self.unit:
            case "wd":
                return calendar.add_workdays(moment, self.amount)
            case "d":
                return moment + timedelta(days=self.amount)
            case "by":
                over = self._day_of(moment, calendar, deadline) + timedelta(days=1)
                return calendar.add_workdays(datetime.combine(over, time(), calendar.zone), self.amount)
            case "next_day":
                tomorrow = moment.astimezone(calendar.zone).date() + timedelta(days=self.amount)
                return datetime.combine(tomorrow, self.at or time(9), calendar.zone)
            case "h":
                return moment + timedelta(hours=self.amount)
            case "min":
                return moment + timedelta(minutes=self.amount)

    def _day_of(self, moment: datetime, calendar: Calendar, deadline: date | None) -> date:
        """The case's own date, else the next such day of a year."""
        begun = moment.astimezone(calendar.zone).date()
        month, day = self.day or (12, 31)
        this_year = date(begun.year, month, day)
        return deadline or (this_year if begun <= this_year else date(begun.year + 1, month, day))

    def __str__(self) -> str:
        match self.unit:
            case "next_day":
                return f"next day {self.at or time(9):%H:%M}"
            case "by":
                month, day = self.day or (12, 31)
                return f"by {month:02d}-{day:02d} + {self.amount} wd"
            case unit:
                return f"{self.amount} {unit}"


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of a ladder. `to` is the level that is told; None reminds the desk that has it."""

    id: str  # accept:0, act:0, finish:1 – stable within a rule version
    clock: Clock
    limit: Limit
    to: Level | None = None
    yellow: bool = False  # a warning (黄牌) before the limit, not a breach
    red: bool = False  # the breach that the circular counts (红牌)

    @property
    def card(self) -> str | None:
        """黄牌 or 红牌, where this step shows one."""
        return "red" if self.red else "yellow" if self.yellow else None


@dataclass(frozen=True, slots=True)
class Ladder:
    """All steps of a grade, and what follows at its top."""

    steps: tuple[Step, ...]
    top_every: Limit  # how often the top level and the handler are reminded
    confirm_after: Limit  # how long the resident has to answer before it closes unconfirmed
    opens_at: tuple[str, ...] = ("village",)  # village, town, county, discipline
    set_by: Level = Level.VILLAGE  # the lowest level whose officers may set this grade


@dataclass(frozen=True, slots=True)
class VisitRule:
    """How often a household is to be visited (走访频次); fits by class, kind or trait (docs/domain.md C6).

    `phone` and `not_met` say what a call, and a visit that met nobody (未见到), count for: `never`, `once` (not twice
    in a row) or `always`. `instead`: holds alone, also where a tighter rule would fit.
    """

    days: int
    fits: str
    phone: Literal["never", "once", "always"] = "never"
    not_met: Literal["never", "once", "always"] = "once"
    instead: bool = False


@dataclass(frozen=True, slots=True)
class VisitRules:
    """The visit plan (走访计划): intervals, on whose list an overdue visit stands after how many days (grade V), and
    the words that tell a call or a door that stayed shut."""

    every: tuple[VisitRule, ...] = ()
    otherwise: VisitRule = VisitRule(180, "")
    late: tuple[tuple[int, Level], ...] = ()
    phone_words: tuple[str, ...] = ()
    not_met_words: tuple[str, ...] = ()
    listed: int = 10  # the most that one list names


@dataclass(frozen=True, slots=True)
class Hint:
    """What suggests a class of household: a grade, a kind or a cause of `signs`."""

    risk: str  # A, B or C
    signs: frozenset[str]


@dataclass(frozen=True, slots=True)
class LedgerRules:
    """The ledger's numbers (台账): days of 公示 and 公告, months of 退出监测, and what suggests a class."""

    posted_days: int = 7
    announced_days: int = 5
    watch_months: int = 6
    at_a_time: int = 4  # questions of the exit in a row
    hints: tuple[Hint, ...] = ()
    otherwise: str = "C"


@dataclass(frozen=True, slots=True)
class Retention:
    """How many years personal words are kept after a case closed (保存年限): of a need, of a complaint, and photos."""

    need: int = 3
    complaint: int = 10
    media: int = 1


@dataclass(frozen=True, slots=True)
class Aftercare:
    """After a complaint (回访): on which days its reporter is asked whether anybody makes trouble for them, at what
    time of day, and for how many days a benefit of theirs that stops is the county's matter (docs/domain.md G3)."""

    ask_days: tuple[int, ...] = (7, 30, 90)
    ask_at: time = time(10)
    watch_days: int = 90
    benefits: tuple[str, ...] = ()  # words for what may be taken away: 低保, 分红, 岗位
    stopped: tuple[str, ...] = ()  # and words that tell that it was
    leave_alone: tuple[str, ...] = ()  # words with which somebody asks not to be asked


@dataclass(frozen=True, slots=True)
class Guessing:
    """How many wrong codes are borne before the answer is to wait, whatever comes."""

    by_one: int = 5  # of one person, within `rest`
    of_receipt: int = 30  # for one receipt, from everybody within a day
    of_invitations: int = 100  # invitation codes from everybody within a day; links go on
    rest: timedelta = timedelta(hours=1)


@dataclass(frozen=True)
class Rulebook:
    """Everything the queue asks the pack."""

    version: str
    ladders: Mapping[Grade, Ladder]
    calendar: Calendar
    routing: Routing
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
    guessing: Guessing = Guessing()
    aftercare: Aftercare = Aftercare()
    duty_hours: tuple[time, time] = (time(17, 30), time(8, 30))  # a night's duty begins, and every duty ends
    duty_after: timedelta = timedelta(minutes=3)  # E0 and E1 that nobody opened by then go to the duty roster
    refuse_within: Limit = Limit(2, "wd")  # a 退单 that comes later is marked late
    rerouting: tuple[Step, ...] = ()  # D1: while a refused case waits to be passed on
    pause_most: Limit = Limit(5, "wd")  # 挂起 lasts no longer
    pause_long: Limit = Limit(2, "wd")  # one that lasted so long stands in the digest
    visits: VisitRules = field(default_factory=VisitRules)
    ledger: LedgerRules = LedgerRules()
    retention: Retention = Retention()
    earlier: Mapping[str, Rulebook] = field(default_factory=dict)  # by version: cases opened under one keep it

    def of(self, case: Case) -> Rulebook:
        """The numbers in force when the case opened; where the pack keeps that version no more, those of today."""
        return self.earlier.get(case.rules, self)

    def ladder(self, case: Case) -> Ladder:
        """The ladder a case climbs, of the version in force when it opened."""
        frozen = self.of(case)
        return frozen.sorting if case.sorting else frozen.ladders.get(case.grade) or self.ladders[case.grade]

    def steps(self, case: Case) -> tuple[Step, ...]:
        """The steps of its ladder, and those of a 退单 while it waits to be passed on. E0 and E1 are quicker by
        themselves."""
        waits = case.rerouting and case.grade not in URGENT
        return self.ladder(case).steps + (self.of(case).rerouting if waits else ())

    def quiet_until(self, moment: datetime) -> datetime | None:
        """When quiet hours that hold `moment` end; None where it is not quiet."""
        start, end = self.quiet
        local = moment.astimezone(self.calendar.zone)
        if local.time() >= start:
            return datetime.combine(local.date() + timedelta(days=1), end, self.calendar.zone)
        if local.time() < end:
            return datetime.combine(local.date(), end, self.calendar.zone)
        return None
