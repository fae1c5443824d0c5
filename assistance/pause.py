"""挂起(补材料): a case waits for papers of the resident; once, for a few days, granted by somebody one level up
(docs/domain.md C7). Its due times move later by the working time that passes, and never otherwise."""

from __future__ import annotations

from datetime import datetime

from assistance.audience import officers_at, reach
from assistance.case import URGENT, Case, What
from assistance.decision import Decision
from assistance.directory import Directory, Level, Person
from assistance.moves import Moves
from assistance.rulebook import Rulebook
from assistance.work import Refused, above


def ask_pause(
    case: Case,
    officer: Person,
    until: datetime | None,
    directory: Directory,
    rulebook: Rulebook,
    now: datetime,
    *,
    said: str | None = None,
) -> Decision | Refused:
    """挂起, asked for by the handler with a reason (`said`); without an end, and at most, for as long as the pack
    allows. Until it is granted every clock runs on."""
    refused = _cannot_pause(case)
    if refused or case.handler != officer.id:
        return refused or Refused("late_taken" if case.handler else "accept_first")
    most = rulebook.of(case).pause_most.after(now, rulebook.calendar)
    end = min(until, most) if until and until > now else most
    level = above(officer)
    reached = reach(level, case, directory)
    while not _others(reached.tokens, case, officer, directory) and level is not Level.CITY:
        level = level.up()
        reached = reach(level, case, directory)
    if not _others(reached.tokens, case, officer, directory):
        return Refused("nobody_to_confirm")
    moves = Moves(case, now)
    moves.did(What.PAUSE_ASKED, by=officer.id, until=end.isoformat(), said=said)
    moves.tell(reached.tokens, "pause?", minus=frozenset({officer.id}), until=end.isoformat(), handler=officer.id)
    return moves.done()


def grant_pause(case: Case, officer: Person, now: datetime) -> Decision | Refused:
    """同意挂起, by an officer above the handler: the resident is told what it waits for and until when."""
    refused = _cannot_answer(case, officer) or _cannot_pause(case)
    if refused:
        return refused
    if case.pausing is None or case.pausing <= now:
        return Refused("late_moved")
    moves = Moves(case, now)
    moves.did(What.PAUSED, by=officer.id, to=case.handler, until=case.pausing.isoformat())
    moves.tell((f"person:{case.handler}",), "pause_granted", minus=frozenset({officer.id}))
    moves.tell((f"reporters:{case.id}",), "paused", minus=frozenset({officer.id, case.handler or ""}))
    return moves.done()


def refuse_pause(case: Case, officer: Person, now: datetime) -> Decision | Refused:
    """不同意挂起: the clocks have never stopped."""
    refused = _cannot_answer(case, officer)
    if refused:
        return refused
    moves = Moves(case, now)
    moves.did(What.PAUSE_REFUSED, by=officer.id)
    moves.tell((f"person:{case.handler}",), "pause_refused", handler=officer.id)
    return moves.done()


def resume(case: Case, officer: Person, now: datetime) -> Decision | Refused:
    """恢复: the papers are there; the clocks run on from now."""
    if not case.paused:
        return Refused("late_ended" if not case.open else "not_paused")
    if case.handler != officer.id:
        return Refused("late_taken")
    moves = Moves(case, now)
    moves.did(What.RESUMED, by=officer.id)
    return moves.done()


def _cannot_pause(case: Case) -> Refused | None:
    if not case.stage.climbing:
        return Refused("late_ended")
    if case.grade in URGENT:
        return Refused("never_paused")
    return Refused("paused_once") if case.paused_at else None


def _cannot_answer(case: Case, officer: Person) -> Refused | None:
    if case.pausing is None or not case.stage.climbing:
        return Refused("late_ended" if not case.stage.climbing else "late_moved")
    return Refused("second_person") if officer.id == case.handler else None


def _others(tokens: tuple[str, ...], case: Case, officer: Person, directory: Directory) -> bool:
    return any(person.id != officer.id for person in officers_at(tokens, case, directory))
