"""Private numbers are found and hidden on every surface, whatever the text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.phones import find_private, is_id, mask, normal_phone, passes_luhn

# ID numbers here are made up: a valid checksum over an invented person.
MASKED: list[tuple[str, str]] = [
    ("电话13900003306 情况", "电话139****3306 情况"),
    ("138 0000 1234", "138****1234"),
    ("138-0000-1234", "138****1234"),
    ("+86-138-0000-1234", "138****1234"),
    ("8613800001234", "138****1234"),
    ("１３８００００１２３４", "138****1234"),
    ("1 3 8 0 0 0 0 1 2 3 4", "138****1234"),
    ("一三八零零零零一二三四找我", "138****1234找我"),
    ("幺三八零零零零幺二三四", "138****1234"),
    ("138\u200b0000\u200b1234", "138****1234"),
    ("tel13800001234", "tel138****1234"),
    ("13800001234 13900001234", "138****1234 139****1234"),
    ("13800001234，13900001234", "138****1234，139****1234"),
    ("2026-11-18 13800001234", "2026-11-18 138****1234"),
    ("0632-7712345", "0632****345"),
    ("11010519491231002X", "1101**********002X"),
    ("11010519491231002x", "1101**********002x"),
    ("110105 19491231 002X", "1101**********002X"),
    ("370404650101123", "3704*******1123"),
    ("370404196512011234", "************1234"),
    ("4111 1111 1111 1111", "************1111"),
    ("6222 0212 3456 7890 123", "************0123"),
    ("6222021234567890123", "************0123"),
    ("残疾证11010519491231002X44", "残疾证1101************2X44"),
    ("138****0000", "138****0000"),
    ("1101**********002X", "1101**********002X"),
    ("11月18日", "11月18日"),
    ("20261118", "20261118"),
    ("2026-11-18 2026-11-19 2026-11-20", "2026-11-18 2026-11-19 2026-11-20"),
    ("打12317或12345", "打12317或12345"),
    ("110 120 119", "110 120 119"),
    ("欠了12000块", "欠了12000块"),
    ("1380000123", "1380000123"),
    ("回执号 YC8K2M9Q", "回执号 YC8K2M9Q"),
    ("370404103201", "370404103201"),
    ("一二三四五", "一二三四五"),
    ("二〇二六年十一月", "二〇二六年十一月"),
    ("", ""),
    ("没有号码", "没有号码"),
    ("🙂13800001234🙂", "🙂138****1234🙂"),
]


@pytest.mark.parametrize(("text", "hidden"), MASKED)
def test_private_numbers_are_hidden(text: str, hidden: str) -> None:
    """Phones, ID numbers and cards lose their middle; dates, sums, hotlines and receipts stay."""
    assert mask(text) == hidden


@given(st.text())
def test_mask_takes_any_text(text: str) -> None:
    """The mask never fails, and what it has masked it leaves alone."""
    once = mask(text)
    assert mask(once) == once


@given(st.text(alphabet="0123456789 -xX一三八零", max_size=80))
def test_no_mobile_number_survives(text: str) -> None:
    """After the mask no run of digits is a mobile number or an ID number."""
    assert all(span.kind not in ("phone", "id", "card") for span in find_private(mask(text)))


@pytest.mark.parametrize("piece", ["1", "1 ", "1-", "13800001234 ", "一", "0x", "1 38 ", "8613"])
def test_hostile_input_takes_linear_time(piece: str) -> None:
    """A hundred thousand characters are masked in seconds, whatever they are."""
    text = (piece * 100_000)[:100_000]
    start = time.perf_counter()
    mask(text)
    assert time.perf_counter() - start < 5


def test_old_area_codes_are_allowed() -> None:
    """An ID number is judged by its birthday and checksum, not by today's list of areas."""
    assert is_id("11010519491231002X")
    assert is_id("370404650101123")
    assert not is_id("110105194912310021")
    assert not is_id("370404651301123")


def test_cards_are_told_by_luhn() -> None:
    """The check digit of a card is checked."""
    assert passes_luhn("4111111111111111")
    assert not passes_luhn("4111111111111112")
    assert not passes_luhn("0000000000000000")


@pytest.mark.parametrize(
    ("span", "number"),
    [("138 0000 1234", "13800001234"), ("一三八零零零零一二三四", "13800001234"), ("0632-7712345", "0632-7712345")],
)
def test_a_phone_has_one_normal_form(span: str, number: str) -> None:
    """However a mobile number is typed, its value is eleven digits."""
    assert normal_phone(span) == number
