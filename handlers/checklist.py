"""After a visit (走访): two or three short questions, each skippable – whom did you meet, has anything changed, is
there something to pass on. Words that answer none of them begin something new, and the questions end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistance.decision import Decision, Draft, Visit
from assistance.visits import NOT_MET
from handlers import forms, tell, visiting
from handlers.held import hold_blame
from handlers.report import open_cases
from handlers.turn import Turn
from nlp.reading import Intent

MET = ("本人", "配偶", "子女", "邻居", NOT_MET)
CHANGE = ("没变化", "有变化", "有问题")
REFER = ("要转办", "不用")
_ANSWERS = {"met": MET, "change": CHANGE, "refer": REFER}
_ALSO = {
    "met": {"老伴": "配偶", "儿": "子女", "闺女": "子女", "没见": NOT_MET, "没在": NOT_MET, "不在": NOT_MET},
    "change": {"没有": "没变化", "正常": "没变化", "没啥": "没变化", "还好": "没变化"},
    "refer": {"要": "要转办", "不要": "不用", "没有": "不用"},
}
_MORE = 3  # characters beside the answer itself; words with more of them tell something of their own


def begin(visit: Visit, *, opened: bool) -> Draft | None:
    """The questions that the words left open; none where nothing is left to ask."""
    missing = {"met"} if visit.met is None and not visit.by_phone else set[str]()
    if visit.change is None and not opened and visit.met != NOT_MET:
        missing |= {"change", "refer"}
    return forms.start("checklist", visit.id, missing)


def ask(turn: Turn, draft: Draft, before: str) -> Decision:
    """One question with its answers as buttons."""
    labels = _ANSWERS.get(draft.asked or "", ())
    choices = tuple((label, f"check:{label}") for label in labels)
    text = "\n".join(part for part in (before, forms.question(turn, draft)) if part)
    asked = turn.reply_text(text, buttons=(*labels, *forms.buttons(draft)))
    return asked + turn.remember(draft=draft, choices=choices)


def answers(turn: Turn, draft: Draft) -> bool:
    """Whether words answer the question that waits."""
    return turn.skipped or draft.asked == "matter" or _answer(turn, draft) is not None


def _answer(turn: Turn, draft: Draft) -> str | None:
    kind, _, label = (turn.pick(turn.text) or "").partition(":")
    if kind == "check":
        return label
    text = turn.text.rstrip("。.!！")
    labels = _ANSWERS.get(draft.asked or "", ())
    exact = next((one for one in labels if one in text and len(text) <= len(one) + _MORE), None)
    also = _ALSO.get(draft.asked or "", {}).items()
    return exact or next(
        (label for word, label in also if text.startswith(word) and len(text) < len(word) + _MORE), None
    )


async def answer_question(turn: Turn, draft: Draft) -> Decision:
    """Fill the visit with the answer and ask the next question."""
    visit = await turn.work.visits.one(draft.about or "")
    if visit is None or visit.void:
        return turn.reply("form.skipped") + turn.remember(draft=None, choices=())
    if draft.asked == "matter":
        return await _pass_on(turn, visit)
    answer = None if turn.skipped else _answer(turn, draft)
    if draft.asked == "refer" and answer == "要转办":
        following: Draft | None = Draft("checklist", visit.id, "matter")
    else:
        following = forms.advance(draft, known=_needless(draft, answer))
    changes: dict[str, Any] = {draft.asked: answer} if answer and draft.asked in ("met", "change") else {}
    kept = await visiting.keep(turn, replace(visit, **changes), visit) if changes else Decision()
    said = turn.kit.phrases("form.skipped" if answer is None else "form.noted")
    if following is None:
        return kept + turn.reply_text(said) + turn.remember(draft=None, choices=())
    return kept + ask(turn, following, said)


def _needless(draft: Draft, answer: str | None) -> set[str]:
    """Questions that an answer makes needless."""
    if answer == NOT_MET:
        return {"change", "refer"}
    return {"refer"} if draft.asked == "change" and answer in (None, "没变化") else set()


async def _pass_on(turn: Turn, visit: Visit) -> Decision:
    """要转办: the words open a case about the household that was visited, as a need found on a visit."""
    ended = turn.remember(draft=None, choices=())
    if turn.skipped:
        return turn.reply("form.skipped") + ended
    reader = turn.kit.readers(turn.directory)
    reading = reader.understand(f"走访{visit.head or ''}家，{turn.text}", turn.context)
    found = tuple(dict.fromkeys((*reading.also, Intent.HARDSHIP)))
    again = replace(turn, reading=replace(reading, intent=Intent.VISIT, also=found, confidence=1.0, ask=None))
    decision, opened = await open_cases(again)
    if not opened:
        return turn.reply("form.noted") + ended + await hold_blame(turn)
    text = tell.opened_reply(again, opened)
    return decision + turn.reply_text(text, case=opened[0].case) + ended + turn.remember(case=opened[0].case.id)
