"""Keys and locked values."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import KEYS
from hypothesis import given
from hypothesis import strategies as st
from people_here import SEALED, commit, opening, said, settle
from sqlalchemy import select, update

from storage.codec import from_json, to_json
from storage.crypto import Keys, Vault, normal
from storage.errors import BadKeys, DamagedValue, KeysExposed, WrongKey
from storage.session import SqlStore
from storage.tables import case_facts, cases, inbox

HERE = ("inbox", "content", "m1")


@given(st.text(), st.booleans())
def test_a_value_opens_where_it_was_locked(value: str, sealed: bool) -> None:
    """Any text comes back, and the same text looks different every time."""
    vault = Vault(KEYS)
    blob = vault.lock(value, *HERE, sealed=sealed)
    assert vault.open(blob, *HERE) == value
    assert vault.lock(value, *HERE, sealed=sealed) != blob


@pytest.mark.parametrize("place", [("inbox", "content", "m2"), ("inbox", "key", "m1"), ("cases", "content", "m1")])
def test_a_moved_value_does_not_open(vault: Vault, place: tuple[str, str, str]) -> None:
    """In another row, column or table a value is damaged goods."""
    with pytest.raises(DamagedValue):
        vault.open(vault.lock("断粮", *HERE), *place)


def test_an_altered_value_does_not_open(vault: Vault) -> None:
    """One bit changed anywhere in a value is noticed, a cut one too."""
    blob = vault.lock("断粮", *HERE)
    for place in range(len(blob)):
        with pytest.raises((DamagedValue, WrongKey)):
            vault.open(blob[:place] + bytes([blob[place] ^ 1]) + blob[place + 1 :], *HERE)
        with pytest.raises((DamagedValue, WrongKey)):
            vault.open(blob[:place], *HERE)


@pytest.mark.asyncio
async def test_words_moved_to_another_row_are_refused(store: SqlStore) -> None:
    """Somebody who can write to the database cannot put one person's words into another's row."""
    async with store.work() as work:
        await work.inbox.keep(said(1, "俺家断粮了"))
        await work.inbox.keep(said(2, "都好"))
    async with store._engine.begin() as connection:
        content = await connection.scalar(select(inbox.c.content).where(inbox.c.id == "m1"))
        await connection.execute(update(inbox).where(inbox.c.id == "m2").values(content=content))
    async with store.work() as work:
        with pytest.raises(DamagedValue):
            await work.inbox.unanswered(9)


@pytest.mark.asyncio
async def test_a_state_moved_to_another_case_is_refused(store: SqlStore) -> None:
    """The same holds for the state of a sealed case and for what was found in the words."""
    await settle(store)
    for name in ("c1", "c2"):
        await commit(store, opening(name, **SEALED))
    async with store._engine.begin() as connection:
        for table, key in ((cases, cases.c.id), (case_facts, case_facts.c.case)):
            content = await connection.scalar(select(table.c.content).where(key == "c1"))
            await connection.execute(update(table).where(key == "c2").values(content=content))
    async with store.work() as work:
        first = await work.cases.for_engine().one("c1")
        assert first is not None and await work.cases.for_engine().words(first)
        with pytest.raises(DamagedValue):
            await work.cases.for_engine().one("c2")


def test_an_index_finds_one_field_of_one_key(vault: Vault) -> None:
    """A look-up digest is the same for one spelling or another and differs by field, by parts, by side and by key."""
    assert vault.index("a", "１３８ 0000") == vault.index("a", "138\u30000000")
    different = [
        vault.index("a", "x"),
        vault.index("b", "x"),
        vault.index("a", "x", ""),
        vault.index("a", "", "x"),
        vault.index("a", "x", sealed=True),
        Vault(Keys.fresh()).index("a", "x"),
    ]
    assert len(set(different)) == len(different) and all(len(digest) == 64 for digest in different)
    assert normal(" ａ\t１ ") == "a1"


def test_keys_are_made_once(tmp_path: Path) -> None:
    """The first run makes a key file for its owner alone, the next one reads the same keys."""
    file = tmp_path / "keys"
    made = Keys.from_file(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert Keys.from_file(file) == made == Keys.parse(made.text()) and made != Keys.fresh()
    assert "words" not in repr(made) and made.text()[6:20] not in repr(made)


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622])
def test_an_open_key_file_is_refused(tmp_path: Path, mode: int) -> None:
    """Keys that others on the machine could read are not used."""
    file = tmp_path / "keys"
    Keys.from_file(file)
    file.chmod(mode)
    with pytest.raises(KeysExposed, match="chmod 600"):
        Keys.from_file(file)


@pytest.mark.parametrize(
    "text", ["", "words=", "words=AA sealed=AA index=AA", "x y z", KEYS.text().replace("index", "i")]
)
def test_broken_keys_are_named(tmp_path: Path, text: str) -> None:
    """A key file that was cut or mixed up says what is missing and shows no key."""
    file = tmp_path / "keys"
    file.write_text(text)
    file.chmod(0o600)
    for make in (lambda: Keys.from_file(file), lambda: Keys.parse(text)):
        with pytest.raises(BadKeys, match="put back") as caught:
            make()
        assert "\n" not in str(caught.value)


def test_one_key_for_everything_is_refused() -> None:
    """The three keys must differ, or the second one would protect nothing."""
    key = KEYS.text().split()[0].partition("=")[2]
    with pytest.raises(BadKeys):
        Keys.parse(f"words={key} sealed={key} index={key}")


def test_a_missing_folder_for_the_keys(tmp_path: Path) -> None:
    """A path that cannot be written is named."""
    with pytest.raises(BadKeys, match="mend"):
        Keys.from_file(tmp_path / "none" / "keys")


def test_json_keeps_what_it_can() -> None:
    """Days, times, exact numbers and sets come back; what cannot come back is refused at once."""
    value = {
        "day": date(2026, 11, 19),
        "at": datetime(2026, 11, 19, tzinfo=UTC),
        "sum": Decimal("8.50"),
        "who": frozenset({"a", "b"}),
        "list": [1, None, {"x": "一"}],
    }
    assert from_json(to_json(value)) == value
    with pytest.raises(TypeError):
        to_json({"x": object()})
