"""What a bench found, as lines of a table."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_HEAD = ("| what | ours | reference in the same run | ratio | aim | reached |", "|---|---|---|---|---|---|")


@dataclass(frozen=True, slots=True)
class Line:
    """One figure beside its reference. `reached` is None where nothing is aimed at."""

    what: str
    ours: str
    reference: str = ""
    ratio: float | None = None
    aim: str = ""
    reached: bool | None = None

    def __str__(self) -> str:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        word = {None: "", True: "yes", False: "**no**"}[self.reached]
        return f"| {self.what} | {self.ours} | {self.reference} | {ratio} | {self.aim} | {word} |"


def machine() -> str:
    """The machine of this run, and how busy it was before anything began."""
    cpu = next(
        (line.partition(":")[2].strip() for line in _read("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    return (
        f"{os.cpu_count()} cores ({cpu}), {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}; load at the start {os.getloadavg()[0]:.1f}"
    )


def _read(path: str) -> list[str]:
    return Path(path).read_text("utf-8").splitlines() if Path(path).exists() else []


def document(machine_line: str, sections: Sequence[tuple[str, Sequence[Line]]], notes: Sequence[str]) -> str:
    """The whole of docs/benchmarks.md."""
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`; do not edit. Each figure stands beside its reference, measured in the same run.",
        "",
        f"Machine: {machine_line}.",
    ]
    for title, found in sections:
        lines += ["", f"## {title}", "", *_HEAD, *map(str, found)]
    return "\n".join([*lines, "", "## What the figures say", "", *notes, ""])
