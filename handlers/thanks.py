"""感谢、回访: thanks, and the resident's answer to 解决了吗, in words as well as by button."""

from __future__ import annotations

import re

from assistance.case import Case, Stage
from assistance.close import confirm, dispute
from assistance.decision import Decision
from assistance.work import Refused
from handlers import tell
from handlers.held import hold_blame
from handlers.turn import Turn

_UNSOLVED = re.compile(r"(没|没有|未|还没)(给?俺?)?解决|不满意|没管用|还是(漏|没|不)")
_SOLVED = re.compile(r"(?<!没)(?<!未)(?<!没有)解决了|已解决|^满意")


async def take_thanks(turn: Turn) -> Decision:
    """感谢 and the answer to 解决了吗, in words as well as by button."""
    unsolved, solved = _UNSOLVED.search(turn.text), _SOLVED.search(turn.text)
    if unsolved or solved:
        own = await turn.work.cases.told_by(turn.person.id)
        asking = [(case, report) for case, report in own if case.stage is Stage.ASKING and not case.withdrawn]
        if len(asking) == 1:
            return await answer_solved(turn, asking[0][0], solved=not unsolved) + await hold_blame(turn, *asking[0])
        if unsolved:
            return turn.reply("thanks.unsolved") + await hold_blame(turn)
    return turn.reply("thanks.welcome") + await hold_blame(turn)


async def answer_solved(turn: Turn, case: Case, *, solved: bool) -> Decision:
    """已解决 closes; 没解决 goes one level up at once."""
    if solved:
        outcome = confirm(case, turn.person.id, turn.now)
    else:
        outcome = dispute(case, turn.person.id, turn.directory, turn.now)
    if isinstance(outcome, Refused):
        text = tell.status(case, turn.directory, turn.kit.phrases)
        return turn.reply_text(text, case=case)
    return outcome + turn.reply("solved.yes" if solved else "solved.no", case=outcome.cases[0], receipt=case.receipt)
