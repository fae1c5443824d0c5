"""Training: `python -m nlp.train` reads nlp/corpus/*.jsonl and writes nlp/weights/model.json.gz (development only).

The honest figure first: five folds, each with voices that the training has not seen; their answers also set the
temperatures. Then one model on everything, small weights dropped. scikit-learn does the fitting.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.metrics import f1_score
from sklearn.svm import LinearSVC

from nlp.facts import Facts
from nlp.features import Features, features, masked
from nlp.fitting import PLAIN, Line, Task, fit, table, unseen
from nlp.gazetteer import Context, Gazetteer
from nlp.lexicon import Lexicon, Sames
from nlp.segment import Segmenter

SENT = datetime.fromisoformat("2026-11-20T15:00:00+08:00")  # when the corpus was sent
HERE = Path(__file__).parent
SMALLEST = 0.02  # weights below this are dropped: measured, nothing lost on unseen voices
SCALE = 1000  # weights are written as whole thousandths


def _is_case(line: Line) -> bool:
    return line["intent"] in ("visit", "hardship", "complaint", "crisis")


def _thing(line: Line) -> bool:
    return line.get("case") == "problem" and line.get("grade") in ("E5", "E2") and line["intent"] not in (
        "visit", "supplement", "hardship")  # fmt: skip


def _there(intent: str) -> Callable[[Line], bool]:
    """Whether an intent is there at all, primary or beside: far more lines to learn from than "beside" alone."""
    return lambda line: line["intent"] == intent or intent in line["also"]


BESIDE = ("hardship", "complaint", "crisis", "thanks_feedback", "progress", "policy")
TASKS = (
    Task("intent", lambda line: str(line["intent"])),
    Task("urgency", lambda line: str(line["urgency"] or "C"), among=_is_case),
    Task("topic", lambda line: str(line["slots"].get("topic") or "-")),
    Task("cause", lambda line: str(line["slots"].get("cause") or "-")),
    *(Task(f"has {name}", _there(name)) for name in BESIDE),
    Task("blame", lambda line: bool(line["blame"])),
    Task("negated", lambda line: bool(line["negated"])),
    Task("anonymous", lambda line: bool(line["anonymous"])),
    Task("thing", _thing),
    Task("lead", lambda line: line.get("case") == "lead"),
    Task("misconduct", lambda line: line.get("grade") == "C2", among=lambda line: line.get("grade") in ("C1", "C2")),
)


def corpus() -> list[tuple[str, Line]]:
    """All (voice, line) pairs in nlp/corpus; raises ValueError naming the file and line that cannot be read.

    The files in nlp/corpus/plain are short everyday messages with intents and states but without spans: they are
    trained on and never counted, since they would flatter the figures.
    """
    pairs: list[tuple[str, Line]] = []
    for path in sorted((HERE / "corpus").rglob("*.jsonl")):
        for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                line = json.loads(row)
            except ValueError as error:
                raise ValueError(f"{path.name}:{number}: {error}") from error
            pairs.append((PLAIN if path.parent.name == PLAIN else path.stem, line))
    return pairs


def look(lines: Sequence[Line]) -> list[Features]:
    """The features of corpus lines, with the shipped words only."""
    segmenter, lexicon, sames, facts = Segmenter(), Lexicon(), Sames(), Facts(Gazetteer())
    looked: list[Features] = []
    for line in lines:
        text = line["text"]
        taken = facts.read(text, Context(SENT, line["role"])).taken
        bare = sames.level(masked(text, taken))
        looked.append(features(bare, segmenter.words(bare), lexicon.find(text), taken, line["role"]))
    return looked


def pack(heads: list[Line], models: Sequence[LinearSVC], names: Sequence[str], smallest: float) -> Line:
    """The weights as they are written: heads, and feature → columns with their weights, small ones dropped."""
    weights = np.concatenate([model.coef_ for model in models])
    rows: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        column = weights[:, at]
        kept = np.flatnonzero(np.abs(column) >= smallest)
        if len(kept):
            rows[name] = [value for index in kept for value in (int(index), round(float(column[index]) * SCALE))]
    return {"scale": SCALE, "heads": heads, "rows": rows}


def build(
    vectors: Sequence[Features],
    lines: Sequence[Line],
    calibration: Mapping[str, tuple[float, float]],
    smallest: float = SMALLEST,
) -> Line:
    """A whole model fitted on these lines, as it is written to the weights file."""
    vectorizer = DictVectorizer(dtype=np.float32)
    matrix = table(vectorizer, vectors, False)
    heads: list[Line] = []
    models: list[LinearSVC] = []
    for task in TASKS:
        model = fit(task, matrix, lines)
        temperature, shift = calibration.get(task.name, (1.0, 0.0))
        yes_no = list(model.classes_) == [False, True]
        heads.append(
            {
                "name": task.name,
                "labels": ["yes"] if yes_no else [str(label) for label in model.classes_],
                "bias": [round(float(value) + shift, 5) for value in model.intercept_],
                "temperature": round(temperature, 4),
            }
        )
        models.append(model)
    return pack(heads, models, vectorizer.get_feature_names_out().tolist(), smallest)


def say(line: str) -> None:
    """One line of the report."""
    sys.stdout.write(line + "\n")


def main() -> None:
    """Trains, reports and writes."""
    begun = time.perf_counter()
    pairs = corpus()
    voices, lines = [voice for voice, _ in pairs], [line for _, line in pairs]
    vectors = look(lines)
    calibration: dict[str, tuple[float, float]] = {}
    for task in TASKS:
        answers = unseen(task, vectors, voices, lines)
        calibration[task.name] = answers.calibration()
        guess = answers.scores.argmax(axis=1)
        score = f1_score(answers.truth, guess, average="macro")
        right = np.mean(guess == answers.truth)
        say(f"{task.name:22} accuracy {right:.3f}  macro-F1 {score:.3f}  on {len(guess)} lines of unseen voices")
    data = build(vectors, lines, calibration)
    target = HERE / "weights" / "model.json.gz"
    target.parent.mkdir(exist_ok=True)
    packed = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    target.write_bytes(gzip.compress(packed, 9, mtime=0))
    size = target.stat().st_size / 1e6
    say(f"{len(lines)} lines, {len(data['rows'])} features, {size:.2f} MB, {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
