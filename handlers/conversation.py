"""One person's conversation, in order: every message is read first, then it answers, interrupts or begins something
(docs/rules.md E and I)."""

from __future__ import annotations

import re
from dataclasses import replace

from assistance.case import Case, Grade, What
from assistance.decision import Decision, Draft, Report
from assistance.ports import CaseFilter
from handlers import (
    absence,
    checklist,
    claim,
    commands,
    complaint,
    crisis,
    desk,
    enrol,
    forms,
    hardship,
    ledger,
    lists,
    orders,
    progress,
    reprisal,
    talk,
    thanks,
    visit,
    which_day,
    withdraw,
)
from handlers.degrade import choices
from handlers.held import LOOSE
from handlers.notices import SOLVED, UNSOLVED
from handlers.outcome import one_reply
from handlers.report import own_benefit_stopped
from handlers.routes import ROUTES
from handlers.turn import Turn
from handlers.waiting import STOP, SURE, interrupts, keep_waiting
from handlers.whereabouts import where
from nlp.reading import Intent, Signal

_TELLS_OF_DANGER = frozenset(
    {Intent.HARDSHIP, Intent.COMPLAINT, Intent.HELP, Intent.SUPPLEMENT, Intent.PROGRESS}
)  # a visit that finds one is kept as a visit first
_MAY_TELL_OF_ASTOP = _TELLS_OF_DANGER | {Intent.POLICY, Intent.CHITCHAT}
_ASKS_AFTER = re.compile(r"到哪|进度|咋样了|怎么样了|办到|办得|有信|有回音|有结果")
_ON_A_HOUSEHOLD = frozenset({Intent.HARDSHIP, Intent.SUPPLEMENT, Intent.THANKS, Intent.CHITCHAT, Intent.PROGRESS})
_HALF_SURE = 0.5  # a crisis read less surely than this does not interrupt an officer who tells of a case in hand
_QUESTION = re.compile(r"[?？]|吗|没有?$|咋样|怎么样|到哪|多少|几|不$")


async def answer(turn: Turn) -> Decision:
    """What follows from one message, with everything it changes and exactly one reply."""
    decision = await _answer(turn)
    memory = dict(decision.memory)
    if "draft" in memory and "waiting" not in memory:  # a crisis asks no question again
        decision, memory = keep_waiting(turn, decision, memory)
    if turn.conversation.said:
        memory.setdefault("said", None)  # only the message just before is meant by 这是走访
    conversation = replace(turn.conversation, **memory) if memory else turn.conversation
    decision = _sealed_answer(decision) if _blames_further(turn, decision) else decision
    return replace(one_reply(decision), conversation=conversation, memory=())


def _blames_further(turn: Turn, decision: Decision) -> bool:
    """Whether the words blame somebody and open no case: held with an earlier one, or passed on as a message."""
    opened = {event.case for event in decision.events if event.what is What.OPENED}
    held = any(one.held and one.said == turn.said.id and one.case not in opened for one in decision.reports)
    return held or any(notice.step == LOOSE + turn.said.id for notice in decision.notices)


def _sealed_answer(decision: Decision) -> Decision:
    """A shared phone forgets such words as it forgets a complaint."""
    answers = tuple(replace(one, sealed=True) if one.kind == "reply" else one for one in decision.notices)
    return replace(decision, notices=answers)


async def _answer(turn: Turn) -> Decision:
    if turn.said.press:
        return await _press(turn, turn.said.press)
    if not turn.text and not turn.said.media:
        return turn.reply("talk.empty")
    required = turn.draft is not None and forms.is_required(turn.draft)
    if not required and f"prompt.{turn.text}" in turn.kit.phrases:  # the page's menu
        return turn.reply(f"prompt.{turn.text}", **turn.kit.numbers)
    if turn.reading.intent is Intent.CRISIS:
        in_hand = await _in_hand(turn)
        return await (desk.log_progress(turn, in_hand) if in_hand else crisis.open_crisis(turn))
    if turn.draft is not None and _tells_of_danger(turn):  # no form, required or not, stands in its way
        danger = await _open_danger(turn)
        return await (crisis.more_from(turn, *danger) if danger else crisis.open_crisis(turn))
    if turn.text in complaint.NAMES and await turn.work.outbox.on_phone(turn.person.id, turn.text):
        return await _press(turn, turn.text)
    if not required and (solved := await thanks.answered(turn)):
        return await thanks.typed(turn, solved)
    if told := await reprisal.typed(turn):
        return told
    if turn.text in STOP and (not required or turn.text == forms.CANCEL):
        return await _stop(turn, turn.text)
    if not required and claim.asked(turn):
        return await claim.take_over(turn)
    if not required and (told := await commands.command(turn)):
        return told
    value = turn.pick(turn.text)
    if value is not None and (turn.draft is None or turn.draft.form == "reread"):
        return await _choose(turn, value)
    if turn.numbered and turn.draft is None and (label := await _numbered(turn)):
        return await _press(turn, label)
    if turn.draft and not interrupts(turn, turn.draft):
        if turn.draft.form == "hardship" and await own_benefit_stopped(turn):
            return await complaint.open_complaint(turn)
        return await _continue(turn, turn.draft)
    if turn.text in desk.WORDS:
        return await desk.typed(turn, turn.text)
    danger = await _open_danger(turn)
    if danger:
        return await crisis.more_from(turn, *danger)
    if turn.person.is_officer and (case := await _progress_on(turn)):
        return await desk.log_progress(turn, case)
    return await _begin(turn)


async def _begin(turn: Turn) -> Decision:
    """Something new: the handler of its intent; when the reading is unsure, the other choices are offered with it."""
    reading = turn.reading
    if _tells_of_danger(turn):
        return await crisis.open_crisis(turn)
    asks = reading.intent is Intent.PROGRESS and (progress.asks(turn.text) or _ASKS_AFTER.search(turn.text))
    if reading.intent in _MAY_TELL_OF_ASTOP and not asks and await own_benefit_stopped(turn):
        return await complaint.open_complaint(turn)
    if reading.intent in (Intent.CHITCHAT, Intent.HELP) and progress.asks(turn.text):
        return await progress.tell_progress(turn)
    decision = await ROUTES[reading.intent](turn)
    if turn.person.is_officer and turn.text:
        decision += turn.remember(said=turn.said.id)
    if reading.ask and not dict(decision.memory).get("draft"):
        return decision + talk.offer(turn)
    return decision


async def _in_hand(turn: Turn) -> Case | None:
    """The case of their own that an officer tells of, where only an unsure reading hears a danger in it:
    已经把他家接到村委会住下."""
    reading = turn.reading
    if not turn.person.is_officer or reading.confidence >= _HALF_SURE or not turn.conversation.case:
        return None
    if reading.says(Signal.DANGER_NOW) or reading.says(Signal.DANGER_BY_OFFICER):
        return None
    case = await turn.mine.one(turn.conversation.case)
    return case if case and case.handler == turn.person.id and case.stage.climbing else None


def _tells_of_danger(turn: Turn) -> bool:
    return turn.reading.says(Signal.DANGER_NOW) and turn.reading.intent in _TELLS_OF_DANGER


async def _numbered(turn: Turn) -> str | None:
    """The button that a typed number means: of the newest message with buttons, as its phone showed them."""
    number = turn.text.rstrip("。.、")
    if not number.isdecimal() or len(number) > 2:
        return None
    shown = choices(next((one.buttons for one in await turn.work.outbox.on_phone(turn.person.id) if one.buttons), ()))
    return shown[int(number) - 1] if 0 < int(number) <= len(shown) else None


async def _press(turn: Turn, label: str) -> Decision:
    word, _, receipt = label.partition(" ")
    shown = await turn.work.outbox.on_phone(turn.person.id, label)
    pressed = shown[0] if shown else None
    if label in (forms.SKIP, forms.CANCEL) and turn.draft:
        return await (_stop(turn, label) if label == forms.CANCEL else _continue(turn, turn.draft))
    if told := await reprisal.pressed(turn, label, pressed):
        return told
    if word in complaint.NAMES and pressed and pressed.case:
        return await complaint.choose_name(turn, word, pressed.case)
    if word in (SOLVED, UNSOLVED) and pressed and pressed.case:
        mine = await complaint.own_report(turn, pressed.case)
        if mine:
            return await thanks.answer_solved(turn, *mine, solved=word == SOLVED)
        return await desk.press(turn, word, pressed)
    if told := await commands.press(turn, label, pressed):
        return told
    if word in desk.WORDS and receipt and (case := await turn.mine.by_receipt(receipt)):
        return await desk.act(turn, word, case)
    if word in desk.WORDS:
        return await desk.press(turn, word, pressed)
    pressed_text = replace(turn, said=replace(turn.said, text=label, press=None))
    if turn.draft and turn.draft.form != "reread":
        return await _continue(pressed_text, turn.draft)
    value = turn.pick(label)
    return turn.reply("button.late") if value is None else await _choose(turn, value)


async def _stop(turn: Turn, word: str) -> Decision:
    """取消 and 重来 end a question, never a case; 人工 brings a person."""
    match word:
        case "人工":
            return await talk.to_a_person(turn) + turn.remember(draft=None, choices=())
        case "帮助":
            return await talk.give_help(turn)
        case _ if turn.draft:
            return turn.reply("form.cancelled" if word == forms.CANCEL else "form.again") + turn.remember(
                draft=None, choices=()
            )
        case forms.CANCEL:
            return await withdraw.offer(turn)
        case _:
            return turn.reply("form.again")


async def _choose(turn: Turn, value: str) -> Decision:
    """A numbered choice: another reading of the last message, a case to withdraw, or a case for a desk word."""
    kind, _, rest = value.partition(":")
    cleared = turn.remember(choices=(), draft=None)
    match kind:
        case "intent":
            return cleared + await talk.reread(turn, Intent(rest), ROUTES)
        case "solved" | "unsolved":
            return cleared + await thanks.chosen(turn, rest, solved=kind == "solved")
        case "withdraw":
            mine = await complaint.own_report(turn, rest)
            return cleared + (await withdraw.withdraw_report(turn, *mine) if mine else turn.reply("button.late"))
        case "order":
            return cleared + await orders.chosen(turn, rest)
        case _:
            return cleared + await desk.chosen(turn, value)


async def _continue(turn: Turn, draft: Draft) -> Decision:
    """Hand an answer to the form that waits for it."""
    match draft.form:
        case "hardship":
            return await hardship.answer_question(turn, draft)
        case "complaint":
            return await complaint.answer_question(turn, draft)
        case "reprisal":
            return await reprisal.answer_question(turn, draft)
        case "visit":
            return await visit.answer_question(turn, draft)
        case "checklist":
            return await checklist.answer_question(turn, draft)
        case "day":
            return await which_day.answer_question(turn, draft)
        case "pause" | "lower" | "regrade":
            return await orders.answer_question(turn, draft)
        case "invite":
            return await enrol.answer_question(turn, draft)
        case "exit":
            return await ledger.answer_question(turn, draft)
        case "absence":
            return await absence.answer_question(turn, draft)
        case _:
            return await desk.answer_question(turn, draft)


async def _open_danger(turn: Turn) -> tuple[Case, Report] | None:
    """The open E0 that this person told of last: what they write now belongs to it, unless it is clearly else."""
    if turn.person.is_officer or not turn.conversation.case:
        return None
    mine = await complaint.own_report(turn, turn.conversation.case)
    if mine is None or mine[0].grade is not Grade.E0 or not mine[0].stage.climbing:
        return None
    apart = turn.reading.intent in (Intent.PROGRESS, Intent.POLICY) and turn.reading.confidence > SURE
    return None if apart or turn.reading.intent is Intent.WITHDRAW else mine


async def _progress_on(turn: Turn) -> Case | None:
    """The case an officer's free text is progress on: of the household it names, else the one last acted on.

    Not when it reads as a visit elsewhere, a report, a command or a crisis.
    """
    reading = turn.reading
    handled = await turn.mine.list(CaseFilter(handler=turn.person.id))
    handled = [case for case in handled if case.stage.climbing]
    place = where(turn)
    if place.household and reading.intent in _ON_A_HOUSEHOLD and not _QUESTION.search(turn.text):
        cause = reading.slots.cause
        about = [case for case in handled if case.household == place.household]
        same = [case for case in about if cause in (None, case.cause)] or about[:1]
        if same and not (reading.intent is Intent.HARDSHIP and cause not in (None, same[0].cause)):
            return same[0]
    last = next((case for case in handled if case.id == turn.conversation.case), None)
    elsewhere = reading.households or reading.places or reading.slots.household
    if last is None or elsewhere or _QUESTION.search(turn.text):
        return None
    unsure = reading.confidence < SURE and reading.intent in (Intent.HARDSHIP, Intent.CHITCHAT, Intent.PROGRESS)
    if reading.intent in (Intent.MANAGE, Intent.PROGRESS) and lists.is_command(turn.text):
        return None
    told = reading.intent in (Intent.SUPPLEMENT, Intent.THANKS, Intent.MANAGE)
    free = told or reading.says(Signal.NOT_UNDERSTOOD) or unsure
    return last if free else None
