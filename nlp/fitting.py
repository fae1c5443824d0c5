"""Fitting the network (训练): several heads on one hidden layer, by gradient descent in numpy and scipy.

Measured on unseen voices, one hidden layer on heavily dropped-out features is two to three points of macro-F1 better
than a linear support vector machine, several networks from different seeds another one. Features are dropped at random
(six in ten), so that no single word of one voice carries the answer alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from nlp.features import Features
from nlp.model import Array, Head, Model, Weights

HIDDEN = 192
BATCH = 64
RATE = 3e-3  # the highest step of Adam; it rises over the first third and falls again
_FEATURES_DROPPED, _HIDDEN_DROPPED = 0.6, 0.3
_SMOOTH = 0.05  # taken from the right label and shared by all: the labels are not free of doubt
# In how many messages a feature must stand to be kept, by its group (characters, three of them, words, concepts, form).
# Keeping rarer ones too is worth a quarter of a point and doubles the size.
_SEEN_AT_LEAST = {"c": 6, "t": 9, "w": 6, "k": 3, "f": 3}


@dataclass(frozen=True)
class Target:
    """What one head learns: for each line the number of its label, -1 where the line says nothing about it."""

    name: str
    labels: tuple[str, ...]  # one label: yes or no
    right: NDArray[np.int64]
    weight: float
    balanced: bool = False  # rarer labels weigh more, by the square root

    def pulls(self, scores: Array, rows: NDArray[np.int64]) -> Array:
        """The gradient of the loss by the scores of a batch."""
        right = self.right[rows]
        asked = right >= 0
        if len(self.labels) == 1:
            pull = 1 / (1 + np.exp(-np.clip(scores, -30, 30))) - right[:, None]
        else:
            power = np.exp(scores - scores.max(axis=1, keepdims=True))
            pull = power / power.sum(axis=1, keepdims=True) - _SMOOTH / len(self.labels)
            pull[np.arange(len(rows)), right] -= 1 - _SMOOTH
            if self.balanced:
                counts = np.bincount(self.right[self.right >= 0], minlength=len(self.labels)) + 1
                pull *= np.sqrt(counts.mean() / counts)[right][:, None]
        found: Array = (pull * asked[:, None] * (self.weight / len(rows))).astype(np.float32)
        return found


def seen_often(lines: Sequence[Features]) -> list[str]:
    """The features that stand in enough messages to teach something about others."""
    seen = Counter(name for line in lines for name in line)
    return sorted(name for name, count in seen.items() if count >= _SEEN_AT_LEAST[name[0]])


class Table:
    """Features as a sparse matrix: which column a name has, and how to make rows of messages."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._column = {name: at for at, name in enumerate(self.names)}

    def rows(self, lines: Sequence[Features]) -> csr_matrix:
        """One row for each line; names not in the table are passed over."""
        columns: list[int] = []
        values: list[float] = []
        starts = [0]
        for line in lines:
            for name, value in line.items():
                if (column := self._column.get(name)) is not None:
                    columns.append(column)
                    values.append(value)
            starts.append(len(columns))
        parts = (np.array(values, np.float32), np.array(columns, np.int32), np.array(starts, np.int32))
        return csr_matrix(parts, shape=(len(lines), len(self.names)))


class _Adam:
    """One parameter and its running means; `rows` limits a step to the rows that a batch touched."""

    def __init__(self, value: Array) -> None:
        self.value = value.copy()
        self._mean, self._square = np.zeros_like(value), np.zeros_like(value)

    def step(self, pull: Array, rate: float, turn: int, rows: slice | NDArray[np.int64] = slice(None)) -> None:
        mean = self._mean[rows] = 0.9 * self._mean[rows] + 0.1 * pull
        square = self._square[rows] = 0.999 * self._square[rows] + 0.001 * pull * pull
        size = np.sqrt(square / (1 - 0.999**turn)) + 1e-8
        self.value[rows] -= (rate / (1 - 0.9**turn)) * mean / size


@dataclass(frozen=True)
class Net:
    """One trained network."""

    features: Array
    sense: Array
    bias: Array
    out: Array
    out_bias: Array


def blank(width: int, senses: int, targets: Sequence[Target], seed: int) -> Net:
    """An untrained network for so many features; the same seed gives the same one."""
    random = np.random.default_rng(seed)
    columns = sum(len(target.labels) for target in targets)
    return Net(
        random.normal(0, 0.1, (width, HIDDEN)).astype(np.float32),
        (random.normal(0, 1, (senses, HIDDEN)) / np.sqrt(senses)).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        (random.normal(0, 1, (HIDDEN, columns)) / np.sqrt(HIDDEN)).astype(np.float32),
        np.zeros(columns, np.float32),
    )


def fit(
    table: csr_matrix, sense: Array, targets: Sequence[Target], start: Net, seed: int, rounds: int, rate: float = RATE
) -> Net:
    """The network `start` fitted further, in `rounds` passes over all lines; `rate` is the highest step of Adam."""
    random = np.random.default_rng(seed)
    lines = table.shape[0]
    features, inner, bias = _Adam(start.features), _Adam(start.sense), _Adam(start.bias)
    out, out_bias = _Adam(start.out), _Adam(start.out_bias)
    size = min(BATCH, lines)
    last = rounds * (lines // size)
    turn = 0
    for _ in range(rounds):
        order = random.permutation(lines)
        for at in range(0, lines - size + 1, size):
            turn += 1
            rows = order[at : at + size]
            batch, touched = _dropped(table[rows], random)
            own = sense[rows]
            total = batch @ features.value[touched] + own @ inner.value + bias.value
            kept = (random.random(total.shape, dtype=np.float32) >= _HIDDEN_DROPPED) / np.float32(1 - _HIDDEN_DROPPED)
            gate = (total > 0) * kept
            hidden = total * gate
            pulls = _pulls(hidden @ out.value + out_bias.value, targets, rows)
            back = (pulls @ out.value.T) * gate
            now = rate * _rise_and_fall(turn / last)
            out.step(hidden.T @ pulls, now, turn)
            out_bias.step(pulls.sum(axis=0), now, turn)
            features.step(np.asarray(batch.T @ back), now, turn, touched)
            inner.step(own.T @ back, now, turn)
            bias.step(back.sum(axis=0), now, turn)
    return Net(features.value, inner.value, bias.value, out.value, out_bias.value)


def _dropped(batch: csr_matrix, random: np.random.Generator) -> tuple[csr_matrix, NDArray[np.int64]]:
    """The batch with features dropped, narrowed to the columns that it has; and which these are."""
    touched, at = np.unique(batch.indices, return_inverse=True)
    kept = random.random(len(batch.data), dtype=np.float32) >= _FEATURES_DROPPED
    values = batch.data * kept / np.float32(1 - _FEATURES_DROPPED)
    narrow = csr_matrix((values, at.astype(np.int32), batch.indptr), shape=(batch.shape[0], len(touched)))
    return narrow, touched


def _pulls(scores: Array, targets: Sequence[Target], rows: NDArray[np.int64]) -> Array:
    pulls = np.empty_like(scores)
    first = 0
    for target in targets:
        after = first + len(target.labels)
        pulls[:, first:after] = target.pulls(scores[:, first:after], rows)
        first = after
    return pulls


def _rise_and_fall(share: float) -> float:
    rising = 0.3
    return share / rising if share < rising else 0.5 * (1 + float(np.cos(np.pi * (share - rising) / (1 - rising))))


def together(names: Sequence[str], nets: Sequence[Net], targets: Sequence[Target]) -> Model:
    """Several networks side by side as one model; the large matrix in whole steps of one byte."""
    features = np.concatenate([net.features for net in nets], axis=1)
    step = np.maximum(np.abs(features).max(axis=0), 1e-6) / 127
    weights = Weights(
        names=tuple(names),
        features=np.round(features / step).astype(np.int8),
        step=step.astype(np.float32),
        sense=np.concatenate([net.sense for net in nets], axis=1),
        bias=np.concatenate([net.bias for net in nets]),
        out=(np.concatenate([net.out for net in nets]) / len(nets)).astype(np.float32),
        out_bias=np.mean([net.out_bias for net in nets], axis=0, dtype=np.float32),
    )
    return Model([Head(target.name, target.labels) for target in targets], weights)


def taken_apart(model: Model) -> Net:
    """The networks of a model as one wide network that can be fitted further."""
    weights = model.weights
    return Net(weights.features * weights.step, weights.sense, weights.bias, weights.out, weights.out_bias)
