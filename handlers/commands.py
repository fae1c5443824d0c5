"""The fixed words that are commands, in the order in which they are tried, and the buttons that stand for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from assistance.decision import Decision
from assistance.post import Delivered
from handlers import corrections, erasing, ledger, orders, staff, verifying
from handlers.turn import Turn


async def command(turn: Turn) -> Decision | None:
    """What fixed words order, done; None for other words."""
    tried: tuple[Callable[[Turn], Awaitable[Decision | None]], ...] = (
        staff.command, corrections.command, orders.command, erasing.command, ledger.command, verifying.command,
    )  # fmt: skip
    for one in tried:
        if told := await one(turn):
            return told
    return None


async def press(turn: Turn, word: str, pressed: Delivered | None) -> Decision | None:
    """A button of a command; None for another button."""
    if told := await erasing.press(turn, word, pressed):
        return told
    if word.startswith("核实") and pressed:
        return await verifying.command(turn, pressed.case, word)
    return None
