"""The queue as people's phones show it, to the minute: who is told, what climbs, what closes (docs/rules.md A–F)."""

from __future__ import annotations

import asyncio
from functools import cache

import pytest
from scenarios import (
    CAST,
    DANGER,
    HERE,
    ILLNESS,
    LAMP,
    QUESTION,
    SLOW,
    TAKEN,
    URGENT,
    WATCH,
    WATER,
    Played,
    play,
    short,
)

ALL = {
    "E0": DANGER,
    "E1": URGENT,
    "E2": WATER,
    "E3": ILLNESS,
    "E4": WATCH,
    "E5": LAMP,
    "E6": QUESTION,
    "C1": SLOW,
    "C2": TAKEN,
}
OFFICERS = {name: CAST[name] for name in ("zhou", "wang", "zhao", "sun", "ji", "shi")}
SENDERS = {
    grade: {"role": "resident", "name": f"{surname}家和", "village": HERE}
    for grade, surname in zip(ALL, "吴郑冯陈褚卫蒋沈韩", strict=True)
}
TAKES = {"C1": "sun", "C2": "ji"}  # who takes a case of this grade first; zhou takes the others


@cache
def month(done: str) -> Played:
    """One case of every grade, told on Thursday 19 November 2026 at 09:00, and five weeks in which nobody does more
    than `done`: nothing, 接单, or 接单 and one 记进展."""
    lines: list[tuple[str, ...]] = []
    for grade, words in ALL.items():
        who = TAKES.get(grade, "zhou")
        lines.append(("09:00", grade, words))
        if done != "nothing":
            lines.append(("09:00", who, "!接单"))
        if done == "acted":
            lines += [("09:00", who, "!记进展"), ("09:00", who, "去看过了，在办")]
    return asyncio.run(play(*lines, ("12-25 12:00",), cast={**OFFICERS, **SENDERS}, households=()))


def climbs(done: str, grade: str) -> dict[str, set[str]]:
    """When which officers heard of the case again, after the first minute."""
    played = month(done)
    case = next(one["case"] for one in played.cases if one["grade"] == grade)
    opened = next(one["opened_at"] for one in played.cases if one["case"] == case)
    heard: dict[str, set[str]] = {}
    for row in played.deliveries(kind="notice"):
        if row["case"] == case and row["to"] in OFFICERS and row["at"] > opened:
            heard.setdefault(short(row["at"]), set()).add(row["to"])
    return heard


def first(heard: dict[str, set[str]], count: int) -> dict[str, set[str]]:
    """The first moments only."""
    return dict(list(heard.items())[:count])


VILLAGE = {"zhou", "wang"}


@pytest.mark.parametrize(
    ("grade", "expected"),
    [
        (
            "E0",
            {
                "11-19 09:15": {"sun"},
                "11-19 09:30": {"shi"},
                "11-20 09:00": {"sun"},
                "11-20 09:30": {"shi"} | VILLAGE,
                "11-21 09:30": {"shi"} | VILLAGE,
            },
        ),
        (
            "E1",
            {
                "11-19 11:00": {"zhao"},
                "11-20 09:00": {"sun"},
                "11-21 09:00": {"shi"},
                "11-22 09:00": {"shi"} | VILLAGE,
                "11-23 09:00": {"shi"} | VILLAGE,
            },
        ),
        (
            "E2",
            {
                "11-19 13:00": VILLAGE,
                "11-20 09:00": {"zhao"},
                "11-24 09:00": {"sun"},
                "11-26 09:00": {"shi"},
                "12-03 09:00": {"shi"} | VILLAGE,
                "12-10 09:00": {"shi"} | VILLAGE,
            },
        ),
        (
            "E3",
            {
                "11-20 09:00": VILLAGE,
                "11-23 09:00": {"zhao"},
                "12-03 09:00": {"sun"},
                "12-10 09:00": {"shi"},
                "12-17 09:00": {"shi"} | VILLAGE,
                "12-24 09:00": {"shi"} | VILLAGE,
            },
        ),
        (
            "E4",
            {
                "11-23 09:00": VILLAGE,
                "11-26 09:00": {"zhao"},
                "12-10 09:00": {"sun"},
                "12-17 09:00": {"shi"},
                "12-24 09:00": {"shi"} | VILLAGE,
            },
        ),
        (
            "E5",
            {
                "11-20 09:00": VILLAGE,
                "11-24 09:00": {"zhao"},
                "11-25 09:00": VILLAGE,
                "11-27 09:00": {"sun"},
                "12-03 09:00": {"shi"},
                "12-10 09:00": {"shi"} | VILLAGE,
            },
        ),
        (
            "E6",
            {
                "11-20 09:00": {"zhao"},
                "11-24 09:00": {"sun"},
                "11-26 09:00": {"shi"},
                "12-03 09:00": {"shi"} | VILLAGE,
            },
        ),
        (
            "C1",
            {
                "11-20 09:00": {"sun"},
                "11-24 09:00": {"sun"},
                "11-27 09:00": {"shi"},
                "12-04 09:00": {"shi", "sun"},
            },
        ),
        (
            "C2",
            {
                "11-20 09:00": {"sun"},
                "11-26 09:00": {"ji"},
                "12-10 09:00": {"shi"},
                "12-17 09:00": {"shi", "ji"},
            },
        ),
    ],
)
def test_nobody_acts(grade: str, expected: dict[str, set[str]]) -> None:
    """Untouched, a case of each grade climbs as the table says, and at the top the reminder recurs."""
    assert first(climbs("nothing", grade), len(expected)) == expected


@pytest.mark.parametrize(
    ("grade", "expected"),
    [
        ("E0", {"11-19 09:30": {"sun", "shi", "zhou"}, "11-20 09:00": {"sun"}}),
        ("E1", {"11-20 09:00": {"zhao", "sun", "zhou"}, "11-21 09:00": {"shi"}}),
        ("E2", {"11-20 09:00": {"zhao", "zhou", "wang"}, "11-24 09:00": {"sun"}, "11-26 09:00": {"shi"}}),
        ("E3", {"11-23 09:00": {"zhao", "zhou", "wang"}, "12-03 09:00": {"sun"}, "12-10 09:00": {"shi"}}),
        ("E4", {"11-26 09:00": {"zhao", "zhou", "wang"}, "12-10 09:00": {"sun"}}),
        ("E5", {"11-24 09:00": {"zhao", "zhou", "wang"}, "11-25 09:00": VILLAGE, "11-27 09:00": {"sun"}}),
        ("E6", {"11-24 09:00": {"sun"}, "11-26 09:00": {"shi"}, "12-03 09:00": {"shi", "zhou"}}),
        ("C1", {"11-24 09:00": {"sun"}, "11-27 09:00": {"shi"}}),
        ("C2", {"11-26 09:00": {"sun", "ji"}, "12-10 09:00": {"shi"}}),
    ],
)
def test_accepted_and_nothing_more(grade: str, expected: dict[str, set[str]]) -> None:
    """接单 holds the acceptance steps back; without a logged action the claim expires with the `act` limit and they
    fire with it, one message to each person. E6 has no such limit."""
    heard = climbs("accepted", grade)

    assert first(heard, len(expected)) == expected
    if grade != "E6":
        case = next(one for one in month("accepted").cases if one["grade"] == grade)
        assert case["handler"] is None
        assert "expired" in [event["what"] for event in case["events"]]


@pytest.mark.parametrize(
    ("grade", "expected"),
    [
        ("E0", {"11-20 09:00": {"sun"}, "11-21 09:00": {"shi", "zhou"}}),
        ("E1", {"11-21 09:00": {"shi"}, "11-22 09:00": {"shi", "zhou"}}),
        ("E2", {"11-24 09:00": {"sun"}, "11-26 09:00": {"shi"}, "12-03 09:00": {"shi", "zhou"}}),
        ("E3", {"12-03 09:00": {"sun"}, "12-10 09:00": {"shi"}, "12-17 09:00": {"shi", "zhou"}}),
        ("E4", {"12-10 09:00": {"sun"}, "12-17 09:00": {"shi"}, "12-24 09:00": {"shi", "zhou"}}),
        ("E5", {"11-25 09:00": {"zhou"}, "11-27 09:00": {"sun"}, "12-03 09:00": {"shi"}}),
        ("C1", {"11-27 09:00": {"shi"}, "12-04 09:00": {"shi", "sun"}}),
        ("C2", {"12-10 09:00": {"shi"}, "12-17 09:00": {"shi", "ji"}}),
    ],
)
def test_accepted_and_acted_on(grade: str, expected: dict[str, set[str]]) -> None:
    """After 接单 and a logged action only `finish` is left; the top reminds the city and the handler."""
    heard = climbs("acted", grade)

    assert first(heard, len(expected)) == expected


@pytest.mark.parametrize("done", ["nothing", "accepted", "acted"])
def test_every_open_case_has_a_due_time_ahead(done: str) -> None:
    """However long nobody finishes, each case is open with a due time after the last moment of the scenario."""
    for case in month(done).cases:
        assert case["closed_at"] is None
        assert case["due_at"] > "2026-12-25T12:00:00+08:00", case["grade"]


async def test_where_each_grade_opens() -> None:
    """At opening only the first level is told: the village, E0 village and town, C2 discipline, C1 and what was not
    understood the county."""
    heard: dict[str, set[str]] = {}
    played = month("nothing")
    for case in played.cases:
        at = [row for row in played.deliveries(kind="notice") if row["case"] == case["case"]]
        heard[case["grade"]] = {row["to"] for row in at if row["at"] == case["opened_at"]}

    assert heard == {
        "E0": {"zhou", "wang", "zhao"},
        **{grade: {"zhou", "wang"} for grade in ("E1", "E2", "E3", "E4", "E5", "E6")},
        "C1": {"sun"},
        "C2": {"ji"},
    }


async def test_the_helper_is_told_first() -> None:
    """The household's helper stands first among those who are told and in the answer to the sender."""
    played = await play(("09:00", "li", URGENT))

    assert played.told("zhou", "wang") == [("11-19 09:00", "wang"), ("11-19 09:00", "zhou")]
    assert "王建国、周敏" in played.texts("li")[0]


@pytest.mark.parametrize(
    ("missing", "words", "first_told", "passed"),
    [
        (("zhou", "wang"), ILLNESS, {"zhao"}, ["village"]),
        (("zhou", "wang", "zhao"), ILLNESS, {"sun", "min"}, ["village", "town"]),
        (("ji",), TAKEN, {"sun"}, []),
        (("zhou", "wang"), DANGER, {"zhao"}, ["village"]),
    ],
)
async def test_a_level_with_nobody_left_is_passed_at_once(
    missing: tuple[str, ...], words: str, first_told: set[str], passed: list[str]
) -> None:
    """With nobody enrolled at a level the next one is told at once, and the history says which levels were passed."""
    cast = {name: row for name, row in CAST.items() if name not in missing}
    played = await play(("09:00", "li", words), cast=cast)

    assert {who for _, who in played.told()} == first_told
    assert [event["to"] for event in played.cases[0]["events"] if event["what"] == "passed"] == passed


async def test_the_first_presser_has_it_and_the_others_are_told() -> None:
    """The first 接单 wins: sender and colleagues are told who has it; the second press says so and changes nothing."""
    played = await play(("09:00", "li", URGENT), ("09:05", "zhou", "!接单"), ("09:06", "wang", "!接单"))

    (case,) = played.cases
    assert case["handler"] == "zhou"
    news = played.deliveries(kind="notice", since="09:05")
    assert {row["to"]: row["buttons"] for row in news} == {"wang": [], "li": []}
    assert all("周敏" in row["text"] for row in news)
    assert "周敏" in played.texts("wang")[-1]
    assert played.told("zhao") == []


WAITING, MINE = ["接单", "退单", "转办"], ["记进展", "转办", "退单", "办结"]


async def test_buttons_follow_the_state() -> None:
    """接单 退单 转办 on a case nobody has; the four of the handler on every message to them; none for the others, on
    lists and on to-dos; 撤销 on effects; 已解决 没解决 for the sender."""
    played = await play(
        ("08:00", "li", ILLNESS),
        ("09:05", "zhou", "!接单"),
        ("09:06", "zhou", "!记进展"),
        ("09:07", "zhou", "去看过了"),
        ("09:08", "zhou", "我手里几件"),
        ("09:09", "li", "补充一下，欠了三万块钱的账"),
        ("09:30", "zhou", "!办结"),
    )

    def buttons(who: str, at: str) -> list[list[str]]:
        return [row["buttons"] for row in played.deliveries(who) if row["at"][11:16] == at]

    assert buttons("wang", "08:00") == buttons("zhou", "08:00") == [WAITING]
    assert buttons("wang", "09:05") == [[]]
    assert buttons("zhou", "09:05") == buttons("zhou", "09:07") == [[*MINE, "撤销"]]
    assert buttons("zhou", "09:08") == [[]]
    assert all(one == MINE for one in buttons("zhou", "09:09"))
    assert buttons("li", "09:30") == [["已解决", "没解决"]]
    assert "撤销" in buttons("zhou", "09:30")[0]
    todo = [row for row in played.rows if "今日待办" in row.get("text", "")]
    assert todo and all(row["buttons"] == [] and row["kind"] == "notice" for row in todo)


@pytest.mark.parametrize(("pressed", "undone"), [("09:15", True), ("09:16", False)])
async def test_an_effect_can_be_undone_for_ten_minutes(pressed: str, undone: bool) -> None:
    """撤销 puts a claim back within ten minutes, to the minute; afterwards it is refused. The case is named."""
    played = await play(("09:00", "li", URGENT), ("09:05", "zhou", "!接单"), (pressed, "zhou", "!撤销"))

    (case,) = played.cases
    assert (case["handler"] is None) is undone
    assert case["case"] in played.texts("zhou")[-1]
    assert case["due_at"][11:16] == ("11:00" if undone else "09:00")


async def test_an_undone_transfer_is_the_handlers_again() -> None:
    """撤销 of 转办: the handler has it back with all buttons; the other office's button tells so."""
    played = await play(
        ("09:00", "li", URGENT),
        ("09:01", "zhou", "!接单"),
        ("09:02", "zhou", "!转办"),
        ("09:03", "zhou", "民政局"),
        ("09:04", "zhou", "!撤销"),
        ("09:05", "min", "!接单"),
    )

    assert played.cases[0]["handler"] == "zhou"
    assert played.deliveries("zhou")[-1]["buttons"] == MINE
    assert "周敏" in played.texts("min")[-1]


async def test_a_typed_word_acts_on_the_case_it_can_only_mean() -> None:
    """接单 typed: the last message received decides, else the only case that offers it, else a numbered list."""
    last = await play(("09:00", "li", URGENT), ("09:05", "xu", ILLNESS), ("09:06", "zhou", "接单"))
    listed = await play(
        ("09:00", "li", URGENT),
        ("09:05", "xu", ILLNESS),
        ("09:06", "zhou", "你好"),
        ("09:07", "zhou", "接单"),
        ("09:08", "zhou", "2"),
        ("09:09", "zhou", "接单"),
    )

    assert [case["handler"] for case in last.cases] == [None, "zhou"]
    assert "1." in listed.texts("zhou")[-3] and "2." in listed.texts("zhou")[-3]
    assert [case["handler"] for case in listed.cases] == ["zhou", "zhou"]


async def test_free_words_act_like_the_press() -> None:
    """A command that fits exactly one case acts at once: pass on to an office or upward, urge, finish."""
    played = await play(
        ("09:00", "an", LAMP),
        ("09:01", "he", WATER),
        ("09:05", "zhou", "停水这个事转给水利局"),
        ("09:06", "shui", "接单"),
        ("09:07", "shui", "已派人去修，下午能通水"),
        ("09:08", "shui", "停水的事办结"),
        ("09:10", "sun", "催办一下石门东村路灯"),
        ("09:11", "wang", "峨山镇石门东村路灯的事转给区里"),
    )

    lamp, water = played.cases
    assert (water["handler"], water["stage"], water["lead"]) == ("shui", "待评价", "水利局")
    assert [event["what"] for event in water["events"]][-2:] == ["progressed", "finished"]
    assert ("11-19 09:10", "zhou") in played.told() and ("11-19 09:10", "wang") in played.told()
    assert lamp["level"] == "county"
    assert ("11-19 09:11", "sun") in played.told()
    assert all(case["case"] in "".join(played.texts("zhou") + played.texts("wang")) for case in played.cases)


async def test_passing_on_restarts_the_owners_clock_only() -> None:
    """转办 at noon: accept and act limits count anew for the new desk, finish runs on from the receipt."""
    played = await play(
        ("09:00", "he", WATER), ("12:00", "zhou", "!转办"), ("12:00", "zhou", "水利局"), ("11-26 09:00",)
    )

    assert played.told("shui", "sun", "shi", "zhao") == [
        ("11-19 12:00", "shui"),
        ("11-19 16:00", "shui"),
        ("11-20 12:00", "shui"),
        ("11-24 09:00", "sun"),
        ("11-24 09:00", "shui"),
        ("11-26 09:00", "shi"),
    ]


async def test_refusing_takes_a_reason_and_goes_one_level_up_then_to_the_county() -> None:
    """退单 asks for a reason that takes the next text whatever it reads; the second 退单 goes to the county."""
    played = await play(
        ("09:00", "li", ILLNESS),
        ("09:01", "wang", "!退单"),
        ("09:02", "wang", "户口不在本村，住在邻村"),
        ("09:10", "zhao", "!接单"),
        ("09:11", "zhao", "!退单"),
        ("09:12", "zhao", "昨天去走访了孙家"),
    )

    (case,) = played.cases
    assert [(event["what"], event["by"], event["to"]) for event in case["events"][1:]] == [
        ("refused", "wang", "town"),
        ("accepted", "zhao", None),
        ("refused", "zhao", "county"),
    ]
    assert "户口不在本村" in played.texts("zhao", "notice")[0]
    assert {"sun", "min"} <= {who for at, who in played.told() if at == "11-19 09:12"}
    assert case["level"] == "county"
    assert played.final["visits"] == []


async def test_a_reason_that_comes_too_late_ends_the_question() -> None:
    """While somebody types the reason of 退单 a colleague takes the case: the answer says so, and the question is over."""
    played = await play(
        ("09:00", "li", ILLNESS),
        ("09:01", "zhou", "!退单"),
        ("09:02", "wang", "!接单"),
        ("09:03", "zhou", "不归俺管"),
        ("09:04", "zhou", "早上好"),
    )

    assert "王建国" in played.texts("zhou")[-2]
    assert "王建国" not in played.texts("zhou")[-1]
    assert played.cases[0]["handler"] == "wang"


async def test_finish_asks_the_reporter_and_tells_nobody_above() -> None:
    """办结 takes effect on the press: 待评价, the ladder stops, what is missing is asked afterwards and can be skipped."""
    played = await play(
        ("09:00", "li", URGENT),
        ("09:05", "zhou", "!接单"),
        ("09:30", "zhou", "!办结"),
        ("09:31", "zhou", "带着去医院办了手续，送了两千块钱"),
        ("09:32", "zhou", "跳过"),
        ("09:40", "li", "!已解决"),
        ("11-24 10:00",),
    )

    (case,) = played.cases
    assert (case["stage"], case["closed_at"][11:16], case["unconfirmed"], case["due_at"]) == (
        "办结",
        "09:40",
        False,
        None,
    )
    assert played.told("zhao", "sun", "min", "shi") == []
    assert case["facts"]["measure"] == "带着去医院办了手续，送了两千块钱"


@pytest.mark.parametrize(
    ("words", "closed"),
    [
        (URGENT, "2026-11-23T10:00:00+08:00"),
        (ILLNESS, "2026-11-26T10:00:00+08:00"),
        (LAMP, "2026-11-26T10:00:00+08:00"),
    ],
)
async def test_silence_closes_unconfirmed(words: str, closed: str) -> None:
    """No answer: closed after five working days, E0 and E1 after two, and marked 未确认."""
    played = await play(
        ("09:00", "li", words), ("09:05", "zhou", "!接单"), ("10:00", "zhou", "!办结"), ("11-27 09:00",)
    )

    (case,) = played.cases
    assert (case["stage"], case["closed_at"], case["unconfirmed"]) == ("办结", closed, True)
    assert "未确认" in played.texts("li", "notice")[-1]


@pytest.mark.parametrize("answer", ["!没解决", "没解决", "没解决，钱还是没着落"])
async def test_not_solved_goes_one_level_up_and_the_second_time_to_the_county(answer: str) -> None:
    """没解决, pressed, typed or in words of one's own: 重办 one level up at once; a second time to the county. The
    question that waited does not swallow the answer."""
    played = await play(
        ("09:00", "li", URGENT),
        ("09:05", "zhou", "!接单"),
        ("09:30", "zhou", "!办结"),
        ("10:00", "li", answer),
        ("10:30", "zhao", "!接单"),
        ("11:00", "zhao", "!办结"),
        ("12:00", "li", answer),
    )

    (case,) = played.cases
    disputed = [(event["at"][11:16], event["to"]) for event in case["events"] if event["what"] == "disputed"]
    assert disputed == [("10:00", "town"), ("12:00", "county")]
    assert ("11-19 10:00", "zhao") in played.told()
    assert ("11-19 12:00", "sun") in played.told()
    assert case["stage"] == "重办"


async def test_reopened_its_finish_limit_starts_anew() -> None:
    """没解决 on Friday: the finish limits of E3 count from there, the old ones are void."""
    played = await play(
        ("09:00", "li", ILLNESS),
        ("09:05", "zhou", "!接单"),
        ("09:30", "zhou", "!办结"),
        ("11-20 10:00", "li", "!没解决"),
        ("11-20 10:30", "zhao", "!接单"),
        ("11-20 10:31", "zhao", "!记进展"),
        ("11-20 10:31", "zhao", "看过了"),
        ("12-05 09:00",),
    )

    assert ("12-04 10:00", "sun") in played.told()
    assert ("12-03 09:00", "sun") not in played.told()


async def test_a_withdrawal_is_shown_to_somebody_else_and_closes_a_working_day_later() -> None:
    """撤回: the clock stops, the town is told at once, the case closes on Friday at the same minute; no open question
    about it is asked any more."""
    played = await play(
        ("09:00", "li", URGENT), ("09:05", "zhou", "!接单"), ("10:00", "li", "撤回，押金凑够了"), ("11-21 09:00",)
    )

    (case,) = played.cases
    assert (case["stage"], case["closed_at"]) == ("撤回", "2026-11-20T10:00:00+08:00")
    assert played.told("zhao", "sun", "shi") == [("11-19 10:00", "zhao")]
    assert "几口人" not in played.texts("li", "reply")[-1]


async def test_where_the_town_handles_the_county_looks_at_a_withdrawal() -> None:
    """The second person is never the handler: the county looks, and 继续办 keeps the case open with its own clock."""
    played = await play(
        ("09:00", "li", URGENT),
        ("11:05", "zhao", "!接单"),
        ("11:10", "li", "撤回，不用管了"),
        ("11:20", "sun", "!继续办"),
        ("11:30",),
    )

    (case,) = played.cases
    assert ("11-19 11:10", "sun") in played.told()
    assert (case["handler"], case["stage"], case["due_at"]) == ("zhao", "已受理", "2026-11-20T09:00:00+08:00")


@pytest.mark.parametrize(
    ("words", "told"), [(DANGER, {"sun"}), (SLOW, {"sun"}), (TAKEN, {"sun", "ji"})], ids=["E0", "C1", "C2"]
)
async def test_some_cases_are_never_closed_by_a_withdrawal(words: str, told: set[str]) -> None:
    """E0, C1 and C2: the wish is told to the county (C2: discipline and county), the case stays open."""
    played = await play(("09:00", "li", words), ("09:05", "li", "撤回，不用管了"), ("09:06",))

    (case,) = played.cases
    assert case["stage"] == "新线索"
    assert {who for at, who in played.told() if at == "11-19 09:05"} == told


async def test_one_of_several_reporters_takes_it_back() -> None:
    """The case goes on for the others; who took it back hears what every other would hear."""
    alone = await play(("09:10", "he", LAMP), ("09:20", "he", "路灯的事不用管了，撤回"))
    folded = await play(
        ("09:00", "li", LAMP), ("09:10", "he", LAMP), ("09:20", "he", "路灯的事不用管了，撤回"), ("11-21 09:00",)
    )

    (case,) = folded.cases
    assert (case["stage"], case["reports"]) == ("新线索", 2)
    ours, theirs = folded.texts("he", "reply")[1], alone.texts("he", "reply")[1]
    assert ours.partition("：")[0] == theirs.partition("：")[0]


async def test_an_officer_who_answers_for_somebody_is_asked_again() -> None:
    """已解决 by the officer who had reported an E1 for a family: the town asks once more, and its answer closes it."""
    played = await play(
        ("09:00", "wang", "李秀兰家老头住院交不上押金，大夫说明天就停药"),
        ("09:10", "zhou", "!接单"),
        ("09:20", "zhou", "!办结"),
        ("09:30", "wang", "!已解决"),
        ("09:31",),
        ("09:40", "zhao", "!已解决"),
    )

    (case,) = played.cases
    assert ("11-19 09:30", "zhao") in played.told()
    assert (case["stage"], case["closed_at"][11:16], case["events"][-1]["by"]) == ("办结", "09:40", "zhao")


async def test_who_closes_is_not_who_checks() -> None:
    """Where the handler alone had reported it, the town is asked with 已解决 / 没解决, and its press counts."""
    played = await play(
        ("09:00", "zhou", "今天去何大力家走访，西屋漏雨，想修屋顶"),
        ("09:10", "zhou", "!接单"),
        ("09:20", "zhou", "!办结"),
        ("09:21", "zhou", "跳过"),
        ("09:22", "zhou", "跳过"),
        ("09:30", "zhao", "!没解决"),
    )

    (case,) = played.cases
    assert case["stage"] == "重办"
    assert next(row["buttons"] for row in played.deliveries("zhao", since="09:20")) == ["已解决", "没解决"]


@pytest.mark.parametrize(
    ("told_at", "reminded", "town"),
    [
        ("09-30 16:00", "10-08 16:00", "10-09 16:00"),  # over the National Day week, 1–7 October
        ("10-08 16:00", "10-09 16:00", "10-10 16:00"),  # Saturday 10 October is a make-up day
        ("11-20 17:30", "11-24 08:30", "11-25 08:30"),  # the end of Friday is the start of Monday
        ("11-21 10:00", "11-24 08:30", "11-25 08:30"),  # a Saturday
        ("11-19 06:00", "11-20 08:30", "11-23 08:30"),  # before work: the whole day counts
        ("02-13 10:00", "02-14 10:00", "02-24 10:00"),  # Spring Festival 15–23 February; Saturday the 14th is worked
        ("04-30 10:00", "05-06 10:00", "05-07 10:00"),  # Labour Day 1–5 May
        ("05-08 10:00", "05-09 10:00", "05-11 10:00"),  # Saturday 9 May is a make-up day
        ("09-18 10:00", "09-20 10:00", "09-21 10:00"),  # Sunday 20 September is a make-up day
    ],
)
async def test_working_days(told_at: str, reminded: str, town: str) -> None:
    """E3 is reminded after one working day and climbs after two, over weekends, holidays and make-up days of 2026."""
    played = await play((told_at, "li", ILLNESS), (town,), start=f"{told_at[:6]}05:00")

    heard = [at for at, who in played.told("zhou", "zhao") if at >= reminded]
    assert heard[0] == reminded
    assert played.told("zhao") == [(town, "zhao")]


async def test_hours_of_e2_end_in_working_time() -> None:
    """Four hours after 16:00 is the next morning at half past eight; twenty-four hours after Friday noon is Monday."""
    played = await play(("11-20 16:00", "he", WATER), ("11-23 16:00",), start="11-20 08:00")

    assert set(played.told("zhao", "zhou")[1:]) == {("11-23 08:30", "zhou"), ("11-23 08:30", "zhao")}


async def test_quiet_hours_hold_all_but_urgent_messages_and_replies() -> None:
    """At 22:00 an E3 waits for 07:30 and its sender hears at once; an E1 passes."""
    played = await play(("22:00", "li", ILLNESS), ("22:01", "xu", URGENT), ("11-20 07:45",))

    assert played.told("zhou") == [("11-19 22:01", "zhou"), ("11-20 07:30", "zhou")]
    assert [row["at"][11:16] for row in played.deliveries("li", "xu", kind="reply")] == ["22:00", "22:01"]


@pytest.mark.parametrize(
    ("at", "arrives"), [("20:59", "20:59"), ("21:00", "07:30"), ("07:29", "07:30"), ("07:30", "07:30")]
)
async def test_quiet_hours_to_the_minute(at: str, arrives: str) -> None:
    """Quiet is from 21:00 to 07:30."""
    played = await play((at, "he", LAMP), (f"11-{'20' if at > '12' else '19'} 08:00",), start="06:00")

    assert [row["at"][11:16] for row in played.deliveries("zhou", kind="notice")] == [arrives]


async def test_digests_every_day_and_one_line_when_there_is_nothing() -> None:
    """18:00 on four days with a weekend: one digest each for all but the village, one line when empty."""
    played = await play(("11-22 18:05",))

    digests = played.deliveries(kind="digest")
    readers = {"zhao", "sun", "min", "shui", "ji", "shi"}
    assert {(row["at"][5:16], row["to"]) for row in digests} == {
        (f"11-{day}T18:00", who) for day in (19, 20, 21, 22) for who in readers
    }
    assert len(digests) == 4 * len(readers)
    assert all("\n" not in row["text"] for row in digests)


async def test_what_a_digest_lists() -> None:
    """By receipt, grade, village and due time: what is new, overdue or due within a working day, and every open E0 and
    E1 of the area whatever its level; nothing of other areas, names or words."""
    played = await play(
        ("08:00", "li", URGENT),
        ("09:00", "an", LAMP),
        ("09:01", "xu", ILLNESS),
        ("09:02", "li", "跳过"),
        ("11-20 18:05",),
    )

    urgent, lamp, _ = (case["case"] for case in played.cases)
    town, later = played.texts("zhao", "digest")
    for text in (town, later):
        assert f"{urgent} E1 石门东村" in text
        assert f"{lamp} E5 石门东村" in text
        assert "时限" in text and "李秀兰" not in text and "押金" not in text
    assert urgent not in played.texts("shui", "digest")[0]


async def test_to_dos_on_working_mornings_only() -> None:
    """Village officers get a to-do at 08:30 of a working day when something is open with them; not on the weekend."""
    played = await play(("11-19 09:00", "li", WATCH), ("11-20 09:00", "wang", "!接单"), ("11-24 09:00",))

    todos = [(row["at"][5:16], row["to"]) for row in played.rows if "今日待办" in row.get("text", "")]
    assert sorted(todos) == [
        ("11-20T08:30", "wang"),
        ("11-20T08:30", "zhou"),
        ("11-23T08:30", "wang"),
        ("11-24T08:30", "wang"),
    ]


async def test_after_an_outage_each_level_hears_once() -> None:
    """The engine stands still from Thursday to Saturday: every officer reached gets one notice for all that fell due,
    the missed digests come as one, and no to-do of Friday comes on Saturday."""
    played = await play(
        ("08:05", "an", LAMP),
        ("08:10", "li", URGENT),
        ("08:11", "xu", ILLNESS),
        ("08:31", "engine", "11-21 12:00"),
        ("11-21 12:30",),
    )

    rows = [row for row in played.rows if row.get("at", "") >= "2026-11-19T08:31" and "to" in row]
    assert {row["at"][5:16] for row in rows} == {"11-21T12:00"}
    assert sorted((row["to"], row["kind"]) for row in rows) == sorted(
        [(who, "notice") for who in ("zhou", "wang", "zhao", "sun", "min", "shi")]
        + [(who, "digest") for who in ("zhao", "sun", "min", "shui", "ji", "shi")]
    )
    assert not any("今日待办" in row["text"] for row in rows)
    assert [event["to"] for event in played.cases[1]["events"] if event["what"] == "escalated"] == [
        "town",
        "county",
        "city",
    ]
