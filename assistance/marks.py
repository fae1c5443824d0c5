"""Marks that a history leaves on a case: limits that passed, a pause, a lowering that waits; `assistance.evolve` sets
them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from assistance.case import Breach, Case, Event, Grade, Stage

CLOCKS = ("accept", "act", "finish")


def breached(case: Case, event: Event) -> Case:
    """Freeze the limits that passed: whose they were, under which rules."""
    frozen = event.data.get("breaches", ())
    new = tuple(Breach(**{**one, "due": datetime.fromisoformat(one["due"])}) for one in frozen)
    return replace(case, breaches=case.breaches + new) if new else case


def settled(case: Case, at: datetime, *clocks: str) -> Case:
    """What these clocks waited for has happened, or is another's now: by how much each was late is settled."""
    if not any(one.ended_at is None and one.clock in clocks for one in case.breaches):
        return case
    ends = tuple(
        replace(one, ended_at=at) if one.ended_at is None and one.clock in clocks else one for one in case.breaches
    )
    return replace(case, breaches=ends)


def unpaused(case: Case, at: datetime) -> Case:
    """The clock runs on from `at`; what was waited for keeps its stage."""
    if not case.paused:
        return replace(case, pausing=None)
    end = min(at, case.paused_until or at)
    stage = working_stage(case) if case.stage is Stage.PAUSED else case.stage
    return replace(case, paused=False, paused_until=end, pausing=None, stage=stage)


def working_stage(case: Case) -> Stage:
    """The stage that the marks on the case tell, when nothing is being asked."""
    if case.acted_at:
        return Stage.WORKING
    return Stage.ACCEPTED if case.handler else Stage.NEW


def lowering_asked(case: Case, event: Event) -> Case:
    """Lowering an E0 or E1 waits for a second person."""
    return replace(case, lowering=Grade(event.data["grade"]), lowering_by=event.by)


def grade_kept(case: Case, _event: Event) -> Case:
    """The second person did not confirm it."""
    return replace(case, lowering=None, lowering_by=None)


def pause_asked(case: Case, event: Event) -> Case:
    """挂起 is asked for; nothing stands still yet."""
    return replace(case, pausing=datetime.fromisoformat(event.data["until"]))


def paused(case: Case, event: Event) -> Case:
    """挂起 was granted."""
    until = datetime.fromisoformat(event.data["until"])
    return replace(case, stage=Stage.PAUSED, paused=True, paused_at=event.at, paused_until=until, pausing=None)


def resumed(case: Case, event: Event) -> Case:
    """The pause is over, or was not granted."""
    return unpaused(case, event.at)
