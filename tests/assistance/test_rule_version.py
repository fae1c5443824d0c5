"""The rule version is frozen on the case: a pack that changes moves no limit of what is already open (rules 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
from cast_here import DIRECTORY, RULES, Play, at, open_

from assistance.case import Grade
from assistance.climb import fall_due
from assistance.ladder import due_time
from assistance.rulebook import Limit, Rulebook
from regions.read import read_pack
from regions.source import PackError

T0 = at("2026-11-19 09:00")
HERE = Path(__file__).resolve().parents[2] / "regions" / "yicheng"


def quicker(rules: Rulebook, version: str, **earlier: Rulebook) -> Rulebook:
    """A pack in which an E3 is accepted within an hour."""
    ladder = rules.ladders[Grade.E3]
    steps = tuple(replace(step, limit=Limit(1, "h")) if step.id == "accept:0" else step for step in ladder.steps)
    ladders = {**rules.ladders, Grade.E3: replace(ladder, steps=steps)}
    return replace(rules, version=version, ladders=ladders, earlier=earlier)


def test_an_open_case_keeps_the_limits_it_opened_with() -> None:
    case = open_("E3", T0).cases[0]
    later = quicker(RULES, "2027", **{RULES.version: RULES})
    assert due_time(case, later) == due_time(case, RULES) == at("2026-11-20 09:00")
    assert not fall_due(case, later, DIRECTORY, at("2026-11-19 12:00")).events


def test_a_case_opened_later_has_the_new_limits() -> None:
    later = quicker(RULES, "2027", **{RULES.version: RULES})
    case = replace(open_("E3", T0).cases[0], rules="2027")
    assert due_time(case, later) == at("2026-11-19 10:00")


def test_a_version_that_nobody_kept_falls_back_to_today_s() -> None:
    case = replace(open_("E3", T0).cases[0], rules="long ago")
    assert due_time(case, RULES) == at("2026-11-20 09:00")


def test_a_grade_that_the_old_version_did_not_know_has_today_s_ladder() -> None:
    old = RULES.earlier["yicheng-2026-1"]
    assert Grade.C3 not in old.ladders
    case = replace(open_("C3", T0).cases[0], rules=old.version)
    assert RULES.ladder(case) == RULES.ladders[Grade.C3]


def test_a_breach_names_the_version_it_was_one_under(play: Play) -> None:
    play.open("E3", T0)
    play.wind(at("2026-11-20 09:00"))
    assert play.case.breaches[0].rules == play.case.rules == RULES.version


def test_the_shipped_pack_keeps_the_version_before() -> None:
    old = RULES.earlier["yicheng-2026-1"]
    assert old.rerouting == ()
    assert old.ladders[Grade.E3] == RULES.ladders[Grade.E3]
    assert old.calendar is RULES.calendar


def test_the_same_version_twice_is_refused_when_the_pack_is_read(tmp_path: Path) -> None:
    """Whoever changes a number and forgets the version is told so."""
    pack = tmp_path / "pack"
    copytree(HERE, pack)
    kept = pack / "earlier" / "again.toml"
    kept.write_text((pack / "earlier" / "yicheng-2026-1.toml").read_text("utf-8").replace("2026-1", "2026-2"), "utf-8")
    with pytest.raises(PackError, match="version"):
        read_pack(str(pack), date(2026, 11, 20))


def test_a_calendar_without_work_ahead_is_refused_when_the_pack_is_read(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    copytree(HERE, pack)
    off = ", ".join(f"2027-{month:02d}-{day:02d}" for month in range(1, 5) for day in range(1, 29))
    calendar = pack / "calendar.toml"
    more = "2027-01-29, 2027-01-30, 2027-01-31, 2027-03-29, 2027-03-30, 2027-03-31"
    calendar.write_text(calendar.read_text("utf-8").replace("off = []", f"off = [{off}, {more}]", 1), "utf-8")
    with pytest.raises(PackError, match="60 days"):
        read_pack(str(pack), date(2027, 1, 1))
