"""The last line of a replay: every case and every visit as they stand at the end (docs/interfaces.md 2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from assistance.case import Case, Event
from assistance.directory import Directory
from assistance.ladder import due_time
from assistance.ports import Work
from assistance.rulebook import Rulebook
from regions.pack import Pack


async def final_state(work: Work, pack: Pack, rulebook: Rulebook) -> dict[str, Any]:
    """Cases with their histories, and visits, oldest first."""
    cases = work.cases.for_engine()
    directory = await work.people.directory()
    found = [await _case(work, case, directory, pack, rulebook) for case in await cases.all()]
    visits = [
        {
            "household": visit.head,
            "village": directory.name_of(visit.village) or None,
            "by": visit.by,
            "on": visit.on.isoformat() if visit.on else None,
            "findings": visit.findings,
        }
        for visit in await work.visits.all()
        if not visit.void
    ]
    return {"final": True, "cases": found, "visits": visits}


async def _case(work: Work, case: Case, directory: Directory, pack: Pack, rulebook: Rulebook) -> dict[str, Any]:
    engine = work.cases.for_engine()
    words = await engine.words(case)
    local = rulebook.calendar.zone

    def shown(moment: datetime | None) -> str | None:
        return moment.astimezone(local).isoformat() if moment else None

    department = pack.departments.get(case.lead or "")
    return {
        "case": case.receipt,
        "kind": case.kind.value,
        "grade": case.grade.value,
        "topic": case.topic,
        "village": directory.name_of(case.village) or None,
        "town": directory.name_of(case.town) or None,
        "household": words.facts.get("household"),
        "stage": case.stage.value,
        "level": case.level.value,
        "lead": department.called(case.opened_at.astimezone(local).date()) if department else None,
        "handler": case.handler,
        "sealed": case.sealed,
        "opened_at": shown(case.opened_at),
        "due_at": shown(due_time(case, rulebook)),
        "closed_at": shown(case.closed_at),
        "unconfirmed": case.unconfirmed,
        "reports": case.reports,
        "receipts": [report.receipt for report in await work.cases.reporters(case.id)],
        "facts": {name: value for name, value in words.facts.items() if name != "reporter"},
        "events": [_event(event, directory, shown(event.at)) for event in await engine.history(case.id)],
    }


def _event(event: Event, directory: Directory, at: str | None) -> dict[str, Any]:
    kind, _, code = (event.to or "").partition(":")
    department = directory.departments.get(code)
    to = (department.name if department else kind) if code else event.to
    return {"at": at, "what": event.what.value, "by": event.by, "to": to}
