"""Sums written with their money word, read without any of `nlp`: so that a slot can be checked against the other sums
of a message, of which the labels name only one (docs/labels.md, Conventions)."""

from __future__ import annotations

import re

_DIGITS = {character: number for number, character in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "〇": 0}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SUM = re.compile(
    r"(?<![0-9.零一二两三四五六七八九十百千万半来多几])([0-9]+(?:\.[0-9]+)?|[零〇一二两三四五六七八九十百千万]+)"
    r"(万|千|百)?(?:块|元)(?![砖玉石瓦板地])"
)
_CORRECTS = re.compile(r"不是|不对|[写说打报记填弄搞][错岔反]|应该?是|应为|改[成为]|更正|原来|原先")


def corrects(text: str) -> bool:
    """Whether a message may correct a value, so that only the new one counts."""
    return bool(_CORRECTS.search(text))


def sums(text: str) -> frozenset[float]:
    """The yuan of every exact sum written with 块 or 元; loose sums and ranges are left out."""
    found = ((_number(hit[1]), hit[2]) for hit in _SUM.finditer(text.replace(",", "")))
    return frozenset(
        value * {"万": 10_000, "千": 1000, "百": 100}.get(unit or "", 1) for value, unit in found if value is not None
    )


def _number(words: str) -> float | None:
    """The number; None for digits read one by one (二〇二六) and for what is no number."""
    if words[0] in "0123456789":
        return float(words)
    whole, _, rest = words.rpartition("万")
    high = _below_myriad(whole) if whole else 0
    low = _below_myriad(rest) if rest else 0
    if high is None or low is None or (words.count("万") > 1) or (not whole and "万" in words):
        return None
    if whole and len(rest) == 1:  # 两万五
        low *= 1000
    return high * 10_000 + low


def _below_myriad(words: str) -> int | None:
    total, digit, unit = 0, None, 10_000
    for character in words:
        if character in _TENS:
            unit = _TENS[character]
            total += (1 if digit is None else digit) * unit
            digit = None
        elif digit is not None and digit != 0:
            return None
        else:
            digit = _DIGITS[character]
            unit = 10 if digit == 0 else unit
    if digit is None:
        return total
    return total + digit * (unit // 10 if 100 <= unit < 10_000 else 1)  # 三千五 is 3500
