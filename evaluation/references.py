"""What other libraries read (参照): jionlp, recognizers-text and cn2an, run in an environment of their own.

They are heavy, print banners and pin old packages, so they are no dependencies of this project: `answers` starts the
interpreter it is given (its environment needs jionlp, recognizers-text-suite, emoji<1.7, cn2an) with this very file,
which then reads rows from standard input and writes answers to standard output.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evaluation.public import PublicRow

NAMES = ("jionlp", "recognizers-text", "cn2an")


def answers(asked: Sequence[PublicRow], python: str) -> Mapping[str, Sequence[str | None]]:
    """Each reference's value for each row, written as ours; raises CalledProcessError where the interpreter fails."""
    sent = "\n".join(json.dumps({"text": row.text, "now": row.now.isoformat(), "slot": row.slot}) for row in asked)
    done = subprocess.run(  # noqa: S603 - the interpreter that the developer named
        [python, str(Path(__file__).resolve())], input=sent, capture_output=True, text=True, check=True
    )
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {name: [one[name] for one in found] for name in NAMES}


def _value(start: str, end: str) -> str | None:
    """A day, a month, or None for anything else, from the ends of a span of time."""
    if start[:10] == end[:10]:
        return start[:10]
    last = datetime.fromisoformat(end[:10])
    whole = start[:7] == end[:7] and (last + timedelta(days=1)).day == 1
    next_month = last.day == 1 and (last - timedelta(days=1)).strftime("%Y-%m") == start[:7]
    return start[:7] if start[8:10] == "01" and (whole or next_month) else None


def _jionlp() -> Callable[[str, datetime, str], str | None]:
    with contextlib.redirect_stdout(io.StringIO()):  # it prints a banner
        jionlp = importlib.import_module("jionlp")

    def read(text: str, now: datetime, slot: str) -> str | None:
        if slot == "date":
            for one in jionlp.ner.extract_time(text, time_base=now.timestamp(), with_parsing=True):
                span = one["detail"].get("time")
                if isinstance(span, list) and (value := _value(*span)):
                    return value
            return None
        for one in jionlp.ner.extract_money(text, with_parsing=True):
            num = one["detail"]["num"]
            return "..".join((num, num) if isinstance(num, str) else num)
        return None

    return read


def _recognizers() -> Callable[[str, datetime, str], str | None]:
    recognize_datetime = importlib.import_module("recognizers_date_time").recognize_datetime
    recognize_currency = importlib.import_module("recognizers_number_with_unit").recognize_currency

    def read(text: str, now: datetime, slot: str) -> str | None:
        if slot == "amount":
            found = [one.resolution for one in recognize_currency(text, "zh-cn") if one.resolution]
            return f"{found[0]['value']}..{found[0]['value']}" if found and found[0].get("value") else None
        for one in recognize_datetime(text, "zh-cn", reference=now.replace(tzinfo=None)):
            values = [value for given in (one.resolution or {}).get("values", ()) if (value := _resolved(given))]
            if values:
                past = [value for value in values if value <= now.date().isoformat()]
                return max(past) if past else values[0]  # a report looks back, so the past one is taken
        return None

    return read


def _resolved(given: Mapping[str, Any]) -> str | None:
    if given.get("type") in ("date", "datetime") and given.get("value"):
        return str(given["value"])[:10]
    if given.get("start") and given.get("end"):
        return _value(str(given["start"]), str(given["end"]))
    return None


def _cn2an() -> Callable[[str, datetime, str], str | None]:
    cn2an = importlib.import_module("cn2an")

    def read(text: str, _now: datetime, slot: str) -> str | None:
        if slot != "amount":
            return None
        found = re.search(r"([0-9.]+)(万|千)?(?:块|元)", cn2an.transform(text, "cn2an"))
        if found is None:
            return None
        value = float(found[1]) * {"万": 10_000, "千": 1000}.get(found[2] or "", 1)
        return f"{value:g}..{value:g}"

    return read


def _serve() -> None:
    """Answer the rows of standard input; a library that fails on a row has no answer there."""
    readers = dict(zip(NAMES, (_jionlp(), _recognizers(), _cn2an()), strict=True))
    for line in sys.stdin:
        row = json.loads(line)
        now, given = datetime.fromisoformat(row["now"]), {}
        for name, read in readers.items():
            try:
                given[name] = read(row["text"], now, row["slot"])
            except Exception as error:  # noqa: BLE001 - whatever a library raises is its answer: none
                sys.stderr.write(f"{name}: {error!r}\n")
                given[name] = None
        sys.stdout.write(json.dumps(given) + "\n")


if __name__ == "__main__":
    _serve()
