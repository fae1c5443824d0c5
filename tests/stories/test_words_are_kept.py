"""Said is kept: with the database away, with the program stumbling, across a restart."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from village import MORNING, Village, village

from assistance.post import Said
from handlers.kit import new_id
from nlp.understand import Reader
from storage.crypto import Keys

HOSPITAL = "俺娘住院交不上押金还差八千大夫说明天就停药"


async def test_with_the_database_locked_the_words_wait_on_disk_and_are_answered_later(tmp_path: Path) -> None:
    """A locked database loses nothing: the words go to an encrypted spool and are answered when it is back."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'one.db'}"
    async with village(tmp_path, url=url) as place:
        said = Said(new_id(), "web", "li", "key-1", place.clock.now, text=HOSPITAL)
        lock = sqlite3.connect(tmp_path / "one.db", isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        await place.program.intake.take(said)
        lock.execute("ROLLBACK")
        lock.close()

        waiting = list((tmp_path / "spool").glob("*.said"))
        assert len(waiting) == 1
        assert "押金".encode() not in waiting[0].read_bytes()
        assert waiting[0].stat().st_mode & 0o077 == 0

        await place.later(minutes=1)
        (case,) = await place.cases()
        assert any(case.receipt in text for text in place.heard("li", "reply"))
        assert list((tmp_path / "spool").iterdir()) == []


async def test_what_the_program_stumbles_over_goes_to_a_person(place: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    """When reading a message fails, the words reach the county's sorting desk and the sender is told so."""

    def stumble(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Reader, "understand", stumble)
    answer = await place.says("li", HOSPITAL)

    (case,) = await place.cases()
    assert case.sorting
    assert case.receipt in answer
    assert any(HOSPITAL in text for text in place.heard("sun"))
    assert place.heard("zhou") == []


async def test_a_restart_goes_on_where_it_stood(tmp_path: Path) -> None:
    """After a stop and a new start drafts, cases and due times are as they were; what fell due meanwhile is told."""
    url, keys = f"sqlite+aiosqlite:///{tmp_path / 'one.db'}", Keys.fresh()
    async with village(tmp_path, url=url, keys=keys) as place:
        await place.says("li", HOSPITAL)
        receipt = place.receipt("li")

    later = MORNING.replace(hour=12)
    async with village(tmp_path, url=url, keys=keys, now=later) as place:
        assert any(receipt in text for text in place.heard("zhao", "notice"))
        answer = await place.says("li", "四口人")
        assert "电话" in answer
        assert (await place.final())["cases"][0]["facts"]["people"] == 4
