"""The sister tables of expressions (tests/nlp/tables/*.tsv): read, and answered by the reading of facts.

Each row is what somebody would say and what has to be read from it; the last column, where there is one, tells why the
row is still read wrong (a known gap). How to extend them stands in tests/nlp/tables/README.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from assistance.directory import Directory
from bot.readers import gazetteer
from nlp.accused import Accuser
from nlp.facts import Facts
from nlp.gazetteer import Context, Gazetteer
from nlp.lexicon import Lexicon
from nlp.quantities import YUAN, find_quantities
from nlp.reading import DateSlot
from nlp.sounds import sound_alike
from regions.read import read_pack

NOW = datetime.fromisoformat("2026-11-20T15:00:00+08:00")  # a Friday
FOLDER = Path(__file__).parent.parent / "tests" / "nlp" / "tables"
NONE, VAGUE = "-", "?"


@dataclass(frozen=True, slots=True)
class Row:
    """One expression: its columns, and why it is still read wrong ("" where it is read right)."""

    table: str
    line: int
    cells: tuple[str, ...]
    gap: str


# Table → number of columns before the one for gaps.
WIDTHS = {"dates": 3, "amounts": 4, "names": 3, "places": 4, "people": 3, "sounds": 3, "private": 3}


def rows(table: str) -> Iterator[Row]:
    """The rows of a table; raises ValueError naming the line that has not as many columns as its table."""
    width = WIDTHS[table]
    for number, line in enumerate((FOLDER / f"{table}.tsv").read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if not width <= len(cells) <= width + 1:
            raise ValueError(f"{table}.tsv:{number}: {len(cells)} columns, not {width}")
        yield Row(table, number, tuple(cells[:width]), cells[width] if len(cells) > width else "")


def answer(row: Row) -> tuple[str, ...]:
    """What the reading of facts gives for the row, written as the columns of its table are written."""
    return ANSWERS[row.table](row.cells)


def right(row: Row) -> bool:
    """Whether the row is read as it says."""
    return answer(row) == row.cells[-len(answer(row)) :]


@cache
def _open() -> Facts:
    """The facts without any roster: all names are as written."""
    return Facts(Gazetteer())


@cache
def region() -> Facts:
    """The facts with the places of the pack that is shipped."""
    pack = read_pack("yicheng", NOW.date())
    return Facts(gazetteer(pack, Directory(pack.areas, pack.departments)))


def _date(cells: tuple[str, ...]) -> tuple[str, ...]:
    slot: DateSlot | None = _open().read(cells[0], Context(NOW)).slots.date
    return (slot.span, slot.value or VAGUE) if slot else (NONE, NONE)


def _amount(cells: tuple[str, ...]) -> tuple[str, ...]:
    """The first sum; where the row is about another unit, the first quantity of that unit, and no sum at all."""
    found = _open().read(cells[0], Context(NOW)).slots.amount
    if found is not None:
        return found.span, _range(found.low, found.high, found.exact), YUAN
    if cells[3] in (YUAN, NONE):
        return NONE, NONE, NONE
    one = next((one for one in find_quantities(cells[0]) if one.unit == cells[3]), None)
    if one is None:
        return NONE, NONE, NONE
    return cells[0][one.start : one.end], _range(one.low, one.high, one.exact), cells[3]


def _range(low: int | Decimal, high: int | Decimal, exact: bool) -> str:
    """80000, ≈30000 (loose), 70000..80000 (a range)."""
    return f"{low}..{high}" if low != high else f"{'' if exact else '≈'}{low}"


def _name(cells: tuple[str, ...]) -> tuple[str, ...]:
    """户: the first household as written; 告 and 私: the public or the private one who is blamed."""
    if cells[0] == "户":
        return (_open().read(cells[1], Context(NOW)).slots.household or NONE,)
    accused = Accuser(Gazetteer()).find(Lexicon().find(cells[1]), cells[0] == "私", (), ())
    return (accused.span if accused else NONE,)


def _place(cells: tuple[str, ...]) -> tuple[str, ...]:
    """The first village and the first town, seen from a sender of the town in the second column."""
    reader = region()
    areas = tuple(code for code, place in reader.places.known.items() if place.name == cells[1])
    found = reader.read(cells[0], Context(NOW, areas=areas))
    return _village(reader, found.slots.village, [match.candidates for match in found.places]), found.slots.town or NONE


def _village(reader: Facts, name: str | None, candidates: list[tuple[str, ...]]) -> str:
    if name is None:
        return NONE
    known = reader.places.known
    codes = next((codes for codes in candidates if known[codes[0]].name == name and known[codes[0]].town), ())
    if len(codes) > 1:
        return f"{name}×{len(codes)}"
    repeated = sum(place.name == name for place in known.values()) > 1
    return f"{known[known[codes[0]].town or ''].name}/{name}" if codes and repeated else name


def _people(cells: tuple[str, ...]) -> tuple[str, ...]:
    slot = _open().read(cells[0], Context(NOW)).slots.people
    return (slot.span, str(slot.value)) if slot else (NONE, NONE)


def _sound(cells: tuple[str, ...]) -> tuple[str, ...]:
    return ("同" if sound_alike(cells[0], cells[1]) else "异",)


def _private(cells: tuple[str, ...]) -> tuple[str, ...]:
    from nlp.phones import find_private, mask

    kinds = "、".join(one.kind for one in find_private(cells[0]))
    return kinds or NONE, mask(cells[0])


ANSWERS: dict[str, Callable[[tuple[str, ...]], tuple[str, ...]]] = {
    "dates": _date, "amounts": _amount, "names": _name, "places": _place, "people": _people, "sounds": _sound,
    "private": _private,
}  # fmt: skip
