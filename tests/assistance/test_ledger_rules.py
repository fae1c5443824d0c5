"""The ledger's rules as tables: who signs which step when, how days count, what suggests a class, who sees an entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cast_here import CAST, joined_by
from hypothesis import given
from hypothesis import strategies as st

from assistance import ledger_steps as steps
from assistance.case import Case, Grade, Kind
from assistance.directory import Household, Person, Role
from assistance.ledger import BLOCKS, Did, Entry, Line, State, evolve, fold
from assistance.ledger_sight import may_see, signers
from assistance.rulebook import Hint, LedgerRules
from assistance.work import Refused
from assistance.worktime import SHANGHAI

NOW = datetime(2026, 11, 19, 9, 0, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
RULES = LedgerRules(
    hints=(Hint("A", frozenset({"E0", "E1"})), Hint("B", frozenset({"E2", "监测户", "因病"}))), otherwise="C"
)
VILLAGE, TOWN, COUNTY = (CAST[name] for name in ("zhou", "zhao", "sun"))
TOWN_2 = Person("qiao", Role.TOWN, "乔玲", TOWN.area)
DIRECTORY = joined_by(TOWN_2)
PEOPLE = {person.id: person for person in (*CAST.values(), TOWN_2) if person.is_officer}


def need(**more: object) -> Case:
    fields = {
        "id": "c1", "receipt": "31234567", "kind": Kind.HARDSHIP, "grade": Grade.E2, "topic": "住房", "cause": "住房",
        "opened_at": NOW, "rules": "1", "county": COUNTY.area, "village": VILLAGE.area, "town": TOWN.area,
        "household": "h1", "handler": VILLAGE.id,
    }  # fmt: skip
    return Case(**{**fields, **more})


def registered(**more: object) -> Entry:
    return steps.register("T10000", "e1", need(**more), VILLAGE, "属实", None, RULES, NOW).entry


def taken(outcome: steps.Step | Refused) -> Entry:
    assert isinstance(outcome, steps.Step), outcome
    return outcome.entry


def ready() -> Entry:
    entry = taken(steps.ask_exit(registered(), VILLAGE, NOW))
    for block in BLOCKS:
        entry = taken(steps.answer(entry, VILLAGE, block, NOW, holds=False))
    return entry


def posted() -> Entry:
    return taken(steps.post(ready(), TOWN, RULES, SHANGHAI, NOW))


def announced() -> Entry:
    return taken(steps.announce(posted(), TOWN, RULES, SHANGHAI, NOW + 8 * DAY))


def watched() -> Entry:
    return taken(steps.leave(announced(), TOWN, RULES, SHANGHAI, NOW + 14 * DAY))


@pytest.mark.parametrize(
    ("begun", "days", "over"),
    [
        ("2026-11-19 09:00", 7, "2026-11-27"),  # the day itself does not count
        ("2026-11-19 00:00", 7, "2026-11-27"),
        ("2026-11-19 23:59", 7, "2026-11-27"),
        ("2026-12-30 12:00", 5, "2027-01-05"),
    ],
)
def test_the_day_itself_does_not_count(begun: str, days: int, over: str) -> None:
    """公示七天 begins the day after it was put up, whatever the hour."""
    start = datetime.fromisoformat(begun).replace(tzinfo=SHANGHAI)
    assert steps.days_over(start, days, SHANGHAI) == datetime.fromisoformat(over).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("begun", "months", "over"),
    [("2026-12-03", 6, "2027-06-04"), ("2026-08-31", 6, "2027-03-01"), ("2027-08-31", 6, "2028-03-01")],
)
def test_months_end_on_the_same_day_or_the_last(begun: str, months: int, over: str) -> None:
    """Six months after 31 August are over with the last of February."""
    start = datetime.fromisoformat(begun).replace(tzinfo=SHANGHAI)
    assert steps.months_over(start, months, SHANGHAI) == datetime.fromisoformat(over).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("grade", "kind", "cause", "hint"),
    [
        (Grade.E1, "一般户", "因病", ("A", "E1")),
        (Grade.E3, "监测户", "因病", ("B", "监测户", "因病")),
        (Grade.E2, None, "住房", ("B", "E2")),
        (Grade.E4, "一般户", "其他", ("C",)),
    ],
)
def test_the_hint_has_its_reasons(grade: Grade, kind: str | None, cause: str, hint: tuple[str, ...]) -> None:
    """The first row of the table that fits, with every sign that fits it."""
    household = Household("h1", "李秀兰", "v", kind) if kind else None
    assert steps.hint(need(grade=grade, cause=cause), household, RULES) == hint


def test_the_hint_sets_no_class() -> None:
    """Whatever the machine suggests, the class is empty until an officer sets it; then it has a name."""
    entry = registered(grade=Grade.E1)
    assert (entry.hint[0], entry.risk) == ("A", None)
    assert taken(steps.classify(entry, TOWN, "B", NOW)).risk_by == TOWN.id


@pytest.mark.parametrize(
    ("state", "step", "who"),
    [
        (ready, lambda entry, who: steps.post(entry, who, RULES, SHANGHAI, NOW), {"town", "county"}),
        (posted, lambda entry, who: steps.announce(entry, who, RULES, SHANGHAI, NOW + 8 * DAY), {"town", "county"}),
        (announced, lambda entry, who: steps.leave(entry, who, RULES, SHANGHAI, NOW + 14 * DAY), {"town", "county"}),
        (registered, lambda entry, who: steps.ask_exit(entry, who, NOW), {"village", "town"}),
        (registered, lambda entry, who: steps.classify(entry, who, "A", NOW), {"village", "town", "county"}),
    ],
)
def test_who_signs_what(state: object, step: object, who: set[str]) -> None:
    """The village asks, the town and county sign; departments, discipline and city sign nothing."""
    signed = {person.role.value for person in PEOPLE.values() if isinstance(step(state(), person), steps.Step)}
    assert signed == who


@pytest.mark.parametrize(
    ("entry", "step", "early"),
    [
        (posted(), lambda entry, now: steps.announce(entry, TOWN, RULES, SHANGHAI, now), "2026-11-26 23:59"),
        (announced(), lambda entry, now: steps.leave(entry, TOWN, RULES, SHANGHAI, now), "2026-12-02 23:59"),
        (watched(), lambda entry, now: steps.end_watch(entry, TOWN, now), "2027-06-03 23:59"),
    ],
)
def test_no_day_less(entry: Entry, step: object, early: str) -> None:
    """Not a minute before the last day is over."""
    moment = datetime.fromisoformat(early).replace(tzinfo=SHANGHAI)
    assert step(entry, moment) == Refused("too_early")
    assert isinstance(step(entry, moment + timedelta(minutes=1)), steps.Step)


def test_who_asked_does_not_grant() -> None:
    """准予退出 is signed by somebody else than 申请退出."""
    entry = replace(announced(), exit_by=TOWN.id)
    later = NOW + 14 * DAY
    assert steps.leave(entry, TOWN, RULES, SHANGHAI, later) == Refused("not_the_one_who_asked")
    assert isinstance(steps.leave(entry, TOWN_2, RULES, SHANGHAI, later), steps.Step)


@pytest.mark.parametrize("block", BLOCKS)
def test_each_of_the_eight_blocks(block: str) -> None:
    """Any one that holds ends the exit; the household is helped on, and no notice can be put up."""
    entry = taken(steps.ask_exit(registered(), VILLAGE, NOW))
    entry = taken(steps.answer(entry, VILLAGE, block, NOW, holds=True))
    assert (entry.state, entry.block) == (State.HELPED, block)
    assert steps.post(entry, TOWN, RULES, SHANGHAI, NOW) == Refused("not_now")


def test_an_objection_stops_the_days_until_the_town_has_ruled() -> None:
    """While it is stopped nothing can be signed; overruled, the same days count anew; upheld, it is helped on."""
    stopped = taken(steps.object_to(announced(), None, "m1", NOW + 9 * DAY))
    assert steps.leave(stopped, TOWN, RULES, SHANGHAI, NOW + 100 * DAY) == Refused("not_now")
    assert steps.rule_on(stopped, VILLAGE, RULES, SHANGHAI, NOW, upheld=False) == Refused("not_your_step")
    ruled = NOW + 10 * DAY
    again = taken(steps.rule_on(stopped, TOWN, RULES, SHANGHAI, ruled, upheld=False))
    assert (again.state, again.step_at) == (State.ANNOUNCED, steps.days_over(ruled, 5, SHANGHAI))
    assert taken(steps.rule_on(stopped, TOWN, RULES, SHANGHAI, ruled, upheld=True)).state is State.HELPED


@pytest.mark.parametrize("entry", [ready(), posted(), announced(), watched()])
def test_a_new_hardship_puts_the_household_back(entry: Entry) -> None:
    """At every step of the exit and in the watch; nobody has to sign that."""
    step = steps.put_back(entry, need(id="c2"), NOW + 20 * DAY)
    assert step is not None
    assert (step.entry.state, step.lines[0].by) == (State.HELPED, None)


@pytest.mark.parametrize("entry", [registered(), taken(steps.end_watch(watched(), TOWN, NOW + 300 * DAY))])
def test_a_new_hardship_changes_nothing_else(entry: Entry) -> None:
    """Who is helped already is helped on; who left is verified and registered anew by an officer."""
    assert steps.put_back(entry, need(id="c2"), NOW) is None


@pytest.mark.parametrize(
    "case", [need(kind=Kind.COMPLAINT), need(sealed=True), need(household=None)], ids=["complaint", "sealed", "thing"]
)
def test_only_a_household_s_open_need_is_verified(case: Case) -> None:
    """Never a complaint, never a sealed case, never trouble with a thing."""
    assert steps.verify(case, VILLAGE, "属实", NOW) == Refused("no_need")


def test_an_entry_that_is_kept_from_somebody_is_another_one() -> None:
    """A need that the accused is kept from does not join the entry that they see."""
    open_entry, kept = registered(), need(id="c2", barred=frozenset({"person:x"}))
    assert steps.same_household([open_entry], kept) is None
    assert steps.same_household([open_entry], need(id="c3")) == open_entry


def test_who_sees_an_entry() -> None:
    """Village, town, county and city of the household; a department that leads; nobody who is kept from its case."""
    entry = registered()
    sees = {name for name, person in PEOPLE.items() if may_see(person, entry, DIRECTORY)}
    assert sees == {"zhou", "wang", "zhao", "qiao", "sun", "shi"}
    barred = replace(entry, barred=frozenset({f"person:{TOWN.id}", f"village:{VILLAGE.area}"}))
    assert not may_see(TOWN, barred, DIRECTORY)
    assert not may_see(VILLAGE, barred, DIRECTORY)
    assert may_see(TOWN_2, barred, DIRECTORY)
    assert {one.id for one in signers(barred, DIRECTORY)} == {TOWN_2.id}


def moves(entry: Entry, person: Person, now: datetime, number: int) -> list[object]:
    block = entry.open_blocks[0] if entry.open_blocks else BLOCKS[0]
    return [
        steps.classify(entry, person, "ABC"[number % 3], now),
        steps.measure(entry, person, number, "m1", now),
        steps.ask_exit(entry, person, now),
        steps.answer(entry, person, block, now, holds=number % 7 == 0),
        steps.post(entry, person, RULES, SHANGHAI, now),
        steps.announce(entry, person, RULES, SHANGHAI, now),
        steps.leave(entry, person, RULES, SHANGHAI, now),
        steps.end_watch(entry, person, now),
        steps.object_to(entry, None, "m1", now),
        steps.rule_on(entry, person, RULES, SHANGHAI, now, upheld=number % 2 == 0),
        steps.put_back(entry, need(id=f"c{number}"), now) or Refused("not_now"),
        steps.join(entry, need(id=f"c{number}"), person, now),
    ]


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 60), st.integers(0, 3), st.integers(1, 99)), max_size=40))
def test_an_entry_is_the_fold_of_its_lines(choices: list[tuple[int, int, int, int]]) -> None:
    """Whatever is signed in whatever order: the state is the fold of the history, every step but the machine's own has
    a name, and nobody left without 公示 and 公告 of all their days."""
    people = (VILLAGE, TOWN, TOWN_2, COUNTY)
    entry, now, history = registered(), NOW, list[Line]()
    history += steps.register("T10000", "e1", need(), VILLAGE, "属实", None, RULES, NOW).lines
    for which, days, who, number in choices:
        now += days * DAY
        outcome = moves(entry, people[who], now, number)[which]
        if isinstance(outcome, steps.Step):
            history += outcome.lines
            entry = outcome.entry
    assert fold(reversed(history)) == entry
    assert all(line.by or line.what in (Did.RETURNED, Did.OBJECTED) for line in history)
    for line in history:
        if line.what is Did.EXITED:
            before = fold(history[: line.seq - 1])
            assert before.state is State.ANNOUNCED
            assert before.step_at is not None
            assert line.at >= before.step_at
            assert line.by != before.exit_by
    assert evolve(None, history[0]).number == "T10000"
