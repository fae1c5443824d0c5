"""Several workers and a network that is slow: nobody gets a message twice because somebody was slow with it."""

from __future__ import annotations

from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from village import Village

from assistance.decision import Decision, Notice
from assistance.ports import Stale
from assistance.post import Letter
from bot.engine import tick
from handlers.send import send

CROWD = ("zhou", "wang", "zhao", "liu", "sun")


async def test_a_slow_sender_leaves_the_rest_alone(place: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each message takes the network 20 seconds. After half a minute the sender stops, because another may soon take
    over what it holds; who comes a minute later sends the rest, and everybody has heard once."""
    notices = tuple(Notice(f"person:{who}", f"news#{who}", text="明天八点开会") for who in CROWD)
    async with place.program.store.work() as work:
        await work.save(Decision(notices=notices), {}, place.clock.now)
    place.hush()
    office = place.program.office
    quick = office.channels["web"].deliver

    async def slow(letter: Letter) -> None:
        place.clock.wind(place.clock.now + timedelta(seconds=20))
        await quick(letter)

    monkeypatch.setattr(office.channels["web"], "deliver", slow)
    assert await send(office, place.clock.now) == 2
    assert await send(office, place.clock.now) == 0
    place.clock.wind(place.clock.now + timedelta(minutes=1))
    assert await send(office, place.clock.now) == 2
    place.clock.wind(place.clock.now + timedelta(minutes=1))
    assert await send(office, place.clock.now) == 1
    assert Counter(who for who in CROWD for _ in place.heard(who)) == Counter(CROWD)


async def test_a_worker_in_anothers_way_goes_on_with_its_next_round(place: Village) -> None:
    """A deadlock that the database breaks up ends the round, not the engine."""
    told: list[str] = []
    office = place.program.office

    class InTheWay:
        @asynccontextmanager
        async def work(self) -> Any:
            raise Stale("two units of work stood in each other's way")
            yield

    blocked = replace(office, store=InTheWay(), log=lambda event, **_: told.append(event))  # type: ignore[arg-type]
    await tick(blocked, place.program.intake)
    assert told == ["round_again"]
    await tick(office, place.program.intake)
