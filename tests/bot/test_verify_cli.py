"""`jishiyu verify` and `jishiyu erase` as an operator types them: sentences, JSON, exit status."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistance.case import Event, What
from assistance.decision import Decision, Report
from assistance.evolve import fold
from bot.build import make_vault
from bot.cli import main
from bot.settings import read_settings
from storage.session import SqlStore

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


class Typed:
    """What a command gave back."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run `jishiyu` in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Typed:
        monkeypatch.setattr("sys.argv", ["jishiyu", *arguments])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        return Typed(status, captured.out, captured.err)

    return call


def a_case() -> Decision:
    data = {
        "receipt": "31234567", "kind": "hardship", "grade": "E2", "topic": "住房", "cause": None, "rules": "1",
        "received_at": NOW.isoformat(), "county": "370404", "village": None, "town": None, "level": "county",
        "desk": "county:370404", "told": [], "seen_by": ["county:370404"], "barred": [],
    }  # fmt: skip
    first = Event("c1", 1, NOW, What.OPENED, data=data)
    last = Event("c1", 2, NOW, What.CLOSED)
    report = Report("r1", "c1", "li", "m1", "31234567", NOW)
    return Decision((first, last), (fold([first, last]),), reports=(report,))


async def _keep() -> None:
    settings = read_settings()
    store = await SqlStore.open(settings.database_url, make_vault(settings))
    async with store.work() as work:
        await work.save(a_case(), {}, NOW)
    async with store.work() as work:
        await work.anchors.make(NOW)
    await store.close()


@pytest.fixture
def kept(run: Any) -> Path:
    """A database with one closed case and one anchor, in the data folder."""
    import asyncio

    asyncio.run(_keep())
    return Path("jishiyu-data/jishiyu.db")


def test_a_whole_history_is_told_in_a_sentence(run: Any, kept: Path) -> None:
    """Status 0, the last anchor to be compared with the phone, the progress on standard error."""
    typed = run("verify")
    assert typed.status == 0
    assert "查了1件、2条过程：都对得上。" in typed.out
    assert "最近一次存证：第1次，2026-11-20" in typed.out
    assert "1/1" in typed.err
    assert kept.is_file()


def test_an_altered_history_gives_status_one(run: Any, kept: Path) -> None:
    """A sentence that names case and line, for machines as JSON; both with status 1."""
    with sqlite3.connect(kept) as database:
        database.execute("DROP TRIGGER events_no_update")
        database.execute("UPDATE events SET at = '2026-11-19 00:00:00' WHERE seq = 2")
    typed = run("verify")
    assert typed.status == 1
    assert "回执号31234567：第2条过程被改过" in typed.out
    found = run("verify", "--json")
    assert found.status == 1
    report = json.loads(found.out)
    assert report["fine"] is False
    assert [(one["wrong"], one["receipt"], one["seq"]) for one in report["findings"]] == [("altered", "31234567", 2)]


def test_a_printed_anchor_is_held_against_the_database(run: Any, kept: Path) -> None:
    """The digits of a phone: right ones pass, wrong ones and a day without an anchor do not."""
    digest = json.loads(run("verify", "--json").out)["anchors"][0]["digest"]
    assert run("verify", "--anchor", f"2026-11-20={digest[:12]}").status == 0
    wrong = run("verify", "--anchor", "2026-11-20=000000000000", "--anchor", f"2026-11-21={digest[:12]}")
    assert wrong.status == 1
    assert "2026-11-20的存证码和" in wrong.out
    assert "2026-11-21没有存证" in wrong.out
    assert kept.is_file()


def test_erasing_needs_a_reason(run: Any, kept: Path) -> None:
    """Without --why nothing goes; with it, at its reporter's wish, the words go and the history is whole."""
    assert run("erase", "31234567").status == 2
    refused = run("erase", "31234567", "--why", "清理")
    assert (refused.status, "没满保存年限" in refused.out) == (1, True)
    done = run("erase", "31234567", "--why", "本人来信", "--own-request")
    assert (done.status, "删好了" in done.out) == (0, True)
    assert "都对得上" in run("verify").out
    with sqlite3.connect(kept) as database:
        assert database.execute("SELECT reporter, code FROM reports").fetchall() == [(None, None)]


def test_nothing_is_due_yet(run: Any, kept: Path) -> None:
    """--due lists and deletes nothing."""
    assert (run("erase", "--due").status, run("erase", "--due").out) == (0, "")
    assert kept.is_file()
