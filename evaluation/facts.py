"""Who, where, when, how much: measured on the corpus, the sister tables and the public halves (docs/facts.md).

`measure` gives the lines of the report; `python -m evaluation.facts [--public FOLDER] [--references PYTHON]` prints it.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

import click

from evaluation.public import LAST, PublicRow, convention, fits, ours, public_rows
from evaluation.references import NAMES, answers
from evaluation.sums import corrects, sums
from evaluation.tables import ANSWERS, NOW, region, right, rows
from nlp.accused import Accuser
from nlp.gazetteer import Context, Gazetteer
from nlp.lexicon import Lexicon
from nlp.reading import Slots
from nlp.voices import PLAIN, Line, corpus, parts

_DAYLESS = ("policy", "chitchat", "help")  # day words are no date there (docs/labels.md)
_END = re.compile(r"(?:村委会|居委会|社区|街道|村|居|镇|乡)$")
_HOME = re.compile(r"家$")
_LABELLED = "amount, as labelled"
_SLOTS = ("household", "village", "town", "date", "amount", _LABELLED, "people", "phone", "accused")


_HOW = (
    "Places with the shipped pack; names without any roster, as written (a trailing 家, 村 or 镇 is not counted).",
    "`value right`: days, yuan and heads. Where several sums stand in a message the labels name one of them; another",
    "one counts as right in `amount` (docs/labels.md) where evaluation/sums.py finds its value written with 块 or 元",
    "and nothing is corrected; `amount, as labelled` counts it as wrong. `accused` is asked where the label says that",
    "somebody is blamed, and an overlap counts as right.",
)


def read_voices() -> frozenset[str]:
    """The voices whose errors were read while the rules were written (evaluation/read_voices.txt)."""
    return frozenset((Path(__file__).parent / "read_voices.txt").read_text(encoding="utf-8").split())


def measure(public: Path | None = None, python: str | None = None) -> list[str]:
    """The report in markdown. `public`: folder of the public halves; `python`: interpreter that has the references."""
    return [*_corpus(), "", *_tables(python), "", *_public(public, python), "", *_speed()]


def _corpus() -> list[str]:
    known = read_voices()
    sides = parts()
    unread = [line for voice, line in sides["test"] if voice not in known]
    seen = [line for voice, line in (*sides["train"], *sides["dev"]) if voice != PLAIN]
    seen += [line for voice, line in sides["test"] if voice in known]
    lines = []
    for title, chosen in (
        ("voices that taught the names, or whose errors were read while the rules were written", seen),
        ("voices of test that nobody read and nothing learned from", unread),
    ):
        lines += [f"### The corpus, {title} ({len(chosen)} messages)", "", *_slots(chosen), ""]
    return [*lines, *_HOW]


def _slots(chosen: Sequence[Line]) -> list[str]:
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    accuser, lexicon = Accuser(Gazetteer()), Lexicon()
    for line in chosen:
        found = region().read(line["text"], Context(NOW, line["role"]))
        slots = found.slots
        for name in ("household", "village", "town", "phone"):
            _count(tally[name], _plain(name, line["slots"].get(name)), _plain(name, getattr(slots, name)))
        for name in ("date", "amount", "people"):
            _count_value(tally[name], name, line, slots)
        _count_value(tally[_LABELLED], "amount", line, slots, any_sum=False)
        gold = line["slots"].get("accused")
        if gold:
            accused = accuser.find(lexicon.find(line["text"]), not line["blame"], (), ())
            span = accused.span if accused else ""
            tally["accused"]["hit" if _overlap(gold, span) else "miss"] += 1
            tally["accused"]["false"] += bool(span) and not _overlap(gold, span)
    table = ["| slot | labelled | precision | recall | value right |", "|---|---|---|---|---|"]
    for name in _SLOTS:
        hit, miss, false = (tally[name][one] for one in ("hit", "miss", "false"))
        value = tally[name]["value"] / (tally[name]["valued"] or 1)
        table.append(
            f"| {name} | {hit + miss} | {hit / (hit + false or 1):.3f} | {hit / (hit + miss or 1):.3f} | "
            f"{f'{value:.3f}' if tally[name]['valued'] else '–'} |"
        )
    return table


def _plain(name: str, value: str | None) -> str | None:
    if value is None or name == "phone":
        return value
    return (_HOME if name == "household" else _END).sub("", value) or value


def _count(tally: Counter[str], gold: str | None, got: str | None) -> None:
    if gold is not None:
        tally["hit" if gold == got else "miss"] += 1
    tally["false"] += got is not None and gold != got


def _count_value(tally: Counter[str], name: str, line: Line, slots: Slots, *, any_sum: bool = True) -> None:
    """A slot with a value: spans that overlap are the same one; the value is asked wherever both have the slot."""
    gold, slot = line["slots"].get(name), getattr(slots, name)
    if name == "date" and line["intent"] in _DAYLESS:
        slot = None
    span = slot.span if slot else ""
    overlap = gold is not None and bool(span) and (span in gold["span"] or gold["span"] in span)
    value = None if slot is None else slot.value
    text = line["text"]
    another = any_sum and name == "amount" and gold is not None and not corrects(text) and value in sums(text)
    if gold is not None:
        tally["hit" if overlap or another else "miss"] += 1
    tally["false"] += bool(span) and not overlap and not another
    if gold is not None and gold.get("value") is not None:
        tally["valued"] += 1
        tally["value"] += another or (value is not None and str(value) == str(gold["value"]))


def _overlap(gold: str, got: str) -> bool:
    """Whether two ways to name somebody share their words (会计 and 村会计, 民政那妮子 and 民政)."""
    return bool(got) and (gold in got or got in gold or len(set(gold) & set(got)) >= 2)


def _tables(python: str | None) -> list[str]:
    lines = [
        "### The sister tables (tests/nlp/tables)",
        "",
        "| table | expressions | read right | known gaps |",
        "|---|---|---|---|",
    ]
    for table in ANSWERS:
        said = list(rows(table))
        good = sum(right(row) for row in said)
        lines.append(f"| {table} | {len(said)} | {good / len(said):.3f} | {sum(bool(row.gap) for row in said)} |")
    asked = [row for table in ("dates", "amounts") for row in rows(table)]
    asked_public = [
        PublicRow(f"table {row.table}", row.cells[0], NOW, row.table.removesuffix("s"), _wanted(row.cells, row.table))
        for row in asked
    ]
    return [*lines, "", *_compared("The same rows by the references (values only)", asked_public, python)]


def _wanted(cells: tuple[str, ...], table: str) -> tuple[str, ...]:
    """The value of a row as the public rows have it: none for a non-match, for another unit and for a vague day."""
    if table == "dates":
        return () if cells[2] in ("-", "?") else (cells[2],)
    return tuple(cells[2].removeprefix("≈").split("..")) if cells[3] == "元" else ()


def _public(folder: Path | None, python: str | None) -> list[str]:
    if folder is None or not folder.is_dir():
        return ["### The public halves", "", "No folder with them was given, so they were not measured."]
    asked, left = public_rows(folder)
    lines = _compared("The public halves", asked, python)
    why: dict[str, Counter[str]] = defaultdict(Counter)
    for row in asked:
        value = ours(row)
        if not fits(row, value):
            why[row.source][convention(row, value)] += 1
    lines += ["", "Where ours differs:", ""]
    lines += [
        f"- {source}: " + ", ".join(f"{count} {reason}" for reason, count in found.most_common())
        for source, found in why.items()
    ]
    lines += ["", "Left out, since our slots do not hold it:", ""]
    return lines + [f"- {count} {reason}" for reason, count in left.most_common()]


def _compared(title: str, asked: Sequence[PublicRow], python: str | None) -> list[str]:
    others: Mapping[str, Sequence[str | None]] = answers(asked, python) if python else {}
    by_source: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(asked):
        by_source[row.source].append(number)
    heads = ["ours", *others]
    mine = [ours(row) for row in asked]
    lines = [f"### {title}", "", f"| set | rows | {' | '.join(heads)} |", "|---|---|" + "---|" * len(heads)]
    for source, numbers in by_source.items():
        cells = [
            _share([asked[one] for one in numbers], [given[one] for one in numbers])
            for given in (mine, *others.values())
        ]
        lines.append(f"| {source} | {len(numbers)} | " + " | ".join(cells) + " |")
    lines += ["", "In brackets: with the last one that has been counted as right too, where a set takes the next one."]
    if not others:
        lines += ["", f"The references ({', '.join(NAMES)}) were not run: no interpreter that has them was given."]
    return lines


def _share(asked: Sequence[PublicRow], given: Sequence[str | None]) -> str:
    """The share of rows that are right, and with our convention allowed; a dash where nothing was ever read."""
    if not any(given) and any(row.right for row in asked):
        return "–"
    strict = sum(map(fits, asked, given)) / len(asked)
    loose = sum(fits(row, value) or convention(row, value) == LAST for row, value in zip(asked, given, strict=True))
    return f"{strict:.3f} ({loose / len(asked):.3f})"


def _speed() -> list[str]:
    """How long the facts of a message take."""
    texts = [line["text"] for _, line in corpus() if 35 <= len(line["text"]) <= 45][:500]
    taken = []
    for text in [*texts, *texts]:
        begun = time.process_time()
        region().read(text, Context(NOW))
        taken.append(1000 * (time.process_time() - begun))
    worst = max(_long(unit) for unit in ("王", "去王贵家，", "11月9", "不是三", "老王家", "管的"))
    usual = median(taken[len(texts) :])
    return [
        f"The facts of a message of some 40 characters take {usual:.2f} ms (median, one core).",
        f"Of 10,000 characters made to be slow, each 1,000 take at most {worst:.0f} ms.",
    ]


def _long(unit: str) -> float:
    text = (unit * 10_000)[:10_000]
    begun = time.process_time()
    region().read(text, Context(NOW))
    return 100 * (time.process_time() - begun)


@click.command()
@click.option("--public", type=click.Path(path_type=Path), help="folder with the public halves")
@click.option("--references", "python", help="interpreter of an environment with jionlp, cn2an, recognizers-text")
def main(public: Path | None, python: str | None) -> None:
    """Print the figures of the facts."""
    sys.stdout.write("\n".join(measure(public, python)) + "\n")


if __name__ == "__main__":
    main()
