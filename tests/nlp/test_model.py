"""The network learns what it is shown, and the file says what the network says (nlp/model.py, nlp/fitting.py)."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nlp.model import Model, logistic, softmax

fitting = pytest.importorskip("nlp.fitting")

WORDS = {
    "hardship": ("住院", "漏雨", "学费"),
    "complaint": ("贪了", "收钱", "名额"),
    "policy": ("材料", "条件", "标准"),
}
LINES = [({f"w:{word}": 0.6, "f:role resident": 0.3}, label) for label, words in WORDS.items() for word in words] * 8
SENSE = np.zeros((len(LINES), 5), np.float32)


def trained(seed: int) -> Model:
    labels = tuple(sorted(WORDS))
    table = fitting.Table(fitting.seen_often([seen for seen, _ in LINES]))
    targets = [
        fitting.Target("intent", labels, np.array([labels.index(label) for _, label in LINES]), 1.0, balanced=True),
        fitting.Target("blame", ("yes",), np.array([int(label == "complaint") for _, label in LINES]), 1.0),
    ]
    start = fitting.blank(len(table.names), 5, targets, seed)
    net = fitting.fit(table.rows([seen for seen, _ in LINES]), SENSE, targets, start, seed, rounds=200)
    return fitting.together(table.names, [net], targets)


MODEL = trained(0)


@pytest.mark.parametrize(("seen", "label"), LINES[:9])
def test_it_answers_as_it_was_shown(seen: dict[str, float], label: str) -> None:
    """Every head learns its own question from the same lines."""
    answer = MODEL.answer(seen, SENSE[0])
    assert max(answer["intent"], key=lambda name: answer["intent"][name]) == label
    assert (answer["blame"]["yes"] > 0.5) == (label == "complaint")


def test_the_file_keeps_the_model() -> None:
    """Written and read again it gives the same probabilities, to a thousandth."""
    again = Model.from_bytes(MODEL.to_bytes())
    for seen, _ in LINES[:9]:
        ours, theirs = MODEL.answer(seen, SENSE[0]), again.answer(seen, SENSE[0])
        for head, answer in ours.items():
            assert theirs[head] == pytest.approx(answer, abs=1e-3)


def test_the_same_seed_gives_the_same_file() -> None:
    """A build can be repeated."""
    assert trained(3).to_bytes() == trained(3).to_bytes()


def test_a_file_that_is_no_model_is_refused() -> None:
    """Whatever lies in the data folder, it is never run."""
    with pytest.raises((KeyError, OSError, ValueError)):
        Model.from_bytes(b"PK\x03\x04 no such thing")


def test_a_message_without_any_known_feature_is_answered() -> None:
    """Nothing known is an answer too, and its probabilities sum to one."""
    answer = MODEL.answer({"w:never": 1.0}, SENSE[0])
    assert sum(answer["intent"].values()) == pytest.approx(1)


def test_the_words_that_decide_are_those_that_pull() -> None:
    """The share of a feature in a label is large for its own label and nothing for a feature that is not there."""
    seen = {"w:贪了": 0.6, "f:role resident": 0.3}
    own, absent = MODEL.shares(seen, MODEL.hidden(seen, SENSE[0]), "intent", "complaint", ["w:贪了", "w:学费"])
    assert own > 0
    assert absent == 0


def test_probabilities() -> None:
    """Softmax sums to one and neither function breaks on huge scores."""
    assert sum(softmax([1.0, 2.0, 3.0])) == pytest.approx(1)
    assert softmax([1000.0, 0.0])[0] == pytest.approx(1)
    assert logistic(-1000) == pytest.approx(0)
    assert logistic(1000) == pytest.approx(1)
    assert logistic(0.3) == pytest.approx(1 / (1 + math.exp(-0.3)))
