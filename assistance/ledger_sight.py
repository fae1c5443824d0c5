"""Who sees the ledger (台账): the gate of its entries, and who is told of one."""

from __future__ import annotations

from collections.abc import Sequence

from assistance.directory import Directory, Level, Person, Role
from assistance.ledger import Entry
from assistance.sight import bars


def may_see(officer: Person, entry: Entry, directory: Directory) -> bool:
    """The gate of the ledger: an officer sees the households of their own area, a department those it leads for.

    Whoever never sees one of the cases behind an entry does not see the entry: it would tell them of the need.
    """
    if bars(officer) & entry.barred:
        return False
    match officer.role:
        case Role.VILLAGE:
            return entry.village is not None and entry.village == officer.area
        case Role.TOWN:
            return entry.town is not None and entry.town == officer.area
        case Role.COUNTY:
            return entry.county == officer.area
        case Role.DEPARTMENT:
            return entry.lead is not None and entry.lead == officer.department
        case Role.CITY:
            return directory.above(entry.county, Level.CITY) == officer.area
        case _:
            return False


def signers(entry: Entry, directory: Directory) -> Sequence[Person]:
    """Who is told that the next step may be signed or an objection came: the town's officers who see the entry, with
    nobody there the county's."""
    for desk in (f"town:{entry.town}", f"county:{entry.county}"):
        found = [one for one in directory.at(desk) if may_see(one, entry, directory)]
        if found:
            return found
    return ()
