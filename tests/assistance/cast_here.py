"""A small named cast on the real pack of 峄城区, and a play in which time can be wound forward."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from assistance.case import Case, Event, Grade, Kind
from assistance.climb import fall_due
from assistance.decision import Decision, Notice
from assistance.directory import Directory, Household, Person, Role
from assistance.evolve import evolve, fold
from assistance.grade import Ruling
from assistance.ladder import due_time
from assistance.open import Opening, open_case
from assistance.sight import may_see
from assistance.work import Refused
from assistance.worktime import SHANGHAI
from regions.read import find_area, read_pack

PACK = read_pack("yicheng", date(2026, 11, 20))
RULES = PACK.rulebook
CALENDAR = RULES.calendar


def area(words: str) -> str:
    """The code of an area of the pack."""
    code = find_area(PACK.areas, words)
    assert code is not None, words
    return code


VILLAGE, TOWN, COUNTY, CITY = area("峨山镇/石门东村"), area("峨山镇"), area("峄城区"), area("枣庄市")
FAR_VILLAGE, FAR_TOWN = area("榴园镇/贾泉村"), area("榴园镇")
V, T, C, S = f"village:{VILLAGE}", f"town:{TOWN}", f"county:{COUNTY}", f"city:{CITY}"
J, WATER, CIVIL = f"discipline:{COUNTY}", "department:water", "department:civil_affairs"
FAR_V, FAR_T = f"village:{FAR_VILLAGE}", f"town:{FAR_TOWN}"

CAST = {
    person.id: person
    for person in (
        Person("zhou", Role.VILLAGE, "周敏", VILLAGE, title="网格员"),
        Person("wang", Role.VILLAGE, "王建国", VILLAGE, title="村支书"),
        Person("qi", Role.VILLAGE, "祁红", FAR_VILLAGE, title="第一书记"),
        Person("zhao", Role.TOWN, "赵伟", TOWN),
        Person("liu", Role.TOWN, "刘芳", FAR_TOWN),
        Person("sun", Role.COUNTY, "孙丽", COUNTY),
        Person("min", Role.DEPARTMENT, "闵强", COUNTY, "civil_affairs"),
        Person("shui", Role.DEPARTMENT, "水清", COUNTY, "water"),
        Person("ji", Role.DISCIPLINE, "纪明", COUNTY),
        Person("shi", Role.CITY, "石岩", CITY),
        Person("li", Role.RESIDENT, "李秀兰", VILLAGE),
    )
}
HOME = Household("h-li", "李秀兰", VILLAGE, "脱贫户", 2, "zhou")
DIRECTORY = Directory(PACK.areas, PACK.departments, CAST, {HOME.id: HOME})
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def at(words: str) -> datetime:
    """`2026-11-19 10:00` on the wall clock of the county."""
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


def without(*gone: str, directory: Directory = DIRECTORY) -> Directory:
    """The same county with some of them not enrolled."""
    return replace(directory, persons={name: one for name, one in directory.persons.items() if name not in gone})


def joined_by(*new: Person) -> Directory:
    """The same county with some more enrolled."""
    return replace(DIRECTORY, persons={**CAST, **{one.id: one for one in new}})


KINDS = {
    Grade.E0: Kind.HARDSHIP,
    Grade.E1: Kind.HARDSHIP,
    Grade.E2: Kind.HARDSHIP,
    Grade.E3: Kind.HARDSHIP,
    Grade.E4: Kind.LEAD,
    Grade.E5: Kind.PROBLEM,
    Grade.E6: Kind.PROBLEM,
    Grade.C1: Kind.COMPLAINT,
    Grade.C2: Kind.COMPLAINT,
    Grade.C3: Kind.PROBLEM,
    Grade.C4: Kind.PROBLEM,
    Grade.D2: Kind.PROBLEM,
}


def ruling(grade: Grade | str, **more: Any) -> Ruling:
    """The ruling that such a case usually comes from."""
    grade = Grade(grade)
    kind = more.pop("kind", KINDS[grade])
    return Ruling(kind, grade, **{"sealed": kind is Kind.COMPLAINT, **more})


def opening(when: datetime, directory: Directory = DIRECTORY, **more: Any) -> Opening:
    """What is known of a message from 石门东村."""
    facts = {"id": "one", "receipt": "30000001", "topic": "低保救助", "village": VILLAGE, **more}
    return Opening(received_at=when, **facts)


def open_(grade: Grade | str, when: datetime, directory: Directory = DIRECTORY, **more: Any) -> Decision:
    """A case opened at a moment; words of the ruling and of the opening go by name."""
    words = {name: more.pop(name) for name in ("kind", "sealed", "sorting", "past_village") if name in more}
    return open_case(ruling(grade, **words), opening(when, **more), directory, RULES, when)


def readers(notice: Notice, case: Case, directory: Directory) -> list[str]:
    """Who reads a notice when it is sent: the persons behind its audience who may see the case."""
    if notice.to.startswith("reporters:"):
        return ["reporters"]
    found = (one for one in directory.at(notice.to) if one.id not in notice.minus)
    return [one.id for one in found if may_see(one, case)]


def heard(decision: Decision, directory: Directory = DIRECTORY) -> list[tuple[str, str]]:
    """(person, phrase) of everything that a decision tells, in order."""
    case = decision.cases[0] if decision.cases else None
    return [
        (who, notice.phrase or "") for notice in decision.notices if case for who in readers(notice, case, directory)
    ]


@dataclass
class Play:
    """One case on the stage: commands and sweeps go through here, so that history, state and notices are kept."""

    directory: Directory = DIRECTORY
    case: Case = field(init=False)
    history: list[Event] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def open(self, grade: Grade | str, when: datetime, **more: Any) -> Play:
        """Open a case."""
        self.take(open_(grade, when, self.directory, **more))
        return self

    def take(self, outcome: Decision | Refused) -> list[tuple[str, str]]:
        """Commit a decision; what it tells, as (person, phrase)."""
        assert isinstance(outcome, Decision), outcome
        if not outcome.events:
            return []
        self.history += outcome.events
        self.notices += outcome.notices
        self.case = outcome.cases[0]
        assert fold(self.history) == self.case
        return heard(outcome, self.directory)

    @property
    def due(self) -> datetime | None:
        """When something happens by itself next."""
        return due_time(self.case, RULES)

    def sweep(self, now: datetime) -> list[tuple[str, str]]:
        """What the engine does now."""
        return self.take(fall_due(self.case, RULES, self.directory, now))

    def wind(self, until: datetime) -> list[tuple[datetime, list[tuple[str, str]]]]:
        """Sweep at every due time up to a moment: when, and who is told what."""
        found = []
        while self.due is not None and self.due <= until:
            now = self.due
            found.append((now, self.sweep(now)))
        return found


def replayed(events: Iterable[Event]) -> Case:
    """The state that evolve gives, event by event."""
    case: Case | None = None
    for event in events:
        case = evolve(case, event)
    assert case is not None
    return case
