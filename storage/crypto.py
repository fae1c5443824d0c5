"""Encryption of every personal value: which key, tied to which row, and the blind indexes for exact look-up.

A stored value is `version (1 byte) · key id (4) · nonce (12) · AES-256-GCM ciphertext`. Table, column and row id are
associated data, so a value copied to another row does not open. There are three keys: *words* for what anybody wrote,
*sealed* for what accuses somebody and for who reported it, *index* for blind indexes. Storage reads no environment:
the caller hands a file path or the text of JISHIYU_KEYS in.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
import stat
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.codec import from_json, to_json
from storage.errors import BadKeys, DamagedValue, KeysExposed, WrongKey

_VERSION = b"\x01"
_NONCE = 12
_SIZE = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """The three secrets, 32 bytes each. Their text form is one line: `words=… sealed=… index=…` in base64."""

    words: bytes = field(repr=False)
    sealed: bytes = field(repr=False)
    index: bytes = field(repr=False)

    @classmethod
    def fresh(cls) -> Keys:
        """New random keys."""
        return cls(*(secrets.token_bytes(_SIZE) for _ in range(3)))

    @classmethod
    def parse(cls, text: str) -> Keys:
        """Keys from their text form. Raises `BadKeys`."""
        named = dict(part.partition("=")[::2] for part in text.split())
        try:
            found = {name: base64.b64decode(named[name], validate=True) for name in ("words", "sealed", "index")}
        except (KeyError, binascii.Error):
            raise BadKeys("keys unreadable: expected words=… sealed=… index=… in base64; put back your copy") from None
        if any(len(key) != _SIZE for key in found.values()) or len(set(found.values())) != len(found):
            raise BadKeys("keys unreadable: three different keys of 32 bytes each are needed; put back your copy")
        return cls(**found)

    @classmethod
    def from_file(cls, path: Path) -> Keys:
        """Keys from a file that its owner alone can read, made with fresh keys (mode 600) when it is missing.

        Raises `BadKeys`, `KeysExposed`.
        """
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return cls._read(path)
        except OSError as error:
            raise BadKeys(f"key file {path} cannot be made ({error.strerror}): mend folder or path") from None
        keys = cls.fresh()
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(keys.text() + "\n")
            file.flush()
            os.fsync(file.fileno())
        return keys

    @classmethod
    def _read(cls, path: Path) -> Keys:
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
            text = path.read_text("ascii")
        except (OSError, UnicodeDecodeError):
            raise BadKeys(f"key file {path} cannot be read: put back your copy of it") from None
        if os.name == "posix" and mode & 0o077:
            raise KeysExposed(f"others can read the key file {path}: run chmod 600 {path}")
        return cls.parse(text)

    def text(self) -> str:
        """The text form, for a file or JISHIYU_KEYS. Secret."""
        pairs = (("words", self.words), ("sealed", self.sealed), ("index", self.index))
        return " ".join(f"{name}={base64.b64encode(key).decode()}" for name, key in pairs)


class Vault:
    """Locks and opens values, and makes blind indexes. Cheap: some microseconds a value."""

    def __init__(self, keys: Keys) -> None:
        self._ciphers = {_id(key): AESGCM(key) for key in (keys.words, keys.sealed)}
        self._words, self._sealed = _id(keys.words), _id(keys.sealed)
        self._index = keys.index
        self._sealed_index = hmac.digest(keys.sealed, b"blind index", "sha256")
        self._history = hmac.digest(keys.sealed, b"history", "sha256")

    def lock(self, value: str, table: str, column: str, row: str, *, sealed: bool = False) -> bytes:
        """Encrypt for exactly this place; `sealed` takes the second key."""
        key, nonce = self._sealed if sealed else self._words, secrets.token_bytes(_NONCE)
        head = _VERSION + key
        return head + nonce + self._ciphers[key].encrypt(nonce, value.encode(), _place(head, table, column, row))

    def open(self, blob: bytes, table: str, column: str, row: str) -> str:
        """The value that was locked for this place. Raises `WrongKey` or `DamagedValue`."""
        head, nonce, rest = blob[:5], blob[5 : 5 + _NONCE], blob[5 + _NONCE :]
        if head[:1] != _VERSION:
            raise DamagedValue(f"a value in {table}.{column} has an unknown format: restore it from a backup")
        if head[1:] not in self._ciphers:
            raise WrongKey(f"a value in {table}.{column} was locked with another key: put back the key file")
        try:
            return self._ciphers[head[1:]].decrypt(nonce, rest, _place(head, table, column, row)).decode()
        except (InvalidTag, ValueError):
            raise DamagedValue(f"a value in {table}.{column} was altered or moved: restore it from a backup") from None

    def lock_json(self, value: Any, table: str, column: str, row: str, *, sealed: bool = False) -> bytes:
        """`lock` for a JSON value (see `storage.codec` for what else it may hold)."""
        return self.lock(to_json(value), table, column, row, sealed=sealed)

    def open_json(self, blob: bytes, table: str, column: str, row: str) -> Any:
        """The value of `lock_json`."""
        return from_json(self.open(blob, table, column, row))

    def index(self, what: str, *values: str, sealed: bool = False) -> str:
        """A keyed digest (64 hex digits) of normalised values, for exact look-up; `what` keeps the fields apart.

        `sealed` takes a key derived from the second one, so that the same person looks different on either side.
        """
        text = json.dumps([what, *map(normal, values)], ensure_ascii=False)
        key = self._sealed_index if sealed else self._index
        return hmac.digest(key, text.encode(), hashlib.sha256).hex()

    def proof(self, text: str) -> str:
        """A keyed digest (64 hex digits) that nobody can make or test without the second key."""
        return hmac.digest(self._history, text.encode(), hashlib.sha256).hex()


def normal(value: str) -> str:
    """One spelling for look-up: NFKC, without any space."""
    return "".join(unicodedata.normalize("NFKC", value).split())


def _id(key: bytes) -> bytes:
    """A key's public number, which tells a wrong key from a damaged value."""
    return hmac.digest(key, b"key id", "sha256")[:4]


def _place(head: bytes, *place: str) -> bytes:
    return head + json.dumps(place).encode()
