"""Days and months named in a message: 夜来, 今早上, 上周三, 11月18日, 11.17, 18号, 上个月, 腊月二十.

A span is the day word alone, without the time of day behind it (今天下午 gives 今天), unless the two are one word
(今早上, 昨晚). The value is YYYY-MM-DD, YYYY-MM for a month, or None where it is vague (前几天, 麦收, 上周) or not
to be settled. Reports look back: a day or month without a year is the last one that has been, unless the words say
that it is planned. Weeks and half-months ago (半个月前) stay None, days ago (三天前) are computed, months ago give
the month. What has happened comes before what is planned; the new value of a correction comes first
(docs/labels.md, Slots and Conventions).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from nlp import calendar_dates, feast_dates, spoken_dates
from nlp.date_values import Found
from nlp.date_words import WIDE
from nlp.reading import DateSlot
from nlp.spans import is_free, plain, rank

# In this order: what is written out fully first, so that 上个月15号 is not read as 15号.
_READERS: tuple[Callable[[str, date], Found], ...] = (
    calendar_dates.full,
    calendar_dates.span_of_days,
    calendar_dates.corrected_day,
    feast_dates.feast,
    calendar_dates.month_day,
    calendar_dates.lunar,
    spoken_dates.named_month,
    calendar_dates.short,
    spoken_dates.ago,
    spoken_dates.relative,
    spoken_dates.weekday,
    calendar_dates.month,
    calendar_dates.day,
    spoken_dates.hour,
    spoken_dates.vague,
)
_MAY_BE_LUNAR = (calendar_dates.month_day,)


@dataclass(frozen=True, slots=True)
class DateAt:
    """A day word and where it stands: positions [start, end) of its span; `planned` where it lies ahead."""

    start: int
    end: int
    slot: DateSlot
    planned: bool = False


def find_dates(text: str, now: datetime, taken: frozenset[int] = frozenset()) -> tuple[DateAt, ...]:
    """All day words of a message sent at `now`, the best first: corrected, happened, settled, in reading order."""
    flat, today = plain(text), now.date()
    found: list[DateAt] = []
    used: set[int] = set()
    for reader in _READERS:
        for start, end, value in reader(flat, today):
            place = range(start, end)
            if used.isdisjoint(place) and is_free(taken, start, end):
                used.update(place)
                other = (
                    calendar_dates.lunar_too(flat[start:end], today) if value[0] and reader in _MAY_BE_LUNAR else None
                )
                slot = DateSlot(text[start:end], value[0], other.isoformat() if other else None)
                found.append(DateAt(start, end, slot, value[1]))
    return tuple(
        sorted(
            found,
            key=lambda one: (
                rank(flat, one.start),
                _is_wide(one),
                one.planned,
                one.slot.value is None,
                one.start,
            ),
        )
    )


def _is_wide(one: DateAt) -> bool:
    """Whether it names no more than a year or a week: any other day word says more."""
    return one.slot.value is None and bool(WIDE.fullmatch(one.slot.span))
