"""Who is told: from a level and a case to desks, passing levels where nobody is left (docs/rules.md A)."""

from __future__ import annotations

from dataclasses import dataclass

from assistance.case import Case, Kind
from assistance.directory import Directory, Level, Person, person_token
from assistance.sight import may_see


@dataclass(frozen=True, slots=True)
class Reached:
    """The desks that are told, the level they stand at, and the levels below that had nobody left."""

    level: Level
    tokens: tuple[str, ...]
    passed: tuple[Level, ...] = ()


def desks_at(level: Level, case: Case, directory: Directory) -> tuple[str, ...]:
    """The desks that a level means for this case; at the county the lead department answers with it."""
    match level:
        case Level.VILLAGE:
            return (f"village:{case.village}",) if case.village else ()
        case Level.TOWN:
            return (f"town:{case.town}",) if case.town else ()
        case Level.COUNTY:
            desks = [f"county:{case.county}"]
            if case.lead:
                desks.append(f"department:{case.lead}")
            if case.kind is Kind.COMPLAINT and f"county:{case.county}" in case.barred:
                desks.append(f"discipline:{case.county}")
            return tuple(desks)
        case Level.CITY:
            city = directory.above(case.county, Level.CITY)
            return (f"city:{city}",) if city else ()


def officers_at(tokens: tuple[str, ...], case: Case, directory: Directory) -> tuple[Person, ...]:
    """The officers behind desks who may see the case, the household's helper first."""
    household = directory.households.get(case.household or "")
    helper = household.helper if household else None
    found = {person.id: person for token in tokens for person in directory.at(token) if may_see(person, case)}
    return tuple(sorted(found.values(), key=lambda person: person.id != helper))


def holders(case: Case) -> tuple[str, ...]:
    """Who has the case: the handler, else the desk that owns it, else whoever was told first."""
    if case.handler:
        return (person_token(case.handler),)
    return (case.desk,) if case.desk else case.told[:1]


def reach(level: Level, case: Case, directory: Directory) -> Reached:
    """The first level from `level` up that has somebody who may see the case. With nobody left up to the city, the
    highest level below that has somebody."""
    upward = [one for one in Level if one.rank >= level.rank]
    downward = [one for one in reversed(Level) if one.rank < level.rank]
    passed: list[Level] = []
    for one in (*upward, *downward):
        tokens = tuple(token for token in desks_at(one, case, directory) if officers_at((token,), case, directory))
        if tokens:
            return Reached(max(one, level, key=lambda step: step.rank), tokens, tuple(passed))
        if one in upward:
            passed.append(one)
    return Reached(Level.CITY, (), tuple(passed))
