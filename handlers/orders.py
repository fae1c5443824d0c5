"""What an officer orders of one case in fixed words: 定级, 挂起, 恢复, 报镇里 / 报区里 / 报市里, 并案.

Which case is meant: the 回执号 in the words, else the case last spoken of or acted on, else the only open one the
officer was told of; several are listed by number.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from assistance import fold, pause, regrade, work
from assistance.case import Case, Grade, What
from assistance.decision import Decision, Draft
from assistance.directory import Level
from assistance.moves import Moves
from assistance.ports import CaseFilter
from assistance.work import Refused
from handlers import forms, tell
from handlers.outcome import done, kept_words
from handlers.progress import RECEIPT
from handlers.turn import Turn

Order = Callable[[Turn, Case, str], Awaitable[Decision]]

_LEVELS = {"镇": Level.TOWN, "街": Level.TOWN, "区": Level.COUNTY, "县": Level.COUNTY, "市": Level.CITY}
_GRADE = r"(?P<grade>[EeCcDd]\s?[0-6])?"
_ORDERS: Mapping[str, re.Pattern[str]] = {
    "grade": re.compile(rf"(?:改等级|定级|改级)(?:为|成|到)?[\s:：]*{_GRADE}(?P<rest>.*)", re.DOTALL),
    "pause": re.compile(r"挂起(?P<rest>|[\s,，:：].*|[等要缺差补因].*)", re.DOTALL),
    "resume": re.compile(r"恢复(?:办理|计时)?(?P<rest>)[。!！]?"),
    "up": re.compile(r"(?:请)?上?报(?:到|给)?(?P<level>镇里|镇上|镇街|街道|区里|区上|县里|市里)吧?(?P<rest>)[。!！]?"),
    "merge": re.compile(r"(?:把)?[\d\s,，、和与:：]*并案[\d\s,，、和与:：]*(?P<rest>)[。!！]?"),
}


async def command(turn: Turn) -> Decision | None:
    """The order that an officer's words give, done; None where they give none."""
    if not turn.person.is_officer:
        return None
    plain = _plain(turn.text)
    for name, pattern in _ORDERS.items():
        found = pattern.fullmatch(plain)
        if found is None or (name == "grade" and not found["grade"] and found["rest"].strip()):
            continue
        if name == "merge":
            return await _merge(turn)
        case = await _meant(turn)
        return await _DO[name](turn, case, plain) if case else await _which(turn, plain)
    return None


async def chosen(turn: Turn, value: str) -> Decision:
    """A number after 定级 which, or after the list of cases."""
    order, _, case_id = value.rpartition(":")
    case = await turn.mine.one(case_id)
    name = next((name for name, pattern in _ORDERS.items() if pattern.fullmatch(order)), None)
    if case is None or name is None or name == "merge":
        return turn.reply("button.late")
    return await _DO[name](turn, case, order)


async def answer_question(turn: Turn, draft: Draft) -> Decision:
    """The reason that an order was waiting for."""
    case = await turn.mine.one(draft.about or "")
    if case is None:
        return turn.reply("button.late") + turn.remember(draft=None)
    if draft.form == "pause":
        return await _ask_pause(turn, case, turn.text)
    if draft.form == "lower":
        return await _set_grade(turn, case, Grade(draft.data["grade"]), turn.text)
    if turn.skipped:
        return turn.reply("form.skipped") + turn.remember(draft=None)
    moves = Moves(case, turn.now)
    moves.did(What.SUPPLEMENTED, by=turn.person.id, said=turn.said.id, why_of=draft.data["seq"])
    kept = await kept_words(turn, case, "regraded", turn.text[:200])
    return moves.done() + kept + turn.reply("form.noted", case=case) + turn.remember(draft=None)


def _plain(text: str) -> str:
    """The words without a receipt in them."""
    return RECEIPT.sub("", text).strip(" ，,、。:：")


async def _meant(turn: Turn) -> Case | None:
    found = RECEIPT.search(turn.text)
    if found:
        return await turn.mine.by_receipt(found.group(1))
    last = await turn.mine.one(turn.conversation.case) if turn.conversation.case else None
    if last and last.stage.climbing:
        return last
    told = await _told(turn)
    return told[0] if len(told) == 1 else None


async def _told(turn: Turn) -> list[Case]:
    """Open cases this officer handles or was told of."""
    mine = {turn.person.desk, f"person:{turn.person.id}"}
    cases = await turn.mine.list(CaseFilter())
    return [case for case in cases if case.stage.climbing and (case.handler == turn.person.id or mine & {*case.told})]


async def _which(turn: Turn, order: str) -> Decision:
    if RECEIPT.search(turn.text):
        return turn.reply("progress.no_such_receipt")
    cases = await _told(turn)
    if not cases:
        return turn.reply("list.none")
    choices = tuple((tell.line(case, turn), f"order:{order}:{case.id}") for case in cases[:9])
    listed = "\n".join(f"{number}. {label}" for number, (label, _) in enumerate(choices, 1))
    return turn.reply("desk.which", word=order, choices=listed) + turn.remember(choices=choices)


# ---------- 定级 ----------


async def _grade(turn: Turn, case: Case, order: str) -> Decision:
    found = _ORDERS["grade"].fullmatch(order)
    if found is None or not found["grade"]:
        return _which_grade(turn, case)
    wanted = found["grade"].upper().replace(" ", "")
    if wanted not in list(Grade):
        return _which_grade(turn, case)
    reason = found["rest"].strip(" ，,、:：。")
    if not reason and regrade.lowers(case, Grade(wanted)):
        draft = Draft("lower", case.id, "reason", data={"grade": wanted})
        return forms.ask(turn, draft, tell.line(case, turn), case)
    return await _set_grade(turn, case, Grade(wanted), reason)


def _which_grade(turn: Turn, case: Case) -> Decision:
    """The grades that this officer may set, by number."""
    grades = regrade.settable(case, turn.person, turn.kit.rulebook)
    choices = tuple(
        (f"{grade.value} {turn.kit.phrases(f'grade.{grade.value}')}", f"order:定级 {grade.value}:{case.id}")
        for grade in grades
    )
    listed = "\n".join(f"{number}. {label}" for number, (label, _) in enumerate(choices, 1))
    asked = turn.reply("desk.which_grade", case=case, case_line=tell.line(case, turn), choices=listed)
    return asked + turn.remember(choices=choices, case=case.id, draft=None)


async def _set_grade(turn: Turn, case: Case, grade: Grade, reason: str) -> Decision:
    said = turn.said.id if reason else None
    deadline = _day(turn) if grade is Grade.D2 else None
    outcome = regrade.regrade(
        case, turn.person, grade, turn.directory, turn.kit.rulebook, turn.now, said=said, deadline=deadline
    )
    if isinstance(outcome, Refused):
        return done(turn, outcome, case, "regraded")
    asks = outcome.cases[0].lowering is not None
    answer = done(turn, outcome, case, "lowering" if asks else "regraded", undoable=False)
    if reason:
        return answer + await kept_words(turn, case, "regraded", reason[:200])
    draft = Draft("regrade", case.id, "reason", data={"seq": outcome.cases[0].seq})
    return answer + forms.ask(turn, draft, "", case)


async def agree_lower(turn: Turn, case: Case) -> Decision:
    """同意降级 by the second person."""
    outcome = regrade.confirm_lowering(case, turn.person, turn.directory, turn.kit.rulebook, turn.now)
    return done(turn, outcome, case, "regraded", undoable=False)


async def keep_grade(turn: Turn, case: Case) -> Decision:
    """不降级 by the second person."""
    return done(turn, regrade.keep_grade(case, turn.person, turn.now), case, "kept", undoable=False)


# ---------- 挂起 ----------


async def _pause(turn: Turn, case: Case, order: str) -> Decision:
    found = _ORDERS["pause"].fullmatch(order)
    reason = found["rest"].strip(" ，,、:：。") if found else ""
    if reason:
        return await _ask_pause(turn, case, reason)
    return forms.ask(turn, forms.start("pause", case.id, ("reason",)), tell.line(case, turn), case)


async def _ask_pause(turn: Turn, case: Case, reason: str) -> Decision:
    day = _day(turn)
    zone = turn.kit.rulebook.calendar.zone
    until = datetime.combine(day + timedelta(days=1), time(), zone) if day else None
    outcome = pause.ask_pause(case, turn.person, until, turn.directory, turn.kit.rulebook, turn.now, said=turn.said.id)
    answer = done(turn, outcome, case, "pausing", undoable=False)
    if isinstance(outcome, Refused):
        return answer
    return answer + await kept_words(turn, case, "pause", reason[:200])


def _day(turn: Turn) -> date | None:
    """A day to come that the words name."""
    named = turn.reading.slots.date
    if named is None or not named.value or len(named.value) != 10:
        return None
    today = turn.now.astimezone(turn.kit.rulebook.calendar.zone).date()
    told = date.fromisoformat(named.value)
    # the reader takes a day without a year for the last one that was, an order means the next
    return next((day for year in (told.year, today.year, today.year + 1) if (day := _on(year, told)) >= today), None)


def _on(year: int, day: date) -> date:
    """That day in another year; 29 February becomes the day before."""
    return date(year, day.month, min(day.day, 28) if day.month == 2 else day.day)


async def grant_pause(turn: Turn, case: Case) -> Decision:
    """同意挂起, one level up."""
    return done(turn, pause.grant_pause(case, turn.person, turn.now), case, "paused", undoable=False)


async def refuse_pause(turn: Turn, case: Case) -> Decision:
    """不挂起, one level up."""
    return done(turn, pause.refuse_pause(case, turn.person, turn.now), case, "pause_refused", undoable=False)


async def _resume(turn: Turn, case: Case, order: str) -> Decision:  # noqa: ARG001 - one signature for all orders
    return done(turn, pause.resume(case, turn.person, turn.now), case, "resumed", undoable=False)


# ---------- 报上级、并案 ----------


async def _up(turn: Turn, case: Case, order: str) -> Decision:
    found = _ORDERS["up"].fullmatch(order)
    level = _LEVELS[found["level"][0]] if found else Level.TOWN
    outcome = work.send_up(case, turn.person, level, turn.directory, turn.now)
    return done(turn, outcome, case, "sent_up", undoable=False)


async def _merge(turn: Turn) -> Decision:
    """并案 with two receipts, or one beside the case last acted on."""
    receipts = list(dict.fromkeys(RECEIPT.findall(turn.text)))
    cases = [case for receipt in receipts[:2] if (case := await turn.mine.by_receipt(receipt))]
    if len(receipts) == 1 and turn.conversation.case:
        last = await turn.mine.one(turn.conversation.case)
        cases = [last, *cases] if last else cases
    if len({case.id for case in cases}) != 2:
        return turn.reply("desk.merge_which")
    outcome = fold.merge(cases[0], cases[1], turn.person, turn.now)
    if isinstance(outcome, Refused):
        return done(turn, outcome, cases[0], "merged")
    kept, gone = (outcome.cases[0], outcome.cases[1])
    moved = tuple(replace(report, case=kept.id) for report in await turn.work.cases.reporters(gone.id))
    facts = (await turn.work.cases.for_engine().words(gone)).facts
    known = (await turn.work.cases.for_engine().words(kept)).facts
    more = {name: value for name, value in facts.items() if name not in known}
    said = turn.reply("desk.merged", case=kept, case_line=tell.line(kept, turn), gone=gone.receipt)
    carried = Decision(reports=moved, facts=((kept.id, more),) if more else ())
    return outcome + carried + said + turn.remember(draft=None, case=kept.id)


_DO: Mapping[str, Order] = {"grade": _grade, "pause": _pause, "resume": _resume, "up": _up}
