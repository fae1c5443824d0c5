"""The command line: black-box faces, and one line with the mend where something cannot be used."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main

ROOT = Path(__file__).parents[2]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `jishiyu` in an empty folder; gives exit status, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["jishiyu", *arguments])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


def objects(text: str) -> list[dict[str, Any]]:
    """JSON Lines as objects."""
    return [json.loads(line) for line in text.splitlines()]


def write_lines(path: Path, *lines: object) -> str:
    """A JSON Lines file; strings are written as they are."""
    text = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text("\n".join(text), "utf-8")
    return str(path)


def test_understand_gives_one_reading_a_line_in_order(run: Run, tmp_path: Path) -> None:
    """Each line gets its reading; a bad one an error line with its number, and the exit status says so."""
    file = write_lines(
        tmp_path / "in.jsonl",
        {"id": "a", "text": "俺娘住院交不上押金还差八千", "sent_at": "2026-11-20T15:00:00+08:00"},
        "{broken",
        {"id": "b"},
        {"id": "c", "text": "你好", "role": "king"},
        {"id": "d", "text": "你好", "sent_at": "2026-11-20"},
        [1],
        {"id": "e", "text": "你好"},
    )

    status, out, _ = run("understand", file)

    lines = objects(out)
    assert status == 1
    assert [line.get("id") or line.get("line") for line in lines] == ["a", 2, 3, 4, 5, 6, "e"]
    assert lines[0]["intent"] == "hardship"
    assert lines[0]["slots"]["amount"] == {"span": "八千", "value": 8000}
    assert {
        "id",
        "intent",
        "confidence",
        "also",
        "slots",
        "urgency",
        "negated",
        "anonymous",
        "blame",
        "why",
        "ask",
    } <= (lines[0].keys())


CAST = {
    "at": "2026-11-20T08:00:00+08:00",
    "cast": {
        "li": {"role": "resident", "name": "李秀兰", "village": "峨山镇/石门东村"},
        "zhou": {"role": "village", "area": "峨山镇/石门东村", "name": "周敏"},
    },
}


def test_replay_goes_on_after_lines_that_cannot_be_played(run: Run, tmp_path: Path) -> None:
    """An unknown person, a missing button, a step back in time are error lines; the final state comes all the same."""
    file = write_lines(
        tmp_path / "s.jsonl",
        CAST,
        {"at": "2026-11-20T09:00:00+08:00", "from": "li", "say": "俺娘住院交不上押金还差八千大夫说明天就停药"},
        {"at": "2026-11-20T09:01:00+08:00", "from": "nobody", "say": "你好"},
        {"at": "2026-11-20T09:02:00+08:00", "from": "li", "press": "接单"},
        {"at": "2026-11-20T08:00:00+08:00"},
        {"from": "li", "say": "你好"},
        {"at": "2026-11-20T09:03:00+08:00", "outage": "moon", "until": "2026-11-20T10:00:00+08:00"},
        {"at": "2026-11-20T09:04:00+08:00", "from": "zhou", "press": "接单"},
    )

    status, out, _ = run("replay", file)

    lines = objects(out)
    assert status == 1
    assert [line["line"] for line in lines if "error" in line] == [3, 4, 5, 6, 7]
    assert lines[-1]["final"]
    assert lines[-1]["cases"][0]["handler"] == "zhou"


def test_the_same_scenario_gives_the_same_deliveries(run: Run, tmp_path: Path) -> None:
    """Two replays differ in receipts and codes only."""
    file = write_lines(
        tmp_path / "s.jsonl",
        CAST,
        {"at": "2026-11-20T09:00:00+08:00", "from": "li", "say": "俺娘住院交不上押金还差八千大夫说明天就停药"},
        {"at": "2026-11-23T09:00:00+08:00"},
    )

    def shape(text: str) -> list[tuple[Any, ...]]:
        lines = [line for line in objects(text) if "to" in line]
        return [(line["at"], line["to"], line["kind"], len(line["text"]), line["buttons"]) for line in lines]

    assert shape(run("replay", file)[1]) == shape(run("replay", file)[1])


@pytest.mark.parametrize(
    "first",
    [{}, {"at": "2026-11-20T08:00:00+08:00"}, {"at": "heute", "cast": {}}, {**CAST, "cast": {"x": {"role": "king"}}}],
    ids=["empty", "no cast", "no time", "unknown role"],
)
def test_a_cast_that_cannot_be_used_is_an_error_line(run: Run, tmp_path: Path, first: object) -> None:
    """A scenario without a usable cast gives one error line and status 1."""
    status, out, _ = run("replay", write_lines(tmp_path / "s.jsonl", first))

    assert status == 1
    assert [line["line"] for line in objects(out)] == [1]


def test_a_storage_that_is_not_empty_is_refused(run: Run, tmp_path: Path) -> None:
    """A replay never plays into somebody's database."""
    file = write_lines(tmp_path / "s.jsonl", CAST)
    url = f"sqlite+aiosqlite:///{tmp_path / 'one.db'}"
    assert run("replay", file, "--storage", url)[0] == 0

    status, out, err = run("replay", file, "--storage", url)

    assert status != 0
    assert "Traceback" not in err
    assert "final" not in out


def one_line(status: int, err: str) -> str:
    """The one line an operator reads."""
    assert status == 2
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1
    return err


def test_a_broken_configuration_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    """A misspelt or impossible setting names the file and the setting."""
    for text, named in (("tick_seconds = 0", "tick_seconds"), ("colour = 1", "colour"), ("region = ", "TOML")):
        (tmp_path / "jishiyu.toml").write_text(text, "utf-8")
        status, _, err = run("run")
        assert named in one_line(status, err)


def test_a_broken_pack_names_file_line_and_mend(run: Run, tmp_path: Path) -> None:
    """A pack that a clerk has broken says where and how to mend it."""
    pack = tmp_path / "county"
    shutil.copytree(ROOT / "regions" / "yicheng", pack)
    ladder = pack / "ladder.toml"
    ladder.write_text(ladder.read_text("utf-8").replace('after = "15 min"', 'after = "soon"', 1), "utf-8")

    status, _, err = run("understand", "--region", str(pack), write_lines(tmp_path / "in.jsonl", {"text": "你好"}))

    told = one_line(status, err)
    assert "ladder.toml, line " in told
    assert "soon" in told
    assert "15 min" in told
    assert "there is no such region pack" in one_line(
        *run("understand", "--region", "moon", str(pack / "areas.csv"))[::2]
    )


def serve(run: Run, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """`jishiyu chat` whose input ends at once."""
    monkeypatch.setattr("builtins.input", lambda _: (_ for _ in ()).throw(EOFError))
    status, _, err = run("chat")
    return status, err


def test_a_wrong_key_and_a_newer_or_unwritable_database_are_told_in_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them ends with status 2 and one line with the mend."""
    assert serve(run, monkeypatch)[0] == 0
    data = tmp_path / "jishiyu-data" / "try"
    keys = (data / "keys.txt").read_text("utf-8")
    assert (data / "keys.txt").stat().st_mode & 0o077 == 0

    (data / "keys.txt").unlink()
    one_line(*serve(run, monkeypatch))
    (data / "keys.txt").unlink()
    (data / "keys.txt").touch(0o600)
    (data / "keys.txt").write_text(keys, "utf-8")

    with sqlite3.connect(data / "jishiyu.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    one_line(*serve(run, monkeypatch))

    (data / "jishiyu.db").write_bytes(b"this is no database at all, not in the least")
    one_line(*serve(run, monkeypatch))
