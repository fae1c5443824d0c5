"""值班表: who is asked at a desk when nobody has opened what is urgent (docs/rules.md J). Set by officers in chat."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from assistance.decision import Decision
from assistance.directory import Person
from assistance.ports import Duty
from assistance.staff import manages
from handlers.called import officers_called
from handlers.days import day_ahead
from handlers.enrol import place_of
from handlers.phrases import when
from handlers.turn import Turn

_NIGHT = re.compile(r"晚|夜")
_MOST = 10


async def set_duty(turn: Turn, day: str, name: str) -> Decision | None:
    """今晚值班 周敏: somebody of one's own desk, or of one that the speaker manages."""
    found = [one for one in officers_called(turn, name) if _mine(turn, one)]
    if len(found) != 1:
        return turn.reply("duty.nobody", name=name)
    zone = turn.kit.rulebook.calendar.zone
    today = turn.now.astimezone(zone).date()
    on = day_ahead(day, today) if day else today
    if on is None:
        return turn.reply("duty.no_day")
    person = found[0]
    since, until = _hours(turn, on, night=bool(_NIGHT.search(day)))
    await turn.work.duties.put(Duty(person.desk or "", person.id, since, until))
    return turn.reply(
        "duty.set",
        day=day or "今天",
        name=person.name or "",
        place=place_of(person, turn),
        since=when(since),
        until=when(until),
    )


async def show_roster(turn: Turn) -> Decision:
    """值班表: who comes next at one's own desk."""
    place = place_of(turn.person, turn)
    coming = await turn.work.duties.coming(turn.person.desk or "", turn.now, _MOST)
    if not coming:
        return turn.reply("duty.none", place=place)
    lines = "\n".join(
        turn.kit.phrases(
            "duty.line",
            since=when(one.since),
            until=when(one.until),
            name=turn.directory.persons[one.person].name or "",
        )
        for one in coming
    )
    return turn.reply("duty.list", place=place, lines=lines)


def _mine(turn: Turn, person: Person) -> bool:
    return person.desk == turn.person.desk or manages(turn.person, person, turn.directory)


def _hours(turn: Turn, on: date, *, night: bool) -> tuple[datetime, datetime]:
    """From the morning of that day (a night: from the evening) to the next morning; never before now."""
    rulebook = turn.kit.rulebook
    night_from, until = rulebook.duty_hours
    zone = rulebook.calendar.zone
    begins = datetime.combine(on, night_from if night else until, zone)
    return max(begins, turn.now) if on == turn.now.astimezone(zone).date() else begins, datetime.combine(
        on + timedelta(days=1), until, zone
    )
