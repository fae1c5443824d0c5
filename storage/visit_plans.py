"""The visit plan (走访计划): one row a household, found by place and due day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.decision import VisitPlan
from assistance.directory import Level
from storage.rows import put
from storage.tables import visit_plans


class SqlVisitPlans:
    """The port `VisitPlans`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, household: str) -> VisitPlan | None:
        """The plan of a household."""
        query = select(visit_plans).where(visit_plans.c.household == household)
        row = (await self._connection.execute(query)).one_or_none()
        return _plan(row) if row is not None else None

    async def count(self) -> int:
        """How many households have one."""
        return int(await self._connection.scalar(select(func.count()).select_from(visit_plans)) or 0)

    async def known(self) -> frozenset[str]:
        """The households that have one."""
        return frozenset(await self._connection.scalars(select(visit_plans.c.household)))

    async def due(self, level: Level, area: str, until: date, limit: int) -> tuple[int, Sequence[VisitPlan]]:
        """How many of an area are due up to and with a day, and the first of them, the longest overdue first."""
        there = visit_plans.c.due <= until
        if level is not Level.CITY:  # one county a program
            there &= visit_plans.c[level.value] == area
        count = await self._connection.scalar(select(func.count()).select_from(visit_plans).where(there))
        order = (visit_plans.c.due, visit_plans.c.household)
        rows = await self._connection.execute(select(visit_plans).where(there).order_by(*order).limit(limit))
        return int(count or 0), [_plan(row) for row in rows]

    async def save(self, plan: VisitPlan) -> None:
        """Keep a plan, or change the one of that household."""
        await put(
            self._connection,
            visit_plans,
            "household",
            household=plan.household,
            village=plan.village,
            town=plan.town,
            county=plan.county,
            known=plan.known,
            last=plan.last,
            due=plan.due,
        )


def _plan(row: Any) -> VisitPlan:
    return VisitPlan(row.household, row.village, row.known, row.due, row.last, row.town, row.county)
