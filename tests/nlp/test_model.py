"""The plain-Python scorer says what scikit-learn says (nlp/model.py, nlp/train.py)."""

from __future__ import annotations

import math

import pytest

from nlp.model import Model, logistic, softmax

train = pytest.importorskip("nlp.train")

LINES = [
    {"text": text, "role": "resident", "intent": intent, "blame": blame}
    for intent, blame, texts in (
        ("hardship", False, ("俺娘住院没钱", "房子漏雨没处睡", "学费交不上", "药断了买不起")),
        ("complaint", True, ("书记贪了低保钱", "会计收俺三百块", "主任把名额给亲戚", "村里账目不公开")),
        ("policy", False, ("低保要啥材料", "残疾证咋办", "临时救助多少钱", "医保能报多少")),
    )
    for text in texts
]


def test_the_scorer_equals_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every score of a trained model is within 1e-4 of scikit-learn's own decision function."""
    tasks = (
        train.Task("intent", lambda line: line["intent"]),
        train.Task("blame", lambda line: line["blame"]),
    )
    monkeypatch.setattr(train, "TASKS", tasks)
    monkeypatch.setattr(train, "SCALE", 10_000_000)
    vectors = train.look(LINES)
    model = Model.from_json(train.build(vectors, LINES, {}, smallest=0.0))
    vectorizer = train.DictVectorizer(dtype=train.np.float32)
    matrix = train.table(vectorizer, vectors, False)
    column = 0
    for task in tasks:
        theirs = train.fit(task, matrix, LINES).decision_function(matrix)
        theirs = theirs.reshape(len(LINES), -1)
        for row, features in enumerate(vectors):
            ours = model.score(features)[column : column + theirs.shape[1]]
            assert ours == pytest.approx(list(theirs[row]), abs=1e-4)
        column += theirs.shape[1]


def test_probabilities() -> None:
    """Softmax sums to one and neither function breaks on huge scores."""
    assert sum(softmax([1.0, 2.0, 3.0])) == pytest.approx(1)
    assert softmax([1000.0, 0.0])[0] == pytest.approx(1)
    assert logistic(-1000) == pytest.approx(0)
    assert logistic(1000) == pytest.approx(1)
    assert logistic(0.3) == pytest.approx(1 / (1 + math.exp(-0.3)))
