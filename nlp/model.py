"""The learned part of the reading: a small network (前馈网络) scored with numpy (权重在 nlp/weights/model.npz).

Features and the sense of the words meet in one hidden layer, from which every head answers its question: one label of
several (intent, urgency, topic, cause), or yes and no. Trained by nlp/train.py. Several networks trained from different
seeds stand side by side in the same matrices; their scores add up. The large matrix is kept in whole steps of one byte.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Self

import numpy as np
from numpy.typing import NDArray

from nlp.features import Features

Array = NDArray[np.float32]
_BETWEEN = "\x1f"  # stands between feature names in the file; nobody types it


@dataclass(frozen=True, slots=True)
class Head:
    """One question the model answers. A single label means yes or no: its score is the log-odds of yes.

    `temperature` divides the scores, `shift` is added before: what makes the probabilities honest on unseen voices.
    """

    name: str
    labels: tuple[str, ...]
    temperature: float = 1.0
    shift: float = 0.0


@dataclass(frozen=True, slots=True)
class Weights:
    """The matrices, hidden units in columns: features (bytes and their step), sense of the words, bias, and out."""

    names: tuple[str, ...]
    features: NDArray[np.int8]
    step: Array
    sense: Array
    bias: Array
    out: Array
    out_bias: Array


class Model:
    """Heads and weights; never changes, so it may be shared between threads."""

    def __init__(self, heads: Sequence[Head], weights: Weights) -> None:
        self.heads = tuple(heads)
        self.weights = weights
        self._row = {name: row for row, name in enumerate(weights.names)}
        self._first: dict[str, int] = {}
        column = 0
        for head in self.heads:
            self._first[head.name] = column
            column += len(head.labels)
        sizes = [len(head.labels) for head in self.heads]
        cool = np.repeat([1 / head.temperature for head in self.heads], sizes).astype(np.float32)
        self._out = weights.out * cool
        shift = np.repeat([head.shift for head in self.heads], sizes).astype(np.float32)
        self._out_bias = (weights.out_bias + shift) * cool

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The model of a weights file; raises KeyError, OSError or ValueError where it is not one."""
        if not zipfile.is_zipfile(io.BytesIO(data)):
            raise ValueError("not a weights file")
        with np.load(io.BytesIO(data), allow_pickle=False) as kept:
            heads = [
                Head(head["name"], tuple(head["labels"]), head["temperature"], head["shift"])
                for head in json.loads(bytes(kept["heads"]))
            ]
            parts = {name: kept[name].astype(np.float32) for name in ("step", "sense", "bias", "out", "out_bias")}
            names = bytes(kept["names"]).decode().split(_BETWEEN)
            return cls(heads, Weights(tuple(names), kept["features"], **parts))

    def to_bytes(self) -> bytes:
        """The weights file."""
        weights = self.weights
        file = io.BytesIO()
        np.savez_compressed(
            file,
            heads=_text(json.dumps([asdict(head) for head in self.heads], ensure_ascii=False)),
            names=_text(_BETWEEN.join(weights.names)),
            features=weights.features,
            step=weights.step,
            sense=weights.sense.astype(np.float16),
            bias=weights.bias,
            out=weights.out.astype(np.float16),
            out_bias=weights.out_bias,
        )
        return file.getvalue()

    def calibrated(self, calibration: Mapping[str, tuple[float, float]]) -> Self:
        """The same model with other (temperature, shift) for the heads named."""
        heads = [Head(head.name, head.labels, *calibration.get(head.name, (1.0, 0.0))) for head in self.heads]
        return type(self)(heads, self.weights)

    def answer(self, features: Features, sense: Array) -> dict[str, dict[str, float]]:
        """Head → label → probability; a yes/no head has its one label."""
        return self.answers(self.hidden(features, sense))

    def hidden(self, features: Features, sense: Array) -> Array:
        """What the hidden layer makes of a message: `answers` and `shares` start from it."""
        weights, find = self.weights, self._row.get
        rows: list[int] = []
        values: list[float] = []
        for name, value in features.items():
            if (row := find(name)) is not None:
                rows.append(row)
                values.append(value)
        total = sense @ weights.sense + weights.bias
        if rows:
            total += (np.array(values, np.float32) @ weights.features[rows].astype(np.float32)) * weights.step
        hidden: Array = np.maximum(total, 0.0)
        return hidden

    def answers(self, hidden: Array) -> dict[str, dict[str, float]]:
        """Head → label → probability, from the hidden layer."""
        scores = (hidden @ self._out + self._out_bias).tolist()
        answers: dict[str, dict[str, float]] = {}
        for head in self.heads:
            first, count = self._first[head.name], len(head.labels)
            chances = softmax(scores[first : first + count]) if count > 1 else [logistic(scores[first])]
            answers[head.name] = dict(zip(head.labels, chances, strict=True))
        return answers

    def shares(self, features: Features, hidden: Array, head: str, label: str, asked: Sequence[str]) -> list[float]:
        """How much each of the asked features adds to the score of one label: for the words that decided a reading."""
        weights = self.weights
        column = self._first[head] + next(at for at in self.heads if at.name == head).labels.index(label)
        pull = weights.out[:, column] * (hidden > 0) * weights.step
        known = [name for name in asked if name in self._row and name in features]
        if not known:
            return [0.0] * len(asked)
        shares = weights.features[[self._row[name] for name in known]] @ pull
        found = {name: float(share) * features[name] for name, share in zip(known, shares, strict=True)}
        return [found.get(name, 0.0) for name in asked]


def _text(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


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
    return Model.from_bytes((files("nlp") / "weights" / "model.npz").read_bytes())
