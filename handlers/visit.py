"""走访: kept from the first message; what is missing is asked afterwards, and what was found opens a case by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from assistance.case import Case, What
from assistance.decision import Decision, Draft, Visit
from assistance.moves import Moves
from assistance.ports import CaseFilter
from assistance.visits import NOT_MET
from handlers import checklist, forms, placing, tell, visiting, which, which_day
from handlers.held import blames, hold_blame
from handlers.kit import new_id
from handlers.report import Opened, open_cases
from handlers.turn import Turn
from handlers.whereabouts import Where, where
from nlp.reading import Intent


async def keep_visit(turn: Turn) -> Decision:
    """Keep the visit; progress on the household's case that the visitor handles; open what was found."""
    place = await _where_visited(turn)
    visit = visit_of(turn, place)
    kept = await visiting.keep(turn, visit) + turn.remember(visit=visit.id, draft=None)
    handled = await handled_case(turn, place)
    opened: tuple[Opened, ...] = ()
    if handled and (turn.reading.slots.cause in (None, handled.cause) or Intent.HARDSHIP not in turn.reading.also):
        moves = Moves(handled, turn.now)
        moves.did(What.PROGRESSED, by=turn.person.id, said=turn.said.id)
        progress = moves.done() + turn.remember(case=handled.id)
    else:
        progress, opened = await open_cases(turn)
    if not opened:
        progress += await hold_blame(turn)
    text = tell.visit_reply(turn, visit, opened, handled if not opened else None)
    return kept + progress + _ask(turn, visit, text, opened)


async def _where_visited(turn: Turn) -> Where:
    """The household that the words name; with none named, the one whose case the visitor handles and acted on last."""
    place = where(turn)
    if place.name or turn.reading.places or not turn.person.is_officer or not turn.conversation.case:
        return place
    case = await turn.mine.one(turn.conversation.case)
    if case is None or case.handler != turn.person.id or not case.stage.climbing:
        return place
    household = turn.directory.households.get(case.household or "")
    facts = (await turn.mine.words(case)).facts
    name = household.head if household else facts.get("household")
    return Where(case.village, case.town, case.household, name, household.kind if household else None)


def _ask(turn: Turn, visit: Visit, text: str, opened: tuple[Opened, ...]) -> Decision:
    """Which household or village it was, when the words did not say; a name that several have is asked by number."""
    case = opened[0].case if opened else None
    data = {**which_day.in_doubt(turn.reading.slots.date), "opened": case is not None}
    if doubt := which.in_doubt(turn):
        return which.ask(turn, doubt, Draft("visit", visit.id, "household", data=data), text)
    if unsettled := placing.in_doubt(turn):
        data |= placing.data_of(turn, unsettled, [one.case for one in opened if not one.joined])
        return which.ask_village(turn, unsettled, Draft("visit", visit.id, "place", data=data), text)
    return _go_on(turn, visit, data, text, case)


def _go_on(turn: Turn, visit: Visit, data: Mapping[str, Any], text: str, case: Case | None = None) -> Decision:
    """The next question: the household, the day that both calendars fit, what a visitor is asked of a household."""
    if not visit.head:
        return forms.ask(turn, Draft("visit", visit.id, "household", data=data), text, case)
    known = bool(visit.household and turn.person.is_officer)
    if which_day.LUNAR in data:
        return which_day.ask(turn, (visit.id,), {**data, "checklist": known}, text)
    following = checklist.begin(visit, opened=bool(data.get("opened"))) if known else None
    if following:
        return checklist.ask(turn, following, text)
    return forms.ask(turn, None, text, case) + turn.remember(choices=())


def visit_of(turn: Turn, place: Where) -> Visit:
    """The visit that a message tells: on the day it names, else the day it was sent."""
    named = turn.reading.slots.date
    sent = (turn.said.said_at or turn.now).astimezone(turn.kit.rulebook.calendar.zone).date()
    if named is None:
        on: date | None = sent
    else:
        on = date.fromisoformat(named.value) if named.value and len(named.value) == 10 else None
    own = turn.person.is_officer or turn.reading.slots.household is not None
    return Visit(
        id=new_id(),
        by=turn.person.id,
        said=turn.said.id,
        at=turn.now,
        on=on if on is None or on <= sent else sent,
        household=place.household if own else None,
        head=place.name,
        village=place.village,
        findings=turn.text[:2000],
        by_phone=any(word in turn.text for word in turn.kit.rulebook.visits.phone_words),
        met=_met(turn),
    )


def _met(turn: Turn) -> str | None:
    """Whom the visitor met, as far as the words say: 见到谁：本人, or a door that stayed shut."""
    if any(word in turn.text for word in turn.kit.rulebook.visits.not_met_words):
        return NOT_MET
    named = _MET.search(turn.text)
    return named[1] if named else None


_MET = re.compile(rf"见到(?:谁)?[:：]?\s*(?:了)?({'|'.join(checklist.MET[:-1])})")


async def handled_case(turn: Turn, place: Where) -> Case | None:
    """The case of this household that the visitor handles; what they say about it is progress."""
    if place.household is None or not turn.person.is_officer:
        return None
    handled = await turn.mine.list(CaseFilter(handler=turn.person.id))
    about = [case for case in handled if case.household == place.household]
    return next((case for case in about if case.cause == turn.reading.slots.cause), about[0] if about else None)


async def answer_question(turn: Turn, draft: Draft) -> Decision:
    """The village or household that a visit was to: by number, by name, or skipped."""
    visit = await turn.work.visits.one(draft.about or "")
    if visit is None:
        return turn.reply("form.skipped") + turn.remember(draft=None, choices=())
    if draft.asked == "place":
        return await _answer_village(turn, draft, visit)
    if turn.skipped:
        return _then_day(turn, draft, visit, turn.kit.phrases("form.skipped"))
    found, before = which.picked(turn), visit
    if found:
        visit = replace(visit, household=found.id, head=found.head, village=found.village)
    elif not which.picked_none(turn):
        place = where(turn)
        name = place.name or ("" if blames(turn) else turn.text[:20])
        key = place.household or turn.work.people.household_key(visit.village, name)
        visit = replace(visit, household=key, head=name, village=place.village or visit.village)
    kept = await visiting.keep(turn, visit, before) + await hold_blame(turn)
    if found:
        return kept + _go_on(turn, visit, {**draft.data, "opened": False}, turn.kit.phrases("form.noted"))
    return kept + _then_day(turn, draft, visit, turn.kit.phrases("form.noted"))


async def _answer_village(turn: Turn, draft: Draft, visit: Visit) -> Decision:
    """Which of the villages of that name: the visit belongs there, and what it opened too."""
    code = None if turn.skipped else which.picked_village(turn) or which.told_village(turn)
    if code is None:
        kept = Decision() if turn.skipped or which.picked_no_village(turn) else await hold_blame(turn)
        return kept + _go_on(turn, visit, draft.data, turn.kit.phrases("form.skipped"))
    head = visit.head
    moved = replace(visit, village=code)
    if head and visit.household not in turn.directory.households:
        moved = replace(moved, household=turn.work.people.household_key(code, head))
    kept = await visiting.keep(turn, moved, visit) + await placing.place(turn, draft, code)
    kept += Decision() if turn.pick(turn.text) else await hold_blame(turn)
    return kept + _go_on(turn, moved, draft.data, turn.kit.phrases("form.noted"))


def _then_day(turn: Turn, draft: Draft, visit: Visit, said: str) -> Decision:
    """With the household told or skipped only the day may be left to ask."""
    if which_day.LUNAR in draft.data:
        return which_day.ask(turn, (visit.id,), {**draft.data, "checklist": False}, said)
    return turn.reply_text(said) + turn.remember(draft=None, choices=())
