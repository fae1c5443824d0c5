"""The learned part of the reading: a linear model scored in plain Python (权重在 nlp/weights/).

A model has several heads that look at the same features: one softmax head chooses one label (intent, urgency, topic,
cause), a yes/no head gives the probability of one meaning. Trained by nlp/train.py with scikit-learn, which is not
needed here: measured, the probabilities agree within 1e-5 and a message costs a tenth of a millisecond.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Self

from nlp.features import Features


@dataclass(frozen=True, slots=True)
class Head:
    """One question the model answers. A single label means a yes/no head: its score is the log-odds of yes."""

    name: str
    labels: tuple[str, ...]
    bias: tuple[float, ...]
    temperature: float = 1.0  # divides the scores: what makes the probabilities honest on unseen voices


class Model:
    """Heads and weights. `rows`: feature → (column, weight) pairs; columns run over all heads in order."""

    def __init__(self, heads: tuple[Head, ...], rows: Mapping[str, tuple[tuple[int, float], ...]]) -> None:
        self.heads = heads
        self._rows = rows
        self._bias = [bias for head in heads for bias in head.bias]
        self._first: dict[str, int] = {}
        column = 0
        for head in heads:
            self._first[head.name] = column
            column += len(head.labels)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The model of a weights file; raises KeyError or ValueError where the file is not one."""
        heads = tuple(
            Head(head["name"], tuple(head["labels"]), tuple(head["bias"]), head["temperature"])
            for head in data["heads"]
        )
        rows = {
            name: tuple((row[at], row[at + 1] / data["scale"]) for at in range(0, len(row), 2))
            for name, row in data["rows"].items()
        }
        return cls(heads, rows)

    def score(self, features: Features) -> list[float]:
        """The raw score of every column."""
        scores = self._bias.copy()
        rows = self._rows
        for name, value in features.items():
            row = rows.get(name)
            if row is not None:
                for column, weight in row:
                    scores[column] += weight * value
        return scores

    def answer(self, features: Features) -> dict[str, dict[str, float]]:
        """Head → label → probability; a yes/no head has its one label."""
        scores = self.score(features)
        answers: dict[str, dict[str, float]] = {}
        for head in self.heads:
            first = self._first[head.name]
            own = [score / head.temperature for score in scores[first : first + len(head.labels)]]
            chances = softmax(own) if len(own) > 1 else [logistic(own[0])]
            answers[head.name] = dict(zip(head.labels, chances, strict=True))
        return answers

    def weight(self, feature: str, head: str, label: str) -> float:
        """The weight of one feature for one label, 0 if it has none: for the words that decided a reading."""
        column = self._first[head] + next(at for at in self.heads if at.name == head).labels.index(label)
        return next((weight for at, weight in self._rows.get(feature, ()) if at == column), 0.0)


def softmax(scores: list[float]) -> list[float]:
    """Scores as probabilities that sum to 1."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def logistic(score: float) -> float:
    """Log-odds as a probability; safe for any size of score."""
    if score >= 0:
        return 1 / (1 + math.exp(-score))
    power = math.exp(score)
    return power / (1 + power)


@cache
def shipped() -> Model:
    """The model that is shipped beside the code; read once in a process."""
    packed = (files("nlp") / "weights" / "model.json.gz").read_bytes()
    return Model.from_json(json.loads(gzip.decompress(packed)))
