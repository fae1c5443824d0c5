"""The public halves (公开测试集的一半): rows of a folder outside the tree, each with the values that count as right.

Only what our slots hold is asked: a day or a month, and sums of yuan. Everything else (clock times, durations, weeks,
foreign money, traditional characters) is left out and counted by its reason.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from nlp.facts import Facts
from nlp.gazetteer import Context, Gazetteer

LAST = "the last one that has been, where the set takes the next"
Raw = dict[str, Any]
_DUCKLING = re.compile(r"datetime(?:Holiday)? \((\d+), (\d+), (\d+), 0, 0, 0\) (Day|Month)")
_FIXED = ("2021-06-14 01:06:40",)


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One row: its set, the text, the clock assumed, what is asked (date, amount), and the values that are right.

    No value at all means that nothing may be found.
    """

    source: str
    text: str
    now: datetime
    slot: str
    right: tuple[str, ...]


def public_rows(folder: Path) -> tuple[list[PublicRow], Counter[str]]:
    """The rows that our slots can answer, and why the others are left out (reason → rows)."""
    rows: list[PublicRow] = []
    left: Counter[str] = Counter()
    for name, read in _READERS.items():
        path = folder / f"{name}.dev.jsonl"
        if not path.exists():
            left[f"{path.name} is not there"] += 1
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            for one in read(json.loads(line)):
                if isinstance(one, str):
                    left[one] += 1
                else:
                    rows.append(one)
    return rows, left


def _recognizers_dates(raw: Raw) -> Iterator[PublicRow | str]:
    """Rows with one entity that is a day or a whole month."""
    if len(raw["label"]) != 1 or not raw.get("reference"):
        yield "recognizers: several entities, none, or no clock"
        return
    entity = raw["label"][0]
    values = (entity.get("resolution") or {}).get("values") or []
    right = [one["value"] for one in values if one.get("type") == "date" and one.get("value")]
    right += [
        month
        for one in values
        if one.get("type") == "daterange" and (month := _month(one.get("start"), one.get("end")))
    ]
    if not right:
        yield f"recognizers: {entity['type']}, which is no day or month"
        return
    yield PublicRow("recognizers dates", raw["text"], _clock(raw["reference"]), "date", tuple(right))


def _month(start: str | None, end: str | None) -> str | None:
    """YYYY-MM where a range is a whole month (the end not counted)."""
    if not start or not end or not start[:10].endswith("-01"):
        return None
    first, last = _clock(start), _clock(end)
    return start[:7] if 28 <= (last - first).days <= 31 and last.day == 1 else None


def _clock(text: str) -> datetime:
    """The clock of a row; all sets are read as Chinese time."""
    return datetime.fromisoformat(text[:19].replace(" ", "T") + "+08:00")


def _jionlp_dates(raw: Raw) -> Iterator[PublicRow | str]:
    label = raw["label"]
    if not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", str(raw["reference"])):
        yield "jionlp: a clock of another form"
        return
    if raw["kind"] not in ("time_point", "time_span") or not isinstance(label.get("time"), list):
        yield f"jionlp: {raw['kind']}"
        return
    start, end = label["time"]
    if start[:10] == end[:10] and start[10:] == " 00:00:00" and end[10:] == " 23:59:59":
        value = start[:10]
    elif start[8:10] == "01" and start[:7] == end[:7] and (_clock(end) + timedelta(days=1)).day == 1:
        value = start[:7]
    else:
        yield "jionlp: no day or month (hours, weeks, years, ranges)"
        return
    yield PublicRow("jionlp dates", raw["text"], _clock(raw["reference"]), "date", (value,))


def _duckling(raw: Raw) -> Iterator[PublicRow | str]:
    if raw["kind"] not in ("time", "time_holiday"):
        yield f"duckling: {raw['kind']}"
    elif raw["traditional_or_cantonese"] or re.search(r"[週禮個節後號歲爺這兩聖鐘邊過點]", raw["text"]):
        yield "duckling: traditional characters or Cantonese"
    elif (hit := _DUCKLING.match(raw["label"])) is None:
        yield "duckling: no day or month (hours, ranges)"
    else:
        day = f"{int(hit[1]):04d}-{int(hit[2]):02d}-{int(hit[3]):02d}"
        value = day if hit[4] == "Day" else day[:7]
        yield PublicRow(
            "duckling holidays of the world" if raw["kind"] == "time_holiday" else "duckling dates",
            raw["text"],
            _clock(raw["reference"]),
            "date",
            (value,),
        )


_NOON = datetime.fromisoformat("2021-06-14T12:00:00+08:00")


def _jionlp_money(raw: Raw) -> Iterator[PublicRow | str]:
    if raw["label"]["case"] != "元":
        yield "jionlp: foreign money"
        return
    num = raw["label"]["num"]
    yield PublicRow("jionlp money", raw["text"], _NOON, "amount", tuple([num] if isinstance(num, str) else num))


def _recognizers_money(raw: Raw) -> Iterator[PublicRow | str]:
    found = [one["resolution"] for one in raw["label"] if one["type"] == "currency" and one.get("resolution")]
    if raw["spec"] != "CurrencyModel" or len(found) != 1 or found[0].get("isoCurrency") != "CNY":
        yield "recognizers: no sum of yuan"
        return
    yield PublicRow("recognizers money", raw["text"], _NOON, "amount", (found[0]["value"],))


def _traps(raw: Raw) -> Iterator[PublicRow | str]:
    """Texts in which nothing may be found."""
    if raw["label"]:
        yield "jionlp extractor: spans only"
        return
    slot = "date" if raw["kind"] == "time" else "amount"
    yield PublicRow("jionlp traps", raw["text"], _NOON, slot, ())


_READERS = {
    "recognizers_datetime": _recognizers_dates,
    "jionlp_time_parser": _jionlp_dates,
    "duckling_zh": _duckling,
    "jionlp_money_parser": _jionlp_money,
    "recognizers_number_money_age": _recognizers_money,
    "jionlp_time_money_extractor": _traps,
}


def ours(row: PublicRow, facts: Facts | None = None) -> str | None:
    """What we read: a day or month, low..high of a sum, or None."""
    slots = (facts or _FACTS).read(row.text, Context(row.now)).slots
    if row.slot == "date":
        return slots.date.value if slots.date else None
    return f"{slots.amount.low}..{slots.amount.high}" if slots.amount else None


_FACTS = Facts(Gazetteer())


def fits(row: PublicRow, value: str | None) -> bool:
    """Whether a value is right: a day or month that is given; of a sum both ends, or a middle between the two given."""
    if not row.right or value is None:
        return value is None and not row.right
    if row.slot == "date":
        return value in row.right
    low, _, high = value.partition("..")
    ends = [Decimal(one) for one in row.right]
    return (Decimal(low) == ends[0] and Decimal(high or low) == ends[-1]) or (
        len(ends) == 2 and low == high and ends[0] <= Decimal(low) <= ends[1]
    )


def convention(row: PublicRow, value: str | None) -> str:
    """Why a value differs, where it is our convention: the past instead of the future, or more or less exact."""
    if value is None:
        return "nothing read"
    if row.slot != "date" or not row.right:
        return "another value" if row.right else "a false hit"
    if any(value[:7] == one[:7] and len(value) != len(one) for one in row.right):
        return "a month for a day, or a day for a month"
    mine, given = _day(value), [day for one in row.right if (day := _day(one))]
    gaps = [(day - mine).days for day in given] if mine else []
    if any(gap in (7, 14) or 28 <= gap <= 31 or 354 <= gap <= 385 for gap in gaps):
        return LAST
    return "another value"


def _day(value: str) -> date | None:
    """A day, or the first one of a month; None for anything else."""
    try:
        return date.fromisoformat(value if len(value) == 10 else f"{value}-01")
    except ValueError:
        return None
