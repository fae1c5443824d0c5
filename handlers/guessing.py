"""No guessing (不许猜号): wrong codes are counted, and after too many of them everything has to wait, right ones too.

Nothing here tells whether a receipt exists: unknown ones count like known ones.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from assistance.ports import Work
from assistance.rulebook import Guessing

_DAY = timedelta(days=1)
_EVERYBODY = "all"


async def must_wait(work: Work, limits: Guessing, who: str, now: datetime, receipt: str | None = None) -> bool:
    """Whether this person, or everybody for this receipt, has guessed too often. Without a receipt it is about
    invitation codes."""
    if await work.tries.count("person", who, now - limits.rest) >= limits.by_one:
        return True
    if receipt is None:
        return await work.tries.count("invitation", _EVERYBODY, now - _DAY) >= limits.of_invitations
    return await work.tries.count("receipt", receipt, now - _DAY) >= limits.of_receipt


async def was_wrong(work: Work, who: str, now: datetime, receipt: str | None = None) -> None:
    """One more wrong code."""
    await work.tries.wrong("person", who, now)
    if receipt is None:
        await work.tries.wrong("invitation", _EVERYBODY, now)
    else:
        await work.tries.wrong("receipt", receipt, now)
