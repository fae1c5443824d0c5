"""When personal words may go, as tables (docs/domain.md G9)."""

from __future__ import annotations

from datetime import datetime

import pytest
from cast_here import CAST, DIRECTORY, RULES, C, J, V, without

from assistance import erasing
from assistance.case import Case, Grade, Kind, Stage, What
from assistance.decision import Decision
from assistance.work import Refused
from assistance.worktime import SHANGHAI

CLOSED = datetime(2026, 11, 19, 9, 0, tzinfo=SHANGHAI)
NEED, SECRET = (Kind.HARDSHIP, Grade.E2, False), (Kind.COMPLAINT, Grade.C2, True)


def closed(what: tuple[Kind, Grade, bool] = NEED, **more: object) -> Case:
    kind, grade, sealed = what
    fields = {
        "id": "c1", "receipt": "31234567", "kind": kind, "grade": grade, "sealed": sealed, "topic": "住房",
        "cause": None, "opened_at": CLOSED, "rules": "1", "county": CAST["sun"].area, "stage": Stage.CLOSED,
        "closed_at": CLOSED, "seen_by": frozenset({V, C, J}), "seq": 5,
    }  # fmt: skip
    return Case(**{**fields, **more})


@pytest.mark.parametrize(
    ("what", "day", "over"),
    [
        (NEED, "2029-11-19", False),
        (NEED, "2029-11-20", True),
        (SECRET, "2029-11-20", False),
        (SECRET, "2036-11-19", False),
        (SECRET, "2036-11-20", True),
    ],
)
def test_how_long_words_are_kept(what: tuple[Kind, Grade, bool], day: str, over: bool) -> None:
    """A need three years after it closed, a complaint ten; then they are over, never before."""
    now = datetime.fromisoformat(day).replace(tzinfo=SHANGHAI)
    assert erasing.is_over(closed(what), RULES, now) is over
    assert (erasing.refusal(closed(what), RULES, now) is None) is over


def test_photos_are_kept_for_a_year() -> None:
    """Photos and voice notes may go earlier than the words."""
    assert not erasing.photos_over(closed(), RULES, CLOSED.replace(year=2027))
    assert erasing.photos_over(closed(), RULES, CLOSED.replace(year=2027, day=20))


@pytest.mark.parametrize(
    ("case", "why"),
    [
        (closed(stage=Stage.WORKING, closed_at=None), "erase_open"),
        (closed(stage=Stage.ASKING, closed_at=None), "erase_open"),
        (closed(erased_at=CLOSED), "erased_already"),
        (closed(), "erase_early"),
        (closed(SECRET), "erase_early"),
    ],
)
def test_words_stay(case: Case, why: str) -> None:
    """While it is open, and within its years unless its reporter asked."""
    assert erasing.refusal(case, RULES, CLOSED) == Refused(why)


@pytest.mark.parametrize("what", [NEED, SECRET])
def test_its_reporter_may_ask_at_any_time_after_it_closed(what: tuple[Kind, Grade, bool]) -> None:
    """个人信息保护法 47 条: the wish of who reported counts within the years too."""
    wished = erasing.wish(closed(what), "li", DIRECTORY, CLOSED)
    assert isinstance(wished, Decision)
    assert erasing.refusal(wished.cases[0], RULES, CLOSED) is None
    assert {notice.to for notice in wished.notices} == {C, J}


def test_two_officers_decide() -> None:
    """County or discipline asks, somebody else of them agrees; nobody below, and never the same one twice."""
    case = closed(erase_wished=True)
    for who in ("zhou", "zhao", "min", "shi"):
        assert erasing.ask(case, CAST[who], DIRECTORY, RULES, CLOSED) == Refused("erase_not_yours")
    asked = erasing.ask(case, CAST["sun"], DIRECTORY, RULES, CLOSED)
    assert isinstance(asked, Decision)
    assert all("sun" in notice.minus for notice in asked.notices)
    waiting = asked.cases[0]
    assert erasing.agree(waiting, CAST["sun"], RULES, CLOSED) == Refused("second_person")
    assert erasing.agree(waiting, CAST["zhao"], RULES, CLOSED) == Refused("erase_not_yours")
    agreed = erasing.agree(waiting, CAST["ji"], RULES, CLOSED)
    assert isinstance(agreed, Decision)
    assert agreed.events[0].data["asked_by"] == "sun"
    assert agreed.cases[0].erased_at == CLOSED
    assert erasing.agree(case, CAST["ji"], RULES, CLOSED) == Refused("erase_not_asked")


def test_with_nobody_to_agree_nothing_goes() -> None:
    """One officer alone erases nothing, also when the only other one is kept from the case."""
    case = closed(erase_wished=True)
    assert erasing.ask(case, CAST["sun"], without("ji"), RULES, CLOSED) == Refused("nobody_to_agree")
    kept = closed(erase_wished=True, barred=frozenset({J}))
    assert erasing.ask(kept, CAST["sun"], DIRECTORY, RULES, CLOSED) == Refused("nobody_to_agree")


def test_the_second_may_keep_it() -> None:
    """不删除 ends the question; the wish of the reporter stands and can be taken up again."""
    case = closed(erase_wished=True, erase_by="sun")
    kept = erasing.keep(case, CAST["ji"], CLOSED)
    assert isinstance(kept, Decision)
    assert (kept.cases[0].erase_by, kept.cases[0].erase_wished) == (None, True)
    assert kept.events[0].what is What.ERASE_KEPT
