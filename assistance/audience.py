"""Who is told: from a level and a case to desks, passing levels where nobody is left (docs/rules.md A)."""

from __future__ import annotations

from collections.abc import Callable
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


def officers_at(
    tokens: tuple[str, ...], case: Case, directory: Directory, minus: frozenset[str] = frozenset()
) -> tuple[Person, ...]:
    """The officers behind desks who may see the case, the household's helper first; last who stands in for those of
    them who are away. Whoever stands in for somebody of `minus` is not told in their place."""
    household = directory.households.get(case.household or "")
    helper = household.helper if household else None
    found = {
        person.id: person
        for token in tokens
        for person in directory.at(token)
        if person.id not in minus and may_see(person, case)
    }
    told = sorted(found.values(), key=lambda person: person.id != helper)
    deputies = (one for person in told if person.deputy for one in directory.at(person_token(person.deputy)))
    also = {one.id: one for one in deputies if one.id not in found and one.id not in minus and may_see(one, case)}
    return (*told, *also.values())


def anybody_at(tokens: tuple[str, ...], case: Case, directory: Directory) -> bool:
    """Whether somebody is left behind these desks: neither away without a deputy nor out of reach."""
    return any(person.present for person in officers_at(tokens, case, directory))


def holders(case: Case) -> tuple[str, ...]:
    """Who has the case: the handler, else the desk that owns it, else whoever was told first."""
    if case.handler:
        return (person_token(case.handler),)
    return (case.desk,) if case.desk else case.told[:1]


def reach(level: Level, case: Case, directory: Directory) -> Reached:
    """The first level from `level` up that has somebody who may see the case. With nobody left up to the city, the
    highest level below that has somebody."""
    found = _reach(level, case, directory, anybody_at)
    # with everybody away they are told all the same: better late than nobody
    return found if found.tokens else _reach(level, case, directory, officers_at)


def _reach(
    level: Level, case: Case, directory: Directory, somebody: Callable[[tuple[str, ...], Case, Directory], object]
) -> Reached:
    upward = [one for one in Level if one.rank >= level.rank]
    downward = [one for one in reversed(Level) if one.rank < level.rank]
    passed: list[Level] = []
    for one in (*upward, *downward):
        tokens = tuple(token for token in desks_at(one, case, directory) if somebody((token,), case, directory))
        if tokens:
            return Reached(max(one, level, key=lambda step: step.rank), tokens, tuple(passed))
        if one in upward:
            passed.append(one)
    return Reached(Level.CITY, (), tuple(passed))
