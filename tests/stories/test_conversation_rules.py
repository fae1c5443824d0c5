"""Conversations as people's phones show them: what opens, what interrupts, what folds (docs/rules.md E, G, I)."""

from __future__ import annotations

from typing import Any

import pytest
from scenarios import (
    CAST,
    DANGER,
    HERE,
    HOUSEHOLDS,
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
)

SOUNDS_ALIKE: tuple[dict[str, Any], ...] = (
    *HOUSEHOLDS,
    {"head": "孙长友", "village": HERE, "kind": "监测户", "members": 1, "helper": "zhou"},
    {"head": "孙长有", "village": HERE, "kind": "一般户", "members": 4, "helper": "zhou"},
)


@pytest.mark.parametrize(
    ("words", "kind", "grade", "sealed", "told"),
    [
        (DANGER, "hardship", "E0", False, {"zhou", "wang", "zhao"}),
        ("东头老孙家着火了，火还没灭", "hardship", "E0", False, {"zhou", "wang", "zhao"}),
        (URGENT, "hardship", "E1", False, {"zhou", "wang"}),
        ("俺家房子漏雨没法住了，求帮帮忙", "hardship", "E2", False, {"zhou", "wang"}),
        (ILLNESS, "hardship", "E3", False, {"zhou", "wang"}),
        (WATCH, "lead", "E4", False, {"zhou", "wang"}),
        (LAMP, "problem", "E5", False, {"zhou", "wang"}),
        ("庄里路灯又坏了，咋又坏了，没人管", "problem", "E5", False, {"zhou", "wang"}),
        (WATER, "problem", "E2", False, {"zhou", "wang"}),
        (QUESTION, "problem", "E6", False, {"zhou", "wang"}),
        (SLOW, "complaint", "C1", True, {"sun"}),
        (TAKEN, "complaint", "C2", True, {"ji"}),
    ],
)
async def test_what_a_message_opens(words: str, kind: str, grade: str, sealed: bool, told: set[str]) -> None:
    """One case of the kind and grade of the table, told to its first level only; the sender gets its receipt."""
    played = await play(("09:00", "xu", words))

    (case,) = played.cases
    assert (case["kind"], case["grade"], case["sealed"]) == (kind, grade, sealed)
    assert {who for _, who in played.told()} == told
    assert case["case"] in played.texts("xu")[0] or grade == "E0"


@pytest.mark.parametrize(
    "words",
    [
        "早上好",
        "谢谢恁",
        "俺那事到哪一步了",
        "撤回",
        "咋用这个",
        "低保一个月多少钱",
        "进度",
        "转发：好消息，免费领鸡蛋",
    ],
)
async def test_what_opens_no_case(words: str) -> None:
    """Small talk, thanks, questions of state, a rule the pack knows, withdrawals of nothing: one answer, no case."""
    played = await play(("09:00", "xu", words))

    assert played.cases == []
    assert len(played.texts("xu")) == 1 and played.told() == []


@pytest.mark.parametrize(
    ("who", "words", "grade"),
    [
        ("li", ILLNESS, "E3"),  # 脱贫户 of the register: no tightening
        ("he", ILLNESS, "E2"),  # 监测户 of the register
        ("xu", f"俺家是低保户，{ILLNESS}", "E2"),  # in the sender's own words
        ("he", WATCH, "E3"),
        ("he", LAMP, "E5"),  # nothing else is tightened
        ("he", URGENT, "E1"),
    ],
)
async def test_poor_households_are_tightened(who: str, words: str, grade: str) -> None:
    """监测户, 低保户 and 特困 tighten E3 to E2 and E4 to E3, nothing else."""
    assert [case["grade"] for case in (await play(("09:00", who, words))).cases] == [grade]


async def test_a_visit_is_kept_and_what_it_finds_opens_by_itself() -> None:
    """The need found on a visit is a problem graded like a hardship; the visit is kept from the first message."""
    played = await play(("09:00", "zhou", "昨天去李秀兰家走访，西屋漏雨，想修屋顶"))

    (case,) = played.cases
    assert (case["kind"], case["grade"], case["household"]) == ("problem", "E2", "李秀兰")
    assert [(visit["household"], visit["on"]) for visit in played.final["visits"]] == [("李秀兰", "2026-11-18")]


async def test_anonymous_or_named_is_offered_after_every_complaint() -> None:
    """Also when the wish was said already; until 实名 is pressed no officer is shown the reporter's name."""
    passed_on = (("09:06", "ji", "!转办"), ("09:07", "ji", "区里"))
    silent = await play(("09:00", "li", TAKEN), ("09:05", "li", "!匿名"), *passed_on, ("11-21 09:00",))
    said = await play(("09:00", "li", f"{TAKEN}，别说是我说的"), *passed_on)
    named = await play(("09:00", "li", TAKEN), ("09:05", "li", "!实名"), *passed_on)

    assert said.deliveries("li")[0]["buttons"] == ["匿名", "实名"]
    for played in (silent, said):
        assert not any("李秀兰" in row["text"] for row in played.deliveries() if row["to"] != "li")
    assert "李秀兰" not in named.texts("ji", "notice")[0]
    assert "李秀兰" in named.texts("sun", "notice")[0]


async def test_four_short_questions_each_skippable() -> None:
    """From somebody nobody knows four things are asked at most, one at a time; skipped, the case stands as it is."""
    played = await play(
        ("09:00", "an", "俺家房子漏雨没法住了，求帮帮忙"),
        ("09:01", "an", "跳过"),
        ("09:02", "an", "!跳过"),
        ("09:03", "an", "跳过"),
        ("09:04", "an", "跳过"),
        ("09:05", "an", "早上好"),
    )

    asked = [row for row in played.deliveries("an") if "跳过" in row["buttons"]]
    assert len(asked) == 4
    assert all(row["buttons"] == ["跳过", "取消"] for row in asked)
    assert played.cases[0]["stage"] == "新线索"


async def test_a_question_waits_while_something_new_is_told() -> None:
    """A policy question and a second need interrupt; the draft waits and goes on, the
    answers fill it."""
    played = await play(
        ("09:00", "li", URGENT),
        ("09:01", "li", "低保一个月多少钱"),
        ("09:02", "li", "四口人"),
        ("09:03", "li", "俺家房子漏雨没法住了，求帮帮忙"),
        ("09:04", "li", "跳过"),
        ("09:05", "li", "跳过"),
        ("09:06", "li", "13800001234"),
    )

    hospital, roof = played.cases
    assert hospital["facts"]["people"] == 4
    assert (hospital["topic"], roof["topic"]) == ("医疗", "住房")
    assert hospital["facts"]["phone"] == "13800001234"


async def test_a_question_waits_for_days_and_the_case_does_not() -> None:
    """An answer three days later still fills the case, which climbed meanwhile."""
    played = await play(("09:00", "li", URGENT), ("11-22 09:05", "li", "五口人"))

    (case,) = played.cases
    assert case["facts"]["people"] == 5
    assert case["level"] == "city"


@pytest.mark.parametrize(("word", "ends"), [("取消", True), ("重来", True), ("跳过", False), ("四口人", False)])
async def test_words_that_end_a_question(word: str, ends: bool) -> None:
    """取消 and 重来 end the questions and never the case; anything else answers."""
    played = await play(("09:00", "li", URGENT), ("09:01", "li", word), ("09:02", "li", "你好"))

    assert played.cases[0]["stage"] == "新线索"
    assert ("电话" in "".join(played.texts("li")[1:])) is not ends


async def test_a_person_is_brought_by_one_word() -> None:
    """人工 opens a lead at the county sorting desk, never at the village, also in the middle of a question."""
    played = await play(("09:00", "li", ILLNESS), ("09:01", "li", "人工"))

    lead = played.cases[1]
    assert (lead["kind"], lead["level"]) == ("lead", "county")
    assert ("11-19 09:01", "sun") in played.told()
    assert ("11-19 09:01", "zhou") not in played.told()


async def test_danger_interrupts_even_a_required_answer() -> None:
    """A crisis stops the reason of 退单: the numbers come at once, an E0 opens, the other case is untouched."""
    played = await play(("09:00", "li", ILLNESS), ("09:01", "zhou", "!退单"), ("09:02", "zhou", DANGER))

    illness, danger = played.cases
    assert danger["grade"] == "E0"
    assert "120" in played.texts("zhou", "reply")[-1]
    assert [event["what"] for event in illness["events"]] == ["opened"]


async def test_a_name_that_stands_exactly_is_taken_without_asking() -> None:
    """孙长有 stands once: taken. 孙长佑 stands nowhere: the two that sound like it are asked about by number."""
    played = await play(
        ("09:00", "zhou", "昨天去了孙长有家，一切正常"),
        ("09:10", "zhou", "昨天去了孙长佑家，一切正常"),
        ("09:11", "zhou", "1"),
        households=SOUNDS_ALIKE,
    )

    exact, asked, _ = played.texts("zhou", "reply")
    assert "哪一家" not in exact and "孙长友" not in exact
    assert "1." in asked and "2." in asked
    assert [visit["household"] for visit in played.final["visits"]] == ["孙长有", "孙长友"]


def receipts(played: Played, number: int) -> list[str]:
    """The receipts of one case."""
    found: list[str] = played.cases[number]["receipts"]
    return found


@pytest.mark.parametrize(("again", "cases"), [("11-26 08:59", 1), ("11-26 09:01", 2)])
async def test_a_thing_folds_for_seven_days(again: str, cases: int) -> None:
    """The same village and topic within seven days is one case; each reporter has a receipt of their own."""
    played = await play(("09:00", "li", LAMP), (again, "he", "庄里路灯不亮，黑灯瞎火的咋走"))

    assert len(played.cases) == cases
    mine = receipts(played, cases - 1)[-1]
    assert mine in played.texts("he")[0]
    assert receipts(played, 0)[0] not in played.texts("he")[0]


async def test_a_need_folds_for_thirty_days() -> None:
    """The same household and cause within thirty days joins the open case with a receipt of its own; later it does not."""
    played = await play(
        ("09:00", "li", URGENT),
        ("09:01", "li", "取消"),
        ("12-18 09:00", "li", "俺娘还在住院，交不上押金，大夫说明天停药"),
        ("12-18 09:01", "li", "取消"),
        ("12-20 09:00", "li", "俺娘又住院了，交不上押金，大夫说明天停药"),
    )

    assert [case["reports"] for case in played.cases] == [2, 1]
    assert len(set(receipts(played, 0))) == 2


async def test_a_households_want_of_water_joins_the_villages_outage() -> None:
    """A household without water in a village with an open outage folds into it; another village does not."""
    cast = {**CAST, "far": {"role": "resident", "name": "常远", "village": "榴园镇/贾泉村"}}
    played = await play(
        ("09:00", "he", WATER), ("09:10", "li", "俺家没水吃了，两天了"), ("09:20", "far", WATER), cast=cast
    )

    assert [(case["village"], case["reports"]) for case in played.cases] == [("石门东村", 2), ("贾泉村", 1)]


async def test_what_is_urgent_never_disappears_in_what_is_not() -> None:
    """The same household and cause, but tonight it is urgent: an E1 of its own, told at once, climbing after two hours."""
    played = await play(
        ("09:00", "li", ILLNESS),
        ("09:01", "li", "取消"),
        ("11-20 09:00", "li", "俺对象住院交不上押金还差八千，大夫说明天就停药"),
        ("11-20 11:00",),
    )

    assert [case["grade"] for case in played.cases] == ["E3", "E1"]
    assert ("11-20 11:00", "zhao") in played.told()
    assert "120" in played.texts("li", "reply")[-1]


async def test_each_reporter_of_a_folded_case_gets_its_answers() -> None:
    """Acceptance and 解决了没有 reach both, each by their own receipt; either one's 没解决 reopens it."""
    played = await play(
        ("09:00", "li", LAMP),
        ("09:10", "he", LAMP),
        ("09:20", "zhou", "!接单"),
        ("09:30", "zhou", "!办结"),
        ("09:40", "he", "!没解决"),
    )

    first, second = receipts(played, 0)
    for who, own, other in (("li", first, second), ("he", second, first)):
        told = played.texts(who)
        assert len(played.deliveries(who, kind="notice")) == 2
        assert all(own in text and other not in text for text in told)
    assert played.cases[0]["stage"] == "重办"
    assert all(row["case"] == first for row in played.deliveries("he"))


async def test_complaints_do_not_fold() -> None:
    """Two people who say the same of the same officer have a case, a receipt and a code each."""
    played = await play(("09:00", "li", TAKEN), ("09:10", "he", TAKEN))

    assert [case["reports"] for case in played.cases] == [1, 1]
    assert played.texts("li")[0].splitlines()[0] == played.texts("he")[0].splitlines()[0]


async def test_free_words_of_the_handler_are_progress() -> None:
    """What a handler writes is progress on the case last acted on; a greeting or a question is not."""
    played = await play(
        ("09:00", "li", URGENT),
        ("09:05", "zhou", "!接单"),
        ("09:06", "zhou", "早上好"),
        ("09:07", "zhou", "我手里几件"),
        ("09:10", "zhou", "修好了，办妥了"),
        ("09:11", "zhou", "情况属实，正在办"),
    )

    assert [event["at"][11:16] for event in played.cases[0]["events"] if event["what"] == "progressed"] == [
        "09:10",
        "09:11",
    ]


async def test_a_handlers_visit_is_progress_and_opens_no_second_case() -> None:
    """What a handler says of the household of a case they handle is progress, also when it is kept as a visit."""
    played = await play(
        ("09:00", "li", ILLNESS),
        ("09:05", "zhou", "!接单"),
        ("15:00", "zhou", "下午去李秀兰家走访了，她对象看病确实欠着账，正帮着跑报销"),
    )

    (case,) = played.cases
    assert "progressed" in [event["what"] for event in case["events"]]
    assert [visit["household"] for visit in played.final["visits"]] == ["李秀兰"]


async def test_the_place_told_later_reaches_the_village() -> None:
    """A need without a place opens at the county at once; the village named in the answer is told of it then."""
    played = await play(("09:00", "an", "俺家房子漏雨没法住了，求帮帮忙"), ("09:10", "an", "峨山镇石门东村"))

    (case,) = played.cases
    assert {who for at, who in played.told() if at == "11-19 09:00"} <= {"sun", "min"}
    assert {who for at, who in played.told() if at == "11-19 09:10"} >= {"zhou", "wang"}
    assert case["village"] == "石门东村"


async def test_an_unknown_village_stays_with_the_county() -> None:
    """A village that is not in the pack is kept as it was said; the case stays where people can find out."""
    played = await play(("09:00", "an", "俺家房子漏雨没法住了，求帮帮忙"), ("09:10", "an", "火星村"), ("09:11",))

    (case,) = played.cases
    assert case["village"] is None and case["level"] == "county"
    assert case["facts"]["place"] == "火星村"


async def test_how_it_stands_by_the_receipt_alone_and_never_for_a_complaint() -> None:
    """进度 with a receipt works on the reporting phone; a complaint needs its code, and a wrong number says nothing."""
    played = await play(
        ("09:00", "xu", LAMP),
        ("09:01", "xu", "进度 {receipt}"),
        ("09:02", "xu", "{receipt}"),
        ("09:03", "li", TAKEN),
        ("09:04", "li", "进度 {receipt}"),
        ("09:05", "li", "进度 {receipt} {code}"),
        ("09:06", "he", "进度 38888888"),
    )

    lamp, taken = (case["case"] for case in played.cases)
    assert all(lamp in text for text in played.texts("xu", "reply"))
    assert taken not in played.texts("li", "reply")[1]
    assert taken in played.texts("li", "reply")[2]
    assert played.texts("li", "reply")[1] == played.texts("he", "reply")[0]


async def test_two_open_questions_of_solved_are_told_apart() -> None:
    """已解决 typed answers the question received last; after other talk the bot asks which by the sender's receipts."""
    played = await play(
        ("09:00", "li", LAMP),
        ("09:01", "li", ILLNESS),
        ("09:02", "li", "取消"),
        ("09:03", "zhou", "接单"),
        ("09:04", "zhou", "办结"),
        ("09:05", "zhou", "取消"),
        ("09:06", "zhou", "接单"),
        ("09:07", "zhou", "办结"),
        ("09:08", "li", "你好"),
        ("09:09", "li", "已解决"),
        ("09:10", "li", "1"),
    )

    assert "1." in played.texts("li", "reply")[-2] and "2." in played.texts("li", "reply")[-2]
    assert sorted(case["stage"] for case in played.cases) == ["办结", "待评价"]
