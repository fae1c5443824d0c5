"""Danger to life is heard in words and in hints; everyday talk of dying is not (nlp/danger.py)."""

from __future__ import annotations

import pytest

from nlp.danger import danger
from nlp.lexicon import Lexicon

LEXICON = Lexicon()

CRISIS = [
    ("俺是真不想活了", "said outright"),
    ("他把除草剂喝了一口，快来人", "poison taken"),
    ("活够了，存折给闺女留下了，往后别惦记俺", "a farewell with everything given away"),
    ("狗送人了，钥匙放门墩上，下辈子再说吧", "a farewell with everything given away"),
    ("俺男人又拿着刀在院里，俺躲在柴房", "violence going on"),
    ("闺女身上青一块紫一块，她后爹又打她了", "signs of a child being hurt"),
    ("俺孙子走丢了，六岁，快帮着找", "a child is missing"),
    ("叔叔，要是爸爸喝醉了，小孩能不能去你们那里睡", "a child asks in a roundabout way"),
    ("邻居家小孩叫人锁在狗笼里", "a child locked up"),
    ("人割了手腕，血还在淌", "self-harm"),
]
NO_CRISIS = [
    ("累死了累死了，今天活都干不完哈哈", "累死: a figure of speech"),
    ("想死你了嘿嘿", "想死: a figure of speech"),
    ("今年杀年猪，都来喝酒", "killing a pig"),
    ("跳楼价甩卖，最后三天", "跳楼价: a price"),
    ("昨晚做梦房子着火，吓死我了", "a dream"),
    ("电视里那个人跳河了，演得真好", "a film"),
    ("新闻上说有个小孩走丢了", "news"),
    ("笑死了，孙子说要去捅马蜂窝", "a joke"),
    ("夜来说的寻短见是气话，别当真", "taken back"),
    ("大娘心里难受，不过没有轻生的意思", "said not to be so"),
    ("俺打工的钱还没发", "打工 is no blow"),
    ("拿棍顶着门框，怕倒", "a stick that props a door"),
    ("牛死了好几头，赔光了", "the cattle died"),
    ("高考的鞭炮放了半里地", "鞭炮 is no whip"),
    ("打电话问问，孩子的户口本丢了", "a lost booklet"),
]
GOING_ON = [
    "堂屋着火了！快来！",
    "煤气漏气了，满屋子味，人头晕",
    "墙塌了，人压在底下",
    "水漫进屋里了，老人困在屋顶上",
    "电线掉地上冒火花，没人敢过",
]
NOT_GOING_ON = [
    "去年着火烧了两间屋，还没修",
    "夜来着火了，已经扑灭，没伤人",
    "村里搞防火演练，模拟着火",
    "怕煤气中毒，给装个报警器吧",
    "做梦梦见着火了",
]


@pytest.mark.parametrize(("text", "why"), CRISIS, ids=[why + " " + text[:6] for text, why in CRISIS])
def test_words_and_hints_call_a_human(text: str, why: str) -> None:
    """A crisis is called from words and from hints, and the deciding words are given as they stand."""
    found = danger(LEXICON.find(text))
    assert found.crisis, why
    assert found.why
    assert all(word in text for word in found.why)


@pytest.mark.parametrize(("text", "why"), NO_CRISIS, ids=[why + " " + text[:6] for text, why in NO_CRISIS])
def test_everyday_words_call_nobody(text: str, why: str) -> None:
    """Figures of speech, jokes, films, news, dreams, withdrawals and look-alikes make no crisis by rule."""
    assert not danger(LEXICON.find(text)).crisis, why


@pytest.mark.parametrize("text", GOING_ON)
def test_a_danger_going_on_is_heard(text: str) -> None:
    """Fire, gas, collapse, flood and live wires told as happening now are danger now."""
    assert danger(LEXICON.find(text)).now


@pytest.mark.parametrize("text", NOT_GOING_ON)
def test_a_danger_that_is_over_or_feared_is_not_now(text: str) -> None:
    """What is past, put out, feared, practised or dreamt is not going on now."""
    assert not danger(LEXICON.find(text)).now


def test_danger_by_an_officer_is_marked() -> None:
    """Violence by somebody in office is marked, so that the village is not told."""
    assert danger(LEXICON.find("村主任现在正打俺爹，快来人")).by_officer
    assert not danger(LEXICON.find("俺男人现在正打孩子，快来人")).by_officer
