"""Names that no roster holds (名册以外的名字), told from other words by learned weights.

The rules of nlp/names.py and nlp/nicknames.py say which names they see; the weights (nlp/weights/names.json.gz) weigh that
together with the letters of each shape and the words around it (docs/decisions/0014-names-are-weighed.md). Pure Python:
a message of 40 characters has some four shapes.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from nlp.name_shapes import Shape, find_shapes
from nlp.name_signs import Around, signs, tells
from nlp.name_words import FAMOUS
from nlp.names import NameAt, find_full_names, is_officer
from nlp.nicknames import find_nicknames
from nlp.spans import Span, cover, is_free

# The log odds from which a shape counts as a name, and one that the rules see (cross-validated: recall near precision).
THRESHOLD, RULED_THRESHOLD = -0.5, -1.0
SURE = 0.5  # below it any other name of the message goes before it
_FULL = ("full", "short", "numbered")


@dataclass(frozen=True, slots=True)
class NameWeights:
    """The weights of signs in log odds, the bias, and the odds of characters in given names."""

    signs: Mapping[str, float]
    bias: float
    odds: Mapping[str, int]

    def score(self, found: list[str]) -> float:
        """The log odds that a shape with these signs is a household's name."""
        weight = self.signs.get
        return self.bias + sum(weight(sign, 0.0) for sign in found)


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
            likely.append((-score, shape.start, shape.end, shape))
    used: set[int] = set()
    names = []
    for against, _, _, shape in sorted(likely, key=lambda one: one[:3]):
        place = range(shape.start, shape.end)
        if used.isdisjoint(place):
            used.update(place)
            names.append(NameAt(shape.start, shape.end, shape.kind in _FULL, weak=-against < SURE))
    return tuple(sorted(names, key=lambda name: name.start))


def shapes_with_signs(
    text: str, taken: frozenset[int], after: frozenset[int], role: str, odds: Mapping[str, int]
) -> Iterator[tuple[Shape, list[str], bool]]:
    """Every shape of the text outside `taken`, each stretch once, with its signs and whether the rules see it."""
    ruled = _ruled(text, taken, after)
    shapes = {
        (one.start, one.end): one
        for one in find_shapes(text, odds)
        if is_free(taken, one.start, one.end) and not _never(text, one)
    }
    for start, end in ruled:
        shapes.setdefault((start, end), Shape(start, end, "rule"))
    if not shapes:
        return
    again = Counter(text[start:end] for start, end in shapes)
    covered = cover(Span(start, end) for start, end in ruled)
    around = Around(odds, after, ruled, covered, role, again, tells(text))
    for shape in shapes.values():
        yield shape, signs(text, shape, around), (shape.start, shape.end) in ruled


def _never(text: str, shape: Shape) -> bool:
    """Whether a full name is an officer's, or somebody's of whom everybody tells (焦裕禄)."""
    famous = text[shape.start : shape.end] in FAMOUS
    return shape.kind in _FULL and (famous or is_officer(text, shape.start, shape.end))


def _ruled(text: str, taken: frozenset[int], after: frozenset[int]) -> dict[tuple[int, int], str]:
    """The names that the rules see, and how sure they are."""
    full = list(find_full_names(text, taken, after))
    covered = taken | cover(Span(name.start, name.end) for name in full)
    return {
        (name.start, name.end): "weak" if name.weak else "full" if name.full else "called"
        for name in (*full, *find_nicknames(text, covered))
    }
