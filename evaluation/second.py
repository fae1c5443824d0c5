"""How far two readers agree: 756 messages of the voices of test, labelled blind by a second one.

The second reader had the rules and the samples, not the first labels (the ids told the voice). Where the two disagree
on the intent the message counts as disputed; figures are given with and without those.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nlp.voices import Line

LABELS = Path(__file__).parent / "second_reader.jsonl"
_FIELDS = ("intent", "urgency", "blame", "topic", "negated", "anonymous")


def second_labels() -> dict[str, dict[str, Any]]:
    """The second reader's labels by message id."""
    rows = (json.loads(line) for line in LABELS.read_text("utf-8").splitlines())
    return {row["id"]: row for row in rows}


def disputed(lines: Sequence[Line]) -> set[str]:
    """The messages on whose intent the two disagree."""
    second = second_labels()
    return {line["id"] for line in lines if line["id"] in second and second[line["id"]]["intent"] != line["intent"]}


def agreement_section(lines: Sequence[Line]) -> list[str]:
    """A table: how often the two agree, and Cohen's kappa."""
    second = second_labels()
    both = [(line, second[line["id"]]) for line in lines if line["id"] in second]
    rows = ["| label | agree | kappa |", "|---|---|---|"]
    for field in _FIELDS:
        pairs = [(_first(line, field), other.get(field)) for line, other in both]
        share, kappa = _kappa(pairs)
        rows.append(f"| {field} | {share:.3f} | {kappa:.3f} |")
    count = len(disputed(lines))
    doubted = sum("doubt" in second[one] for one in disputed(lines))
    rows += [
        "",
        f"{len(both)} messages; {count} intents are disputed, {doubted} of them called doubtful by the second reader.",
    ]
    return rows


def _first(line: Line, field: str) -> Any:
    return line["slots"].get("topic") if field == "topic" else line[field]


def _kappa(pairs: Sequence[tuple[Any, Any]]) -> tuple[float, float]:
    """Share of equal pairs, and what is left of it beyond chance."""
    share = sum(one == other for one, other in pairs) / len(pairs)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(count * second[label] for label, count in first.items()) / len(pairs) ** 2
    return share, (share - chance) / (1 - chance) if chance < 1 else 1.0
