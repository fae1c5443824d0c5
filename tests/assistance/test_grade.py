"""From a reading to cases: the table of rules G row by row, the borders between its rows, and the seal beside it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistance.case import Grade
from assistance.grade import Facts, rule, tightened, words_held


def opens(**facts: Any) -> list[str]:
    """What is opened, in short: kind, grade, and what is special about it."""
    facts = {name: frozenset(value.split()) if name == "also" else value for name, value in facts.items()}
    return [
        " ".join(
            [
                one.kind.value,
                one.grade.value,
                *(word for word in ("sealed", "sorting", "past_village") if getattr(one, word)),
            ]
        )
        for one in rule(Facts(**facts))
    ]


C2, C1 = "complaint C2 sealed", "complaint C1 sealed"
SURE = {"blame": 0.9}

ROWS = {
    "crisis": ({"intent": "crisis", "urgency": "A"}, ["hardship E0"]),
    "danger-going-on-told-as-hardship": ({"intent": "hardship", "danger_now": True, "need": True}, ["hardship E0"]),
    "danger-going-on-told-as-complaint": ({"intent": "complaint", "danger_now": True}, ["hardship E0"]),
    "danger-going-on-found-on-a-visit": ({"intent": "visit", "danger_now": True, "also": "hardship"}, ["hardship E0"]),
    "danger-going-on-asking-for-a-number": ({"intent": "help", "danger_now": True}, ["hardship E0"]),
    "danger-from-an-officer": (
        {"intent": "crisis", "danger_now": True, "danger_by_officer": True, "also": "complaint", **SURE},
        ["hardship E0 past_village", C2],
    ),
    "danger-from-an-officer-never-called-a-complaint": (
        {"intent": "crisis", "danger_now": True, "danger_by_officer": True, "blame": 0.2},
        ["hardship E0 past_village", C2],
    ),
    "complaint-of-misconduct": ({"intent": "complaint", "misconduct": True, **SURE}, [C2]),
    "complaint-about-an-office-holder": ({"intent": "complaint", "office_named": True, **SURE}, [C2]),
    "complaint-of-a-slow-office-holder": (
        {"intent": "complaint", "office_named": True, "slowness": True, **SURE},
        [C2],
    ),
    "complaint-about-a-relative": ({"intent": "complaint", "private_blamed": True}, [C2]),
    "complaint-about-a-slow-neighbour": ({"intent": "complaint", "private_blamed": True, "slowness": True}, [C2]),
    "complaint-of-nobody-clear": ({"intent": "complaint", "blame": 0.2}, [C2]),
    "complaint-of-slowness": ({"intent": "complaint", "slowness": True, **SURE}, [C1]),
    "complaint-of-slowness-said-gently": ({"intent": "complaint", "slowness": True, "blame": 0.1}, [C1]),
    "slowness-and-misconduct": ({"intent": "complaint", "slowness": True, "misconduct": True, **SURE}, [C2]),
    "thing-told-calmly": ({"intent": "complaint", "thing": True, "topic": "基础设施"}, ["problem E5"]),
    "thing-asked-about-as-a-rule": ({"intent": "policy", "thing": True, "topic": "环境卫生"}, ["problem E5"]),
    "thing-asked-about-as-a-number": ({"intent": "help", "thing": True, "topic": "基础设施"}, ["problem E5"]),
    "thing-told-as-hardship": ({"intent": "hardship", "thing": True, "topic": "基础设施"}, ["problem E5"]),
    "thing-told-on-a-visit": ({"intent": "visit", "thing": True, "topic": "基础设施"}, ["problem E5"]),
    "thing-is-water": ({"intent": "complaint", "thing": True, "topic": "饮水"}, ["problem E2"]),
    "thing-with-mere-doubt": ({"intent": "complaint", "thing": True, "blame": 0.3}, ["problem E5 sealed"]),
    "thing-with-money-blamed": ({"intent": "complaint", "thing": True, "misconduct": True, **SURE}, [C2]),
    "thing-with-a-desk-surely-blamed": ({"intent": "complaint", "thing": True, "slowness": True, **SURE}, [C1]),
    "need-urgent": ({"intent": "hardship", "need": True, "urgency": "A", "cause": "因病"}, ["hardship E1"]),
    "need-urgent-housing": ({"intent": "hardship", "need": True, "urgency": "A", "cause": "住房"}, ["hardship E1"]),
    "need-with-a-worry": ({"intent": "hardship", "need": True, "urgency": "B", "also": "crisis"}, ["hardship E1"]),
    "need-housing": ({"intent": "hardship", "need": True, "urgency": "B", "cause": "住房"}, ["hardship E2"]),
    "need-water": ({"intent": "hardship", "need": True, "urgency": "B", "cause": "饮水"}, ["hardship E2"]),
    "need-school-left": (
        {"intent": "hardship", "need": True, "urgency": "B", "cause": "因学", "dropped_out": True},
        ["hardship E2"],
    ),
    "need-medicine-stopped": (
        {"intent": "hardship", "need": True, "urgency": "B", "cause": "因病", "medicine_stopped": True},
        ["hardship E2"],
    ),
    **{
        f"need-{cause}": ({"intent": "hardship", "need": True, "urgency": "B", "cause": cause}, ["hardship E3"])
        for cause in ("因病", "意外事故", "因灾", "因学", "丧葬", "其他")
    },
    "need-of-unknown-cause": ({"intent": "hardship", "need": True, "urgency": "B"}, ["hardship E3"]),
    "keep-an-eye-on-us": (
        {"intent": "hardship", "need": True, "urgency": "C", "keep_an_eye": True, "cause": "缺劳力"},
        ["lead E4"],
    ),
    "found-on-a-visit": (
        {"intent": "visit", "need": True, "also": "hardship", "urgency": "B", "cause": "住房"},
        ["problem E2"],
    ),
    "found-on-a-visit-urgent": (
        {"intent": "visit", "need": True, "also": "hardship", "urgency": "A"},
        ["problem E1"],
    ),
    "found-on-a-visit-illness": (
        {"intent": "visit", "need": True, "also": "hardship", "urgency": "B", "cause": "因病"},
        ["problem E3"],
    ),
    "grievance-on-a-visit": ({"intent": "visit", "also": "complaint", "misconduct": True, **SURE}, [C2]),
    "slowness-told-on-a-visit": ({"intent": "visit", "also": "complaint", "slowness": True, **SURE}, [C1]),
    "plain-visit": ({"intent": "visit", "urgency": "C"}, []),
    "policy-without-an-answer": ({"intent": "policy", "answered": False}, ["problem E6"]),
    "policy-answered": ({"intent": "policy"}, []),
    "not-understood": ({"intent": "chitchat", "understood": False}, ["lead E4 sorting"]),
    "crisis-in-words-hardly-understood": ({"intent": "crisis", "understood": False}, ["hardship E0"]),
    "progress": ({"intent": "progress", "slowness": True, **SURE}, []),
    "thanks": ({"intent": "thanks_feedback"}, []),
    "withdrawal": ({"intent": "withdraw", "also": "complaint", "office_named": True, **SURE}, []),
    "withdrawal-of-a-crisis": ({"intent": "withdraw", "also": "crisis"}, []),
    "order": ({"intent": "manage"}, []),
    "small-talk": ({"intent": "chitchat"}, []),
    "how-to": ({"intent": "help"}, []),
    "correction": ({"intent": "supplement"}, []),
    "correction-with-a-new-need": (
        {"intent": "supplement", "need": True, "also": "hardship", "cause": "饮水"},
        ["problem E2"],
    ),
}


@pytest.mark.parametrize(("facts", "expected"), ROWS.values(), ids=ROWS.keys())
def test_each_row_of_the_table_opens_what_it_says(facts: dict[str, Any], expected: list[str]) -> None:
    """A reading opens the cases of the first row of rules G that fits, and nothing else."""
    assert opens(**facts) == expected


TIGHTER = {Grade.E3: Grade.E2, Grade.E4: Grade.E3}
TIGHTENED = {
    "E3-to-E2": ({"intent": "hardship", "need": True, "urgency": "B", "cause": "因病"}, "E3", "E2"),
    "E3-to-E2-on-a-visit": ({"intent": "visit", "need": True, "also": "hardship", "cause": "因灾"}, "E3", "E2"),
    "E4-to-E3": ({"intent": "hardship", "need": True, "urgency": "C", "keep_an_eye": True}, "E4", "E3"),
    "E0-stays": ({"intent": "crisis"}, "E0", "E0"),
    "E1-stays": ({"intent": "hardship", "need": True, "urgency": "A"}, "E1", "E1"),
    "E2-stays": ({"intent": "hardship", "need": True, "urgency": "B", "cause": "住房"}, "E2", "E2"),
    "E5-stays": ({"intent": "complaint", "thing": True}, "E5", "E5"),
    "E6-stays": ({"intent": "policy", "answered": False}, "E6", "E6"),
    "C1-stays": ({"intent": "complaint", "slowness": True, **SURE}, "C1", "C1"),
    "C2-stays": ({"intent": "complaint", "misconduct": True, **SURE}, "C2", "C2"),
}


@pytest.mark.parametrize(("facts", "plain", "poor"), TIGHTENED.values(), ids=TIGHTENED.keys())
def test_poor_households_tighten_e3_and_e4_alone(facts: dict[str, Any], plain: str, poor: str) -> None:
    """监测户, 低保户 and 特困 make an E3 an E2 and an E4 an E3, and change no other grade."""
    (ruling, *_) = rule(Facts(**{**facts, "also": frozenset(facts.get("also", "").split())}))

    assert ruling.grade.value == plain
    assert tightened(ruling, TIGHTER).grade.value == poor


NEED = {"intent": "hardship", "need": True, "urgency": "B", "cause": "意外事故"}
BESIDE = {
    "taking": ({**NEED, "misconduct": True, **SURE}, ["hardship E3", C2]),
    "a-relative-who-takes-it": ({**NEED, "private_blamed": True}, ["hardship E3", C2]),
    "blamed-for-something": ({**NEED, **SURE}, ["hardship E3", C2]),
    "slowness-on-the-side": ({**NEED, "slowness": True, **SURE}, ["hardship E3"]),
    "mere-doubt": ({**NEED, "misconduct": True, "blame": 0.4}, ["hardship E3"]),
    "just-half": ({**NEED, "misconduct": True, "blame": 0.5}, ["hardship E3"]),
    "just-above-half": ({**NEED, "misconduct": True, "blame": 0.51}, ["hardship E3", C2]),
    "the-accusation-is-the-point": (
        {**NEED, "intent": "complaint", "also": "hardship", "cause": "住房", "misconduct": True, **SURE},
        ["hardship E2", C2],
    ),
    "on-a-visit": (
        {**NEED, "intent": "visit", "also": "hardship complaint", "misconduct": True, **SURE},
        ["problem E3", C2],
    ),
    "slowness-on-a-visit-with-a-need": (
        {**NEED, "intent": "visit", "also": "hardship complaint", "slowness": True, **SURE},
        ["problem E3"],
    ),
    "in-a-crisis": ({"intent": "crisis", "also": "complaint", "misconduct": True, **SURE}, ["hardship E0", C2]),
    "slowness-in-a-crisis": ({"intent": "crisis", "also": "complaint", "slowness": True, **SURE}, ["hardship E0"]),
    "a-crisis-at-home": ({"intent": "crisis", "private_blamed": True}, ["hardship E0"]),
    "an-accusation-from-somebody-in-danger": (
        {"intent": "complaint", "danger_now": True, "misconduct": True, **SURE},
        ["hardship E0", C2],
    ),
    "a-thing-beside-a-need-is-part-of-the-accusation": (
        {**NEED, "intent": "complaint", "also": "hardship", "thing": True, "misconduct": True, **SURE},
        ["hardship E3", C2],
    ),
}


@pytest.mark.parametrize(("facts", "expected"), BESIDE.values(), ids=BESIDE.keys())
def test_the_need_beside_an_accusation_goes_on(facts: dict[str, Any], expected: list[str]) -> None:
    """The need always opens, first and unsealed; a second sealed case opens for sure misconduct, not for slowness or doubt."""
    assert opens(**facts) == expected


@pytest.mark.parametrize(
    ("facts", "held"),
    [
        pytest.param({"blame": 0.0}, False, id="nobody-blamed"),
        pytest.param({"blame": 0.05}, False, id="at-the-threshold"),
        pytest.param({"blame": 0.051}, True, id="just-above"),
        pytest.param({"office_named": True}, True, id="title-not-named-neutrally"),
        pytest.param({"private_blamed": True}, False, id="a-relative-is-nobody-in-office"),
        pytest.param({"slowness": True}, False, id="nobody-cares-without-an-object"),
    ],
)
def test_words_are_held_when_in_doubt(facts: dict[str, Any], held: bool) -> None:
    """Words are held from the village and the town above 0.05 or with a title named otherwise than neutrally."""
    assert words_held(Facts(intent="hardship", **facts)) is held


# ---------- for all readings ----------

FACTS = st.builds(
    Facts,
    intent=st.sampled_from(
        [
            "visit",
            "hardship",
            "complaint",
            "policy",
            "progress",
            "supplement",
            "withdraw",
            "thanks_feedback",
            "manage",
            "crisis",
            "chitchat",
            "help",
        ]
    ),
    also=st.frozensets(st.sampled_from(["hardship", "complaint", "crisis", "policy"]), max_size=2),
    urgency=st.sampled_from([None, "A", "B", "C"]),
    cause=st.sampled_from([None, "住房", "饮水", "因病", "其他"]),
    topic=st.sampled_from([None, "饮水", "基础设施"]),
    blame=st.sampled_from([0.0, 0.05, 0.06, 0.5, 0.51, 1.0]),
    **{
        name: st.booleans()
        for name in (
            "negated",
            "danger_now",
            "danger_by_officer",
            "need",
            "thing",
            "misconduct",
            "slowness",
            "office_named",
            "private_blamed",
            "medicine_stopped",
            "dropped_out",
            "keep_an_eye",
            "understood",
            "answered",
        )
    },
)


@given(FACTS)
def test_at_most_a_need_and_an_accusation_open(facts: Facts) -> None:
    """One message opens at most two cases: the need first, unsealed, then one sealed complaint."""
    found = rule(facts)

    assert len(found) <= 2
    assert all(one.sealed for one in found if one.kind.value == "complaint")
    if len(found) == 2:
        assert found[0].kind.value != "complaint"
        assert not found[0].sealed
        assert found[1].kind.value == "complaint"


@given(FACTS)
def test_a_crisis_is_always_an_e0(facts: Facts) -> None:
    """Whatever else a crisis says, the first case is an E0, and only an officer's danger passes the village."""
    if facts.intent == "crisis":
        found = rule(facts)
        assert found[0].grade.value == "E0"
        assert found[0].past_village == facts.danger_by_officer


@given(FACTS)
def test_an_unsealed_thing_blames_nobody(facts: Facts) -> None:
    """Trouble with a thing that opens unsealed comes from words that are not held."""
    if facts.intent in ("complaint", "policy", "help"):
        for one in rule(facts):
            if one.kind.value == "problem" and one.grade.value in ("E2", "E5") and not one.sealed:
                assert not words_held(facts)


@given(FACTS)
def test_progress_thanks_and_withdrawals_open_nothing(facts: Facts) -> None:
    """Words about an earlier case open no case, as long as they can be understood and tell of no danger."""
    talk = facts.intent in ("thanks_feedback", "withdraw") or (facts.intent == "progress" and not facts.danger_now)
    if talk and facts.understood:
        assert rule(facts) == ()
