"""How the ledger (台账) reads: a line a household, and one household with all its columns."""

from __future__ import annotations

from datetime import datetime, timedelta

from assistance.directory import Level
from assistance.ledger import Entry, State
from handlers.kit import Kit
from handlers.notices import masked_name
from handlers.phrases import when
from handlers.turn import Turn

_NEXT = {
    State.CHECKED: "checked", State.READY: "ready", State.POSTED: "posted", State.ANNOUNCED: "announced",
    State.STOPPED: "stopped", State.WATCHED: "watched", State.LEFT: "left",
}  # fmt: skip


async def name_of(turn: Turn, entry: Entry) -> str:
    """The head's name for those who go there, masked above the town (domain G8)."""
    known = turn.directory.households.get(entry.household)
    name = known.head if known and not entry.erased else str((await turn.work.ledger.words(entry.id)).get("head") or "")
    return name if turn.person.level in (Level.VILLAGE, Level.TOWN) else masked_name(name)


async def line(turn: Turn, entry: Entry) -> str:
    """编号, household, class, state, since when, the next step and its day."""
    return turn.kit.phrases(
        "ledger.line",
        number=entry.number,
        place=turn.directory.name_of(entry.village or entry.town or entry.county),
        name=await name_of(turn, entry),
        risk=f"{entry.risk}类" if entry.risk else turn.kit.phrases("ledger.no_class"),
        state=entry.state.value,
        since=day(entry.step_since),
        next=next_step(turn, entry),
    )


def next_step(turn: Turn, entry: Entry) -> str:
    """What comes next, and from which day."""
    phrases = turn.kit.phrases
    if entry.state is State.HELPED:
        return phrases("ledger.next.helped" if entry.risk else "ledger.next.class")
    over = entry.step_at is not None and entry.step_at <= turn.now
    key = f"ledger.next.{_NEXT[entry.state]}{'_over' if over else ''}"
    last = day(entry.step_at - timedelta(minutes=1)) if entry.step_at else ""
    return phrases(key, until=last, left=len(entry.open_blocks))


async def detail(turn: Turn, entry: Entry) -> str:
    """One household with the columns of the ledger (docs/domain.md D1), as far as we have them."""
    directory, words = turn.directory, await turn.work.ledger.words(entry.id)
    helper = directory.households.get(entry.household)
    person = directory.persons.get(helper.helper or "") if helper else None
    offices = (directory.departments.get(one) for one in (entry.lead or "", *entry.co))
    departments = [office.name for office in offices if office]
    verifier = directory.persons.get(entry.verified_by)
    measures = words.get("measures") or ()
    rows = {
        "found": f"{day(entry.found_at)} {entry.source or ''}",
        "kind": entry.kind or "",
        "members": str(entry.members or ""),
        "cause": entry.cause or "",
        "grade": entry.grade,
        "verified": f"{verifier.name if verifier and verifier.name else ''} {day(entry.since)} {entry.result}",
        "desks": "、".join(departments),
        "helper": person.name if person and person.name else "",
        "measures": "；".join(str(one["words"]) for one in measures) or (str(entry.measures) if entry.measures else ""),
        "yuan": str(entry.yuan or ""),
        "hint": said_hint(turn.kit, entry) if not entry.risk else "",
    }
    told = [turn.kit.phrases(f"ledger.column.{name}", value=value.strip()) for name, value in rows.items() if value]
    return "\n".join([await line(turn, entry), *told])


def said_hint(kit: Kit, entry: Entry) -> str:
    """The machine's hint with its reasons, told as a hint."""
    risk, *why = entry.hint or ("C",)
    return kit.phrases("ledger.hint", risk=risk, why="、".join(why) or kit.phrases("ledger.no_sign"))


def day(moment: datetime | None) -> str:
    """11月19日."""
    return when(moment).partition(" ")[0]
