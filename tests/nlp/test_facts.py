"""All facts of a message come out together, whatever the message is."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.facts import Facts
from nlp.gazetteer import Context, Gazetteer, KnownHousehold, Place

NOW = datetime(2026, 11, 20, 15, tzinfo=timezone(timedelta(hours=8)))
GAZETTEER = Gazetteer(
    places=(
        Place("T1", "峨山镇"), Place("T2", "榴园镇"), Place("V1", "石门东村", (), "T1"), Place("V2", "贾泉村", (), "T2"),
        Place("V3", "马楼村", (), "T1"),
    ),
    households=(
        KnownHousehold("h1", "李秀兰", "V1"), KnownHousehold("h2", "孙长友", "V1"), KnownHousehold("h3", "孙长有", "V1"),
        KnownHousehold("h4", "贾守田", "V2"),
    ),
)  # fmt: skip
FACTS = Facts(GAZETTEER)

MESSAGES: list[tuple[str, dict[str, Any]]] = [
    (
        "夜来下午去了孙长友家，老人自己在家，药还有半月的量，屋里炉子生起来了，没啥问题",
        {"household": "孙长友", "date": ("夜来", "2026-11-19")},
    ),
    (
        "走访 户主：李秀兰 日期：11月19日 见到谁：本人 身体：正常 住房：西屋漏雨",
        {"household": "李秀兰", "date": ("11月19日", "2026-11-19")},
    ),
    (
        "俺家那口子前天在工地上摔下来了，在区医院住着，押金还差一万二，大夫说交不上明天就不给做手术",
        {"date": ("前天", "2026-11-18"), "amount": ("一万二", 12000)},
    ),
    ("两口人，儿子在外头打工", {"people": ("两口人", 2)}),
    ("刚才说错了，押金差的是一万五", {"amount": ("一万五", 15000)}),
    ("村里自来水从星期二就没水了，一庄子人都没法做饭", {"date": ("星期二", "2026-11-17")}),
    (
        "上午入户贾守田家，他闺女职高学费欠着2600，家里三口人就靠他一个人打零工",
        {"household": "贾守田", "date": ("上午", "2026-11-20"), "amount": ("2600", 2600), "people": ("三口人", 3)},
    ),
    ("石门东村书记把他小舅子弄成低保户了", {"village": "石门东村"}),
    (
        "俺叫牛广才，榴园镇贾泉村的，电话139-0000-3306，上个月摔的，欠医院两万六",
        {"household": "牛广才", "village": "贾泉村", "town": "榴园镇", "date": ("上个月", "2026-10"),
         "amount": ("两万六", 26000), "phone": "13900003306"},
    ),
    ("还在不在", {}),
    ("取消", {}),
    ("[语音 17秒]", {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "slots"), MESSAGES)
def test_all_slots_of_a_message_come_out(text: str, slots: dict[str, Any]) -> None:
    """Every slot that stands in the words is read, and no other."""
    found = FACTS.read(text, Context(NOW)).slots
    got = {
        "household": found.household,
        "village": found.village,
        "town": found.town,
        "date": found.date and (found.date.span, found.date.value),
        "amount": found.amount and (found.amount.span, found.amount.value),
        "people": found.people and (found.people.span, found.people.value),
        "phone": found.phone,
    }
    assert {name: value for name, value in got.items() if value is not None} == slots


def test_a_wrong_date_in_a_form_is_named() -> None:
    """A field that cannot be read is named by its label."""
    assert FACTS.read("户主：李秀兰 日期：13月40日", Context(NOW)).problems == ("日期",)
    assert FACTS.read("户主：李秀兰 日期：11月19日", Context(NOW)).problems == ()
    assert FACTS.read("户主：李秀兰 人口：很多", Context(NOW)).problems == ("人口",)


def test_a_bad_date_field_is_a_problem_although_another_day_is_named() -> None:
    """A day elsewhere in the form does not hide a date field that cannot be read."""
    assert FACTS.read("户主：李秀兰 日期：13月40日 情况：昨天漏的", Context(NOW)).problems == ("日期",)


def test_the_date_field_of_a_form_is_its_date() -> None:
    """The day in the date field goes before days told elsewhere."""
    found = FACTS.read("情况：前天摔的 户主：李秀兰 日期：11月19日", Context(NOW))
    assert found.slots.date is not None and found.slots.date.value == "2026-11-19"


def test_a_forms_head_is_the_first_household() -> None:
    """The head of a form is taken exactly, and first."""
    found = FACTS.read("备注：孙长有也在 户主：孙长友", Context(NOW, areas=("V1",)))
    assert found.slots.household == "孙长友"
    assert found.households[0].candidates == ("h2",)


def test_a_bare_answer_fits_the_question() -> None:
    """What was asked for last is read from a bare answer."""
    assert FACTS.read("三个", Context(NOW, asked="people")).slots.people is not None
    assert FACTS.read("幸福里", Context(NOW, asked="place")).slots.village == "幸福里"
    assert FACTS.read("三个", Context(NOW)).slots.people is None
    for words in ("跳过", "不知道", "就在俺家门口", "家里", "榴园镇"):
        assert FACTS.read(words, Context(NOW, asked="place")).slots.village is None


def test_spans_taken_lie_in_the_text_in_order() -> None:
    """The positions of all facts are given in reading order and cut out what was typed."""
    text = "夜来去石门东村李秀兰家，差一万二"
    taken = FACTS.read(text, Context(NOW)).taken
    assert [(text[one.start : one.end], one.kind) for one in taken] == [
        ("夜来", "date"), ("石门东村", "village"), ("李秀兰", "household"), ("一万二", "amount"),
    ]  # fmt: skip


PIECES = st.sampled_from(
    [
        *"一二三四五六七八九十百千万零几多来把半两俩块元年月日号周前后今昨夜来户主：村镇庄王李孙老家叫是不，。 \n1234567890.-/xXw",
        "孙长有", "石门东村", "峨山镇", "11月18日", "13800001234", "腊月", "户主：", "不是", "应该是", "２", "\u200b", "😀",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    """Any text at all is read without an error, and every span stands in it."""
    found = FACTS.read(text, Context(NOW, areas=("V1", "T1")))
    for slot in (found.slots.date, found.slots.amount, found.slots.people):
        assert slot is None or slot.span in text
    assert all(0 <= one.start < one.end <= len(text) for one in found.taken)


@pytest.mark.parametrize(
    "piece",
    [
        "一",
        "1",
        "村",
        "王",
        "王桂音",
        "户主：",
        "1.",
        "11月18日",
        "不是一万",
        "腊月二十",
        "老王家",
        "家里就",
        "\n",
        "前天",
    ],
)
def test_a_hundred_thousand_characters_are_read_in_seconds(piece: str) -> None:
    """Time grows with the length of the text only."""
    text = (piece * 100_000)[:100_000]
    start = time.perf_counter()
    FACTS.read(text, Context(NOW, areas=("V1",)))
    assert time.perf_counter() - start < 10
