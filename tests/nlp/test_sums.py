"""Sums written with 块 or 元, read apart from the reader that they check."""

from __future__ import annotations

import pytest

from evaluation.sums import corrects, sums


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("押金三千五百块", {3500}), ("欠两万五块", {25_000}), ("1.2万元", {12_000}), ("3,500元", {3500}),
        ("一百零八元", {108}), ("三千五块", {3500}), ("一天二十块，一月六百元", {20, 600}),
        ("三千来块", set()), ("五块砖", set()), ("二〇二六元", set()), ("三口人", set()),
    ],
)  # fmt: skip
def test_every_exact_sum_with_its_money_word_is_found(text: str, yuan: set[int]) -> None:
    """Loose sums and ranges are left out, since nothing tells which value a label would give them."""
    assert sums(text) == yuan


def test_in_a_correction_only_the_new_sum_counts() -> None:
    """So that no other sum of such a message is taken for right."""
    assert corrects("是八百块不是五百块")
    assert not corrects("欠八百块，还了五百块")
