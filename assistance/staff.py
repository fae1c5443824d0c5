"""Who brings officers in and lets them go (登记、离任): one level up in the same area chain.

The county brings in its departments, never an officer of 纪委监委: whoever may be accused does not choose who
investigates. The first one comes by the city or the operator, after that the discipline desk fills its own seats.
"""

from __future__ import annotations

from assistance.directory import Area, Directory, Level, Person, Role


def may_invite(officer: Person, role: Role, area: str | None, directory: Directory) -> bool:
    """Whether this officer may bring somebody in for such a seat."""
    match officer.role:
        case Role.TOWN:
            return role is Role.VILLAGE and directory.above(area, Level.TOWN) == officer.area
        case Role.COUNTY:
            inside = directory.above(area, Level.COUNTY) == officer.area
            return inside and role in (Role.TOWN, Role.COUNTY, Role.DEPARTMENT)
        case Role.DISCIPLINE:
            return role is Role.DISCIPLINE and area == officer.area
        case Role.CITY:
            return role in (Role.COUNTY, Role.DISCIPLINE) and directory.above(area, Level.CITY) == officer.area
        case _:
            return False


def manages(officer: Person, person: Person, directory: Directory) -> bool:
    """Whether this officer may send a new invitation to somebody, put them on leave and let them go."""
    return officer.id != person.id and may_invite(officer, person.role, person.area, directory)


def may_stand_in(deputy: Person, absent: Person, directory: Directory) -> bool:
    """Whether somebody may stand in (代班): a colleague of the desk; for a village or town also one of its level under
    the same area, or of the desk above. Nobody stands in from below, nor from another office of the county: what is
    kept for the county must not come to others that way."""
    if deputy.id == absent.id or deputy.left is not None or not deputy.is_officer:
        return False
    if deputy.desk == absent.desk:
        return True
    seats = directory.chain(absent.area)
    if absent.role not in (Role.VILLAGE, Role.TOWN) or len(seats) < 2:
        return False
    above = seats[1]
    beside = deputy.role is absent.role and directory.chain(deputy.area)[1:2] == (above,)
    return beside or deputy.desk == f"{above.level.value}:{above.code}"


def role_at(area: Area, *, department: bool, discipline: bool) -> Role:
    """The role that a seat in this area means."""
    if discipline:
        return Role.DISCIPLINE
    return Role.DEPARTMENT if department else Role(area.level.value)
