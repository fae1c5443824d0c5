"""From whom a case is sealed (docs/rules.md H): the accused, whoever reports to them, their desk and their village."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistance.directory import Directory, Level, Role, person_token

BlamedAt = Literal["village", "town", "county", "city", "discipline", "private", "unclear"]


@dataclass(frozen=True, slots=True)
class Blamed:
    """Who is blamed: where they sit, the officers or the department it can be linked to, and whether it is mere
    slowness of a body (C1) or misconduct (C2)."""

    at: BlamedAt = "unclear"
    officers: tuple[str, ...] = ()
    department: str | None = None
    slow: bool = False
    named: tuple[str, ...] = ()  # officers named beside them: barred as persons, their desk is not


@dataclass(frozen=True, slots=True)
class Sight:
    """The two sets of tokens that a case carries."""

    seen_by: frozenset[str]
    barred: frozenset[str] = frozenset()


def open_sight(directory: Directory, village: str | None, lead: str | None) -> Sight:
    """Who may see a case that accuses nobody: the desks of its place, and all above them."""
    levels = {area.level: area.code for area in directory.chain(village or directory.seat)}
    seen = {f"{level.value}:{code}" for level, code in levels.items()}
    seen.add(f"discipline:{directory.seat}")
    if lead:
        seen.add(f"department:{lead}")
    return Sight(frozenset(seen))


def sealed_sight(blamed: Blamed, directory: Directory, village: str | None) -> Sight:
    """Who may see a complaint. An unclear accused counts as the village's and the town's people."""
    county, city = directory.seat, directory.above(directory.seat, Level.CITY)
    high = {f"county:{county}", f"discipline:{county}", f"city:{city}"}
    local = _local_desks(blamed, directory, village)
    barred = accused_tokens(blamed, directory)
    match accused_level(blamed, directory):
        case "discipline" | "city":
            return Sight(frozenset(), frozenset(high | local | barred))
        case "county":
            one_department = blamed.slow and blamed.department
            barred |= local if one_department else local | {f"county:{county}"}
        case "village" if blamed.slow:
            barred |= {desk for desk in local if desk.startswith("village:")}
        case "private":
            barred |= {desk for desk in local if desk.startswith("village:")}  # 定范围 may send it to the town
        case _:
            barred |= local
    return Sight(frozenset(high - barred), frozenset(barred))


def doubt_sight(blamed: Blamed, directory: Directory, village: str | None) -> Sight:
    """Who may see trouble with a thing whose words are held in mere doubt: no village or town until 定范围, which may
    then open it to any desk but that of an accused."""
    sight = sealed_sight(blamed, directory, village)
    kept = accused_tokens(blamed, directory)
    return Sight(sight.seen_by, sight.barred - (_local_desks(blamed, directory, village) - kept))


def _local_desks(blamed: Blamed, directory: Directory, village: str | None) -> set[str]:
    """The village and town desks of the place that the message names, and of the places where the accused sit."""
    seats = (directory.persons[officer].area for officer in blamed.officers if officer in directory.persons)
    return {
        f"{area.level.value}:{area.code}"
        for place in (village, *seats)
        for area in directory.chain(place)
        if area.level.rank < 2
    }


def accused_level(blamed: Blamed, directory: Directory) -> BlamedAt:
    """Where the accused sit: by an enrolled officer's own desk or by the words, whichever is higher."""
    roles = {directory.persons[officer].role for officer in blamed.officers if officer in directory.persons}
    levels = {level for role, level in _BY_ROLE if role in roles}
    if blamed.department:
        levels.add("county")
    if not levels or blamed.at not in ("private", "unclear"):
        levels.add(blamed.at)
    return max(levels, key=_HEIGHT.index)


def accused_tokens(blamed: Blamed, directory: Directory) -> set[str]:
    """The accused themselves and the desks they sit at; the town of an accused village officer is left to the rule."""
    tokens = {person_token(officer) for officer in (*blamed.officers, *blamed.named)}
    desks = (directory.persons[officer].desk for officer in blamed.officers if officer in directory.persons)
    tokens |= {desk for desk in desks if desk}
    if blamed.department:
        tokens.add(f"department:{blamed.department}")
    return tokens


def need_bars(blamed: Blamed, directory: Directory, village: str | None) -> frozenset[str]:
    """Who is not told of a need that stood beside an accusation: the accused, and the desk of a village or town that
    is accused as a whole of more than slowness."""
    tokens = {person_token(officer) for officer in (*blamed.officers, *blamed.named)}
    if blamed.department and not blamed.slow:
        tokens.add(f"department:{blamed.department}")
    return frozenset(tokens | desks_of(barred_levels(blamed), directory, village))


def barred_levels(blamed: Blamed) -> tuple[str, ...]:
    """The levels that are accused as a whole; their desks are barred as soon as the place is known."""
    if blamed.officers or blamed.slow:
        return ()
    return {"village": ("village",), "town": ("village", "town")}.get(blamed.at, ())


def desks_of(levels: tuple[str, ...], directory: Directory, place: str | None) -> set[str]:
    """The desks of these levels at a place."""
    return {f"{area.level.value}:{area.code}" for area in directory.chain(place) if area.level.value in levels}


_HEIGHT: tuple[BlamedAt, ...] = ("private", "unclear", "village", "town", "county", "discipline", "city")
_BY_ROLE: tuple[tuple[Role, BlamedAt], ...] = (
    (Role.CITY, "city"),
    (Role.DISCIPLINE, "discipline"),
    (Role.COUNTY, "county"),
    (Role.DEPARTMENT, "county"),
    (Role.TOWN, "town"),
    (Role.VILLAGE, "village"),
)
