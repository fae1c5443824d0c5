"""Which office and which cases an officer's words mean."""

from __future__ import annotations

import re

from assistance.case import Case
from assistance.directory import person_token
from assistance.ports import CaseFilter
from handlers.turn import Turn

_TOWN, _COUNTY, _VILLAGE = (
    re.compile(r"镇|街道"),
    re.compile(r"区里|区级|县里|区办|上级"),
    re.compile(r"村里|退回村|转村"),
)


def find_desk(turn: Turn, text: str, case: Case) -> str | None:
    """The desk that words name: a department by any of its names, else the case's town, county or village."""
    named = [
        (len(name), department.id)
        for department in turn.directory.departments.values()
        for name in (department.name, *department.aliases)
        if name in text
    ]
    if named:
        return f"department:{max(named)[1]}"
    if case.town and (_TOWN.search(text) or turn.directory.name_of(case.town) in text):
        return f"town:{case.town}"
    if _COUNTY.search(text):
        return f"county:{case.county}"
    return f"village:{case.village}" if case.village and _VILLAGE.search(text) else None


async def matching_cases(turn: Turn, *, offered: bool = False) -> list[Case]:
    """Open cases this officer may see that fit the place, household and topic that the words name."""
    slots, places = turn.reading.slots, turn.reading.places
    villages = {code for match in places for code in match.candidates}
    households = {code for match in turn.reading.households for code in match.candidates}
    found = []
    for case in await turn.mine.list(CaseFilter()):
        if offered and not ({turn.person.desk, person_token(turn.person.id)} & {*case.told, case.desk}):
            continue
        if villages and not {case.village, case.town} & villages:
            continue
        if households and case.household not in households:
            continue
        if slots.topic not in (None, "其他", case.topic):
            continue
        found.append(case)
    return found
