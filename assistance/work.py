"""What an officer does with a case: 接单, 记进展, 转办, 退单, 办结, 撤销, 定范围 (docs/rules.md A, D, E, H).

Every function takes the case as the officer may see it and gives a decision, or a `Refused` that says why not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistance.audience import anybody_at, desks_at, reach
from assistance.case import URGENT, Case, Event, What
from assistance.decision import Decision, Notice
from assistance.directory import Directory, Level, Person, Role
from assistance.evolve import fold
from assistance.moves import Moves
from assistance.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a command cannot be done now; `phrase` names the sentence that is told."""

    phrase: str


UNDOABLE = frozenset({What.ACCEPTED, What.TRANSFERRED, What.REFUSED, What.FINISHED, What.PROGRESSED})


def accept(
    case: Case, officer: Person, twin: Case | None, now: datetime, directory: Directory | None = None
) -> Decision | Refused:
    """接单: the first who presses is the handler; the others are told so and their buttons die.

    `twin` is the need or the accusation of the same message: the two share no handler (docs/rules.md H). With a
    directory the co-departments are told when the lead department takes it.
    """
    if not case.stage.climbing:
        return Refused("late_ended")
    if case.handler == officer.id:
        return Refused("already_yours")
    if case.handler and case.handler not in {absent for absent, _ in officer.stands_in}:
        return Refused("late_taken")
    if twin is not None and twin.handler == officer.id:
        return Refused("shared_handler")
    moves = Moves(case, now)
    moves.did(What.ACCEPTED, by=officer.id)
    moves.tell(case.told, "taken_by_other", minus=frozenset({officer.id}), handler=officer.id)
    moves.tell((f"reporters:{case.id}",), "taken", minus=frozenset({officer.id}), handler=officer.id)
    _share(moves, officer, directory)
    return moves.done()


def _share(moves: Moves, officer: Person, directory: Directory | None) -> None:
    """协办: when the lead department takes a case, those that help it (配合) are told once and may see it."""
    case = moves.case
    if directory is None or officer.role is not Role.DEPARTMENT or officer.department != case.lead or case.sealed:
        return
    desks = (f"town:{case.town}" if name == "town" else f"department:{name}" for name in case.co)
    tokens = tuple(
        desk for desk in desks if desk not in case.told and anybody_at((desk,), _widened(case, desk), directory)
    )
    if tokens:
        moves.did(What.SHARED, by=officer.id, told=tokens)
        moves.tell(tokens, "shared", handler=officer.id)


def progress(case: Case, officer: Person, now: datetime, said: str) -> Decision | Refused:
    """记进展: a logged action stops the `act` clock. `said` is the id of the words."""
    if not case.stage.climbing:
        return Refused("late_ended")
    moves = Moves(case, now)
    moves.did(What.PROGRESSED, by=officer.id, said=said)
    return moves.done()


def transfer(case: Case, officer: Person, desk: str, directory: Directory, now: datetime) -> Decision | Refused:
    """转办: the handler, or anybody told while nobody has accepted, passes it on; the owner's clock restarts."""
    if not case.stage.climbing:
        return Refused("late_ended")
    if case.handler not in (None, officer.id):
        return Refused("late_taken")
    if desk == case.desk:
        return Refused("already_there")
    if case.sealed and desk.startswith(("village:", "town:")) and desk not in case.seen_by:
        return Refused("scope_first")
    if case.sealed and desk.startswith("department:") and f"county:{case.county}" in case.barred:
        return Refused("nobody_there")  # its departments report to the county that is accused
    if desk in case.barred or not anybody_at((desk,), _widened(case, desk), directory):
        return Refused("nobody_there")
    moves = Moves(case, now)
    department = desk.partition(":")[2] if desk.startswith("department:") else None
    level = directory.at(desk)[0].level
    lead = {"lead": department} if department else {}
    ruled = {"ruled": True} if case.refused > 1 and officer.level.rank >= Level.COUNTY.rank else {}
    moves.did(What.TRANSFERRED, by=officer.id, to=desk, told=(desk,), level=level.value, **lead, **ruled)
    moves.tell((desk,), "handed_over", minus=frozenset({officer.id}))
    return moves.done()


def refuse(
    case: Case,
    officer: Person,
    directory: Directory,
    now: datetime,
    said: str | None = None,
    rulebook: Rulebook | None = None,
) -> Decision | Refused:
    """退单 with a reason: counts for the desk and goes one level up for re-routing; the second goes to the county (of a
    county officer to the city), and whom that level then names may not refuse again.

    One that comes after the pack's limit is marked late in the history.
    """
    if not case.stage.climbing:
        return Refused("late_ended")
    if case.handler not in (None, officer.id):
        return Refused("late_taken")
    if case.ruled and officer.level.rank < Level.CITY.rank and officer.desk == case.desk:
        return Refused("ruled")
    start = above(officer)
    if case.refused:
        start = max(start, Level.COUNTY, key=lambda level: level.rank)
    reached = reach(start, case, directory)
    moves = Moves(case, now)
    limit = rulebook.refuse_within.after(case.owned_since or case.opened_at, rulebook.calendar) if rulebook else now
    late = {"late": True} if limit < now else {}
    moves.did(
        What.REFUSED,
        by=officer.id,
        to=next(iter(reached.tokens), None),
        told=reached.tokens,
        level=reached.level.value,
        said=said,
        **late,
    )
    moves.tell(reached.tokens, "refused", minus=frozenset({officer.id}))
    return moves.done()


def finish(
    case: Case, officer: Person, reporters: Sequence[str], directory: Directory, now: datetime
) -> Decision | Refused:
    """办结 by the handler: the ladder stops and the reporters are asked 已解决 / 没解决.

    Where the handler alone had reported it, the next level is asked: who closes is not who checks.
    """
    if not case.stage.climbing:
        return Refused("late_ended")
    if case.handler != officer.id:
        return Refused("late_taken" if case.handler else "accept_first")
    moves = Moves(case, now)
    moves.did(What.FINISHED, by=officer.id)
    if set(reporters) - {officer.id}:
        moves.tell((f"reporters:{case.id}",), "solved?", minus=frozenset({officer.id}))
    else:
        moves.tell(reach(officer.level.up(), case, directory).tokens, "check", minus=frozenset({officer.id}))
    return moves.done()


def undo(
    case: Case, officer: Person, history: Sequence[Event], rulebook: Rulebook, now: datetime
) -> Decision | Refused:
    """撤销 within ten minutes, of one's own last effect, while nothing else has happened on it."""
    last = history[-1]
    if last.what not in UNDOABLE or last.by != officer.id or now - last.at > rulebook.undo_for:
        return Refused("too_late_to_undo")
    event = Event(case.id, case.seq + 1, now, What.UNDONE, officer.id, last.what.value, {"seq": last.seq})
    before = fold((*history, event))
    told = tuple(token for token in dict.fromkeys(case.told) if token in before.told)
    notice = [
        Notice(
            token, f"undone#{event.seq}", case=case.id, version=before.version, phrase="undone",
            minus=frozenset({officer.id}), sealed=case.sealed, urgent=case.grade in URGENT,
        )
        for token in told
    ]  # fmt: skip
    return Decision(events=(event,), cases=(before,), notices=tuple(notice))


def set_scope(
    case: Case, officer: Person, level: Level, directory: Directory, now: datetime, *, said: str | None = None
) -> Decision | Refused:
    """定范围: a county or discipline officer opens a sealed case to a level; the accused's desks stay out. `said` is
    the id of the words that give the reason."""
    if officer.role not in (Role.COUNTY, Role.DISCIPLINE):
        return Refused("scope_impossible")
    if level is Level.COUNTY:
        tokens: tuple[str, ...] = desks_at(Level.COUNTY, case, directory)
    else:
        tokens = tuple(
            token
            for step in (Level.VILLAGE, Level.TOWN)
            if level.rank <= step.rank
            for token in desks_at(step, case, directory)
        )
    tokens = tuple(token for token in tokens if token not in case.barred)
    if not tokens:
        return Refused("scope_impossible")
    moves = Moves(case, now)
    why = {"said": said} if said else {}
    moves.did(What.SCOPED, by=officer.id, to=level.value, seen_by=tokens, told=tokens, **why)
    moves.tell(tokens, "opened", minus=frozenset({officer.id}))
    return moves.done()


def above(officer: Person) -> Level:
    """The level over an officer: a department belongs to the county, everybody else to the next level."""
    return Level.COUNTY if officer.role is Role.DEPARTMENT else officer.level.up()


def send_up(case: Case, officer: Person, level: Level, directory: Directory, now: datetime) -> Decision | Refused:
    """报镇里、报区里、报市里, by the handler or the desk that has it: told at once, and the first handler stays."""
    if not case.stage.climbing:
        return Refused("late_ended")
    if officer.id != case.handler and officer.desk != case.desk:
        return Refused("not_yours")
    if level.rank <= officer.level.rank:
        return Refused("not_above")
    reached = reach(level, case, directory)
    new = tuple(token for token in reached.tokens if token not in case.told)
    if not new or reached.level.rank < level.rank:
        return Refused("already_told" if reached.tokens else "nobody_there")
    moves = Moves(case, now)
    for passed in reached.passed:
        moves.did(What.PASSED, to=passed.value, why="nobody")
    moves.did(
        What.ESCALATED, by=officer.id, to=reached.level.value, steps=(), told=reached.tokens, level=reached.level.value
    )
    moves.tell(reached.tokens, "sent_up", minus=frozenset({officer.id}), handler=officer.id)
    if case.handler and case.handler != officer.id:
        moves.tell((f"person:{case.handler}",), "sent_up_known")
    return moves.done()


def _widened(case: Case, desk: str) -> Case:
    """The case as it would be seen once handed to a desk."""
    return replace(case, seen_by=case.seen_by | {desk})
