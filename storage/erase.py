"""What goes when a case is erased: words, photos, facts, who reported it, letters about it. The history stays whole.

Words that another case still needs (the need and the accusation of one message) stay until that one is erased too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.case import Event
from assistance.decision import Conversation, Report
from assistance.directory import Role
from assistance.ports import Erased, People
from storage.conversations import SqlConversations
from storage.crypto import Vault
from storage.examples import SqlExamples
from storage.followups import SqlFollowups
from storage.mailbox import untied_name
from storage.reports import Reports
from storage.tables import case_facts, inbox, mailbox, media, notices, parcels, reports, visits

_NO_WORDS: Mapping[str, str | None] = {"address": "", "key": "", "text": None, "press": None, "media": None}


class SqlErasing:
    """The port `Erasing`."""

    def __init__(self, connection: AsyncConnection, vault: Vault, people: People) -> None:
        self._connection, self._vault, self._people = connection, vault, people

    async def case(self, case: str, history: Iterable[Event]) -> Erased:
        """Erase everything personal of a case."""
        every = await Reports(self._connection, self._vault).read(select(reports).order_by(reports.c.place))
        own = [report for report in every if report.case == case]
        others = [report for report in every if report.case != case]
        said = _said(own, history) - {report.said for report in others}
        photos = await self._photos(said)
        await self._words(said)
        visited = await self._visits(said)
        await self._connection.execute(delete(case_facts).where(case_facts.c.case == case))
        await self._letters(case)
        await SqlFollowups(self._connection, self._vault).forget(case)
        for report in own:
            await self._report(report)
        reporters = {report.by for report in own if report.by}
        for person in sorted(reporters):
            await self._conversation(person, case)
        gone = [await self._person(one) for one in sorted(reporters - {report.by for report in others})]
        return Erased(words=len(said), photos=photos, reports=len(own), visits=visited, persons=sum(gone))

    async def photos(self, case: str, history: Iterable[Event]) -> int:
        """Erase the photos and voice notes alone; how many there were."""
        return await self._photos(_said(await Reports(self._connection, self._vault).of(case), history))

    async def _photos(self, said: set[str]) -> int:
        return (await self._connection.execute(delete(media).where(media.c.said.in_(said)))).rowcount

    async def _words(self, said: set[str]) -> None:
        for one in sorted(said):
            empty = self._vault.lock_json(dict(_NO_WORDS), "inbox", "content", one, sealed=True)
            nobody = self._vault.index("erased", one, sealed=True)
            blank = {"content": empty, "sender": nobody, "key": nobody, "said_at": None, "answered": True}
            await self._connection.execute(update(inbox).where(inbox.c.id == one).values(**blank))
            await SqlExamples(self._connection, self._vault).forget(one)

    async def _visits(self, said: set[str]) -> int:
        """The visits that were told in these words keep their day and household, not what was found."""
        found = 0
        for row in (await self._connection.execute(select(visits))).all():
            content = self._vault.open_json(row.content, "visits", "content", row.id)
            if content["said"] not in said:
                continue
            blank = content | {"said": "", "head": None, "findings": None}
            locked = self._vault.lock_json(blank, "visits", "content", row.id)
            await self._connection.execute(update(visits).where(visits.c.id == row.id).values(content=locked))
            found += 1
        return found

    async def _letters(self, case: str) -> None:
        """Whatever was told about it, to whom and where; the case is closed, nobody is told anything any more."""
        told = select(notices.c.id).where(notices.c.case == case)
        letters = list(await self._connection.scalars(select(parcels.c.id).where(parcels.c.notice.in_(told))))
        names = [*letters, *(untied_name(self._vault, one) for one in letters)]
        await self._connection.execute(delete(mailbox).where(mailbox.c.parcel.in_(names)))
        await self._connection.execute(delete(parcels).where(parcels.c.notice.in_(told)))
        await self._connection.execute(delete(notices).where(notices.c.case == case))

    async def _report(self, report: Report) -> None:
        row = (await self._connection.execute(select(reports).where(reports.c.id == report.id))).one()
        content = self._vault.open_json(row.content, "reports", "content", row.id) | {"by": "", "said": ""}
        locked = self._vault.lock_json(content, "reports", "content", row.id, sealed=True)
        blank = {"content": locked, "reporter": None, "code": None, "named": False}
        await self._connection.execute(update(reports).where(reports.c.id == report.id).values(**blank))

    async def _conversation(self, person: str, case: str) -> None:
        kept = SqlConversations(self._connection, self._vault)
        now = await kept.of(person)
        drafts = [draft for draft in (now.draft, *now.waiting) if draft]
        if case in (now.case, *(draft.about for draft in drafts)) or any(case in value for _, value in now.choices):
            await kept.save(Conversation(person))

    async def _person(self, person: str) -> bool:
        """A resident of whom nothing else is kept is forgotten: name, place and addresses."""
        known = (await self._people.directory()).persons.get(person)
        if known is None or known.role is not Role.RESIDENT:
            return False
        if await self._connection.scalar(select(visits.c.id).where(visits.c.by == person).limit(1)) is not None:
            return False
        await self._people.forget_addresses(person)
        await self._people.put(replace(known, name=None, area=None, reachable=False))
        return True


def _said(own: Iterable[Report], history: Iterable[Event]) -> set[str]:
    """The messages that belong to a case: its reports, and what was said on it later."""
    later = {str(event.data["said"]) for event in history if event.data.get("said")}
    return {report.said for report in own if report.said} | later
