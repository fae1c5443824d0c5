"""Plain figures: precision, recall, F1, and how far they may be off (bootstrap over voices and lines)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence

from evaluation.reading import Read

ROUNDS = 200

Pair = tuple[str, str]  # the label, the guess


def score(pairs: Sequence[Pair], name: str) -> tuple[float, float, float]:
    """(precision, recall, F1) of one label."""
    hit = sum(label == guess == name for label, guess in pairs)
    precision = hit / (sum(guess == name for _, guess in pairs) or 1)
    recall = hit / (sum(label == name for label, _ in pairs) or 1)
    return precision, recall, 2 * precision * recall / ((precision + recall) or 1)


def macro(pairs: Sequence[Pair]) -> float:
    """The mean F1 over the labels that occur."""
    names = {label for label, _ in pairs}
    return sum(score(pairs, name)[2] for name in names) / (len(names) or 1)


def accuracy(pairs: Sequence[Pair]) -> float:
    """The share of right guesses."""
    return sum(label == guess for label, guess in pairs) / (len(pairs) or 1)


def between(reads: Sequence[Read], figure: Callable[[Sequence[Read]], float]) -> tuple[float, float]:
    """The 95 % interval of a figure: whole voices drawn anew, since messages of one writer look alike."""
    chance = random.Random(5)  # noqa: S311 - the same draw every time
    voices: dict[str, list[Read]] = {}
    for read in reads:
        voices.setdefault(read.voice, []).append(read)
    names = sorted(voices)
    drawn = sorted(
        figure([read for name in chance.choices(names, k=len(names)) for read in voices[name]]) for _ in range(ROUNDS)
    )
    return drawn[round(0.025 * ROUNDS)], drawn[round(0.975 * ROUNDS) - 1]


def intents(reads: Sequence[Read]) -> list[Pair]:
    """(label, guess) of the primary intent."""
    return [(read.line["intent"], read.reading.intent.value) for read in reads]


def mixed_up(pairs: Sequence[Pair], most: int) -> list[tuple[Pair, int]]:
    """The commonest confusions."""
    return Counter(pair for pair in pairs if pair[0] != pair[1]).most_common(most)


def percent(share: float) -> str:
    """A share as it stands in the report."""
    return f"{100 * share:.1f} %"
