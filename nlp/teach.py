"""Learning on the spot (就地学习): local examples taught to a copy of the model, and whether that copy may be used.

An example is a line with text, role and intent; what it does not say (topic, blame …) it does not teach. The model is
fitted a little further on the examples together with part of the corpus, so that it forgets nothing. Whether it reads
better or worse is measured end to end on the voices of dev; one that hears fewer crises, calls more of them falsely or
seals fewer accusations, by more than chance, is never used.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlp.blame import SEAL
from nlp.fitting import Table, fit, taken_apart, together
from nlp.gazetteer import Context, Gazetteer
from nlp.model import Model
from nlp.reading import Intent
from nlp.train import calibrate, targets
from nlp.understand import Reader
from nlp.voices import SENT, Line, Looker, Voiced, texts

_RATES = (3e-3, 1.5e-3, 8e-4, 4e-4)  # from bold to timid; the first that harms nothing is taken
_AGAIN = 12  # how often an example is shown, against once for a line of the corpus
_BESIDE = 40  # lines of the corpus for each example, so that nothing else is forgotten
_LEAST_BESIDE = 1_500
_ROUNDS = 4
_NOISE = 0.005  # one line, or one in two hundred, more or less is chance, not harm


@dataclass(frozen=True, slots=True)
class Standing:
    """How a model reads the voices of dev, and how many of the examples it reads as they were corrected."""

    right: float  # share of intents
    crises: float  # share of crises heard, first or beside
    false_calls: float  # share of other messages called a crisis
    sealed: float  # share of accusations above the bar of rules.md H
    examples: float  # share of the examples read as the officer said
    asked: tuple[int, int, int] = (0, 0, 0)  # how many crises, other messages and accusations that was measured on

    def safe_after(self, before: Standing) -> bool:
        """Whether nothing that protects people got worse."""
        crises, others, accusations = (max(_NOISE, 1.01 / count) if count else _NOISE for count in before.asked)
        heard = self.crises >= before.crises - crises and self.false_calls <= before.false_calls + others
        return heard and self.sealed >= before.sealed - accusations


def standing(model: Model, dev: Sequence[Voiced], examples: Sequence[Line]) -> Standing:
    """Read end to end with this model."""
    reader = Reader(Gazetteer(), model)
    lines = texts(dev)
    readings = [reader.understand(line["text"], Context(SENT, line["role"])) for line in lines]
    pairs = list(zip(lines, readings, strict=True))
    told = [(line["intent"] == "crisis", line["intent"] == "crisis" or "crisis" in line["also"]) for line in lines]
    crises = [found.means(Intent.CRISIS) for found, (first, _) in zip(readings, told, strict=True) if first]
    calls = [found.intent is Intent.CRISIS for found, (_, there) in zip(readings, told, strict=True) if not there]
    sealed = [reading.blame > SEAL for line, reading in pairs if line["blame"]]
    own = [reader.understand(line["text"], Context(SENT, line["role"])).intent == line["intent"] for line in examples]
    right = [reading.intent == line["intent"] for line, reading in pairs]
    return Standing(
        right=_share(right),
        crises=_share(crises),
        false_calls=_share(calls),
        sealed=_share(sealed),
        examples=_share(own),
        asked=(len(crises), len(calls), len(sealed)),
    )


def _share(found: Sequence[bool]) -> float:
    return sum(found) / (len(found) or 1)


def taught(
    model: Model, examples: Sequence[Line], train: Sequence[Voiced], dev: Sequence[Voiced]
) -> tuple[Standing, Standing, Model | None]:
    """(before, after, the model that learned). No model, and the last attempt's figures, where every attempt harms."""
    looker = Looker()
    chance = random.Random(len(examples))  # noqa: S311 - the same lines for the same examples
    beside = chance.sample(texts(train), min(len(train), max(_LEAST_BESIDE, _BESIDE * len(examples))))
    lines = [*list(examples) * _AGAIN, *beside]
    seen, sense = looker.look(lines)
    wanted = targets(lines, {head.name: head.labels for head in model.heads})
    table = Table(model.weights.names)
    rows, senses = table.rows(seen), np.stack(sense)
    honest = looker.look(texts(dev))
    before = after = standing(model, dev, examples)
    for rate in _RATES:
        net = fit(rows, senses, wanted, taken_apart(model), seed=0, rounds=_ROUNDS, rate=rate)
        learned = calibrate(together(table.names, [net], wanted), texts(dev), honest)
        after = standing(learned, dev, examples)
        if after.safe_after(before) and (after.examples > before.examples or before.examples == 1):
            return before, after, learned
    return before, after, None
