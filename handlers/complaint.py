"""投诉举报: kept sealed, a receipt and a code for the sender, and the choice 匿名 / 实名 after every one."""

from __future__ import annotations

from dataclasses import replace

from assistance.audience import holders
from assistance.case import Case
from assistance.decision import Decision, Draft, Report
from assistance.moves import Moves
from assistance.seal import accused_tokens
from handlers import forms, placing, tell, which
from handlers.blamed import blamed_of
from handlers.report import Opened, further_report, open_cases
from handlers.turn import Turn

ANONYMOUS, NAMED = "匿名", "实名"
NAMES = (ANONYMOUS, NAMED)


async def open_complaint(turn: Turn) -> Decision:
    """Open the sealed case (and the need beside it, if one is told); say how to ask about it later."""
    decision, opened = await open_cases(turn)
    if not opened:
        return decision
    return decision + answer_opened(turn, opened)


def answer_opened(turn: Turn, opened: tuple[Opened, ...]) -> Decision:
    """Receipt and code, who may see it, and the two buttons."""
    complaints = [one for one in opened if one.case.sealed and one.report.code]
    text = tell.opened_reply(turn, opened)
    if not complaints:
        return turn.reply_text(text, case=opened[0].case) + turn.remember(draft=None, case=opened[0].case.id)
    case = complaints[0].case
    unsettled = placing.in_doubt(turn)
    if unsettled:
        data = placing.data_of(turn, unsettled, [one.case for one in opened if not one.joined])
        asked = which.ask_village(turn, unsettled, Draft("complaint", case.id, "place", data=data), text)
        return asked + turn.reply_text("", case=case, buttons=NAMES, sealed=True) + turn.remember(case=case.id)
    answer = turn.reply_text(text, case=case, buttons=NAMES, sealed=True)
    return answer + turn.remember(draft=None, case=case.id)


async def choose_name(turn: Turn, word: str, case_id: str) -> Decision:
    """匿名 or 实名: until 实名 is pressed no officer is shown who it was."""
    mine = await own_report(turn, case_id)
    if mine is None:
        return turn.reply("button.late")
    case, report = mine
    decision = Decision(reports=(replace(report, named=word == NAMED),))
    if word == ANONYMOUS:
        return decision + turn.reply("complaint.anonymous", case=case, receipt=report.receipt)
    if turn.person.name:
        return decision + _tell_signed(turn, case) + turn.reply("complaint.named", case=case, receipt=report.receipt)
    if turn.draft and (turn.draft.form, turn.draft.asked, turn.draft.about) == ("complaint", "place", case.id):
        waits = turn.remember(draft=replace(turn.draft, queue=("name",)))  # the name is asked for after the village
        return decision + turn.reply("complaint.named", case=case, receipt=report.receipt) + waits
    draft = forms.start("complaint", case.id, ("name",))
    return decision + forms.ask(turn, draft, turn.kit.phrases("complaint.named", receipt=report.receipt), case)


async def answer_question(turn: Turn, draft: Draft) -> Decision:
    """Which village it is about, or the name after 实名."""
    return await (_answer_place(turn, draft) if draft.asked == "place" else answer_name(turn, draft))


async def _answer_place(turn: Turn, draft: Draft) -> Decision:
    """The village picked, or named otherwise; words that name none are kept with the complaint."""
    following = forms.advance(draft)
    over = turn.remember(choices=())
    if turn.skipped or which.picked_no_village(turn):
        return over + forms.ask(turn, following, turn.kit.phrases("form.skipped"))
    mine = await own_report(turn, draft.about or "")
    code = which.picked_village(turn) or which.told_village(turn)
    kept = await placing.place(turn, draft, code) if code else Decision()
    if mine and turn.pick(turn.text) is None:  # more than a number: kept as words of the complaint
        if (blamed := blamed_of(turn)) and accused_tokens(blamed, turn.directory) - mine[0].barred:
            return kept + over + await open_complaint(turn)
        kept += Decision(reports=(further_report(turn, *mine, held=False),))
    return kept + over + forms.ask(turn, following, turn.kit.phrases("form.noted"), mine[0] if mine else None)


async def answer_name(turn: Turn, draft: Draft) -> Decision:
    """The name somebody gave after 实名; skipping it is fine."""
    if turn.skipped:
        return turn.reply("form.skipped") + turn.remember(draft=None)
    kept = Decision(facts=((draft.about or "", {"reporter": turn.text[:60]}),))
    mine = await own_report(turn, draft.about or "")
    kept += _tell_signed(turn, mine[0]) if mine else Decision()
    return kept + turn.reply("form.noted", sealed=True) + turn.remember(draft=None)


def _tell_signed(turn: Turn, case: Case) -> Decision:
    """Whoever has the complaint reads now who it was."""
    moves = Moves(case, turn.now)
    if case.open:
        moves.tell(holders(case), "signed")
    return Decision(notices=moves.done().notices)


async def own_report(turn: Turn, case_id: str) -> tuple[Case, Report] | None:
    """The sender's own report of a case, whatever may be seen of the case otherwise."""
    case = await turn.work.cases.for_engine().one(case_id)
    for report in await turn.work.cases.reporters(case_id):
        if case and report.by == turn.person.id:
            return case, report
    return None
