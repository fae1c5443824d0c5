"""`jishiyu understand`: the reading alone, line by line (docs/interfaces.md 1). The pack's roster is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import IO, Any, cast

from assistance.directory import Directory
from bot.clock import real_clock
from bot.jsonlines import Lines
from bot.readers import gazetteer
from nlp.gazetteer import Context, Role
from nlp.reading import AmountSlot, DateSlot, PeopleSlot, Reading, Slots
from nlp.understand import Reader
from regions.read import read_pack

_ROLES = ("resident", "cadre", "supervisor")


def understand_lines(source: Iterable[str], out: IO[str], region: str) -> bool:
    """One reading for each line, in order; True when no error line was written."""
    pack = read_pack(region, real_clock().date())
    reader = Reader(gazetteer(pack, Directory(pack.areas, pack.departments)))
    lines = Lines(out)
    for number, line in lines.read(source):
        try:
            text, context = _question(line)
        except ValueError as error:
            lines.error(number, str(error))
            continue
        lines.write({"id": line.get("id"), **reading_out(reader.understand(text, context))})
    return not lines.failed


def _question(line: Mapping[str, Any]) -> tuple[str, Context]:
    text, role = line.get("text"), line.get("role", "resident")
    if not isinstance(text, str):
        raise ValueError("`text` is missing")
    if role not in _ROLES:
        raise ValueError(f"`role` must be one of {', '.join(_ROLES)}")
    sent = line.get("sent_at")
    try:
        now = datetime.fromisoformat(sent) if sent else real_clock()
    except (TypeError, ValueError):
        raise ValueError("`sent_at` must be an ISO time with its zone") from None
    if now.tzinfo is None:
        raise ValueError("`sent_at` must carry its time zone")
    return text, Context(now=now, role=cast("Role", role))


def reading_out(reading: Reading) -> dict[str, Any]:
    """A reading as docs/interfaces.md writes it."""
    return {
        "intent": reading.intent.value,
        "confidence": round(reading.confidence, 3),
        "also": [intent.value for intent in reading.also],
        "slots": slots_out(reading.slots),
        "urgency": reading.urgency,
        "negated": reading.negated,
        "anonymous": reading.anonymous,
        "blame": round(reading.blame, 3),
        "why": list(reading.why),
        "ask": [intent.value for intent in reading.ask] if reading.ask else None,
        "signals": sorted(signal.value for signal in reading.signals),
    }


def slots_out(slots: Slots) -> dict[str, Any]:
    """Only what was found; spans as they stand in the message."""
    found: dict[str, Any] = {
        "household": slots.household,
        "village": slots.village,
        "town": slots.town,
        "date": _span(slots.date),
        "amount": _span(slots.amount),
        "people": _span(slots.people),
        "phone": slots.phone,
        "cause": slots.cause,
        "topic": slots.topic,
        "accused": slots.accused.span if slots.accused else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _span(slot: DateSlot | AmountSlot | PeopleSlot | None) -> dict[str, Any] | None:
    if slot is None:
        return None
    return {"span": slot.span, "value": float(slot.value) if isinstance(slot.value, Decimal) else slot.value}
