"""Where words wait while the database cannot be reached: one small encrypted file a message.

A file appears whole or not at all, is written through to the disk, and is tied to its own name. The intake loop drains
the folder into the inbox, which takes each message once, and only then removes the file.
"""

from __future__ import annotations

import base64
import logging
import os
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from assistance.post import Attachment, Said
from storage.codec import from_json, to_json
from storage.crypto import Vault
from storage.errors import DamagedValue, WrongKey

_log = logging.getLogger(__name__)
_FIELDS = tuple(field.name for field in fields(Said))


class Spool:
    """A folder of waiting messages, made with mode 700 where it is missing. Calls are short and blocking."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder, self._vault = folder, vault
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def keep(self, said: Said) -> None:
        """Write a message through to the disk; the same message again changes nothing. Raises `OSError` when the
        disk refuses."""
        name = self._name(said)
        if (self._folder / name).exists():
            return
        text = to_json(
            {field: getattr(said, field) for field in _FIELDS} | {"attachment": _attachment_out(said.attachment)}
        )
        blob = self._vault.lock(text, "spool", "said", name, sealed=True)  # nobody has read yet whether it accuses
        part = self._folder / f"{name}.part"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(blob)
            file.flush()
            os.fsync(file.fileno())
        part.rename(self._folder / name)
        self._sync_folder()

    def drain(self) -> Iterator[Said]:
        """The waiting messages, oldest first. A file that cannot be read is set aside as `….damaged` and logged by
        name; the others follow. Call `remove` for each once the inbox has it."""
        for path in sorted(self._folder.glob("*.said")):
            said = self._read(path)
            if said is not None:
                yield said

    def remove(self, said: Said) -> None:
        """The inbox has it."""
        (self._folder / self._name(said)).unlink(missing_ok=True)
        self._sync_folder()

    def _read(self, path: Path) -> Said | None:
        try:
            kept = from_json(self._vault.open(path.read_bytes(), "spool", "said", path.name))
            return Said(**kept | {"attachment": _attachment_in(kept.get("attachment"))})
        except (DamagedValue, WrongKey, ValueError, TypeError) as error:
            aside = path.with_suffix(".damaged")
            path.rename(aside)
            _log.error(
                "spool file %s cannot be read (%s): set aside, restore it by hand", aside.name, type(error).__name__
            )
            return None

    def _name(self, said: Said) -> str:
        """Sorts by time and tells nothing else; the same message has the same name."""
        moment = said.received_at.timestamp()
        return f"{moment:017.6f}-{self._vault.index('spool', said.channel, said.key)[:24]}.said"

    def _sync_folder(self) -> None:
        """A new or removed name survives a power cut only when the folder is written through too."""
        if os.name != "posix":
            return
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _attachment_out(came: Attachment | None) -> list[str] | None:
    return [came.kind, came.type, base64.b64encode(came.data).decode()] if came else None


def _attachment_in(kept: Any) -> Attachment | None:
    return Attachment(kept[0], kept[1], base64.b64decode(kept[2])) if kept else None
