"""The visit plan (走访计划): when each household is to be visited next, and on whose list an overdue visit stands
(grade V, docs/domain.md C6, C7). Numbers are the pack's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from assistance.decision import Visit, VisitPlan
from assistance.directory import Directory, Household, Level, Person, Role
from assistance.rulebook import VisitRule, VisitRules
from assistance.worktime import SHANGHAI

NOT_MET = "未见到"


def rule_for(household: Household, rules: VisitRules) -> VisitRule:
    """The interval of a household: the one that holds alone, else the shortest that fits."""
    marks = {household.risk, household.kind, *household.traits}
    fitting = [rule for rule in rules.every if rule.fits in marks]
    alone = [rule for rule in fitting if rule.instead]
    return min(alone or fitting or [rules.otherwise], key=lambda rule: rule.days)


def planned(
    household: Household, visits: Iterable[Visit], known: date, rules: VisitRules, directory: Directory
) -> VisitPlan:
    """The plan that follows from the visits told so far; without one the first is due an interval after `known`."""
    rule = rule_for(household, rules)
    last, last_kind = None, ""
    for visit in sorted((one for one in visits if not one.void), key=visit_day):
        kind = _kind(visit)
        if _counts(kind, last_kind, rule):
            last, last_kind = visit_day(visit), kind
    due = (last or known) + timedelta(days=rule.days)
    town, county = (directory.above(household.village, level) for level in (Level.TOWN, Level.COUNTY))
    return VisitPlan(household.id, household.village, known, due, last, town, county)


def visit_day(visit: Visit) -> date:
    """The day of a visit; where the words left it open, the day it was told."""
    return visit.on or visit.at.astimezone(SHANGHAI).date()


def _kind(visit: Visit) -> str:
    return "not_met" if visit.met == NOT_MET else "phone" if visit.by_phone else "home"


def _counts(kind: str, before: str, rule: VisitRule) -> bool:
    """Whether a visit moves the date: at the door always, a call or a shut door as the rule says."""
    allowed = {"phone": rule.phone, "not_met": rule.not_met}.get(kind, "always")
    return allowed == "always" or (allowed == "once" and before != kind)


def late_after(level: Level, rules: VisitRules) -> int | None:
    """After how many days an overdue visit stands on the list of this level; None where it never does."""
    return next((days for days, one in rules.late if one is level), None)


def list_level(person: Person) -> Level | None:
    """The level whose list of overdue visits somebody reads: the desks of town, county and city."""
    return person.level if person.role in (Role.TOWN, Role.COUNTY, Role.CITY) else None


def visitors(plan: VisitPlan, directory: Directory) -> tuple[str, ...]:
    """Who is to visit: the household's helper (帮扶责任人), else everybody of the village's desk."""
    household = directory.households.get(plan.household)
    helper = directory.persons.get(household.helper or "") if household else None
    if helper is not None and helper.left is None:
        return (helper.id,)
    return tuple(person.id for person in directory.at(f"village:{plan.village}"))


def end_of_week(day: date) -> date:
    """The Sunday of a day's week."""
    return day + timedelta(days=6 - day.weekday())
