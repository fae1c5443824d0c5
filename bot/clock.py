"""The one clock handed in everywhere: the real one, or one that is wound by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def real_clock() -> datetime:
    """Now."""
    return datetime.now(UTC)


class WoundClock:
    """A clock that stands where it was put: for replays, tests and trying the ladder out."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The time it shows."""
        return self.now

    def wind(self, moment: datetime) -> None:
        """Forward only."""
        self.now = max(self.now, moment)


class OffsetClock:
    """The real clock, put forward by hand: `/wait 2h` in the terminal."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """Now, and as much later as it was put forward."""
        return real_clock() + self._ahead

    def forward(self, by: timedelta) -> None:
        """Put it forward."""
        self._ahead += by
