"""Blame in words that open no case: held for the county officers not concerned (docs/rules.md G, H)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistance.case import Case
from assistance.decision import Decision, Notice, Report
from assistance.grade import words_held
from assistance.seal import Blamed, sealed_sight
from handlers.blamed import accused_persons, blamed_of, facts_of, high_desks, tell_held
from handlers.complaint import own_report
from handlers.report import further_report
from handlers.turn import Turn
from nlp.phones import mask

LOOSE = "loose#"  # the step of a message that hands on words which belong to no case


def blames(turn: Turn) -> bool:
    """Whether the words of this message are shown to no village or town."""
    return words_held(facts_of(turn.reading))


async def hold_blame(turn: Turn, case: Case | None = None, first: Report | None = None) -> Decision:
    """Blame in words that open no case goes to the first desk not concerned: county, else discipline, else city.

    Words about a case that their sender reported (`first`) are kept with it. Of a sealed case nobody is told: its
    words are at their place already.
    """
    if not blames(turn):
        return Decision()
    if case is not None and case.sealed:
        return Decision(reports=(further_report(turn, case, first, held=False),)) if first else Decision()
    if case is not None and first is not None:
        kept = Decision(reports=(further_report(turn, case, first, held=True),))
        return kept + tell_held(turn, case)
    return await _loose(turn)


async def _loose(turn: Turn) -> Decision:
    """Words that belong to no case, as a message. Of somebody who has complained they go no further than that
    complaint: they may well be about it."""
    blamed = blamed_of(turn) or Blamed()
    sight = sealed_sight(blamed, turn.directory, turn.home)
    seen, barred = sight.seen_by, sight.barred
    earlier = await own_report(turn, turn.conversation.case) if turn.conversation.case else None
    if earlier and earlier[0].sealed:
        seen, barred = seen & earlier[0].seen_by, barred | earlier[0].barred
    minus = accused_persons(barred) | {turn.person.id}
    text = turn.kit.phrases("notice.loose_words", text=mask(turn.text[:300]))
    for desk in high_desks(seen):
        if any(officer.id not in minus for officer in turn.directory.at(desk)):
            notice = Notice(desk, LOOSE + turn.said.id, text=text, minus=minus, sealed=True)
            return Decision(notices=(notice,))
    return Decision()


def without_words(turn: Turn, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """What may be kept with an unsealed case of a message that blames: never its words, a sum or a name; nor the words
    that stand in for a number which was asked for and not found."""
    if not blames(turn):
        return fields
    slots = turn.reading.slots
    found = {"people": slots.people, "phone": slots.phone}
    return {name: value for name, value in fields.items() if found.get(name) is not None}
