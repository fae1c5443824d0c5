"""Whom a message blames, who may read its held words, and who is told that they are there (docs/rules.md H)."""

from __future__ import annotations

import re

from assistance.audience import officers_at
from assistance.case import Case
from assistance.decision import Decision
from assistance.directory import Role
from assistance.grade import Facts, words_held
from assistance.moves import Moves
from assistance.seal import Blamed, BlamedAt, doubt_sight, sealed_sight
from handlers.turn import Turn
from nlp.reading import Intent, Reading, Signal

_REPORTING = re.compile(r"举报|检举|控告|告状|纪委|监委|巡察|巡视|12388")


def facts_of(reading: Reading, *, answered: bool = True) -> Facts:
    """What the rules ask of a reading."""
    says = reading.says
    return Facts(
        intent=reading.intent.value,
        also=frozenset(intent.value for intent in reading.also),
        urgency=reading.urgency,
        cause=reading.slots.cause,
        topic=reading.slots.topic,
        blame=reading.blame,
        negated=reading.negated,
        danger_now=says(Signal.DANGER_NOW),
        danger_by_officer=says(Signal.DANGER_BY_OFFICER),
        need=says(Signal.NEED),
        thing=says(Signal.THING),
        misconduct=says(Signal.MISCONDUCT) or says(Signal.PUBLIC_MONEY),
        slowness=says(Signal.SLOWNESS),
        office_named=says(Signal.OFFICE_NAMED),
        private_blamed=says(Signal.PRIVATE_BLAMED),
        medicine_stopped=says(Signal.MEDICINE_STOPPED),
        dropped_out=says(Signal.DROPPED_OUT),
        keep_an_eye=says(Signal.KEEP_AN_EYE),
        understood=not (says(Signal.NOT_UNDERSTOOD) or says(Signal.MEDIA_ONLY)),
        answered=answered,
        asks_to_report=reading.intent is Intent.POLICY and _REPORTING.search(reading.text) is not None,
    )


def blamed_of(turn: Turn) -> Blamed | None:
    """Whom the message blames, as far as the reader could tell, and every enrolled officer whose name stands in it;
    None where nobody is blamed."""
    reading = turn.reading
    if not words_held(facts_of(reading)) and Intent.COMPLAINT not in (reading.intent, *reading.also):
        return None
    accused = reading.slots.accused
    slow = reading.says(Signal.SLOWNESS) and not reading.says(Signal.MISCONDUCT)
    named, helpers = _officers_named(turn)
    if accused is None:
        at: BlamedAt = "private" if reading.says(Signal.PRIVATE_BLAMED) else "unclear"
        return Blamed(at, named, slow=slow, named=helpers)
    known = tuple(officer for officer in accused.officers if officer in turn.directory.persons)
    known += tuple(officer for officer in named if officer not in known)
    body = accused.body if accused.body in turn.directory.departments else None
    return Blamed(accused.level.value, known, body, slow, helpers)


def _officers_named(turn: Turn) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Enrolled officers whose whole names stand in words that blame: each counts as accused. People of 纪委 and the
    city (the second answer) are also named as those who ought to help: they do not see it, their desk may."""
    named = [
        officer
        for officer in turn.directory.ever_officers()
        if officer.name and len(officer.name) > 1 and officer.name in turn.text and officer.id != turn.person.id
    ]
    helpers = tuple(officer.id for officer in named if officer.role in (Role.DISCIPLINE, Role.CITY))
    return tuple(officer.id for officer in named if officer.id not in helpers), helpers


def named_in(turn: Turn) -> Blamed | None:
    """Enrolled officers who stand in words that nobody could read: they do not sort them."""
    officers, helpers = _officers_named(turn)
    return Blamed("unclear", officers, named=helpers) if officers or helpers else None


def never_read(turn: Turn, blamed: Blamed | None) -> frozenset[str]:
    """Who never reads held words: the accused, and their desks up to the county."""
    return doubt_sight(blamed, turn.directory, turn.home).barred if blamed else frozenset()


def tell_held(turn: Turn, case: Case) -> Decision:
    """Held words were kept with a case: the first desk that may read them is told, and can press 定范围."""
    sight = sealed_sight(blamed_of(turn) or Blamed(), turn.directory, turn.home)
    minus = accused_persons(sight.barred) | {turn.person.id}
    for desk in high_desks(sight.seen_by & case.seen_by):
        if any(officer.id not in minus for officer in officers_at((desk,), case, turn.directory)):
            moves = Moves(case, turn.now)
            moves.tell((desk,), "words_held", minus=minus)
            return Decision(notices=moves.done().notices)
    return Decision()


def high_desks(seen: frozenset[str]) -> list[str]:
    """County, discipline, city: those that may see, in this order."""
    order = ("county:", "discipline:", "city:")
    return [desk for kind in order for desk in sorted(seen) if desk.startswith(kind)]


def accused_persons(barred: frozenset[str]) -> frozenset[str]:
    """The persons among tokens that never see."""
    return frozenset(token.partition(":")[2] for token in barred if token.startswith("person:"))
