"""The gate in SQL is the gate of the rules, and nobody walks around it."""

from __future__ import annotations

import ast
import asyncio
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people_here import NOW, opened

from assistance.case import Case, Event, What
from assistance.decision import Decision
from assistance.directory import Person, Role
from assistance.evolve import evolve, fold
from assistance.ports import CaseFilter
from assistance.sight import may_see
from storage.crypto import Vault
from storage.session import SqlStore

ROOT = Path(__file__).resolve().parents[2]

names = st.sampled_from(["a", "b", "c%", "_"])
codes = st.sampled_from(["1", "2"])
desks = st.builds("{}:{}".format, st.sampled_from([role.value for role in Role]), codes)
viewers = st.builds(
    Person,
    id=names,
    role=st.sampled_from(Role),
    area=codes,
    department=codes,
    stands_in=st.lists(st.tuples(names, desks), max_size=2).map(tuple),
    namesakes=st.lists(names, max_size=2).map(tuple),
)
tokens = st.one_of(
    st.builds("person:{}".format, names),
    st.builds("{}:{}".format, st.sampled_from([role.value for role in Role]), st.one_of(codes, st.just("None"))),
)
sights = st.frozensets(tokens, max_size=6)


@pytest.fixture
def runner(url: str, vault: Vault) -> Iterator[tuple[asyncio.Runner, SqlStore]]:
    """A store with a loop of its own, for hypothesis."""
    with asyncio.Runner() as runner:
        store = runner.run(SqlStore.open(url, vault))
        yield runner, store
        runner.run(store.close())


async def _agree(store: SqlStore, case: Case, viewer: Person) -> None:
    """Every door of `seen_by` says what `may_see` says."""
    async with store.work() as work:
        seen = work.cases.seen_by(viewer)
        doors = [
            await seen.one(case.id) is not None,
            await seen.by_receipt(case.receipt) is not None,
            case.id in {found.id for found in await seen.list(CaseFilter(open=None, limit=10_000))},
        ]
    assert doors == [may_see(viewer, case)] * 3


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seen_by=sights,
    barred=sights,
    widened=sights,
    persons=st.lists(viewers, min_size=1, max_size=4),
    sealed=st.booleans(),
    kind=st.sampled_from(["hardship", "complaint"]),
)
def test_sql_and_rule_agree(
    runner: tuple[asyncio.Runner, SqlStore],
    seen_by: frozenset[str],
    barred: frozenset[str],
    widened: frozenset[str],
    persons: list[Person],
    sealed: bool,
    kind: str,
) -> None:
    """For any case and any viewer `Cases.seen_by` gives the case exactly when `may_see` allows it, also after the
    case's sight was widened."""

    async def story(store: SqlStore) -> None:
        first = opened(uuid.uuid4().hex, seen_by=sorted(seen_by), barred=sorted(barred), sealed=sealed, kind=kind)
        case = fold([first])
        async with store.work() as work:
            await work.save(Decision((first,), (case,)), {}, NOW)
        for viewer in persons:
            await _agree(store, case, viewer)
        second = Event(case.id, 2, NOW, What.SCOPED, data={"seen_by": sorted(widened)})
        case = evolve(case, second)
        async with store.work() as work:
            await work.save(Decision((second,), (case,)), {}, NOW)
        for viewer in persons:
            await _agree(store, case, viewer)

    run, store = runner
    run.run(story(store))


_SQL = re.compile(r"\b(select\b.*\bfrom|update|insert\s+into|delete\s+from|join)\s+cases\b", re.IGNORECASE | re.DOTALL)


def _reaches_cases(source: str) -> bool:
    """Whether a module takes hold of the table of cases: by import, by attribute, by name or in SQL."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ImportFrom(module="storage.tables", names=found) if {"cases", "*"} & {one.name for one in found}:
                return True
            case ast.Attribute(value=ast.Name(id="tables"), attr="cases"):
                return True
            case ast.Subscript(slice=ast.Constant(value="cases")):
                return True
            case ast.Constant(value=str(words)) if _SQL.search(words):
                return True
    return False


def test_nobody_else_selects_from_the_cases() -> None:
    """Only storage/cases.py reads the table of cases for somebody and only storage/save.py writes a decision; the
    keepers of the history (storage/anchors.py, verify.py, backfill.py) read it for nobody."""
    skipped = {"tests", "benchmarks", ".venv", "migrations", "build", "dist"}
    found = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if not skipped & set(path.relative_to(ROOT).parts) and _reaches_cases(path.read_text("utf-8"))
    }
    keepers = {"storage/anchors.py", "storage/verify.py", "storage/backfill.py"}
    assert found == {"storage/cases.py", "storage/save.py", *keepers}


@pytest.mark.parametrize(
    "source",
    [
        "from storage.tables import cases",
        "from storage.tables import cases as c, events",
        "from storage import tables\nselect(tables.cases)",
        "metadata.tables['cases']",
        "text('SELECT count(*)\\nFROM cases')",
        "text('select 1 from events join cases on true')",
    ],
)
def test_a_way_around_is_found(source: str) -> None:
    """The walk over the modules notices each way to take hold of the table."""
    assert _reaches_cases(source)
    assert not _reaches_cases("from storage.cases import SqlCases\n'''reads from cases'''")
