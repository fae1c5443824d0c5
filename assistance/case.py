"""What a case is: the words of its history, and the state that follows from it (see `assistance.evolve`).

Events hold ids, codes and times, never a word that a person wrote, so they can be kept when personal words are erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
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
    C3 = "C3"  # 信访
    C4 = "C4"  # 舆情、集体
    D2 = "D2"  # 问题整改


BY_OFFICERS = frozenset({Grade.C3, Grade.C4, Grade.D2})  # no reading gives them, an officer sets them
URGENT = frozenset({Grade.E0, Grade.E1})  # pass quiet hours, always listed in digests


class Stage(StrEnum):
    """Where a case stands, in the words of the ledger."""

    NEW = "新线索"
    ACCEPTED = "已受理"
    WORKING = "办理中"
    ASKING = "待评价"  # finished or withdrawn, waiting for the second person
    REOPENED = "重办"
    PAUSED = "挂起"  # waits for papers of the resident (补材料), with an end
    CLOSED = "办结"
    WITHDRAWN = "撤回"
    MERGED = "并案"  # goes on as another case

    @property
    def ended(self) -> bool:
        """Closed for good: silent, no due time."""
        return self in (Stage.CLOSED, Stage.WITHDRAWN, Stage.MERGED)

    @property
    def climbing(self) -> bool:
        """Whether the ladder runs."""
        return not self.ended and self is not Stage.ASKING


class What(StrEnum):
    """The past-tense words of the history."""

    OPENED = "opened"
    PASSED = "passed"  # a level with nobody left was passed
    ALARMED = "alarmed"  # nobody of a level opened it: duty roster and alarm hook
    ACCEPTED = "accepted"  # 接单
    PROGRESSED = "progressed"  # 记进展
    ESCALATED = "escalated"
    REMINDED = "reminded"
    EXPIRED = "expired"  # a claim ran out
    TRANSFERRED = "transferred"  # 转办
    REFUSED = "refused"  # 退单
    RETURNED = "returned"  # 交接: its handler left or its desk is empty
    FINISHED = "finished"  # 办结 pressed
    CONFIRMED = "confirmed"  # 已解决
    DISPUTED = "disputed"  # 没解决
    WITHDRAWN = "withdrawn"  # asked for by the reporter
    OBJECTED = "objected"  # the second person keeps the case open
    CLOSED = "closed"
    SUPPLEMENTED = "supplemented"
    FOLDED = "folded"  # a further report joined
    CLAIMED = "claimed"  # 认领: the person for whom somebody reported is a reporter now
    LOCATED = "located"  # the place became known
    REGRADED = "regraded"  # 定级
    LOWERING = "lowering"  # lowering an E0 or E1 is asked for; a second person confirms it
    KEPT = "kept"  # and does not: the grade stays
    PAUSE_ASKED = "pause_asked"  # 挂起 is asked for
    PAUSED = "paused"  # and granted by somebody one level up
    PAUSE_REFUSED = "pause_refused"
    RESUMED = "resumed"  # the pause is over
    SHARED = "shared"  # 协办: the co-departments are told
    MERGED = "merged"  # 并案: goes on as another case
    SCOPED = "scoped"  # 定范围
    CORRECTED = "corrected"  # an earlier reading was put right
    VERIFIED = "verified"  # 核实: 属实, 部分属实 or 不属实
    ERASE_WISHED = "erase_wished"  # the reporter asks that their personal words be deleted
    ERASE_ASKED = "erase_asked"  # 删除个人信息 by one officer; a second one has to agree
    ERASE_KEPT = "erase_kept"  # who does not
    ERASED = "erased"  # words, facts, photos and the reporter's identity are gone; the history stays
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
class Breach:
    """A limit that passed, frozen as it happened (超时事实): it outlives hand-over, reopening and closing.

    `card` is yellow (黄牌: a warning, no breach), red (红牌) or None.
    """

    step: str
    clock: str
    limit: str  # as the pack wrote it: 3 wd
    due: datetime
    owner: str | None  # the token of who had it: a person, else the desk
    grade: str
    rules: str
    version: int
    card: str | None = None
    ended_at: datetime | None = None  # when what the limit waited for happened, or somebody else took over

    def late_by(self, now: datetime) -> timedelta:
        """By how much the limit was missed; until it ends it grows."""
        return (self.ended_at or now) - self.due


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
    co: tuple[str, ...] = ()  # departments that help it (配合), and `town`
    matter: int | None = None  # row of the table of matters (诉求)
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
    rerouting: bool = False  # refused, and not yet passed on or taken
    ruled: bool = False  # refused twice, and the level above has decided whose it is
    graded_at: datetime | None = None  # when an officer changed the grade last
    lowering: Grade | None = None  # asked for, not yet confirmed
    lowering_by: str | None = None
    deadline: date | None = None  # 整改时限: the case's own last day (D2)
    pausing: datetime | None = None  # until when a pause is asked for, not yet granted
    paused: bool = False
    paused_at: datetime | None = None
    paused_until: datetime | None = None  # its end, moved forward when it is ended early
    breaches: tuple[Breach, ...] = ()
    merged_into: str | None = None
    reopened: int = 0
    reports: int = 1
    linked: str | None = None  # the twin: need and accusation of one message
    verified: str | None = None  # 核实结果: 属实, 部分属实 or 不属实
    erase_wished: bool = False  # by its reporter
    erase_by: str | None = None  # the officer who asked for the erasing
    erased_at: datetime | None = None
    seq: int = 1  # number of the last event

    @property
    def open(self) -> bool:
        """Whether anything can still become of it."""
        return not self.stage.ended
