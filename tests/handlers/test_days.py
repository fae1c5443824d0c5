"""Days ahead in the words of commands."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.days import day_ahead, last_day

TODAY = date(2026, 11, 19)  # a Thursday


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("今晚", date(2026, 11, 19)),
        ("明晚", date(2026, 11, 20)),
        ("后天", date(2026, 11, 21)),
        ("12月1日", date(2026, 12, 1)),
        ("1月3号", date(2027, 1, 3)),
        ("25号", date(2026, 11, 25)),
        ("5日", date(2026, 12, 5)),
        ("周六", date(2026, 11, 21)),
        ("周一", date(2026, 11, 23)),
        ("下周一", date(2026, 11, 23)),
        ("星期天", date(2026, 11, 22)),
        ("2月30日", None),
        ("有空", None),
    ],
)
def test_a_day_is_never_before_today(words: str, day: date | None) -> None:
    """What people call a day is the next one of that name."""
    assert day_ahead(words, TODAY) == day


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("三天", date(2026, 11, 21)),
        ("1天", TODAY),
        ("半天", TODAY),
        ("一周", date(2026, 11, 25)),
        ("两个星期", date(2026, 12, 2)),
        ("一个月", date(2026, 12, 18)),
        ("到11月20日", date(2026, 11, 20)),
        ("到周五", date(2026, 11, 20)),
        ("到下周五", date(2026, 11, 27)),
        ("", None),
    ],
)
def test_the_last_day_is_counted_with_today(words: str, day: date | None) -> None:
    """三天 from Thursday ends on Saturday."""
    assert last_day(words, TODAY) == day
