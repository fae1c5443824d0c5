"""Dates written as in a calendar: 11月18日, 2026-11-18, 11.17, 18号, 10月份, 腊月二十.

Each reader takes the plain text and the day of the message. A date without a year is the last one that has been
(reports look back), unless the words around it say that it is still to come.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from nlp.date_values import Found, Value, last_or_next, lies_ahead, make_day, small, valued
from nlp.date_words import (
    AFTER_SHORT,
    BARE_DAY,
    BEFORE_SHORT,
    CUED,
    DAY,
    FEASTS,
    FULL,
    LASTS_AFTER,
    LUNAR,
    LUNAR_BARE,
    LUNAR_FIGURES,
    LUNAR_MONTHS,
    MAY_BEGIN_DAY,
    MONTH,
    MONTH_DAY,
    NOT_A_DAY,
    QUARTER_END,
    RANGE,
    SAYS_DAY,
    SHORT,
    SOME_DAY,
    YEAR_MONTH,
)
from nlp.numbers import parse

_NAMES_DAY = frozenset("日号./")  # without any of these no range of days is written


def full(text: str, today: date) -> Found:
    """2026-11-18, 2026/11/18, 2026.11.18, 20261118."""
    for hit in FULL.finditer(text):
        year, _, month, day = (part for part in hit.groups() if part is not None)
        found = make_day(int(year), int(month), int(day))
        if found is not None:
            yield hit.start(), hit.end(), valued(found, today)


def span_of_days(text: str, today: date) -> Found:
    """11月9-11号, 3号到5号, 11.9-11.11: the day it began; 九月十几号, 十七八号: no more than the month."""
    if _NAMES_DAY.isdisjoint(text):
        return
    for hit in RANGE.finditer(text):
        month, day = hit[1] or hit[3], hit[2] or hit[4]
        found = (
            last_or_next(small(month), small(day), today, False) if month else _day_of_month(small(day), today, False)
        )
        if found is not None:
            yield hit.start(), hit.end(), valued(found, today)
    for hit in SOME_DAY.finditer(text):
        month = small(hit[1]) if hit[1] else 0
        year = today.year - (month > today.month)
        yield hit.start(), hit.end(), (f"{year:04d}-{month:02d}" if 1 <= month <= 12 else None, False)


def _year(figures: str | None, word: str | None, today: date) -> int | None:
    """The year that stands before a month, if any."""
    if word is not None:
        return today.year + _SPOKEN_YEARS[word]
    if figures is None:
        return None
    year = int(figures) if figures.isascii() else int((parse(figures) or (0, 0))[0])
    return year + (2000 if year <= today.year % 100 + 10 else 1900) if year < 100 else year


def month_day(text: str, today: date) -> Found:
    """11月18日, 十一月十八, 去年3月5号, 2026年11月18日."""
    if "月" not in text:
        return
    for hit in MONTH_DAY.finditer(text):
        figures, word, month, day, sign = hit.groups()
        if text[max(0, hit.start() - 2) : hit.start()] in ("农历", "阴历", "旧历"):
            continue
        if sign is None and (LUNAR.match(text, hit.start()) and not hit[3].isascii() and _is_lunar(hit)):
            continue
        year = _year(figures, word, today)
        ahead = lies_ahead(text, hit.start(), hit.end())
        numbers = small(month), small(day)
        found = make_day(year, *numbers) if year else last_or_next(*numbers, today, ahead)
        if found is not None:
            yield hit.start(), hit.end(), valued(found, today)


def _is_lunar(hit: re.Match[str]) -> bool:
    """Whether 八月十五 without 日 or 号 is a feast of the lunar calendar rather than a day of this one."""
    return (hit[3], hit[4]) in FEASTS


def lunar(text: str, today: date) -> Found:
    """腊月二十, 正月十五, 农历八月十五: the last one that has been; leap months are left open."""
    if "月" not in text and "初" not in text:
        return
    for hit in LUNAR.finditer(text):
        year, mark, leap, month, day = hit.groups()
        named = mark or month in LUNAR_MONTHS or day.startswith(("初", "廿"))
        if not named and (month, day) not in FEASTS:
            continue
        number = LUNAR_MONTHS.get(month) or small(month)
        named_year = _lunar_year(year, today) if year else None
        years = (named_year,) if named_year else (today.year, today.year - 1)
        found = None if leap else _lunar_day(number, small(day.removeprefix("初")), today, years)
        yield hit.start(), hit.end(), valued(found, today) if found is not None else (None, False)
    for hit in LUNAR_FIGURES.finditer(text):
        said = _lunar_year(hit[1], today) if hit[1] else None
        found = _lunar_day(int(hit[2]), int(hit[3]), today, (said,) if said else (today.year, today.year - 1))
        yield hit.start(), hit.end(), valued(found, today) if found is not None else (None, False)
    for hit in LUNAR_BARE.finditer(text):
        day = _this_moon(small(hit[2] or hit[3]), today, back="上" in (hit[1] or ""))
        yield hit.start(), hit.end(), valued(day, today)


def _lunar_year(written: str, today: date) -> int | None:
    """The year before a lunar day: 去年, 2012年, 二零一二年."""
    if written in _SPOKEN_YEARS:
        return _year(None, written, today)
    return _year(written.removesuffix("年"), None, today)


def lunar_too(span: str, today: date) -> date | None:
    """The lunar day that a day written without 日 or 号 may mean too (十月十一); None where only the calendar fits.

    Both fit where the lunar day has been within three months, since people report what is not long ago.
    """
    hit = LUNAR.fullmatch(span)
    if hit is None or hit[1] or hit[2] or hit[4] in LUNAR_MONTHS:
        return None
    found = _lunar_day(small(hit[4]), small(hit[5].removeprefix("初")), today, (today.year, today.year - 1))
    return found if found is not None and (today - found).days <= 92 else None


def _this_moon(day: int, today: date, *, back: bool) -> date:
    """The day of the present lunar month if it has been, else of the one before; `back` for 上个月初五."""
    from tyme4py.solar import SolarDay

    now = SolarDay.from_ymd(today.year, today.month, today.day).get_lunar_day()
    month = now.get_lunar_month().next(-1 if back or day > now.get_day() else 0)
    solar = month.get_days()[day - 1].get_solar_day()
    return date(solar.get_year(), solar.get_month(), solar.get_day())


_SPOKEN_YEARS = {"今年": 0, "去年": -1, "前年": -2, "明年": 1}


@lru_cache(maxsize=512)
def _lunar_day(month: int, day: int, today: date, years: tuple[int, ...]) -> date | None:
    """The last day of this lunar month and day up to today; None where those years have none (腊月三十)."""
    # Heavy: only texts that name a lunar day need it.
    from tyme4py.lunar import LunarDay

    for year in years:
        try:
            solar = LunarDay.from_ymd(year, month, day).get_solar_day()
        except ValueError:
            continue
        found = date(solar.get_year(), solar.get_month(), solar.get_day())
        if found <= today:
            return found
    return None


def short(text: str, today: date) -> Found:
    """11.17, 11-17, 11/18, where it stands as a day does: alone, or before a word of going or telling."""
    for hit in SHORT.finditer(text):
        before = text[max(0, hit.start() - 5) : hit.start()]
        cued = CUED.search(before)
        sure = len(hit[3]) == 2 or re.match(r"[\s]?[去到走入访日就]", text[hit.end() : hit.end() + 2])
        alone = BEFORE_SHORT.search(before) and AFTER_SHORT.match(text, hit.end())
        if cued or text.strip() == hit[0] or (sure and alone):
            found = last_or_next(int(hit[1]), int(hit[3]), today, lies_ahead(text, hit.start(), hit.end()))
            if found is not None:
                yield hit.start(), hit.end(), valued(found, today)


def month(text: str, today: date) -> Found:
    """今年三月, 10月份, 2026年3月, 2025.12: the last one that has been."""
    if "月" not in text and "季" not in text and "20" not in text:
        return
    for hit in YEAR_MONTH.finditer(text):
        yield (
            hit.start(),
            hit.end(),
            (f"{hit[1]}-{int(hit[2]):02d}", (int(hit[1]), int(hit[2])) > (today.year, today.month)),
        )
    for hit in QUARTER_END.finditer(text):
        yield hit.start(), hit.end(), _quarter_end(hit, today)
    for hit in MONTH.finditer(text):
        month = small(hit[3])
        if not 1 <= month <= 12 or hit[0] == "一月":  # 药钱一月四百 is a price for each month
            continue
        if not hit[1] and not hit[2] and hit[0].endswith("月") and _lasts(text, hit):
            continue
        year = _year(hit[1], hit[2], today) or (today.year if month <= today.month else today.year - 1)
        yield hit.start(), hit.end(), (f"{year:04d}-{month:02d}", (year, month) > (today.year, today.month))


def _quarter_end(hit: re.Match[str], today: date) -> Value:
    """The last month of a quarter: of the year said, else the last one that has been."""
    now = today.year * 4 + (today.month - 1) // 3
    if hit[2][0] in "上这本":
        quarter = now - (hit[2][0] == "上")
    else:
        year = _lunar_year(hit[1], today) if hit[1] else None
        quarter = (year or today.year) * 4 + small(hit[2]) - 1
        quarter -= 4 * (year is None and quarter > now)
    return f"{quarter // 4:04d}-{quarter % 4 * 3 + 3:02d}", quarter >= now


def day(text: str, today: date) -> Found:
    """18号, 十八日: of this month if it has been, else of the last month that has such a day."""
    for hit in DAY.finditer(text):
        if NOT_A_DAY.match(text, hit.end()) or (hit[0].endswith("日") and _lasts(text, hit)):
            continue
        found = _day_of_month(small(hit[1]), today, lies_ahead(text, hit.start(), hit.end()))
        if found is not None:
            yield hit.start(), hit.end(), valued(found, today)


def corrected_day(text: str, today: date) -> Found:
    """17不是18号, and 17不是18 where the message speaks of the date."""
    for hit in BARE_DAY.finditer(text):
        found = _day_of_month(small(hit[1]), today, False)
        if found is not None and (hit[2] or SAYS_DAY.search(text)) and text[hit.end() : hit.end() + 1] not in "号日":
            yield hit.start(), hit.end(), valued(found, today)


def _lasts(text: str, hit: re.Match[str]) -> bool:
    """Whether 三日 or 三月 in Chinese numerals is how long something lasted."""
    if hit[0][0] in "0123456789":
        return False
    if hit[0] == "一日":
        return True
    begins = MAY_BEGIN_DAY.search(text[max(0, hit.start() - 1) : hit.start()])
    return bool(re.match(r"之?内|之久|矣|之计", text[hit.end() : hit.end() + 2])) or bool(
        not begins and LASTS_AFTER.match(text, hit.end())
    )


def _day_of_month(number: int, today: date, ahead: bool) -> date | None:
    """The day of this month if it has been, else of the last month that has one; the next where it lies ahead."""
    month = today.year * 12 + today.month - 1
    if not 1 <= number <= 31:
        return None
    for step in (0, 1, 2) if ahead else (0, -1, -2):
        day = make_day((month + step) // 12, (month + step) % 12 + 1, number)
        if day is not None and (day >= today if ahead else day <= today):
            return day
    return None
