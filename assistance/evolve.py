"""How a history becomes a state: a case is nothing but the fold of its events, and this is the only place where its
state changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from assistance.case import Case, Event, Grade, Kind, Stage, What
from assistance.directory import Level
from assistance.marks import (
    CLOCKS,
    breached,
    grade_kept,
    lowering_asked,
    pause_asked,
    paused,
    resumed,
    settled,
    unpaused,
    working_stage,
)


def fold(history: Iterable[Event]) -> Case:
    """The state that a history leads to. An event that was undone counts for the version only."""
    events = sorted(history, key=lambda event: event.seq)
    undone = {event.data["seq"] for event in events if event.what is What.UNDONE}
    case = _opened(events[0])
    for event in events[1:]:
        case = replace(case, seq=event.seq) if event.seq in undone else evolve(case, event)
    return replace(case, version=1 + sum(event.what in _NEW_VERSION for event in events))


def evolve(case: Case | None, event: Event) -> Case:
    """The case after one more event. UNDONE needs the whole history: see `fold`."""
    if case is None:
        return _opened(event)
    case = replace(case, seq=event.seq)
    if event.what in _NEW_VERSION:
        case = replace(case, version=case.version + 1)
    change = _CHANGES.get(event.what)
    return change(case, event) if change else case


_NEW_VERSION = frozenset(
    {What.TRANSFERRED, What.REFUSED, What.RETURNED, What.DISPUTED, What.LOCATED, What.REGRADED, What.UNDONE}
)


def _opened(event: Event) -> Case:
    """`event.data` holds the fields of `Case` by name; the clocks start at receipt, not at opening."""
    data = dict(event.data)
    received = datetime.fromisoformat(data.pop("received_at"))
    for name in ("told", "bars", "co"):
        data[name] = tuple(data.get(name, ()))
    for name in ("seen_by", "barred"):
        data[name] = frozenset(data[name])
    return Case(
        id=event.case,
        kind=Kind(data.pop("kind")),
        grade=Grade(data.pop("grade")),
        level=Level(data.pop("level")),
        opened_at=received,
        owned_since=received,
        finish_since=received,
        **data,
    )


def _told(case: Case, event: Event) -> Case:
    """Remember whom an event told, and how high the case stands."""
    told = case.told + tuple(token for token in event.data.get("told", ()) if token not in case.told)
    level = case.level
    if "level" in event.data:
        level = max(level, Level(event.data["level"]), key=lambda step: step.rank)
    return replace(case, told=told, level=level)


def _stepped(case: Case, event: Event) -> Case:
    """A step of the ladder was taken. The recurring one at the top (`top`) is never used up; a yellow card warns
    before the limit and misses none."""
    steps = frozenset(event.data["steps"]) - {"top"}
    clocks = frozenset(step.partition(":")[0] for step in steps - frozenset(event.data.get("yellow", ())))
    # the top's reminder counts from when the top level or who has it was told, not from a question in between
    between = event.what is What.ESCALATED and event.to != Level.CITY and case.level is Level.CITY
    told_at = case.reminded_at if between else event.at
    case = breached(case, event)
    return replace(_told(case, event), fired=case.fired | steps, missed=case.missed | clocks, reminded_at=told_at)


def _handed_over(case: Case, event: Event) -> Case:
    """A new desk owns it: the owner's clock restarts, the case's clock runs on."""
    case = settled(unpaused(_told(case, event), event.at), event.at, "accept", "act")
    refused = event.what is What.REFUSED
    return replace(
        case,
        stage=Stage.NEW,
        desk=event.to,
        lead=event.data.get("lead", case.lead),
        handler=None,
        sorting=False,
        accepted_at=None,
        acted_at=None,
        owned_since=event.at,
        fired=frozenset(step for step in case.fired if step.startswith("finish")),
        missed=case.missed & {"finish"},
        seen_by=case.seen_by | frozenset(event.data.get("told", ())),
        refused=case.refused + refused,
        rerouting=refused or (event.what is What.RETURNED and case.rerouting),
        ruled=case.ruled or bool(event.data.get("ruled")),
    )


def _returned(case: Case, event: Event) -> Case:
    """交接: to the desk again, or up where nobody is left. While the second person is asked only the handler goes."""
    if case.stage is Stage.ASKING:
        return replace(case, handler=None, accepted_at=None)
    return replace(_handed_over(case, event), sorting=case.sorting)


def _disputed(case: Case, event: Event) -> Case:
    """没解决: one level up, the finish limit anew; docs/rules.md D."""
    case = _handed_over(case, event)
    return replace(
        case,
        stage=Stage.REOPENED,
        finished_at=None,
        finish_since=event.at,
        asking_since=None,
        withdrawn=False,
        fired=frozenset(),
        missed=frozenset(),
        reminded_at=None,
        reopened=case.reopened + 1,
    )


def _accepted(case: Case, event: Event) -> Case:
    case = settled(replace(case, handler=event.by, accepted_at=event.at, rerouting=False), event.at, "accept")
    return replace(case, stage=working_stage(case))


def _progressed(case: Case, event: Event) -> Case:
    stage = case.stage if case.paused else Stage.WORKING
    return replace(settled(case, event.at, "act"), acted_at=case.acted_at or event.at, stage=stage)


def _expired(case: Case, event: Event) -> Case:
    case = breached(unpaused(case, event.at), event)
    return replace(case, handler=None, accepted_at=None, stage=Stage.NEW)


def _finished(case: Case, event: Event) -> Case:
    case = settled(unpaused(case, event.at), event.at, *CLOCKS)
    acted = case.acted_at or event.at
    return replace(case, finished_at=event.at, asking_since=event.at, acted_at=acted, stage=Stage.ASKING)


def _withdrawn(case: Case, event: Event) -> Case:
    case = unpaused(_told(case, event), event.at)
    return replace(case, withdrawn=True, asking_since=event.at, stage=Stage.ASKING)


def _objected(case: Case, event: Event) -> Case:
    case = replace(_told(case, event), withdrawn=False, asking_since=None, finished_at=None)
    return replace(case, stage=working_stage(case))


def _closed(case: Case, event: Event) -> Case:
    stage = Stage.WITHDRAWN if case.withdrawn else Stage.CLOSED
    unconfirmed = event.what is What.CLOSED and not case.withdrawn
    return replace(settled(case, event.at, *CLOCKS), stage=stage, closed_at=event.at, unconfirmed=unconfirmed)


def _folded(case: Case, event: Event) -> Case:
    return replace(case, reports=case.reports + event.data.get("reports", 1))


def _merged(case: Case, event: Event) -> Case:
    case = settled(unpaused(case, event.at), event.at, *CLOCKS)
    return replace(case, stage=Stage.MERGED, closed_at=event.at, merged_into=event.data["into"])


def _located(case: Case, event: Event) -> Case:
    """The place became known later: the desks of that place are told and own it."""
    places = {name: event.data[name] for name in ("village", "town", "household") if event.data.get(name)}
    barred = case.barred | frozenset(event.data.get("barred", ()))
    seen = (case.seen_by | frozenset(event.data.get("seen_by", ()))) - barred
    case = replace(_told(case, event), seen_by=seen, barred=barred, desk=event.to or case.desk, sorting=False)
    return replace(case, **places)


def _regraded(case: Case, event: Event) -> Case:
    """定级: the ladder of the new grade follows from the case's own clock."""
    case = replace(_told(case, event), fired=frozenset(), missed=frozenset(), sorting=False)
    deadline = event.data.get("deadline")
    return replace(
        case,
        grade=Grade(event.data["grade"]),
        seen_by=(case.seen_by | frozenset(event.data.get("told", ()))) - case.barred,
        graded_at=event.at,
        lowering=None,
        lowering_by=None,
        deadline=date.fromisoformat(deadline) if deadline else case.deadline,
    )


def _shared(case: Case, event: Event) -> Case:
    """协办: who helps may see it from now on."""
    told = frozenset(event.data["told"])
    return replace(_told(case, event), seen_by=(case.seen_by | told) - case.barred)


def _scoped(case: Case, event: Event) -> Case:
    """定范围: who may see it from now on; those it is about never."""
    seen = (case.seen_by | frozenset(event.data["seen_by"])) - case.barred
    return replace(_told(case, event), seen_by=seen)


_CHANGES: Mapping[What, Callable[[Case, Event], Case]] = {
    What.PASSED: _told,
    What.ACCEPTED: _accepted,
    What.PROGRESSED: _progressed,
    What.ESCALATED: _stepped,
    What.REMINDED: _stepped,
    What.EXPIRED: _expired,
    What.TRANSFERRED: _handed_over,
    What.REFUSED: _handed_over,
    What.RETURNED: _returned,
    What.FINISHED: _finished,
    What.CONFIRMED: _closed,
    What.CLOSED: _closed,
    What.DISPUTED: _disputed,
    What.WITHDRAWN: _withdrawn,
    What.OBJECTED: _objected,
    What.FOLDED: _folded,
    What.CLAIMED: _folded,
    What.LOCATED: _located,
    What.REGRADED: _regraded,
    What.LOWERING: lowering_asked,
    What.KEPT: grade_kept,
    What.PAUSE_ASKED: pause_asked,
    What.PAUSED: paused,
    What.PAUSE_REFUSED: resumed,
    What.RESUMED: resumed,
    What.SHARED: _shared,
    What.MERGED: _merged,
    What.SCOPED: _scoped,
    What.VERIFIED: lambda case, event: replace(_progressed(case, event), verified=event.data["result"]),
    What.ERASE_WISHED: lambda case, _event: replace(case, erase_wished=True),
    What.ERASE_ASKED: lambda case, event: replace(case, erase_by=event.by),
    What.ERASE_KEPT: lambda case, _event: replace(case, erase_by=None),
    What.ERASED: lambda case, event: replace(case, erased_at=event.at, erase_by=None),
}
