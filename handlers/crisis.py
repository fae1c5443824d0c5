"""危急: calm words and numbers at once, a person is called, every form stops (docs/rules.md G; domain G5, G6).

The bot does not argue, judge, promise or ask for fields; it asks one thing, where the person is.
"""

from __future__ import annotations

from assistance.case import Case, Grade, What
from assistance.decision import Decision, Report
from assistance.moves import Moves
from assistance.open import locate
from handlers import forms
from handlers.blamed import tell_held
from handlers.held import blames
from handlers.report import further_report, open_cases
from handlers.turn import Turn
from handlers.which import told_village
from nlp.reading import Intent, Signal


async def open_crisis(turn: Turn) -> Decision:
    """Open E0 and answer with the numbers that fit the danger. Whatever was being asked stops: what is said next is
    about the danger. A question to whoever has told of a need waits until they speak of something else."""
    decision, opened = await open_cases(turn)
    case = next((one.case for one in opened if one.case.grade is Grade.E0), None)
    phrase = _phrase(turn)
    answer = turn.reply(phrase, case=case, **turn.kit.numbers, receipt=case.receipt if case else "")
    stopped = (turn.draft,) if turn.draft and turn.draft.form in forms.CAN_WAIT else ()
    waiting = (*stopped, *turn.conversation.waiting)[: forms.MOST_WAITING]
    memory = turn.remember(draft=None, choices=(), waiting=waiting, case=case.id if case else turn.conversation.case)
    return decision + answer + memory


def _phrase(turn: Turn) -> str:
    reading = turn.reading
    if reading.intent is not Intent.CRISIS and reading.says(Signal.DANGER_NOW):
        return "crisis.disaster"
    if reading.says(Signal.DANGER_NOW) or reading.says(Signal.DANGER_BY_OFFICER):
        return "crisis.violence"
    return "crisis.despair"


async def more_from(turn: Turn, case: Case, first: Report) -> Decision:
    """Whatever the person writes while the danger is open goes to everybody who was told, at once."""
    moves = Moves(case, turn.now)
    village = told_village(turn)
    if case.village is None and village and case.linked is None:  # danger from an officer passes the village over
        locate(moves, village, turn.directory)
    moves.did(What.SUPPLEMENTED, by=turn.person.id, said=turn.said.id)
    moves.tell(case.told, "crisis_said")
    held = blames(turn)
    more = Decision(reports=(further_report(turn, case, first, held=held),))
    more += tell_held(turn, case) if held else Decision()
    return moves.done() + more + turn.reply("crisis.heard", case=case, **turn.kit.numbers)
