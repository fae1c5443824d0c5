"""公历还是农历: a day that both calendars fit (十月十一) is asked about once; the visits or the case keep the answer.

Until then, and where nobody answers, the day of the calendar stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from assistance.audience import holders
from assistance.case import What
from assistance.decision import Decision, Draft, Visit
from assistance.moves import Moves
from handlers import checklist, forms, visiting
from handlers.turn import Turn
from nlp.reading import DateSlot

SOLAR, LUNAR = "公历", "农历"
_SOLAR = re.compile(r"公历|阳历|新历|国历|西历")
_LUNAR = re.compile(r"农历|阴历|老历|旧历|夏历")
_NOT = re.compile(r"不是|不按")
_LONGEST = 14  # characters; longer words tell something of their own


def in_doubt(slot: DateSlot | None) -> dict[str, str]:
    """What a draft keeps of a day that both calendars fit; empty where only one does."""
    if slot is None or not slot.value or not slot.other:
        return {}
    return {"said": slot.span, SOLAR: slot.value, LUNAR: slot.other}


def ask(turn: Turn, about: Sequence[str], data: Mapping[str, Any], before: str) -> Decision:
    """The two days by number. `about`: ids of the visits, or of one case where `data` has `case`."""
    days = {name: date.fromisoformat(str(data[name])) for name in (SOLAR, LUNAR)}
    choices = tuple((f"{name}，就是{day.month}月{day.day}日", f"day:{name}") for name, day in days.items())
    listed = "\n".join(f"{number}. {label}" for number, (label, _) in enumerate(choices, 1))
    draft = Draft("day", about[0], "day", data={**data, "about": list(about)})
    text = f"{before}\n{turn.kit.phrases('which.day', said=data['said'], choices=listed)}"
    labels = tuple(label for label, _ in choices)
    asked = turn.reply_text(text, buttons=(*labels, *forms.buttons(draft)))
    return asked + turn.remember(draft=draft, choices=choices)


def answers(turn: Turn) -> bool:
    """Whether words answer the question; others begin something new, and the day of the calendar stays."""
    return turn.skipped or _chosen(turn) is not None


def _chosen(turn: Turn) -> str | None:
    kind, _, name = (turn.pick(turn.text) or "").partition(":")
    if kind == "day":
        return name
    solar, lunar = _SOLAR.search(turn.text), _LUNAR.search(turn.text)
    if len(turn.text) > _LONGEST or bool(solar) == bool(lunar):
        return None
    return LUNAR if bool(lunar) != bool(_NOT.search(turn.text)) else SOLAR


async def answer_question(turn: Turn, draft: Draft) -> Decision:
    """Keep the day that was chosen; skipped, the calendar's stays."""
    chosen = None if turn.skipped else _chosen(turn)
    said = turn.kit.phrases("form.skipped" if chosen is None else "form.noted")
    day = str(draft.data[LUNAR]) if chosen == LUNAR else None  # the other one stands already
    over = turn.remember(draft=None, choices=())
    if draft.data.get("case"):
        return await _of_case(turn, draft, day) + turn.reply_text(said) + over
    decision, visits = Decision(), list[Visit]()
    for visit_id in draft.data["about"]:
        visit = await turn.work.visits.one(visit_id)
        if visit is None or visit.void:
            continue
        changed = replace(visit, on=date.fromisoformat(day)) if day else visit
        visits.append(changed)
        decision += await visiting.keep(turn, changed, visit) if day else Decision()
    following = checklist.begin(visits[0], opened=bool(draft.data.get("opened"))) if len(visits) == 1 else None
    if following and draft.data.get("checklist"):
        return decision + checklist.ask(turn, following, said)
    return decision + turn.reply_text(said) + over


async def _of_case(turn: Turn, draft: Draft, day: str | None) -> Decision:
    case = await turn.work.cases.for_engine().one(draft.about or "")
    if case is None or not case.open or day is None:
        return Decision()
    moves = Moves(case, turn.now)
    moves.did(What.SUPPLEMENTED, by=turn.person.id, said=turn.said.id, fields=["on"])
    moves.tell(holders(case), "supplemented")
    return moves.done() + Decision(facts=((case.id, {"on": day}),))
