"""Whether what is told is told already: the open case that a report joins (docs/rules.md I, never across a seal)."""

from __future__ import annotations

import re

from assistance import fold
from assistance.case import URGENT, Case, Grade
from assistance.grade import Facts
from assistance.sight import tokens
from handlers.turn import Turn
from handlers.whereabouts import Where


async def foldable(
    turn: Turn,
    grade: Grade,
    facts: Facts,
    place: Where,
    household: str | None,
    own_thing: bool,
    bars: frozenset[str],
) -> Case | None:
    """The open case about the same thing or need; None where this opens one of its own."""
    cases, rulebook = turn.work.cases.for_engine(), turn.kit.rulebook
    topic, lacks = facts.topic or "其他", None if own_thing else _supply(turn, facts)
    if lacks:
        topic = fold.SUPPLIES[lacks]
    if place.village and (own_thing or lacks):
        since = turn.now - rulebook.fold_thing
        found_things = await cases.foldable(place.village, topic, since)
        things = [one for one in found_things if fold.joins_thing(one, place.village, topic, rulebook, turn.now)]
        if lacks == "停电":  # the topic holds lamps and roads too
            things = [
                one for one in things if any(_NO_POWER.search(text) for _, text in (await cases.words(one)).reports)
            ]
        thing = fold.first([one for one in things if await _may_join(turn, one, grade, bars)])
        if thing:
            return thing
    if household is None:
        return None
    needs = await cases.of_household(household, turn.now - rulebook.fold_need)
    same = [one for one in needs if fold.joins_need(one, household, facts.cause, rulebook, turn.now)]
    return fold.first([one for one in same if await _may_join(turn, one, grade, bars)])


_NO_POWER = re.compile(r"[停没断]了?电")


def _supply(turn: Turn, facts: Facts) -> str | None:
    """Which supply of the village a household is without."""
    if facts.cause == "饮水":
        return "饮水"
    return "停电" if facts.cause in (None, "其他") and _NO_POWER.search(turn.text) else None


async def _may_join(turn: Turn, case: Case, grade: Grade, bars: frozenset[str]) -> bool:
    """Whether a report may be folded into a case. A case that is kept from somebody takes only what is kept from the
    same people, and what its own reporters add; and nobody learns by a folding that it is there. What is urgent never
    disappears in what is less so."""
    if grade in URGENT and case.grade.value > grade.value:
        return False
    if not bars <= case.barred or tokens(turn.person) & case.barred:
        return False
    return case.barred <= bars or any(
        report.by == turn.person.id for report in await turn.work.cases.reporters(case.id)
    )
