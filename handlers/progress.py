"""进度查询: how one thing stands, by receipt and code or from what this person reported."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistance.case import Case, Kind
from assistance.decision import Decision, Report
from handlers import tell
from handlers.complaint import own_report
from handlers.guessing import must_wait, was_wrong
from handlers.held import hold_blame
from handlers.meant import matching_cases
from handlers.turn import Turn
from nlp.reading import Intent

RECEIPT = re.compile(r"(?<!\d)([3-9]\d{7})(?!\d)")
CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")


def asks(text: str) -> bool:
    """Whether short words ask how a thing stands: 进度, or a receipt alone."""
    return RECEIPT.search(text) is not None or text.strip("。？?！! ") in ("进度", "查进度", "查询进度")


async def tell_progress(turn: Turn) -> Decision:
    """How one thing stands: by receipt and code, else what this person reported (complaints need both)."""
    asked = await _by_receipt(turn)
    if asked is not None:
        return asked + await hold_blame(turn)
    own = await turn.work.cases.told_by(turn.person.id)
    if turn.person.is_officer and not own:
        return await _of_officer(turn)
    matching = about(turn, own)
    if not matching:
        return turn.reply("progress.none") + await hold_blame(turn)
    lines = [tell.status(case, turn.directory, turn.kit.phrases, report.receipt) for case, report in matching[:5]]
    case = matching[0][0] if len(matching) == 1 else None
    memory = turn.remember(case=case.id) if case else Decision()
    return turn.reply_text("\n".join(lines), case=case) + memory + await hold_blame(turn)


async def _by_receipt(turn: Turn) -> Decision | None:
    """The answer to a receipt in the words; the same sentence whether it is unknown or the code is wrong."""
    found = RECEIPT.search(turn.text)
    if found is None:
        return None
    if turn.person.is_officer:
        seen = await turn.mine.by_receipt(found.group(1))
        if seen:
            return turn.reply_text(tell.status(seen, turn.directory, turn.kit.phrases), case=seen)
    if wait := await told_to_wait(turn):
        return wait
    own = await own_by_receipt(turn)
    if own is None:
        return turn.reply("progress.no_such_receipt")
    case, report = own
    text = tell.status(case, turn.directory, turn.kit.phrases, report.receipt)
    return turn.reply_text(text, case=case, sealed=True) + turn.remember(case=case.id)


async def own_by_receipt(turn: Turn) -> tuple[Case, Report] | None:
    """The reporter's own view by the receipt and code in the words. A wrong code is counted; whoever guessed too often
    gets nothing, also with the right one."""
    receipt, code = receipt_and_code(turn.text)
    if receipt is None:
        return None
    limits = turn.kit.rulebook.guessing
    if code and await must_wait(turn.work, limits, turn.person.id, turn.now, receipt):
        return None
    own = await turn.work.cases.by_receipt(receipt, code, turn.person.id)
    if own is None and code:
        await was_wrong(turn.work, turn.person.id, turn.now, receipt)
    return own


async def told_to_wait(turn: Turn) -> Decision | None:
    """请过一小时再试, where codes were guessed too often; the same whether the receipt exists or not."""
    receipt, code = receipt_and_code(turn.text)
    limits = turn.kit.rulebook.guessing
    if receipt and code and await must_wait(turn.work, limits, turn.person.id, turn.now, receipt):
        return turn.reply("guess.wait")
    return None


def receipt_and_code(text: str) -> tuple[str | None, str | None]:
    """The 回执号 and the 查询码 that stand in words."""
    receipt = RECEIPT.search(text)
    code = CODE.search(text.replace(receipt.group(1), " ")) if receipt else None
    return receipt.group(1) if receipt else None, code.group(1) if code else None


async def _of_officer(turn: Turn) -> Decision:
    """One case's state for an officer: the cases they may see that fit place, household and topic."""
    cases = await matching_cases(turn)
    if not cases:
        return turn.reply("list.none")
    lines = [tell.status(case, turn.directory, turn.kit.phrases) for case in cases[:5]]
    return turn.reply_text("\n".join(lines), case=cases[0] if len(cases) == 1 else None)


def about(turn: Turn, own: Sequence[tuple[Case, Report]]) -> list[tuple[Case, Report]]:
    """The open reports that the words mean: by topic where one is named, else all; the last closed one if none."""
    opened = [(case, report) for case, report in own if case.open]
    topic = turn.reading.slots.topic
    fitting = [(case, report) for case, report in opened if topic in (None, "其他", case.topic)]
    return fitting or opened or list(own[:1])


async def meant_report(turn: Turn) -> tuple[Case, Report] | None:
    """The earlier report that a supplement or withdrawal is about: the receipt, the last spoken of, the newest."""
    if RECEIPT.search(turn.text):
        return await own_by_receipt(turn)
    own = about(turn, await turn.work.cases.told_by(turn.person.id))
    last = await own_report(turn, turn.conversation.case) if turn.conversation.case else None
    fits = last and last[0].open and (not own or turn.reading.slots.topic in (None, "其他", last[0].topic))
    if fits or (last and last[0].kind is Kind.COMPLAINT and turn.reading.means(Intent.COMPLAINT)):
        return last
    return own[0] if own and own[0][0].open else last
