"""Private numbers: mobiles, landlines, ID numbers and bank cards. Found, and masked on every surface.

`mask` is total: it takes any text and never fails; one already masked stays as it is. It looks at runs of digits
with at most two separators between digits, so its time grows with the length of the text only. ID numbers of 15 and
18 digits follow GB 11643; an area code that nobody knows any more is allowed, since elders' cards carry old ones.
A number that fails its checksum is still masked: a slip of the finger makes it no less private.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from itertools import accumulate

from nlp.spans import Span, plain

# What people put between the groups of a number, also marks that one cannot see.
_GAP = "[ \t\u00a0\u2002-\u200d\u2060\ufeff\\-–—·._)）]{0,2}"
_NUMBER = re.compile(
    rf"(?<![0-9])\+?[0-9](?:{_GAP}[0-9])*(?:{_GAP}[xX](?![A-Za-z])(?:{_GAP}[0-9]{{2}}){{0,2}}(?![0-9]))?(?:[Bb][0-9])?"
)
_FANCY = re.compile(r"[⁰¹²³⁴-⁹₀-₉①-⑨⓪]")
_SPELT = re.compile(
    r"(?<![零〇一二三四五六七八九幺])[一幺][三四五六七八九][零〇一二三四五六七八九幺]{9}(?![零〇"
    r"一二三四五六七八九幺])"
)
_SPELT_DIGITS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_MOBILE = re.compile(r"0{0,2}(?:86)?(1[3-9][0-9]{9})")
_LANDLINE = re.compile(r"0(?:10|2[0-57-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_GROUP = re.compile(r"[0-9xXbB+]+")
_MOST_GROUPS = 11  # a mobile number spelt out digit by digit
_NOT_DIGIT = re.compile(r"[^0-9xXbB]")


def find_private(text: str) -> tuple[Span, ...]:
    """Every private number in reading order; kinds are phone, landline, id, card and digits.

    `digits` is a run of fifteen or more that fits no rule: perhaps a card or an ID with a typing error.
    """
    flat = _FANCY.sub(lambda sign: str(unicodedata.digit(sign[0])), plain(text))
    found = [Span(hit.start(), hit.end(), "phone") for hit in _SPELT.finditer(flat)]
    for run in _NUMBER.finditer(flat):
        found.extend(_kinds(flat, run.start(), run.end()))
    return tuple(sorted(found))


def _kinds(text: str, start: int, end: int) -> list[Span]:
    """What one run of digits holds: stretches of groups that are a private number (两个号码用空格隔开)."""
    groups = [part.span() for part in _GROUP.finditer(text, start, end)]
    ends = [0, *accumulate(stop - begin for begin, stop in groups)]
    found: list[Span] = []
    first = 0
    while first < len(groups):
        for last in range(min(len(groups), first + _MOST_GROUPS), first, -1):  # longest match first
            left, right = groups[first][0], groups[last - 1][1]
            if last > first + 1 and not 10 <= ends[last] - ends[first] <= 24:
                continue
            sizes = {stop - begin for begin, stop in groups[first : last - 1]}
            what = kind(text[left:right])
            # A long number without a rule counts only in one piece or in fours, as cards are printed: three dates
            # in a row are none.
            if what is not None and (what != "digits" or sizes <= {4}):
                found.append(Span(left, right, what))
                first = last
                break
        else:
            first += 1
    return found


def kind(number: str) -> str | None:
    """What a number is: id, card, phone, landline, digits (long and unknown), or None where it is not private."""
    digits = _NOT_DIGIT.sub("", number)
    if is_id(digits) or (len(digits) in (20, 22) and is_id(digits[:18])):
        return "id"  # a disability card is the ID number and two or four more
    if _MOBILE.fullmatch(digits):
        return "phone"
    if digits.isdigit() and 16 <= len(digits) <= 19 and passes_luhn(digits):
        return "card"
    if len(digits) >= 15:
        return "digits"
    return "landline" if _LANDLINE.fullmatch(digits) else None


def is_id(digits: str) -> bool:
    """Whether this is a valid ID number: a real birthday, and the checksum where it has 18 places."""
    if len(digits) == 15 and digits.isdigit():
        return digits[0] in "123456789" and _is_day("19" + digits[6:12])
    if len(digits) != 18 or not digits[:17].isdigit() or digits[17] not in "0123456789xX":
        return False
    rest = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False)) % 11
    return digits[0] != "0" and _is_day(digits[6:14]) and "10X98765432"[rest] == digits[17].upper()


def _is_day(digits: str) -> bool:
    """Whether YYYYMMDD is a day of the calendar after 1850."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year > 1850
    except ValueError:
        return False


def passes_luhn(digits: str) -> bool:
    """The check of bank cards (ISO/IEC 7812): doubled every second digit from the right, the sum ends in 0."""
    if not digits or set(digits) == {"0"}:
        return False
    odd = sum(int(digit) for digit in digits[-1::-2])
    return (odd + sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])) % 10 == 0


def normal_phone(span: str) -> str:
    """A phone number as eleven digits without country code, gaps or spelling (一三八… too); a landline as typed."""
    flat = plain(span).translate(_SPELT_DIGITS)
    mobile = _MOBILE.fullmatch(_NOT_DIGIT.sub("", flat))
    return mobile[1] if mobile else span


def mask(text: str) -> str:
    """The text with private numbers hidden: 138****0000, ID first and last 4, card and long numbers last 4."""
    pieces, at = [], 0
    for span in find_private(text):
        if span.start < at:
            continue
        pieces += [text[at : span.start], _hidden(text[span.start : span.end], span.kind)]
        at = span.end
    return "".join([*pieces, text[at:]])


def _hidden(number: str, what: str) -> str:
    """One number with its middle gone; gaps between the digits go too."""
    flat = _FANCY.sub(lambda sign: str(unicodedata.digit(sign[0])), plain(number)).translate(_SPELT_DIGITS)
    digits = _NOT_DIGIT.sub("", flat)
    if what == "phone":
        return f"{digits[-11:-8]}****{digits[-4:]}"
    if what == "landline":
        return f"{digits[:4]}****{digits[-3:]}"
    if what == "id":
        return f"{digits[:4]}{'*' * (len(digits) - 8)}{digits[-4:]}"
    return f"{'*' * min(12, len(digits) - 4)}{digits[-4:]}"
