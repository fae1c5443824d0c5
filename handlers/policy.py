"""政策咨询: answered from the pack with place, year and source, never as a promise; else a case E6 asks a person."""

from __future__ import annotations

import re

from assistance.decision import Decision
from assistance.policy import PolicyRow, answers
from handlers import outside
from handlers.hardship import answer_opened
from handlers.held import hold_blame
from handlers.report import open_cases
from handlers.turn import Turn
from nlp.numbers import parse
from nlp.reading import Signal

_AGE = re.compile(r"([0-9０-９]{1,3}|[一二三四五六七八九十百零两]{1,5})\s*周?岁")


async def answer_policy(turn: Turn) -> Decision:
    """Tell what the pack holds; trouble with a thing or an unknown rule opens a case."""
    rows = answers(turn.text, age_in(turn.text), turn.kit.policies)
    if rows and not turn.reading.says(Signal.THING):
        told = "\n".join(_row(turn, row) for row in rows)
        parts = (told, turn.kit.phrases("policy.caution"), outside.sentence(turn))
        return turn.reply_text("\n".join(part for part in parts if part)) + await hold_blame(turn)
    decision, opened = await open_cases(turn, answered=False)
    return decision + answer_opened(turn, opened)


def _row(turn: Turn, row: PolicyRow) -> str:
    note = turn.kit.phrases("policy.note", note=row.note) if row.note else ""
    return turn.kit.phrases(
        "policy.row",
        name=row.name,
        place=row.place,
        year=row.year,
        amount=row.amount,
        conditions=row.conditions,
        source=row.source,
        note=note,
    )


def age_in(text: str) -> int | None:
    """The age named in a question, in years (八十三岁 is 83)."""
    found = _AGE.search(text)
    span = parse(found.group(1)) if found else None
    return int(span[0]) if span else None
