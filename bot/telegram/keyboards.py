"""Buttons as Telegram has them: under a message, and the menu in place of the letters."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from assistance.post import Letter
from bot.channels.web import press_of
from bot.telegram.api import Keyboard
from bot.telegram.updates import TOO_LONG

_MOST = 64  # bytes of a button's data
_WIDTH = 14  # characters of one row of buttons on a small phone


def under(letter: Letter) -> Keyboard | None:
    """The buttons of a letter. A press brings the word back with the receipt of its case, so that it meets no other."""
    if not letter.buttons:
        return None
    return {"inline_keyboard": [[_button(label, letter) for label in row] for row in _rows(letter.buttons)]}


def menu(words: Sequence[str]) -> Keyboard:
    """What somebody may want, to be touched instead of typed."""
    rows = [[{"text": word} for word in row] for row in _rows(words)]
    return {"keyboard": rows, "resize_keyboard": True, "is_persistent": True}


def _button(label: str, letter: Letter) -> dict[str, Any]:
    data = press_of(label, letter.receipt)
    if len(data.encode()) > _MOST or data.startswith(TOO_LONG):
        data = TOO_LONG + hashlib.sha256(f"{letter.parcel.id} {data}".encode()).hexdigest()[:32]
    return {"text": label, "callback_data": data}


def _rows(labels: Sequence[str]) -> Iterator[list[str]]:
    """As many in a row as a small phone shows whole."""
    row: list[str] = []
    for label in labels:
        if row and sum(map(len, row)) + len(label) > _WIDTH:
            yield row
            row = []
        row.append(label)
    yield row
