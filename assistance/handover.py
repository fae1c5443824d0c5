"""交接: what becomes of a case whose handler leaves, or whose desk has nobody left (docs/rules.md A; decisions/0005).

The owner's clock restarts as with every hand-over, the case's clock never does.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from assistance.audience import anybody_at, reach
from assistance.case import Case, Stage, What
from assistance.decision import Decision
from assistance.directory import Directory, Level
from assistance.moves import Moves


def hand_back(
    case: Case, directory: Directory, now: datetime, *, by: str | None, why: Literal["left", "away"]
) -> Decision:
    """The case goes back to its desk, or up at once where nobody is left there; the history says why, and which levels
    were passed. Nothing where it waits for nobody here: closed, or in somebody else's hands.

    While the second person is asked, only the handler is taken off it. `directory` is the one without the leaver.
    """
    if not case.open:
        return Decision()
    moves = Moves(case, now)
    if case.stage is Stage.ASKING:
        if case.handler:
            moves.did(What.RETURNED, by=by, to=case.desk, why=why)
        return moves.done() if moves.events else Decision()
    told: tuple[str, ...] = (case.desk,) if case.desk and anybody_at((case.desk,), case, directory) else ()
    level = desk_level(case.desk) if case.desk else case.level
    if not told:
        reached = reach(level, case, directory)
        for passed in reached.passed:
            moves.did(What.PASSED, to=passed.value, why="nobody")
        told, level = reached.tokens, reached.level
    if not told or (case.handler is None and told[:1] == (case.desk,)):
        return Decision()  # nobody anywhere, or it lies there already
    moves.did(What.RETURNED, by=by, to=told[0], told=told, level=level.value, why=why)
    moves.tell(told, "returned")
    return moves.done()


def desk_level(desk: str) -> Level:
    """The level of the tree that a desk stands at; departments and discipline are the county's."""
    kind = desk.partition(":")[0]
    return Level(kind) if kind in list(Level) else Level.COUNTY
