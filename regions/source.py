"""One file of a pack and what is wrong with it: every complaint names the file, the line and the mend."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any


class PackError(ValueError):
    """The region pack cannot be used as it is. The message says where, and how to mend it."""

    def __init__(self, file: str, line: int | None, wrong: str, mend: str) -> None:
        place = f"{file}, line {line}" if line else file
        super().__init__(f"{place}: {wrong}; {mend}")


@dataclass(frozen=True)
class Source:
    """A TOML file of the pack with its text, so that a wrong value can be pointed at."""

    file: str
    text: str
    data: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Traversable, file: str) -> Source:
        """Read and parse a file of the pack."""
        try:
            text = (folder / file).read_text("utf-8")
        except (FileNotFoundError, UnicodeDecodeError) as error:
            raise PackError(file, None, "cannot be read", "put the file there, written in UTF-8") from error
        try:
            return cls(file, text, tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"line (\d+)", str(error))
            line = int(found.group(1)) if found else None
            raise PackError(file, line, "is not valid TOML", "look for a missing quote, bracket or comma") from error

    def wrong(self, at: object, what: str, mend: str) -> PackError:
        """The error that points at the first line holding `at`."""
        lines = self.text.splitlines()
        line = next((number for number, line in enumerate(lines, 1) if str(at) in line), None)
        return PackError(self.file, line, what, mend)

    def need(self, table: Mapping[str, Any], key: str, near: object = "") -> Any:
        """A value that must be there."""
        if key not in table:
            raise self.wrong(near, f"`{key}` is missing", f"write {key} = … there")
        return table[key]
