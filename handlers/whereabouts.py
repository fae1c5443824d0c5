"""Which place and household a message is about: the words first, then the register, then the sender's own."""

from __future__ import annotations

from dataclasses import dataclass

from assistance.directory import Level
from handlers import outside, which
from handlers.turn import Turn


@dataclass(frozen=True, slots=True)
class Where:
    """The place and household a message is about."""

    village: str | None
    town: str | None
    household: str | None  # register id, or an opaque key for a household that is not registered
    name: str | None  # of the household, as people say it
    kind: str | None  # of a registered household


def where(turn: Turn) -> Where:
    """Settle village and household: the words first, then the register, then the sender's own."""
    reading, directory = turn.reading, turn.directory
    known = [directory.households[match.candidates[0]] for match in reading.households if which.settled(match)]
    places = [
        directory.areas[one] for match in reading.places if len(match.candidates) == 1 for one in match.candidates
    ]
    village = next((place.code for place in places if place.level is Level.VILLAGE), None)
    town = next((place.code for place in places if place.level is Level.TOWN), None)
    if known:
        household = known[0]
        return Where(household.village, None, household.id, household.head, household.kind)
    away = outside.elsewhere(turn)
    village = village or (turn.home if not town and not away else None)
    name = reading.slots.household
    if away:  # a household of that name there is none of ours
        return Where(None, None, turn.work.people.household_key(None, f"{away}:{name or turn.person.id}"), name, None)
    if name:
        return Where(village, town, turn.work.people.household_key(village, name), name, None)
    if turn.person.is_officer:
        return Where(village, town, None, None, None)
    return own(turn, village, town)


def own(turn: Turn, village: str | None, town: str | None) -> Where:
    """俺家 without another name is the sender's own household."""
    name = turn.person.name
    for household in turn.directory.households.values():
        if name and household.head == name and household.village == turn.home:
            return Where(household.village, None, household.id, household.head, household.kind)
    return Where(village, town, turn.work.people.household_key(turn.home, f"person:{turn.person.id}"), name, None)


def own_household(turn: Turn) -> str | None:
    """The key of the sender's own household; None for an officer, who speaks of others."""
    return None if turn.person.is_officer else own(turn, turn.home, None).household
