"""What a supervisor's digest and a village officer's to-do hold (docs/rules.md F).

The lists come through the gate of sight before they get here; what a reader may not see is not counted either.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from assistance.case import URGENT, Case, Stage
from assistance.directory import Person, Role
from assistance.ladder import overdue
from assistance.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Digest:
    """Lists of cases, a case standing in the first that fits, and figures; `is_empty` when there is nothing to tell."""

    urgent: tuple[Case, ...] = ()  # every open E0 and E1
    late: tuple[Case, ...] = ()
    paused: tuple[Case, ...] = ()  # 挂起 for long
    soon: tuple[Case, ...] = ()  # due within one working day
    closing: tuple[Case, ...] = ()  # 待评价, closes by silence within one working day
    new: tuple[Case, ...] = ()
    confirmed: int = 0  # closed since the last digest by the resident's or another person's word
    unconfirmed: int = 0  # and by silence: counted apart
    breached: int = 0  # limits that passed since the last digest, whatever became of the case
    red: int = 0  # 红牌 among them

    @property
    def is_empty(self) -> bool:
        """Nothing new, late, due or urgent, nothing closed."""
        lists = self.urgent or self.late or self.paused or self.soon or self.closing or self.new
        return not (lists or self.confirmed or self.unconfirmed or self.breached)


def sort_digest(
    cases: Iterable[Case],
    due: dict[str, datetime | None],
    since: datetime,
    soon: datetime,
    long: frozenset[str] = frozenset(),
) -> Digest:
    """Sort the cases a reader may see; `due` holds the next due time of each, `soon` is one working day from now,
    `long` names those that are paused for long."""
    lists: dict[str, list[Case]] = {name: [] for name in ("urgent", "late", "paused", "soon", "closing", "new")}
    cases = sorted(cases, key=lambda one: (one.grade.value, one.opened_at))
    for case in cases:
        when = due.get(case.id)
        if case.open and case.grade in URGENT:
            lists["urgent"].append(case)
        elif overdue(case):
            lists["late"].append(case)
        elif case.id in long:
            lists["paused"].append(case)
        elif case.opened_at >= since:
            lists["new"].append(case)
        elif case.stage is Stage.ASKING and when is not None and when <= soon:
            lists["closing"].append(case)
        elif case.stage.climbing and when is not None and when <= soon:
            lists["soon"].append(case)
    ended = [case for case in cases if case.stage is Stage.CLOSED and case.closed_at and case.closed_at >= since]
    missed = [one for case in cases for one in case.breaches if one.card != "yellow" and one.due >= since]
    return Digest(
        **{name: tuple(found) for name, found in lists.items()},
        confirmed=sum(not case.unconfirmed for case in ended),
        unconfirmed=sum(case.unconfirmed for case in ended),
        breached=len(missed),
        red=sum(one.card == "red" for one in missed),
    )


def paused_long(case: Case, rulebook: Rulebook, now: datetime) -> bool:
    """Whether a pause lasts for so long by now that it stands in the digest."""
    limit = rulebook.of(case).pause_long
    return case.paused and case.paused_at is not None and limit.after(case.paused_at, rulebook.calendar) <= now


def card(case: Case) -> str | None:
    """黄牌 or 红牌 that a case shows: the last one of a limit that still runs."""
    return next((one.card for one in reversed(case.breaches) if one.card and one.ended_at is None), None)


def reads_digest(person: Person) -> bool:
    """Everybody above the village gets the 18:00 digest."""
    return person.is_officer and person.role is not Role.VILLAGE


def last_slot(now: datetime, at: time, rulebook: Rulebook, *, workdays_only: bool = False) -> datetime:
    """The latest moment up to `now` at which a daily message was due; missed ones are caught up as this one."""
    zone = rulebook.calendar.zone
    local = now.astimezone(zone)
    day = local.date() if local.time() >= at else local.date() - timedelta(days=1)
    while workdays_only and not rulebook.calendar.is_workday(day):
        day -= timedelta(days=1)
    return datetime.combine(day, at, zone)


def next_slot(now: datetime, at: time, rulebook: Rulebook, *, workdays_only: bool = False) -> datetime:
    """The next moment after `now` at which a daily message is due."""
    zone = rulebook.calendar.zone
    local = now.astimezone(zone)
    day: date = local.date() if local.time() < at else local.date() + timedelta(days=1)
    while workdays_only and not rulebook.calendar.is_workday(day):
        day += timedelta(days=1)
    return datetime.combine(day, at, zone)
