"""Names without a roster are weighed: what the weights learn, what stays out, and that the text may be as long as it likes."""

from __future__ import annotations

import time

import pytest

from nlp.open_names import NameWeights, find_open_names, name_weights, shapes_with_signs

training = pytest.importorskip("nlp.train_names")

VISITED = ("江小北", "雷静", "丘正喜", "池雨", "任杰", "樊丽", "纽小凤", "乔成安")
LINES = [{"text": f"昨天去看{name}，他病了", "role": "cadre", "slots": {"household": name}} for name in VISITED] + [
    {"text": f"谢谢{name}送来的棉被", "role": "resident", "slots": {}} for name in VISITED
]


def found(text: str, role: str = "resident") -> list[str]:
    return [text[name.start : name.end] for name in find_open_names(text, frozenset(), frozenset(), role)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("李秀兰、孙长友都正常", ["李秀兰", "孙长友"]),
        ("春花婶抱着枕头坐在门口", ["春花婶"]),
        ("昨天去看了小雨，她烧得脸通红", ["小雨"]),
        ("村主任张庆海不管", []),
        ("周三去区里开会", []),
        ("立冬那天下的雪", []),
        ("昨晚重温了《焦裕禄》", []),
    ],
)
def test_names_are_told_from_other_words(text: str, names: list[str]) -> None:
    """Households in their order; officers, days and those of whom everybody tells are none."""
    assert found(text) == names


def test_what_is_taken_is_never_read_as_a_name() -> None:
    """A village's name is not cut up for a person's."""
    text = "去马楼看李秀兰"
    names = find_open_names(text, frozenset((1, 2)), frozenset((3,)), "cadre")
    assert [(name.start, name.end) for name in names] == [(4, 7)]


def test_the_words_around_a_name_are_learned() -> None:
    """From a handful of lines: the same name is a household where somebody visits it, and none where it is thanked."""
    table = training.learn(LINES)
    weights = NameWeights(table["signs"], table["bias"], table["odds"])

    def score(text: str, role: str) -> float:
        shapes = shapes_with_signs(text, frozenset(), frozenset(), role, weights.odds)
        return max(weights.score(signs) for shape, signs, _ in shapes if text[shape.start : shape.end] == "郝立春")

    assert score("昨天去看郝立春，他病了", "cadre") > score("谢谢郝立春送来的棉被", "resident") + 1


def test_the_same_lines_give_the_same_weights() -> None:
    """A build can be repeated: the chance by which names are changed has a fixed seed."""
    assert training.learn(LINES) == training.learn(LINES)


def test_the_shipped_weights_are_small() -> None:
    """They load in an instant and go with every install."""
    assert 1000 < len(name_weights().signs) < 40_000


def test_a_text_of_nothing_but_names_is_read_in_time() -> None:
    """Ten times the text takes no more than some ten times as long."""
    begun = time.process_time()
    find_open_names("王桂英小苗苗" * 2000, frozenset(), frozenset(), "resident")
    assert time.process_time() - begun < 2
