"""Who cannot be reached (联系不上): looked at before it is needed, for the county's digest and for `jishiyu doctor`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistance.directory import Directory, Person, Role, person_token
from assistance.ports import Duty

_WATCHED = (Role.VILLAGE, Role.TOWN, Role.COUNTY)  # desks to which an E0 or E1 is told


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is missing so that somebody answers tonight."""

    without_phone: tuple[Person, ...] = ()  # invited and never signed in, or between two phones
    away: tuple[Person, ...] = ()  # nobody stands in for them
    empty: tuple[str, ...] = ()  # desks that have officers and nobody present, and those that lost their last one
    off_roster: tuple[str, ...] = ()  # desks with nobody on duty

    @property
    def is_empty(self) -> bool:
        """Whether everybody can be reached; the roster is another matter."""
        return not (self.without_phone or self.away or self.empty)


def find_gaps(directory: Directory, on_duty: Iterable[Duty]) -> Gaps:
    """The gaps at the moment for which `on_duty` is given."""
    officers = list(directory.officers())
    desks = dict.fromkeys(one.desk for one in directory.ever_officers() if one.desk and one.role in _WATCHED)
    rostered = {duty.desk for duty in on_duty}
    return Gaps(
        without_phone=tuple(one for one in officers if not one.reachable),
        away=tuple(one for one in officers if one.away_until is not None and not _stood_in_for(one, directory)),
        empty=tuple(desk for desk in desks if not _somebody(desk, directory)),
        off_roster=tuple(desk for desk in desks if desk not in rostered),
    )


def _stood_in_for(officer: Person, directory: Directory) -> bool:
    return bool(officer.deputy) and any(one.present for one in directory.at(person_token(officer.deputy or "")))


def _somebody(desk: str, directory: Directory) -> bool:
    return any(one.present or _stood_in_for(one, directory) for one in directory.at(desk))
