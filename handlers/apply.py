"""The one commit: whatever was decided, by a message or by a passed limit, is written here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from assistance.decision import Decision, Notice
from assistance.ladder import due_time
from assistance.ports import Work
from assistance.rulebook import Rulebook
from handlers.ledger_daily import put_back
from handlers.notices import NEWS_ONLY


async def apply(decision: Decision, work: Work, rulebook: Rulebook, now: datetime) -> Mapping[str, datetime | None]:
    """Write events, states with their due times, words and notices in the unit of work's one transaction. Gives the
    due times."""
    decision = await put_back(decision, work, now)
    due = {case.id: due_time(case, rulebook) for case in decision.cases}
    notices = tuple(_watched(_held_back(notice, rulebook, now)) for notice in decision.notices)
    await work.save(replace(decision, notices=notices), due, now)
    return due


def _held_back(notice: Notice, rulebook: Rulebook, now: datetime) -> Notice:
    """Quiet hours hold a message back until morning; E0, E1 and replies pass (docs/rules.md C)."""
    if notice.urgent or notice.kind == "reply" or notice.not_before:
        return notice
    return replace(notice, not_before=rulebook.quiet_until(now))


def _watched(notice: Notice) -> Notice:
    """What is urgent and told to a desk must be opened by somebody there; news of what others do need not be."""
    to_a_desk = notice.to.partition(":")[0] not in ("person", "reporters")
    asks = notice.kind == "notice" and notice.case is not None and notice.phrase not in NEWS_ONLY
    return replace(notice, watched=True) if notice.urgent and to_a_desk and asks else notice
