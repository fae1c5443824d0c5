"""删除个人信息: the personal words of a closed case go, its history stays (docs/domain.md G9; 个人信息保护法 47 条).

Nothing goes by itself. Two officers agree, or the operator does it with a reason; a complaint within its years goes
only when its reporter asked with receipt and code.
"""

from __future__ import annotations

from datetime import datetime

from assistance.audience import officers_at
from assistance.case import Case, Kind, What
from assistance.decision import Decision
from assistance.directory import Directory, Person, Role
from assistance.ledger_steps import months_over
from assistance.moves import Moves
from assistance.rulebook import Rulebook
from assistance.work import Refused

_DECIDE = (Role.COUNTY, Role.DISCIPLINE)


def kept_until(case: Case, rulebook: Rulebook) -> datetime | None:
    """When the years are over for which its words are kept; None while it is open."""
    if case.closed_at is None or case.open:
        return None
    secret = case.kind is Kind.COMPLAINT or case.sealed
    years = rulebook.retention.complaint if secret else rulebook.retention.need
    return months_over(case.closed_at, 12 * years, rulebook.calendar.zone)


def is_over(case: Case, rulebook: Rulebook, now: datetime) -> bool:
    """Whether its words have been kept long enough and are still there."""
    until = kept_until(case, rulebook)
    return case.erased_at is None and until is not None and until <= now


def photos_over(case: Case, rulebook: Rulebook, now: datetime) -> bool:
    """Whether photos and voice notes of a closed case have been kept long enough."""
    if case.closed_at is None or case.open or case.erased_at is not None:
        return False
    return months_over(case.closed_at, 12 * rulebook.retention.media, rulebook.calendar.zone) <= now


def refusal(case: Case, rulebook: Rulebook, now: datetime) -> Refused | None:
    """Why its words must stay; None where they may go."""
    if case.erased_at is not None:
        return Refused("erased_already")
    if case.open:
        return Refused("erase_open")
    return None if case.erase_wished or is_over(case, rulebook, now) else Refused("erase_early")


def wish(case: Case, by: str, directory: Directory, now: datetime) -> Decision | Refused:
    """The reporter asks for it; whoever of county or discipline sees the case is told and decides."""
    if case.erased_at is not None:
        return Refused("erased_already")
    if case.open:
        return Refused("erase_open")
    moves = Moves(case, now)
    moves.did(What.ERASE_WISHED, by=by)
    moves.tell(_desks(case, directory), "erase_wished")
    return moves.done()


def ask(case: Case, officer: Person, directory: Directory, rulebook: Rulebook, now: datetime) -> Decision | Refused:
    """One officer of county or discipline asks for it; a second one is asked to agree."""
    if officer.role not in _DECIDE:
        return Refused("erase_not_yours")
    if refused := refusal(case, rulebook, now):
        return refused
    desks = _desks(case, directory)
    if all(one.id == officer.id for one in officers_at(desks, case, directory)):
        return Refused("nobody_to_agree")
    moves = Moves(case, now)
    moves.did(What.ERASE_ASKED, by=officer.id)
    moves.tell(desks, "erase?", minus=frozenset({officer.id}), handler=officer.id)
    return moves.done()


def agree(case: Case, officer: Person, rulebook: Rulebook, now: datetime) -> Decision | Refused:
    """同意删除 by the second officer: the line of the history with which the words go."""
    if refused := _second(case, officer) or refusal(case, rulebook, now):
        return refused
    moves = Moves(case, now)
    moves.did(What.ERASED, by=officer.id, asked_by=case.erase_by, wished=case.erase_wished)
    return moves.done()


def keep(case: Case, officer: Person, now: datetime) -> Decision | Refused:
    """不删除: everything stays."""
    if refused := _second(case, officer):
        return refused
    moves = Moves(case, now)
    moves.did(What.ERASE_KEPT, by=officer.id)
    moves.tell((f"person:{case.erase_by}",), "erase_kept", handler=officer.id)
    return moves.done()


def by_operator(case: Case, rulebook: Rulebook, now: datetime, *, wished: bool) -> Decision | Refused:
    """`jishiyu erase`: `wished` where the reporter asked for it."""
    moves = Moves(case, now)
    if wished and not case.erase_wished and not case.open and case.erased_at is None:
        moves.did(What.ERASE_WISHED)
    if refused := refusal(moves.case, rulebook, now):
        return refused
    moves.did(What.ERASED, operator=True, wished=moves.case.erase_wished)
    return moves.done()


def _second(case: Case, officer: Person) -> Refused | None:
    if officer.role not in _DECIDE:
        return Refused("erase_not_yours")
    if case.erase_by is None:
        return Refused("erase_not_asked")
    return Refused("second_person") if officer.id == case.erase_by else None


def _desks(case: Case, directory: Directory) -> tuple[str, ...]:
    desks = (f"county:{case.county}", f"discipline:{case.county}")
    return tuple(desk for desk in desks if officers_at((desk,), case, directory))
