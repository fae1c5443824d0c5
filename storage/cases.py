"""The only doors to the cases: `seen_by` for a viewer, `for_engine`, and the two of the person who reported.

`visible_to` is the SQL twin of `assistance.sight.may_see`; a property test holds the two equal, another test finds
whoever else selects from the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.case import Case, Event, Kind, Stage, What
from assistance.decision import Report
from assistance.directory import Person
from assistance.ports import CaseFilter, CaseWords
from assistance.sight import bars, may_read_held, stand_ins, tokens
from storage.codec import case_in
from storage.crypto import Vault
from storage.reports import Reports
from storage.tables import case_sight, cases, events, reports


def visible_to(viewer: Person) -> ColumnElement[bool]:
    """Which cases exist for this viewer: one of their tokens may see it, none is barred; of those that are not sealed
    also what an officer sees for whom they stand in."""

    def has(wanted: frozenset[str], *, barred: bool) -> ColumnElement[bool]:
        return (
            select(case_sight.c.token)
            .where(case_sight.c.case == cases.c.id, case_sight.c.barred == (true() if barred else false()))
            .where(case_sight.c.token.in_(wanted))
            .exists()
        )

    seen = has(tokens(viewer), barred=False)
    if viewer.stands_in:
        absent = (has(one, barred=False) & ~has(one, barred=True) for one in stand_ins(viewer))
        seen |= (cases.c.sealed == false()) & (cases.c.kind != Kind.COMPLAINT) & or_(*absent)
    return seen & ~has(bars(viewer), barred=True)


class _Reader:
    """Rows to cases."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault
        self._reports = Reports(connection, vault)

    async def _read(self, query: Select[Any]) -> list[Case]:
        return [self._case(row) for row in await self._connection.execute(query)]

    async def _first(self, query: Select[Any]) -> Case | None:
        return next(iter(await self._read(query)), None)

    def _case(self, row: Row[Any]) -> Case:
        if row.content is None:
            return case_in(row.state)
        return case_in(self._vault.open_json(row.content, "cases", "content", row.id))


class SqlCases(_Reader):
    """The port `Cases`."""

    def seen_by(self, viewer: Person) -> SeenBy:
        """The cases this viewer may see."""
        return SeenBy(self._connection, self._vault, viewer)

    def for_engine(self) -> EveryCase:
        """All cases; for the engine alone."""
        return EveryCase(self._connection, self._vault)

    async def told_by(self, person: str) -> list[tuple[Case, Report]]:
        """What this person reported, newest first, without complaints and sealed cases."""
        mine = reports.c.reporter == self._reports.reporter(person)
        told = await self._reports.read(
            select(reports).where(mine).order_by(reports.c.at.desc(), reports.c.place.desc())
        )
        found = await self._read(
            select(cases).where(cases.c.id.in_(select(reports.c.case).where(mine)), _own_phone_will_do())
        )
        by_id = {case.id: case for case in found}
        return [(by_id[report.case], report) for report in told if report.case in by_id]

    async def by_receipt(self, receipt: str, code: str | None, person: str) -> tuple[Case, Report] | None:
        """The reporter's own view: by receipt and code from any phone; by the receipt alone from the person who
        reported, and never of a complaint or a sealed case. A wrong code opens nothing."""
        found = await self._reports.by_receipt(receipt)
        if found is None:
            return None
        report, digest = found
        query = select(cases).where(cases.c.id == report.case)
        if code is None:
            case = await self._first(query.where(_own_phone_will_do()))
            return (case, report) if case is not None and report.by == person else None
        case = await self._first(query)
        return (case, report) if case is not None and self._reports.right_code(report, digest, code) else None

    async def reporters(self, case: str) -> Sequence[Report]:
        """Who reported a case, each further reporter of a folded case too, first one first."""
        return await self._reports.of(case)


class SeenBy(_Reader):
    """The port `SeenCases`: everything a person is shown comes through here."""

    def __init__(self, connection: AsyncConnection, vault: Vault, viewer: Person) -> None:
        super().__init__(connection, vault)
        self._viewer = viewer
        self._mine = select(cases).where(visible_to(viewer))

    async def one(self, case: str) -> Case | None:
        """The case, locked for change, or None where it does not exist for this viewer."""
        return await self._first(self._mine.where(cases.c.id == case).with_for_update(of=cases))

    async def by_receipt(self, receipt: str) -> Case | None:
        """The case of which this is a receipt, the first reporter's or a later one's."""
        other = select(reports.c.case).where(reports.c.receipt == receipt)
        found = self._mine.where(or_(cases.c.receipt == receipt, cases.c.id.in_(other)))
        # after 并案 the receipt means the case that goes on, where its report lies now
        return await self._first(found.order_by(cases.c.stage == Stage.MERGED))

    async def list(self, which: CaseFilter) -> list[Case]:
        """Matching cases, the earliest due first, those without a due time last."""
        query = self._mine
        if which.open is not None:
            query = query.where(cases.c.open == (true() if which.open else false()))
        for column, wanted in (("village", which.village), ("town", which.town), ("handler", which.handler)):
            if wanted is not None:
                query = query.where(cases.c[column] == wanted)
        if which.grades is not None:
            query = query.where(cases.c.grade.in_(which.grades))
        if which.stages is not None:
            query = query.where(cases.c.stage.in_(which.stages))
        if which.closed_since is not None:
            query = query.where(cases.c.closed_at >= which.closed_since)
        if which.closed_before is not None:
            query = query.where(cases.c.closed_at < which.closed_before)
        if which.breached_since is not None:
            query = query.where(cases.c.breached_at >= which.breached_since)
        if which.opened_since is not None:
            query = query.where(cases.c.opened_at >= which.opened_since)
        if which.due_before is not None:
            query = query.where(cases.c.due_at < which.due_before)
        if which.overdue is not None:
            query = query.where(cases.c.late == (true() if which.overdue else false()))
        order = (cases.c.due_at.is_(None), cases.c.due_at, cases.c.opened_at, cases.c.id)
        return await self._read(query.order_by(*order).limit(which.limit))

    async def words(self, case: Case) -> CaseWords:
        """Facts and reports; held words only for those who may see them. Nothing where the case does not exist.

        Where `named` is False the caller shows nobody who it was.
        """
        seen = await self._first(self._mine.where(cases.c.id == case.id))
        if seen is None:
            return CaseWords()
        told = await self._reports.of(seen.id)
        shown = [
            report
            for report in told
            if not report.held or may_read_held(self._viewer, seen, report.barred, report.shown_to)
        ]
        return await self._reports.words(seen.id, shown)


class EveryCase(_Reader):
    """The port `EngineCases`."""

    async def one(self, case: str) -> Case | None:
        """The case, locked for change."""
        return await self._first(select(cases).where(cases.c.id == case).with_for_update())

    async def look(self, case: str) -> Case | None:
        """The case as it stands, not locked."""
        return await self._first(select(cases).where(cases.c.id == case))

    async def some(self, wanted: Sequence[str]) -> list[Case]:
        """These cases, by their ids, locked for change."""
        return await self._read(select(cases).where(cases.c.id.in_(wanted)).order_by(cases.c.id).with_for_update())

    async def due(self, now: datetime, limit: int, besides: frozenset[str] = frozenset()) -> list[str]:
        """Ids of open cases whose due time has come, the earliest first; those another worker has now are skipped."""
        found = await self._connection.scalars(
            select(cases.c.id)
            .where(cases.c.open == true(), cases.c.due_at <= now, cases.c.id.not_in(besides) if besides else true())
            .order_by(cases.c.due_at, cases.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return list(found)

    async def handled_by(self, person: str) -> list[Case]:
        """Open cases that somebody handles, oldest first, locked for change."""
        mine = (cases.c.handler == person) & (cases.c.open == true())
        return await self._read(select(cases).where(mine).order_by(cases.c.opened_at, cases.c.id).with_for_update())

    async def owned_by(self, desk: str) -> list[Case]:
        """Open cases that a desk owns, oldest first, locked for change."""
        sees = select(case_sight.c.case).where(case_sight.c.token == desk, case_sight.c.barred == false())
        query = select(cases).where(cases.c.id.in_(sees), cases.c.open == true())
        found = await self._read(query.order_by(cases.c.opened_at, cases.c.id).with_for_update())
        return [case for case in found if case.desk == desk]

    async def next_due(self) -> datetime | None:
        """The earliest due time of all open cases."""
        found: datetime | None = await self._connection.scalar(
            select(func.min(cases.c.due_at)).where(cases.c.open == true())
        )
        return found

    async def without_future(self, now: datetime) -> list[str]:  # noqa: ARG002 - the port's word; SQL needs it not
        """Open cases without a due time."""
        query = select(cases.c.id).where(cases.c.open == true(), cases.c.due_at.is_(None))
        return list(await self._connection.scalars(query.order_by(cases.c.opened_at, cases.c.id)))

    async def history(self, case: str) -> list[Event]:
        """The events of a case in order."""
        rows = await self._connection.execute(select(events).where(events.c.case == case).order_by(events.c.seq))
        return [self._event(row) for row in rows]

    async def all(self) -> list[Case]:
        """Every case, oldest first."""
        return await self._read(select(cases).order_by(cases.c.opened_at, cases.c.id))

    async def words(self, case: Case) -> CaseWords:
        """Facts and reports of a case, held ones too."""
        return await self._reports.words(case.id, await self._reports.of(case.id))

    async def foldable(self, village: str, topic: str, since: datetime) -> list[Case]:
        """Open unsealed problems of this village and topic, newest first."""
        return await self._open_since(
            since, cases.c.kind == Kind.PROBLEM, cases.c.village == village, cases.c.topic == topic
        )

    async def of_household(self, household: str, since: datetime) -> list[Case]:
        """Open unsealed needs of this household, newest first."""
        return await self._open_since(since, cases.c.kind != Kind.COMPLAINT, cases.c.household == household)

    async def _open_since(self, since: datetime, *wanted: ColumnElement[bool]) -> list[Case]:
        return await self._read(
            select(cases)
            .where(cases.c.open == true(), cases.c.sealed == false(), cases.c.opened_at >= since, *wanted)
            .order_by(cases.c.opened_at.desc(), cases.c.id)
        )

    def _event(self, row: Row[Any]) -> Event:
        hidden = {"by": row.by, "to": row.to, "data": row.data}
        if row.content is not None:
            hidden = self._vault.open_json(row.content, "events", "content", f"{row.case}#{row.seq}")
        return Event(case=row.case, seq=row.seq, at=row.at, what=What(row.what), **hidden)


def _own_phone_will_do() -> ColumnElement[bool]:
    """Cases that a reporter may be shown without a code."""
    return (cases.c.kind != Kind.COMPLAINT) & (cases.c.sealed == false())
