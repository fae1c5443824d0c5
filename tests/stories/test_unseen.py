"""Delivered is not seen (docs/rules.md J): what is urgent and unopened goes to the duty roster and the alarm hook."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scenarios import CAST, play
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
    """Who is on duty for the village is told with the case, who had it on the phone already is not; the hook learns
    ids only."""
    assert "石门东村" in await place.says("zhao", "今天石门东村值班 赵伟")
    place.phones.unseen = {"zhou", "wang", "zhao"}
    await place.says("li", NEED)
    place.hush()
    await place.later(minutes=2)
    assert (bell.rung, place.heard("zhao")) == ([], [])
    await place.later(minutes=1)

    (case,) = await place.cases()
    ((event, ids),) = bell.rung
    assert (event, ids["case"], ids["level"], ids["duty"]) == ("unseen", case.id, "village", "zhao")
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in repr(ids))
    assert [case.receipt in text for text in place.heard("zhao")] == [True]
    assert place.heard("zhou") + place.heard("wang") == []
    await place.presses("zhao", "接单")


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


async def test_a_phone_that_has_it_already_is_not_told_again(place: Village, bell: Bell) -> None:
    """On duty is who was told with everybody else: the hook rings, the phone stays as it is."""
    await place.says("wang", "今天值班 周敏")
    await place.later(minutes=1)
    place.phones.unseen = {"zhou", "wang"}
    await place.says("li", NEED)
    place.hush()
    await place.later(minutes=5)

    assert place.heard("zhou") == []
    assert [ids["duty"] for _, ids in bell.rung] == [""]


async def test_the_roster_never_calls_whom_the_case_is_kept_from(place: Village, bell: Bell) -> None:
    """The accused is on duty: neither their phone nor the hook's ids tell of a need beside the accusation."""
    await place.says("zhao", "今天石门东村值班 赵伟")
    place.phones.unseen = {"wang", "zhou", "zhao"}
    await place.says("li", f"{NEED}，镇干部赵伟还扣了俺家的补助款")
    place.hush()
    await place.later(minutes=5)

    assert place.heard("zhao") == []
    assert bell.rung
    assert all("zhao" not in ids["duty"] for _, ids in bell.rung)


# --- the county's digest, and scenarios ---


async def test_the_county_reads_in_the_evening_who_cannot_be_reached(place: Village) -> None:
    """Somebody who never signed in, somebody away without a deputy and a desk with nobody; others read nothing of it."""
    await place.says("zhao", "邀请 高远山 网格员 石门东村")
    await place.says("qi", "请假三天")
    await place.says("qi", "跳过")
    await place.until("2026-11-19T18:05")

    digest = place.heard("sun", "digest")[-1]
    assert "石门东村高远山" in digest
    assert "贾泉村祁红" in digest
    assert "今晚没有人在：贾泉村" in digest
    assert "高远山" not in "".join(place.heard("zhao", "digest") + place.heard("ji", "digest"))


async def test_with_everybody_there_the_digest_says_nothing_of_it(place: Village) -> None:
    """Nobody missing, nothing urgent, no roster kept: not a word."""
    await place.until("2026-11-19T18:05")

    (digest,) = place.heard("sun", "digest")
    assert "今晚" not in digest
    assert "没有要报的事" in digest


async def test_a_missing_roster_is_told_where_something_urgent_is_open(place: Village) -> None:
    """The county reads which desks have nobody on duty tonight."""
    await place.says("wang", "今晚值班 周敏")
    await place.says("li", NEED)
    await place.until("2026-11-19T18:05")

    line = next(line for line in place.heard("sun", "digest")[-1].splitlines() if "没排值班" in line)
    assert "贾泉村" in line and "石门东村" not in line


async def test_a_scenario_may_say_that_a_phone_is_not_opened() -> None:
    """`"seen": false` in the cast: the alarm stands in the history; without it nothing does."""
    asleep = {**CAST, **{name: {**CAST[name], "seen": False} for name in ("zhou", "wang")}}
    for cast, alarmed in ((CAST, False), (asleep, True)):
        played = await play(("09:00", "xu", NEED), ("09:10", "", ""), cast=cast)
        events = [(event["what"], event["to"]) for event in played.cases[0]["events"]]
        assert (("alarmed", "village") in events) is alarmed
