"""几次走访: a message that tells several visits becomes several visits, each with its own day, words and case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistance.case import Case, What
from assistance.decision import Decision, Draft, Visit
from assistance.moves import Moves
from handlers import forms, tell, visiting, which, which_day
from handlers.held import blames, hold_blame
from handlers.report import Opened, open_cases
from handlers.turn import Turn
from handlers.visit import handled_case, keep_visit, visit_of
from handlers.whereabouts import where
from nlp.reading import Intent, Match, Part

_FOUND = (Intent.HARDSHIP, Intent.COMPLAINT)


async def keep_visits(turn: Turn) -> Decision:
    """Keep each visit that the message tells; what was found in a household opens its own case.

    Where any of the words blame somebody, the cases are opened from the message as a whole, so that its seal holds
    for every one of them (docs/rules.md H); the visits are kept each for itself all the same.
    """
    turns = [_turn_of(turn, part) for part in turn.reading.parts]
    if len(turns) < 2:
        return await keep_visit(turn)
    held = any(blames(one) for one in (turn, *turns))
    decision, lines, doubt = Decision(), list[str](), None
    told = list[tuple[Turn, Visit]]()
    case: Case | None = None
    for one in turns:
        visit = visit_of(one, where(one))
        told.append((one, visit))
        decision += await visiting.keep(one, visit) + turn.remember(visit=visit.id)
        handled: Case | None = None
        opened: tuple[Opened, ...] = ()
        if not held:
            more, handled, opened = await _found(one)
            decision += more
        lines.append(tell.visit_reply(one, visit, opened, handled))
        case = opened[0].case if opened else case
        doubt = doubt or _doubt(one, visit)
    if held:
        more, opened = await open_cases(turn)
        case = opened[0].case if opened else None
        decision += more + (Decision() if opened else await hold_blame(turn))
        lines += [tell.opened_reply(turn, opened)] if opened else []
    text = "\n".join(dict.fromkeys(line for line in lines if line))
    day, about = _days(told)
    if doubt:
        asked, visit, match = doubt
        data = day if about == [visit.id] else {}  # one question more is enough
        return decision + which.ask(asked, match, Draft("visit", visit.id, "household", data=data), text)
    if day:
        return decision + which_day.ask(turn, about, day, text)
    return decision + forms.ask(turn, None, text, case)


async def _found(turn: Turn) -> tuple[Decision, Case | None, tuple[Opened, ...]]:
    """Progress on the household's case that the visitor handles, else the cases that this visit opens."""
    handled = await handled_case(turn, where(turn))
    if handled and (turn.reading.slots.cause in (None, handled.cause) or Intent.HARDSHIP not in turn.reading.also):
        moves = Moves(handled, turn.now)
        moves.did(What.PROGRESSED, by=turn.person.id, said=turn.said.id)
        return moves.done() + turn.remember(case=handled.id), handled, ()
    decision, opened = await open_cases(turn)
    return decision, None, opened


def _turn_of(turn: Turn, part: Part) -> Turn:
    """The turn as if this visit alone had been told: its words read again, for the household that stands in it."""
    reading = turn.kit.readers(turn.directory).understand(part.text, replace(turn.context, asked=None))
    found = (reading.intent, *reading.also)
    reading = replace(
        reading,
        intent=Intent.VISIT,
        also=tuple(dict.fromkeys(intent for intent in found if intent in _FOUND)),
        slots=replace(reading.slots, household=part.household, date=part.date),
        households=(part.match,) if part.match else (),
        places=reading.places or turn.reading.places,
        ask=None,
        parts=(),
    )
    return replace(turn, said=replace(turn.said, text=part.text), reading=reading)


def _days(told: Sequence[tuple[Turn, Visit]]) -> tuple[dict[str, str], list[str]]:
    """The first day that both calendars fit, and the visits of that day."""
    days = [(which_day.in_doubt(turn.reading.slots.date), visit.id) for turn, visit in told]
    first = next((day for day, _ in days if day), {})
    return first, [visit for day, visit in days if day and day == first]


def _doubt(turn: Turn, visit: Visit) -> tuple[Turn, Visit, Match] | None:
    """The first name that has to be asked about, with the visit it was told of."""
    match = which.in_doubt(turn)
    return (turn, visit, match) if match else None
