"""Fitting one head of the model and asking it about voices it never heard (development only, scikit-learn).

Figures are only honest on voices left out: messages of one writer look alike, so a split by message flatters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from nlp.features import Features

Line = dict[str, Any]  # one line of the corpus, as in docs/labels.md
FOLDS = 5
PLAIN = "plain"  # the voice of lines that are trained on and never counted


class Task:
    """One head to train: its name, which lines it learns from, and the label of a line."""

    def __init__(
        self,
        name: str,
        label: Callable[[Line], str | bool],
        strength: float = 0.2,
        among: Callable[[Line], bool] = lambda _: True,
    ) -> None:
        self.name, self.label, self.strength, self.among = name, label, strength, among


def fit(task: Task, matrix: csr_matrix, lines: Sequence[Line]) -> LinearSVC:
    """One head fitted on the lines that concern it.

    A linear SVM, one label against the rest, labels balanced: on unseen voices four points of macro-F1 better than
    logistic regression, since each voice has its own share of intents. Its scores are made probabilities afterwards.
    """
    rows = [at for at, line in enumerate(lines) if task.among(line)]
    labels = [task.label(lines[at]) for at in rows]
    return LinearSVC(C=task.strength, class_weight="balanced").fit(matrix[rows], labels)


def table(vectorizer: DictVectorizer, vectors: Sequence[Features], known: bool) -> csr_matrix:
    """Features as a sparse matrix, with the narrow indices that the SVM asks for."""
    matrix = vectorizer.transform(vectors) if known else vectorizer.fit_transform(vectors)
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    return matrix


def folds(voices: Sequence[str]) -> Iterator[tuple[list[int], list[int]]]:
    """(train rows, test rows) with every voice in exactly one test part."""
    names = sorted(set(voices) - {PLAIN})
    for fold in range(min(FOLDS, len(names))):
        held = set(names[fold::FOLDS])
        yield (
            [at for at, voice in enumerate(voices) if voice not in held],
            [at for at, voice in enumerate(voices) if voice in held],
        )


@dataclass(frozen=True)
class Unseen:
    """What a head says of voices it was not trained on: scores (lines × labels), the right columns, which lines."""

    labels: list[Any]
    scores: Any
    truth: Any
    rows: list[int]

    def calibration(self) -> tuple[float, float]:
        """(temperature, shift) so that softmax or logistic of (score + shift) / temperature is an honest chance."""
        if self.labels == [False, True]:
            line = LogisticRegression(C=1e4).fit(self.scores[:, 1:], self.truth)
            slope = max(float(line.coef_[0, 0]), 0.1)
            return 1 / slope, float(line.intercept_[0]) / slope
        return min((0.05 + 0.025 * step for step in range(60)), key=self._loss), 0.0

    def _loss(self, divisor: float) -> float:
        cool = self.scores / divisor
        cool = cool - cool.max(axis=1, keepdims=True)
        chances = np.exp(cool) / np.exp(cool).sum(axis=1, keepdims=True)
        return float(-np.log(chances[np.arange(len(self.truth)), self.truth] + 1e-9).mean())


def unseen(task: Task, vectors: Sequence[Features], voices: Sequence[str], lines: Sequence[Line]) -> Unseen:
    """A head fitted fold by fold and asked about the voices left out."""
    scores: list[Any] = []
    rows: list[int] = []
    labels: list[Any] = sorted({task.label(line) for line in lines if task.among(line)})
    for train, test in folds(voices):
        vectorizer = DictVectorizer(dtype=np.float32)
        model = fit(task, table(vectorizer, [vectors[at] for at in train], False), [lines[at] for at in train])
        asked = [at for at in test if task.among(lines[at])]
        raw = model.decision_function(table(vectorizer, [vectors[at] for at in asked], True))
        if raw.ndim == 1:
            raw = np.stack([np.zeros_like(raw), raw], axis=1)
        full = np.full((len(asked), len(labels)), -5.0)
        full[:, [labels.index(label) for label in model.classes_]] = raw
        scores.append(full)
        rows.extend(asked)
    truth = [labels.index(task.label(lines[at])) for at in rows]
    return Unseen(labels, np.concatenate(scores), np.array(truth), rows)
