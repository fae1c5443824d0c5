"""Numbers as people in a village write them: 三千五, 一万二, 1.2w, 七八万, 叁仟, 十几, 万把, 2,600.

A number is a pair (low, high), both in ones; whole numbers are int, others Decimal (9.9). Exact numbers, and loose
ones that lean on one value (三万多, 小一万, 三千来), have low == high: the middle counts (docs/labels.md, Slots).
Only real ranges (七八万, 十几万) differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from nlp.spans import plain

Number = int | Decimal
# One character for one, so that positions stay: formal capitals, traditional forms and colloquial digits.
_SIMPLE = str.maketrans(
    "壹贰叁肆伍陆柒捌玖拾佰仟萬億弌贰叄陸〇俩仨两WkK", "一二三四五六七八九十百千万亿一二三六零二三二w千千"
)
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000, "w": 10_000}

# Fixed phrases that follow no grammar; 百十 is "a hundred or a bit more".
_PHRASES = {
    "百十": (100, 120), "百儿八十": (80, 100), "百八十": (80, 100), "千儿八百": (800, 1000),
    "万儿八千": (8000, 10_000), "大几千": (6000, 9000), "大几万": (60_000, 90_000), "大几百": (600, 900),
    "个把万": (10_000, 10_000), "个万": (10_000, 10_000), "个千": (1000, 1000), "个百": (100, 100),
    "万": (10_000, 10_000), "千": (1000, 1000), "百": (100, 100), "成百上千": (100, 1000),
}  # fmt: skip

_CHARS = "零〇一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟萬億叄陸俩仨两几廿卅"
# A run of number characters. At most 24 pieces: nobody writes more, and hostile input stays cheap.
_RUN = re.compile(
    rf"(?:小(?=[一二两三四五六七八九十1-9])|大(?=几[百千万])|个把?(?=[百千万](?:把|块|元|$)))?"
    rf"(?:[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,3}}(?![0-9])|[0-9]{{1,12}}(?:\.[0-9]{{1,4}})?(?![0-9])|[{_CHARS}]"
    rf"|(?<=[零一二两三四五六七八九])点(?=[零一二三四五六七八九]{{1,3}}[百千万亿])"
    rf"|(?<=[百千万])儿(?=八[十百千])|(?<=[0-9几])[wWkK](?![A-Za-z])"
    rf"|(?<=[十百千0几])[多来余](?=[百千万亿])){{1,24}}"
    rf"(?:[多来余](?!自|到|了|年|回|次|少|吃|看|谢|人手)|把(?=[块元个人斤亩，。,]|$))?"
)
_EACH = re.compile(r".*[百千万]一")
_COUNTER = re.compile(r"[个月年亩斤人天回趟户口次股头份件直共起般些定样]|下子?|分[没不钱]|块[儿去过]")
_FUZZY = re.compile(r"[多来余把]")
_LOOSE = re.compile(r"[多来余把小]|^[个百千万]+$")
_TOKEN = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|.")
_HAS_VALUE = re.compile(r"[0-9零一二三四五六七八九十百千万亿廿卅]")
_WAN = 10_000
_PAIR = re.compile(r"([一二三四五六七八九])([一二三四五六七八九])(?=[十百千万亿w]|$)")
_PLAIN_DIGITS = re.compile(r"[零一二三四五六七八九]{3,}|[零一二三四五六七八九]零")


@dataclass(frozen=True, slots=True)
class NumberAt:
    """A number in a text: positions [start, end) and its range in ones."""

    start: int
    end: int
    low: Number
    high: Number
    large: bool  # 万, 千 or 百 stand in it
    exact: bool  # neither a range nor a loose number (三万多)


def parse(words: str) -> tuple[Number, Number] | None:
    """The range that a number's words mean, low before high; None where they are no number."""
    text = plain(words.strip()).translate(_SIMPLE).replace("千w", "千")
    small = text.removeprefix("小") or text
    bare = _FUZZY.sub("", small)
    if bare in _PHRASES:
        return _PHRASES[bare]
    if "几" in bare:
        # 十几 is eleven to nineteen; 几 alone or before a unit is "a few", read as two to eight.
        low, high = ("一", "九") if re.search(r"十几", bare) else ("二", "八")
        return _both(bare.replace("几", low), bare.replace("几", high))
    if not _PLAIN_DIGITS.fullmatch(bare) and (pair := _PAIR.search(bare)):
        head, tail = bare[: pair.start()], bare[pair.end() :]
        return _both(head + pair[1] + tail, head + pair[2] + tail)
    return _both(bare, bare)


def _both(low: str, high: str) -> tuple[Number, Number] | None:
    """Both ends read exactly; None where one is no number or where they do not rise (三二)."""
    first, last = _exact(low), _exact(high)
    if first is None or last is None or first > last:
        return None
    return first, last


def _exact(text: str) -> Number | None:
    """One exact number in ones: 一万二 = 12000, 一千二百五 = 1250, 1万2千, 1.2w, 二〇二六 digit by digit."""
    if not _HAS_VALUE.search(text):
        return None
    if _PLAIN_DIGITS.fullmatch(text):
        return int("".join(str(_DIGITS[char]) for char in text)) if len(text) <= 12 else None
    number = _Sum()
    return number.value() if all(number.take(part) for part in _TOKEN.findall(text)) else None


@dataclass(slots=True)
class _Sum:
    """A number while it is read from left to right, part by part."""

    total: Decimal = Decimal(0)  # whole 万 and 亿
    section: Decimal = Decimal(0)  # what stands below the next 万
    current: Decimal | None = None  # the digit that waits for its unit
    unit: int = 1  # the unit read last
    literal: bool = False  # after 零 the last digit is ones (一千零五), else it is the next place (一千五)
    scale: Decimal | None = None  # after 点 each digit is worth a tenth of the one before

    def take(self, part: str) -> bool:
        """Read one part; False where no number goes on like that."""
        if part == "零":
            self.literal = True
        elif part == "点":
            self.scale = Decimal(1)
        elif part in _DIGITS or part[0] in "0123456789":
            return self._digit(Decimal(_DIGITS[part]) if part in _DIGITS else Decimal(part.replace(",", "")))
        elif part in "廿卅":
            self.section, self.unit = self.section + (20 if part == "廿" else 30), 10
        else:
            return part in _UNITS and self._unit(_UNITS[part])
        return True

    def _digit(self, value: Decimal) -> bool:
        if self.current is None:
            self.current = value
        elif self.scale is not None:
            self.scale /= 10
            self.current += value * self.scale
        else:
            return False
        return True

    def _unit(self, size: int) -> bool:
        if size >= _WAN:
            self.total += (self.section + (self.current or 0) or 1) * size
            self.section = Decimal(0)
        elif self.current is None and 1 < self.unit <= size:
            return False
        else:
            self.section += (1 if self.current is None else self.current) * size
        self.unit, self.current, self.literal, self.scale = size, None, False, None
        return True

    def value(self) -> Number:
        """The number read: a last digit after 百, 千 or 万 stands for the next place (一万二)."""
        if self.current is None:
            return whole(self.total + self.section)
        short = self.unit >= 100 and not self.literal and self.current < 10 and self.current == int(self.current)
        return whole(self.total + self.section + (self.current * self.unit / 10 if short else self.current))


def whole(value: Decimal) -> Number:
    """The value as int where it is a whole number."""
    return int(value) if value == int(value) else value.normalize()


def find_numbers(text: str) -> tuple[NumberAt, ...]:
    """Every number in the text, in reading order, spans as typed and with 多, 来, 把 behind it."""
    found = []
    flat = plain(text)
    for run in _RUN.finditer(flat):
        words = run[0]
        if _EACH.fullmatch(words) and _COUNTER.match(flat, run.end()):
            words = words[:-1]  # 两千一个, 五千一月: the last 一 belongs to what follows
        value = parse(words)
        while value is None and len(words) > 1 and len(run[0]) - len(words) < 3:
            words = words[:-1]  # 一千五一分不少
            value = parse(words)
        if value is not None:
            large = bool(re.search(r"[百千万亿佰仟萬億wWkK]", words))
            exact = value[0] == value[1] and not _LOOSE.search(words)
            found.append(NumberAt(run.start(), run.start() + len(words), *value, large, exact))
    return tuple(found)
