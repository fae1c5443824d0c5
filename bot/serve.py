"""`jishiyu run`: the engine until it is told to stop; in a terminal, with the chat in front of it."""

from __future__ import annotations

import asyncio
import signal
import sys

from bot.build import build, enroll_sample
from bot.channels.terminal import TerminalChannel
from bot.chat import chat
from bot.engine import serve
from bot.settings import Settings


async def run(settings: Settings) -> None:
    """Serve. Without a terminal, or with a roster of real people, the engine runs alone until SIGTERM or SIGINT.

    The chat puts the clock forward, which is for invented people only.
    """
    if sys.stdin.isatty() and settings.sample_roster:
        await chat(settings)
        return
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with build(settings, lambda _store: [TerminalChannel(lambda address: address)]) as program:
        if settings.sample_roster:
            await enroll_sample(program, TerminalChannel.name)
        await serve(program.office, program.intake, settings.tick_seconds, stop)
