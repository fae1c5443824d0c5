"""What officers sign on the ledger (台账): registering, class, measures, the exit and its days, objections.

Each step gives the new line and the entry after it, or says why it is not to be taken.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from assistance.case import Case, Kind, What
from assistance.decision import Decision
from assistance.directory import Household, Person, Role
from assistance.ledger import Did, Entry, Line, State, evolve
from assistance.moves import Moves
from assistance.rulebook import LedgerRules
from assistance.work import Refused

TRUE, PARTLY, NOT = "属实", "部分属实", "不属实"
CLASSES = ("A", "B", "C")
_LOCAL = (Role.VILLAGE, Role.TOWN)
_ABOVE = (Role.TOWN, Role.COUNTY)
RESULTS = (TRUE, PARTLY, NOT)


@dataclass(frozen=True, slots=True)
class Step:
    """A signed step: the lines that are new, and the entry after them."""

    entry: Entry
    lines: tuple[Line, ...]


def _then(entry: Entry, what: Did, by: str | None, now: datetime, **data: Any) -> Step:
    line = Line(entry.id, entry.seq + 1, now, what, by, data)
    return Step(evolve(entry, line), (line,))


def may_register(case: Case) -> bool:
    """Whether a case is a household's need that an officer may verify: never a complaint, never a sealed case."""
    return case.kind in (Kind.HARDSHIP, Kind.PROBLEM, Kind.LEAD) and not case.sealed and case.household is not None


def verify(case: Case, officer: Person, result: str, now: datetime) -> Decision | Refused:
    """核实: 属实, 部分属实 or 不属实, by the handler or an officer above the village who sees the case. It is seeing
    the household, so it counts as progress."""
    if not case.stage.climbing:
        return Refused("late_ended")
    if not may_register(case):
        return Refused("no_need")
    if case.handler is None:
        return Refused("accept_first")
    if officer.id != case.handler and officer.role not in _ABOVE:
        return Refused("not_yours")
    if case.verified == result:
        return Refused("verified_already")
    moves = Moves(case, now)
    moves.did(What.VERIFIED, by=officer.id, result=result)
    return moves.done()


def same_household(entries: Iterable[Entry], case: Case) -> Entry | None:
    """The household's entry that a case joins. One that is kept from others is another entry: nobody may learn by a
    change of theirs that there is a need they are not to know of (docs/rules.md H)."""
    same = (one for one in entries if one.household == case.household and one.barred == case.barred)
    return next(same, None)


def register(
    number: str,
    key: str,
    case: Case,
    officer: Person,
    result: str,
    household: Household | None,
    rules: LedgerRules,
    now: datetime,
    *,
    members: int | None = None,
    source: str | None = None,
) -> Step:
    """登记: the verified household goes on the ledger."""
    data = {
        "number": number,
        "household": case.household,
        "county": case.county,
        "village": case.village,
        "town": case.town,
        "found_at": case.opened_at.isoformat(),
        "result": result,
        "grade": case.grade.value,
        "kind": household.kind if household else None,
        "members": household.members if household and household.members else members,
        "cause": case.cause,
        "source": source,
        "lead": case.lead,
        "co": case.co,
        "cases": (case.id,),
        "barred": sorted(case.barred),
        "hint": hint(case, household, rules),
    }
    line = Line(key, 1, now, Did.REGISTERED, officer.id, data)
    return Step(evolve(None, line), (line,))


def hint(case: Case, household: Household | None, rules: LedgerRules) -> tuple[str, ...]:
    """The class that the pack's table suggests, and what suggests it: no decision, an officer sets the class (定类)."""
    kind = household.kind if household else ""
    for row in rules.hints:
        why = [word for word in (case.grade.value, kind, case.cause or "") if word and word in row.signs]
        if why:
            return (row.risk, *why)
    return (rules.otherwise,)


def join(entry: Entry, case: Case, officer: Person, now: datetime) -> Step:
    """A further hardship of a household that stands on the ledger was verified."""
    return _then(entry, Did.JOINED, officer.id, now, case=case.id, grade=case.grade.value)


def put_back(entry: Entry, case: Case, now: datetime) -> Step | None:
    """A new hardship while the exit is under way or watched puts the household back, whoever told it."""
    if entry.state in (State.HELPED, State.LEFT) or case.id in entry.cases:
        return None
    return _then(entry, Did.RETURNED, None, now, case=case.id, grade=case.grade.value)


def classify(entry: Entry, officer: Person, risk: str, now: datetime) -> Step | Refused:
    """定类: A, B or C, by an officer of village, town or county."""
    if officer.role not in (*_LOCAL, Role.COUNTY):
        return Refused("not_your_step")
    if entry.state is State.LEFT:
        return Refused("left")
    return _then(entry, Did.CLASSED, officer.id, now, risk=risk)


def measure(entry: Entry, officer: Person, yuan: int | None, said: str, now: datetime) -> Step | Refused:
    """帮扶措施: one of several; its words are kept beside the history."""
    if entry.state is State.LEFT:
        return Refused("left")
    return _then(entry, Did.MEASURED, officer.id, now, number=entry.measures + 1, yuan=yuan, said=said)


def ask_exit(entry: Entry, officer: Person, now: datetime) -> Step | Refused:
    """申请退出, or going on where the eight questions were left, by an officer of the village or town."""
    if officer.role not in _LOCAL:
        return Refused("not_your_step")
    if entry.state is State.CHECKED:
        return Step(entry, ())
    if entry.state is not State.HELPED:
        return Refused("not_now")
    return _then(entry, Did.EXIT_ASKED, officer.id, now)


def answer(entry: Entry, officer: Person, block: str, now: datetime, *, holds: bool) -> Step | Refused:
    """One of the eight: where it holds, the household stays."""
    if officer.role not in _LOCAL:
        return Refused("not_your_step")
    if entry.state is not State.CHECKED:
        return Refused("not_now")
    return _then(entry, Did.ANSWERED, officer.id, now, block=block, holds=holds)


def post(entry: Entry, officer: Person, rules: LedgerRules, zone: tzinfo, now: datetime) -> Step | Refused:
    """公示, signed by the town (or the county)."""
    if officer.role not in _ABOVE:
        return Refused("not_your_step")
    if entry.state is not State.READY:
        return Refused("not_now")
    return _then(entry, Did.POSTED, officer.id, now, until=days_over(now, rules.posted_days, zone).isoformat())


def announce(entry: Entry, officer: Person, rules: LedgerRules, zone: tzinfo, now: datetime) -> Step | Refused:
    """公告, once 公示 has had all its days without an objection."""
    if refused := _too_early(entry, officer, State.POSTED, now):
        return refused
    until = days_over(now, rules.announced_days, zone)
    return _then(entry, Did.ANNOUNCED, officer.id, now, until=until.isoformat())


def leave(entry: Entry, officer: Person, rules: LedgerRules, zone: tzinfo, now: datetime) -> Step | Refused:
    """准予退出, once 公告 has had all its days; never by the one who asked for it. The watch begins."""
    if refused := _too_early(entry, officer, State.ANNOUNCED, now):
        return refused
    if officer.id == entry.exit_by:
        return Refused("not_the_one_who_asked")
    return _then(entry, Did.EXITED, officer.id, now, until=months_over(now, rules.watch_months, zone).isoformat())


def end_watch(entry: Entry, officer: Person, now: datetime) -> Step | Refused:
    """监测期满: the watch is over without a new hardship."""
    return _too_early(entry, officer, State.WATCHED, now) or _then(entry, Did.LEFT, officer.id, now)


def _too_early(entry: Entry, officer: Person, state: State, now: datetime) -> Refused | None:
    if officer.role not in _ABOVE:
        return Refused("not_your_step")
    if entry.state is not state:
        return Refused("not_now")
    return Refused("too_early") if entry.step_at and now < entry.step_at else None


def object_to(entry: Entry, officer: Person | None, said: str, now: datetime) -> Step | Refused:
    """异议 by an officer or a resident (None: who it was stands nowhere): the days stop, the town looks at it."""
    if not entry.state.posted:
        return Refused("nothing_posted")
    return _then(entry, Did.OBJECTED, officer.id if officer else None, now, said=said)


def rule_on(
    entry: Entry, officer: Person, rules: LedgerRules, zone: tzinfo, now: datetime, *, upheld: bool
) -> Step | Refused:
    """异议成立: the household stays; 异议不成立: the days that were stopped count anew from today."""
    if officer.role not in _ABOVE:
        return Refused("not_your_step")
    if entry.state is not State.STOPPED:
        return Refused("not_now")
    if upheld:
        return _then(entry, Did.UPHELD, officer.id, now)
    days = rules.announced_days if entry.stopped is State.ANNOUNCED else rules.posted_days
    return _then(entry, Did.OVERRULED, officer.id, now, until=days_over(now, days, zone).isoformat())


def days_over(moment: datetime, days: int, zone: tzinfo) -> datetime:
    """When so many days are over; the day itself does not count (期间开始的当日不计入, 民法典 第二百零一条 [mem])."""
    last = moment.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(last + timedelta(days=1), time(), zone)


def months_over(moment: datetime, months: int, zone: tzinfo) -> datetime:
    """When so many months are over: the day of the same number, or the month's last."""
    begun = moment.astimezone(zone).date()
    year, month = divmod(begun.year * 12 + begun.month - 1 + months, 12)
    day = begun.replace(year=year, month=month + 1, day=min(begun.day, monthrange(year, month + 1)[1]))
    return datetime.combine(day + timedelta(days=1), time(), zone)
