"""撤回: a report or a visit taken back; never argued with, never the end of an E0 or a complaint."""

from __future__ import annotations

from dataclasses import replace

from assistance.case import Case
from assistance.close import NEVER_BY_WITHDRAWAL, withdraw, withdraw_one
from assistance.decision import Decision, Report
from assistance.work import Refused
from handlers import tell, visiting
from handlers.held import blames, hold_blame
from handlers.progress import meant_report, told_to_wait
from handlers.turn import Turn
from nlp.reading import Signal


async def take_back(turn: Turn) -> Decision:
    """撤回: of a visit told last (cadres), else of the report that is meant; never argued with."""
    if turn.person.is_officer and turn.conversation.visit:
        visit = await turn.work.visits.one(turn.conversation.visit)
        if visit:
            voided = replace(visit, void=True)
            kept = await visiting.keep(turn, voided, visit)
            return kept + turn.reply("visit.void", head=visit.head or "") + turn.remember(visit=None)
    meant = await meant_report(turn)
    if meant is None:
        return (await told_to_wait(turn) or turn.reply("withdraw.nothing")) + await hold_blame(turn)
    return await withdraw_report(turn, *meant) + await hold_blame(turn, *meant)


async def withdraw_report(turn: Turn, case: Case, report: Report) -> Decision:
    """Take one report back. Where others reported the same, only this one's ends and the case goes on."""
    held = blames(turn)
    never = case.grade in NEVER_BY_WITHDRAWAL
    # who put on the pressure may sit in village or town: then only the county hears of it
    pressure = held if never else not held and turn.reading.says(Signal.PRESSURE)
    pressure = pressure or (never and turn.reading.says(Signal.PRESSURE))
    others = {one.by for one in await turn.work.cases.reporters(case.id)} - {turn.person.id}
    if others and not never and case.stage.climbing:
        outcome: Decision | Refused = withdraw_one(case, turn.person.id, turn.now)
    else:
        outcome = withdraw(case, turn.person.id, turn.directory, turn.now, pressure=pressure, past_town=held)
    if isinstance(outcome, Refused) and case.sealed and report.receipt not in turn.text:
        return turn.reply("withdraw.nothing")
    if isinstance(outcome, Refused):
        return turn.reply(f"late.{outcome.phrase}", case=case, receipt=report.receipt, who="", stage=case.stage.value)
    if case.sealed and report.receipt not in turn.text:  # whoever holds the phone reads no receipt of a complaint
        words = turn.reply("withdraw.kept_open_unnamed", case=case)
    else:
        words = turn.reply("withdraw.kept_open" if never else "withdraw.done", case=case, receipt=report.receipt)
    return outcome + words + turn.remember(draft=None, case=case.id)


async def offer(turn: Turn) -> Decision:
    """取消 with no question open: which report is meant, by number."""
    own = [(case, report) for case, report in await turn.work.cases.told_by(turn.person.id) if case.open]
    if not own:
        return turn.reply("withdraw.nothing")
    labels = [tell.status(case, turn.directory, turn.kit.phrases, report.receipt) for case, report in own[:5]]
    choices = tuple((label, f"withdraw:{case.id}") for label, (case, _) in zip(labels, own, strict=False))
    listed = "\n".join(f"{number}. {label}" for number, (label, _) in enumerate(choices, 1))
    return turn.reply("withdraw.which", choices=listed) + turn.remember(choices=choices)
