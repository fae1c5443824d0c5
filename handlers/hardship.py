"""突发困难: the case opens on the first message, then at most four short questions, each skippable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from assistance.audience import holders
from assistance.case import Case, What
from assistance.decision import Decision, Draft
from assistance.moves import Moves
from assistance.open import locate
from handlers import forms, outside, placing, tell, which, which_day
from handlers.complaint import NAMES, own_report
from handlers.held import blames, hold_blame, without_words
from handlers.report import Opened, open_cases
from handlers.turn import Turn
from handlers.whereabouts import where

_COUNTED = ("people", "phone")  # asked for a number: words without one are no answer
_NUMBER = re.compile(r"[\d０-９零一二两三四五六七八九十俩仨]")


async def open_hardship(turn: Turn) -> Decision:
    """Open what the message tells of and ask for what is missing."""
    decision, opened = await open_cases(turn)
    if not opened:
        return decision
    return decision + answer_opened(turn, opened)


def answer_opened(turn: Turn, opened: tuple[Opened, ...]) -> Decision:
    """The receipt, who answers by when, and the first question about the need."""
    need = opened[0]
    before = tell.opened_reply(turn, opened)
    day = which_day.in_doubt(turn.reading.slots.date) if not need.joined and not blames(turn) else {}
    draft = forms.start("hardship", need.case.id, _missing(turn, need.case)) if not need.joined else None
    draft = replace(draft, data=day) if draft else None
    doubt = which.in_doubt(turn)
    if draft and doubt and need.case.household:
        asking = replace(draft, asked="household", queue=tuple(one for one in _all(draft) if one != "household"))
        return which.ask(turn, doubt, asking, before) + turn.remember(case=need.case.id)
    unsettled = which.village_in_doubt(turn)
    if draft and unsettled and draft.asked == "place":
        data = {**day, **placing.data_of(turn, unsettled, [one.case for one in opened if not one.joined])}
        asking = replace(draft, data=data)
        return which.ask_village(turn, unsettled, asking, before) + turn.remember(case=need.case.id)
    if draft is None and day:
        return which_day.ask(turn, (need.case.id,), {**day, "case": True}, before) + turn.remember(case=need.case.id)
    answer = forms.ask(turn, draft, before, need.case) + turn.remember(draft=draft, case=need.case.id)
    sealed = next((one.case for one in opened if one.case.sealed and one.report.code), None)
    return answer + turn.reply_text("", case=sealed, buttons=NAMES, sealed=True) if sealed else answer


def _all(draft: Draft) -> tuple[str, ...]:
    return (draft.asked or "", *draft.queue)


def _missing(turn: Turn, case: Case) -> set[str]:
    """What a helper at the door would still have to ask."""
    slots, place = turn.reading.slots, where(turn)
    missing = set[str]()
    if case.village is None and not outside.named(turn):
        missing.add("place")
    if case.household is not None and not place.name:
        missing.add("household")
    if case.household is not None and slots.people is None:
        missing.add("people")
    if slots.phone is None:
        missing.add("phone")
    return missing


async def answer_question(turn: Turn, draft: Draft) -> Decision:
    """Take an answer: whatever slots it holds are filled, and the words fill the question that was asked."""
    case = await turn.work.cases.for_engine().one(draft.about or "")
    if case is None or not case.open:
        return turn.reply("form.over") + turn.remember(draft=None)
    skipped = turn.skipped
    facts = {} if skipped else without_words(turn, _answers(turn, draft))
    moves = Moves(case, turn.now)
    if facts:
        moves.did(What.SUPPLEMENTED, by=turn.person.id, said=turn.said.id, fields=sorted(facts))
    chosen = which.picked(turn)
    village = chosen.village if chosen else (which.picked_village(turn) or which.told_village(turn))
    if chosen or (case.village is None and village):
        locate(moves, village or turn.directory.seat, turn.directory, household=chosen.id if chosen else None)
    following = forms.advance(draft, known=facts)
    answered = bool(facts or draft.data.get("answered"))
    if (following is None and answered) or set(facts) - {draft.asked}:
        moves.tell(holders(moves.case), "supplemented")
    if following is not None:
        following = replace(following, data={**draft.data, "answered": answered})
    before = turn.kit.phrases("form.skipped" if skipped else "form.noted")
    if draft.asked == "place" and (beyond := outside.sentence(turn)):
        before = beyond
    end = turn.kit.phrases("form.done", receipt=case.receipt) if following is None else ""
    kept = Decision(facts=((case.id, facts),)) if facts else Decision()
    mine = await own_report(turn, case.id)
    kept += await hold_blame(turn, moves.case, mine[1] if mine else None)
    if draft.asked == "place" and village:
        kept += await placing.place(turn, draft, village, but=case.id)
    if following is None and which_day.LUNAR in draft.data:
        return kept + moves.done() + which_day.ask(turn, (case.id,), {**draft.data, "case": True}, before)
    return kept + moves.done() + forms.ask(turn, following, f"{before}{end}", moves.case)


def _answers(turn: Turn, draft: Draft) -> Mapping[str, Any]:
    """Everything the answer tells; what was asked and not recognised is kept in the person's own words."""
    slots = turn.reading.slots
    if draft.asked == "household" and (chosen := which.picked(turn)):
        return {"household": chosen.head}
    if draft.asked == "household" and which.picked_none(turn):
        return {}
    if draft.asked == "place" and (code := which.picked_village(turn)):
        return {"place": turn.directory.name_of(code)}
    facts: dict[str, Any] = {
        "people": slots.people.value if slots.people else None,
        "phone": slots.phone,
        "household": slots.household,
        "amount": slots.amount.yuan if slots.amount else None,
        "place": slots.village,
    }
    found = {name: value for name, value in facts.items() if value is not None}
    if draft.asked and draft.asked not in found and (draft.asked not in _COUNTED or _NUMBER.search(turn.text)):
        found[draft.asked] = turn.text[:200]
    return found
