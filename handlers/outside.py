"""不归本区的村: a village that the county's list does not hold is kept as it was said, goes to the county, and the
sender hears politely whom to ring (docs/facts.md)."""

from __future__ import annotations

from assistance.directory import Level
from assistance.grade import words_held
from handlers import which
from handlers.blamed import facts_of
from handlers.turn import Turn
from nlp.reading import Intent, Signal


def named(turn: Turn) -> str | None:
    """The place of the words that no list of this county holds, as written; None where any known one stands there.

    Of people at home in the county a bare name may be a part of their own village (庄东头的新村), so that the town
    must be unknown too.
    """
    reading = turn.reading
    if reading.places or any(which.settled(match) for match in reading.households):
        return None
    town, village = reading.slots.town or "", reading.slots.village or ""
    at_home = turn.directory.above(turn.person.area, Level.TOWN) is not None
    return f"{town}{village}" or None if (town and village) or not at_home else None


def elsewhere(turn: Turn) -> str | None:
    """The place that a need or visit is about instead of the sender's own village. Never in danger, which reaches
    those nearest, nor where somebody is blamed: who is kept from it there follows from the sender's village."""
    reading = turn.reading
    blames = words_held(facts_of(reading)) or Intent.COMPLAINT in (reading.intent, *reading.also)
    if blames or reading.intent is Intent.CRISIS or reading.says(Signal.DANGER_NOW):
        return None
    return named(turn)


def sentence(turn: Turn) -> str:
    """What the sender hears of such a place; empty where there is none."""
    place = named(turn)
    return turn.kit.phrases("outside.place", place=place, **turn.kit.numbers) if place else ""
