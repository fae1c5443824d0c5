"""What a case is: its words, its append-only history, and the state that follows from the history.

A case is nothing but the fold of its events; `evolve` is the only place where its state changes. Events hold ids,
codes and times, never a word that a person wrote, so they can be kept when personal words are erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from assistance.directory import Level


class Kind(StrEnum):
    """What was opened."""

    HARDSHIP = "hardship"  # 突发困难
    COMPLAINT = "complaint"  # 投诉举报
    PROBLEM = "problem"  # 问题、诉求
    LEAD = "lead"  # 线索


class Grade(StrEnum):
    """Urgency classes of docs/rules.md B."""

    E0 = "E0"
    E1 = "E1"
    E2 = "E2"
    E3 = "E3"
    E4 = "E4"
    E5 = "E5"
    E6 = "E6"
    C1 = "C1"
    C2 = "C2"


URGENT = frozenset({Grade.E0, Grade.E1})  # pass quiet hours, always listed in digests


class Stage(StrEnum):
    """Where a case stands, in the words of the ledger."""

    NEW = "新线索"
    ACCEPTED = "已受理"
    WORKING = "办理中"
    ASKING = "待评价"  # finished or withdrawn, waiting for the second person
    REOPENED = "重办"
    CLOSED = "办结"
    WITHDRAWN = "撤回"

    @property
    def ended(self) -> bool:
        """Closed for good: silent, no due time."""
        return self in (Stage.CLOSED, Stage.WITHDRAWN)

    @property
    def climbing(self) -> bool:
        """Whether the ladder runs."""
        return not self.ended and self is not Stage.ASKING


class What(StrEnum):
    """The past-tense words of the history."""

    OPENED = "opened"
    PASSED = "passed"  # a level with nobody left was passed
    ACCEPTED = "accepted"  # 接单
    PROGRESSED = "progressed"  # 记进展
    ESCALATED = "escalated"
    REMINDED = "reminded"
    EXPIRED = "expired"  # a claim ran out
    TRANSFERRED = "transferred"  # 转办
    REFUSED = "refused"  # 退单
    FINISHED = "finished"  # 办结 pressed
    CONFIRMED = "confirmed"  # 已解决
    DISPUTED = "disputed"  # 没解决
    WITHDRAWN = "withdrawn"  # asked for by the reporter
    OBJECTED = "objected"  # the second person keeps the case open
    CLOSED = "closed"
    SUPPLEMENTED = "supplemented"
    FOLDED = "folded"  # a further report joined
    LOCATED = "located"  # the place became known
    REGRADED = "regraded"
    SCOPED = "scoped"  # 定范围
    CORRECTED = "corrected"  # an earlier reading was put right
    UNDONE = "undone"  # 撤销


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a case's history. `seq` counts from 1; `by` is a person's id or None for the program."""

    case: str
    seq: int
    at: datetime
    what: What
    by: str | None = None
    to: str | None = None  # a level, a desk or a stage, as the word demands
    data: Mapping[str, Any] = field(default_factory=dict)  # ids, codes, numbers: never words of a person


@dataclass(frozen=True, slots=True)
class Case:
    """The state of one case at one moment. Times are aware; codes are those of the directory."""

    id: str
    receipt: str  # 回执号
    kind: Kind
    grade: Grade
    topic: str
    cause: str | None
    opened_at: datetime
    rules: str  # version of the rulebook in force at opening
    county: str
    village: str | None = None
    town: str | None = None
    household: str | None = None  # id of a registered household
    lead: str | None = None  # department that answers at county level
    stage: Stage = Stage.NEW
    level: Level = Level.VILLAGE  # the highest level reached
    desk: str | None = None  # the desk that owns it now
    handler: str | None = None
    accepted_at: datetime | None = None
    acted_at: datetime | None = None
    finished_at: datetime | None = None
    asking_since: datetime | None = None  # when the second person was asked
    closed_at: datetime | None = None
    owned_since: datetime | None = None  # the owner's clock: restarts on hand-over
    finish_since: datetime | None = None  # the case's clock: restarts on 重办 only
    version: int = 1  # of the deadlines: a hand-over or a reopening makes the earlier ones stale
    fired: frozenset[str] = frozenset()  # steps of this version that have been taken
    missed: frozenset[str] = frozenset()  # clocks (accept, act, finish) that ran out, in this version
    reminded_at: datetime | None = None  # when the last of top level and handler was told
    told: tuple[str, ...] = ()  # tokens told so far, in order
    seen_by: frozenset[str] = frozenset()  # tokens that may see it
    barred: frozenset[str] = frozenset()  # tokens that never may (the accused and their desks)
    sealed: bool = False
    sorting: bool = False  # not understood: waits at the county sorting desk (人工分拣)
    withdrawn: bool = False  # a withdrawal is waiting
    unconfirmed: bool = False
    refused: int = 0
    reopened: int = 0
    reports: int = 1
    linked: str | None = None  # the twin: need and accusation of one message
    seq: int = 1  # number of the last event

    @property
    def open(self) -> bool:
        """Whether anything can still become of it."""
        return not self.stage.ended


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


_NEW_VERSION = frozenset({What.TRANSFERRED, What.REFUSED, What.DISPUTED, What.LOCATED, What.REGRADED, What.UNDONE})


def _opened(event: Event) -> Case:
    """`event.data` holds the fields of `Case` by name; the clocks start at receipt, not at opening."""
    data = dict(event.data)
    received = datetime.fromisoformat(data.pop("received_at"))
    for name in ("told",):
        data[name] = tuple(data[name])
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
    """A step of the ladder was taken. The recurring one at the top (`top`) is never used up."""
    steps = frozenset(event.data["steps"])
    clocks = frozenset(step.partition(":")[0] for step in steps) - {"top"}
    return replace(
        _told(case, event), fired=case.fired | (steps - {"top"}), missed=case.missed | clocks, reminded_at=event.at
    )


def _handed_over(case: Case, event: Event) -> Case:
    """A new desk owns it: the owner's clock restarts, the case's clock runs on."""
    case = _told(case, event)
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
        refused=case.refused + (event.what is What.REFUSED),
    )


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


def _working_stage(case: Case) -> Stage:
    """The stage that the marks on the case tell, when nothing is being asked."""
    if case.acted_at:
        return Stage.WORKING
    return Stage.ACCEPTED if case.handler else Stage.NEW


def _accepted(case: Case, event: Event) -> Case:
    case = replace(case, handler=event.by, accepted_at=event.at)
    return replace(case, stage=_working_stage(case))


def _progressed(case: Case, event: Event) -> Case:
    return replace(case, acted_at=case.acted_at or event.at, stage=Stage.WORKING)


def _expired(case: Case, event: Event) -> Case:
    return replace(case, handler=None, accepted_at=None, stage=Stage.NEW)


def _finished(case: Case, event: Event) -> Case:
    acted = case.acted_at or event.at
    return replace(case, finished_at=event.at, asking_since=event.at, acted_at=acted, stage=Stage.ASKING)


def _withdrawn(case: Case, event: Event) -> Case:
    return replace(_told(case, event), withdrawn=True, asking_since=event.at, stage=Stage.ASKING)


def _objected(case: Case, event: Event) -> Case:
    case = replace(_told(case, event), withdrawn=False, asking_since=None, finished_at=None)
    return replace(case, stage=_working_stage(case))


def _closed(case: Case, event: Event) -> Case:
    stage = Stage.WITHDRAWN if case.withdrawn else Stage.CLOSED
    unconfirmed = event.what is What.CLOSED and not case.withdrawn
    return replace(case, stage=stage, closed_at=event.at, unconfirmed=unconfirmed)


def _folded(case: Case, event: Event) -> Case:
    return replace(case, reports=case.reports + 1)


def _located(case: Case, event: Event) -> Case:
    """The place became known later: the desks of that place are told and own it."""
    places = {name: event.data[name] for name in ("village", "town", "household") if event.data.get(name)}
    seen = case.seen_by | frozenset(event.data.get("seen_by", ()))
    case = replace(_told(case, event), seen_by=seen, desk=event.to or case.desk, sorting=False)
    return replace(case, **places)


def _regraded(case: Case, event: Event) -> Case:
    case = replace(_told(case, event), fired=frozenset(), missed=frozenset(), sorting=False)
    return replace(case, grade=Grade(event.data["grade"]))


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
    What.FINISHED: _finished,
    What.CONFIRMED: _closed,
    What.CLOSED: _closed,
    What.DISPUTED: _disputed,
    What.WITHDRAWN: _withdrawn,
    What.OBJECTED: _objected,
    What.FOLDED: _folded,
    What.LOCATED: _located,
    What.REGRADED: _regraded,
    What.SCOPED: _scoped,
}
