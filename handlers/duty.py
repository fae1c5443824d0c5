"""值班表: who is asked at a desk when nobody has opened what is urgent (docs/rules.md J). Set by officers in chat."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from assistance.decision import Decision
from assistance.directory import Level, Person, Role
from assistance.ports import Duty
from assistance.staff import manages, may_stand_in
from handlers.called import officers_called
from handlers.days import day_ahead
from handlers.enrol import place_of
from handlers.phrases import when
from handlers.turn import Turn

_NIGHT = re.compile(r"晚|夜")
_MOST = 10


async def set_duty(turn: Turn, day: str, where: str, name: str) -> Decision | None:
    """今晚值班 周敏, for the desk where she sits; 今晚石门东村值班 赵伟 puts somebody else on duty for a village. The
    desk is the speaker's own or one that they manage."""
    seat = _seat(turn, where) if where else None
    if where and seat is None:
        return None
    found = [one for one in officers_called(turn, name) if _may(turn, one, seat)]
    if len(found) != 1:
        return turn.reply("duty.nobody", name=name)
    zone = turn.kit.rulebook.calendar.zone
    today = turn.now.astimezone(zone).date()
    on = day_ahead(day, today) if day else today
    if on is None:
        return turn.reply("duty.no_day")
    person = found[0]
    since, until = _hours(turn, on, night=bool(_NIGHT.search(day)))
    at = seat or person
    await turn.work.duties.put(Duty(at.desk or "", person.id, since, until))
    return turn.reply(
        "duty.set",
        day=day or "今天",
        name=person.name or "",
        place=place_of(at, turn),
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


def _seat(turn: Turn, where: str) -> Person | None:
    """An empty seat at the village or town that is named, under the speaker's area."""
    for area in turn.directory.areas.values():
        own = any(above.code == turn.person.area for above in turn.directory.chain(area.code))
        if own and where in (area.name, *area.aliases) and area.level in (Level.VILLAGE, Level.TOWN):
            return Person("", Role(area.level.value), area=area.code)
    return None


def _may(turn: Turn, person: Person, seat: Person | None) -> bool:
    at = seat or person
    if at.desk != turn.person.desk and not manages(turn.person, at, turn.directory):
        return False
    return seat is None or may_stand_in(person, seat, turn.directory)


def _hours(turn: Turn, on: date, *, night: bool) -> tuple[datetime, datetime]:
    """From the morning of that day (a night: from the evening) to the next morning; today's begins now."""
    rulebook = turn.kit.rulebook
    night_from, until = rulebook.duty_hours
    zone = rulebook.calendar.zone
    ends = datetime.combine(on + timedelta(days=1), until, zone)
    if on == turn.now.astimezone(zone).date() and not night:
        return turn.now, ends
    return max(turn.now, datetime.combine(on, night_from if night else until, zone)), ends
