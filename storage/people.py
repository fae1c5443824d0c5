"""Who is who: areas and departments of the pack, persons with their addresses, households.

The whole directory is read once and kept in memory; every change counts up one number in `meta`, and whoever sees
another number reads anew. A change made here is put onto the kept directory when it is committed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistance.directory import Area, Department, Directory, Household, Level, Person, Role, seated
from assistance.ports import Stale
from storage.crypto import Vault
from storage.outbox import SqlOutbox
from storage.rows import insert_new, put
from storage.tables import addresses, areas, departments, devices, households, mailbox, meta, persons


@dataclass(slots=True)
class Roster:
    """The directory as last read and committed, with its number; shared by all units of work of a store."""

    number: int = -1
    directory: Directory = field(default_factory=lambda: Directory({}))


class SqlPeople:
    """The port `People`."""

    def __init__(self, connection: AsyncConnection, vault: Vault, roster: Roster) -> None:
        self._connection, self._vault, self._roster = connection, vault, roster
        self._changed: Roster | None = None  # what this unit of work made of it; shared only once committed

    async def directory(self) -> Directory:
        """Everybody and every place as of now."""
        if self._changed is not None:
            return self._changed.directory
        number = await self._number()
        if self._roster.number != number:
            self._roster.directory = await self._read()
            self._roster.number = number
        return self._roster.directory

    async def set_places(self, places: Iterable[Area], offices: Iterable[Department]) -> None:
        """Make areas and departments those of the pack: changed ones are changed, missing ones leave."""
        places, offices = tuple(places), tuple(offices)
        before = await self.directory()
        if tuple(before.areas.values()) == places and tuple(before.departments.values()) == offices:
            return
        await self._change(areas={area.code: area for area in places}, departments={desk.id: desk for desk in offices})
        await self._connection.execute(delete(areas))
        await self._connection.execute(delete(departments))
        for area in places:
            await self._connection.execute(
                areas.insert().values(
                    code=area.code, name=area.name, level=area.level, parent=area.parent, aliases=list(area.aliases)
                )
            )
        for desk in offices:
            await self._connection.execute(
                departments.insert().values(
                    id=desk.id, name=desk.name, aliases=list(desk.aliases), names=list(desk.names) or None
                )
            )

    async def enroll(self, person: Person, channel: str, address: str) -> None:
        """Add a person with one address, or change the person of that id. An address that was another's moves."""
        await self._put(person, reachable=True)
        known = await self._connection.scalar(
            select(func.count()).select_from(addresses).where(addresses.c.person == person.id)
        )
        index = self._vault.index("address", channel, address)
        found = await self._connection.execute(
            select(addresses.c.id, addresses.c.person).where(
                addresses.c.channel == channel, addresses.c.address == index
            )
        )
        row = found.one_or_none()
        if row is not None and row.person == person.id:
            return
        if row is not None:
            moved = {"person": person.id, "current": not known}
            await self._connection.execute(update(addresses).where(addresses.c.id == row.id).values(moved))
            await self._lost_one(row.person)
            return
        key = uuid.uuid4().hex
        new = await insert_new(
            self._connection,
            addresses,
            id=key,
            person=person.id,
            channel=channel,
            address=index,
            content=self._vault.lock(address, "addresses", "content", key),
            current=not known,
        )
        if not new:
            raise Stale("somebody else enrolled this address")

    async def put(self, person: Person) -> None:
        """Add a person without an address, or change the person of that id."""
        known = (await self.directory()).persons.get(person.id)
        await self._put(person, reachable=known is not None and known.reachable)

    async def _put(self, person: Person, *, reachable: bool) -> None:
        known = (await self.directory()).persons.get(person.id)
        derived = known or person
        person = replace(person, reachable=reachable, stands_in=derived.stands_in, namesakes=derived.namesakes)
        if known == person:
            return
        await self._change(persons={person.id: person})
        await put(
            self._connection,
            persons,
            "id",
            id=person.id,
            role=person.role,
            area=person.area,
            department=person.department,
            title=person.title,
            left_at=person.left,
            away_until=person.away_until,
            deputy=person.deputy,
            content=self._vault.lock_json({"name": person.name}, "persons", "content", person.id),
        )

    async def forget_addresses(self, person: str) -> None:
        """Drop every address of a person: what lies or waits there for them is erased, nobody signs in from there."""
        mine = addresses.c.person == person
        for row in (await self._connection.execute(select(addresses).where(mine))).all():
            phone = self._vault.open(row.content, "addresses", "content", row.id)
            await self._connection.execute(update(devices).where(devices.c.id == phone).values(closed=True))
            await self._connection.execute(update(mailbox).where(mailbox.c.device == phone).values(content=None))
        await self._connection.execute(delete(addresses).where(mine))
        await SqlOutbox(self._connection, self._vault).drop_waiting(person, "no address")
        await self._lost_one(person)

    async def _lost_one(self, person: str) -> None:
        """An address went: whoever has none left cannot be reached."""
        left = await self._connection.scalar(
            select(func.count()).select_from(addresses).where(addresses.c.person == person)
        )
        known = (await self.directory()).persons.get(person)
        if known is not None and known.reachable and not left:
            await self._change(persons={person: replace(known, reachable=False)})

    async def add_household(self, household: Household) -> None:
        """Add a household, or change the one of that id."""
        await self._change(households={household.id: household})
        content = {name: getattr(household, name) for name in ("head", "aliases", "risk", "traits")}
        await put(
            self._connection,
            households,
            "id",
            id=household.id,
            village=household.village,
            kind=household.kind,
            members=household.members,
            helper=household.helper,
            content=self._vault.lock_json(content, "households", "content", household.id),
        )

    async def whose(self, channel: str, address: str) -> Person | None:
        """The person behind a channel's address."""
        found = await self._connection.scalar(
            select(addresses.c.person).where(
                addresses.c.channel == channel, addresses.c.address == self._vault.index("address", channel, address)
            )
        )
        return (await self.directory()).persons[found] if found is not None else None

    def household_key(self, village: str | None, head: str) -> str:
        """A stable opaque key for a household that is not registered."""
        return "h-" + self._vault.index("household", village or "", head)[:24]

    def committed(self) -> None:
        """The unit of work was committed: its directory is everybody's now, unless a later one is already known."""
        if self._changed is not None and self._changed.number > self._roster.number:
            self._roster.number, self._roster.directory = self._changed.number, self._changed.directory

    async def _number(self) -> int:
        found = await self._connection.execute(select(meta.c.number).where(meta.c.name == "roster"))
        return int(found.scalar_one())

    async def _change(
        self,
        areas: Mapping[str, Area] | None = None,
        departments: Mapping[str, Department] | None = None,
        persons: Mapping[str, Person] | None = None,
        households: Mapping[str, Household] | None = None,
    ) -> None:
        """Count up and put a change onto the directory: places whole, persons and households one by one.

        Counting comes first: whoever else changes the roster now waits until this is committed.
        """
        await self._connection.execute(update(meta).where(meta.c.name == "roster").values(number=meta.c.number + 1))
        number = await self._number()
        if self._changed is not None:
            before = self._changed.directory
        else:
            before = self._roster.directory if self._roster.number == number - 1 else await self._read()
        everybody: Mapping[str, Person] = {**before.persons, **(persons or {})}
        if any(person.is_officer for person in (persons or {}).values()):
            everybody = seated(everybody)
        after = Directory(
            areas=before.areas if areas is None else areas,
            departments=before.departments if departments is None else departments,
            persons=everybody,
            households={**before.households, **(households or {})},
        )
        self._changed = Roster(number, after)

    async def _read(self) -> Directory:
        opened, rows = self._vault.open_json, self._connection.execute
        reached = set(await self._connection.scalars(select(addresses.c.person).distinct()))
        found = Directory(
            areas={
                row.code: Area(row.code, row.name, Level(row.level), row.parent, tuple(row.aliases))
                for row in await rows(select(areas).order_by(areas.c.place))
            },
            departments={
                row.id: Department(row.id, row.name, tuple(row.aliases), tuple(map(tuple, row.names or ())))
                for row in await rows(select(departments).order_by(departments.c.place))
            },
            persons=seated(
                {
                    row.id: Person(
                        id=row.id,
                        role=Role(row.role),
                        area=row.area,
                        department=row.department,
                        title=row.title,
                        left=row.left_at,
                        away_until=row.away_until,
                        deputy=row.deputy,
                        reachable=row.id in reached,
                        **opened(row.content, "persons", "content", row.id),
                    )
                    for row in await rows(select(persons).order_by(persons.c.place))
                }
            ),
        )
        return replace(found, households=await self._read_households())

    async def _read_households(self) -> dict[str, Household]:
        found: dict[str, Household] = {}
        for row in await self._connection.execute(select(households).order_by(households.c.place)):
            content = self._vault.open_json(row.content, "households", "content", row.id)
            found[row.id] = Household(
                id=row.id,
                head=content["head"],
                village=row.village,
                kind=row.kind,
                members=row.members,
                helper=row.helper,
                aliases=tuple(content["aliases"]),
                risk=content.get("risk"),
                traits=tuple(content.get("traits", ())),
            )
        return found
