"""Cases, notices and reports as JSON and back.

JSON has no times, sets or exact numbers: those are written as `{"~date": …}` and the like. Tuples come back as lists
except in fields whose type is known here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from assistance.case import Breach, Case, Grade, Kind, Stage
from assistance.decision import Conversation, Draft
from assistance.directory import Level

_TAGS: Mapping[str, Callable[[Any], Any]] = {
    "~time": datetime.fromisoformat,
    "~date": date.fromisoformat,
    "~exact": Decimal,
    "~set": frozenset,
}


def to_json(value: Any, *, ordered: bool = False) -> str:
    """Compact JSON; `ordered` gives equal values one spelling. Raises `TypeError` for what could not be read back."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_tagged, sort_keys=ordered)


def from_json(text: str) -> Any:
    """The value of `to_json`."""
    return json.loads(text, object_hook=_untagged)


def _tagged(value: Any) -> Any:
    match value:
        case datetime():
            return {"~time": value.isoformat()}
        case date():
            return {"~date": value.isoformat()}
        case Decimal():
            return {"~exact": str(value)}
        case set() | frozenset():
            return {"~set": sorted(value)}
        case Mapping():
            return dict(value)
    raise TypeError(f"cannot be kept as JSON: {type(value).__name__}")


def _untagged(found: dict[str, Any]) -> Any:
    if len(found) == 1:
        ((tag, value),) = found.items()
        if tag in _TAGS:
            return _TAGS[tag](value)
    return found


_CASE = {field.name for field in fields(Case)}
_CASE_TYPES: Mapping[str, Callable[[Any], Any]] = {
    "kind": Kind,
    "grade": Grade,
    "stage": Stage,
    "level": Level,
    "told": tuple,
    "bars": tuple,
    "co": tuple,
    "lowering": lambda grade: Grade(grade) if grade else None,
    "breaches": lambda kept: tuple(Breach(**one) for one in kept),
}


def case_out(case: Case) -> dict[str, Any]:
    """Every field of the folded case: ids, codes and times."""
    return {name: getattr(case, name) for name in _CASE} | {"breaches": [asdict(one) for one in case.breaches]}


def case_in(state: Mapping[str, Any]) -> Case:
    """The case of `case_out`; a field that this version no longer knows is left out, a new one takes its default."""
    known = {name: value for name, value in state.items() if name in _CASE}
    for name, make in _CASE_TYPES.items():
        if name in known:
            known[name] = make(known[name])
    return Case(**known)


def conversation_out(conversation: Conversation) -> dict[str, Any]:
    """Everything but the person, who is the row's key."""
    return {
        "draft": _draft_out(conversation.draft) if conversation.draft else None,
        "waiting": [_draft_out(draft) for draft in conversation.waiting],
        "case": conversation.case,
        "visit": conversation.visit,
        "said": conversation.said,
        "choices": conversation.choices,
    }


def conversation_in(person: str, kept: Mapping[str, Any]) -> Conversation:
    """The conversation of `conversation_out`."""
    return Conversation(
        person=person,
        draft=_draft_in(kept["draft"]) if kept["draft"] else None,
        waiting=tuple(_draft_in(draft) for draft in kept["waiting"]),
        case=kept["case"],
        visit=kept["visit"],
        said=kept.get("said"),  # unknown to the versions before 0003
        choices=tuple((label, value) for label, value in kept["choices"]),
    )


def _draft_out(draft: Draft) -> dict[str, Any]:
    return {field.name: getattr(draft, field.name) for field in fields(Draft)}


def _draft_in(kept: Mapping[str, Any]) -> Draft:
    return Draft(**{**kept, "queue": tuple(kept["queue"])})
