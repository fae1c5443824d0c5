"""`jishiyu erase`: the operator lets the personal words of a closed case go, with a reason; the history stays whole."""

from __future__ import annotations

from dataclasses import replace

from assistance import erasing
from assistance.case import Case, Kind, What
from assistance.decision import Decision
from assistance.moves import Moves
from assistance.ports import Work
from assistance.work import Refused
from bot.build import Program, build
from bot.settings import Settings
from handlers.apply import apply
from handlers.erasing import erase as let_go
from handlers.erasing import everything_over


async def erase(
    settings: Settings, receipt: str, why: str, *, own: bool = False, code: str | None = None, photos: bool = False
) -> tuple[bool, str]:
    """Erase one case; whether it was done, and what to tell the operator. `own`: its reporter asked for it, which of a
    complaint only receipt and code show."""
    async with build(settings, lambda _store: ()) as program, program.store.work() as work:
        case = await _case(work, receipt)
        if case is None:
            return False, "没有这个回执号。"
        secret = case.kind is Kind.COMPLAINT or case.sealed
        if own and secret and await work.cases.by_receipt(receipt, code or "", "") is None:
            return False, "投诉举报要反映人自己的回执号和查询码（--code），对不上。"
        if photos:
            return await _photos(program, work, case)
        return await _all(program, work, case, why, own=own)


async def _all(program: Program, work: Work, case: Case, why: str, *, own: bool) -> tuple[bool, str]:
    rulebook, now = program.office.kit.rulebook, program.office.clock()
    outcome = erasing.by_operator(case, rulebook, now, wished=own)
    if isinstance(outcome, Refused):
        return False, program.office.kit.phrases(f"erase.{outcome.phrase}", receipt=case.receipt)
    decision = await let_go(work, case, outcome, now)
    # why it was done is the only thing kept beside the history
    await apply(replace(decision, facts=((case.id, {"erased_why": why}),)), work, rulebook, now)
    program.office.log("erased", case=case.id)
    return True, program.office.kit.phrases("erase.done", receipt=case.receipt)


async def _photos(program: Program, work: Work, case: Case) -> tuple[bool, str]:
    rulebook, now = program.office.kit.rulebook, program.office.clock()
    if not erasing.photos_over(case, rulebook, now):
        return False, program.office.kit.phrases("erase.erase_early", receipt=case.receipt)
    count = await work.erasing.photos(case.id, await work.cases.for_engine().history(case.id))
    moves = Moves(case, now)
    moves.did(What.SUPPLEMENTED, erased_photos=count)
    await apply(Decision(events=tuple(moves.events), cases=(moves.case,)), work, rulebook, now)
    return True, program.office.kit.phrases("erase.photos", receipt=case.receipt, count=count)


async def list_due(settings: Settings) -> list[str]:
    """Receipts of what has been kept long enough, a line each; nothing is deleted."""
    async with build(settings, lambda _store: ()) as program, program.store.work() as work:
        kit = program.office.kit
        over = await everything_over(work, kit.rulebook, program.office.clock())
        return [kit.phrases(f"erase.due_{what}", receipt=case.receipt) for case, what in over]


async def _case(work: Work, receipt: str) -> Case | None:
    return next((case for case in await work.cases.for_engine().all() if case.receipt == receipt), None)
