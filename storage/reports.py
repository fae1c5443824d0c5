"""What was said about a case: who said it is always under the second key, the code is kept as a keyed digest.

A report of a confidential case carries no look-up digest of the reporter either: nobody may ask "what did this person
report" about those, so nothing in the row ties it to a person.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.decision import Report
from assistance.ports import CaseWords
from storage.crypto import Vault
from storage.inbox import words_of
from storage.rows import insert_new, put
from storage.tables import case_facts, reports

_SECRET = ("by", "said", "barred", "shown_to")


class Reports:
    """Reports and facts by case. It opens no door: `storage.cases` asks it after the gate."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    async def add(self, report: Report, *, confidential: bool) -> bool:
        """Keep a report; False when its id or receipt is taken."""
        content = {name: getattr(report, name) for name in _SECRET}
        return await insert_new(
            self._connection,
            reports,
            id=report.id,
            case=report.case,
            receipt=report.receipt,
            code=self._digest(report.id, report.code) if report.code is not None else None,
            reporter=None if confidential else self.reporter(report.by),
            content=self._vault.lock_json(content, "reports", "content", report.id, sealed=True),
            at=report.at,
            held=report.held,
            named=report.named,
        )

    async def put(self, report: Report, *, confidential: bool) -> bool:
        """Keep a new report, or change what may change of a kept one (`held`, `named`, `shown_to`, and the case after
        并案); False when its receipt is taken by another."""
        content = {name: getattr(report, name) for name in _SECRET}
        known = await self._connection.execute(
            update(reports)
            .where(reports.c.id == report.id)
            .values(
                case=report.case,
                held=report.held,
                named=report.named,
                content=self._vault.lock_json(content, "reports", "content", report.id, sealed=True),
            )
        )
        return known.rowcount == 1 or await self.add(report, confidential=confidential)

    async def of(self, case: str) -> list[Report]:
        """The reports of a case, first one first."""
        return await self.read(select(reports).where(reports.c.case == case).order_by(reports.c.place))

    async def by_receipt(self, receipt: str) -> tuple[Report, str | None] | None:
        """The report of a receipt, with the digest of its code."""
        row = (await self._connection.execute(select(reports).where(reports.c.receipt == receipt))).one_or_none()
        return (self._report(row), row.code) if row is not None else None

    async def read(self, query: Select[Any]) -> list[Report]:
        """The reports of any query on the table."""
        return [self._report(row) for row in await self._connection.execute(query)]

    def reporter(self, person: str) -> str:
        """The look-up digest of a reporter."""
        return self._vault.index("reports.by", person, sealed=True)

    def right_code(self, report: Report, digest: str | None, code: str) -> bool:
        """Whether this is the code that was told with the receipt; takes the same time either way."""
        return hmac.compare_digest(self._digest(report.id, code), digest or "")

    async def words(self, case: str, shown: Iterable[Report]) -> CaseWords:
        """The facts of a case and these reports with their words."""
        shown = tuple(shown)
        words = await words_of(self._connection, self._vault, [report.said for report in shown])
        return CaseWords(await self.facts(case), tuple((report, words.get(report.said, "")) for report in shown))

    async def facts(self, case: str) -> dict[str, Any]:
        """What was found in the words so far."""
        content = await self._connection.scalar(select(case_facts.c.content).where(case_facts.c.case == case))
        return dict(self._vault.open_json(content, "case_facts", "content", case)) if content is not None else {}

    async def add_facts(self, case: str, found: dict[str, Any], *, sealed: bool) -> None:
        """Put more facts onto those known; of one name the later one holds."""
        kept = await self.facts(case) | found
        content = self._vault.lock_json(kept, "case_facts", "content", case, sealed=sealed)
        await put(self._connection, case_facts, "case", case=case, content=content)

    def _digest(self, report: str, code: str) -> str:
        return self._vault.index("reports.code", report, code, sealed=True)

    def _report(self, row: Row[Any]) -> Report:
        content = self._vault.open_json(row.content, "reports", "content", row.id)
        return Report(
            id=row.id, case=row.case, receipt=row.receipt, at=row.at, held=row.held, named=row.named, **content
        )
