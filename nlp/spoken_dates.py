"""Dates said from the day one speaks: 夜来, 今早上, 上周三, 三天前, 上个月, 前几天.

Each reader takes the plain text and the day of the message.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from nlp.date_values import Found, Value, lies_ahead, make_day, small, valued
from nlp.date_words import (
    AGO,
    CLOCK,
    CUT_WRONGLY,
    HOUR,
    NAMED_MONTH,
    OFFSETS,
    RELATIVE,
    TOLD,
    VAGUE_PAST,
    VAGUE_PLANNED,
    WEEKDAY,
)


def ago(text: str, today: date) -> Found:
    """三天前, 两天后, 三个月前."""
    for hit in AGO.finditer(text):
        number = small(hit[1])
        sign = 1 if "后" in hit[0] else -1
        if sign > 0 and TOLD.match(text, hit.end()):
            continue
        if hit[2] in "天日" and number <= 366:
            yield hit.start(), hit.end(), valued(today + timedelta(days=sign * number), today)
        elif "月" in hit[2] and number <= 120:
            month = today.year * 12 + today.month - 1 + sign * number
            yield hit.start(), hit.end(), (f"{month // 12:04d}-{month % 12 + 1:02d}", sign > 0)


def relative(text: str, today: date) -> Found:
    """今天, 夜来, 前儿, 赶明儿 and so on."""
    wrong = {hit.start() for hit in CUT_WRONGLY.finditer(text)}
    for hit in RELATIVE.finditer(text):
        if hit.start() not in wrong:
            offset = OFFSETS[hit[0]]
            yield hit.start(), hit.end(), valued(today + timedelta(days=offset), today)


def hour(text: str, today: date) -> Found:
    """夜里三点; 上午, 头晌 alone; 今 and 昨 as hurried people write them: today, or yesterday."""
    for hit in CLOCK.finditer(text):
        yield hit.start(), hit.end(), valued(today, today)
    for hit in HOUR.finditer(text):
        yield hit.start(), hit.end(), valued(today - timedelta(days=hit[0] == "昨"), today)


def weekday(text: str, today: date) -> Found:
    """上周三, 这周一, 礼拜二: without a word before it the last one that has been, today counted."""
    for hit in WEEKDAY.finditer(text):
        if re.search(r"(?:每[个到]?|[0-9一二两三四几老小姓])$", text[max(0, hit.start() - 2) : hit.start()]):
            continue
        number = "一二三四五六日1234567".index(hit[3].replace("天", "日")) % 7
        monday = today - timedelta(days=today.weekday())
        which = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}.get(hit[1] or "")
        day = monday + timedelta(days=number, weeks=which or 0)
        if which is None:
            ahead = lies_ahead(text, hit.start(), hit.end())
            day += timedelta(weeks=(day < today) if ahead else -(day > today))
        yield hit.start(), hit.end(), valued(day, today)


def named_month(text: str, today: date) -> Found:
    """上个月, 这个月5号, 下月3号."""
    for hit in NAMED_MONTH.finditer(text):
        shift = {"上上": -2, "上": -1, "下": 1}.get(hit[1].rstrip("月").rstrip("个"), 0)
        month = today.year * 12 + today.month - 1 + shift
        value: Value = (f"{month // 12:04d}-{month % 12 + 1:02d}", shift > 0)
        if hit[2] is not None:
            day = make_day(month // 12, month % 12 + 1, small(hit[2]))
            value = valued(day, today) if day is not None else (None, False)
        yield hit.start(), hit.end(), value


def vague(text: str, _today: date) -> Found:
    """前几天, 麦收, 上周; and what is planned without a day (过几天)."""
    for pattern, planned in ((VAGUE_PAST, False), (VAGUE_PLANNED, True)):
        for hit in pattern.finditer(text):
            yield hit.start(), hit.end(), (None, planned)
