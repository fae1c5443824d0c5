"""Training of the names: `python -m nlp.train_names` learns from the voices that train.

A shape is a name where the label's household stands; other names behind it are left out, since the labels name only
the first. Every full name is learned a few times more under other names, so that the words around it count more than
who it was. A logistic regression in scipy, half a minute of one core; the voices of dev and test are not touched.
"""

from __future__ import annotations

import gzip
import json
import math
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from nlp.gazetteer import Context
from nlp.name_shapes import ANY_SURNAME
from nlp.name_words import GIVEN, KIN, SURNAMES, TYPICAL
from nlp.open_names import shapes_with_signs
from nlp.phones import find_private
from nlp.places import Places
from nlp.segment import dictionary_lines
from nlp.spans import cover, plain
from nlp.voices import PLAIN, SENT, Line, parts

_TABLE = Path(__file__).parent.parent / "tests" / "nlp" / "tables" / "names.tsv"
_TABLE_WEIGHT = 8.0  # a row of the table counts as much as this many lines
TARGET = Path(__file__).parent / "weights" / "names.json.gz"
_RAREST = 3  # a sign met less often tells nothing
_RENAMED = 2  # how often a line is learned under another name, each time half as much as the line itself
_RENAMED_WEIGHT = 0.5
_SPREAD = 0.7  # how far weights may go from zero (chosen by cross-validation over voices of train)
_SMALLEST = 0.01  # a weight below it is left out of the file
_LISTED = re.compile(r"[、，,和及与/]家?$")
_LISTED_WEIGHT = 0.5
_HOME = re.compile(r"家$")
Example = tuple[list[str], bool, float]  # the signs of a shape, whether it is the name, its weight


def letter_odds() -> dict[str, int]:
    """How much more often each character stands in the given names of jieba's dictionary than in all its words."""
    given: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for word, often, part in dictionary_lines():
        for letter in word:
            all_[letter] += min(often, 1000)
        if part == "nr" and len(word) == 3 and word[0] in SURNAMES:
            given.update(word[1:])
    names, words = given.total(), all_.total()
    odds = {
        letter: math.log((given[letter] + 0.3) / names) - math.log((often + 3) / words)
        for letter, often in all_.items()
        if "一" <= letter <= "鿿"
    }
    return {letter: max(-5, min(5, round(odd))) for letter, odd in odds.items() if odd > -4.5}


def renamed(line: Line, chance: random.Random, odds: Mapping[str, int]) -> Iterator[Line]:
    """The line with its full name changed for others, made of usual surnames and characters."""
    name = line["slots"].get("household")
    if not name or len(name) not in (2, 3) or name[0] not in ANY_SURNAME - set("老小大") or name[1:] in KIN:
        return
    letters = sorted(GIVEN | TYPICAL)
    often = [2.0 ** odds.get(letter, -5) for letter in letters]
    for _ in range(_RENAMED):
        given = "".join(chance.choices(letters, often, k=chance.choice((1, 2, 2, 2))))
        other = chance.choice(sorted(ANY_SURNAME)) + given
        yield line | {"text": line["text"].replace(name, other), "slots": {"household": other}}


def examples(line: Line, places: Places, odds: Mapping[str, int], weight: float) -> Iterator[Example]:
    """The shapes of a line with their signs and whether each is its household."""
    text = plain(line["text"])
    taken = cover(find_private(line["text"]))
    found = places.find(line["text"], Context(SENT, line["role"]), taken)
    taken |= cover(place.span for place in found)
    after = frozenset(place.end for place in found)
    said = line["slots"].get("household")
    name = _HOME.sub("", plain(said)) or said if said else None
    spots = [hit.span() for hit in re.finditer(re.escape(name), text)] if name else []
    for shape, signs, ruled in shapes_with_signs(text, taken, after, line["role"], odds):
        start, end = shape.start, shape.end
        if name and _HOME.sub("", text[start:end]) == name:
            if text[start:end] == said or not _ended(text, end, said):
                yield signs, True, weight
        elif not ruled or not spots or start < spots[0][1]:
            yield signs, False, weight
        elif _LISTED.search(text, max(0, start - 2), start):
            yield signs, True, weight * _LISTED_WEIGHT  # 李秀兰、孙长友: the labels name the first alone


def _ended(text: str, end: int, said: str | None) -> bool:
    """Whether the label has a 家 behind the name, and it stands there: then 老侯 alone is neither right nor wrong."""
    return bool(said and said.endswith("家") and text.startswith("家", end))


def fit(rows: Sequence[Example]) -> tuple[dict[str, float], float]:
    """The weights of the signs and the bias: logistic regression with a normal prior."""
    met = Counter(sign for signs, _, _ in rows for sign in set(signs))
    index = {sign: number for number, sign in enumerate(sign for sign, often in met.items() if often >= _RAREST)}
    columns: list[int] = []
    ends = [0]
    for signs, _, _ in rows:
        columns += [index[sign] for sign in set(signs) if sign in index]
        ends.append(len(columns))
    table = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(rows), len(index)))
    turned = table.T.tocsr()
    truth = np.array([1.0 if is_name else -1.0 for _, is_name, _ in rows])
    weight = np.array([one for _, _, one in rows])

    def loss(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = truth * (table @ point[:-1] + point[-1])
        slope = -truth * weight / (1 + np.exp(np.minimum(margin, 50)))
        value = float(weight @ np.logaddexp(0, -margin) + point[:-1] @ point[:-1] / (2 * _SPREAD))
        return value, np.append(turned @ slope + point[:-1] / _SPREAD, slope.sum())

    point: Any = minimize(loss, np.zeros(len(index) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 90}).x
    return {sign: float(point[number]) for sign, number in index.items()}, float(point[-1])


def taught() -> Iterator[Line]:
    """The rows of the table of names that tell of a household: what it says is learned, so that a row teaches."""
    for row in _TABLE.read_text(encoding="utf-8").splitlines():
        cells = row.split("\t")
        if len(cells) == 3 and cells[0] == "户":
            name = None if cells[2] == "-" else cells[2]
            yield {"text": cells[1], "role": "resident", "slots": {"household": name} if name else {}}


def learn(lines: Sequence[Line]) -> dict[str, Any]:
    """The table that the file holds, learned from the lines; the same lines give the same table."""
    odds, places, chance = letter_odds(), Places(()), random.Random(5)  # noqa: S311 - no secret hangs on it
    rows: list[Example] = [one for line in taught() for one in examples(line, places, odds, _TABLE_WEIGHT)]
    for line in lines:
        rows += examples(line, places, odds, 1.0)
        for other in renamed(line, chance, odds):
            rows += examples(other, places, odds, _RENAMED_WEIGHT)
    weights, bias = fit(rows)
    kept = {sign: round(weight, 3) for sign, weight in sorted(weights.items()) if abs(weight) >= _SMALLEST}
    return {"bias": round(bias, 3), "signs": kept, "odds": odds}


def main() -> None:
    """Learn from the voices that train and write the file."""
    table = learn([line for voice, line in parts()["train"] if voice != PLAIN])
    TARGET.write_bytes(gzip.compress(json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0))
    sys.stdout.write(f"{len(table['signs'])} signs, {TARGET.stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main()
