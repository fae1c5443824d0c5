"""哪个镇的村: what was told of a village whose name several towns have is placed by the answer, and so is its seal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assistance.case import Case
from assistance.decision import Decision, Draft
from assistance.moves import Moves
from assistance.open import bars_there, locate
from assistance.seal import doubt_sight
from handlers import which
from handlers.blamed import blamed_of
from handlers.turn import Turn
from nlp.reading import Match


def in_doubt(turn: Turn) -> Match | None:
    """The village name that has to be asked about; None where a household of the register tells the village."""
    if any(which.settled(match) for match in turn.reading.households):
        return None
    return which.village_in_doubt(turn)


def data_of(turn: Turn, match: Match, cases: Sequence[Case]) -> dict[str, Any]:
    """What the draft keeps of whom the message blames: for each case and each village offered, who would be kept from
    the case and from its held words there. The answer itself blames nobody, so it is settled now."""
    blamed = blamed_of(turn)
    kept = {}
    for code in match.candidates:
        words = doubt_sight(blamed, turn.directory, code).barred if blamed else frozenset[str]()
        kept[code] = {
            "words": sorted(words),
            "open": {case.id: sorted(bars_there(case, blamed, turn.directory, code)) for case in cases},
        }
    return {"villages": kept}


async def place(turn: Turn, draft: Draft, code: str, *, but: str | None = None) -> Decision:
    """The open cases of the message belong to this village from now on, one of them excepted; who is kept from each of
    them there is kept from it in the same step."""
    there = draft.data.get("villages", {}).get(code, {"words": [], "open": {}})
    decision = Decision()
    for case_id, bars in there["open"].items():
        case = await turn.work.cases.for_engine().one(case_id)
        if case is None or not case.open:
            continue
        reports = await turn.work.cases.reporters(case_id)
        held = [one for one in reports if one.by == turn.person.id and one.held]
        decision += Decision(reports=tuple(replace(one, barred=one.barred | frozenset(there["words"])) for one in held))
        if case_id != but:
            moves = Moves(case, turn.now)
            locate(moves, code, turn.directory, bars=frozenset(bars))
            decision += moves.done()
    return decision
