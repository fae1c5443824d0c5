"""A process to be killed: takes every message of messages.jsonl again and again, and records what it delivers."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from assistance.post import Abilities, Letter, Said
from bot.build import build
from bot.cast import enroll_cast, read_cast
from bot.clock import real_clock
from bot.engine import tick
from bot.settings import read_settings
from handlers.send import send


class FileChannel:
    """A phone network that writes every message to a file, through to the disk."""

    name = "web"
    abilities = Abilities(buttons=True)

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")

    async def deliver(self, letter: Letter) -> None:
        """One line a message."""
        parcel = letter.parcel
        line = {
            "parcel": parcel.id,
            "to": parcel.address,
            "kind": parcel.kind,
            "text": letter.text,
            "buttons": letter.buttons,
        }
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


async def main(folder: Path) -> None:
    """Take all messages; those already kept are answered by nothing."""
    lines = [json.loads(line) for line in (folder / "messages.jsonl").read_text("utf-8").splitlines()]
    channel = FileChannel(folder / "delivered.jsonl")
    async with build(read_settings(data_dir=folder / "data"), lambda _store: [channel]) as program:
        async with program.store.work() as work:
            if not (await work.people.directory()).persons:
                await enroll_cast(work, *read_cast(lines[0], program.pack))
        (folder / "ready").touch()
        await tick(program.office, program.intake)
        for line in lines[1:]:
            said = Said(line["key"], "web", line["from"], line["key"], real_clock(), text=line["say"])
            await program.intake.take(said)
            await send(program.office, real_clock())
        await tick(program.office, program.intake)
    (folder / "done").touch()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
