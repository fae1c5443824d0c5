"""补充、更正: what somebody adds to or corrects of an earlier report or visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from assistance.audience import holders
from assistance.case import Case, What
from assistance.decision import Decision, Report, Visit
from assistance.moves import Moves
from assistance.seal import accused_tokens
from handlers import visiting
from handlers.blamed import blamed_of, tell_held
from handlers.complaint import open_complaint
from handlers.hardship import answer_opened
from handlers.held import blames, hold_blame
from handlers.progress import meant_report, told_to_wait
from handlers.report import further_report, open_cases
from handlers.turn import Turn
from handlers.whereabouts import where
from nlp.reading import Intent


async def add_to_report(turn: Turn) -> Decision:
    """补充、更正: joins the earlier report, its handler is told; a new need in it opens a case of its own."""
    if turn.reading.means(Intent.HARDSHIP):
        decision, opened = await open_cases(turn)
        if opened:
            return decision + answer_opened(turn, opened)
    if turn.person.is_officer and turn.conversation.visit:
        visit = await turn.work.visits.one(turn.conversation.visit)
        if visit:
            return await _correct_visit(turn, visit) + await hold_blame(turn)
    meant = await meant_report(turn)
    if meant is None or not meant[0].open:
        return (await told_to_wait(turn) or turn.reply("supplement.nothing")) + await hold_blame(turn)
    case, first = meant
    if case.sealed:
        return await keep_sealed(turn, case, first)
    held = blames(turn)
    moves = Moves(case, turn.now)
    facts = {} if held else _corrections(turn)
    moves.did(What.SUPPLEMENTED, by=turn.person.id, said=turn.said.id, fields=sorted(facts))
    hidden = (replace(first, named=False),) if turn.reading.anonymous else ()
    if not held:
        moves.tell(holders(case), "supplemented")
    report = further_report(turn, case, first, held=held)
    kept = Decision(reports=(report, *hidden), facts=((case.id, facts),) if facts else ())
    said = turn.reply("supplement.kept", case=case, receipt=first.receipt)
    return moves.done() + kept + said + turn.remember(case=case.id) + (tell_held(turn, case) if held else Decision())


async def keep_sealed(turn: Turn, case: Case, first: Report) -> Decision:
    """More words, or a photo, on a sealed case of the sender's own. What blames somebody who may see that case opens
    one of its own, sealed from them."""
    if (blamed := blamed_of(turn)) and accused_tokens(blamed, turn.directory) - case.barred:
        return await open_complaint(replace(turn, reading=replace(turn.reading, intent=Intent.COMPLAINT)))
    moves = Moves(case, turn.now)
    facts = _corrections(turn)
    moves.did(What.SUPPLEMENTED, by=turn.person.id, said=turn.said.id, fields=sorted(facts))
    moves.tell(holders(case), "supplemented")
    hidden = (replace(first, named=False),) if turn.reading.anonymous else ()
    report = further_report(turn, case, first, held=False)
    kept = Decision(reports=(report, *hidden), facts=((case.id, facts),) if facts else ())
    shared = first.receipt not in turn.text  # whoever holds the phone reads no receipt of a complaint
    said = turn.reply("form.noted" if shared else "supplement.kept", case=case, receipt=first.receipt)
    return moves.done() + kept + said + turn.remember(case=case.id)


def _corrections(turn: Turn) -> Mapping[str, Any]:
    """The new values of an addition or correction; the old ones do not count."""
    slots = turn.reading.slots
    facts = {
        "amount": slots.amount.yuan if slots.amount else None,
        "people": slots.people.value if slots.people else None,
        "phone": slots.phone,
        "household": slots.household,
    }
    return {name: value for name, value in facts.items() if value is not None}


async def _correct_visit(turn: Turn, visit: Visit) -> Decision:
    """更正 of the visit told last: a new day, household or more words."""
    slots, place = turn.reading.slots, where(turn)
    on = (
        date.fromisoformat(slots.date.value)
        if slots.date and slots.date.value and len(slots.date.value) == 10
        else None
    )
    changed = replace(
        visit,
        on=on or visit.on,
        household=place.household if place.name else visit.household,
        head=place.name or visit.head,
        findings=f"{visit.findings or ''}\n{turn.text}"[:2000],
    )
    return await visiting.keep(turn, changed, visit) + turn.reply("visit.corrected", head=changed.head or "")
