"""Is the history whole? Every chain, every case's row and every anchor, made anew and held against what stands there.

It goes through the cases in portions, each in a transaction of its own: the program may run meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.case import Case, Event, What
from assistance.evolve import fold
from storage.anchors import Head, SqlAnchors, digest_of, heads_of
from storage.chain import link
from storage.codec import case_in
from storage.crypto import Vault
from storage.errors import DamagedValue, WrongKey
from storage.ledger import line_of, link_line
from storage.save import projection, sight
from storage.tables import case_sight, cases, events, ledger, ledger_events

_PORTION = 200  # cases in one transaction
_DAMAGED = (DamagedValue, WrongKey, ValueError, KeyError, TypeError, AttributeError)  # whatever a changed row leads to


class Wrong(StrEnum):
    """What `jishiyu verify` finds."""

    ALTERED = "altered"  # a line of the history was changed
    MISSING_EVENT = "missing_event"  # a line is gone
    MISSING_CASE = "missing_case"  # a whole case is gone
    REWRITTEN = "rewritten"  # the history is not the one that was anchored
    ROW = "row"  # the case's row is not what its history leads to
    ANCHOR = "anchor"  # an anchor was changed
    MISSING_ANCHOR = "missing_anchor"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written: of which case (or entry of the ledger), which line, or which anchor."""

    wrong: Wrong
    receipt: str | None = None
    seq: int | None = None
    anchor: int | None = None
    at: datetime | None = None  # of the line or the anchor, as far as known
    fields: tuple[str, ...] = ()  # columns of a row that do not fit


@dataclass
class Checked:
    """What was gone through, and what was found."""

    cases: int = 0
    events: int = 0
    anchors: list[tuple[int, datetime, str]] = field(default_factory=list)  # number, moment, digest
    findings: list[Finding] = field(default_factory=list)


Progress = Callable[[int, int], None]  # cases done, cases in all


class Verifier:
    """One run. `portion` is called with a connection in a transaction until it gives False."""

    def __init__(self, vault: Vault, progress: Progress | None = None) -> None:
        self._vault, self._progress = vault, progress
        self._result = Checked()
        self._known: dict[tuple[str, str], tuple[Head, int]] = {}  # what was anchored last, with the anchor's number
        self._seen: set[tuple[str, str]] = set()
        self._kinds = iter((_Cases(vault), _Ledger(vault)))
        self._kind: _Cases | _Ledger | None = next(self._kinds)
        self._after, self._all = "", 0

    @property
    def result(self) -> Checked:
        """What was found so far."""
        return self._result

    async def portion(self, connection: AsyncConnection) -> bool:
        """Go through the next portion; False when everything has been seen."""
        if self._kind is None:
            await self._read_anchors(connection)
            await self._missing(connection)
            return False
        if not self._after:
            self._all += await connection.scalar(select(func.count()).select_from(self._kind.table)) or 0
        rows = await self._kind.rows(connection, self._after)
        await self._read_anchors(connection)  # after the rows are locked: none of them is anchored anew meanwhile
        if not rows:
            self._kind, self._after = next(self._kinds, None), ""
            return True
        histories = await self._kind.histories(connection, rows)
        for row in rows:
            self._seen.add((self._kind.name, row.id))
            history = histories.get(row.id, [])
            self._result.cases += 1
            self._result.events += len(history)
            self._result.findings += self._of_one(self._kind, row, history)
        self._after = rows[-1].id
        if self._progress:
            self._progress(self._result.cases, self._all)
        return True

    def _of_one(self, kind: _Cases | _Ledger, row: Row[Any], history: Sequence[Row[Any]]) -> list[Finding]:
        """What is wrong with one chain: in its lines, else against the anchor, else in the row."""
        found = list(self._chain(kind, row.receipt, row, history)) or self._against_anchor(kind, row, history)
        if not found and (fields := kind.unlike(row, history)):
            return [Finding(Wrong.ROW, row.receipt, fields=tuple(fields))]
        return found

    def _against_anchor(self, kind: _Cases | _Ledger, row: Row[Any], history: Sequence[Row[Any]]) -> list[Finding]:
        head, number = self._known.get((kind.name, row.id), (None, 0))
        if head is None:
            return [Finding(Wrong.MISSING_ANCHOR, row.receipt)] if row.anchored else []
        there = next((line for line in history if line.seq == head.seq), None)
        if there is None:
            return [Finding(Wrong.MISSING_EVENT, row.receipt, head.seq, number)]
        if there.digest != head.digest:
            return [Finding(Wrong.REWRITTEN, row.receipt, head.seq, number, there.at)]
        return [Finding(Wrong.MISSING_ANCHOR, row.receipt)] if row.anchored > head.seq else []

    def _chain(
        self, kind: _Cases | _Ledger, receipt: str, row: Row[Any], history: Sequence[Row[Any]]
    ) -> Iterator[Finding]:
        """Each line by itself after the one before it, so that one that was changed does not hide the rest."""
        previous: str | None = None
        expected = 1
        for line in history:
            for gone in range(expected, line.seq):
                yield Finding(Wrong.MISSING_EVENT, receipt, gone)
            if line.seq == expected and kind.digest(previous, line) != line.digest:
                yield Finding(Wrong.ALTERED, receipt, line.seq, at=line.at)
            previous, expected = line.digest, line.seq + 1
        for gone in range(expected, row.seq + 1):
            yield Finding(Wrong.MISSING_EVENT, receipt, gone)
        if expected == row.seq + 1 and previous != row.head:
            yield Finding(Wrong.ROW, receipt, fields=("head",))
        elif expected > row.seq + 1:
            yield Finding(Wrong.ROW, receipt, fields=("seq",))

    async def _read_anchors(self, connection: AsyncConnection) -> None:
        """Anchors made since the last look: the chain of anchors, and how far each case had come."""
        last = self._result.anchors[-1] if self._result.anchors else (0, None, "")
        number, previous = last[0], last[2]
        counts = self._counts if self._result.anchors else (0, 0)
        for anchor, content in await SqlAnchors(connection, self._vault).after(number):
            for gone in range(number + 1, anchor.number):
                self._result.findings.append(Finding(Wrong.MISSING_ANCHOR, anchor=gone))
            try:
                heads = heads_of(self._vault, anchor.number, content)
            except _DAMAGED:
                heads = []
            proper = digest_of(self._vault, previous, anchor.number, anchor.at, anchor.cases, anchor.events, heads)
            if anchor.number == number + 1 and (proper != anchor.digest or not self._adds_up(counts, anchor, heads)):
                self._result.findings.append(Finding(Wrong.ANCHOR, anchor=anchor.number, at=anchor.at))
            for head in heads:
                self._known[head.kind, head.id] = head, anchor.number
            self._result.anchors.append((anchor.number, anchor.at, anchor.digest))
            number, previous = anchor.number, anchor.digest
            counts = self._counts = anchor.cases, anchor.events

    _counts: tuple[int, int] = (0, 0)

    def _adds_up(self, before: tuple[int, int], anchor: Any, heads: Sequence[Head]) -> bool:
        """Whether the numbers of an anchor follow from the one before and the heads that moved."""
        known = [self._known.get((head.kind, head.id), (None, 0))[0] for head in heads]
        new = sum(one is None for one in known)
        more = sum(head.seq - (one.seq if one else 0) for head, one in zip(heads, known, strict=True))
        return (anchor.cases, anchor.events) == (before[0] + new, before[1] + more)

    async def _missing(self, connection: AsyncConnection) -> None:
        """Whatever was anchored once and is there no more; the last anchor that knew it tells until when it was."""
        moments = {number: at for number, at, _ in self._result.anchors}
        for (kind, key), (head, number) in self._known.items():
            if (kind, key) in self._seen:
                continue
            table = cases if kind == "case" else ledger
            if await connection.scalar(select(table.c.id).where(table.c.id == key)) is None:
                self._result.findings.append(
                    Finding(Wrong.MISSING_CASE, head.receipt, head.seq, number, moments.get(number))
                )


class _Cases:
    """The histories of cases."""

    name, table = "case", cases

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def rows(self, connection: AsyncConnection, after: str) -> Sequence[Row[Any]]:
        query = select(cases).where(cases.c.id > after).order_by(cases.c.id).limit(_PORTION)
        found = (await connection.execute(query.with_for_update(read=True))).all()
        sights = select(case_sight).where(case_sight.c.case.in_([row.id for row in found]))
        self._sights: dict[str, set[tuple[str, bool]]] = {}
        for row in await connection.execute(sights):
            self._sights.setdefault(row.case, set()).add((row.token, row.barred))
        return found

    async def histories(self, connection: AsyncConnection, rows: Sequence[Row[Any]]) -> dict[str, list[Row[Any]]]:
        return await _grouped(connection, events, "case", rows)

    def digest(self, previous: str | None, line: Row[Any]) -> str | None:
        try:
            return link(self._vault, previous, self._event(line))
        except _DAMAGED:
            return None

    def unlike(self, row: Row[Any], history: Sequence[Row[Any]]) -> list[str]:
        """The columns in which a case's row is not the fold of its events."""
        if not history:
            return ["seq"]
        try:
            proper = fold([self._event(line) for line in history])
            kept = self._case(row)
        except _DAMAGED:
            return ["state"]
        wrong = [name for name, value in projection(proper).items() if getattr(row, name) != value]
        wrong += ["state"] if kept != proper else []
        return wrong + (["sight"] if self._sights.get(row.id, set()) != sight(proper) else [])

    def _case(self, row: Row[Any]) -> Case:
        locked = row.content is not None
        return case_in(self._vault.open_json(row.content, "cases", "content", row.id) if locked else row.state)

    def _event(self, line: Row[Any]) -> Event:
        hidden = {"by": line.by, "to": line.to, "data": line.data}
        if line.content is not None:
            hidden = self._vault.open_json(line.content, "events", "content", f"{line.case}#{line.seq}")
        return Event(case=line.case, seq=line.seq, at=line.at, what=What(line.what), **hidden)


class _Ledger:
    """The histories of the ledger's entries."""

    name, table = "ledger", ledger

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def rows(self, connection: AsyncConnection, after: str) -> Sequence[Row[Any]]:
        columns = (*ledger.c, ledger.c.number.label("receipt"))
        query = select(*columns).where(ledger.c.id > after).order_by(ledger.c.id).limit(_PORTION)
        return (await connection.execute(query.with_for_update(read=True))).all()

    async def histories(self, connection: AsyncConnection, rows: Sequence[Row[Any]]) -> dict[str, list[Row[Any]]]:
        return await _grouped(connection, ledger_events, "entry", rows)

    def digest(self, previous: str | None, line: Row[Any]) -> str | None:
        try:
            return link_line(self._vault, previous, line_of(self._vault, line))
        except _DAMAGED:
            return None

    def unlike(self, row: Row[Any], history: Sequence[Row[Any]]) -> list[str]:
        return [] if history and row.seq == history[-1].seq else ["seq"]


async def _grouped(
    connection: AsyncConnection, table: Table, key: str, rows: Sequence[Row[Any]]
) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    query = select(table).where(table.c[key].in_([row.id for row in rows])).order_by(table.c[key], table.c.seq)
    for line in await connection.execute(query):
        found.setdefault(getattr(line, key), []).append(line)
    return found
