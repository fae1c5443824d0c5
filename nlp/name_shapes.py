"""What a name may look like (名字的样子): every stretch of a message that has the shape of a household's name.

王桂英, 邵三, 韩六子, 老周, 小姜, 大刘, 红嫂, 春花婶, 李大爷, 郑家, 苗苗, 燕子, 瞎老四, 三妗子, 师娘, 姓逯的.
Nothing is decided here: most of them are no names, and nlp/open_names.py weighs each by its letters and by the
words around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from nlp.name_words import BOLD, COMPOUND, KIN, MORE_SURNAMES, NEVER, SURNAMES, TYPICAL
from nlp.segment import frequencies

# Surnames of any kind; the rare ones of MORE_SURNAMES are known to the weights alone, never to the rules.
ANY_SURNAME = SURNAMES | MORE_SURNAMES
_NO_LETTER = NEVER - BOLD - TYPICAL - frozenset("果妹姐英凤会前左向从头元如")
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
_OFTEN, _USUAL = 60, 500  # so often a word was met that two characters of it are hardly a name, and never
_GREAT_OLD = re.compile(r"大老[一-鿿]")  # 大老黑, 大老孙
_CALLS = {"老": "old", "小": "young", "大": "big", "阿": "pet"}
_COUNTS = frozenset("一二三四五六七八九十大小老")
_FIRST = ANY_SURNAME | {surname[0] for surname in COMPOUND}
_DIGITS = frozenset("一二三四五六七八九十两几")
_LITTLE = frozenset("子儿头孩妮")  # 韩六子
_CHILD = frozenset("子儿妮娃丫")  # 燕子
_DOUBLED = frozenset("子儿妮妹娃丫蛋豆")  # 小柱子
_UNUSUAL = -5  # the log odds of a character that no name of the dictionary has


class Shape(NamedTuple):
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
    """Every shape of the plain text; `odds` are those of `usual`. Some come twice, as two kinds."""
    met = frequencies().get
    fits = [letter not in _NO_LETTER and is_han(letter) for letter in text] + [False, False]
    for start, letter in enumerate(text):
        if letter in _FIRST:
            yield from _surnamed(text, start, fits, met)
        if letter in _CALLS and fits[start + 1]:
            yield from _called(text, start, odds)
        if fits[start] and letter not in _DIGITS:
            second = text[start + 1 : start + 2]
            both = odds.get(letter, _UNUSUAL) + odds.get(second, _UNUSUAL)
            if both >= 0 or letter == second or second in _CHILD or odds.get(letter, _UNUSUAL) >= 0:
                yield from _given(text, start, fits, odds, met)
    yield from _marked(text)


def _marked(text: str) -> Iterator[Shape]:
    """三妗子, 师娘, 姓逯的, 瞎老四: shapes that a word of their own tells."""
    for pattern, kind in ((_RANKED, "ranked"), (_ROLE, "role")):
        for hit in pattern.finditer(text):
            yield Shape(hit.start(), hit.end(), kind)
    for hit in _GREAT_OLD.finditer(text):
        yield Shape(*hit.span(), "old3")
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


def _surnamed(text: str, start: int, fits: list[bool], met: Callable[[str, int], int]) -> Iterator[Shape]:
    """王桂英, 邵三, 韩六子, 李大爷, 郑家, 欧阳庆; two characters that are a usual word are none."""
    pair = text[start : start + 2]
    if pair in COMPOUND:
        yield from (Shape(start, end, "full") for end in (start + 3, start + 4) if end <= len(text) and fits[end - 1])
    if text[start] not in ANY_SURNAME:
        return
    if fits[start + 1]:
        if met(pair, 0) < _OFTEN:
            yield Shape(start, start + 2, "short")
        if fits[start + 2]:
            yield Shape(start, start + 3, "full")
    if pair[1:] in _COUNTS and met(pair, 0) < _OFTEN:
        yield Shape(start, start + 2, "numbered")
        if text[start + 2 : start + 3] in _LITTLE:
            yield Shape(start, start + 3, "numbered")
    if (kin := _KIN.match(text, start + 1)) is not None:
        yield Shape(start, kin.end(), "titled")
        if kin[0] == "家" and (more := _KIN.match(text, kin.end())) is not None:  # 尤家婶子
            yield Shape(start, more.end(), "titled")


def _called(text: str, start: int, odds: Mapping[str, int]) -> Iterator[Shape]:
    """老周, 小姜, 大刘, 阿秀, each with a word of kin behind it too; 小柱子, 小豆豆."""
    kind = _CALLS[text[start]]
    first, second = text[start + 1], text[start + 2 : start + 3]
    if kind != "big" or first in ANY_SURNAME:
        yield Shape(start, start + 2, kind)
        if (kin := _KIN.match(text, start + 2)) is not None:
            yield Shape(start, kin.end(), kind + "+kin")
    if kind == "young" and second:
        both_usual = min(usual(first, odds), usual(second, odds)) > 0
        if second in _DOUBLED or second == first or both_usual:
            yield Shape(start, start + 3, "young3")


def _given(
    text: str, start: int, fits: list[bool], odds: Mapping[str, int], met: Callable[[str, int], int]
) -> Iterator[Shape]:
    """红嫂, 春花婶, 苗苗, 铁柱, 燕子: a given name, bare or with a word of kin."""
    letter, odd = text[start], odds.get(text[start], _UNUSUAL)
    if fits[start + 1]:
        second = text[start + 1]
        both = odd + odds.get(second, _UNUSUAL)
        if both >= 0 and (kin := _KIN.match(text, start + 2)) is not None:
            yield Shape(start, kin.end(), "given+kin")
        if (both >= 1 or letter == second) and met(letter + second, 0) < _USUAL:
            yield Shape(start, start + 2, "given")
    if odd >= 0 and letter not in ANY_SURNAME and (kin := _KIN.match(text, start + 1)) is not None:
        yield Shape(start, kin.end(), "given1+kin")
    if text[start + 1 : start + 2] in _CHILD and met(text[start : start + 2], 0) < _USUAL:
        yield Shape(start, start + 2, "child")
