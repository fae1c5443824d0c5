"""What every conversation has at hand: the rules, the reader, the sentences. Values, made once at start."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from assistance.directory import Directory
from assistance.policy import PolicyRow
from assistance.rulebook import Rulebook
from handlers.phrases import Phrases
from nlp.gazetteer import Context
from nlp.reading import Reading


class Reader(Protocol):
    """`nlp.understand.Reader`, or a twin of it in a test."""

    def understand(self, text: str, context: Context) -> Reading:
        """One message, read."""
        ...

    def bare(self, text: str, context: Context) -> str:
        """The words without names, places, sums and numbers."""
        ...


class Readers(Protocol):
    """Gives the reader that knows the names of a directory; made anew only when the roster changed."""

    def __call__(self, directory: Directory) -> Reader:
        """The reader for this roster."""
        ...


_MADE = itertools.count()


def new_id() -> str:
    """An id that tells nothing but what was made first in this run: of two cases due in one moment the older one goes
    first, so that the same scenario gives the same deliveries."""
    return f"{next(_MADE):08x}{secrets.token_hex(12)}"


def new_receipt() -> str:
    """A 回执号: eight digits that begin with 3–9 so that none looks like a date, in no order."""
    return str(secrets.randbelow(7) + 3) + "".join(str(secrets.randbelow(10)) for _ in range(7))


def new_code() -> str:
    """The second half of a complaint's receipt: six digits."""
    return f"{secrets.randbelow(10**6):06d}"


@dataclass(frozen=True)
class Kit:
    """The region pack as the conversations use it."""

    rulebook: Rulebook
    phrases: Phrases
    readers: Readers
    policies: tuple[PolicyRow, ...] = ()
    numbers: Mapping[str, Any] = field(default_factory=dict)  # emergency numbers by name: police, ambulance …
    public_url: str = ""  # where people reach the web chat; empty where there is none

    def link(self, token: str) -> str:
        """A one-time sign-in link; the token stands in the fragment, so that no log holds it. Empty without an URL."""
        return f"{self.public_url.rstrip('/')}/#in={token}" if self.public_url else ""
