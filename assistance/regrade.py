"""定级: an officer puts the machine's grade right; lowering an E0 or E1 takes a second person (docs/rules.md G)."""

from __future__ import annotations

from datetime import date, datetime

from assistance.audience import officers_at, reach
from assistance.case import BY_OFFICERS, URGENT, Case, Grade, Kind, What
from assistance.decision import Decision
from assistance.directory import Directory, Level, Person
from assistance.moves import Moves
from assistance.open import first_told
from assistance.rulebook import Rulebook
from assistance.work import Refused, above

_OF_COMPLAINTS = frozenset({Grade.C1, Grade.C2})


def lowers(case: Case, grade: Grade) -> bool:
    """Whether a change takes an E0 or E1 down: anything but E1 to E0."""
    return case.grade in URGENT and grade is not Grade.E0


def settable(case: Case, officer: Person, rulebook: Rulebook) -> tuple[Grade, ...]:
    """The grades that this officer may set on this case: a seal is neither made nor broken by a grade."""
    kinds = _OF_COMPLAINTS if case.kind is Kind.COMPLAINT else frozenset(Grade) - _OF_COMPLAINTS
    return tuple(
        grade
        for grade in Grade
        if grade in kinds | BY_OFFICERS
        and grade is not case.grade
        and officer.level.rank >= rulebook.ladders[grade].set_by.rank
    )


def regrade(
    case: Case,
    officer: Person,
    grade: Grade,
    directory: Directory,
    rulebook: Rulebook,
    now: datetime,
    *,
    said: str | None = None,
    deadline: date | None = None,
) -> Decision | Refused:
    """Set a grade; the ladder of the new one counts from the case's own clock, and where such a case opens is told.

    `said` is the id of the words that give the reason, `deadline` the last day of a rectification (D2). Lowering an
    E0 or E1 only asks: it happens when a second person confirms it or asks for the same.
    """
    if not case.stage.climbing:
        return Refused("late_ended")
    if grade is case.grade and deadline in (None, case.deadline):
        return Refused("same_grade")
    if grade is not case.grade and grade not in settable(case, officer, rulebook):
        return Refused("grade_impossible")
    if not lowers(case, grade) or (case.lowering is grade and case.lowering_by != officer.id):
        return _set(case, officer, grade, directory, rulebook, now, said=said, deadline=deadline)
    second = _second(case, officer, directory)
    if not second:
        return Refused("nobody_to_confirm")
    moves = Moves(case, now)
    moves.did(What.LOWERING, by=officer.id, to=grade.value, grade=grade.value, said=said)
    moves.tell(second, "lower?", minus=frozenset({officer.id}), grade=grade.value, handler=officer.id)
    return moves.done()


def confirm_lowering(
    case: Case, officer: Person, directory: Directory, rulebook: Rulebook, now: datetime
) -> Decision | Refused:
    """同意降级, by anybody but the one who asked."""
    refused = _cannot_answer(case, officer)
    if refused or case.lowering is None:
        return refused or Refused("late_moved")
    return _set(case, officer, case.lowering, directory, rulebook, now)


def keep_grade(case: Case, officer: Person, now: datetime) -> Decision | Refused:
    """不同意: the grade stays, the one who asked is told."""
    refused = _cannot_answer(case, officer)
    if refused:
        return refused
    moves = Moves(case, now)
    moves.did(What.KEPT, by=officer.id, to=case.grade.value)
    moves.tell((f"person:{case.lowering_by}",), "grade_kept", handler=officer.id)
    return moves.done()


def _cannot_answer(case: Case, officer: Person) -> Refused | None:
    if case.lowering is None or not case.stage.climbing:
        return Refused("late_ended" if not case.stage.climbing else "late_moved")
    return Refused("second_person") if officer.id == case.lowering_by else None


def _second(case: Case, officer: Person, directory: Directory) -> tuple[str, ...]:
    """Who is asked: the first level above that has somebody else, at the city whoever else sits there."""
    level = above(officer)
    while True:
        reached = reach(level, case, directory)
        if any(person.id != officer.id for person in officers_at(reached.tokens, case, directory)):
            return reached.tokens
        if level is Level.CITY:
            return ()
        level = level.up()


def _set(
    case: Case,
    officer: Person,
    grade: Grade,
    directory: Directory,
    rulebook: Rulebook,
    now: datetime,
    *,
    said: str | None = None,
    deadline: date | None = None,
) -> Decision:
    moves = Moves(case, now)
    if grade in URGENT and case.paused:
        moves.did(What.RESUMED, by=officer.id)
    raised = grade in BY_OFFICERS or grade.value < case.grade.value
    reached = first_told(case, rulebook.ladders[grade].opens_at, directory) if raised else None
    new = tuple(token for token in reached.tokens if token not in case.told) if reached else ()
    own = {"asked_by": case.lowering_by} if case.lowering_by and case.lowering_by != officer.id else {}
    last_day = {"deadline": deadline.isoformat()} if deadline else {}
    level = max(case.level, reached.level, key=lambda one: one.rank) if reached and new else case.level
    moves.did(
        What.REGRADED,
        by=officer.id,
        to=grade.value,
        grade=grade.value,
        was=case.grade.value,
        said=said,
        told=new,
        level=level.value,
        **own,
        **last_day,
    )
    moves.tell(new, "opened", minus=frozenset({officer.id}))
    told = frozenset(person.id for person in officers_at(new, moves.case, directory)) | {officer.id}
    moves.tell([token for token in case.told if token not in new], "regraded", minus=told, was=case.grade.value)
    return moves.done()
