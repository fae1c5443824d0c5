"""One worker process (工作进程): the whole program on a shared database, a shared clock, and a phone network that is a
file. It is there to be killed at any moment."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import datetime
from pathlib import Path

from assistance.directory import Directory
from assistance.post import Abilities, Letter, Said
from bot.build import build, configure_log
from bot.clock import real_clock
from bot.engine import tick
from bot.readers import gazetteer
from bot.settings import Settings, read_settings
from nlp.understand import Reader
from regions.read import read_pack

Reader(
    gazetteer(read_pack("yicheng", real_clock().date()), Directory({}))
)  # a forked worker finds words and weights already loaded


class FileChannel:
    """A phone network: one line a message, written in one go, so that it is there whole or not at all."""

    name = "web"
    abilities = Abilities(buttons=True)

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    async def deliver(self, letter: Letter) -> None:
        """Write it down."""
        parcel = letter.parcel
        names = ("id", "person", "channel", "kind", "case", "step", "version")
        line = {name: getattr(parcel, name) for name in names}
        os.write(self._file, json.dumps(line, ensure_ascii=False).encode() + b"\n")


def clock_of(folder: Path) -> datetime:
    """The moment that the whole run stands at."""
    return datetime.fromisoformat((folder / "clock").read_text("utf-8"))


def worker_settings(folder: Path, url: str) -> Settings:
    """The keys lie beside the folders of the runs: what follows from them is the same in all of them."""
    return read_settings(data_dir=folder, database=url, keys_file=folder.parent / "keys.txt")


def work(folder: Path, url: str, number: int) -> None:
    """Work until killed: take every message again (what is kept is not taken twice), then round after round."""
    sys.stderr = (folder / f"log-{number}").open("a", encoding="utf-8", buffering=1)
    configure_log()
    asyncio.run(_work(folder, url, number))


async def _work(folder: Path, url: str, number: int) -> None:
    settings = worker_settings(folder, url)
    channel = FileChannel(folder / "delivered.jsonl")
    messages = [json.loads(line) for line in (folder / "messages.jsonl").read_text("utf-8").splitlines()]
    async with build(settings, lambda _: [channel], clock=lambda: clock_of(folder), anchors=False) as program:
        for line in messages if number % 2 else reversed(messages):
            now = clock_of(folder)
            await program.intake.take(Said(line["key"], "web", line["from"], line["key"], now, text=line["say"]))
            await tick(program.office, program.intake)
        rounds = 0
        while True:
            await tick(program.office, program.intake)
            rounds += 1
            (folder / f"rounds-{os.getpid()}").write_text(str(rounds), "utf-8")
            await asyncio.sleep(0.01)
