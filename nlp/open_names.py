"""Names that no roster holds (名册以外的名字), told from other words by learned weights.

The rules of nlp/names.py and nlp/nicknames.py say which names they see; the weights (nlp/weights/names.json.gz) weigh
that together with the letters of each shape and the words around it (docs/decisions/0014-names-are-weighed.md).
Pure Python: a message of 40 characters has some four shapes.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice, repeat

from nlp.feast_dates import FEAST_WORDS
from nlp.name_shapes import Shape, find_shapes
from nlp.name_signs import Around, signs, tells
from nlp.name_words import FAMOUS
from nlp.names import NameAt, find_full_names, is_officer
from nlp.nicknames import find_nicknames
from nlp.spans import Span, cover, is_free

# The log odds from which a shape counts as a name, and one that the rules see (cross-validated: recall near precision).
THRESHOLD, RULED_THRESHOLD = -0.8, -1.2
SURE = 0.5  # below it any other name of the message goes before it
_FULL = ("full", "short", "numbered")
_MOST = 600  # a text with more shapes is no message; the rules go on behind them
_WEEKDAY, _HOME = re.compile("周[一二三四五六日]"), re.compile("家(?!访)|那")
_BARE = ("short", "given", "child", "numbered")  # next to never right across a name that the rules see


@dataclass(frozen=True, slots=True)
class NameWeights:
    """The weights of signs in log odds, the bias, and the odds of characters in given names."""

    signs: Mapping[str, float]
    bias: float
    odds: Mapping[str, int]

    def score(self, found: list[str]) -> float:
        """The log odds that a shape with these signs is a household's name."""
        return self.bias + sum(map(self.signs.get, found, repeat(0.0)))


@cache
def name_weights() -> NameWeights:
    """The shipped weights; raises FileNotFoundError where they were never trained."""
    packed = (files("nlp") / "weights" / "names.json.gz").read_bytes()
    table = json.loads(gzip.decompress(packed))
    return NameWeights(table["signs"], table["bias"], table["odds"])


def find_open_names(text: str, taken: frozenset[int], after: frozenset[int], role: str) -> tuple[NameAt, ...]:
    """The names of the plain text in reading order. `after`: where places end; `role`: of the sender."""
    weights = name_weights()
    likely = []
    for shape, found, ruled in shapes_with_signs(text, taken, after, role, weights.odds):
        score = weights.score(found)
        if score >= (RULED_THRESHOLD if ruled else THRESHOLD):
            likely.append((-score, shape.start, shape.end, shape, ruled))
    used: set[int] = set()
    names = []
    for against, _, _, shape, ruled in sorted(likely, key=lambda one: one[:3]):
        place = range(shape.start, shape.end)
        if used.isdisjoint(place):
            used.update(place)
            weak = -against < (THRESHOLD if ruled else SURE)
            names.append(NameAt(shape.start, shape.end, shape.kind in _FULL, weak))
    return tuple(sorted(names, key=lambda name: name.start))


def shapes_with_signs(
    text: str, taken: frozenset[int], after: frozenset[int], role: str, odds: Mapping[str, int]
) -> Iterator[tuple[Shape, list[str], bool]]:
    """Every shape of the text outside `taken`, each stretch once, with its signs and whether the rules see it."""
    ruled = _ruled(text, taken, after)
    shapes = {
        (one.start, one.end): one
        for one in islice(find_shapes(text, odds), _MOST)
        if is_free(taken, one.start, one.end) and not _never(text, one)
    }
    covered = cover(Span(start, end) for start, end in ruled)
    if covered:
        shapes = {
            span: one
            for span, one in shapes.items()
            if one.kind not in _BARE or span in ruled or is_free(covered, *span)
        }
    for start, end in ruled:
        shapes.setdefault((start, end), Shape(start, end, "rule"))
    if not shapes:
        return
    again = Counter(text[start:end] for start, end in shapes)
    around = Around(odds, after, ruled, covered, role, again, tells(text))
    for shape in shapes.values():
        yield shape, signs(text, shape, around), (shape.start, shape.end) in ruled


def _never(text: str, shape: Shape) -> bool:
    """Whether a name is an officer's, somebody's of whom everybody tells (焦裕禄), or a day (立冬, 周三)."""
    if shape.kind not in _FULL and shape.kind != "given":
        return False
    name = text[shape.start : shape.end]
    if name in FAMOUS or name in FEAST_WORDS or (_WEEKDAY.match(name) and not _HOME.match(text, shape.end)):
        return True
    return shape.kind in _FULL and is_officer(text, shape.start, shape.end)


def _ruled(text: str, taken: frozenset[int], after: frozenset[int]) -> dict[tuple[int, int], str]:
    """The names that the rules see, and how sure they are."""
    full = list(find_full_names(text, taken, after))
    covered = taken | cover(Span(name.start, name.end) for name in full)
    return {
        (name.start, name.end): "weak" if name.weak else "full" if name.full else "called"
        for name in (*full, *find_nicknames(text, covered))
    }
