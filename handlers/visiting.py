"""The visit plan at work (走访计划): dates that follow from what was told, the morning's list of whom to visit, and the
overdue visits of a supervisor's digest (docs/domain.md C6, C7 V, C8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from assistance.decision import Decision, Visit, VisitPlan
from assistance.directory import Directory, Level, Person
from assistance.ports import Work
from assistance.visits import end_of_week, late_after, list_level, planned, visitors
from handlers.apply import apply
from handlers.notices import masked_name
from handlers.office import Office
from handlers.turn import Turn

_BATCH = 500
_MOST = 200  # plans looked at for one officer's morning


async def begin_plans(office: Office, now: datetime) -> int:
    """A household that came to the register gets a plan from today; how many there were."""
    async with office.store.work() as work:
        directory = await work.people.directory()
        if await work.visit_plans.count() >= len(directory.households):
            return 0
        known = await work.visit_plans.known()
        missing = [one for one in directory.households if one not in known][:_BATCH]
        today = _day(office, now)
        plans = [await _plan(office, work, directory, one, today) for one in missing]
        await apply(Decision(plans=tuple(plans)), work, office.kit.rulebook, now)
    return len(plans)


async def _plan(office: Office, work: Work, directory: Directory, household: str, known: date) -> VisitPlan:
    visits = _by_officers(await work.visits.of_household(household), directory)
    return planned(directory.households[household], visits, known, office.kit.rulebook.visits, directory)


async def keep(turn: Turn, visit: Visit, before: Visit | None = None) -> Decision:
    """A visit told, corrected or taken back, with the plans of the households that it was and is about."""
    about = {one.household for one in (visit, before) if one and one.household in turn.directory.households}
    plans = []
    for household in sorted(one for one in about if one):
        told = {one.id: one for one in await turn.work.visits.of_household(household)}
        told.pop(visit.id, None)
        if visit.household == household:
            told[visit.id] = visit
        old = await turn.work.visit_plans.of(household)
        known = old.known if old else turn.now.astimezone(turn.kit.rulebook.calendar.zone).date()
        visits = _by_officers(list(told.values()), turn.directory)
        rules = turn.kit.rulebook.visits
        plans.append(planned(turn.directory.households[household], visits, known, rules, turn.directory))
    return Decision(visits=(visit,), plans=tuple(plans))


def _by_officers(visits: Sequence[Visit], directory: Directory) -> list[Visit]:
    """Only an officer's visit is one of the plan; what a resident tells of one is kept beside it."""
    return [one for one in visits if one.by in directory.persons and directory.persons[one.by].is_officer]


async def overdue_lines(office: Office, work: Work, person: Person, directory: Directory, now: datetime) -> list[str]:
    """The overdue visits of a supervisor's list: so many days late at the town, the county, the city."""
    level, rules, phrases = list_level(person), office.kit.rulebook.visits, office.kit.phrases
    days = late_after(level, rules) if level else None
    if level is None or days is None or person.area is None:
        return []
    today = _day(office, now)
    count, plans = await work.visit_plans.due(level, person.area, today - timedelta(days=days), rules.listed)
    if not count:
        return []
    title = phrases("digest.visits", count=count, days=days)
    return [title, *(_line(office, plan, directory, today, masked=level is not Level.TOWN) for plan in plans)]


async def week_lines(office: Office, work: Work, person: Person, directory: Directory, now: datetime) -> list[str]:
    """Whom this officer is to visit up to Sunday, the longest due first."""
    if person.area is None:
        return []
    today = _day(office, now)
    _, plans = await work.visit_plans.due(Level.VILLAGE, person.area, end_of_week(today), _MOST)
    mine = [plan for plan in plans if person.id in visitors(plan, directory)]
    if not mine:
        return []
    title = office.kit.phrases("digest.week", count=len(mine))
    listed = mine[: office.kit.rulebook.visits.listed]
    return [title, *(_line(office, plan, directory, today, masked=False) for plan in listed)]


def _line(office: Office, plan: VisitPlan, directory: Directory, today: date, *, masked: bool) -> str:
    household = directory.households.get(plan.household)
    head = household.head if household else ""
    late = (today - plan.due).days
    return office.kit.phrases(
        "digest.visit" if late <= 0 else "digest.visit_late",
        place=directory.name_of(plan.village),
        head=masked_name(head) if masked else head,
        due=f"{plan.due.month}月{plan.due.day}日",
        days=late,
    )


def _day(office: Office, now: datetime) -> date:
    return now.astimezone(office.kit.rulebook.calendar.zone).date()
