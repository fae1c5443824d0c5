"""Every expression of the sister tables is read as its row says, and every known gap is a gap still."""

from __future__ import annotations

import pytest

from evaluation.tables import ANSWERS, answer, right, rows

FEWEST = {"dates": 400, "amounts": 400, "names": 400, "places": 400}


@pytest.mark.parametrize("table", sorted(ANSWERS))
def test_every_row_of_a_table_is_read_as_it_says(table: str) -> None:
    wrong = [(row.line, *row.cells, answer(row)) for row in rows(table) if not row.gap and not right(row)]
    assert wrong == []


@pytest.mark.parametrize("table", sorted(ANSWERS))
def test_a_gap_that_is_closed_loses_its_mark(table: str) -> None:
    assert [(row.line, *row.cells) for row in rows(table) if row.gap and right(row)] == []


@pytest.mark.parametrize("table", sorted(FEWEST))
def test_a_table_stays_large_and_holds_each_expression_once(table: str) -> None:
    said = [row.cells if table == "places" else row.cells[:2] for row in rows(table)]
    assert len(said) >= FEWEST[table]
    assert len(set(said)) == len(said)
