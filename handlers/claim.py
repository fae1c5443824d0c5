"""认领: the person for whom a neighbour or an officer reported takes the report over by receipt and code (代报).

From then on they are asked 已解决 / 没解决 themselves. Never of a complaint: it stays with whoever made it.
"""

from __future__ import annotations

import re

from assistance.case import Case, Stage, What
from assistance.decision import Decision, Report
from assistance.moves import Moves
from handlers import tell
from handlers.complaint import own_report
from handlers.kit import new_id, new_receipt
from handlers.progress import own_by_receipt, receipt_and_code, tell_progress, told_to_wait
from handlers.turn import Turn

_CLAIM = re.compile(r"认领")
_OURS = re.compile(r"是[俺我咱]们?自?己?家?[的里]?")


def asked(turn: Turn) -> bool:
    """认领 as a word of its own, or receipt and code with 是我家的."""
    receipt, code = receipt_and_code(turn.text)
    if receipt and code:
        return bool(_CLAIM.search(turn.text) or _OURS.search(turn.text))
    return turn.text.strip("。！! ") == "认领" or bool(receipt and turn.text.startswith("认领"))


async def take_over(turn: Turn) -> Decision:
    """The claim; the same sentence whether a receipt is unknown or the code is wrong."""
    receipt, code = receipt_and_code(turn.text)
    if receipt is None or code is None:
        return turn.reply("claim.how")
    if wait := await told_to_wait(turn):
        return wait
    found = await own_by_receipt(turn)
    if found is None:
        return turn.reply("progress.no_such_receipt")
    case, report = found
    if case.sealed:
        return await tell_progress(turn)  # it is theirs already, as far as it can be anybody's
    if turn.person.is_officer:
        return turn.reply("claim.officer")
    mine = await own_report(turn, case.id)
    if mine:
        return turn.reply("claim.yours", case=case, status=_status(turn, case, mine[1].receipt))
    history = await turn.work.cases.for_engine().history(case.id)
    if any(event.what is What.CLAIMED and event.data.get("report") == report.id for event in history):
        return turn.reply("claim.taken", case=case)
    return await _claim(turn, case, report)


async def _claim(turn: Turn, case: Case, proxy: Report) -> Decision:
    receipt = new_receipt()
    own = Report(new_id(), case.id, turn.person.id, proxy.said, receipt, turn.now, proxy.held, proxy.barred)
    moves = Moves(case, turn.now)
    if case.open:
        moves.did(What.CLAIMED, by=turn.person.id, report=proxy.id)
    if case.stage is Stage.ASKING and not case.withdrawn:
        others = frozenset(one.by for one in await turn.work.cases.reporters(case.id))
        moves.tell((f"reporters:{case.id}",), "solved?", minus=others)
    said = turn.reply("claim.done", case=case, receipt=receipt, status=_status(turn, moves.case, receipt))
    return moves.done() + Decision(reports=(own,)) + said + turn.remember(case=case.id)


def _status(turn: Turn, case: Case, receipt: str) -> str:
    return tell.status(case, turn.directory, turn.kit.phrases, receipt)
