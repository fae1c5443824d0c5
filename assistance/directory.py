"""Who sits where: areas, departments, persons, households and the desks that follow from them (通讯录).

A *desk* (office that answers) is written as a short token, `village:370404102201` or `department:water`, so that the
same word stands in a decision, in a row of the database and in the gate of sight.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property


class Level(StrEnum):
    """The four steps of the government tree that a case climbs."""

    VILLAGE = "village"  # 村
    TOWN = "town"  # 镇街
    COUNTY = "county"  # 区县
    CITY = "city"  # 市

    @property
    def rank(self) -> int:
        """0 for the village up to 3 for the city."""
        return _ORDER.index(self)

    def up(self) -> Level:
        """The next level; the city stays the city."""
        return _ORDER[min(self.rank + 1, 3)]


_ORDER = (Level.VILLAGE, Level.TOWN, Level.COUNTY, Level.CITY)


class Role(StrEnum):
    """What somebody is to the queue."""

    RESIDENT = "resident"
    VILLAGE = "village"
    TOWN = "town"
    COUNTY = "county"
    DEPARTMENT = "department"
    DISCIPLINE = "discipline"  # 纪委监委
    CITY = "city"


@dataclass(frozen=True, slots=True)
class Area:
    """A node of 市/区县/镇街/村. `parent` is None for the city only."""

    code: str
    name: str
    level: Level
    parent: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Department:
    """An office of the county (民政局), known by a lasting id since names change by reform."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    names: tuple[tuple[str, date | None, date | None], ...] = ()  # each with its first and last day (改革前后)

    def called(self, day: date) -> str:
        """The name valid on a day; today's where no other is known."""
        for name, since, until in self.names:
            if (since or date.min) <= day <= (until or date.max):
                return name
        return self.name


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody enrolled: an officer at a desk, or a resident who is known to the bot."""

    id: str
    role: Role
    name: str | None = None
    area: str | None = None  # the desk's area; for a resident the home village
    department: str | None = None
    title: str | None = None
    left: datetime | None = None  # 离任: since then no longer at any desk; the history keeps the name
    away_until: datetime | None = None  # 请假: not present; the engine's round ends it
    deputy: str | None = None  # 代班: who is told as well while they are away
    reachable: bool = True  # False until an address is known: invited, or between two phones
    # these two follow from the others, see `seated`
    stands_in: tuple[tuple[str, str], ...] = ()  # for whom: (person, desk)
    namesakes: tuple[str, ...] = ()  # officers of this name who left: it may be them, so what bars them bars this one

    @property
    def present(self) -> bool:
        """Whether this officer counts when it is asked if anybody is left at a level."""
        return self.left is None and self.away_until is None and self.reachable

    @property
    def is_officer(self) -> bool:
        """Everybody but residents works the queue."""
        return self.role is not Role.RESIDENT

    @property
    def desk(self) -> str | None:
        """The desk this person sits at; None for residents."""
        match self.role:
            case Role.RESIDENT:
                return None
            case Role.DEPARTMENT:
                return f"department:{self.department}"
            case role:
                return f"{role.value}:{self.area}"

    @property
    def level(self) -> Level:
        """The level of the tree this person works at (departments and discipline are the county's)."""
        match self.role:
            case Role.VILLAGE | Role.TOWN | Role.CITY:
                return Level(self.role.value)
            case _:
                return Level.COUNTY


def seated(persons: Mapping[str, Person]) -> dict[str, Person]:
    """The same persons, each deputy (代班) knowing for whom they stand in, each officer who of their name has left."""
    duties: dict[str, list[tuple[str, str]]] = {}
    former: dict[str, list[str]] = {}
    for person in persons.values():
        if person.left is not None and person.name:
            former.setdefault(person.name, []).append(person.id)
        elif person.away_until is not None and person.deputy and person.desk:
            duties.setdefault(person.deputy, []).append((person.id, person.desk))
    found = dict(persons)
    for person in persons.values():
        standing = tuple(duties.get(person.id, ())) if person.left is None else ()
        same = former.get(person.name or "", ()) if person.is_officer else ()
        namesakes = tuple(one for one in same if one != person.id)
        if (standing, namesakes) != (person.stands_in, person.namesakes):
            found[person.id] = replace(person, stands_in=standing, namesakes=namesakes)
    return found


def person_token(person: str) -> str:
    """The token of one person, used beside desk tokens wherever somebody is told or barred."""
    return f"person:{person}"


@dataclass(frozen=True, slots=True)
class Household:
    """A household of the register. `kind` is 脱贫户, 监测户, 低保户, 特困 or 一般户; `helper` its 帮扶责任人."""

    id: str
    head: str
    village: str
    kind: str = "一般户"
    members: int | None = None
    helper: str | None = None
    aliases: tuple[str, ...] = ()
    risk: str | None = None  # 风险分类 A, B or C: an officer sets it
    traits: tuple[str, ...] = ()  # 送药, 独居老人, 外出: what asks for visits of its own


@dataclass(frozen=True)
class Directory:
    """Everybody and every place at one moment; a plain value, made anew when the roster changes."""

    areas: Mapping[str, Area]
    departments: Mapping[str, Department] = field(default_factory=dict)
    persons: Mapping[str, Person] = field(default_factory=dict)
    households: Mapping[str, Household] = field(default_factory=dict)

    @cached_property
    def _desks(self) -> Mapping[str, tuple[Person, ...]]:
        desks: dict[str, list[Person]] = {}
        for person in self.persons.values():
            if person.desk and person.left is None:
                desks.setdefault(person.desk, []).append(person)
        return {desk: tuple(sitting) for desk, sitting in desks.items()}

    def at(self, token: str) -> tuple[Person, ...]:
        """Everybody whom a token means: the officers of a desk, or the one person."""
        kind, _, rest = token.partition(":")
        if kind == "person":
            found = self.persons.get(rest)
            return (found,) if found and found.left is None else ()
        return self._desks.get(token, ())

    def officers(self) -> Iterator[Person]:
        """Everybody who works the queue, in the order of enrolment."""
        return (person for person in self.ever_officers() if person.left is None)

    def ever_officers(self) -> Iterator[Person]:
        """Those who left too: whoever is blamed is known by name all the same."""
        return (person for person in self.persons.values() if person.is_officer)

    def chain(self, code: str | None) -> tuple[Area, ...]:
        """The area itself and all above it, lowest first; empty for an unknown code."""
        found: list[Area] = []
        while code is not None and code in self.areas:
            found.append(self.areas[code])
            code = found[-1].parent
        return tuple(found)

    def above(self, code: str | None, level: Level) -> str | None:
        """The code of the area's own level or an ancestor's, e.g. the town of a village; None where there is none."""
        return next((area.code for area in self.chain(code) if area.level is level), None)

    @cached_property
    def seat(self) -> str:
        """The county this directory is about: the first area of that level."""
        return next(area.code for area in self.areas.values() if area.level is Level.COUNTY)

    def name_of(self, code: str | None) -> str:
        """The name of an area, or an empty word for none."""
        return self.areas[code].name if code is not None and code in self.areas else ""
