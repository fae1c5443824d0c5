"""Days ahead in the words of commands: 到12月1日, 三天, 明晚, 周六. (The reader's dates look back: a visit was.)"""

from __future__ import annotations

import re
from datetime import date, timedelta

_MONTH_DAY = re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})[日号]?")
_DAY = re.compile(r"(?<!\d)(\d{1,2})[日号]")
_WEEKDAY = re.compile(r"(下)?(?:周|星期|礼拜)([一二三四五六日天])")
_COUNT = re.compile(r"(\d{1,3}|[一二两三四五六七八九十]|半)(天|个月|个?星期|个?礼拜|周(?![一二三四五六日天]))")
_LASTS = {"天": 1, "周": 7, "期": 7, "拜": 7, "月": 30}
_SOON = {"今": 0, "明": 1, "后": 2}
_NAMED = re.compile(r"([今明后])(?:天|晚|日|夜)")
_DIGITS = {word: number for number, word in enumerate("零一二三四五六七八九十")} | {"两": 2}


def day_ahead(text: str, today: date) -> date | None:
    """The day that words name, today or later; None where they name none."""
    if found := _MONTH_DAY.search(text):
        return _next(today, int(found[1]), int(found[2]))
    if found := _NAMED.search(text):
        return today + timedelta(days=_SOON[found[1]])
    if found := _WEEKDAY.search(text):
        wanted = "一二三四五六日".index(found[2].replace("天", "日"))
        monday = today - timedelta(days=today.weekday())
        day = monday + timedelta(days=wanted + (7 if found[1] else 0))
        return day if day >= today else day + timedelta(days=7)
    if found := _DAY.search(text):
        return _in_month(today, int(found[1]))
    return None


def last_day(text: str, today: date) -> date | None:
    """The last day of a time that begins today: 三天 ends the day after tomorrow, 到周五 on Friday."""
    found = _COUNT.search(text)
    if found and not found[0].startswith("半"):
        number = int(found[1]) if found[1].isdecimal() else _DIGITS[found[1]]
        return today + timedelta(days=_LASTS[found[2][-1]] * number - 1)
    return today if found and found[2] == "天" else day_ahead(text, today)


def _next(today: date, month: int, day: int) -> date | None:
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            return None
        if found >= today:
            return found
    return None


def _in_month(today: date, day: int) -> date | None:
    following = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    for month in (today, following):
        try:
            found = month.replace(day=day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None
