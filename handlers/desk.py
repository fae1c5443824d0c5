"""Work on the queue (工作台): what an officer presses or types on a case, and which case is meant (docs/rules.md E)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from assistance import close, work
from assistance.case import Case, What
from assistance.decision import Decision, Draft, Report
from assistance.directory import Level, person_token
from assistance.moves import Moves
from assistance.ports import CaseFilter
from assistance.post import Delivered
from assistance.sight import may_read_held
from handlers import forms, orders, tell
from handlers.meant import find_desk
from handlers.notices import (
    ACCEPT,
    FINISH,
    KEEP,
    LOWER,
    NO_PAUSE,
    OBJECT,
    PAUSE,
    PROGRESS,
    REFUSE,
    SCOPE,
    SOLVED,
    TRANSFER,
    UNDO,
    UNSOLVED,
    case_buttons,
)
from handlers.outcome import done, kept_words, late
from handlers.turn import Turn

WORDS = (ACCEPT, REFUSE, TRANSFER, PROGRESS, FINISH, UNDO, SCOPE, OBJECT, LOWER, KEEP, PAUSE, NO_PAUSE)
_OFFERED_ONCE = (UNDO, OBJECT, LOWER, KEEP, PAUSE, NO_PAUSE)  # by one notice, not by the state of the case
_SCOPES = {"区级": Level.COUNTY, "镇街": Level.TOWN, "村级": Level.VILLAGE}
_SCOPE = re.compile(
    r"(?:[让给到]|[1-3][.、]?\s*)?(?P<level>区级|区里|镇街|镇里|村级|村里|[区镇村])看?[\s,，:：。]*(?P<reason>.*)",
    re.DOTALL,
)


async def press(turn: Turn, word: str, pressed: Delivered | None) -> Decision:
    """A button of a message that lies on this phone. Pressed late it answers what became of the case."""
    case = await turn.mine.one(pressed.case) if pressed and pressed.case else None
    if case is None or pressed is None:
        return turn.reply("button.late")
    if pressed.version < case.version and turn.person.desk != case.desk and case.handler != turn.person.id:
        return late(turn, case)
    return await act(turn, word, case)


async def act(turn: Turn, word: str, case: Case) -> Decision:
    """Do what the word says on this case."""
    return await _ACTIONS[word](turn, case)


async def typed(turn: Turn, word: str) -> Decision:
    """The word typed: acts when it is clear which case is meant, else lists the cases by number."""
    if not turn.person.is_officer:
        return turn.reply("desk.not_for_you")
    shown = await turn.work.outbox.on_phone(turn.person.id, word)
    recent = turn.now - turn.kit.rulebook.undo_for
    offering = [one for one in shown if one.case and (word != UNDO or one.at >= recent)]
    cases: dict[str, Case] = {}
    for one in offering:
        case = await turn.mine.one(one.case or "") if one.case not in cases else None
        if case and (word in case_buttons(case, turn.person, "opened") or word in _OFFERED_ONCE):
            cases[case.id] = case
    newest = next(iter(await turn.work.outbox.on_phone(turn.person.id)), None)
    if len(cases) == 1 or (newest and newest.case in cases and word in newest.buttons):
        chosen = next(iter(cases.values())) if len(cases) == 1 else cases[newest.case or ""] if newest else None
        return await act(turn, word, chosen) if chosen else turn.reply("desk.nothing", word=word)
    if not cases:
        return turn.reply("desk.nothing", word=word)
    return choose(turn, word, list(cases.values()))


def choose(turn: Turn, word: str, cases: Sequence[Case]) -> Decision:
    """Which case is meant, by number."""
    choices = tuple((tell.line(case, turn), f"{word}:{case.id}") for case in cases[:9])
    listed = "\n".join(f"{number}. {label}" for number, (label, _) in enumerate(choices, 1))
    return turn.reply("desk.which", word=word, choices=listed) + turn.remember(choices=choices)


async def chosen(turn: Turn, value: str) -> Decision:
    """A number after such a list."""
    word, _, case_id = value.partition(":")
    case = await turn.mine.one(case_id)
    cleared = turn.remember(choices=())
    if word not in _ACTIONS or case is None:
        return cleared + turn.reply("button.late")
    return cleared + await act(turn, word, case)


async def _accept(turn: Turn, case: Case) -> Decision:
    handled = await turn.mine.list(CaseFilter(handler=turn.person.id, open=None))
    twin = next((one for one in handled if case.id == one.linked or one.id == case.linked), None)
    outcome = work.accept(case, turn.person, twin, turn.now, turn.directory)
    shared = not isinstance(outcome, work.Refused) and len(outcome.events) > 1  # 协办 has been told: no way back
    return done(turn, outcome, case, "accepted_shared" if shared else "accepted", undoable=not shared)


async def _finish(turn: Turn, case: Case) -> Decision:
    reporters = tuple(report.by for report in await turn.work.cases.reporters(case.id))
    outcome = work.finish(case, turn.person, reporters, turn.directory, turn.now)
    said = done(turn, outcome, case, "finished", also=(forms.SKIP,))
    if isinstance(outcome, work.Refused):
        return said
    return said + turn.remember(draft=forms.start("measure", case.id, ("measure", "amount")))


def _check(*, solved: bool) -> Callable[[Turn, Case], Awaitable[Decision]]:
    """已解决 / 没解决 by another officer, where the handler was the only one who had reported it."""

    async def answer(turn: Turn, case: Case) -> Decision:
        if case.handler == turn.person.id:
            return late(turn, case, "not_the_handler")
        if solved:
            return done(turn, close.confirm(case, turn.person.id, turn.now), case, "confirmed", undoable=False)
        outcome = close.dispute(case, turn.person.id, turn.directory, turn.now)
        return done(turn, outcome, case, "disputed", undoable=False)

    return answer


async def _undo(turn: Turn, case: Case) -> Decision:
    history = await turn.work.cases.for_engine().history(case.id)
    outcome = work.undo(case, turn.person, history, turn.kit.rulebook, turn.now)
    return done(turn, outcome, case, "undone", undoable=False)


async def _object(turn: Turn, case: Case) -> Decision:
    return done(turn, close.object_to(case, turn.person, turn.now), case, "objected", undoable=False)


def _asking(form: str, question: str) -> Callable[[Turn, Case], Awaitable[Decision]]:
    """A command that needs one more word before it takes effect."""

    async def ask(turn: Turn, case: Case) -> Decision:
        if not case.stage.climbing:
            return late(turn, case, "late_ended")
        if case.handler not in (None, turn.person.id):
            return late(turn, case, "late_taken")
        draft = forms.start(form, case.id, (question,))
        return forms.ask(turn, draft, tell.line(case, turn), case) + turn.remember(case=case.id)

    return ask


async def _scope(turn: Turn, case: Case) -> Decision:
    choices = tuple((label, f"scope:{label}") for label in _SCOPES)
    draft = forms.start("scope", case.id, ("level",))
    return forms.ask(turn, draft, tell.line(case, turn), case) + turn.remember(choices=choices)


_ACTIONS: dict[str, Callable[[Turn, Case], Awaitable[Decision]]] = {
    ACCEPT: _accept,
    FINISH: _finish,
    UNDO: _undo,
    OBJECT: _object,
    SOLVED: _check(solved=True),
    UNSOLVED: _check(solved=False),
    REFUSE: _asking("refuse", "reason"),
    TRANSFER: _asking("transfer", "target"),
    PROGRESS: _asking("progress", "words"),
    SCOPE: _scope,
    LOWER: orders.agree_lower,
    KEEP: orders.keep_grade,
    PAUSE: orders.grant_pause,
    NO_PAUSE: orders.refuse_pause,
}


async def answer_question(turn: Turn, draft: Draft) -> Decision:
    """The word that a command was waiting for."""
    case = await turn.mine.one(draft.about or "")
    if case is None:
        return turn.reply("button.late") + turn.remember(draft=None)
    match draft.form:
        case "transfer":
            return await hand_over(turn, case, turn.text)
        case "refuse":
            outcome = work.refuse(case, turn.person, turn.directory, turn.now, turn.said.id, turn.kit.rulebook)
            kept = await kept_words(turn, case, "refused", turn.text[:300])
            return kept + done(turn, outcome, case, "refused")
        case "progress":
            return await log_progress(turn, case)
        case "scope":
            return await _set_scope(turn, case)
        case "scope_reason":
            return await _why_scoped(turn, case, draft)
        case _:
            return await _measure(turn, case, draft)


async def log_progress(turn: Turn, case: Case) -> Decision:
    """Free words of an officer on a case: the first one stops the `act` clock, the last one counts as the measure."""
    outcome = work.progress(case, turn.person, turn.now, turn.said.id)
    kept = await kept_words(turn, case, "progress", turn.text[:300])
    return kept + done(turn, outcome, case, "progressed")


async def _measure(turn: Turn, case: Case, draft: Draft) -> Decision:
    """What was done and for how much, asked after 办结; each can be skipped."""
    skipped = turn.skipped
    slots = turn.reading.slots
    value = slots.amount.yuan if draft.asked == "amount" and slots.amount else turn.text[:200]
    kept = Decision() if skipped else await kept_words(turn, case, draft.asked or "measure", value)
    following = forms.advance(draft)
    return kept + forms.ask(turn, following, turn.kit.phrases("form.skipped" if skipped else "form.noted"), case)


async def hand_over(turn: Turn, case: Case, target: str) -> Decision:
    """转办 to the office that the words name; an unknown one is asked for again."""
    desk = find_desk(turn, target, case)
    if desk is None:
        names = "、".join(department.name for department in turn.directory.departments.values())
        draft = forms.start("transfer", case.id, ("target",))
        return forms.ask(turn, draft, turn.kit.phrases("desk.unknown_desk", names=names), case)
    outcome = work.transfer(case, turn.person, desk, turn.directory, turn.now)
    return done(turn, outcome, case, "transferred")


async def _set_scope(turn: Turn, case: Case) -> Decision:
    """定范围 takes effect with the level; the reason may stand behind it, else it is asked for."""
    text = (turn.pick(turn.text) or turn.text).removeprefix("scope:")
    named = _SCOPE.match(text)
    level = next((level for label, level in _SCOPES.items() if label[0] in (named["level"] if named else text)), None)
    if level is None:
        return forms.ask(turn, forms.start("scope", case.id, ("level",)), turn.kit.phrases("desk.unknown_scope"), case)
    reason = named["reason"].strip() if named else ""
    held = [report for report in await turn.work.cases.reporters(case.id) if report.held]
    said = turn.said.id if reason else None
    outcome = work.set_scope(case, turn.person, level, turn.directory, turn.now, said=said)
    if isinstance(outcome, work.Refused):
        return done(turn, outcome, case, "scoped", undoable=False)
    shown = Decision()
    if level is not Level.COUNTY and held:
        desks = frozenset(outcome.events[0].data["seen_by"])
        opened = tuple(replace(report, shown_to=report.shown_to | (desks - report.barred)) for report in held)
        if not _anybody_reads(turn, outcome.cases[0], desks, opened):
            return done(turn, work.Refused("scope_impossible"), case, "scoped")
        shown = Decision(reports=opened)
    answer = done(turn, outcome, case, "scoped", undoable=False) + shown
    if reason:
        return answer + await kept_words(turn, case, "scope", reason[:200])
    draft = Draft("scope_reason", case.id, "reason", data={"seq": outcome.cases[0].seq})
    return answer + forms.ask(turn, draft, "", outcome.cases[0])


async def _why_scoped(turn: Turn, case: Case, draft: Draft) -> Decision:
    """The reason of 定范围: the history says that and when it was given, the words lie where they can be erased."""
    if turn.skipped:
        return forms.ask(turn, draft, "", case)
    moves = Moves(case, turn.now)
    moves.did(What.SUPPLEMENTED, by=turn.person.id, said=turn.said.id, why_of=draft.data["seq"])
    kept = await kept_words(turn, case, "scope", turn.text[:200])
    return moves.done() + kept + turn.reply("form.noted", case=case) + turn.remember(draft=None)


def _anybody_reads(turn: Turn, case: Case, desks: frozenset[str], held: Sequence[Report]) -> bool:
    """Whether somebody at these desks may read the words that were held: the accused never do."""
    sitting = [person for desk in desks for person in turn.directory.at(desk)]
    return any(may_read_held(person, case, report.barred, report.shown_to) for person in sitting for report in held)


async def urge(turn: Turn, cases: Sequence[Case]) -> Decision:
    """催办: whoever has each case is reminded."""
    decision = Decision()
    for case in cases:
        moves = Moves(case, turn.now)
        moves.did(What.SUPPLEMENTED, by=turn.person.id, urged=True)
        moves.tell((person_token(case.handler),) if case.handler else case.told[:1], "urged")
        decision += moves.done()
    return decision + turn.reply("desk.urged", count=len(cases))
