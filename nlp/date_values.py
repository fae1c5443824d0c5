"""From day words to values: the small arithmetic that all readers of dates share.

A value is YYYY-MM-DD, YYYY-MM or None, together with whether it is planned, that is, lies ahead of the message.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from nlp.date_words import PLANNED, PLANNED_BEFORE
from nlp.numbers import parse

Value = tuple[str | None, bool]  # the value, and whether it is planned
Found = Iterator[tuple[int, int, Value]]  # positions [start, end) of the span, and its value


def valued(day: date, today: date) -> Value:
    """The value of a settled day."""
    return day.isoformat(), day > today


def make_day(year: int, month: int, day: int) -> date | None:
    """The day of the calendar, or None where there is none (13月40日)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def small(words: str) -> int:
    """A month or day as a number, 0 where the words are none."""
    value = parse(words)
    return int(value[0]) if value is not None and value[0] == value[1] else 0


def last_or_next(month: int, day: int, today: date, ahead: bool) -> date | None:
    """The month and day without a year: the last that has been, or the next one where it is planned."""
    steps = range(9 if (month, day) == (2, 29) else 2)
    for year in (today.year + (step if ahead else -step) for step in steps):
        found = make_day(year, month, day)
        if found is not None and (found >= today if ahead else found <= today):
            return found
    return make_day(today.year, month, day)


def lies_ahead(text: str, start: int, end: int) -> bool:
    """Whether the words around a bare day say that it is still to come (28号之前, 定在28号)."""
    return bool(PLANNED.search(text[end : end + 4]) or PLANNED_BEFORE.search(text[max(0, start - 4) : start]))
