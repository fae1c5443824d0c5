"""The answer to a command on a case: what was done or why not, an officer's words that are kept with it, and several
answers made one."""

from __future__ import annotations

from dataclasses import replace

from assistance import work
from assistance.case import Case
from assistance.decision import Decision, Notice
from handlers import forms, tell
from handlers.complaint import NAMES
from handlers.held import blames, hold_blame
from handlers.notices import UNDO, case_buttons
from handlers.turn import Turn

_ANOTHER_ANSWER = frozenset({"nobody_there", "scope_impossible"})  # the question still stands


def done(
    turn: Turn,
    outcome: Decision | work.Refused,
    case: Case,
    phrase: str,
    *,
    undoable: bool = True,
    also: tuple[str, ...] = (),
) -> Decision:
    """The answer to a command: what was done, always naming the case, with 撤销 where it can be undone."""
    if isinstance(outcome, work.Refused):
        answer = late(turn, case, outcome.phrase)
        asked = turn.draft is not None and forms.is_required(turn.draft) and outcome.phrase not in _ANOTHER_ANSWER
        return answer + turn.remember(draft=None) if asked else answer
    after = outcome.cases[0]
    away = after.desk != case.desk and phrase != "undone"
    own = () if away else case_buttons(after, turn.person, phrase)  # passed on: no longer theirs
    buttons = own + ((UNDO,) if undoable else ()) + also
    said = turn.reply(
        f"desk.{phrase}", case=after, buttons=buttons, case_line=tell.line(after, turn),
        desk=_desk_name(turn, after.desk),
    )  # fmt: skip
    return outcome + said + turn.remember(draft=None, case=after.id)


def late(turn: Turn, case: Case, phrase: str = "late_moved") -> Decision:
    """Why it cannot be done now, and what became of the case."""
    who = tell.who(case, turn.directory, turn.kit.phrases)
    return turn.reply(f"late.{phrase}", case=case, who=who, stage=case.stage.value, receipt=case.receipt)


def _desk_name(turn: Turn, desk: str | None) -> str:
    kind, _, code = (desk or "").partition(":")
    department = turn.directory.departments.get(code)
    return department.name if kind == "department" and department else turn.directory.name_of(code)


async def kept_words(turn: Turn, case: Case, name: str, words: object) -> Decision:
    """An officer's words kept with a case; where they blame somebody they go to the county instead."""
    if blames(turn) and not case.sealed:
        return await hold_blame(turn)
    return Decision(facts=((case.id, {name: words}),))


def one_reply(decision: Decision) -> Decision:
    """Several answers become one message, with the buttons of the last that has any."""
    replies = [notice for notice in decision.notices if notice.kind == "reply"]
    if len(replies) < 2:
        return decision
    text = "\n".join(reply.text for reply in replies if reply.text)
    last = next((reply.buttons for reply in reversed(replies) if reply.buttons), ())
    naming = (word for reply in replies for word in reply.buttons if word in NAMES)
    if last == NAMES:  # offered beside a question
        last = tuple(word for reply in replies for word in reply.buttons)
    buttons = tuple(dict.fromkeys((*last, *naming)))
    main = next((reply for reply in reversed(replies) if reply.case), replies[-1])
    merged: Notice = replace(main, text=text, buttons=buttons, sealed=any(reply.sealed for reply in replies))
    others = tuple(notice for notice in decision.notices if notice.kind != "reply")
    return replace(decision, notices=(*others, merged))
