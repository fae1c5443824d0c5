"""One message may tell several visits; who is only spoken of was not visited."""

from __future__ import annotations

from datetime import datetime

import pytest

from nlp.facts import Facts
from nlp.gazetteer import Context, Gazetteer

FACTS = Facts(Gazetteer())
NOW = datetime.fromisoformat("2026-11-20T15:00:00+08:00")

SEVERAL: list[tuple[str, list[tuple[str, str | None]]]] = [
    ("走访李秀兰、孙长友、贾守田三家，都正常", [("李秀兰", None), ("孙长友", None), ("贾守田", None)]),
    ("上午去了李秀兰家，西屋漏雨。昨天去了孙长友家，没啥事", [("李秀兰", "2026-11-20"), ("孙长友", "2026-11-19")]),
    ("李秀兰、孙长友都正常，贾守田家漏雨", [("李秀兰", None), ("孙长友", None), ("贾守田", None)]),
    ("1. 李秀兰，正常\n2. 孙长友，西屋漏雨", [("李秀兰", None), ("孙长友", None)]),
    (
        "户主：李秀兰 日期：11月18日 情况：正常\n户主：孙长友 日期：11月19日 情况：炉子没生",
        [("李秀兰", "2026-11-18"), ("孙长友", "2026-11-19")],
    ),
    (
        "日期：11月18日 户主：李秀兰 情况：正常；日期：11月19日 户主：孙长友 情况：缺药",
        [("李秀兰", "2026-11-18"), ("孙长友", "2026-11-19")],
    ),
    (
        "序号,户主,日期,情况\n1,李秀兰,11月18日,正常\n2,孙长友,11月19日,缺药",
        [("李秀兰", "2026-11-18"), ("孙长友", "2026-11-19")],
    ),
    ("去李秀兰家，她说孙长友借了她钱", []),
    ("跟孙长友一起去了李秀兰家", []),
    ("今天走访张秀芹，张秀芹说药不够", []),
    ("不是孙长友，是孙长有", []),
    ("走访李秀兰家，正常", []),
    ("户主：李秀兰 日期：11月18日", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "parts"), SEVERAL)
def test_several_visits_come_out_one_by_one(text: str, parts: list[tuple[str, str | None]]) -> None:
    """Each household visited comes with the day told for it, the one before where it has none of its own."""
    found = FACTS.read(text, Context(NOW)).parts
    assert [(part.household, part.date and part.date.value) for part in found] == parts


def test_the_words_of_a_part_are_its_own() -> None:
    """What was found in one household is not told of another."""
    first, second = FACTS.read("上午去了李秀兰家，西屋漏雨。昨天去了孙长友家，没啥事", Context(NOW)).parts
    assert "漏雨" in first.text and "漏雨" not in second.text


def test_a_day_that_both_calendars_may_mean_is_known_as_such() -> None:
    """十月十一 is read by the calendar, and the lunar day stands beside it; 十一月十八 has no such twin."""
    dates = [FACTS.read(text, Context(NOW)).slots.date for text in ("十月十一去的", "十一月十八去的", "十月十一日去的")]
    assert [date and date.other for date in dates] == ["2026-11-19", None, None]
    assert [date and date.precision for date in dates] == ["day", "day", "day"]
