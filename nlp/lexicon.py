"""Words by meaning: which concepts a message touches, and where (nlp/words.toml).

Words are looked for in the raw text with one Aho-Corasick automaton, so it costs the same for five words as for five
thousand, and no segmenter can cut through them. A few classes have patterns beside words, for forms with a gap
(没…钱). Positions are those of the message as typed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import ahocorasick

from nlp.spans import plain

# A negation this close before a word turns it round: 没啥困难, 不想告.
_NEGATION = re.compile(r"(?:没有?|不|别|无|未|甭|木有|莫)[^，。！？、\s]{0,2}$")


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """A concept found: text[start:end] belongs to `concept`; `negated` if a negation stands right before it."""

    start: int
    end: int
    concept: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Concepts:
    """All hits of one message, in reading order."""

    text: str
    hits: tuple[Hit, ...]
    names: frozenset[str]

    def has(self, *concepts: str) -> bool:
        """Whether any of these concepts is touched."""
        return not self.names.isdisjoint(concepts)

    def of(self, *concepts: str) -> list[Hit]:
        """The hits of these concepts, in reading order."""
        return [hit for hit in self.hits if hit.concept in concepts]

    def words(self, *concepts: str) -> list[str]:
        """The words of these concepts as they stand in the text, in reading order."""
        return [self.text[hit.start : hit.end] for hit in self.of(*concepts)]


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((files("nlp") / "words.toml").read_text(encoding="utf-8"))


class Lexicon:
    """Finds concepts. `extra` are the region pack's words: class name → words, added to the class of that name."""

    def __init__(self, extra: Mapping[str, Iterable[str]] | None = None) -> None:
        payload: dict[str, set[str]] = {}
        self._patterns: list[tuple[str, re.Pattern[str]]] = []
        for concept, entry in _table().items():
            for word in entry.get("words", ()):
                payload.setdefault(word.lower(), set()).add(concept)
            if entry.get("patterns"):
                self._patterns.append((concept, re.compile("|".join(entry["patterns"]), re.MULTILINE)))
        for concept, words in (extra or {}).items():
            for word in words:
                if word:
                    payload.setdefault(word.lower(), set()).add(concept)
        self._automaton = ahocorasick.Automaton()
        for word, concepts in payload.items():
            self._automaton.add_word(word, (len(word), tuple(sorted(concepts))))
        self._automaton.make_automaton()

    def find(self, text: str) -> Concepts:
        """The concepts of a text. Within one class only the longest of overlapping words counts."""
        level = _lower(plain(text))
        found: dict[str, list[tuple[int, int]]] = {}
        for last, (length, concepts) in self._automaton.iter(level):
            span = (last - length + 1, last + 1)
            for concept in concepts:
                _keep_longest(found.setdefault(concept, []), span)
        for concept, pattern in self._patterns:
            for match in pattern.finditer(level):
                if match.end() > match.start():
                    found.setdefault(concept, []).append(match.span())
        hits = sorted(
            Hit(start, end, concept, _NEGATION.search(level, max(0, start - 4), start) is not None)
            for concept, spans in found.items()
            for start, end in spans
        )
        return Concepts(text, tuple(hits), frozenset(found))


def _lower(text: str) -> str:
    """Lower case at the same positions: a few letters become two when lowered, and stay."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(a if len(a := char.lower()) == 1 else char for char in text)


def _keep_longest(spans: list[tuple[int, int]], span: tuple[int, int]) -> None:
    """Adds a span to the spans of one class; spans come ordered by their end, and longer before shorter."""
    while spans and span[0] <= spans[-1][0]:
        spans.pop()  # the new one reaches further and starts no later
    if not spans or span[1] > spans[-1][1]:
        spans.append(span)


class Sames:
    """Puts one word for all that say the same (nlp/same.toml): 俺 → 我, 夜来 → 昨天."""

    def __init__(self) -> None:
        table = tomllib.loads((files("nlp") / "same.toml").read_text(encoding="utf-8"))["same"]
        self._word = {said: word for word, ways in table.items() for said in ways}
        self._pattern = re.compile("|".join(sorted(map(re.escape, self._word), key=len, reverse=True)))

    def level(self, text: str) -> str:
        """The text with every such word replaced, the longest first; positions do not stay."""
        word = self._word
        return self._pattern.sub(lambda found: word[found[0]], text)
