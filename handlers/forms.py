"""The one form engine (问答): forms are data, questions are asked one at a time, each can be skipped unless it must be
answered, and a form waits in the database for days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistance.case import Case
from assistance.decision import Decision, Draft
from handlers.turn import Turn

SKIP, CANCEL = "跳过", "取消"
CAN_WAIT = frozenset({"hardship", "complaint", "visit"})  # forms that wait while something else is told
MOST_WAITING = 3


@dataclass(frozen=True, slots=True)
class Form:
    """Questions in the order they are asked; the sentence of each is `ask.<form>.<question>` in the pack.

    A `required` form takes the next text whatever it reads, but for a crisis and 取消 (docs/rules.md I).
    """

    name: str
    questions: tuple[str, ...]
    required: bool = False
    skippable: bool = True


FORMS = {
    form.name: form
    for form in (
        Form("hardship", ("place", "household", "people", "phone")),  # at most four: docs/design.md 3.2
        Form("complaint", ("place", "name")),
        Form("reprisal", ("words",)),
        Form("visit", ("place", "household", "findings")),
        Form("day", ("day",)),
        Form("checklist", ("met", "change", "refer")),
        Form("measure", ("measure", "amount")),
        Form("refuse", ("reason",), required=True),
        Form("transfer", ("target",), required=True),
        Form("progress", ("words",), required=True),
        Form("scope", ("level",), required=True),
        Form("scope_reason", ("reason",), skippable=False),
        Form("pause", ("reason",), required=True),
        Form("lower", ("reason",), required=True),
        Form("regrade", ("reason",)),
        Form("invite", ("name", "place", "title"), required=True),
        Form("absence", ("until", "deputy"), required=True),
    )
}


def start(name: str, about: str | None, missing: Iterable[str]) -> Draft | None:
    """A draft that asks for what is missing, or None where nothing is."""
    wanted = set(missing)
    questions = tuple(question for question in FORMS[name].questions if question in wanted)
    return Draft(name, about, questions[0], questions[1:]) if questions else None


def is_required(draft: Draft) -> bool:
    """Whether the form takes the next text whatever it reads."""
    return draft.form in FORMS and FORMS[draft.form].required


def advance(draft: Draft, known: Iterable[str] = ()) -> Draft | None:
    """The draft at its next question that is not answered yet, or None at the end."""
    left = [question for question in draft.queue if question not in set(known)]
    return replace(draft, asked=left[0], queue=tuple(left[1:])) if left else None


def question(turn: Turn, draft: Draft) -> str:
    """The sentence of the question that the draft waits for."""
    return turn.kit.phrases(f"ask.{draft.form}.{draft.asked}")


def buttons(draft: Draft) -> tuple[str, ...]:
    """跳过 where the question may be skipped, 取消 always."""
    skippable = draft.form not in FORMS or (FORMS[draft.form].skippable and not FORMS[draft.form].required)
    return (SKIP, CANCEL) if skippable else (CANCEL,)


def ask(turn: Turn, draft: Draft | None, before: str, case: Case | None = None) -> Decision:
    """Answer with `before` and, where the draft goes on, its question; the draft is remembered."""
    if draft is None:
        return turn.reply_text(before, case=case) + turn.remember(draft=None)
    text = "\n".join(part for part in (before, question(turn, draft)) if part)
    return turn.reply_text(text, case=case, buttons=buttons(draft)) + turn.remember(draft=draft)
