"""The size of a household is read from the words that tell it, and from no others."""

from __future__ import annotations

import pytest

from nlp.people import find_people

SIZES: list[tuple[str, str | None, int | None]] = [
    ("家里三口人 俺娘瘫着", "三口人", 3), ("俺家五口人，", "五口人", 5), ("人口：4口人", "4口人", 4),
    ("两口人，儿子在外头打工", "两口人", 2), ("俺是低保户，一个人过，", "一个人", 1), ("全家4口，", "4口", 4),
    ("一家五口都", "一家五口", 5), ("家里就俺一个，", "俺一个", 1), ("家里6个人", "6个人", 6), ("人口：4", "4", 4),
    ("家里三口人就靠他一个人打零工", "三口人", 3), ("自己一个人住", "自己一个人", 1), ("一个人生活", "一个人", 1),
    ("五口之家", "五口", 5), ("俺家里共有3口人", "3口人", 3), ("家庭人口：5", "5", 5), ("人数 3", "3", 3),
    ("６口人", "６口人", 6), ("十口人", "十口人", 10), ("家里就老两口过", "老两口", 2), ("俺家十一口人", "十一口人", 11),
    ("常住三人，", "三人", 3), ("写少了，是六口", "六口", 6), ("四口不对，是五口", "五口", 5),
    ("应该是三口人，不是四口人", "三口人", 3), ("不是四口人，是三口人", "三口人", 3), ("一户四口", "一户四口", 4),
    ("老韩头一个人，", "一个人", 1), ("全家就我自己", "我自己", 1), ("全家人口4口", "4口", 4),
    ("就靠他一个人打零工", None, None), ("三口井", None, None), ("一口气", None, None), ("喝一口水", None, None),
    ("俺爷俩都还能动弹", "爷俩", 2), ("俺娘俩反锁里屋", "娘俩", 2), ("一个人过来", None, None), ("口罩", None, None),
    ("路口", None, None), ("来了五个人", None, None), ("涉及脱贫户六人", None, None), ("三口猪", None, None),
    ("一个人影没有", None, None), ("90口人", None, None), ("老头自个儿在家", None, None), ("每人二百", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "span", "value"), SIZES)
def test_the_size_of_a_household_is_read(text: str, span: str | None, value: int | None) -> None:
    """A size comes with its span as typed; wells, mouthfuls and persons at work are no size."""
    found = find_people(text)
    assert (found[0].slot.span, found[0].slot.value) == (span, value) if span else not found


@pytest.mark.parametrize(
    ("answer", "value"),
    [("3", 3), ("三个", 3), ("仨", 3), ("就俺自己", 1), ("俺俩", 2), ("一共5个人", 5), ("五口吧", 5), ("跳过", 0)],
)
def test_a_bare_answer_counts_when_it_was_asked_for(answer: str, value: int) -> None:
    """To the question for the size a bare number is an answer, else it is not."""
    found = find_people(answer, asked=True)
    assert (found[0].slot.value if found else 0) == value
