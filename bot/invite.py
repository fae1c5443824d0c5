"""`jishiyu invite`: the operator brings somebody in, above all the first officer of a county."""

from __future__ import annotations

from assistance.directory import Level, Person, Role
from bot.build import Program, build
from bot.settings import Settings, SettingsError
from handlers.kit import new_id
from regions.pack import Pack
from regions.read import find_area


async def invite(
    settings: Settings, role: str, name: str, area: str | None, department: str | None, title: str | None
) -> str:
    """Enrol somebody and make a new invitation; what to hand over, in Chinese. Somebody of that name at that desk is
    invited anew. Raises `SettingsError` for a seat that the pack does not know."""
    async with build(settings, lambda _store: ()) as program:
        return await _bring_in(program, seat(program.pack, role, name, area, department, title))


def seat(pack: Pack, role: str, name: str, area: str | None, department: str | None, title: str | None) -> Person:
    """The person as the options describe them."""
    known = [one for one in Role if one is not Role.RESIDENT]
    if role not in known:
        raise SettingsError(f"--role {role}: write one of {', '.join(known)}")
    wanted = Role(role)
    level = Level(wanted.value) if wanted.value in list(Level) else Level.COUNTY
    found = find_area(pack.areas, area) if area else _only(pack, level)
    if found is None or pack.areas[found].level is not level:
        raise SettingsError(f"--area {area}: no such {level.value} in the region pack; write it as 镇/村")
    office = next((one.id for one in pack.departments.values() if department in (one.name, *one.aliases)), None)
    if (wanted is Role.DEPARTMENT) != (office is not None):
        raise SettingsError(f"--department {department}: name an office of the region pack, for a department only")
    return Person(new_id(), wanted, name, found, office, title)


def _only(pack: Pack, level: Level) -> str | None:
    """The area of a level that stands only once in the pack: the county, the city."""
    found = [area.code for area in pack.areas.values() if area.level is level]
    return found[0] if len(found) == 1 else None


async def _bring_in(program: Program, person: Person) -> str:
    office = program.office
    async with program.store.work() as work:
        directory = await work.people.directory()
        same = next((one for one in directory.at(person.desk or "") if one.name == person.name), person)
        await work.people.put(same)
        made = await work.invites.make(same.id, None, office.clock())
    link = office.kit.link(made.token)
    office.log("invited", person=same.id, role=same.role.value)
    return office.kit.phrases(
        "invite.made",
        name=same.name,
        place=program.pack.areas[same.area or ""].name,
        title=same.title or "",
        link=office.kit.phrases("invite.link", link=link) if link else "",
        code=made.code,
    )
