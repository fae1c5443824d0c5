"""A small invented county and what its people say, for the tests of storage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from assistance.case import Case, Event, What
from assistance.decision import Decision, Notice, Report
from assistance.directory import Area, Department, Household, Level, Person, Role
from assistance.evolve import evolve, fold
from assistance.ports import Work
from assistance.post import Said
from storage.session import SqlStore

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

AREAS = (
    Area("3704", "枣庄市", Level.CITY),
    Area("370404", "峄城区", Level.COUNTY, "3704"),
    Area("t1", "峨山镇", Level.TOWN, "370404", ("峨山",)),
    Area("v1", "后马寨村", Level.VILLAGE, "t1"),
    Area("v2", "前土河村", Level.VILLAGE, "t1"),
)
OFFICES = (Department("civil", "民政局", ("民政",)), Department("water", "水利局"))

LI = Person("li", Role.RESIDENT, "李秀兰", "v1")
WANG = Person("wang", Role.VILLAGE, "王建国", "v1", title="村支书")
ZHAO = Person("zhao", Role.TOWN, "赵伟", "t1")
SUN = Person("sun", Role.COUNTY, "孙丽", "370404")
MIN = Person("min", Role.DEPARTMENT, "闵强", "370404", "civil")
JI = Person("ji", Role.DISCIPLINE, "纪明", "370404")
EVERYBODY = (LI, WANG, ZHAO, SUN, MIN, JI)
HOUSEHOLD = Household("h1", "王桂英", "v1", "监测户", 2, "wang", ("桂英嫂",))

PHONES = {person.id: f"1380000{number:04d}" for number, person in enumerate(EVERYBODY, 1001)}


def said(number: int, text: str | None = "俺家断粮了", by: Person = LI, **more: Any) -> Said:
    """The message of that number."""
    return Said(f"m{number}", "web", PHONES[by.id], f"{PHONES[by.id]}:{number}", NOW, text, **more)


def opened(case: str, **fields: Any) -> Event:
    """The first event of a need in 后马寨村, or of what the fields make of it."""
    data = {
        "receipt": f"R{case}",
        "kind": "hardship",
        "grade": "E2",
        "topic": "低保救助",
        "cause": None,
        "received_at": NOW.isoformat(),
        "rules": "1",
        "county": "370404",
        "village": "v1",
        "town": "t1",
        "level": "village",
        "desk": "village:v1",
        "told": ["village:v1"],
        "seen_by": ["village:v1", "town:t1", "county:370404"],
        "barred": [],
    }
    return Event(case, 1, NOW, What.OPENED, data={**data, **fields})


def opening(case: str, by: Person = LI, words: str = "m1", **fields: Any) -> Decision:
    """A case with its first event, report (code 4711), fact and notice."""
    event = opened(case, **fields)
    state = fold([event])
    report = Report(f"r-{case}", case, by.id, words, f"Q{case}", NOW, code="4711")
    notice = Notice("village:v1", "opened", case=case, version=1, phrase="opened", fields={"name": "王桂英"})
    return Decision((event,), (state,), (notice,), (report,), ((case, {"household": "王桂英"}),))


SEALED: Mapping[str, Any] = {
    "kind": "complaint",
    "grade": "C2",
    "sealed": True,
    "desk": "discipline:370404",
    "told": ["discipline:370404"],
    "seen_by": ["discipline:370404", "county:370404"],
    "barred": ["village:v1", "town:t1", "person:wang"],
}


def moved(case: Case, what: What, by: str | None = "wang", **data: Any) -> Decision:
    """One more event on a case."""
    event = Event(case.id, case.seq + 1, NOW + HOUR, what, by, data=data)
    return Decision((event,), (evolve(case, event),))


async def settle(store: SqlStore) -> None:
    """Everybody enrolled, the household registered."""
    async with store.work() as work:
        await work.people.set_places(AREAS, OFFICES)
        for person in EVERYBODY:
            await work.people.enroll(person, "web", PHONES[person.id])
        await work.people.add_household(HOUSEHOLD)


async def commit(store: SqlStore, decision: Decision, **due: datetime | None) -> None:
    """Save a decision in its own unit of work."""
    async with store.work() as work:
        await work.save(decision, due, NOW)


async def spread(work: Work, *persons: str, now: datetime = NOW) -> None:
    """Resolve every queued notice to these persons."""
    for notice, _ in await work.outbox.queued(now, 100):
        await work.outbox.address(notice, persons)
