"""Open questions: what leaves one, what answers it, and which waits until it can be asked again (docs/rules.md I)."""

from __future__ import annotations

import re
from typing import Any

from assistance.decision import Decision, Draft
from handlers import checklist, desk, forms, progress, which_day
from handlers.held import blames
from handlers.turn import Turn
from nlp.reading import Intent

SURE = 0.8  # a reading surer than this interrupts an open question
_AMENDS = re.compile(r"(?:更正|补充)[:：]")  # typed so, or put before an edited message: no answer to what was asked
STOP = frozenset({forms.CANCEL, "重来", "人工", "帮助"})
_ASKED_FOR = frozenset(
    {"待办", "超时的有哪些", "今天新增", "我手里几件", "台账", "值班表"}
)  # lists an officer calls up
_NEW_MATTER = frozenset({Intent.VISIT, Intent.HARDSHIP, Intent.COMPLAINT, Intent.POLICY})


def keep_waiting(turn: Turn, decision: Decision, memory: dict[str, Any]) -> tuple[Decision, dict[str, Any]]:
    """A question that was interrupted waits; when what interrupted it has no more questions, it is asked again."""
    old, new, waiting = turn.draft, memory["draft"], turn.conversation.waiting
    over = any(case.id == old.about and not case.stage.climbing for case in decision.cases) if old else False
    if old is not None and old.form in forms.CAN_WAIT and interrupts(turn, old) and old != new and not over:
        waiting = (old, *waiting)[: forms.MOST_WAITING]
    if new is None and old is not None and waiting and turn.text not in STOP:
        following, waiting = waiting[0], waiting[1:]
        again = turn.reply_text(forms.question(turn, following), buttons=forms.buttons(following))
        return decision + again, {**memory, "draft": following, "waiting": waiting}
    return decision, {**memory, "waiting": waiting}


def interrupts(turn: Turn, draft: Draft) -> bool:
    """Whether a message leaves an open question: required answers are left by nothing but crisis and 取消."""
    reading = turn.reading
    if draft.form == "reread":
        return True
    if draft.form == "checklist":
        return not checklist.answers(turn, draft)
    if draft.form == "day":
        return not which_day.answers(turn)
    if draft.form == "reprisal" and reading.intent is Intent.COMPLAINT:
        return False  # who makes trouble, and how: what was asked
    if forms.is_required(draft):
        return False
    if turn.text == forms.SKIP:
        return False
    if _AMENDS.match(turn.text):
        return True
    if progress.asks(turn.text) or f"prompt.{turn.text}" in turn.kit.phrases or turn.text in _ASKED_FOR:
        return True
    if reading.intent is Intent.WITHDRAW and reading.confidence > 0.5:
        return True
    if reading.intent not in _NEW_MATTER or reading.confidence <= SURE:
        return turn.text in desk.WORDS
    return not _answers_question(turn, draft)


def _answers_question(turn: Turn, draft: Draft) -> bool:
    """What was asked stands in the words, and they accuse nobody: an answer, however much it sounds like a need."""
    slots = turn.reading.slots
    given = {"people": slots.people, "phone": slots.phone, "household": slots.household, "place": slots.village}
    answers = turn.reading.intent is Intent.HARDSHIP and bool(draft.asked and given.get(draft.asked))
    return answers and not blames(turn)
