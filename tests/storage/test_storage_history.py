"""The history cannot be altered unseen, on SQLite and on PostgreSQL: somebody with a database client changes rows, and
each change is named."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from alembic import command
from by_hand_here import by_hand
from people_here import NOW, SEALED, commit, moved, opening, settle
from sqlalchemy import Connection, bindparam, text
from sqlalchemy.exc import DBAPIError

from assistance.case import Case, What
from storage.chain import chain, link
from storage.codec import case_out, to_json
from storage.crypto import Keys, Vault
from storage.opening import _config
from storage.save import projection, sight
from storage.session import SqlStore, make_engine
from storage.tables import UtcTime, case_sight
from storage.verify import Finding, Wrong

pytestmark = pytest.mark.asyncio
DAY = timedelta(days=1)


async def anchored(store: SqlStore, days: int) -> str:
    """The anchor of that day."""
    async with store.work() as work:
        made = await work.anchors.make(NOW + days * DAY)
    assert made is not None
    return made.digest


async def accepted(store: SqlStore, case: str) -> Case:
    async with store.work() as work:
        found = await work.cases.for_engine().one(case)
        assert found is not None
        decision = moved(found, What.ACCEPTED)
        await work.save(decision, {}, NOW)
    return decision.cases[0]


@pytest.fixture
async def kept(store: SqlStore) -> SqlStore:
    """Three cases, one of them sealed; two days, each with its anchor."""
    await settle(store)
    for name, more in (("c1", {}), ("c2", SEALED), ("c3", {})):
        await commit(store, opening(name, **more))
    await accepted(store, "c1")
    await anchored(store, 0)
    await accepted(store, "c2")
    await accepted(store, "c3")
    await anchored(store, 1)
    return store


async def findings(store: SqlStore) -> Sequence[Finding]:
    return (await store.verify()).findings


async def test_an_untouched_history_is_whole(kept: SqlStore) -> None:
    """Nothing is found, and everything was looked at."""
    done: list[tuple[int, int]] = []
    checked = await kept.verify(lambda so_far, of: done.append((so_far, of)))
    assert checked.findings == []
    assert (checked.cases, checked.events, len(checked.anchors)) == (3, 6, 2)
    assert done[-1] == (3, 3)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET \"by\" = 'zhao' WHERE \"case\" = 'c1' AND seq = 2",
        "UPDATE events SET at = '2026-11-20 11:00:00' WHERE \"case\" = 'c1' AND seq = 2",
        "UPDATE events SET what = 'refused' WHERE \"case\" = 'c1' AND seq = 2",
        'UPDATE events SET data = \'{"level":"county"}\' WHERE "case" = \'c1\' AND seq = 2',
        "UPDATE events SET \"to\" = 'town:t1' WHERE \"case\" = 'c1' AND seq = 2",
    ],
)
async def test_an_altered_row_is_named(kept: SqlStore, change: str) -> None:
    """Whoever changes a line of the history is found by case and line, whatever they changed."""
    await by_hand(kept, change)
    assert [(one.wrong, one.receipt, one.seq) for one in await findings(kept)] == [(Wrong.ALTERED, "Rc1", 2)]


async def test_an_altered_line_of_a_sealed_case_is_named(kept: SqlStore) -> None:
    """A sealed line that was overwritten, or swapped with another sealed line, is found like any other."""
    swap = (
        "UPDATE events SET content = (SELECT content FROM events WHERE \"case\" = 'c2' AND seq = 1) "
        "WHERE \"case\" = 'c2' AND seq = 2"
    )
    await by_hand(kept, swap)
    assert [(one.wrong, one.receipt, one.seq) for one in await findings(kept)] == [(Wrong.ALTERED, "Rc2", 2)]


async def test_a_missing_line_is_named(kept: SqlStore) -> None:
    """A line taken out of the middle or off the end leaves its number behind."""
    await by_hand(kept, "DELETE FROM events WHERE \"case\" = 'c1' AND seq = 2")
    assert [(one.wrong, one.receipt, one.seq) for one in await findings(kept)] == [(Wrong.MISSING_EVENT, "Rc1", 2)]


async def test_a_line_and_the_row_cut_back_together_are_named(kept: SqlStore) -> None:
    """Whoever takes the last line off and puts the case's row back as it was then is found by the anchor."""
    await by_hand(
        kept,
        "DELETE FROM events WHERE \"case\" = 'c3' AND seq = 2",
        "UPDATE cases SET seq = 1, anchored = 1, head = (SELECT digest FROM events WHERE \"case\" = 'c3' AND seq = 1) "
        "WHERE id = 'c3'",
    )
    assert [(one.wrong, one.receipt, one.seq, one.anchor) for one in await findings(kept)] == [
        (Wrong.MISSING_EVENT, "Rc3", 2, 2)
    ]


@pytest.mark.parametrize("case", ["c1", "c2"])
async def test_a_missing_case_is_named(kept: SqlStore, case: str) -> None:
    """A case that is gone with everything belonging to it is named by its receipt, also a sealed one."""
    tables = {"events": "case", "case_facts": "case", "reports": "case", "case_sight": "case", "notices": "case"}
    gone = [f"DELETE FROM {table} WHERE \"{column}\" = '{case}'" for table, column in tables.items()]
    await by_hand(kept, *gone, f"DELETE FROM cases WHERE id = '{case}'")
    found = await findings(kept)
    assert [(one.wrong, one.receipt) for one in found] == [(Wrong.MISSING_CASE, f"R{case}")]
    assert found[0].at == NOW + (DAY if case == "c2" else timedelta())  # the last anchor that knew it


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ("UPDATE cases SET stage = '办结', open = false WHERE id = 'c1'", "stage"),
        ("UPDATE cases SET handler = 'zhao' WHERE id = 'c1'", "handler"),
        ("UPDATE cases SET late = true WHERE id = 'c1'", "late"),
        ("UPDATE cases SET state = (SELECT state FROM cases WHERE id = 'c3') WHERE id = 'c1'", "state"),
        ("INSERT INTO case_sight (\"case\", token, barred) VALUES ('c1', 'person:li', false)", "sight"),
        ("DELETE FROM case_sight WHERE \"case\" = 'c1' AND token = 'town:t1'", "sight"),
    ],
)
async def test_a_row_that_is_not_what_its_history_leads_to(kept: SqlStore, change: str, field: str) -> None:
    """A case's row that was changed past the history is named with the column."""
    await by_hand(kept, change)
    (found,) = await findings(kept)
    assert (found.wrong, found.receipt) == (Wrong.ROW, "Rc1")
    assert field in found.fields


async def test_a_seal_that_was_opened_by_hand_is_named(kept: SqlStore) -> None:
    """Letting the accused see a sealed case by SQL is found."""
    await by_hand(kept, "UPDATE case_sight SET barred = false WHERE \"case\" = 'c2' AND token = 'person:wang'")
    (found,) = await findings(kept)
    assert (found.wrong, found.receipt, found.fields) == (Wrong.ROW, "Rc2", ("sight",))


async def test_an_altered_anchor_is_named(kept: SqlStore) -> None:
    """An anchor that was changed, and one that is gone, are named by their number."""
    await by_hand(kept, "UPDATE anchors SET events = 5 WHERE number = 1")
    assert [(one.wrong, one.anchor) for one in await findings(kept)][:1] == [(Wrong.ANCHOR, 1)]


async def test_a_missing_anchor_is_named(kept: SqlStore) -> None:
    """Taking the last anchor away shows on the cases that it knew."""
    await by_hand(kept, "DELETE FROM anchors WHERE number = 2")
    wrong = {(one.wrong, one.receipt) for one in await findings(kept)}
    assert (Wrong.MISSING_ANCHOR, "Rc2") in wrong


async def test_a_history_written_anew_with_the_keys_differs_from_the_anchor(kept: SqlStore, vault: Vault) -> None:
    """Even who has the keys and makes the chain of a case anew is found by the anchor of that day."""
    async with kept.work() as work:
        history = await work.cases.for_engine().history("c1")
    forged = [history[0], replace(history[1], by="zhao")]
    digests = chain(vault, {}, forged)
    await by_hand(
        kept,
        f"UPDATE events SET \"by\" = 'zhao', digest = '{digests['c1', 2]}' WHERE \"case\" = 'c1' AND seq = 2",
        f"UPDATE cases SET head = '{digests['c1', 2]}', handler = 'zhao' WHERE id = 'c1'",
    )
    found = await findings(kept)
    assert [(one.wrong, one.receipt, one.anchor) for one in found] == [(Wrong.REWRITTEN, "Rc1", 1)]


async def test_the_digests_cannot_be_made_without_the_second_key(kept: SqlStore) -> None:
    """Somebody with another second key finds every line altered: nobody can test a guess about a sealed case."""
    async with kept.work() as work:
        event = (await work.cases.for_engine().history("c2"))[0]
    keys = Keys.fresh()
    same = Vault(replace(keys, words=Keys.fresh().words, index=Keys.fresh().index))
    assert link(Vault(keys), None, event) == link(same, None, event)
    assert link(Vault(replace(keys, sealed=Keys.fresh().sealed)), None, event) != link(Vault(keys), None, event)


async def test_one_anchor_a_day(kept: SqlStore) -> None:
    """The anchor of a moment is made once, whoever asks; a day on which nothing moved has one too, chained."""
    async with kept.work() as work:
        assert await work.anchors.make(NOW + DAY) is None
        assert await work.anchors.make(NOW) is None
        quiet = await work.anchors.make(NOW + 3 * DAY)
    assert quiet is not None
    assert (quiet.number, quiet.cases, quiet.events) == (3, 3, 6)
    assert await findings(kept) == []


async def test_what_came_after_the_anchor_is_no_finding(kept: SqlStore) -> None:
    """New cases and new lines since the last anchor are whole too."""
    await commit(kept, opening("c4"))
    await accepted(kept, "c4")
    assert await findings(kept) == []


async def test_an_older_database_is_chained_when_it_migrates(url: str, vault: Vault) -> None:
    """A history from before the chain is chained once, sealed lines too; the history is append-only again after it."""
    engine = make_engine(url)
    plain, hidden = opening("c1").events[0], opening("c2", **SEALED).events[0]
    content = {"by": None, "to": None, "data": dict(hidden.data)}
    rows: list[dict[str, Any]] = [
        {"case": "c1", "data": json.dumps(dict(plain.data)), "content": None},
        {"case": "c2", "data": None, "content": vault.lock_json(content, "events", "content", "c2#1", sealed=True)},
    ]

    def first_version(connection: Connection) -> None:
        command.upgrade(_config(connection, vault), "0001")
        for row, case in zip(rows, (opening("c1").cases[0], opening("c2", **SEALED).cases[0]), strict=True):
            values = {name: value for name, value in projection(case).items() if name in FIRST}
            locked = vault.lock_json(case_out(case), "cases", "content", case.id, sealed=True)
            state, secret = (None, locked) if case.sealed else (to_json(case_out(case)), None)
            values |= {"id": case.id, "late": False, "state": state, "content": secret, "opened_at": case.opened_at}
            names = ", ".join(f'"{name}"' for name in values)
            marks = ", ".join(f":{name}" for name in values)
            insert = text(f"INSERT INTO cases ({names}) VALUES ({marks})")
            connection.execute(insert.bindparams(bindparam("opened_at", type_=UtcTime())), values)
            for token, barred in sorted(sight(case)):
                connection.execute(case_sight.insert().values(case=case.id, token=token, barred=barred))
            event = text(
                'INSERT INTO events ("case", seq, at, what, data, content) '
                "VALUES (:case, 1, :at, 'opened', :data, :content)"
            ).bindparams(bindparam("at", type_=UtcTime()))
            connection.execute(event, {**row, "at": NOW})

    async with engine.begin() as connection:
        await connection.run_sync(first_version)
    await engine.dispose()
    store = await SqlStore.open(url, vault)
    checked = await store.verify()
    assert (checked.findings, checked.events) == ([], 2)
    with pytest.raises(DBAPIError, match="append-only"):
        async with store._engine.begin() as connection:
            await connection.execute(text("UPDATE events SET what = 'x'"))
    await store.close()


FIRST = {
    "receipt", "kind", "grade", "topic", "stage", "open", "level", "village", "town", "county", "household", "handler",
    "lead", "sealed", "opened_at", "seq",
}  # fmt: skip


async def test_two_programs_make_one_anchor(kept: SqlStore) -> None:
    """Whoever comes second at the same moment makes none, and nothing is anchored twice."""
    await accepted(kept, "c1")
    other = SqlStore(kept._engine, kept._vault)

    async def made(store: SqlStore) -> bool:
        async with store.work() as work:
            return await work.anchors.make(NOW + 2 * DAY) is not None

    assert sorted(await asyncio.gather(made(kept), made(other), made(kept))) == [False, False, True]
    checked = await kept.verify()
    assert (checked.findings, len(checked.anchors), checked.events) == ([], 3, 7)


async def test_the_program_may_run_while_it_is_verified(kept: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases opened, moved and anchored in the middle of a verification are no findings."""
    monkeypatch.setattr("storage.verify._PORTION", 3)
    for number in range(30):
        await commit(kept, opening(f"d{number:02d}"))

    async def goes_on() -> None:
        for number in range(30):
            await accepted(kept, f"d{number:02d}")
            await commit(kept, opening(f"a{number:02d}"))
            async with kept.work() as work:
                await work.anchors.make(NOW + (2 + number) * DAY)

    checked, _ = await asyncio.gather(kept.verify(), goes_on())
    assert checked.findings == []
    assert (await kept.verify()).findings == []
