"""The queue's numbers of a pack: ladder.toml and calendar.toml into a checked Rulebook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any, Literal
from zoneinfo import ZoneInfo

from assistance.case import Grade
from assistance.directory import Level
from assistance.routing import Routing
from assistance.rulebook import (
    Aftercare,
    Clock,
    Guessing,
    Hint,
    Ladder,
    LedgerRules,
    Limit,
    Retention,
    Rulebook,
    Step,
    VisitRule,
    VisitRules,
)
from assistance.worktime import Calendar, Hours
from regions.source import Source

_LIMIT = re.compile(r"(\d+) (min|h|d|wd)|next day (\d\d):(\d\d)|by (\d\d)-(\d\d)(?: \+ (\d+) wd)?")
_UNITS: Mapping[str, Literal["min", "h", "d", "wd"]] = {"min": "min", "h": "h", "d": "d", "wd": "wd"}
REROUTING = "D1"  # 退单: no grade of a case but a ladder beside its own
_STARTS = frozenset({"village", "town", "county", "discipline"})


def read_rulebook(
    ladder: Source,
    calendar: Calendar,
    routing: Routing,
    earlier: Iterable[Source] = (),
) -> Rulebook:
    """Every grade must have a ladder that ends at the city. `earlier` are versions that open cases may still keep."""
    data = ladder.data
    ladders = {grade: _ladder(ladder, grade.value) for grade in Grade}
    limits, messages, tighten = data["limits"], data["messages"], data["tighten"]
    rulebook = Rulebook(
        version=ladder.need(data, "version"),
        ladders=ladders,
        calendar=calendar,
        routing=routing,
        sorting=_sorting(ladder, ladders),
        withdraw_after=read_limit(ladder, limits["withdraw_after"]),
        refuse_within=read_limit(ladder, limits["refuse_within"]),
        rerouting=_rerouting(ladder),
        pause_most=read_limit(ladder, limits["pause_most"]),
        pause_long=read_limit(ladder, limits["pause_long"]),
        quiet=(messages["quiet_from"], messages["quiet_to"]),
        digest_at=messages["digest_at"],
        todo_at=messages["todo_at"],
        undo_for=timedelta(minutes=read_limit(ladder, limits["undo"]).amount),
        fold_thing=timedelta(days=limits["fold_thing_days"]),
        fold_need=timedelta(days=limits["fold_need_days"]),
        guessing=_guessing(ladder),
        aftercare=_aftercare(ladder),
        duty_hours=(ladder.data["duty"]["night_from"], ladder.data["duty"]["until"]),
        duty_after=timedelta(minutes=read_limit(ladder, limits["duty_after"]).amount),
        poor_kinds=frozenset(tighten["kinds"]),
        tighter={Grade(was): Grade(now) for was, now in tighten.items() if was != "kinds"},
        visits=_visits(ladder),
        ledger=_ledger(ladder),
        retention=Retention(**ladder.need(data, "retention")),
    )
    kept = {book.version: book for book in (_earlier(source, rulebook) for source in earlier)}
    if rulebook.version in kept:
        raise ladder.wrong("version", f"version {rulebook.version} stands twice", "give ladder.toml a new version")
    return replace(rulebook, earlier=kept)


def _earlier(source: Source, now: Rulebook) -> Rulebook:
    """A version that is no longer in force: its ladders and limits; the calendar and everything else are today's."""
    ladders = {Grade(grade): _ladder(source, grade) for grade in source.data["grade"] if grade != REROUTING}
    return replace(
        now,
        version=source.need(source.data, "version"),
        ladders=ladders,
        sorting=_sorting(source, ladders),
        withdraw_after=read_limit(source, source.data["limits"]["withdraw_after"]),
        rerouting=_rerouting(source) if REROUTING in source.data["grade"] else (),
    )


def _sorting(source: Source, ladders: Mapping[Grade, Ladder]) -> Ladder:
    """The ladder of what was not understood: that of a grade, with an accept limit and a desk of its own."""
    special = source.data["special"]["not_understood"]
    base = ladders[Grade(special["grade"])]
    accept = read_limit(source, special["accept"])
    steps = (
        step if step.clock is not Clock.ACCEPT else Step(step.id, step.clock, accept, step.to) for step in base.steps
    )
    return Ladder(tuple(steps), base.top_every, base.confirm_after, tuple(special["opens_at"]))


def _rerouting(source: Source) -> tuple[Step, ...]:
    """D1: what follows when nobody passes a refused case on; its steps stand beside those of the case's own grade."""
    return tuple(
        replace(step, id=f"{step.clock.value}:{REROUTING}.{number}")
        for number, step in enumerate(_steps(source, REROUTING))
    )


def _visits(source: Source) -> VisitRules:
    """The visit plan: intervals by class, kind and trait, and the lists an overdue visit climbs to (V)."""
    table = source.need(source.data, "visits")
    late = tuple((row["after_days"], Level(row["to"])) for row in table["overdue"]["steps"])
    if Level.CITY not in {level for _, level in late}:
        raise source.wrong("[visits.overdue]", "the ladder of V does not end", 'add a step with to = "city"')
    rules = [_visit_rule(source, row) for row in table["every"]]
    otherwise = next((rule for rule in rules if rule.fits == table["otherwise"]), None)
    if otherwise is None:
        raise source.wrong("otherwise", "no interval fits every household", "name a row of [[visits.every]]")
    return VisitRules(
        tuple(rules), otherwise, late, tuple(table["phone_words"]), tuple(table["not_met_words"]), table["listed"]
    )


def _visit_rule(source: Source, row: Mapping[str, Any]) -> VisitRule:
    for name in ("phone", "not_met"):
        if row.get(name, "never") not in ("never", "once", "always"):
            raise source.wrong(row[name], f"“{row[name]}” is no count", "write never, once or always")
    if row["days"] < 1:
        raise source.wrong(f'fits = "{row["fits"]}"', "an interval is at least a day", "write days = 30")
    return VisitRule(
        row["days"], row["fits"], row.get("phone", "never"), row.get("not_met", "once"), row.get("instead", False)
    )


def _ledger(source: Source) -> LedgerRules:
    """The days of the exit and what suggests a class, the first row that fits."""
    table = source.need(source.data, "ledger")
    hints = tuple(Hint(row["class"], frozenset(row["signs"])) for row in table["hints"])
    for risk in (*(hint.risk for hint in hints), table["otherwise"]):
        if risk not in ("A", "B", "C"):
            raise source.wrong(risk, f"“{risk}” is no class", "write A, B or C")
    numbers = {name: table[name] for name in ("posted_days", "announced_days", "watch_months", "at_a_time")}
    return LedgerRules(**numbers, hints=hints, otherwise=table["otherwise"])


def _aftercare(source: Source) -> Aftercare:
    table = source.need(source.data, "aftercare")
    days = tuple(table["ask_days"])
    if list(days) != sorted(set(days)) or min(days, default=1) < 1:
        raise source.wrong("ask_days", "the days do not go up", "write ask_days = [7, 30, 90]")
    words = {name: tuple(table[name]) for name in ("benefits", "stopped", "leave_alone")}
    return Aftercare(days, table["ask_at"], table["watch_days"], **words)


def _guessing(source: Source) -> Guessing:
    table = source.need(source.data, "guessing")
    return Guessing(
        by_one=table["by_one"],
        of_receipt=table["of_receipt"],
        of_invitations=table["of_invitations"],
        rest=timedelta(hours=read_limit(source, table["rest"]).amount),
    )


def read_limit(source: Source, words: str) -> Limit:
    """`15 min`, `2 h`, `15 d`, `3 wd`, `next day 09:00` or `by 06-30 + 5 wd`."""
    found = _LIMIT.fullmatch(words)
    if found is None:
        mend = "write 15 min, 2 h, 15 d, 3 wd, next day 09:00 or by 06-30 + 5 wd"
        raise source.wrong(words, f"“{words}” is no length of time", mend)
    amount, unit, hour, minute, month, day, more = found.groups()
    if hour:
        return Limit(1, "next_day", time(int(hour), int(minute)))
    if month:
        return Limit(int(more or 0), "by", day=(int(month), int(day)))
    return Limit(int(amount), _UNITS[unit])


def _ladder(source: Source, grade: str) -> Ladder:
    steps, table = _steps(source, grade), source.data["grade"][grade]
    opens_at = tuple(table["opens_at"])
    if not opens_at or set(opens_at) - _STARTS:
        raise source.wrong(f"[grade.{grade}]", "opens_at is unknown", "use village, town, county, discipline")
    return Ladder(
        steps,
        read_limit(source, table["top_every"]),
        read_limit(source, table["confirm_after"]),
        opens_at,
        Level(table.get("set_by", Level.VILLAGE)),
    )


def _steps(source: Source, grade: str) -> tuple[Step, ...]:
    """The rungs of a grade in their order; one of them must reach the city."""
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
        limit, cards = read_limit(source, row["after"]), (row.get("yellow", False), row.get("red", False))
        steps.append(Step(f"{clock.value}:{number}", clock, limit, to, *cards))
    if not any(step.to is Level.CITY for step in steps):
        raise source.wrong(f"[grade.{grade}]", f"the ladder of {grade} does not end", 'add a step with to = "city"')
    return tuple(steps)


def read_calendar(source: Source, zone: str) -> tuple[Calendar, date]:
    """Working intervals, the state's holidays and make-up days, and the county's own dated overrides on top.

    A year that the library does not know falls back to Monday–Friday; the last known day comes with it.
    """
    from chinese_calendar.constants import holidays, workdays

    intervals = _hours(source, source.need(source.data, "intervals"))
    off, on = frozenset(source.data.get("off", ())), frozenset(source.data.get("on", ()))
    special = {row["date"]: _hours(source, row["intervals"]) for row in source.data.get("day", ())}
    for day in special.keys() & (off | on):
        raise source.wrong(day, f"{day} stands twice", "keep it in off, in on or as a [[day]]")
    calendar = Calendar(
        intervals,
        off=(frozenset(holidays) - on) | off,
        on=(frozenset(workdays) - off) | on,
        zone=ZoneInfo(zone),
        special=special,
    )
    return calendar, date(max(day.year for day in holidays), 12, 31)


def _hours(source: Source, words: Iterable[str]) -> Hours:
    """The intervals of a day, in order and apart from each other."""
    intervals = tuple(_interval(source, one) for one in words)
    if not intervals:
        raise source.wrong("intervals", "there is no working time", 'write intervals = ["08:30-17:30"]')
    for (_, end), (start, _) in pairwise(intervals):
        if start <= end:
            raise source.wrong(f"{start:%H:%M}", "the intervals of a day overlap", "write them one after the other")
    return intervals


def _interval(source: Source, words: str) -> tuple[time, time]:
    try:
        start, _, end = words.partition("-")
        interval = time.fromisoformat(start), time.fromisoformat(end)
    except ValueError as error:
        raise source.wrong(words, f"“{words}” is no interval", "write 08:30-17:30") from error
    if interval[0] >= interval[1]:
        raise source.wrong(words, f"“{words}” ends before it begins", "write the earlier time first")
    return interval
