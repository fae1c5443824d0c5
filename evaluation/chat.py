"""Everyday chat that opens a case for nothing: the corpus' own, and public sets in a folder that is named."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from evaluation.figures import percent
from evaluation.reading import Read, opened
from nlp.gazetteer import Context, Gazetteer
from nlp.understand import Reader
from nlp.voices import SENT

SETS = ("lccc_toy.dev.jsonl", "crosswoz_user_turns.dev.jsonl")


def chat_section(reads: Sequence[Read], folder: Path | None) -> list[str]:
    """How much small talk would open a case, set by set."""
    talk = [read for read in reads if read.line["intent"] == "chitchat" and not read.line["also"]]
    wrong = sum(opened(read.reading) != "none" for read in talk)
    lines = ["| everyday chat | messages | would open a case | asked about first |", "|---|---|---|---|"]
    asked = sum(opened(read.reading) != "none" and bool(read.reading.ask) for read in talk)
    lines.append(f"| the corpus' own, voices of test | {len(talk)} | {percent(wrong / (len(talk) or 1))} | {asked} |")
    if folder is None or not any((folder / name).exists() for name in SETS):
        return [*lines, "", "The public sets were not at hand (`python -m evaluation --data FOLDER` reads them)."]
    reader = Reader(Gazetteer())
    for name in SETS:
        texts = [json.loads(row)["text"] for row in (folder / name).read_text(encoding="utf-8").splitlines()]
        found = [reader.understand(text, Context(SENT)) for text in texts]
        cases = [reading for reading in found if opened(reading) != "none"]
        asked = sum(bool(reading.ask) for reading in cases)
        share = percent(len(cases) / len(texts))
        lines.append(f"| {name.split('.')[0]} (never trained on) | {len(texts)} | {share} | {asked} |")
    return lines
