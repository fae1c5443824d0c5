"""How a case is told to the one who reported it: receipt, who answers, by when; and the line of a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistance.audience import officers_at
from assistance.case import Case, Stage
from assistance.decision import Visit
from assistance.directory import Directory
from assistance.ladder import due_time
from assistance.rulebook import Rulebook
from assistance.worktime import SHANGHAI
from handlers import outside
from handlers.phrases import Phrases, when
from handlers.report import Opened
from handlers.turn import Turn


def opened_reply(turn: Turn, opened: Sequence[Opened]) -> str:
    """What the sender hears when cases opened: one receipt for each, the need before the complaint."""
    lines = [*(_opened_line(turn, one) for one in opened), outside.sentence(turn)]
    return "\n".join(line for line in lines if line)


def _opened_line(turn: Turn, one: Opened) -> str:
    phrases, case = turn.kit.phrases, one.case
    if case.sealed and one.report.code:
        if not case.seen_by:
            return phrases("opened.nobody", receipt=one.report.receipt, code=one.report.code, **turn.kit.numbers)
        return phrases("opened.complaint", receipt=one.report.receipt, code=one.report.code)
    key = "opened.sorting" if case.sorting else f"opened.{'joined' if one.joined else case.kind.value}"
    said = phrases(
        key,
        receipt=one.report.receipt,
        who=who(case, turn.directory, phrases),
        by=when(due_time(case, turn.kit.rulebook)),
        urgent=phrases("opened.urgent", **turn.kit.numbers) if case.grade.value in ("E0", "E1") else "",
    )
    return f"{said}\n{phrases('opened.proxy', code=one.report.code)}" if one.report.code else said


def who(case: Case, directory: Directory, phrases: Phrases) -> str:
    """Who answers for a case now: the handler, else everybody of the desk that owns it, the helper first."""
    handler = directory.persons.get(case.handler or "")
    if handler:
        return handler.name or phrases("who.somebody")
    officers = officers_at((case.desk,), case, directory) if case.desk else ()
    if case.sealed or not officers:
        return phrases("who.county")
    names = "、".join(officer.name for officer in officers[:3] if officer.name)
    place = directory.name_of(officers[0].area)
    department = directory.departments.get(officers[0].department or "")
    return f"{department.called(_day(case)) if department else place}{f'（{names}）' if names else ''}"


def _day(case: Case) -> date:
    """The day of a case: a department is called as it was called then."""
    return case.opened_at.astimezone(SHANGHAI).date()


def status(case: Case, directory: Directory, phrases: Phrases, receipt: str | None = None) -> str:
    """Where a case stands, in a sentence; names nobody where it is sealed."""
    sealed = case.sealed
    state = _state(case)
    if state == "waiting" and not sealed and (up := _climbed_to(case, directory)):
        return phrases("status.climbed", receipt=receipt or case.receipt, who=up)
    return phrases(
        f"status.{state}",
        receipt=receipt or case.receipt,
        who=phrases("who.county") if sealed else who(case, directory, phrases),
        closed=when(case.closed_at),
        since=when(case.accepted_at or case.opened_at),
    )


def _climbed_to(case: Case, directory: Directory) -> str:
    """The name of the level that a case has climbed to while nobody accepted it; empty where it has not."""
    owner = directory.at(case.desk)[:1] if case.desk else ()
    if not owner or owner[0].level.rank >= case.level.rank:
        return ""
    return directory.name_of(directory.above(case.village or case.town or case.county, case.level))


def _state(case: Case) -> str:
    match case.stage:
        case Stage.CLOSED | Stage.WITHDRAWN:
            return "closed"
        case Stage.ASKING:
            return "withdrawing" if case.withdrawn else "asking"
        case _:
            return "working" if case.acted_at else "accepted" if case.handler else "waiting"


def line(case: Case, turn: Turn, *, name: str | None = None) -> str:
    """One case in a list: 回执号, grade, place, stage and due time; no name but for those who go there."""
    place = turn.directory.name_of(case.village or case.town or case.county)
    return turn.kit.phrases(
        "list.line",
        receipt=case.receipt,
        grade=case.grade.value,
        place=place,
        topic=case.topic,
        name=name or "",
        stage=case.stage.value,
        due=due(case, turn.kit.rulebook, turn.kit.phrases),
    )


def due(case: Case, rulebook: Rulebook, phrases: Phrases) -> str:
    """The next time limit of an open case; nothing for a closed one."""
    moment = due_time(case, rulebook)
    return phrases("list.due", due=when(moment)) if moment else ""


def visit_reply(turn: Turn, visit: Visit, opened: Sequence[Opened], handled: Case | None) -> str:
    """What the visitor hears: the visit is kept, and what came of it."""
    day = f"{visit.on.month}月{visit.on.day}日" if visit.on else turn.kit.phrases("visit.some_day")
    lines = [turn.kit.phrases("visit.kept", day=day, head=visit.head or "")]
    if turn.reading.problems:
        lines.append(turn.kit.phrases("visit.problems", fields="、".join(turn.reading.problems)))
    if handled:
        lines.append(turn.kit.phrases("visit.progress", receipt=handled.receipt))
    lines.append(opened_reply(turn, opened))
    return "\n".join(line for line in lines if line)
