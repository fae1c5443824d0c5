"""每日存证: once a day one digest over all histories is told to the county, so that nobody can change one unseen later.

The line tells nothing but the digest. A count would tell somebody from whom a case is sealed that there is one; the
digest, whose key nobody in the county has, looks the same with and without it (docs/decisions/0009-chained-history.md).
"""

from __future__ import annotations

from datetime import datetime

from assistance.digest import last_slot
from assistance.directory import Person, Role
from assistance.ports import Work
from handlers.office import Office

_SHOWN, _GROUP = 12, 4  # hex digits


async def make_anchor(office: Office, now: datetime) -> bool:
    """Make the anchor of the last digest hour; missed ones are caught up as this one. Whether one was made."""
    if not office.anchors:
        return False
    slot = last_slot(now, office.kit.rulebook.digest_at, office.kit.rulebook)
    async with office.store.work() as work:
        last = await work.anchors.last()
        made = await work.anchors.make(slot) if last is None or last.at < slot else None
    if made:
        office.log("anchored", number=made.number, digest=shown(made.digest))
    return made is not None


async def anchor_lines(office: Office, work: Work, person: Person) -> list[str]:
    """The last anchor, for a county officer's digest."""
    last = await work.anchors.last() if office.anchors and person.role is Role.COUNTY else None
    return [office.kit.phrases("digest.anchor", digest=shown(last.digest))] if last else []


def shown(digest: str) -> str:
    """A digest as it is printed: twelve hex digits in groups of four."""
    return " ".join(digest[start : start + _GROUP] for start in range(0, _SHOWN, _GROUP))
