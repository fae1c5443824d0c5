"""What the bot says: the pack's sentences, filled in. Every key that the code uses must stand in the pack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assistance.worktime import SHANGHAI


class Phrases:
    """Sentences by key, `opened.hardship` → 「记下了……{receipt}」; a missing field is an error of the program."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = sentences

    def __contains__(self, key: str) -> bool:
        return key in self._sentences

    def __call__(self, key: str, **fields: Any) -> str:
        """The sentence with its fields; empty lines that fields left behind are dropped."""
        text = self._sentences[key].format_map(fields)
        return "\n".join(line for line in text.splitlines() if line.strip())


def when(moment: datetime | None) -> str:
    """A moment as people say it, in Shanghai time: 11月19日 08:55."""
    if moment is None:
        return ""
    local = moment.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日 {local:%H:%M}"
