"""今晚联系不上谁: the gaps in sentences, for the county's digest and for `jishiyu doctor` (docs/rules.md J)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assistance.directory import Directory, Person, Role
from assistance.ports import Work
from assistance.reachable import Gaps, find_gaps
from handlers.office import Office
from handlers.phrases import Phrases


async def unreachable_lines(
    office: Office, work: Work, person: Person, directory: Directory, now: datetime, *, urgent: bool
) -> list[str]:
    """Who cannot be reached tonight, for the county. A missing roster is told where one is kept for somebody, or where
    something `urgent` is open."""
    if person.role is not Role.COUNTY:
        return []
    zone = office.kit.rulebook.calendar.zone
    tonight = datetime.combine(now.astimezone(zone).date(), office.kit.rulebook.quiet[0], zone)
    on_duty = await work.duties.at(max(now, tonight))
    return gap_lines(find_gaps(directory, on_duty), directory, office.kit.phrases, roster=bool(on_duty) or urgent)


def gap_lines(gaps: Gaps, directory: Directory, phrases: Phrases, *, roster: bool) -> list[str]:
    """Names of officers and places only."""

    def named(officers: Sequence[Person]) -> str:
        return "、".join(f"{directory.name_of(one.area)}{one.name or ''}" for one in officers)

    def places(desks: Sequence[str]) -> str:
        return "、".join(directory.name_of(desk.partition(":")[2]) for desk in desks)

    lines = []
    if gaps.empty:
        lines.append(phrases("reach.empty", places=places(gaps.empty)))
    if gaps.without_phone:
        lines.append(phrases("reach.without_phone", names=named(gaps.without_phone)))
    if gaps.away:
        lines.append(phrases("reach.away", names=named(gaps.away)))
    if roster and gaps.off_roster:
        lines.append(phrases("reach.off_roster", places=places(gaps.off_roster)))
    return lines
