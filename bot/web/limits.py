"""A flood is slowed, a hardship is never refused: tokens fill up with time, and who is out of them waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

_FORGET = 10_000  # how many keys are remembered at most; full buckets are forgotten first


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


@dataclass(frozen=True, slots=True)
class Turn:
    """After how many seconds it is one's turn; one that is not `kept` has to come again then."""

    seconds: float
    kept: bool


class Limit:
    """`rate` messages a second, up to `burst` at once, for each key (a device, an address). A turn at most `patience`
    seconds ahead is kept. Nobody is locked out: waiting is all it costs."""

    def __init__(
        self, rate: float, burst: float, patience: float = 0.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate, self._burst, self._patience, self._clock = rate, burst, patience, clock
        self._buckets: dict[str, _Bucket] = {}

    def turn(self, key: str) -> Turn:
        """The next turn of this one."""
        now = self._clock()
        bucket = self._buckets.get(key)
        if bucket is None:
            self._forget(now)
            bucket = self._buckets[key] = _Bucket(self._burst, now)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        wait = max(0.0, (1 - bucket.tokens) / self._rate)
        kept = wait <= self._patience
        if kept:
            bucket.tokens -= 1
        return Turn(wait, kept)

    def _forget(self, now: float) -> None:
        if len(self._buckets) < _FORGET:
            return
        full = self._burst / self._rate
        kept = {key: bucket for key, bucket in self._buckets.items() if now - bucket.at < full}
        self._buckets = kept if len(kept) < _FORGET else {}
