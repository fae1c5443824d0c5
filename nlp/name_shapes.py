"""What a name may look like (名字的样子): every stretch of a message that has the shape of a household's name.

王桂英, 邵三, 韩六子, 老周, 小姜, 大刘, 红嫂, 春花婶, 李大爷, 郑家, 苗苗, 燕子, 瞎老四, 三妗子, 师娘, 姓逯的. Nothing is decided here: most
of them are no names, and nlp/open_names.py weighs each by its letters and by the words around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nlp.name_words import BOLD, COMPOUND, KIN, MORE_SURNAMES, NEVER, SURNAMES, TYPICAL

# Surnames of any kind; the rare ones of MORE_SURNAMES are known to the weights alone, never to the rules.
ANY_SURNAME = SURNAMES | MORE_SURNAMES
_NO_LETTER = NEVER - BOLD - TYPICAL - frozenset("果妹姐英凤会前左")
_KIN = re.compile("|".join(sorted(KIN, key=len, reverse=True)))
_BY_NAME = re.compile(
    r"(?:瞎|聋|哑|瘸|傻|秃|麻|拐|憨|歪|疯|胖|黑|罗锅|豁)子?(?:老[大二三四五六七八九]|[大小]?[二三四五六七八九]|[一-鿿])?"
)
_MAIMED = re.compile(r"(?:瞎|聋|哑|瘸|傻|秃|疯|胖)子?")
_RANKED = re.compile(
    r"[大二三四五六七八九老小]{1,2}(?:大爷|大娘|妗子|奶奶|爷爷|爷|叔|婶子?|嫂子?|舅|姨|姑|伯|娘|妮子?|丫头?|柱|孬|狗|蛋|歪|拐|愣子?|憨|嘎子?)"
)
_ROLE = re.compile(r"师娘|老(?:班长|书记|支书|校长|会计|队长|主任|先生)")
_SURNAMED = re.compile(r"姓([一-鿿])")
_CALLS = {"老": "old", "小": "young", "大": "big", "阿": "pet"}
_COUNTS = frozenset("一二三四五六七八九十大小老")
_DIGITS = frozenset("一二三四五六七八九十两几")
_LITTLE = frozenset("子儿头孩妮")  # 韩六子
_CHILD = frozenset("子儿妮娃丫")  # 燕子
_DOUBLED = frozenset("子儿妮妹娃丫蛋豆")  # 小柱子
_UNUSUAL = -5  # the log odds of a character that no name of the dictionary has


@dataclass(frozen=True, slots=True)
class Shape:
    """A stretch [start, end) of a text that may be a name, and its kind (full, old, titled, given …)."""

    start: int
    end: int
    kind: str


def is_han(letter: str) -> bool:
    """Whether this is one Chinese character."""
    return "一" <= letter <= "鿿"


def usual(letter: str, odds: Mapping[str, int]) -> int:
    """How much more often a character stands in given names than elsewhere, as a rounded logarithm from -5 to 5."""
    return odds.get(letter, _UNUSUAL)


def find_shapes(text: str, odds: Mapping[str, int]) -> Iterator[Shape]:
    """Every shape of the plain text by its start; `odds` are those of `usual`. Some come twice, as two kinds."""
    for start, letter in enumerate(text):
        if is_han(letter):
            yield from _surnamed(text, start)
            yield from _called(text, start, odds)
            yield from _given(text, start, odds)
    for pattern, kind in ((_RANKED, "ranked"), (_ROLE, "role")):
        for hit in pattern.finditer(text):
            yield Shape(hit.start(), hit.end(), kind)
    for hit in _SURNAMED.finditer(text):
        yield Shape(*hit.span(1), "surnamed")
    for hit in _BY_NAME.finditer(text):
        for stem in (hit.end(), _end(_MAIMED, text, hit.start())):
            kin = _KIN.match(text, stem) if stem else None
            if stem:
                yield Shape(hit.start(), kin.end() if kin else stem, "by_name")


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    hit = pattern.match(text, start)
    return hit.end() if hit else 0


def _letter(text: str, at: int) -> bool:
    """Whether a character of a given name may stand there."""
    return at < len(text) and is_han(text[at]) and text[at] not in _NO_LETTER


def _surnamed(text: str, start: int) -> Iterator[Shape]:
    """王桂英, 邵三, 韩六子, 李大爷, 郑家, 欧阳庆."""
    if text[start : start + 2] in COMPOUND:
        yield from (Shape(start, end, "full") for end in (start + 3, start + 4) if _letter(text, end - 1))
    if text[start] not in ANY_SURNAME:
        return
    if _letter(text, start + 1):
        yield Shape(start, start + 2, "short")
        if _letter(text, start + 2):
            yield Shape(start, start + 3, "full")
    if text[start + 1 : start + 2] in _COUNTS:
        yield Shape(start, start + 2, "numbered")
        if text[start + 2 : start + 3] in _LITTLE:
            yield Shape(start, start + 3, "numbered")
    if (kin := _KIN.match(text, start + 1)) is not None:
        yield Shape(start, kin.end(), "titled")


def _called(text: str, start: int, odds: Mapping[str, int]) -> Iterator[Shape]:
    """老周, 小姜, 大刘, 阿秀, each with a word of kin behind it too; 小柱子, 小豆豆."""
    kind = _CALLS.get(text[start])
    if kind is None or not _letter(text, start + 1):
        return
    first, second = text[start + 1], text[start + 2 : start + 3]
    if kind != "big" or first in ANY_SURNAME:
        yield Shape(start, start + 2, kind)
        if (kin := _KIN.match(text, start + 2)) is not None:
            yield Shape(start, kin.end(), kind + "+kin")
    if kind == "young" and (
        second in _DOUBLED or second == first or (min(usual(first, odds), usual(second or " ", odds)) > 0)
    ):
        yield Shape(start, start + 3, "young3")


def _given(text: str, start: int, odds: Mapping[str, int]) -> Iterator[Shape]:
    """红嫂, 春花婶, 苗苗, 铁柱, 燕子: a given name, bare or with a word of kin."""
    letter = text[start]
    if letter in _DIGITS or letter in _NO_LETTER:
        return
    odd = usual(letter, odds)
    if letter not in ANY_SURNAME and odd >= 0 and (kin := _KIN.match(text, start + 1)) is not None:
        yield Shape(start, kin.end(), "given1+kin")
    if _letter(text, start + 1):
        both = odd + usual(text[start + 1], odds)
        if both >= 0 and (kin := _KIN.match(text, start + 2)) is not None:
            yield Shape(start, kin.end(), "given+kin")
        if both >= 1 or letter == text[start + 1]:
            yield Shape(start, start + 2, "given")
    if text[start + 1 : start + 2] in _CHILD:
        yield Shape(start, start + 2, "child")
