"""What follows when nobody acts in time: ladder steps, expired claims, closing by silence (docs/rules.md B, D)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from assistance.audience import holders, officers_at, reach
from assistance.case import Case, Stage, What
from assistance.decision import Decision
from assistance.directory import Directory, Level, person_token
from assistance.ladder import TOP, asking_ends, at_top, claim_ends, pending, step_due, top_due
from assistance.moves import Moves
from assistance.rulebook import Clock, Rulebook, Step

LATE = timedelta(minutes=5)  # a sweep that comes later than this catches up: one message for all that was missed


def fall_due(case: Case, rulebook: Rulebook, directory: Directory, now: datetime) -> Decision:
    """Everything that has fallen due by `now`, at once; nothing when the case has moved on meanwhile."""
    if case.stage is Stage.ASKING:
        return _close_by_silence(case, rulebook, now)
    if not case.open:
        return Decision()
    moves = Moves(case, now)
    if case.paused and case.paused_until and case.paused_until <= now:
        moves.did(What.RESUMED, to=case.handler)
        moves.tell(holders(case), "pause_over")
    had = holders(moves.case)[:1]
    former, expired = _expire_claim(moves, rulebook)
    steps = pending(moves.case, rulebook)
    due = sorted((max(when, expired or when), step.id, step) for when, step in steps if when <= now)
    if due:
        missed = now - due[0][0] > LATE
        breaches = _breaches(moves.case, [step for _, _, step in due], next(iter(had), None), rulebook)
        _take(moves, [step for _, _, step in due], former, directory, missed, breaches)
    elif former and expired:
        _nothing_held_back(moves, former, directory, missed=now - expired > LATE)
    if at_top(moves.case, rulebook) and (when := top_due(moves.case, rulebook)) <= now:
        _remind_top(moves, directory, _told_now(moves, directory), missed=now - when > LATE)
    return moves.done() if moves.events else Decision()


def _close_by_silence(case: Case, rulebook: Rulebook, now: datetime) -> Decision:
    """No answer and no objection: 办结 marked 未确认, or 撤回."""
    if asking_ends(case, rulebook) > now:
        return Decision()
    moves = Moves(case, now)
    withdrawn = case.withdrawn
    moves.did(What.CLOSED)
    moves.tell((f"reporters:{case.id}",), "closed_withdrawn" if withdrawn else "closed_unconfirmed")
    return moves.done()


def _expire_claim(moves: Moves, rulebook: Rulebook) -> tuple[str | None, datetime | None]:
    """A claim without a logged action ends with the act limit, and what it held back comes due: whose, and when."""
    case, ends = moves.case, claim_ends(moves.case, rulebook)
    if case.handler is None or ends is None or ends > moves.now:
        return None, None
    acts = [step for step in rulebook.steps(case) if step.clock is Clock.ACT]
    late = [_breach(case, "claim", acts[0], ends, person_token(case.handler))] if acts[0].id in case.fired else []
    moves.did(What.EXPIRED, by=None, to=case.handler, breaches=late)
    return case.handler, ends


def _nothing_held_back(moves: Moves, former: str, directory: Directory, *, missed: bool) -> None:
    """A claim made after every limit had fired ran out: whoever had it, its desk and the highest level told hear it."""
    case, step = moves.case, f"expired#{moves.case.seq}"
    tokens = reach(case.level, case, directory).tokens
    higher = frozenset(person.id for person in officers_at(tokens, case, directory)) - {former}
    moves.tell((person_token(former),), "claim_expired", step=step, missed=missed)
    moves.tell(tokens, "climbed", step=step, minus=frozenset({former}), missed=missed)
    others = [token for token in holders(case) if token not in tokens]
    moves.tell(others, "reminder", step=step, minus=higher | {former}, missed=missed)


def _breaches(case: Case, steps: Sequence[Step], owner: str | None, rulebook: Rulebook) -> dict[str, dict[str, Any]]:
    """What is frozen of each limit that passed. One that had passed before an officer set the grade was nobody's."""
    found = {}
    for step in steps:
        due = step_due(case, step, rulebook)
        if case.graded_at is None or due > case.graded_at:
            found[step.id] = _breach(case, step.id, step, due, owner)
    return found


def _breach(case: Case, name: str, step: Step, due: datetime, owner: str | None) -> dict[str, Any]:
    return {
        "grade": case.grade.value,
        "rules": case.rules,
        "version": case.version,
        "step": name,
        "clock": step.clock.value,
        "limit": str(step.limit),
        "due": due.isoformat(),
        "owner": owner,
        "card": step.card,
    }


def _take(
    moves: Moves,
    steps: Sequence[Step],
    former: str | None,
    directory: Directory,
    missed: bool,
    breaches: Mapping[str, Mapping[str, Any]],
) -> None:
    """Take steps that are due: one message to each person, whatever number of steps fell due."""
    told: list[str] = []
    late: dict[str, Any] = {"caught_up": True} if missed else {}  # the history tells it
    steps = [replace(step, to=None) if _goes_down(step, moves.case) else step for step in steps]
    for step in steps:
        frozen = {
            "steps": [step.id],
            "yellow": [step.id] if step.yellow else [],
            "breaches": [breaches[step.id]] if step.id in breaches else [],
            **late,
        }
        if step.to is None:
            moves.did(What.REMINDED, to=moves.case.desk, told=(), **frozen)
            continue
        reached = reach(step.to, moves.case, directory)
        for level in reached.passed:
            moves.did(What.PASSED, to=level.value, why="nobody")
        moves.did(
            What.ESCALATED,
            to=reached.level.value,
            told=reached.tokens,
            level=reached.level.value,
            **frozen,
        )
        told += [token for token in reached.tokens if token not in told]
    warned = all(step.yellow for step in steps if step.to is not None)
    moves.tell(told, "yellow_card" if warned else "climbed", step=_name(steps, escalating=True), missed=missed)
    higher = frozenset(person.id for person in officers_at(tuple(told), moves.case, directory))
    if former:
        moves.tell((person_token(former),), "claim_expired", step=_name(steps), minus=higher, missed=missed)
    reminders = [step for step in steps if step.to is None]
    if reminders:
        others = higher | ({former} if former else frozenset())
        phrase = "yellow_card" if all(step.yellow for step in reminders) else "reminder"
        moves.tell(holders(moves.case), phrase, step=_name(steps), minus=others, missed=missed)


def _goes_down(step: Step, case: Case) -> bool:
    """Whether a step names a level below the desk that has the case, or that desk itself: then it only reminds."""
    if step.to is None or case.desk is None:
        return False
    kind = case.desk.partition(":")[0]
    owner = Level(kind) if kind in list(Level) else Level.COUNTY
    return step.to.rank < owner.rank or (step.to.value == kind and step.to is not Level.CITY)


def _told_now(moves: Moves, directory: Directory) -> frozenset[str]:
    """Who gets a message of these moves already."""
    return frozenset(
        person.id for notice in moves.notices for person in directory.at(notice.to) if person.id not in notice.minus
    )


def _remind_top(moves: Moves, directory: Directory, told: frozenset[str], *, missed: bool) -> None:
    """At the top a reminder recurs, to the top level and the handler; `told` have a message of this moment already."""
    reached = reach(Level.CITY, moves.case, directory)
    late: dict[str, Any] = {"caught_up": True} if missed else {}  # the history tells it
    moves.did(What.REMINDED, to=Level.CITY.value, steps=[TOP], told=reached.tokens, level=reached.level.value, **late)
    step = f"{TOP}#{moves.case.seq}"
    higher = frozenset(person.id for person in officers_at(reached.tokens, moves.case, directory))
    moves.tell(reached.tokens, "still_open", step=step, minus=told, missed=missed)
    others = [token for token in holders(moves.case) if token not in reached.tokens]
    moves.tell(others, "reminder", step=step, minus=higher | told, missed=missed)


def _name(steps: Sequence[Step], *, escalating: bool = False) -> str:
    """The name under which the notices of these steps are queued once."""
    return "+".join(step.id for step in steps if not escalating or step.to is not None)
