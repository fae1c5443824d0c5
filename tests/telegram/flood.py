"""Many updates at once, in any order, some of them twice, while answers fail: what is lost, doubled or out of order."""

from __future__ import annotations

import asyncio
import itertools
import random
from dataclasses import dataclass
from datetime import timedelta

from botapi import Fault
from sqlalchemy import func, select
from telegram_here import Here
from users import Sent

from storage.tables import inbox

_ANSWERS = {"您慢慢说": "家里有难处", "您说，告谁": "有事要反映", "您问哪一样": "问政策"}  # words of the menu
_FIRST = 9000  # number of the first person


@dataclass(frozen=True)
class Wrong:
    """Messages that are not kept, or kept twice; people who lack an answer or have one out of its turn."""

    lost: int
    doubled: int
    people: int


def trouble(here: Here, luck: random.Random, many: int, slow: float) -> None:
    """Of so many sendings each fails in its way: 500, 429, or taken with an answer that comes too late. Batches of
    updates come in any order, with updates twice and old ones again."""
    here.api.mess = luck
    broken, slower = Fault(500, "no"), Fault(429, "no", {"retry_after": 1})
    kinds = itertools.cycle((broken, slower, Fault(accept=slow), broken, slower))
    waiting = here.api.faults["sendMessage"]
    for fault in itertools.islice(kinds, many):
        waiting.extend([fault, *[None] * luck.randrange(3, 9)])


def flood(here: Here, people: int, each: int, luck: random.Random) -> dict[int, list[str]]:
    """Everybody asks, never the same twice running, so that answers can be told apart; gives who asked what."""
    wrote: dict[int, list[str]] = {_FIRST + person: [] for person in range(people)}
    turns = [person for person in wrote for _ in range(each)]
    luck.shuffle(turns)
    for person in turns:
        last = wrote[person][-1:]
        wrote[person].append(luck.choice([word for word in _ANSWERS.values() if word not in last]))
        here.user(person).say(wrote[person][-1])
    return wrote


async def all_answered(here: Here, wrote: dict[int, list[str]], seconds: float, *, calm: float) -> None:
    """Wait for it. When nothing has moved for a while (longer than a request may take, or somebody's claim would end
    under their hands) the clock is put forward, by less than a sender's claim lasts."""
    still = 0.0
    async with asyncio.timeout(seconds):
        while any(_heard(got) != wrote[person] for person, got in _got(here, wrote).items()):
            before = len(here.api.sent)
            await asyncio.sleep(0.1)
            still = still + 0.1 if len(here.api.sent) == before and not here.api.waiting else 0.0
            if still >= calm:
                still = 0.0
                here.clock.forward(timedelta(seconds=50))  # what was refused is tried again after a while
                here.program.office.wake.set()


async def wrong(here: Here, wrote: dict[int, list[str]]) -> Wrong:
    """What went wrong, once all is answered: 0, 0, 0."""
    async with here.program.store.work() as work:
        kept = dict((await work.inbox._connection.execute(_KEPT)).all())
    expected = sum(map(len, wrote.values()))
    doubled = sum(count - 1 for count in kept.values())
    people = sum(_heard(got) != wrote[person] for person, got in _got(here, wrote).items())
    return Wrong(expected - len(kept), doubled + max(0, len(kept) - expected), people)


_KEPT = select(inbox.c.key, func.count()).where(inbox.c.answered).group_by(inbox.c.key)


def _got(here: Here, wrote: dict[int, list[str]]) -> dict[int, list[Sent]]:
    found: dict[int, list[Sent]] = {person: [] for person in wrote}
    for one in here.api.sent:
        found[one.chat].append(one)
    return found


def _heard(got: list[Sent]) -> list[str]:
    """What was answered, the same answer twice running taken for one."""
    words = [next(word for begin, word in _ANSWERS.items() if one.text.startswith(begin)) for one in got]
    return [word for word, _ in itertools.groupby(words)]
