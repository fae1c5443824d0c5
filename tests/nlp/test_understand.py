"""A message is always read, whatever it is; the plain cases are read right (nlp/understand.py)."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.gazetteer import Context, Gazetteer, Role
from nlp.reading import Intent, Signal
from nlp.understand import Reader

READER = Reader(Gazetteer())
NOW = datetime.fromisoformat("2026-11-20T15:00:00+08:00")
PIECES = "俺娘住院没钱书记贪了不想活着火停水低保咋办走访王桂英家正常谢谢取消接单13800001234，。！？\n：:　１２三四五\x00\ud83d"


def read(text: str, role: Role = "resident") -> object:
    return READER.understand(text, Context(NOW, role))


@pytest.mark.parametrize(
    ("role", "text", "intent"),
    [
        ("cadre", "今天去了张秀英家，老人身体好，药也够吃", Intent.VISIT),
        ("cadre", "入户走访三户，都正常，照片回去传", Intent.VISIT),
        ("resident", "俺爹住院押金交不上，还差五千", Intent.HARDSHIP),
        ("resident", "屋顶塌了个窟窿，下雨没法住", Intent.HARDSHIP),
        ("resident", "村主任收钱才给办低保，俺要举报", Intent.COMPLAINT),
        ("resident", "路灯坏了半个月了没人修", Intent.COMPLAINT),
        ("resident", "办残疾证需要什么材料", Intent.POLICY),
        ("resident", "俺上个月交的低保申请批了没有", Intent.PROGRESS),
        ("resident", "刚才说错了，是三口人不是四口人", Intent.SUPPLEMENT),
        ("resident", "取消", Intent.WITHDRAW),
        ("resident", "刚才那条发错了，撤回吧", Intent.WITHDRAW),
        ("resident", "谢谢恁，钱收到了", Intent.THANKS),
        ("resident", "没解决", Intent.THANKS),
        ("cadre", "接单", Intent.MANAGE),
        ("cadre", "待办", Intent.MANAGE),
        ("supervisor", "把马楼村停水的事转给水利局", Intent.MANAGE),
        ("supervisor", "全区超时的都列出来", Intent.MANAGE),
        ("resident", "俺不想活了", Intent.CRISIS),
        ("resident", "哈哈今天冷死个人", Intent.CHITCHAT),
        ("resident", "早上好", Intent.CHITCHAT),
        ("resident", "这个咋用", Intent.HELP),
        ("resident", "菜单", Intent.HELP),
    ],
)
def test_plain_messages(role: Role, text: str, intent: Intent) -> None:
    """What two readers would never quarrel about is read so."""
    assert READER.understand(text, Context(NOW, role)).intent is intent


def test_a_clean_visit_opens_no_need() -> None:
    """A visit that finds nothing carries no need, or a case would open by itself."""
    reading = READER.understand("昨天去了孙长友家，药还有半月的量，没啥问题", Context(NOW, "cadre"))
    assert reading.intent is Intent.VISIT
    assert not reading.says(Signal.NEED)


def test_a_need_found_on_a_visit_is_told() -> None:
    """A visit that finds a need stays a visit, and its urgency is never C."""
    reading = READER.understand("今天走访李秀兰家，西屋漏雨，床都湿了，没钱修", Context(NOW, "cadre"))
    assert reading.intent is Intent.VISIT
    assert reading.says(Signal.NEED)
    assert reading.urgency in ("A", "B")


def test_a_handler_who_tells_what_was_done_reports_no_new_need() -> None:
    """情况属实，已联系医院 is about a case in hand."""
    text = "李秀兰家情况属实，已联系医院先做手术，报镇里申请临时救助"
    reading = READER.understand(text, Context(NOW, "cadre"))
    assert reading.intent in (Intent.SUPPLEMENT, Intent.MANAGE, Intent.VISIT)
    assert not reading.says(Signal.NEED)


def test_an_outage_of_a_village_is_a_thing_and_not_sealed() -> None:
    """村里 that only says where accuses nobody."""
    reading = READER.understand("村里自来水从星期二就没水了，一庄子人都没法做饭", Context(NOW))
    assert reading.says(Signal.THING)
    assert reading.blame <= 0.05


def test_voice_notes_and_emptiness_are_told_apart() -> None:
    """A voice note is media; nothing at all is not understood; both are read."""
    assert READER.understand("[语音 17秒]", Context(NOW)).says(Signal.MEDIA_ONLY)
    assert READER.understand("   ", Context(NOW)).says(Signal.NOT_UNDERSTOOD)
    assert READER.understand("😂😂", Context(NOW)).intent is Intent.CHITCHAT


@given(st.one_of(st.text(max_size=300), st.text(alphabet=PIECES, max_size=200)))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_a_reading(text: str) -> None:
    """Never an exception; probabilities are probabilities, and the deciding words stand in the text."""
    reading = READER.understand(text, Context(NOW))
    assert reading.text == text
    assert 0 <= reading.confidence <= 1
    assert 0 <= reading.blame <= 1
    assert reading.intent not in reading.also
    assert all(word in text for word in reading.why)
    assert reading.ask is None or 2 <= len(reading.ask) <= 3


@pytest.mark.parametrize("unit", ["俺娘住院没钱", "不", "没有钱，", "1", "书记", "\n", "王", "一", "着火了快来人！"])
def test_a_huge_message_takes_no_longer(unit: str) -> None:
    """100,000 characters are read in far under a second."""
    began = time.perf_counter()
    READER.understand(unit * (100_000 // len(unit)), Context(NOW))
    assert time.perf_counter() - began < 2


def test_the_same_message_gives_the_same_reading() -> None:
    """A reading depends on text and context alone."""
    text = "俺娘住院交不上押金，还差八千"
    assert READER.understand(text, Context(NOW)) == Reader(Gazetteer()).understand(text, Context(NOW))
