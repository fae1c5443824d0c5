"""投诉举报: kept sealed, a receipt and a code for the sender, and the choice 匿名 / 实名 after every one."""

from __future__ import annotations

from dataclasses import replace

from assistance.audience import holders
from assistance.case import Case
from assistance.decision import Decision, Draft, Report
from assistance.moves import Moves
from handlers import forms, tell
from handlers.report import Opened, open_cases
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
    draft = forms.start("complaint", case.id, ("name",))
    return decision + forms.ask(turn, draft, turn.kit.phrases("complaint.named", receipt=report.receipt), case)


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
