"""Training: `python -m nlp.train` learns from the voices that train and writes nlp/weights/model.npz.

The voices of `dev` make the probabilities honest (calibration); the voices of `test` are not touched here at all.
numpy and scipy do the work: a minute or two of one core.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.features import Features
from nlp.fitting import Table, Target, blank, fit, seen_often, together
from nlp.model import Array, Model
from nlp.noise import joined, misheard
from nlp.reading import Intent
from nlp.voices import Line, Looker, parts, texts

TARGET = Path(__file__).parent / "weights" / "model.npz"
NETS = 2
ROUNDS = 12


@dataclass(frozen=True)
class Task:
    """One head: the label of a line, None where the line says nothing about it, and how much it weighs."""

    name: str
    label: Callable[[Line], str | bool | None]
    weight: float = 0.2


def _case(line: Line) -> bool:
    return line["intent"] in ("visit", "hardship", "complaint", "crisis")


def _thing(line: Line) -> bool | None:
    if "case" not in line:
        return None
    calm = line["intent"] not in ("visit", "supplement", "hardship")
    return bool(line["case"] == "problem" and line.get("grade") in ("E5", "E2") and calm)


def _there(intent: str) -> Callable[[Line], bool | None]:
    """Whether an intent is there at all, primary or beside: far more lines to learn from than "beside" alone."""
    return lambda line: line["intent"] == intent or intent in line["also"] if "also" in line else None


def _slot(name: str) -> Callable[[Line], str | None]:
    return lambda line: str(line["slots"].get(name) or "-") if "slots" in line else None


TASKS = (
    Task("intent", lambda line: None if line.get("joined") else str(line["intent"]), weight=1.0),
    Task(
        "urgency", lambda line: str(line["urgency"] or "C") if "urgency" in line and _case(line) else None, weight=0.4
    ),
    Task("topic", _slot("topic"), weight=0.6),
    Task("cause", _slot("cause"), weight=0.4),
    *(Task(f"has {intent}", _there(intent), weight=0.25) for intent in Intent),
    Task("blame", lambda line: line.get("blame"), weight=0.5),
    Task("negated", lambda line: line.get("negated")),
    Task("anonymous", lambda line: line.get("anonymous")),
    Task("thing", _thing),
    Task("lead", lambda line: line["case"] == "lead" if "case" in line else None),
    Task("misconduct", lambda line: line["grade"] == "C2" if line.get("grade") in ("C1", "C2") else None),
)


def targets(lines: Sequence[Line], known: Mapping[str, tuple[str, ...]] | None = None) -> list[Target]:
    """What each head has to learn from these lines; `known` are the labels of a model that is fitted further."""
    found: list[Target] = []
    for task in TASKS:
        said = [task.label(line) for line in lines]
        if any(isinstance(label, bool) for label in said):
            right = [-1 if label is None else int(label) for label in said]
            found.append(Target(task.name, ("yes",), np.array(right), task.weight))
        else:
            labels = known[task.name] if known else tuple(sorted({str(label) for label in said if label is not None}))
            right = [labels.index(str(label)) if label in labels else -1 for label in said]
            found.append(Target(task.name, labels, np.array(right), task.weight, balanced=task.name == "intent"))
    return found


def learn(
    lines: Sequence[Line], looked: tuple[list[Features], list[Array]], nets: int, rounds: int, said: int | None = None
) -> Model:
    """A model fitted on these lines, its probabilities not yet made honest.

    `said`: how many of the lines, from the first, people said; made-up ones teach, but bring no features of their own.
    """
    seen, sense = looked
    table = Table(seen_often(seen[:said]))
    rows, senses, wanted = table.rows(seen), np.stack(sense), targets(lines)
    width = len(table.names)
    fitted = [
        fit(rows, senses, wanted, blank(width, senses.shape[1], wanted, seed), seed, rounds) for seed in range(nets)
    ]
    return together(table.names, fitted, wanted)


def calibrate(model: Model, lines: Sequence[Line], looked: tuple[list[Features], list[Array]]) -> Model:
    """The model with temperature and shift chosen on lines that it was not trained on."""
    answers = [model.answer(seen, sense) for seen, sense in zip(*looked, strict=True)]
    chosen: dict[str, tuple[float, float]] = {}
    for task in TASKS:
        said = [(answer[task.name], label) for answer, line in zip(answers, lines, strict=True)
                if (label := task.label(line)) is not None]  # fmt: skip
        head = next(head for head in model.heads if head.name == task.name)
        known = [(answer, label) for answer, label in said if isinstance(label, bool) or label in head.labels]
        if not known:
            continue
        chances = np.array([[answer[label] for label in head.labels] for answer, _ in known])
        if len(head.labels) == 1:
            scores = np.log(chances[:, 0] + 1e-12) - np.log(1 - chances[:, 0] + 1e-12)
            chosen[task.name] = _line(scores, np.array([bool(label) for _, label in known]))
        else:
            right = np.array([head.labels.index(str(label)) for _, label in known])
            chosen[task.name] = (_temperature(np.log(chances + 1e-12), right), 0.0)
    return model.calibrated(chosen)


def _temperature(scores: NDArray[np.float64], right: NDArray[np.int64]) -> float:
    def loss(divisor: float) -> float:
        cool = scores / divisor
        cool = cool - np.log(np.exp(cool).sum(axis=1, keepdims=True))
        return float(-cool[np.arange(len(right)), right].mean())

    return min((0.3 + 0.02 * step for step in range(120)), key=loss)


def _line(scores: NDArray[np.float64], yes: NDArray[np.bool_]) -> tuple[float, float]:
    """(temperature, shift) of the logistic curve that fits best: logistic regression on one number (Newton)."""
    slope, shift = 1.0, 0.0
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(slope * scores + shift, -30, 30)))
        pull = np.array([((chance - yes) * scores).sum() + 1e-3 * slope, (chance - yes).sum()])
        worth = chance * (1 - chance) + 1e-9
        bend = np.array([[(worth * scores * scores).sum() + 1e-3, (worth * scores).sum()],
                         [(worth * scores).sum(), worth.sum() + 1e-6]])  # fmt: skip
        slope, shift = np.array([slope, shift]) - np.linalg.solve(bend, pull)
    slope = min(max(slope, 0.1), 20.0)  # few lines, all on the right side: still no certainty
    return round(1 / slope, 4), round(float(shift / slope), 4)


def _likeliest(answer: dict[str, float]) -> str | bool:
    return answer["yes"] > 0.5 if "yes" in answer else max(answer, key=lambda name: answer[name])


def say(line: str) -> None:
    """One line of the report."""
    sys.stdout.write(line + "\n")


def main() -> None:
    """Trains, makes the probabilities honest, writes, and tells how well the voices of dev are read."""
    begun = time.perf_counter()
    sides = parts()
    looker = Looker()
    said = texts(sides["train"])
    lines = [*said, *misheard(said), *joined(sides["train"])]
    model = learn(lines, looker.look(lines), NETS, ROUNDS, len(said))
    dev = texts(sides["dev"])
    looked = looker.look(dev)
    model = calibrate(model, dev, looked)
    answers = [model.answer(*one) for one in zip(*looked, strict=True)]
    for task in TASKS:
        right = [
            _likeliest(answer[task.name]) == label
            for answer, line in zip(answers, dev, strict=True)
            if (label := task.label(line)) is not None
        ]
        say(f"{task.name:22} right {np.mean(right):.3f} of {len(right)} lines of the voices of dev")
    data = model.to_bytes()
    TARGET.write_bytes(data)
    say(f"{len(lines)} lines, {len(data) / 1e6:.2f} MB, {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
