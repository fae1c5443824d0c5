"""A year of the queue: 300 officers and 20,000 cases through the rules, over 2026 with its holidays and make-up days;
every due time on the way is counted anew from the events (`benchmarks.recount`)."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from assistance.case import Case, Event, Grade, What
from assistance.climb import fall_due
from assistance.directory import Directory, Level, Person, Role
from assistance.evolve import evolve
from assistance.ladder import due_time
from benchmarks.recount import Recount
from regions.read import read_pack

_BEGIN = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)  # midnight of New Year in Shanghai
_END = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
_MINUTES = 365 * 24 * 60
_OPENS = {Grade.C1: "county", Grade.C2: "discipline", Grade.C3: "county", Grade.C4: "county", Grade.D2: "town"}
_DAY = 24 * 60  # minutes

Deed = tuple[datetime, What]


@dataclass
class Year:
    """What a run counted."""

    cases: int
    officers: int
    events: int = 0
    due_times: int = 0  # held against the recount
    wrong: int = 0
    first_wrong: str = ""
    rules: float = 0.0  # seconds spent in the rules
    recount: float = 0.0  # and in the recount


class _Desk:
    """The county: its officers, and cases that come in anywhere."""

    def __init__(self, officers: int, chance: random.Random) -> None:
        pack = read_pack("yicheng", date(2026, 12, 31))
        self.rulebook, self._chance = pack.rulebook, chance
        areas = pack.areas.values()
        self._county = next(one.code for one in areas if one.level is Level.COUNTY)
        city = next(one.code for one in areas if one.level is Level.CITY)
        towns = [one for one in areas if one.level is Level.TOWN]
        seats: list[tuple[Role, str, str | None]] = [
            (Role.CITY, city, None),
            (Role.COUNTY, self._county, None),
            (Role.DISCIPLINE, self._county, None),
        ]
        seats += [(Role.DEPARTMENT, self._county, one) for one in pack.departments]
        seats += [(Role.TOWN, one.code, None) for one in towns]
        villages = [one for one in areas if one.level is Level.VILLAGE][: officers - len(seats)]
        seats += [(Role.VILLAGE, one.code, None) for one in villages]
        people = [Person(f"p{n}", role, None, code, office) for n, (role, code, office) in enumerate(seats[:officers])]
        self.directory = Directory(pack.areas, pack.departments, {one.id: one for one in people})
        self._villages = villages

    def opening(self, number: int) -> Event:
        """A case of any grade, at any minute of the year, in any village that has an officer."""
        received = _BEGIN + timedelta(minutes=self._chance.randrange(_MINUTES))
        grade, village = self._chance.choice(list(self.rulebook.ladders)), self._chance.choice(self._villages)
        opens = _OPENS.get(grade, "village")
        code = {"village": village.code, "town": village.parent}.get(opens, self._county)
        desk = f"{opens}:{code}"
        data = {
            "receipt": str(number),
            "kind": "complaint" if grade in {Grade.C1, Grade.C2} else "problem",
            "grade": grade,
            "topic": "其他",
            "cause": None,
            "received_at": received.isoformat(),
            "rules": self.rulebook.version,
            "county": self._county,
            "village": village.code,
            "town": village.parent,
            "level": opens if opens != "discipline" else "county",
            "desk": desk,
            "told": [desk],
            "seen_by": [desk, f"town:{village.parent}", f"county:{self._county}"],
            "barred": [],
        }
        return Event(f"c{number}", 1, received, What.OPENED, data=data)

    def deeds(self, received: datetime) -> list[Deed]:
        """What people will do with it and when; most cases come to an end within weeks, few with good grace."""
        chance, found = self._chance, list[Deed]()
        now = received
        for what, likely, days in (
            (What.TRANSFERRED, 0.1, 1),
            (What.ACCEPTED, 0.8, 1),
            (What.PROGRESSED, 0.6, 2),
            (What.PAUSED, 0.15, 1),
            (What.PROGRESSED, 0.5, 3),
            (What.FINISHED, 0.98, 8),
            (What.DISPUTED, 0.2, 1),
            (What.ACCEPTED, 0.5, 1),
            (What.FINISHED, 0.95, 9),
            (What.CONFIRMED, 0.4, 1),
        ):
            if chance.random() < likely:
                now += timedelta(minutes=1 + int(chance.expovariate(1 / (days * _DAY))))
                found.append((now, what))
        return found

    def done(self, case: Case, what: What, now: datetime) -> Event | None:
        """The deed as an event, where the case allows it."""
        asking = case.asking_since is not None
        allowed = {
            What.TRANSFERRED: not asking,
            What.ACCEPTED: not asking and case.handler is None,
            What.PROGRESSED: not asking and case.handler is not None and not case.paused,
            What.PAUSED: not asking and case.handler is not None and case.paused_at is None,
            What.FINISHED: not asking,
            What.DISPUTED: asking,
            What.CONFIRMED: asking,
        }
        if not case.open or not allowed[what]:
            return None
        until = now + timedelta(minutes=self._chance.randrange(60, 5 * _DAY))
        data = {"until": until.isoformat()} if what is What.PAUSED else {}
        to = f"town:{case.town}" if what in {What.TRANSFERRED, What.DISPUTED} else None
        return Event(case.id, case.seq + 1, now, what, "p1", to, data)


def through(cases: int, officers: int, seed: int) -> Year:
    """Let a year pass, case by case; the rules' due times beside the recount's."""
    desk = _Desk(officers, random.Random(seed))
    recount, found = Recount(desk.rulebook), Year(cases, len(desk.directory.persons))
    for number in range(cases):
        history = list[Event]()
        for due, case in _life(desk, number, history, found):
            began = time.perf_counter()
            right = recount.due(history)
            found.recount += time.perf_counter() - began
            found.due_times += 1
            if right != due:
                found.wrong += 1
                found.first_wrong = found.first_wrong or f"{case}\n{history}\nrules {due}\nrecount {right}"
        found.events += len(history)
    return found


def _life(desk: _Desk, number: int, history: list[Event], found: Year) -> Iterator[tuple[datetime | None, Case]]:
    """A case until it is closed or the year is over; after each thing that happens its due time and its state."""
    opened = desk.opening(number)
    history.append(opened)
    case, deeds = evolve(None, opened), desk.deeds(opened.at)
    while True:
        began = time.perf_counter()
        due = due_time(case, desk.rulebook)
        found.rules += time.perf_counter() - began
        yield due, case
        coming = deeds[0][0] if deeds else None
        now = min((moment for moment in (due, coming) if moment is not None), default=_END)
        if now >= _END or due is None:
            return
        if now == coming and now != due:
            event = desk.done(case, deeds.pop(0)[1], now)
            events: tuple[Event, ...] = (event,) if event else ()
        else:
            began = time.perf_counter()
            events = fall_due(case, desk.rulebook, desk.directory, now).events
            found.rules += time.perf_counter() - began
            if not events:
                raise AssertionError(f"nothing follows at {now}: {case}")
        for event in events:
            case = evolve(case, event)
            history.append(event)
