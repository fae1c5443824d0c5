"""The corpus (语料): messages with their labels, one file for each voice, and which voices are never trained on."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from nlp.facts import Facts
from nlp.features import Features, features, masked
from nlp.gazetteer import Context, Gazetteer
from nlp.lexicon import Lexicon, Sames
from nlp.model import Array
from nlp.segment import Segmenter
from nlp.vectors import word_vectors

Line = dict[str, Any]  # one line of the corpus, as in docs/labels.md
Voiced = tuple[str, Line]

FOLDER = Path(__file__).parent / "corpus"
SENT = datetime.fromisoformat("2026-11-20T15:00:00+08:00")  # when the corpus was sent
PLAIN = "plain"  # short everyday messages without spans: trained on and never counted, since they would flatter


def corpus() -> list[Voiced]:
    """All (voice, line) pairs; raises ValueError naming the file and line that cannot be read."""
    pairs: list[Voiced] = []
    for path in sorted(FOLDER.rglob("*.jsonl")):
        for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                line = json.loads(row)
            except ValueError as error:
                raise ValueError(f"{path.name}:{number}: {error}") from error
            pairs.append((PLAIN if path.parent.name == PLAIN else path.stem, line))
    return pairs


def parts() -> dict[str, list[Voiced]]:
    """The corpus as train, dev and test, by voice (split.toml)."""
    split = tomllib.loads((FOLDER / "split.toml").read_text(encoding="utf-8"))
    side = {voice: name for name in ("dev", "test") for voice in split[name]}
    found: dict[str, list[Voiced]] = {"train": [], "dev": [], "test": []}
    for voice, line in corpus():
        found[side.get(voice, "train")].append((voice, line))
    return found


class Looker:
    """Looks at corpus lines as the reader looks at messages, with the shipped words only."""

    def __init__(self) -> None:
        self._segmenter, self._lexicon, self._sames = Segmenter(), Lexicon(), Sames()
        self._facts, self._vectors = Facts(Gazetteer()), word_vectors()

    def look(self, lines: Iterable[Line]) -> tuple[list[Features], list[Array]]:
        """The features and the sense of each line."""
        seen: list[Features] = []
        sense: list[Array] = []
        for line in lines:
            text, role = line["text"], line["role"]
            taken = self._facts.read(text, Context(SENT, role)).taken
            bare = self._sames.level(masked(text, taken))
            words = self._segmenter.words(bare)
            seen.append(features(bare, words, self._lexicon.find(text), taken, role))
            sense.append(self._vectors.sense(words))
        return seen, sense


def texts(lines: Sequence[Voiced]) -> list[Line]:
    """The lines without their voices."""
    return [line for _, line in lines]
