"""Delivered is not seen (docs/rules.md J): what is urgent and unopened goes to the duty roster and the alarm hook."""

from __future__ import annotations

from dataclasses import replace

import pytest
from village import Village

NEED = "俺娘住院交不上押金还差八千大夫说明天就停药"  # E1
DANGER = "俺不想活了，药都准备好了"  # E0: village and town
ILLNESS = "俺对象得了大病，看病花了不少钱，家里现在紧巴"  # E2, E3


class Bell:
    """A telephone that notes what it was rung with."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, dict[str, str]]] = []

    async def ring(self, event: str, **ids: str) -> None:
        self.rung.append((event, ids))


@pytest.fixture
def bell(place: Village, monkeypatch: pytest.MonkeyPatch) -> Bell:
    """The hook of the village's program."""
    hung = Bell()
    office = replace(place.program.office, bell=hung)
    monkeypatch.setattr(place, "program", replace(place.program, office=office))
    return hung


async def test_what_nobody_opened_after_three_minutes_goes_to_the_duty_roster(place: Village, bell: Bell) -> None:
    """The colleague on duty who had not been told is told; the hook learns ids only."""
    place.phones.unseen = {"zhou"}
    await place.says("zhao", "王建国请假三天 由周敏代")
    await place.says("wang", "销假")
    await place.says("wang", "今晚值班 王建国")
    place.phones.unseen = {"zhou", "wang"}
    await place.says("li", NEED)
    await place.later(minutes=2)
    assert bell.rung == []
    await place.later(minutes=1)

    ((event, ids),) = bell.rung
    (case,) = await place.cases()
    assert (event, ids["case"], ids["level"]) == ("unseen", case.id, "village")
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in repr(ids))


async def test_somebody_of_the_level_opening_it_is_enough(place: Village, bell: Bell) -> None:
    """One of two colleagues has opened it: no alarm."""
    place.phones.unseen = {"zhou"}
    await place.says("li", NEED)
    await place.later(minutes=10)

    assert bell.rung == []


async def test_each_level_is_looked_after_for_itself(place: Village, bell: Bell) -> None:
    """A danger is told to village and town; the town opened it, the village did not: the village is rung for."""
    place.phones.unseen = {"zhou", "wang"}
    await place.says("li", DANGER)
    await place.later(minutes=3)

    assert [ids["level"] for _, ids in bell.rung] == ["village"]


async def test_whoever_answers_or_takes_it_has_opened_it(place: Village, bell: Bell) -> None:
    """A word from one of the phones counts as opened."""
    place.phones.unseen = {"zhou", "wang"}
    await place.says("li", NEED)
    await place.presses("zhou", "接单")
    await place.later(minutes=10)

    assert bell.rung == []


async def test_it_is_rung_once(place: Village, bell: Bell) -> None:
    """The same unopened notice rings once, and the next step of the ladder for its own level."""
    place.phones.unseen = {"zhou", "wang", "zhao"}
    await place.says("li", NEED)
    await place.later(hours=3)

    assert [ids["level"] for _, ids in bell.rung] == ["village", "town"]


async def test_what_is_not_urgent_rings_nobody(place: Village, bell: Bell) -> None:
    """E2 and below wait for their limits."""
    place.phones.unseen = {"zhou", "wang"}
    await place.says("li", ILLNESS)
    await place.later(hours=1)

    assert bell.rung == []


async def test_the_officer_on_duty_from_another_desk_is_told_with_the_case(place: Village, bell: Bell) -> None:
    """On duty at the town is who was not at work when it climbed; they get the case with its buttons."""
    code = (await place.says("sun", "邀请 高远山 副镇长 峨山镇")).partition("登录码：")[2][:8]
    await place.says("山", f"登录 {code}")
    await place.says("sun", "今晚值班 高远山")
    await place.says("山", "今天值班 高远山")
    place.phones.unseen = {"zhou", "wang", "zhao", "山"}
    await place.says("li", DANGER)
    await place.later(minutes=3)

    assert {ids["level"] for _, ids in bell.rung} == {"village", "town"}
    town = next(ids for _, ids in bell.rung if ids["level"] == "town")
    assert town["duty"] == "", "the one on duty has it on that phone already"


async def test_the_roster_never_calls_whom_the_case_is_kept_from(place: Village, bell: Bell) -> None:
    """The accused is on duty: neither their phone nor the hook's ids tell of a need beside the accusation."""
    await place.says("wang", "今天值班 周敏")
    place.phones.unseen = {"wang"}
    await place.says("li", f"{NEED}，网格员周敏还扣了俺家的补助款")
    place.hush()
    await place.later(minutes=5)

    assert place.heard("zhou") == []
    assert all("zhou" not in ids["duty"] for _, ids in bell.rung)
