"""`make eval`, `python -m evaluation [--data FOLDER]`: measures the shipped reader and writes docs/evaluation.md."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from evaluation.chat import chat_section
from evaluation.curve import curve_section
from evaluation.figures import accuracy, intents, macro
from evaluation.meaning import (
    ask_section,
    beside_section,
    blame_section,
    crisis_section,
    intent_section,
    rest_section,
    voices_section,
)
from evaluation.reading import Read, read_all
from evaluation.second import agreement_section, disputed, second_labels
from evaluation.simple import simple_section
from evaluation.speed import speed_section
from nlp.voices import parts, texts

REPORT = Path(__file__).parents[1] / "docs" / "evaluation.md"


def undisputed_section(test: Sequence[Read]) -> list[str]:
    """The figures on the messages that a second reader labelled too, with and without the disputed ones."""
    second, doubtful = second_labels(), disputed([read.line for read in test])
    both = [read for read in test if read.line["id"] in second]
    agreed = [read for read in both if read.line["id"] not in doubtful]
    figures = [f"{accuracy(intents(part)):.3f} / {macro(intents(part)):.3f}" for part in (both, agreed)]
    return [
        f"On the {len(both)} messages that a second reader labelled too: accuracy / macro-F1 {figures[0]};",
        f"on the {len(agreed)} of them on whose intent both agree: {figures[1]}.",
    ]


def report(data: Path | None) -> list[str]:
    """The whole report, line by line."""
    sides = parts()
    test, dev = read_all(sides["test"]), read_all(sides["dev"])
    counts = {name: (len({voice for voice, _ in side}), len(side)) for name, side in sides.items()}
    sections = [
        ("Intents", [*intent_section(test, dev), "", *undisputed_section(test)]),
        ("Voice by voice", voices_section(test)),
        ("Two readers of the same messages", agreement_section(texts(sides["test"]))),
        ("Intents beside the first", beside_section(test)),
        ("Crisis", crisis_section(test)),
        ("Blame", blame_section(test)),
        ("Topic, cause, urgency, negation, anonymity, case, grade", rest_section(test)),
        ("Asking, and honesty of the confidence", ask_section(test)),
        ("Everyday chat", chat_section(test, data)),
        ("Learning curve (model alone, on the voices of test)", curve_section(sides["train"], sides["test"])),
        ("References on the same messages", simple_section(texts(sides["train"]), texts(sides["test"]))),
        ("Size and speed", speed_section(texts(sides["train"]))),
    ]
    if importlib.util.find_spec("evaluation.facts"):
        sections.append(("Facts", importlib.import_module("evaluation.facts").measure(data)))
    lines = [
        "# How well it reads",
        "",
        "Written by `make eval`; do not edit. End to end, as `jishiyu understand` answers, with an empty gazetteer.",
        "The split is by voice (`nlp/corpus/split.toml`): nobody who wrote words or rules for this split has read the",
        "errors on the voices of test.",
        "",
        "| side | voices | messages | used for |",
        "|---|---|---|---|",
    ]
    uses = {"train": "weights, words, rules", "dev": "thresholds, choice of model", "test": "these figures only"}
    lines += [f"| {name} | {voices} | {count} | {uses[name]} |" for name, (voices, count) in counts.items()]
    for title, section in sections:
        lines += ["", f"## {title}", "", *section]
    return lines


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with the public sets of everyday chat")
    begun = time.perf_counter()
    lines = report(parser.parse_args().data)
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{REPORT.name}: {len(lines)} lines, {time.perf_counter() - begun:.0f} s\n")


if __name__ == "__main__":
    main()
