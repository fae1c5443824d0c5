"""What speaks for and against a shape being a household's name (名字的迹象): signs, each a short word.

Signs are told apart by the kind of shape: its letters, its first and last characters in the dictionary, the words to
its left and right, and what the rules of nlp/names.py and nlp/nicknames.py think. The weights of the signs are learned
(nlp/train_names.py); nothing here knows which of them is good.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from nlp.name_shapes import ANY_SURNAME, Shape, is_han, usual
from nlp.name_words import (
    FAMOUS,
    GIVEN,
    GIVEN_WORDS,
    NOT_FAMILY,
    NOT_LAO,
    NOT_XIAO,
    SURNAMES,
    TYPICAL,
    WORDLIKE,
    WORDS,
)
from nlp.segment import frequencies

_MARKS = dict.fromkeys(",、，", "，") | dict.fromkeys("。.！!？?；;…", "。") | dict.fromkeys("：:", "：")
_MARKS |= dict.fromkeys(" \n\t", "_") | dict.fromkeys("0123456789", "0")
_WELL_MET = (1, 60, 500, 3000)  # steps of how often jieba's dictionary has met a word
_TITLE_AFTER = re.compile(
    r"书记|主任|会计|出纳|[镇乡区县市局院所站队组科校村厂]长|网格员|干部|医生|大夫|护士|老师|民警|警官|委员|经理|老板|律师|支书|师傅|同志"
)
_SERVES_BEFORE = re.compile(
    r"(?:[我俺]和|[我俺]跟|同事|工作队的?|驻村队|站上|所里|局里|办公室|村委|支部|和我|谢谢|感谢|多亏|麻烦|[您你]好|队员|干部|网格员|改派给"
    r"|转给|派给|新来的|书记|主任|会计|医生|大夫|老师|师傅|同志|帮扶的?|联系人|(?:[站所办局院社队部政]|驻村|包村|民政)的|经办的?|镇上的?)(?:是|叫)?$"
)
_FULL = ("full", "short")
_TOLD = tuple(
    (told, re.compile(pattern))
    for told, pattern in (
        ("of him", "[他她]"),
        ("a visit", "走访|入户|家访|看望|去了|视频|[去到]看|瞧|串门"),
        ("myself", "[我俺]"),
        ("thanks", "谢|感激"),
        ("taking", "[收要扣拿吃]了|举报|代管|压着|顶了"),
        ("a question", "[吗不没呢][?？。]?$|[?？]"),
        ("a case", "那[件条户个]|办结|改派|撤|回访"),
    )
)


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of the message beside its text: where places end, what the rules found, and who sends."""

    odds: Mapping[str, int]  # of characters in given names (nlp/name_shapes.py)
    after: frozenset[int]
    ruled: Mapping[tuple[int, int], str]  # spans that the rules take for names → how sure they are
    covered: frozenset[int]  # the positions of those
    role: str
    again: Mapping[str, int]  # how often a stretch stands in the message
    told: tuple[str, ...]  # what else the message tells (of `tells`)


def tells(text: str) -> tuple[str, ...]:
    """What the whole message tells that bears on its names: somebody is visited, spoken of, thanked, asked about."""
    return tuple(f"told {told}" for told, pattern in _TOLD if pattern.search(text))


def signs(text: str, shape: Shape, around: Around) -> list[str]:
    """The signs of one shape of a text."""
    found = [f"kind {shape.kind}", f"role {around.role}{_family(shape.kind)}"]
    found += _sides(text, shape)
    found += _dictionary(text, shape)
    found += _letters(text[shape.start : shape.end], shape.kind, around.odds)
    found += _place(text, shape, around)
    found += _rules(shape, around)
    return found


def _family(kind: str) -> str:
    return "full" if kind == "short" else kind


def _sort(letter: str) -> str:
    """A character as it stands beside a name: itself, or the class of a mark; ^ where the text ends."""
    return (letter if is_han(letter) else _MARKS.get(letter, "*")) if letter else "^"


def _sides(text: str, shape: Shape) -> list[str]:
    """The two characters and the dictionary's word on either side."""
    start, end, kind = shape.start, shape.end, _family(shape.kind)
    left, right = _sort(text[start - 1 : start]), _sort(text[end : end + 1])
    farther, beyond = _sort(text[start - 2 : start - 1]) if start > 1 else "^", _sort(text[end + 1 : end + 2])
    found = [
        f"<{left}", f"<{left}{kind}", f">{right}", f">{right}{kind}", f"<<{farther}{left}", f">>{right}{beyond}",
        f"<.{farther}", f">.{beyond}",
    ]  # fmt: skip
    met = frequencies().get
    for size in (4, 3, 2):
        if end + size <= len(text) and met(text[end : end + size]):
            found.append("word>" + text[end : end + size])
            break
    for size in (4, 3, 2):
        if start >= size and met(text[start - size : start]):
            found.append("word<" + text[start - size : start])
            break
    before = text[max(0, start - 8) : start]
    if _TITLE_AFTER.match(text, end):
        found.append("title>")
    if _SERVES_BEFORE.search(before):
        found.append("serves<")
    return found


def _met(often: int) -> int:
    """How often the dictionary has met a word, in steps from 0 to 4."""
    return bisect_right(_WELL_MET, often) if often else 0


def _dictionary(text: str, shape: Shape) -> list[str]:
    """Words of the dictionary that begin where the shape begins, or reach over its ends."""
    start, end, own, kind = shape.start, shape.end, shape.kind, _family(shape.kind)
    met = frequencies().get
    over = _met(met(text[end - 1 : end + 1], 0))
    found = [
        f"over<{_met(met(text[start - 1 : start + 1], 0)) if start else 0}{kind}",
        f"over>{over}{kind}",
        f"begins{_met(met(text[start : start + 2], 0)) if end - start > 1 else 0}{own}",
        f"begins3 {_met(met(text[start : start + 3], 0))}{own}",
        f"whole{_met(met(text[start:end], 0))}{own}",
        f"next{_met(met(text[end : end + 2], 0))}{over > 1}{kind}",
    ]
    if own == "full":
        found.append(f"given{_met(met(text[start + 1 : end], 0))}")
    return found


def _letters(name: str, kind: str, odds: Mapping[str, int]) -> list[str]:
    """The characters of the name: the surname, how usual the others are in names, and the word of kin."""
    found = []
    if kind in ("full", "short", "numbered", "titled", "old", "old+kin"):
        surname = name[1] if kind.startswith("old") else name[0]
        found += [f"surname {surname}", f"surname {surname in WORDLIKE}{surname in SURNAMES}{kind}"]
    if kind in _FULL:
        given = name[1:]
        found += _given(given, odds, f"of{len(given)}")
        found += [f"{place}{letter}" for place, letter in enumerate(given)]
        found += [sign for sign, holds in (
            ("two words", name[:2] in WORDS), ("a word", given in GIVEN_WORDS), ("famous", name[:3] in FAMOUS),
        ) if holds]  # fmt: skip
    elif kind.startswith(("young", "big", "pet", "given", "child")):
        called = kind.startswith(("young", "big", "pet"))
        given = name[1:3] if called else name[: 1 if kind == "given1+kin" else 2]
        found += _given(given, odds, kind)
        found += [f"in{letter}{kind[:2]}" for letter in given]
        if kind == "young":
            found.append(f"young {name[1] in NOT_XIAO}{name[1] in ANY_SURNAME}")
    if kind == "old":
        found.append(f"old {name[1] in NOT_LAO}{name[1] in SURNAMES}")
    if kind == "titled":
        found += [f"family {name[0] in NOT_FAMILY}{name[1:] == '家'}", f"kin {name[1:]}"]
    if "kin" in kind or kind in ("titled", "ranked", "by_name", "role"):
        found += [f"ends {name[-1]}", f"ends {name[-2:]}", f"ends {name[-3:]}{kind}"]
    return found


def _given(given: str, odds: Mapping[str, int], kind: str) -> list[str]:
    """How usual the characters of a given name are, and whether it is doubled (苗苗)."""
    often = [usual(letter, odds) for letter in given]
    listed = sum((letter in GIVEN) + (letter in TYPICAL) for letter in given)
    found = [f"least{min(often)}{kind}", f"sum{sum(often)}{kind}", f"listed{listed}{kind}"]
    return [*found, f"doubled{kind}"] if len(given) == 2 and given[0] == given[1] else found


def _place(text: str, shape: Shape, around: Around) -> list[str]:
    """Where in the message it stands, and whether it stands there again."""
    start, kind = shape.start, _family(shape.kind)
    found = [
        f"again{min(around.again.get(text[start : shape.end], 1), 3)}{kind}",
        f"at{min(start, 3)}",
        f"at{min(start // 8, 4)}{kind}",
    ]
    if start in around.after or start - 1 in around.after:
        found += ["after a place", f"after a place {kind}"]
    found += [f"{told}{kind}" for told in around.told]
    if start == 0:
        found.append(f"first>{_sort(text[shape.end : shape.end + 1])}{kind}")
    return found


def _rules(shape: Shape, around: Around) -> list[str]:
    """What the rules think: this is a name, another one is that overlaps, another one elsewhere, none at all."""
    sure = around.ruled.get((shape.start, shape.end))
    if sure:
        return [f"rule {sure}", f"rule {sure}{shape.kind}"]
    if not around.ruled:
        return ["rule none"]
    return ["rule beside" if around.covered.isdisjoint(range(shape.start, shape.end)) else "rule across"]
