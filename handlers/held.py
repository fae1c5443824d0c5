"""Blame in words that open no case: held for the county officers not concerned (docs/rules.md G, H)."""

from __future__ import annotations

from assistance.case import Case
from assistance.decision import Decision, Notice
from assistance.grade import words_held
from assistance.moves import Moves
from assistance.seal import Blamed, sealed_sight
from handlers.report import blamed_of, facts_of
from handlers.turn import Turn
from nlp.phones import mask


async def hold_blame(turn: Turn, case: Case | None = None) -> Decision:
    """Blame in words that open no case goes to the county officers not concerned (docs/rules.md G, H)."""
    if not words_held(facts_of(turn.reading)):
        return Decision()
    if case is not None and not case.sealed:
        moves = Moves(case, turn.now)
        moves.tell((f"county:{case.county}",), "words_held")
        return Decision(notices=moves.done().notices)
    sight = sealed_sight(blamed_of(turn) or Blamed(), turn.directory, turn.home)
    desks = [
        desk for desk in (f"county:{turn.directory.seat}", f"discipline:{turn.directory.seat}") if desk in sight.seen_by
    ]
    accused = {token.partition(":")[2] for token in sight.barred if token.startswith("person:")}
    minus = frozenset(accused | {turn.person.id})
    text = turn.kit.phrases("notice.loose_words", text=mask(turn.text[:300]))
    step = f"loose#{turn.said.id}"
    return Decision(notices=tuple(Notice(desk, step, text=text, minus=minus, sealed=True) for desk in desks[:1]))
