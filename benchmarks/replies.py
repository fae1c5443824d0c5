"""How many messages are answered in a second on a SQLite file that survives a power cut (synchronous=FULL), beside
commits of one small row through SQLAlchemy on such a file."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, Table, Text

from assistance.post import Said
from benchmarks.desk import stumbled
from benchmarks.filling import OPENED
from bot.build import build, warm
from bot.settings import read_settings
from handlers.intake import Intake
from storage.crypto import Keys, Vault
from storage.session import make_engine

_TEXTS = (
    "俺娘住院交不上押金还差八千",
    "谢谢",
    "俺家屋顶漏雨了",
    "查进度",
    "低保一个月多少钱",
    "在吗",
    "村里路灯坏了三天了",
)


async def answered(folder: Path, senders: int, each: int) -> float:
    """Messages a second from their arrival to the commit of their answer, by so many senders at once."""
    settings, vault = read_settings(data_dir=folder), Vault(Keys.fresh())
    async with build(settings, lambda _: [], clock=lambda: OPENED, vault=vault, anchors=False) as program:
        await warm(program)
        intake = Intake(replace(program.office, alarm=stumbled))
        await asyncio.gather(*(_write(intake, sender, range(1)) for sender in range(senders)))  # enrolled
        began = time.perf_counter()
        await asyncio.gather(*(_write(intake, sender, range(1, each + 1)) for sender in range(senders)))
        took = time.perf_counter() - began
        async with program.store.work() as work:
            if await work.inbox.unanswered(1):
                raise AssertionError("a message stayed unanswered")
    return senders * each / took


async def _write(intake: Intake, sender: int, numbers: range) -> None:
    for number in numbers:
        text = _TEXTS[(sender + number) % len(_TEXTS)]
        await intake.take(Said(f"{sender}-{number}", "web", f"phone-{sender}", f"{sender}-{number}", OPENED, text))


async def rows(folder: Path, count: int) -> float:
    """One-row commits a second."""
    engine, metadata = make_engine(f"sqlite+aiosqlite:///{folder / 'rows.db'}"), MetaData()
    table = Table("row", metadata, Column("id", Integer, primary_key=True), Column("words", Text))
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    began = time.perf_counter()
    for number in range(count):
        async with engine.begin() as connection:
            await connection.execute(table.insert().values(words=f"{number} {_TEXTS[0]}"))
    took = time.perf_counter() - began
    await engine.dispose()
    return count / took
