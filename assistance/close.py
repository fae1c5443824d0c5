"""The second person: 已解决, 没解决, withdrawing and objecting (docs/rules.md D)."""

from __future__ import annotations

from datetime import datetime

from assistance.audience import Reached, holders, officers_at, reach
from assistance.case import Case, Grade, Stage, What
from assistance.decision import Decision
from assistance.directory import Directory, Level, Person
from assistance.moves import Moves
from assistance.work import Refused

NEVER_BY_WITHDRAWAL = frozenset({Grade.E0, Grade.C1, Grade.C2})


def confirm(case: Case, by: str, now: datetime) -> Decision | Refused:
    """已解决 from the reporter: the case is closed."""
    if case.stage is not Stage.ASKING:
        return Refused("late_ended" if not case.open else "not_asked")
    moves = Moves(case, now)
    moves.did(What.CONFIRMED, by=by)
    moves.tell((f"person:{case.handler}",) if case.handler else (), "confirmed")
    return moves.done()


def ask_again(case: Case, by: str, directory: Directory, now: datetime) -> Decision:
    """已解决 from an officer for somebody else (E0, E1): the second person asks once more, and closes it."""
    moves = Moves(case, now)
    moves.did(What.SUPPLEMENTED, by=by, solved=True)
    aside = frozenset({by, case.handler} if case.handler else {by})
    moves.tell(second_person(case, directory, by=by).tokens, "check_again", minus=aside)
    return moves.done()


def dispute(case: Case, by: str, directory: Directory, now: datetime) -> Decision | Refused:
    """没解决: 重办, one level up and told at once; the second time to the county."""
    if case.stage is not Stage.ASKING:
        return Refused("late_ended" if not case.open else "not_asked")
    start = Level.COUNTY if case.reopened else case.level.up()
    reached = reach(start, case, directory)
    moves = Moves(case, now)
    desk = next(iter(reached.tokens), None)
    moves.did(What.DISPUTED, by=by, to=desk, told=reached.tokens, level=reached.level.value)
    higher = frozenset(person.id for person in officers_at(reached.tokens, moves.case, directory))
    moves.tell(reached.tokens, "disputed")
    moves.tell((f"person:{case.handler}",) if case.handler else (), "disputed", minus=higher)
    return moves.done()


def withdraw(
    case: Case, by: str, directory: Directory, now: datetime, *, pressure: bool, past_town: bool = False
) -> Decision | Refused:
    """The reporter takes it back: told at once to somebody who is not the handler, closed a working day later.
    `past_town`: the words blame somebody, so the county looks at it.

    E0, C1 and C2 are never closed so: the county decides (C2: discipline and county).
    """
    if not case.open:
        return Refused("late_ended")
    moves = Moves(case, now)
    if case.grade in NEVER_BY_WITHDRAWAL:
        tokens = reach(Level.COUNTY, case, directory).tokens
        discipline = f"discipline:{case.county}"
        if case.grade is Grade.C2 and officers_at((discipline,), case, directory):
            tokens += (discipline,)
        moves.did(What.SUPPLEMENTED, by=by, withdrawal=True, pressure=pressure)
        moves.tell(tokens, "withdrawal_kept", pressure=pressure)
        return moves.done()
    checker = second_person(case, directory, by=by, past_town=past_town)
    moves.did(What.WITHDRAWN, by=by, told=checker.tokens, pressure=pressure)
    handler = frozenset({case.handler} if case.handler else ())
    moves.tell(checker.tokens, "withdrawal_check", minus=handler, pressure=pressure)
    if case.handler:
        moves.tell((f"person:{case.handler}",), "withdrawal_known")
    return moves.done()


def withdraw_one(case: Case, by: str, now: datetime) -> Decision:
    """One of several reporters takes it back: whoever has the case is told, and it goes on for the others."""
    moves = Moves(case, now)
    moves.did(What.SUPPLEMENTED, by=by, withdrawal=True)
    moves.tell(holders(case), "withdrawn_one")
    return moves.done()


def second_person(case: Case, directory: Directory, *, by: str, past_town: bool = False) -> Reached:
    """Who looks at a withdrawal: the town; where a town officer handles it, the county. Never the handler alone, nor
    the officer who spoke for the reporter."""
    handler = directory.persons.get(case.handler or "")
    town_handles = handler is not None and handler.level is Level.TOWN
    found = reach(Level.COUNTY if town_handles or past_town else Level.TOWN, case, directory)
    while found.level is not Level.CITY:
        if any(officer.id not in (case.handler, by) for officer in officers_at(found.tokens, case, directory)):
            break
        found = reach(found.level.up(), case, directory)
    return found


def object_to(case: Case, officer: Person, now: datetime) -> Decision | Refused:
    """继续办: the second person keeps a withdrawn case open."""
    if case.stage is not Stage.ASKING or not case.withdrawn:
        return Refused("late_ended")
    if officer.id == case.handler:
        return Refused("not_the_handler")
    moves = Moves(case, now)
    moves.did(What.OBJECTED, by=officer.id)
    moves.tell(holders(moves.case), "objected")
    return moves.done()
