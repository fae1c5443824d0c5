"""SIGKILL in the middle of the work, and a new start."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from assistance.case import Case
from assistance.decision import Conversation
from bot.build import make_vault
from bot.settings import read_settings
from storage.session import SqlStore

CAST = {
    "cast": {
        "zhou": {"role": "village", "area": "峨山镇/石门东村", "name": "周敏"},
        "zhao": {"role": "town", "area": "峨山镇", "name": "赵伟"},
        **{f"r{n}": {"role": "resident", "name": f"李雨{n}", "village": "峨山镇/石门东村"} for n in range(20)},
    }
}
MESSAGES = [
    {"key": f"k{n}-{part}", "from": f"r{n}", "say": words}
    for n in range(20)
    for part, words in enumerate(("俺娘住院交不上押金还差八千大夫说明天就停药", "四口人"))
]
CHILD = Path(__file__).with_name("crash_child.py")


def run_child(folder: Path) -> subprocess.Popen[bytes]:
    """Start the process and wait until it has begun to work."""
    (folder / "ready").unlink(missing_ok=True)
    with (folder / "errors").open("ab") as errors:
        child = subprocess.Popen([sys.executable, str(CHILD), str(folder)], stderr=errors)
    while not (folder / "ready").exists():
        assert child.poll() is None, (folder / "errors").read_text("utf-8")
        time.sleep(0.01)
    return child


async def look(folder: Path) -> tuple[list[Case], int, dict[str, Conversation], set[str]]:
    """Cases, unanswered messages, conversations and the parcels that are recorded as delivered."""
    settings = read_settings(data_dir=folder / "data")
    store = await SqlStore.open(settings.database_url, make_vault(settings))
    try:
        async with store.work() as work:
            cases = list(await work.cases.for_engine().all())
            unanswered = len(await work.inbox.unanswered(1000))
            talks = {name: await work.conversations.of(name) for name in CAST["cast"]}
            shown = {one.id for name in CAST["cast"] for one in await work.outbox.on_phone(name)}
    finally:
        await store.close()
    return cases, unanswered, talks, shown


def recorded(folder: Path) -> list[dict[str, Any]]:
    """What the phones have received, a torn last line left out."""
    path = folder / "delivered.jsonl"
    lines = path.read_text("utf-8").split("\n")[:-1] if path.exists() else []
    return [json.loads(line) for line in lines]


def test_nothing_is_lost_or_told_twice_when_the_process_is_killed(tmp_path: Path) -> None:
    """Killed four times in the middle: every message is answered, no case opens twice, no recorded delivery repeats,
    half-filled drafts go on."""
    (tmp_path / "messages.jsonl").write_text(
        "\n".join(json.dumps(line, ensure_ascii=False) for line in (CAST, *MESSAGES)), "utf-8"
    )
    chance = random.Random(7)
    for _ in range(4):
        child = run_child(tmp_path)
        time.sleep(chance.uniform(0.05, 0.6))
        child.kill()
        child.wait()
        shown = asyncio.run(look(tmp_path))[3]
        before = len(recorded(tmp_path))
        child = run_child(tmp_path)
        time.sleep(chance.uniform(0.05, 0.3))
        child.kill()
        child.wait()
        again = {line["parcel"] for line in recorded(tmp_path)[before:]}
        assert again & shown == set()

    assert run_child(tmp_path).wait(60) == 0

    cases, unanswered, talks, _ = asyncio.run(look(tmp_path))
    assert unanswered == 0
    assert len(cases) == 20
    assert {talks[f"r{n}"].draft.asked for n in range(20) if talks[f"r{n}"].draft} == {"phone"}
    replies = [line for line in recorded(tmp_path) if line["kind"] == "reply"]
    assert {line["to"] for line in replies} == {f"r{n}" for n in range(20)}
    assert len({line["parcel"] for line in replies}) == len(MESSAGES)


def test_the_database_file_holds_no_words(tmp_path: Path) -> None:
    """Neither the database nor its log nor the spool shows a phone, an ID number, a name or a word of a message."""
    words = "俺娘住院交不上押金还差八千，电话13900003306，身份证370404196502030012"
    line = {"key": "one", "from": "r0", "say": words}
    (tmp_path / "messages.jsonl").write_text(
        "\n".join(json.dumps(one, ensure_ascii=False) for one in (CAST, line)), "utf-8"
    )
    assert run_child(tmp_path).wait(60) == 0

    stored = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    for secret in ("13900003306", "370404196502030012", "押金", "李雨0", "住院交不上"):
        assert secret.encode() not in stored
        assert json.dumps(secret).strip('"').encode() not in stored
