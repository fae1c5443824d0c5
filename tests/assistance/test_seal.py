"""Seal when in doubt (rules H): by who is accused, who may see, who is told, what climbing tells, what 定范围 opens."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cast_here import (
    CAST,
    DIRECTORY,
    FAR_T,
    FAR_V,
    FAR_VILLAGE,
    MINUTE,
    RULES,
    TOWN,
    VILLAGE,
    C,
    J,
    Play,
    S,
    T,
    V,
    at,
    heard,
    joined_by,
    open_,
    opening,
    readers,
    without,
)  # fmt: skip
from hypothesis import given
from hypothesis import strategies as st

from assistance import work
from assistance.audience import officers_at, reach
from assistance.case import Case, Event, Grade, Kind, What
from assistance.directory import Directory, Level, Person, Role
from assistance.evolve import evolve
from assistance.fold import joins_need, joins_thing
from assistance.grade import Ruling
from assistance.moves import Moves
from assistance.open import locate, open_case
from assistance.seal import Blamed, accused_level
from assistance.sight import may_read_held, may_see

T0 = at("2026-11-19 10:00")
OFFICERS = [name for name, person in CAST.items() if person.is_officer]
HIGH = "sun ji shi"

# (grade, who is blamed) → who may see it at opening, who is told, what 定范围 to the town and to the village shows it to
SEALED = {
    "C2-village": ("C2", Blamed("village"), HIGH, "ji", "", ""),
    "C2-village-secretary": ("C2", Blamed("village", ("wang",)), HIGH, "ji", "", ""),
    "C2-grid-worker-named-without-a-level": ("C2", Blamed("unclear", ("zhou",)), HIGH, "ji", "", ""),
    "C2-town": ("C2", Blamed("town"), HIGH, "ji", "", ""),
    "C2-town-officer": ("C2", Blamed("town", ("zhao",)), HIGH, "ji", "", ""),
    "C2-town-and-village-officers": ("C2", Blamed("village", ("wang", "zhao")), HIGH, "ji", "", ""),
    "C2-county": ("C2", Blamed("county"), "ji shi", "ji", "", ""),
    "C2-county-officer": ("C2", Blamed("county", ("sun",)), "ji shi", "ji", "", ""),
    "C2-department": ("C2", Blamed("county", (), "civil_affairs"), "ji shi", "ji", "", ""),
    "C2-department-officer": ("C2", Blamed("county", ("min",), "civil_affairs"), "ji shi", "ji", "", ""),
    "C2-discipline": ("C2", Blamed("discipline"), "", "", "", ""),
    "C2-discipline-officer": ("C2", Blamed("unclear", ("ji",)), "", "", "", ""),
    "C2-city": ("C2", Blamed("city"), "", "", "", ""),
    "C2-city-officer": ("C2", Blamed("unclear", ("shi",)), "", "", "", ""),
    "C2-private": ("C2", Blamed("private"), HIGH, "ji", "zhao", "zhao"),
    "C2-unclear": ("C2", Blamed("unclear"), HIGH, "ji", "", ""),
    "C2-nobody-read": ("C2", None, HIGH, "ji", "", ""),
    "C2-village-that-was-also-slow": ("C2", Blamed("village", slow=True), HIGH, "ji", "", ""),
    "C1-village": ("C1", Blamed("village", slow=True), HIGH, "sun", "zhao", "zhao"),
    "C1-village-officer": ("C1", Blamed("village", ("zhou",), slow=True), HIGH, "sun", "zhao", "zhao"),
    "C1-town": ("C1", Blamed("town", slow=True), HIGH, "sun", "", ""),
    "C1-town-officer": ("C1", Blamed("town", ("zhao",), slow=True), HIGH, "sun", "", ""),
    "C1-county": ("C1", Blamed("county", slow=True), "ji shi", "ji", "", ""),
    "C1-county-officer": ("C1", Blamed("county", ("sun",), slow=True), "ji shi", "ji", "", ""),
    "C1-department": ("C1", Blamed("county", (), "civil_affairs", slow=True), HIGH, "sun", "", ""),
    "C1-discipline": ("C1", Blamed("discipline", slow=True), "", "", "", ""),
    "C1-city": ("C1", Blamed("city", slow=True), "", "", "", ""),
    "C1-unclear": ("C1", Blamed("unclear", slow=True), HIGH, "sun", "", ""),
}
TABLE = pytest.mark.parametrize(
    ("grade", "blamed", "sees", "told", "town", "village"), SEALED.values(), ids=SEALED.keys()
)
EACH = pytest.mark.parametrize(("grade", "blamed"), [row[:2] for row in SEALED.values()], ids=SEALED.keys())


def seeing(case: Case, directory: Directory = DIRECTORY) -> set[str]:
    """Who may see the case."""
    return {person.id for person in directory.persons.values() if may_see(person, case)}


def sealed(grade: str, blamed: Blamed | None, directory: Directory = DIRECTORY, **more: object) -> Case:
    """A sealed case as it stands after opening."""
    return open_(grade, T0, directory, blamed=blamed, **more).cases[0]


@TABLE
def test_who_may_see_a_sealed_case(
    grade: str, blamed: Blamed | None, sees: str, told: str, town: str, village: str
) -> None:
    """At opening a complaint exists only for county, discipline and city, and among them never for the accused."""
    assert seeing(sealed(grade, blamed)) == set(sees.split())


@TABLE
def test_who_is_told_of_a_sealed_case(
    grade: str, blamed: Blamed | None, sees: str, told: str, town: str, village: str
) -> None:
    """C2 is told to the discipline desk, C1 to the county officers not concerned, and each to nobody else."""
    assert [who for who, _ in heard(open_(grade, T0, blamed=blamed))] == told.split()


@TABLE
def test_what_the_scope_opens(grade: str, blamed: Blamed | None, sees: str, told: str, town: str, village: str) -> None:
    """定范围 shows a case to the town or village it names, but never to those whom it is about."""
    case = sealed(grade, blamed)
    for level, expected in ((Level.TOWN, town), (Level.VILLAGE, village)):
        outcome = work.set_scope(case, CAST["ji"], level, DIRECTORY, T0 + MINUTE)
        if expected:
            assert seeing(outcome.cases[0]) == {*sees.split(), *expected.split()}
            assert {who for who, _ in heard(outcome)} == set(expected.split())
        else:
            assert outcome == work.Refused("scope_impossible")


@TABLE
def test_climbing_stays_above_the_seal(
    grade: str, blamed: Blamed | None, sees: str, told: str, town: str, village: str
) -> None:
    """Whatever falls due on a sealed case is told to those who may see it, and every step that can reach them does."""
    play = Play().open(grade, T0, blamed=blamed)
    reached = {who for _, all_told in play.wind(at("2027-01-15 00:00")) for who, _ in all_told}

    assert reached <= set(sees.split())
    assert ("shi" in reached) == ("shi" in sees.split())
    assert play.due is not None


@EACH
def test_every_notice_of_a_complaint_is_under_the_second_key(grade: str, blamed: Blamed | None) -> None:
    """Whatever is queued about a complaint is marked sealed."""
    play = Play().open(grade, T0, blamed=blamed)
    play.wind(at("2027-01-15 00:00"))

    assert play.case.sealed
    assert all(notice.sealed for notice in play.notices)


@EACH
def test_no_scope_ever_reaches_the_accused(grade: str, blamed: Blamed | None) -> None:
    """However often and to whatever level the scope is set, nobody barred at opening ever sees the case."""
    case = sealed(grade, blamed)
    never = {person.id for person in DIRECTORY.officers() if {person.desk, f"person:{person.id}"} & case.barred}
    for level in (*Level, *reversed(Level)):
        outcome = work.set_scope(case, CAST["sun"], level, DIRECTORY, T0 + MINUTE)
        case = case if isinstance(outcome, work.Refused) else outcome.cases[0]

    assert not never & seeing(case)
    assert set(blamed.officers if blamed else ()) <= never


@pytest.mark.parametrize("who", [name for name in OFFICERS if name not in ("sun", "ji")])
def test_only_county_and_discipline_set_the_scope(who: str) -> None:
    """定范围 of anybody but a county or discipline officer is refused."""
    case = sealed("C2", Blamed("private"))

    assert work.set_scope(case, CAST[who], Level.TOWN, DIRECTORY, T0) == work.Refused("scope_impossible")


@pytest.mark.parametrize(
    ("blamed", "told"),
    [
        pytest.param(Blamed("village", ("wang",)), "sun", id="the-county-officers-not-concerned"),
        pytest.param(Blamed("county", ("sun",)), "shi", id="the-city-where-the-county-is-concerned"),
    ],
)
def test_without_a_discipline_officer_c2_goes_to_the_county(blamed: Blamed, told: str) -> None:
    """With nobody enrolled at the discipline desk C2 opens at the county officers who are not concerned."""
    here = without("ji")

    assert [who for who, _ in heard(open_("C2", T0, here, blamed=blamed), here)] == [told]


def test_an_accused_elsewhere_takes_his_own_town_with_him() -> None:
    """A C2 about an officer of another village is sealed from the village and town where the accused sits as well."""
    case = sealed("C2", Blamed("village", ("qi",)))

    assert {V, T, FAR_V, FAR_T, "person:qi"} <= case.barred
    assert isinstance(work.transfer(case, CAST["ji"], FAR_T, DIRECTORY, T0), work.Refused)


@pytest.mark.parametrize(
    ("blamed", "level"),
    [
        (Blamed("village", ("zhao",)), "town"),
        (Blamed("town", ("wang",)), "town"),
        (Blamed("private", ("sun",)), "county"),
        (Blamed("unclear", ("min",)), "county"),
        (Blamed("village", ("wang", "ji")), "discipline"),
        (Blamed("unclear", ("nobody",)), "unclear"),
        (Blamed("village", (), "water"), "county"),
    ],
)
def test_an_enrolled_officers_desk_counts_more_than_the_words(blamed: Blamed, level: str) -> None:
    """Where the accused is enrolled, their desk or the words say at which level they sit, whichever is higher."""
    assert accused_level(blamed, DIRECTORY) == level


def test_not_even_a_wrong_event_opens_a_case_to_the_accused() -> None:
    """A history that would scope a case to a barred desk leaves it barred."""
    case = sealed("C2", Blamed("village", ("wang",)))
    after = evolve(case, Event(case.id, 2, T0, What.SCOPED, "sun", data={"seen_by": [V, T], "told": []}))

    assert after.seen_by == case.seen_by
    assert seeing(after) == seeing(case)


# ---------- held in doubt ----------


def doubtful(blamed: Blamed | None = None) -> Case:
    """A lamp out of order, told in words that may blame somebody."""
    return open_("E5", T0, sealed=True, blamed=blamed, topic="基础设施").cases[0]


def test_what_is_held_in_doubt_opens_at_the_county() -> None:
    """Trouble with a thing in words that may blame somebody is told to the county alone until 定范围."""
    decision = open_("E5", T0, sealed=True, topic="基础设施")

    assert [who for who, _ in heard(decision)] == ["sun"]
    assert seeing(decision.cases[0]) == set(HIGH.split())


@pytest.mark.parametrize(
    ("blamed", "village", "town"),
    [
        pytest.param(None, "wang zhao zhou", "zhao", id="nobody-clear"),
        pytest.param(Blamed("village", slow=True), "wang zhao zhou", "zhao", id="mere-doubt-about-the-village"),
        pytest.param(Blamed("village", ("wang",)), "zhao", "zhao", id="not-the-desk-of-a-named-officer"),
        pytest.param(Blamed("town", ("zhao",)), "wang zhou", "", id="not-the-town-of-a-named-officer"),
    ],
)
def test_the_county_opens_what_was_held_in_doubt(blamed: Blamed | None, village: str, town: str) -> None:
    """A county officer who has read a thing held in doubt can open it to village and town, except to an accused desk."""
    case = doubtful(blamed)
    to_village = work.set_scope(case, CAST["sun"], Level.VILLAGE, DIRECTORY, T0 + MINUTE)
    to_town = work.set_scope(case, CAST["sun"], Level.TOWN, DIRECTORY, T0 + MINUTE)

    assert {who for who, _ in heard(to_village)} == set(village.split())
    if town:
        assert {who for who, _ in heard(to_town)} == set(town.split())
    else:
        assert isinstance(to_town, work.Refused)


def test_a_step_to_a_sealed_level_passes_it() -> None:
    """The act step of a thing held in doubt names the town, which may not see it: it reminds the county that has it."""
    play = Play().open("E5", T0, sealed=True)

    assert dict(play.wind(at("2026-11-24 10:00")))[at("2026-11-24 10:00")] == [("sun", "reminder")]
    assert "zhao" not in seeing(play.case)


def test_the_village_never_sees_what_was_not_understood() -> None:
    """A message nobody understood exists for the county sorting desk, never for the village it came from."""
    case = open_("E4", T0, sorting=True).cases[0]

    assert not {"wang", "zhou"} & seeing(case)
    assert "sun" in seeing(case)


@pytest.mark.parametrize("grade", ["C1", "C2"])
def test_a_place_told_later_opens_no_sealed_case(grade: str) -> None:
    """When the village of a sealed case becomes known, it is noted and told to nobody."""
    moves = Moves(sealed(grade, Blamed(), village=None), T0 + MINUTE)
    before = seeing(moves.case)
    locate(moves, VILLAGE, DIRECTORY)

    assert (moves.case.village, moves.case.town) == (VILLAGE, TOWN)
    assert seeing(moves.case) == before
    assert moves.notices == []


def test_a_place_told_later_brings_a_need_to_its_village() -> None:
    """When the village of an unsealed need becomes known, its desk is told at once and owns it."""
    moves = Moves(open_("E1", T0, village=None).cases[0], T0 + MINUTE)
    assert moves.case.desk == C
    locate(moves, VILLAGE, DIRECTORY)

    assert [who for who, _ in heard(moves.done())] == ["zhou", "wang"]
    assert moves.case.desk == V


@pytest.mark.parametrize(
    ("who", "barred", "reads"),
    [
        pytest.param("zhou", (), False, id="village"),
        pytest.param("zhao", (), False, id="town"),
        pytest.param("shui", (), False, id="department"),
        pytest.param("sun", (), True, id="county"),
        pytest.param("ji", (), True, id="discipline"),
        pytest.param("shi", (), True, id="city"),
        pytest.param("sun", ("person:sun",), False, id="county-officer-they-are-about"),
        pytest.param("sun", (C,), False, id="county-desk-they-are-about"),
    ],
)
def test_held_words_are_for_the_county_and_above(who: str, barred: tuple[str, ...], reads: bool) -> None:
    """Held words of a need are shown to county, discipline and city, and never to those they are about."""
    case = open_("E3", T0, lead="water").cases[0]

    assert may_read_held(CAST[who], case, frozenset(barred)) is reads


# ---------- the need beside an accusation ----------


@pytest.mark.parametrize(
    ("blamed", "told"),
    [
        pytest.param(Blamed("village", ("wang",)), "zhou", id="the-accused-alone-is-left-out"),
        pytest.param(Blamed("village", ("wang", "zhou")), "zhao", id="the-whole-village-desk-accused-by-name"),
        pytest.param(Blamed("village"), "zhao", id="somebody-of-the-village"),
        pytest.param(Blamed("town"), "sun", id="somebody-of-the-town"),
        pytest.param(Blamed("town", ("zhao",)), "wang zhou", id="a-named-town-officer"),
        pytest.param(Blamed("village", slow=True), "wang zhou", id="slowness-stops-no-help"),
        pytest.param(Blamed("unclear"), "wang zhou", id="unclear-accused"),
        pytest.param(Blamed("private"), "wang zhou", id="a-relative"),
        pytest.param(Blamed("county", (), "civil_affairs"), "wang zhou", id="a-department"),
        pytest.param(None, "wang zhou", id="nobody"),
    ],
)
def test_the_need_goes_on_past_the_accused(blamed: Blamed | None, told: str) -> None:
    """A need beside an accusation is told at once to its first level, and never to the accused."""
    decision = open_("E2", T0, blamed=blamed)

    assert {who for who, _ in heard(decision)} == set(told.split())


@pytest.mark.parametrize("officer", ["wang", "zhao", "sun", "min", "shi"])
def test_the_accused_never_hears_of_the_need(officer: str) -> None:
    """A named accused is never told of the need, from opening to the last reminder, and does not see it."""
    play = Play().open("E1", T0, blamed=Blamed("unclear", (officer,)), lead="civil_affairs")
    play.wind(at("2026-12-01 10:00"))

    assert not may_see(CAST[officer], play.case)
    assert officer not in {who for notice in play.notices for who in readers(notice, play.case, DIRECTORY)}


def test_an_accused_department_gets_no_need() -> None:
    """A department that is accused of misconduct does not lead on the need beside it."""
    play = Play().open("E2", T0, blamed=Blamed("county", (), "civil_affairs"), lead="civil_affairs")
    told = {who for _, all_told in play.wind(at("2026-12-31 10:00")) for who, _ in all_told}

    assert "min" not in told
    assert {"sun", "shi"} <= told


@pytest.mark.parametrize(
    ("blamed", "told"),
    [
        pytest.param(Blamed("village", ("wang",)), "sun zhao", id="village-secretary"),
        pytest.param(Blamed("village"), "sun zhao", id="somebody-of-the-village"),
        pytest.param(Blamed("unclear"), "sun zhao", id="not-clear-who"),
        pytest.param(Blamed("town"), "sun zhao", id="whatever-H-says-of-the-town"),
        pytest.param(Blamed("town", ("zhao",)), "sun", id="but-never-the-named-officer"),
    ],
)
def test_danger_from_an_officer_passes_the_village(blamed: Blamed, told: str) -> None:
    """Danger from somebody in office opens at town and county, and the village never hears of it."""
    play = Play()
    first = play.take(open_("E0", T0, past_village=True, blamed=blamed))
    later = [one for _, all_told in play.wind(at("2026-11-25 10:00")) for one in all_told]

    assert {who for who, _ in first} == set(told.split())
    assert not any(event.to == "village" for event in play.history)
    assert not {"wang", "zhou"} & {who for who, _ in later}
    assert not {"wang", "zhou"} & seeing(play.case)


# ---------- non-interference ----------

BLAMES = st.builds(
    Blamed,
    at=st.sampled_from(["village", "town", "county", "city", "discipline", "private", "unclear"]),
    officers=st.sets(st.sampled_from(OFFICERS), max_size=2).map(tuple),
    department=st.sampled_from([None, None, "civil_affairs", "water"]),
    slow=st.booleans(),
)


@given(
    grade=st.sampled_from(["C1", "C2"]),
    blamed=BLAMES,
    village=st.sampled_from([VILLAGE, FAR_VILLAGE, None]),
    gone=st.sets(st.sampled_from(OFFICERS), max_size=5),
)
def test_the_seal_holds_for_everybody_it_is_about(
    grade: str, blamed: Blamed, village: str | None, gone: set[str]
) -> None:
    """Whoever is accused, in whatever roster: no village, town or department sees it, no accused does, none is told."""
    here = without(*gone)
    play = Play(here).open(grade, T0, blamed=blamed, village=village)
    told = {who for _, all_told in play.wind(at("2026-12-20 00:00")) for who, _ in all_told}

    assert seeing(play.case, here) <= {"sun", "ji", "shi"} - set(blamed.officers)
    assert told <= seeing(play.case, here)
    assert not play.case.seen_by & play.case.barred


@given(
    blamed=BLAMES,
    grade=st.sampled_from(["C1", "C2"]),
    other=st.sampled_from([Grade.E0, Grade.E1, Grade.E2, Grade.E3, Grade.E5, Grade.E6]),
    household=st.sampled_from([None, "h-li"]),
)
def test_a_sealed_case_changes_nothing_for_those_it_is_sealed_from(
    blamed: Blamed, grade: str, other: Grade, household: str | None
) -> None:
    """With a sealed case in the world, every other case is seen, told and folded exactly as without it."""
    secret = sealed(grade, blamed, id="secret", household=household, topic="饮水", cause="饮水")
    plain = open_(other, T0, household=household, topic="饮水", cause="饮水").cases[0]

    for case in (secret, replace(secret, kind=Kind.PROBLEM, household=None), replace(secret, kind=Kind.LEAD)):
        assert not joins_thing(case, VILLAGE, "饮水", RULES, T0)
        assert not joins_need(case, household, "饮水", RULES, T0)
    for viewer in DIRECTORY.officers():
        if not may_see(viewer, secret):
            lists = [one for one in (plain, secret) if may_see(viewer, one)]
            assert lists == [one for one in (plain,) if may_see(viewer, one)]
    for level in Level:
        alone = reach(level, plain, DIRECTORY)
        assert [one.id for one in officers_at(alone.tokens, plain, DIRECTORY)]


def test_sight_hangs_on_the_case_alone(directory: Directory) -> None:
    """Enrolling one more officer of an accused desk never shows them the case."""
    new = Person("new", Role.VILLAGE, "新来", VILLAGE)
    case = sealed("C2", Blamed("village", ("wang",)), directory)

    assert "new" not in seeing(case, joined_by(new))


def test_a_resident_has_no_desk(directory: Directory) -> None:
    """A resident sees no case through the gate, not even their own: receipt and code are the way."""
    assert not any(may_see(directory.persons["li"], open_(grade, T0).cases[0]) for grade in ("E1", "C2"))


@given(grade=st.sampled_from(sorted(Grade)), viewer=st.sampled_from(OFFICERS))
def test_an_officer_of_elsewhere_sees_nothing(grade: Grade, viewer: str) -> None:
    """A case of one village is never seen in another village or another town."""
    case = open_(grade, T0).cases[0]

    if viewer in ("qi", "liu"):
        assert not may_see(CAST[viewer], case)


def test_the_seal_comes_with_the_ruling(directory: Directory) -> None:
    """The same blame seals the complaint and leaves the need beside it open to the village."""
    blamed = Blamed("village", ("wang",))
    need = open_case(Ruling(Kind.HARDSHIP, Grade.E2), opening(T0, blamed=blamed), directory, RULES, T0).cases[0]
    twin = open_case(
        Ruling(Kind.COMPLAINT, Grade.C2, sealed=True),
        opening(T0, blamed=blamed, id="two", linked=need.id),
        directory,
        RULES,
        T0,
    ).cases[0]

    assert seeing(need) == {"zhou", "zhao", "sun", "ji", "shi"}
    assert seeing(twin) == {"sun", "ji", "shi"}
    assert (twin.linked, need.linked) == ("one", None)
    assert {V, T, "person:wang"} <= twin.barred
    assert {J, C, S} == twin.seen_by
