"""The cast of a scenario (docs/interfaces.md 2): the people, phones and households of a replay, and nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistance.directory import Household, Person, Role
from assistance.ports import Work
from regions.pack import Pack
from regions.read import find_area


class BadCast(ValueError):
    """The cast line cannot be used: the message names the person and what is wrong."""


@dataclass(frozen=True, slots=True)
class Phone:
    """One person's phone: the channel, and the name in the cast as its address."""

    person: str
    channel: str
    opens: bool = True  # `"seen": false`: what is delivered there is not opened


def read_cast(line: Mapping[str, Any], pack: Pack) -> tuple[list[tuple[Person, Phone]], list[Household]]:
    """Persons with their phones, and households. Ids are the names of the cast."""
    people = [_person(name, row, pack) for name, row in line["cast"].items()]
    households = [_household(row, pack, set(line["cast"])) for row in line.get("households", ())]
    return people, households


async def enroll_cast(work: Work, people: list[tuple[Person, Phone]], households: list[Household]) -> None:
    """Put everybody into the database."""
    for person, phone in people:
        await work.people.enroll(person, phone.channel, phone.person)
    for household in households:
        await work.people.add_household(household)


def _person(name: str, row: Mapping[str, Any], pack: Pack) -> tuple[Person, Phone]:
    try:
        role = Role(row["role"])
    except (KeyError, ValueError):
        raise BadCast(f"{name}: role must be one of {', '.join(role.value for role in Role)}") from None
    words = row.get("village") if role is Role.RESIDENT else row.get("area")
    area = find_area(pack.areas, words) if words else None
    if (words and area is None) or (role is not Role.RESIDENT and area is None):
        raise BadCast(f"{name}: the area {words} is unknown or not unique, write it as 镇/村")
    department = None
    if role is Role.DEPARTMENT:
        department = _department(row.get("department", ""), pack)
        if department is None:
            raise BadCast(f"{name}: the department {row.get('department')} is unknown")
    person = Person(name, role, row.get("name"), area, department, row.get("title"))
    return person, Phone(name, row.get("channel", "web"), row.get("seen", True) is not False)


def _department(words: str, pack: Pack) -> str | None:
    found = (one.id for one in pack.departments.values() if words == one.name or words in one.aliases)
    return next(found, None)


def _household(row: Mapping[str, Any], pack: Pack, cast: set[str]) -> Household:
    village = find_area(pack.areas, row.get("village", ""))
    if village is None or not row.get("head") or row.get("helper") not in {None, *cast}:
        raise BadCast(f"household {row.get('head')}: village or helper is unknown")
    return Household(
        id=f"{village}-{row['head']}",
        head=row["head"],
        village=village,
        kind=row.get("kind", "一般户"),
        members=row.get("members"),
        helper=row.get("helper"),
        aliases=tuple(row.get("aliases", ())),
        risk=row.get("risk"),
        traits=tuple(row.get("traits", ())),
    )
