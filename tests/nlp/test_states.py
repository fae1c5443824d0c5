"""States beside the intent: denied, nameless, urgent, poor household, media (nlp/states.py)."""

from __future__ import annotations

import pytest

from nlp.lexicon import Lexicon
from nlp.reading import Intent
from nlp.states import denies, life_at_stake, media_only, nameless, poor_household

LEXICON = Lexicon()


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("家里啥都好，没有返贫风险", Intent.VISIT, True),
        ("老人说没啥困难", Intent.VISIT, True),
        ("不是投诉，就是问问", Intent.COMPLAINT, True),
        ("我不是要告谁，就说说", Intent.COMPLAINT, True),
        ("水来了，不用来人了", Intent.WITHDRAW, True),
        ("一切正常，老人身体没事", Intent.VISIT, False),
        ("不是没困难，是不好意思说", Intent.HARDSHIP, False),
        ("风险消除后还享受政策不", Intent.POLICY, False),
        ("书记让撤的，不撤不行", Intent.WITHDRAW, False),
        ("家里没钱了，忒困难", Intent.HARDSHIP, False),
    ],
)
def test_denial(text: str, intent: Intent, expected: bool) -> None:
    """Only what is denied outright counts; 正常 and 没事 inside a report do not."""
    assert denies(LEXICON.find(text), intent) is expected


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("千万别说是俺说的", Intent.COMPLAINT, True),
        ("名字就不留了", Intent.COMPLAINT, True),
        ("请给我保密", Intent.COMPLAINT, True),
        ("别叫村里知道是谁反映的", Intent.COMPLAINT, True),
        ("举报的话名字给保密不", Intent.POLICY, False),
        ("匿名举报受理吗", Intent.POLICY, False),
        ("俺娘的病别拖了", Intent.HARDSHIP, False),
    ],
)
def test_secrecy(text: str, intent: Intent, expected: bool) -> None:
    """A wish for secrecy counts; asking whether names are kept secret is a question."""
    assert nameless(LEXICON.find(text), intent) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("俺爹喘不上气，脸都紫了", True),
        ("医院说明天就停药", True),
        ("房子塌了半边，今晚没处睡", True),
        ("透析的钱没了，后天就上不了透析", True),
        ("房顶漏雨，得接盆", False),
        ("欠了三万块钱的账", False),
        ("腿疼，走不动", False),
    ],
)
def test_life_at_stake(text: str, expected: bool) -> None:
    """Urgency A by rule: life now, treatment stopping within a day, no safe roof tonight."""
    assert life_at_stake(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("俺家是监测户", True), ("俺吃低保", True), ("想办低保户", False), ("俺不是低保户", False), ("家里困难", False)],
)
def test_poor_household(text: str, expected: bool) -> None:
    """The sender calls the household 监测户, 低保户 or 特困; asking to become one is not being one."""
    assert poor_household(LEXICON.find(text)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[语音 17秒]", True),
        ("[图片]", True),
        ("【视频】", True),
        ("[语音] 俺家漏雨", False),
        ("[捂脸]", False),
        ("发了个图片", False),
        ("", False),
    ],
)
def test_media_only(text: str, expected: bool) -> None:
    """A voice note or photo without words is marked as such."""
    assert media_only(text) is expected
