"""Learning on the spot: what an officer corrected is read so afterwards, and harm is refused (nlp/teach.py)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from nlp.gazetteer import Context, Gazetteer
from nlp.model import shipped
from nlp.understand import Reader

teach = pytest.importorskip("nlp.teach")
corpus = pytest.importorskip("nlp.voices")
NOW = datetime.fromisoformat("2026-11-20T15:00:00+08:00")
SAID = "槐荫底下的碾盘会散了"
CORRECTED = [
    {"text": text, "role": "cadre", "intent": "visit"}
    for text in (SAID, "碾盘会散了，都说到了", "槐荫那几户的碾盘会开完了")
]


def few(side: str, count: int) -> list[tuple[str, dict[str, object]]]:
    lines = corpus.parts()[side]
    return lines[:: len(lines) // count]


def test_a_correction_changes_the_next_reading() -> None:
    """What was taken for something else before is read as the officer said, and the file of it is read again."""
    before, after, model = teach.taught(shipped(), CORRECTED * 3, few("train", 400), few("dev", 300))
    assert model is not None
    assert after.examples > before.examples or before.examples == 1
    again = type(model).from_bytes(model.to_bytes())
    chance = [Reader(Gazetteer(), known).understand(SAID, Context(NOW, "cadre")) for known in (shipped(), again)]
    assert chance[1].intent == "visit"


STANDING = teach.Standing(right=0.8, crises=0.9, false_calls=0.02, sealed=0.95, examples=0.2)


@pytest.mark.parametrize(
    ("harm", "used"),
    [
        ({"crises": 0.88}, False),
        ({"sealed": 0.93}, False),
        ({"false_calls": 0.04}, False),
        ({"right": 0.7}, True),
        ({"crises": 0.95, "sealed": 0.96}, True),
        ({"sealed": 0.947}, True),
    ],
)
def test_a_model_that_is_worse_on_crisis_or_blame_is_refused(harm: dict[str, float], used: bool) -> None:
    """Fewer crises heard, more false calls or fewer accusations sealed, beyond chance: never used."""
    assert replace(STANDING, **harm).safe_after(STANDING) is used


def test_examples_are_checked_line_by_line() -> None:
    """A line that is no example is named by its number; role and blame are taken over where they stand."""
    from bot.settings import SettingsError
    from bot.training import read_examples

    assert read_examples(['{"text": "俺来问问", "intent": "policy"}', ""]) == [
        {"text": "俺来问问", "role": "resident", "intent": "policy"}
    ]
    with pytest.raises(SettingsError, match="line 2"):
        read_examples(['{"text": "甲", "intent": "help"}', '{"text": "乙", "intent": "nonsense"}'])
    with pytest.raises(SettingsError, match="line 1"):
        read_examples(['{"text": " ", "intent": "help"}'])


def test_a_broken_local_model_is_passed_over(tmp_path: Path) -> None:
    """The shipped reader goes on, whatever lies in the data folder."""
    from bot.training import local_model

    assert local_model(tmp_path) is None
    (tmp_path / "model.npz").write_bytes(b"not a model")
    assert local_model(tmp_path) is None
    (tmp_path / "model.npz").write_bytes(shipped().to_bytes())
    assert local_model(tmp_path) is not None
