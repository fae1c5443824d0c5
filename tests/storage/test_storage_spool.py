"""The spool: words outlive a database that is away."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from people_here import NOW, PHONES, said

from storage.crypto import Keys, Vault
from storage.session import SqlStore
from storage.spool import Spool


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that the spool makes."""
    yield tmp_path / "data" / "spool"


def test_words_come_back_in_order(folder: Path, vault: Vault) -> None:
    """Messages come back whole, the oldest first, also for a new program, until the inbox has them."""
    late, early = said(1), replace(said(2, None, press="接单", media="photo"), received_at=NOW - timedelta(days=9000))
    Spool(folder, vault).keep(late)
    Spool(folder, vault).keep(early)
    spool = Spool(folder, vault)
    assert list(spool.drain()) == [early, late] == list(spool.drain())
    spool.remove(early)
    spool.remove(early)
    assert list(spool.drain()) == [late]


def test_a_repeated_message_waits_once(folder: Path, vault: Vault) -> None:
    """A channel that repeats a message while the database is away fills no disk."""
    spool = Spool(folder, vault)
    for _ in range(3):
        spool.keep(said(1))
    assert len(list(folder.iterdir())) == 1


def test_the_spool_tells_nothing(folder: Path, vault: Vault) -> None:
    """Neither names nor contents of the files show sender or words; only the owner may look."""
    Spool(folder, vault).keep(said(1, "村支书扣了俺的低保钱"))
    (file,) = folder.iterdir()
    assert file.read_bytes()[:5] == vault.lock("", "spool", "said", "", sealed=True)[:5], "unread words count as sealed"
    assert file.stat().st_mode & 0o777 == 0o600 and folder.stat().st_mode & 0o777 == 0o700
    for secret in ("村支书", "低保", PHONES["li"]):
        assert secret.encode() not in file.read_bytes() and secret not in file.name


@pytest.mark.parametrize("damage", [b"", b"\x01", b"x" * 200, None])
def test_a_damaged_file_stops_nobody(
    folder: Path, vault: Vault, damage: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that cannot be read is set aside, not deleted, and named in the log; the others come through."""
    spool = Spool(folder, vault)
    for number in (1, 2, 3):
        spool.keep(replace(said(number), received_at=NOW + timedelta(seconds=number)))
    second = sorted(folder.iterdir())[1]
    second.write_bytes(second.read_bytes()[:-1] if damage is None else damage)
    with caplog.at_level(logging.ERROR):
        assert [message.id for message in spool.drain()] == ["m1", "m3"]
    (aside,) = folder.glob("*.damaged")
    assert aside.stem == second.stem and aside.name in caplog.text
    assert [message.id for message in spool.drain()] == ["m1", "m3"]


def test_a_file_under_another_name_is_damaged(folder: Path, vault: Vault) -> None:
    """A waiting message cannot be passed off as another one, and a wrong key reads none and loses none."""
    spool = Spool(folder, vault)
    spool.keep(said(1))
    (file,) = folder.iterdir()
    copy = folder / ("9" * 17 + file.name[17:])
    copy.write_bytes(file.read_bytes())
    assert [message.id for message in spool.drain()] == ["m1"]
    assert list(Spool(folder, Vault(Keys.fresh())).drain()) == []
    assert sorted(path.suffix for path in folder.iterdir()) == [".damaged", ".damaged"]


def test_a_file_that_was_not_finished_is_not_read(folder: Path, vault: Vault) -> None:
    """A crash while writing leaves a part that is no message; the message kept again is whole."""
    spool = Spool(folder, vault)
    spool.keep(said(1))
    (file,) = folder.iterdir()
    file.rename(file.with_name(file.name + ".part"))
    assert list(spool.drain()) == []
    spool.keep(said(1))
    assert [message.id for message in spool.drain()] == ["m1"]


@pytest.mark.asyncio
async def test_drained_words_are_kept_once(store: SqlStore, folder: Path, vault: Vault) -> None:
    """A crash between inbox and spool gives the message once: the inbox knows it already."""
    spool = Spool(folder, vault)
    spool.keep(said(1))
    for _ in range(2):
        for message in spool.drain():
            async with store.work() as work:
                await work.inbox.keep(message)
    async with store.work() as work:
        assert await work.inbox.unanswered(9) == [said(1)]
