"""JSON Lines in and out, as docs/interfaces.md asks: a bad line gives an error line, the lines around it are served."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import IO, Any


class Lines:
    """Reads objects and writes objects; remembers whether an error line was written."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self.failed = False

    def read(self, source: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Objects with their line numbers; a line that is none gives an error line, a blank one nothing."""
        for number, line in enumerate(source, 1):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except ValueError:
                self.error(number, "this line is not JSON")
                continue
            if isinstance(value, dict):
                yield number, value
            else:
                self.error(number, "this line is not a JSON object")

    def write(self, value: dict[str, Any]) -> None:
        """One object."""
        self._out.write(json.dumps(value, ensure_ascii=False) + "\n")

    def error(self, number: int, why: str) -> None:
        """One error line."""
        self.failed = True
        self.write({"error": why, "line": number})
