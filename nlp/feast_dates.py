"""Feasts and solar terms (节日、节气): 国庆后, 中秋节, 大年初一, 清明那天, 腊八, 立冬.

A feast alone is its day, the last one that has been; after it (国庆后) is its month; before or around it (春节前后) is
vague. A name is none (张国庆, 马清明): before a feast stands nothing, or a word that leads to a time.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from nlp.date_values import Found, lies_ahead, make_day, valued
from nlp.spans import words_of

# Word → month and day of the calendar.
_SOLAR = {
    "元旦": (1, 1), "妇女节": (3, 8), "三八节": (3, 8), "五一": (5, 1), "五一劳动节": (5, 1), "劳动节": (5, 1),
    "六一": (6, 1), "六一儿童节": (6, 1), "儿童节": (6, 1), "七一": (7, 1), "八一": (8, 1), "八一建军节": (8, 1),
    "建军节": (8, 1), "教师节": (9, 10), "国庆": (10, 1), "十一长假": (10, 1), "圣诞": (12, 25),
}  # fmt: skip
# Word → lunar month and day; day 0 is the last day of the year.
_LUNAR = {
    **{f"大年初{day}": (1, number) for number, day in enumerate("一二三四五六七八九十", 1)},
    "春节": (1, 1), "元宵": (1, 15), "二月二": (2, 2), "三月三": (3, 3), "五月端午": (5, 5), "五月五": (5, 5),
    "端午": (5, 5), "六月六": (6, 6), "七夕": (7, 7), "七月七": (7, 7), "中元": (7, 15), "鬼节": (7, 15),
    "中秋": (8, 15), "重阳": (9, 9), "九月九": (9, 9), "寒衣": (10, 1), "腊八": (12, 8), "小年": (12, 23),
    "过小年": (12, 23), "除夕": (12, 0), "年三十": (12, 0), "大年三十": (12, 0), "年除日": (12, 0),
}  # fmt: skip
_TERMS = words_of("立春 惊蛰 春分 清明 谷雨 立夏 芒种 夏至 小暑 大暑 立秋 处暑 白露 秋分 寒露 霜降 立冬 冬至 小寒 大寒")
_NEEDS_TIME = ("七一", "八一", "五月五", "小年", "春分", "大暑", "大寒", "小寒", "白露", "七月七", "六月六")
FEAST_WORDS = frozenset((*_SOLAR, *_LUNAR, *_TERMS))
_WORDS = "|".join(sorted(FEAST_WORDS, key=len, reverse=True))
_FEAST = re.compile(
    rf"(?P<word>{_WORDS})(?P<feast>节)?"
    r"(?P<around>期间|前后|以前|之前|前(?!天)|以后|之后|后(?!天)|假期"
    r"|放假)?(?![0-9一二三四五六七八九分个块叔家嫂哥婶爷伯姐妹他她号])"
)
_BEFORE = re.compile(r"(?:^|[^一-鿿]|[从到在过自年是等这的那打了往说回趁今和跟又]|回来|以来|今年)(?<!每年)(?<!年年)$")
_YEAR_BEFORE = re.compile(r"(去年|前年|明年|(?<![0-9])(?:19|20)[0-9]{2}年)的?$")
_SPOKEN = {"去年": -1, "前年": -2, "明年": 1}
_TIME_AFTER = re.compile(r"那天|当天|那会|那阵|节|前|后|期间|放假|回|来|去|送")


def feast(text: str, today: date) -> Found:
    """Every feast and solar term, with the year before it where one is said (去年国庆, 2023年大年三十)."""
    for hit in _FEAST.finditer(text):
        word = hit["word"]
        said = _YEAR_BEFORE.search(text, max(0, hit.start() - 6), hit.start())
        if said is not None and hit["around"] is None:
            day = _in_year(word, _SPOKEN[said[1]] + today.year if said[1] in _SPOKEN else int(said[1][:4]))
            if day is not None:
                yield said.start(), hit.end(), valued(day, today)
                continue
        if not _BEFORE.search(text[max(0, hit.start() - 2) : hit.start()]):
            continue
        if word in _NEEDS_TIME and not (hit["feast"] or hit["around"] or _TIME_AFTER.match(text, hit.end())):
            continue
        ahead = lies_ahead(text, hit.start(), hit.end())
        around = hit["around"] or ""
        day = None if around and (around == "前后" or not around.endswith("后")) else _day_of(word, today, ahead)
        value = valued(day, today) if day is not None else (None, ahead)
        # After a feast is in its month, as far as anybody knows.
        yield hit.start(), hit.end(), (str(value[0])[:7], value[1]) if day is not None and around else value


@lru_cache(maxsize=256)
def _day_of(word: str, today: date, ahead: bool) -> date | None:
    """The last day of this feast up to today, or the next one where it lies ahead."""
    years = range(today.year - 1, today.year + 2) if ahead else range(today.year, today.year - 3, -1)
    days = (_in_year(word, year) for year in years)
    return next((day for day in days if day and (day >= today if ahead else day <= today)), None)


def _in_year(word: str, year: int) -> date | None:
    if word in _SOLAR:
        return make_day(year, *_SOLAR[word])
    # Heavy: only texts that name such a day need it.
    if word in _LUNAR:
        from tyme4py.lunar import LunarMonth

        month, day = _LUNAR[word]
        lunar = LunarMonth.from_ym(year, month)
        solar = lunar.get_days()[(day or lunar.get_day_count()) - 1].get_solar_day()
    else:
        from tyme4py.solar import SolarTerm

        solar = SolarTerm.from_name(year, word).get_julian_day().get_solar_day()
    return date(solar.get_year(), solar.get_month(), solar.get_day())
