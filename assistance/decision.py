"""What follows from a command or a passed limit, as plain values; `handlers.apply` commits them in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from assistance.case import Case, Event
from assistance.ledger import Entry, Line

NoticeKind = Literal["reply", "notice", "digest"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to deliver, queued once per (case, step, version, audience); persons are resolved when it is sent.

    `phrase` names the pack's sentence and `fields` fill it; the text is made when it is sent, so that it tells the
    case as it stands then. A reply has its `text` already.
    """

    to: str  # a token of the directory: village:…, department:…, person:…
    step: str  # what it is about: accept:0, opened, transferred#7, reply …
    kind: NoticeKind = "notice"
    case: str | None = None
    version: int = 0
    phrase: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None
    buttons: tuple[str, ...] = ()  # of a reply or a question; those of a case follow from its state when it is sent
    minus: frozenset[str] = frozenset()  # persons who are told otherwise
    urgent: bool = False  # passes quiet hours
    sealed: bool = False  # kept under the second key
    not_before: datetime | None = None
    missed: bool = False  # fell due while the engine stood still: told together with whatever else was missed
    watched: bool = False  # E0 and E1: unopened, it goes to the duty roster (docs/rules.md J)


@dataclass(frozen=True, slots=True)
class Report:
    """What was said about a case, as it was said. Held words are shown to nobody below the county (docs/rules.md H)."""

    id: str
    case: str
    by: str  # the person who said it
    said: str  # id of the inbox row that keeps the words
    receipt: str  # the reporter's own 回执号
    at: datetime
    held: bool = False
    barred: frozenset[str] = frozenset()  # tokens that never see held words
    shown_to: frozenset[str] = frozenset()  # desks to whom 定范围 has opened held words
    named: bool = True  # False until 实名 is pressed: no officer is shown who it was
    code: str | None = None  # the second half of a receipt, told once and kept as a digest


@dataclass(frozen=True, slots=True)
class Visit:
    """A household visit (走访) as it was told."""

    id: str
    by: str
    said: str  # id of the inbox row
    at: datetime  # when it was told
    on: date | None  # the day it took place; None where that cannot be settled
    household: str | None  # id of a registered household, else a key made from village and name
    head: str | None  # the name as written
    village: str | None
    findings: str | None = None
    void: bool = False  # taken back by the one who told it
    by_phone: bool = False  # 电话走访
    met: str | None = None  # 见到谁: 本人, 配偶, 子女, 邻居, 未见到
    change: str | None = None  # 有没有变化: 没变化, 有变化, 有问题


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """When a household of the register is to be visited next (走访计划)."""

    household: str
    village: str
    known: date  # since when it stands in the register
    due: date
    last: date | None = None  # the last visit that counted
    town: str | None = None
    county: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A conversation that waits for an answer: which form, about which case or visit, what was asked last."""

    form: str
    about: str | None = None
    asked: str | None = None
    queue: tuple[str, ...] = ()  # questions still to come
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the bot remembers of one person between messages."""

    person: str
    draft: Draft | None = None
    case: str | None = None  # the case last spoken of or acted on
    visit: str | None = None  # the visit last told
    choices: tuple[tuple[str, str], ...] = ()  # numbered choices offered last: (label, value)
    waiting: tuple[Draft, ...] = ()  # drafts that something more urgent interrupted, the latest first
    said: str | None = None  # the message answered just before, where it began something


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that one message or one passed limit changes. Decisions add up with `+`."""

    events: tuple[Event, ...] = ()
    cases: tuple[Case, ...] = ()  # the states that the events lead to
    notices: tuple[Notice, ...] = ()
    reports: tuple[Report, ...] = ()
    facts: tuple[tuple[str, Mapping[str, Any]], ...] = ()  # (case, what was found): household name, amount, people …
    visits: tuple[Visit, ...] = ()
    plans: tuple[VisitPlan, ...] = ()
    lines: tuple[Line, ...] = ()  # of the ledger (台账)
    entries: tuple[Entry, ...] = ()  # the states that the lines lead to
    ledger_words: tuple[tuple[str, Mapping[str, Any]], ...] = ()  # (entry, words); an empty mapping erases them
    memory: tuple[tuple[str, Any], ...] = ()  # what is remembered of the speaker: field of `Conversation` → value
    conversation: Conversation | None = None  # the memory, applied

    def __add__(self, other: Decision) -> Decision:
        """Both, in order; of one case the later state holds."""
        later = {case.id for case in other.cases}
        return Decision(
            events=self.events + other.events,
            cases=tuple(case for case in self.cases if case.id not in later) + other.cases,
            notices=self.notices + other.notices,
            reports=self.reports + other.reports,
            facts=self.facts + other.facts,
            visits=self.visits + other.visits,
            plans=self.plans + other.plans,
            lines=self.lines + other.lines,
            entries=tuple(one for one in self.entries if one.id not in {entry.id for entry in other.entries})
            + other.entries,
            ledger_words=self.ledger_words + other.ledger_words,
            memory=self.memory + other.memory,
            conversation=other.conversation or self.conversation,
        )
