"""Reading a region pack (地区包) and checking it whole at start: a county office edits these files by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime, time
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from assistance.directory import Area, Department, Household, Level, Person, Role
from assistance.policy import PolicyRow
from assistance.routing import Matter, Route, Routing
from assistance.worktime import Calendar, NoWorkingTime
from nlp.gazetteer import Body
from regions.pack import Enrolled, Pack
from regions.rules import read_calendar, read_rulebook
from regions.source import PackError, Source


def read_pack(name: str, today: date) -> Pack:
    """The pack of that name shipped here, or the one in a folder of that path. `today` settles department names."""
    folder = _folder(name)
    about = Source.read(folder, "pack.toml")
    areas = _areas(folder)
    departments, bodies = _departments(Source.read(folder, "departments.toml"), today)
    calendar, known = read_calendar(Source.read(folder, "calendar.toml"), about.need(about.data, "timezone"))
    _check_working_time(calendar, today)
    routing = _routing(Source.read(folder, "topics.toml"), departments)
    matters = _matters(Source.read(folder, "matters.toml"), departments, routing)
    persons, households = _roster(Source.read(folder, "roster.toml"), areas, departments)
    words = Source.read(folder, "words.toml").data
    emergency = Source.read(folder, "emergency.toml")
    return Pack(
        name=about.need(about.data, "name"),
        title=about.need(about.data, "title"),
        areas=areas,
        departments=departments,
        bodies=bodies,
        rulebook=read_rulebook(
            Source.read(folder, "ladder.toml"), calendar, Routing(routing, matters), _earlier_ladders(folder)
        ),
        policies=_policies(Source.read(folder, "policy.toml")),
        phrases=dict(_flat(Source.read(folder, "phrases.toml").data)),
        numbers={emergency.need(row, "key"): emergency.need(row, "number") for row in emergency.data["number"]},
        words={name: tuple(group["words"]) for name, group in words["class"].items()},
        roster=persons,
        households=households,
        calendar_known=known,
    )


def _check_working_time(calendar: Calendar, today: date) -> None:
    """A calendar without working time in the next 60 days would let no limit end."""
    try:
        calendar.forward(datetime.combine(today, time(), calendar.zone))
    except NoWorkingTime as error:
        mend = "look at intervals, off and [[day]]"
        raise PackError("calendar.toml", None, "there is no working time in the next 60 days", mend) from error


def _folder(name: str) -> Traversable:
    shipped = resources.files("regions") / name
    if (shipped / "pack.toml").is_file():
        return shipped
    if (Path(name) / "pack.toml").is_file():
        return Path(name)
    raise PackError(name, None, "there is no such region pack", "name a folder that holds a pack.toml")


def _areas(folder: Traversable) -> Mapping[str, Area]:
    file = "areas.csv"
    areas: dict[str, Area] = {}
    rows = csv.DictReader(io.StringIO((folder / file).read_text("utf-8")))
    for line, row in enumerate(rows, 2):
        aliases = tuple(alias for alias in row["aliases"].split("|") if alias)
        try:
            level = Level(row["level"])
        except ValueError as error:
            raise PackError(file, line, f"“{row['level']}” is no level", "write village, town, county, city") from error
        if row["code"] in areas:
            raise PackError(file, line, f"the code {row['code']} stands twice", "give every area its own code")
        areas[row["code"]] = Area(row["code"], row["name"], level, row["parent"] or None, aliases)
    for line, area in enumerate(areas.values(), 2):
        if area.parent is not None and area.parent not in areas:
            raise PackError(file, line, f"the parent {area.parent} is missing", "add it, or mend the parent's code")
    return areas


def _departments(source: Source, today: date) -> tuple[Mapping[str, Department], tuple[Body, ...]]:
    """Offices by id under the name valid today; bodies are recognised in words, only departments are routed to."""
    departments: dict[str, Department] = {}
    bodies: list[Body] = []
    for row in source.data["department"]:
        names = [name["name"] for name in row["names"] if _valid(name, today)]
        if len(names) != 1:
            raise source.wrong(f'id = "{row["id"]}"', f"{row['id']} has {len(names)} names today", "mend the dates")
        former = tuple(name["name"] for name in row["names"] if name["name"] != names[0])
        aliases = (*row.get("aliases", ()), *former)
        if row["level"] != "discipline":
            dated = tuple((name["name"], name.get("valid_from"), name.get("valid_to")) for name in row["names"])
            departments[row["id"]] = Department(row["id"], names[0], aliases, dated)
        bodies.append(Body(row["id"], names[0], aliases, row["level"]))
    others = source.data.get("body", ())
    bodies += [Body(row["id"], row["name"], tuple(row.get("aliases", ())), row["level"]) for row in others]
    return departments, tuple(bodies)


def _valid(name: Mapping[str, Any], today: date) -> bool:
    return bool(name.get("valid_from", date.min) <= today <= name.get("valid_to", date.max))


def _routing(source: Source, departments: Mapping[str, Department]) -> Mapping[str, Route]:
    routing: dict[str, Route] = {}
    for row in source.data["topic"]:
        route = Route(row["department"], row.get("hardship"), row.get("by_cause", {}), tuple(row.get("co", ())))
        named = {route.department, *route.by_cause.values(), *route.co}
        for unknown in {*named, route.hardship or route.department} - departments.keys() - {"discipline"}:
            raise source.wrong(unknown, f"department “{unknown}” is unknown", "add it to departments.toml")
        routing[row["name"]] = route
    if "其他" not in routing:
        raise source.wrong("[[topic]]", "the topic 其他 has no desk", "add it")
    return routing


def _matters(source: Source, departments: Mapping[str, Department], routing: Mapping[str, Route]) -> tuple[Matter, ...]:
    """The rows of the table of matters, each with a lead that exists."""
    matters = []
    for row in source.data["matter"]:
        for unknown in {row["lead"], *row["co"]} - departments.keys() - {"discipline", "town"}:
            raise source.wrong(unknown, f"department “{unknown}” is unknown", "add it to departments.toml")
        for unknown in set(row["topics"]) - routing.keys():
            raise source.wrong(unknown, f"the topic “{unknown}” is unknown", "use a name of topics.toml")
        matters.append(
            Matter(
                row["row"], row["name"], tuple(row["topics"]), row["lead"], tuple(row["co"]),
                tuple(row["words"]), tuple(row["hints"]),
            )
        )  # fmt: skip
    return tuple(matters)


def _earlier_ladders(folder: Traversable) -> list[Source]:
    """The versions of ladder.toml that were in force before, one file each in the folder `earlier`."""
    before = folder / "earlier"
    names = sorted(file.name for file in before.iterdir() if file.name.endswith(".toml")) if before.is_dir() else []
    return [Source.read(before, name) for name in names]


def _policies(source: Source) -> tuple[PolicyRow, ...]:
    titles = source.need(source.data, "documents")
    for row in source.data["policy"]:
        if row["source"]["file"] not in titles:
            raise source.wrong(row["source"]["file"], "the document has no title", "add it to [documents]")
    return tuple(_policy(row, titles[row["source"]["file"]]) for row in source.data["policy"])


def _policy(row: Mapping[str, Any], title: str) -> PolicyRow:
    return PolicyRow(
        id=row["id"],
        name=row["name"],
        keywords=tuple(row["keywords"]),
        place=row["place"],
        year=f"{row['year']}年",
        conditions=row["conditions"],
        amount=row["amount"],
        source=title,
        min_age=row.get("min_age"),
        max_age=row.get("max_age"),
        needs=tuple(row.get("needs", ())),
        needs_any=tuple(row.get("needs_any", ())),
        note=row.get("note", ""),
    )


def _roster(
    source: Source, areas: Mapping[str, Area], departments: Mapping[str, Department]
) -> tuple[tuple[Enrolled, ...], tuple[Household, ...]]:
    persons: dict[str, Enrolled] = {}
    for row in source.data.get("person", ()):
        area = find_area(areas, row["area"]) if "area" in row else None
        if "area" in row and area is None:
            raise source.wrong(row["area"], f"the area {row['area']} is unknown", "write it as in areas.csv")
        if row.get("department") not in {None, *departments}:
            raise source.wrong(row["department"], "the department is unknown", "use an id of departments.toml")
        person = Person(row["id"], Role(row["role"]), row.get("name"), area, row.get("department"), row.get("title"))
        persons[row["id"]] = Enrolled(person, row["phone"])
    households = []
    for row in source.data.get("household", ()):
        village = find_area(areas, row["village"])
        if village is None or row.get("helper") not in {None, *persons}:
            raise source.wrong(row["head"], "the village or the helper is unknown", "mend it")
        key = f"{village}-{row['head']}"
        households.append(
            Household(
                key, row["head"], village, row["kind"], row.get("members"), row.get("helper"),
                tuple(row.get("aliases", ())), row.get("risk"), tuple(row.get("traits", ())),
            )
        )  # fmt: skip
    return tuple(persons.values()), tuple(households)


def find_area(areas: Mapping[str, Area], words: str) -> str | None:
    """The code of an area written as 峨山镇/石门东村, or as a name that stands only once."""
    *above, name = words.split("/")
    found = [area for area in areas.values() if name == area.name or name in area.aliases]
    if above:
        found = [area for area in found if area.parent and areas[area.parent].name == above[-1]]
    exact = [area for area in found if area.name == name]
    chosen = exact or found
    return chosen[0].code if len(chosen) == 1 else None


def _flat(table: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    """Sentences by dotted key."""
    flat: list[tuple[str, str]] = []
    for key, value in table.items():
        name = f"{before}{key}"
        flat += _flat(value, f"{name}.") if isinstance(value, dict) else [(name, str(value))]
    return flat
