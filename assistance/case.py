"""What a case is: the words of its history, and the state that follows from it (see `assistance.evolve`).

Events hold ids, codes and times, never a word that a person wrote, so they can be kept when personal words are erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    bars: tuple[str, ...] = ()  # levels whose desks are barred as soon as the place is known
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
