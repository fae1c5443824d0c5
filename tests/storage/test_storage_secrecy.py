"""What a thief of the disk learns: nothing that a person wrote, is called or can be rung at, and not who complained."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import KEYS
from people_here import JI, LI, NOW, PHONES, SEALED, WANG, commit, opening, said, settle, spread
from sqlalchemy import select

from assistance.decision import Conversation, Decision, Draft, Notice, Visit
from assistance.ports import CaseFilter
from storage.crypto import Keys, Vault
from storage.errors import WrongKey
from storage.session import SqlStore
from storage.tables import metadata

pytestmark = pytest.mark.asyncio

ID_NUMBER = "370404197001011234"
WORDS = "村支书王建国扣了俺家的低保钱"


async def a_day(store: SqlStore) -> None:
    """A need and a complaint of one message, a visit, a conversation, replies, deliveries."""
    await settle(store)
    async with store.work() as work:
        await work.inbox.keep(said(1, f"俺家断粮了，身份证{ID_NUMBER}，电话13912345678"))
        await work.inbox.keep(said(2, WORDS, media="voice"))
        await work.inbox.keep(said(3, None, press="1 王桂英"))
    need = replace(opening("c1", words="m1", linked="c2"), notices=())
    complaint = opening("c2", words="m2", **SEALED, linked="c1")
    reply = Notice("person:li", "reply#m2", "reply", case="c2", text="回执号 Qc2 编码 4711", buttons=("匿名", "实名"))
    other = Notice("person:li", "reply#m1", "reply", text="马上就去看王桂英", buttons=("1 王桂英",))
    draft = Draft("complaint", "c2", "what", (), {"words": WORDS})
    visit = Visit("v", "wang", "m3", NOW, None, "h1", "王桂英", "v1", f"她说{WORDS}")
    kept = Conversation("li", draft, "c2", None, (("1 王桂英", "h1"),))
    await commit(store, need + complaint + Decision(notices=(reply,), conversation=kept))
    await commit(store, Decision(notices=(other,), visits=(visit,)))
    async with store.work() as work:
        await work.inbox.answered("m1", sealed=False)
        await work.inbox.answered("m2", sealed=True)
        await spread(work, "li")
        for parcel in await work.outbox.waiting(NOW, 2):
            await work.outbox.delivered(parcel.id, NOW, parcel.buttons)
        await work.outbox.answered("li", NOW + timedelta(seconds=7))


async def test_the_file_tells_nothing(tmp_path: Path, vault: Vault) -> None:
    """The bytes of database and log contain none of the phones, ID numbers, names and words, in any encoding."""
    file = tmp_path / "jishiyu.db"
    store = await SqlStore.open(f"sqlite+aiosqlite:///{file}", vault)
    await a_day(store)
    found = b"".join(path.read_bytes() for path in sorted(tmp_path.iterdir()))
    assert len(found) > 50_000 and b"370404" in found, "codes are plain: this is the right file"
    secrets = [*PHONES.values(), ID_NUMBER, "13912345678", "断粮", WORDS, "低保钱", "她说", "马上", "4711", "匿名"]
    secrets += ["李秀兰", "王建国", "王桂英", "桂英嫂", "m2:web", f"{PHONES['li']}:2"]
    for secret in secrets:
        for coded in (secret.encode(), secret.encode("utf-16-le"), ascii(secret)[1:-1].encode()):
            assert coded not in found, secret
    await store.close()
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}, "others may not even read the file"


async def _rows(store: SqlStore) -> list[tuple[str, dict[str, Any]]]:
    async with store._engine.connect() as connection:
        return [
            (table.name, dict(row._mapping))
            for table in metadata.sorted_tables
            for row in await connection.execute(select(table))
        ]


async def test_no_row_ties_a_complaint_to_its_reporter(store: SqlStore) -> None:
    """Neither the reporter's id nor a digest that stands in another row of theirs is in any row of the complaint, nor
    the complaint in any plain row of the reporter."""
    await a_day(store)
    complaint, reporter = [], []
    for table, row in await _rows(store):
        plain = {name: value for name, value in row.items() if not isinstance(value, bytes)}
        words = repr(plain)
        of_it = "'c2'" in words or "Qc2" in words or (table == "inbox" and row["sealed"])
        (complaint if of_it else reporter).append(plain)
    assert len(complaint) >= 8
    assert not [row for row in complaint if re.search(r"\bli\b|m1\b", repr(row))]
    digest = re.compile(r"\b[0-9a-f]{64}\b")
    assert not set(digest.findall(repr(complaint))) & set(digest.findall(repr(reporter)))
    opened = NOW + timedelta(seconds=7)
    assert not [row for row in complaint if opened in row.values()], "a moment that plain rows of theirs may share"
    sealed_words = [row["id"] for row in complaint if "received_at" in row]
    assert sealed_words == ["m2"] and not [row for row in reporter if "'m2'" in repr(row)]


async def test_what_is_sealed_needs_the_second_key(store: SqlStore, vault: Vault) -> None:
    """Whoever has the first key only reads the need and neither the complaint, its words, reporter and notices nor a
    conversation."""
    await a_day(store)
    half = SqlStore(store._engine, Vault(replace(Keys.fresh(), words=KEYS.words, index=KEYS.index)))
    async with half.work() as work:
        assert (await work.people.directory()).persons["li"] == LI
        assert [message.text for message in await work.inbox.unanswered(9)] == [None]
        assert (await work.visits.one("v")) is not None
        engine = work.cases.for_engine()
        for closed in (
            engine.one("c2"),
            engine.history("c2"),
            engine.one("c1"),  # the need names its twin
            engine.history("c1"),
            work.cases.reporters("c2"),
            work.cases.seen_by(JI).list(CaseFilter()),
            work.conversations.of("li"),
        ):
            with pytest.raises(WrongKey):
                await closed
        assert not [message for message in await work.outbox.on_phone("li") if message.case == "c2"]
    async with store.work() as work:
        assert [message for message in await work.outbox.on_phone("li") if message.case == "c2"]
    keys = {row["id"]: row["content"][:5] for table, row in await _rows(store) if table == "inbox"}
    assert keys["m1"] == keys["m3"] != keys["m2"], "sealed words moved under the second key"


async def test_words_of_a_reply_are_erased(store: SqlStore, vault: Vault) -> None:
    """Once a reply arrived or was dropped nobody can read its words again, with all keys."""
    replies = [Notice("person:li", f"reply#{step}", "reply", text=WORDS, buttons=("1 王桂英",)) for step in "abc"]
    await settle(store)
    await commit(store, Decision(notices=tuple(replies)))
    async with store.work() as work:
        await spread(work, "li")
        first, second, _ = await work.outbox.waiting(NOW, 9)
        await work.outbox.delivered(first.id, NOW, first.buttons)
        await work.outbox.dropped(second.id, "closed")
    kept = sorted((row for table, row in await _rows(store) if table == "notices"), key=lambda row: row["place"])
    words = [vault.open(row["content"], "notices", "content", row["id"]) for row in kept]
    assert [WORDS in text or "王桂英" in text for text in words] == [False, False, True]


async def test_a_visit_told_with_an_accusation_is_sealed(store: SqlStore) -> None:
    """Findings that came in one message with a complaint lie under the second key."""
    await commit(
        store, opening("c2", **SEALED) + Decision(visits=(Visit("v", WANG.id, "m", NOW, None, None, None, None),))
    )
    half = SqlStore(store._engine, Vault(replace(Keys.fresh(), words=KEYS.words, index=KEYS.index)))
    async with half.work() as work:
        with pytest.raises(WrongKey):
            await work.visits.one("v")


async def test_errors_tell_no_words(tmp_path: Path, vault: Vault) -> None:
    """The text of a database error shows no value of the row that failed."""
    store = await SqlStore.open(f"sqlite+aiosqlite:///{tmp_path / 'a.db'}", vault)
    with pytest.raises(Exception) as caught:
        async with store.work() as work:
            await work.inbox.keep(replace(said(1, WORDS), received_at=None))  # type: ignore[arg-type]
    assert PHONES["li"] not in str(caught.value) and "web" not in str(caught.value)
    await store.close()
