"""The reader of the running program: made anew when names change, and only then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from assistance.directory import Directory, Person, Role
from bot.readers import RosterReaders
from regions.read import read_pack


def test_a_resident_who_writes_for_the_first_time_changes_no_names() -> None:
    """Making a reader takes a tenth of a second: a new resident goes on with the one that is there, a new officer's
    name needs another."""
    pack = read_pack("yicheng", date(2026, 11, 20))
    readers, officer = RosterReaders(pack), Person("zhou", Role.VILLAGE, "周敏", "370404104247")
    directory = Directory(pack.areas, pack.departments, {"zhou": officer})
    reader = readers(directory)
    with_resident = replace(directory, persons={**directory.persons, "li": Person("li", Role.RESIDENT)})
    assert readers(with_resident) is reader
    renamed = replace(directory, persons={"zhou": replace(officer, name="周小敏")})
    assert readers(renamed) is not reader
