"""What a supervisor's digest and a village officer's to-do hold (docs/rules.md F).

The lists come through the gate of sight before they get here; what a reader may not see is not counted either.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from assistance.case import URGENT, Case
from assistance.directory import Person, Role
from assistance.ladder import overdue
from assistance.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Digest:
    """Four lists of cases, a case standing in the first that fits; `is_empty` when there is nothing to tell."""

    urgent: tuple[Case, ...]  # every open E0 and E1
    late: tuple[Case, ...]
    soon: tuple[Case, ...]  # due within one working day
    new: tuple[Case, ...]

    @property
    def is_empty(self) -> bool:
        """Nothing new, late, due or urgent."""
        return not (self.urgent or self.late or self.soon or self.new)


def sort_digest(cases: Iterable[Case], due: dict[str, datetime | None], since: datetime, soon: datetime) -> Digest:
    """Sort the cases a reader may see; `due` holds the next due time of each, `soon` is one working day from now."""
    lists: dict[str, list[Case]] = {"urgent": [], "late": [], "soon": [], "new": []}
    for case in sorted(cases, key=lambda one: (one.grade.value, one.opened_at)):
        when = due.get(case.id)
        if case.open and case.grade in URGENT:
            lists["urgent"].append(case)
        elif overdue(case):
            lists["late"].append(case)
        elif case.opened_at >= since:
            lists["new"].append(case)
        elif case.stage.climbing and when is not None and when <= soon:
            lists["soon"].append(case)
    return Digest(**{name: tuple(found) for name, found in lists.items()})


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
