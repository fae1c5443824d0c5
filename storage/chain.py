"""The chained history (历史链): every event carries a digest over itself and the digest before it, so that no line can
be changed, left out or put in unseen. The last digest of a case is its head (链头) and stands in the case's row.

The digest is keyed (HMAC-SHA256, `Vault.proof`). A plain hash could be made anew by whoever changes a row, and of a
sealed case, whose words are few (a handful of officers, thirty kinds of event), it would let a thief try guesses. The
key follows from the second one, under which sealed cases lie: who cannot read them can neither make a digest nor test
one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from assistance.case import Event
from storage.codec import to_json
from storage.crypto import Vault

Digests = Mapping[tuple[str, int], str]  # by case and number of the event


def link(vault: Vault, previous: str | None, event: Event) -> str:
    """The digest of an event after the one before it; the first event of a case comes after nothing."""
    return proof(vault, previous, event.case, event.seq, event.at, event.what, event.by, event.to, dict(event.data))


def proof(vault: Vault, previous: str | None, *values: Any) -> str:
    """A keyed digest (64 hex digits) over values in their canonical form, chained to an earlier one."""
    return vault.proof(to_json([previous or "", *map(_plain, values)], ordered=True))


def _plain(value: Any) -> Any:
    """A moment looks the same however its zone was written."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def chain(vault: Vault, heads: Mapping[str, str | None], events: Iterable[Event]) -> Digests:
    """The digests of new events, each case's in their order; `heads` are the last ones so far."""
    new = sorted(events, key=lambda event: (event.case, event.seq))
    last = dict(heads)
    found: dict[tuple[str, int], str] = {}
    for event in new:
        last[event.case] = found[event.case, event.seq] = link(vault, last.get(event.case), event)
    return found


def last_of(digests: Digests) -> Mapping[str, str]:
    """The new head of each case."""
    return {case: digest for (case, _), digest in sorted(digests.items())}
