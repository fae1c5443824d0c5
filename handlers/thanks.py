"""感谢、回访: thanks, and the resident's answer to 解决了吗, in words as well as by button."""

from __future__ import annotations

import re

from assistance.case import URGENT, Case, Stage
from assistance.close import ask_again, confirm, dispute
from assistance.decision import Decision, Report
from assistance.work import Refused
from handlers import desk, tell
from handlers.complaint import own_report
from handlers.held import hold_blame
from handlers.notices import SOLVED, UNSOLVED
from handlers.turn import Turn
from nlp.reading import Intent

_UNSOLVED = re.compile(r"(没|没有|未|还没)(给?俺?)?解决|不满意|没管用|还是(漏|没|不)")
_SOLVED = re.compile(r"(?<!没)(?<!未)(?<!没有)解决了|已解决|^满意")


async def take_thanks(turn: Turn) -> Decision:
    """感谢 and the answer to 解决了吗, in words as well as by button."""
    said = _said(turn.text)
    unsolved = said == UNSOLVED
    if said:
        own = await turn.work.cases.told_by(turn.person.id)
        asking = [(case, report) for case, report in own if case.stage is Stage.ASKING and not case.withdrawn]
        if len(asking) == 1:
            return await answer_solved(turn, *asking[0], solved=not unsolved) + await hold_blame(turn, *asking[0])
        if unsolved:
            return turn.reply("thanks.unsolved") + await hold_blame(turn)
    return turn.reply("thanks.welcome") + await hold_blame(turn)


def _said(text: str) -> str | None:
    """What words say to 解决了吗."""
    return UNSOLVED if _UNSOLVED.search(text) else SOLVED if _SOLVED.search(text) else None


async def answered(turn: Turn) -> str | None:
    """已解决 or 没解决 typed while a phone offers it, or in words of one's own right after the question."""
    if turn.text in (SOLVED, UNSOLVED):
        return turn.text if await turn.work.outbox.on_phone(turn.person.id, turn.text) else None
    said = _said(turn.text) if turn.reading.intent is Intent.THANKS else None
    newest = next(iter(await turn.work.outbox.on_phone(turn.person.id)), None) if said else None
    return said if newest and said in newest.buttons else None


async def typed(turn: Turn, word: str) -> Decision:
    """The answer in words: to the question received last, else to the only open one, else the cases are listed."""
    shown = [one.case for one in await turn.work.outbox.on_phone(turn.person.id, word) if one.case]
    cases = [case for one in dict.fromkeys(shown) if (case := await _asked(turn, one)) and case.stage is Stage.ASKING]
    newest = next(iter(await turn.work.outbox.on_phone(turn.person.id)), None)
    last = [case for case in cases if newest and newest.case == case.id and word in newest.buttons]
    if len(cases) > 1 and not last:
        kind = "solved" if word == SOLVED else "unsolved"
        receipts = {case.id: mine[1].receipt for case in cases if (mine := await own_report(turn, case.id))}
        choices = tuple((receipts.get(case.id, case.receipt), f"{kind}:{case.id}") for case in cases[:9])
        listed = "\n".join(f"{number}. {label}" for number, (label, _) in enumerate(choices, 1))
        return turn.reply("desk.which", word=word, choices=listed) + turn.remember(choices=choices)
    told = [*last, *cases] or [case for one in shown[:1] if (case := await _asked(turn, one))]
    return await chosen(turn, told[0].id, solved=word == SOLVED) if told else turn.reply("button.late")


async def _asked(turn: Turn, case_id: str) -> Case | None:
    mine = await own_report(turn, case_id)
    return mine[0] if mine else await turn.mine.one(case_id)


async def chosen(turn: Turn, case_id: str, *, solved: bool) -> Decision:
    """The answer for one case, by its reporter or by the officer who checks it."""
    mine = await own_report(turn, case_id)
    if mine:
        return await answer_solved(turn, *mine, solved=solved) + await hold_blame(turn, *mine)
    case = await turn.mine.one(case_id)
    return await desk.act(turn, SOLVED if solved else UNSOLVED, case) if case else turn.reply("button.late")


async def answer_solved(turn: Turn, case: Case, report: Report, *, solved: bool) -> Decision:
    """已解决 closes, but what an officer says for somebody else of an E0 or E1 is asked again; 没解决 goes one level
    up at once."""
    if solved and turn.person.is_officer and case.grade in URGENT and case.stage is Stage.ASKING:
        again = ask_again(case, turn.person.id, turn.directory, turn.now)
        return again + turn.reply("solved.again", case=case, receipt=report.receipt)
    if solved:
        outcome = confirm(case, turn.person.id, turn.now)
    else:
        outcome = dispute(case, turn.person.id, turn.directory, turn.now)
    if isinstance(outcome, Refused):
        text = tell.status(case, turn.directory, turn.kit.phrases, report.receipt)
        return turn.reply_text(text, case=case)
    key = "solved.yes" if solved else "solved.no"
    return outcome + turn.reply(key, case=outcome.cases[0], receipt=report.receipt)
