"""The queue's numbers of a pack: ladder.toml and calendar.toml into a checked Rulebook."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from assistance.case import Grade
from assistance.directory import Level
from assistance.rulebook import Clock, Ladder, Limit, Route, Rulebook, Step
from assistance.worktime import Calendar
from regions.source import Source

_LIMIT = re.compile(r"(\d+) (min|h|wd)|next day (\d\d):(\d\d)")
_STARTS = frozenset({"village", "town", "county", "discipline"})


def read_rulebook(ladder: Source, calendar: Calendar, routing: Mapping[str, Route]) -> Rulebook:
    """Every grade must have a ladder that ends at the city."""
    data = ladder.data
    ladders = {grade: _ladder(ladder, grade.value) for grade in Grade}
    limits, messages, tighten = data["limits"], data["messages"], data["tighten"]
    special = data["special"]["not_understood"]
    base = ladders[Grade(special["grade"])]
    accept = read_limit(ladder, special["accept"])
    sorting = Ladder(
        tuple(
            step if step.clock is not Clock.ACCEPT else Step(step.id, step.clock, accept, step.to)
            for step in base.steps
        ),
        base.top_every,
        base.confirm_after,
        tuple(special["opens_at"]),
    )
    return Rulebook(
        version=ladder.need(data, "version"),
        ladders=ladders,
        calendar=calendar,
        routing=routing,
        sorting=sorting,
        withdraw_after=read_limit(ladder, limits["withdraw_after"]),
        quiet=(messages["quiet_from"], messages["quiet_to"]),
        digest_at=messages["digest_at"],
        todo_at=messages["todo_at"],
        undo_for=timedelta(minutes=read_limit(ladder, limits["undo"]).amount),
        fold_thing=timedelta(days=limits["fold_thing_days"]),
        fold_need=timedelta(days=limits["fold_need_days"]),
        poor_kinds=frozenset(tighten["kinds"]),
        tighter={Grade(was): Grade(now) for was, now in tighten.items() if was != "kinds"},
        visit_every=data["visits"]["every_days"],
    )


def read_limit(source: Source, words: str) -> Limit:
    """`15 min`, `2 h`, `3 wd` or `next day 09:00`."""
    found = _LIMIT.fullmatch(words)
    if found is None:
        raise source.wrong(words, f"“{words}” is no length of time", "write 15 min, 2 h, 3 wd or next day 09:00")
    amount, unit, hour, minute = found.groups()
    if hour:
        return Limit(1, "next_day", time(int(hour), int(minute)))
    return Limit(int(amount), "min" if unit == "min" else "h" if unit == "h" else "wd")


def _ladder(source: Source, grade: str) -> Ladder:
    table: Mapping[str, Any] = source.data.get("grade", {}).get(grade, {})
    if not table:
        raise source.wrong("[grade", f"grade {grade} has no ladder", f"add a table [grade.{grade}]")
    counts: dict[str, int] = {}
    steps = []
    for row in table["steps"]:
        clock = Clock(row["clock"])
        number = counts.get(clock, 0)
        counts[clock] = number + 1
        to = Level(row["to"]) if "to" in row else None
        steps.append(
            Step(f"{clock.value}:{number}", clock, read_limit(source, row["after"]), to, row.get("yellow", False))
        )
    if not any(step.to is Level.CITY for step in steps):
        raise source.wrong(f"[grade.{grade}]", f"the ladder of {grade} does not end", 'add a step with to = "city"')
    opens_at = tuple(table["opens_at"])
    if not opens_at or set(opens_at) - _STARTS:
        raise source.wrong(f"[grade.{grade}]", "opens_at is unknown", "use village, town, county, discipline")
    return Ladder(
        tuple(steps), read_limit(source, table["top_every"]), read_limit(source, table["confirm_after"]), opens_at
    )


def read_calendar(source: Source, zone: str) -> tuple[Calendar, date]:
    """Working intervals, the state's holidays and make-up days, and the county's own dated overrides on top.

    A year that the library does not know falls back to Monday–Friday; the last known day comes with it.
    """
    from chinese_calendar.constants import holidays, workdays

    intervals = tuple(_interval(source, words) for words in source.need(source.data, "intervals"))
    if not intervals:
        raise source.wrong("intervals", "there is no working time", 'write intervals = ["08:30-17:30"]')
    off, on = frozenset(source.data.get("off", ())), frozenset(source.data.get("on", ()))
    calendar = Calendar(
        intervals,
        off=(frozenset(holidays) - on) | off,
        on=(frozenset(workdays) - off) | on,
        zone=ZoneInfo(zone),
    )
    return calendar, date(max(day.year for day in holidays), 12, 31)


def _interval(source: Source, words: str) -> tuple[time, time]:
    try:
        start, _, end = words.partition("-")
        interval = time.fromisoformat(start), time.fromisoformat(end)
    except ValueError as error:
        raise source.wrong(words, f"“{words}” is no interval", "write 08:30-17:30") from error
    if interval[0] >= interval[1]:
        raise source.wrong(words, f"“{words}” ends before it begins", "write the earlier time first")
    return interval
