"""Size and speed: of a reading, beside jieba in the same run; of a start in a fresh process; of very long messages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib.resources import files
from statistics import median, quantiles

import jieba

from evaluation.reading import milliseconds
from nlp.gazetteer import Context, Gazetteer
from nlp.understand import Reader
from nlp.voices import SENT, Line

_START = """
import re, time
begun = time.process_time()
from datetime import datetime
from nlp.gazetteer import Context, Gazetteer
from nlp.understand import Reader
Reader(Gazetteer()).understand("俺娘住院没钱", Context(datetime.fromisoformat("2026-11-20T15:00:00+08:00")))
most = re.search(r"VmHWM:\\s+([0-9]+)", open("/proc/self/status").read())  # ru_maxrss would tell the parent's
print(time.process_time() - begun, int(most[1]) / 1024)
"""


def speed_section(lines: Sequence[Line]) -> list[str]:
    """Milliseconds for messages of 35 to 45 characters, seconds and megabytes of a start, megabytes on disk."""
    texts = [line["text"] for line in lines if 35 <= len(line["text"]) <= 45][:400]
    reader, context = Reader(Gazetteer()), Context(SENT)
    cut = milliseconds(jieba.lcut, texts)
    read = milliseconds(lambda text: reader.understand(text, context), texts)
    long = milliseconds(lambda text: reader.understand(text, context), ["".join(texts)[:10_000]] * 3)
    started = subprocess.run([sys.executable, "-c", _START], check=True, capture_output=True, text=True)  # noqa: S603
    seconds, megabytes = map(float, started.stdout.split())
    sizes = {name: (files("nlp") / "weights" / name).stat().st_size / 1e6 for name in ("model.npz", "vectors.npz")}  # type: ignore[attr-defined]
    return [
        "| what | figure |",
        "|---|---|",
        f"| a reading of 35–45 characters, median of {len(texts)} | {median(read):.2f} ms |",
        f"| the same, 95th percentile | {quantiles(read, n=20)[-1]:.2f} ms |",
        f"| `jieba.lcut` alone in the same run, median | {median(cut):.2f} ms |",
        f"| a reading against jieba alone | {median(read) / median(cut):.1f} times |",
        f"| a message of 10,000 characters, for each 1,000 | {median(long) / 10:.1f} ms |",
        f"| start to the first reading, fresh process, its own time | {seconds:.2f} s |",
        f"| memory of that process at most | {megabytes:.0f} MB |",
        *(f"| {name} | {size:.1f} MB |" for name, size in sizes.items()),
    ]
