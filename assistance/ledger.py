"""即时帮扶台账: a household whose hardship was verified, from its registration to the end of the watch (退出监测).

An entry is the fold of its lines, as a case is of its events. Every line has the person who signed it; the machine
decides nothing but one thing, which protects the household: a new hardship puts it back (docs/domain.md A 1-7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

# 八种不得退出情形 (001_eccd7285728ad136.txt, 二章四节二(一)); the pack holds the question of each
BLOCKS = ("income", "school", "medical", "housing", "water", "allowance", "spending", "other")


class State(StrEnum):
    """Where an entry stands, in the words of the ledger."""

    HELPED = "帮扶中"
    CHECKED = "退出核查"  # an officer asked for the exit, the eight blocks are being gone through
    READY = "待公示"  # none of the eight
    POSTED = "公示中"
    ANNOUNCED = "公告中"
    STOPPED = "有异议"
    WATCHED = "退出监测"
    LEFT = "监测期满"

    @property
    def posted(self) -> bool:
        """Whether people can object (异议)."""
        return self in (State.POSTED, State.ANNOUNCED)


class Did(StrEnum):
    """The past-tense words of an entry's history."""

    REGISTERED = "registered"  # 登记: 核实属实 or 部分属实
    JOINED = "joined"  # a further verified hardship of the household
    CLASSED = "classed"  # 定类
    MEASURED = "measured"  # 帮扶措施
    EXIT_ASKED = "exit_asked"  # 申请退出
    ANSWERED = "answered"  # one of the eight blocks
    POSTED = "posted"  # 公示
    ANNOUNCED = "announced"  # 公告
    OBJECTED = "objected"  # 异议
    UPHELD = "upheld"  # 异议成立
    OVERRULED = "overruled"  # 异议不成立
    EXITED = "exited"  # 准予退出
    RETURNED = "returned"  # 重新帮扶: a new hardship
    LEFT = "left"  # 监测期满
    ERASED = "erased"  # 删除个人信息


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an entry's history. `data` holds ids, codes and numbers, never words of a person."""

    entry: str
    seq: int
    at: datetime
    what: Did
    by: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """The state of one household on the ledger. The columns are those of docs/domain.md D1, as far as we have them."""

    id: str
    number: str  # 台账编号
    household: str  # id of the register, or the key of one that is not registered
    county: str
    since: datetime  # 登记时间
    found_at: datetime  # 发现时间
    verified_by: str  # 核查人
    result: str  # 核查结果: 属实, 部分属实
    grade: str
    village: str | None = None
    town: str | None = None
    kind: str | None = None  # 户类型
    members: int | None = None
    cause: str | None = None  # 困难类型
    source: str | None = None  # 发现渠道
    lead: str | None = None
    co: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    barred: frozenset[str] = frozenset()  # who never sees it: those of the cases it came from
    risk: str | None = None  # A, B or C
    risk_by: str | None = None
    hint: tuple[str, ...] = ()  # the machine's class and its reasons; told as a hint
    measures: int = 0
    yuan: int = 0  # of all measures
    measured_at: datetime | None = None
    state: State = State.HELPED
    exit_by: str | None = None
    answers: tuple[tuple[str, bool], ...] = ()  # of the eight blocks, with whether it holds
    step_since: datetime | None = None  # when the state was reached
    step_at: datetime | None = None  # when the next step may be signed: 公示, 公告 and 监测 run until then
    stopped: State | None = None  # what an objection stopped
    erased: bool = False
    seq: int = 1

    @property
    def open_blocks(self) -> tuple[str, ...]:
        """The questions of the exit that are not answered yet."""
        return tuple(block for block in BLOCKS if block not in dict(self.answers))

    @property
    def block(self) -> str | None:
        """The first of the eight that holds."""
        return next((block for block, holds in self.answers if holds), None)


def fold(history: Iterable[Line]) -> Entry:
    """The state that a history leads to."""
    lines = sorted(history, key=lambda line: line.seq)
    entry = _registered(lines[0])
    for line in lines[1:]:
        entry = evolve(entry, line)
    return entry


def evolve(entry: Entry | None, line: Line) -> Entry:
    """The entry after one more line."""
    if entry is None:
        return _registered(line)
    return _CHANGES[line.what](replace(entry, seq=line.seq), line)


def _registered(line: Line) -> Entry:
    data = dict(line.data)
    return Entry(
        id=line.entry,
        since=line.at,
        step_since=line.at,
        verified_by=line.by or "",
        found_at=datetime.fromisoformat(data.pop("found_at")),
        cases=tuple(data.pop("cases")),
        barred=frozenset(data.pop("barred", ())),
        co=tuple(data.pop("co", ())),
        hint=tuple(data.pop("hint", ())),
        **data,
    )


def _helped(entry: Entry, line: Line) -> Entry:
    """Back among those who are helped; an exit begins anew from its first question."""
    if entry.state is State.HELPED:
        return entry
    return replace(entry, state=State.HELPED, step_since=line.at, step_at=None, exit_by=None, answers=(), stopped=None)


def _joined(entry: Entry, line: Line) -> Entry:
    case = line.data["case"]
    return _helped(replace(entry, cases=(*(one for one in entry.cases if one != case), case)), line)


def _classed(entry: Entry, line: Line) -> Entry:
    return replace(entry, risk=line.data["risk"], risk_by=line.by)


def _measured(entry: Entry, line: Line) -> Entry:
    yuan = entry.yuan + int(line.data.get("yuan") or 0)
    return replace(entry, measures=entry.measures + 1, yuan=yuan, measured_at=line.at)


def _exit_asked(entry: Entry, line: Line) -> Entry:
    return replace(entry, state=State.CHECKED, step_since=line.at, exit_by=line.by, answers=())


def _answered(entry: Entry, line: Line) -> Entry:
    block, holds = line.data["block"], bool(line.data["holds"])
    entry = replace(entry, answers=(*(one for one in entry.answers if one[0] != block), (block, holds)))
    if holds:
        return replace(entry, state=State.HELPED, step_since=line.at)
    return entry if entry.open_blocks else replace(entry, state=State.READY, step_since=line.at)


def _runs(state: State) -> Callable[[Entry, Line], Entry]:
    def change(entry: Entry, line: Line) -> Entry:
        until = datetime.fromisoformat(line.data["until"])
        return replace(entry, state=state, step_since=line.at, step_at=until, stopped=None)

    return change


def _objected(entry: Entry, line: Line) -> Entry:
    stopped = entry.stopped if entry.state is State.STOPPED else entry.state
    return replace(entry, state=State.STOPPED, step_since=line.at, step_at=None, stopped=stopped)


def _overruled(entry: Entry, line: Line) -> Entry:
    """The days count anew from the ruling: what was stopped was not shown all its days."""
    return _runs(entry.stopped or State.POSTED)(entry, line)


def _left(entry: Entry, line: Line) -> Entry:
    return replace(entry, state=State.LEFT, step_since=line.at, step_at=None)


_CHANGES: Mapping[Did, Callable[[Entry, Line], Entry]] = {
    Did.JOINED: _joined,
    Did.CLASSED: _classed,
    Did.MEASURED: _measured,
    Did.EXIT_ASKED: _exit_asked,
    Did.ANSWERED: _answered,
    Did.POSTED: _runs(State.POSTED),
    Did.ANNOUNCED: _runs(State.ANNOUNCED),
    Did.OBJECTED: _objected,
    Did.UPHELD: _helped,
    Did.OVERRULED: _overruled,
    Did.EXITED: _runs(State.WATCHED),
    Did.RETURNED: _joined,
    Did.LEFT: _left,
    Did.ERASED: lambda entry, _line: replace(entry, erased=True),
}
