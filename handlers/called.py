"""Which officer is meant by a name in a command: 张三, 后马寨村张三."""

from __future__ import annotations

from collections.abc import Callable

from assistance.decision import Decision
from assistance.directory import Person
from handlers.enrol import place_of
from handlers.turn import Turn


def officers_called(turn: Turn, words: str) -> list[Person]:
    """Serving officers of that name; a place before it tells apart those who share one."""
    found = []
    for officer in turn.directory.officers():
        name = officer.name or ""
        if not name or not words.endswith(name):
            continue
        before = words.removesuffix(name).strip(" 的")
        if not before or before in place_of(officer, turn) or place_of(officer, turn) in before:
            found.append(officer)
    return found


def the_one(turn: Turn, words: str, allowed: Callable[[Person], bool]) -> Person | Decision | None:
    """The one officer who is meant and whom the speaker may decide about; else what to answer. None where nobody is
    called so: then the words are no command."""
    called = officers_called(turn, words)
    if not called:
        return None
    mine = [officer for officer in called if allowed(officer)]
    if not mine:
        return turn.reply("staff.not_yours", name=called[0].name or "")
    if len(mine) > 1:
        places = "、".join(place_of(officer, turn) for officer in mine)
        return turn.reply("staff.several", name=mine[0].name or "", places=places)
    return mine[0]
