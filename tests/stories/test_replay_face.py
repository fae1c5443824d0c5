"""`jishiyu replay` as a black box: lines in, lines out, errors and exit status (docs/interfaces.md 2)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from scenarios import CAST, HERE, HOUSEHOLDS, ILLNESS, LAMP, TAKEN, URGENT, WATER, Played, line, moment, play

from bot.cli import cli

SAMPLE: tuple[tuple[str, ...], ...] = (
    ("08:05", "an", LAMP),
    ("08:30", "li", URGENT),
    ("08:40", "an", TAKEN),
    ("08:41", "an", "!匿名"),
    ("08:50", "zhou", "接单"),
    ("09:00", "zhou", "夜来下午去了何大力家，老人自己在家，没啥问题"),
    ("09:10", "he", WATER),
    ("11-20 09:00", "li", "四口人"),
    ("11-23 12:00",),
)


async def test_what_a_delivery_and_the_last_line_hold() -> None:
    """Deliveries in order of time with their six keys, then one final line with cases and visits, and nothing else."""
    played = await play(*SAMPLE)

    deliveries = played.rows[:-1]
    assert [row["at"] for row in deliveries] == sorted(row["at"] for row in deliveries)
    for row in deliveries:
        assert row.keys() >= {"at", "to", "kind", "text", "buttons", "case"}
        assert row["kind"] in ("reply", "notice", "digest")
        assert row["at"].endswith("+08:00")
        assert row["text"].strip() and all(isinstance(label, str) for label in row["buttons"])
        assert row["to"] in CAST
    keys = (
        "case kind grade topic village town household stage level lead handler sealed opened_at due_at closed_at "
        "reports events receipts"
    )
    for case in played.cases:
        assert case.keys() >= set(keys.split())
        assert case["events"][0]["what"] == "opened"
        assert {"at", "what", "by", "to"} <= case["events"][0].keys()
    assert played.final["visits"] == [
        {
            "household": "何大力",
            "village": "石门东村",
            "by": "zhou",
            "on": "2026-11-18",
            "findings": "夜来下午去了何大力家，老人自己在家，没啥问题",
        }
    ]


async def test_receipts() -> None:
    """A receipt is at least eight characters, not sequential, printed as people read it, and one a report."""
    played = await play(("09:00", "li", LAMP), ("09:10", "he", LAMP), ("09:20", "xu", WATER), ("09:21", "zhou", "接单"))

    lamp, water = played.cases
    receipts = [*lamp["receipts"], *water["receipts"]]
    assert len(set(receipts)) == 3 and all(len(receipt) >= 8 for receipt in receipts)
    assert receipts != sorted(receipts) or int(receipts[2]) - int(receipts[0]) > 2
    assert lamp["case"] == lamp["receipts"][0] and lamp["reports"] == 2
    answer = played.deliveries("he", kind="reply")[0]
    assert answer["case"] == lamp["case"]  # the first reporter's
    assert lamp["receipts"][1] in answer["text"] and lamp["case"] not in answer["text"]


@pytest.mark.parametrize(
    "bad",
    [
        "{not json",
        '["a list"]',
        '"a word"',
        json.dumps({"from": "li", "say": "早"}),
        json.dumps({"at": "2026-11-19T09:10:00", "from": "li", "say": "早"}),
        json.dumps({"at": "soon", "from": "li", "say": "早"}),
        json.dumps(line("09:10", "nobody", "早")),
        json.dumps(line("09:10", "wang", "!接单吧")),
        json.dumps(line("09:10", "li", "!已解决")),
        json.dumps({"at": moment("09:10"), "from": "li"}),
        json.dumps(line("08:00", "li", "早")),
        json.dumps({"at": moment("09:10"), "outage": "engine"}),
        json.dumps({"at": moment("09:10"), "outage": "weather", "until": moment("10:00")}),
        json.dumps({"at": moment("09:10"), "outage": "channel", "until": moment("09:00")}),
    ],
)
async def test_a_bad_line_gives_an_error_line_and_the_replay_goes_on(bad: str) -> None:
    """Whatever is wrong with a line: its number in an error line, exit status 1, the lines around it are served."""
    played = await play(("09:00", "li", URGENT), bad, ("09:30", "zhou", "!接单"))

    assert [error["line"] for error in played.errors] == [3]
    assert all(isinstance(error["error"], str) for error in played.errors)
    assert played.fine is False
    assert played.cases[0]["handler"] == "zhou"


@pytest.mark.parametrize(
    ("who", "row"),
    [
        ("x", {"role": "mayor"}),
        ("x", {"role": "village", "area": "火星村"}),
        ("x", {"role": "town"}),
        ("x", {"role": "department", "area": "峄城区", "department": "魔法局"}),
        ("x", {"role": "resident", "village": "火星村"}),
    ],
)
async def test_a_cast_that_cannot_be_used(who: str, row: dict[str, str]) -> None:
    """An unknown role, area or department: an error line for line 1 that names the person, and nothing is played."""
    played = await play(("09:00", "li", URGENT), cast={**CAST, who: row})

    assert played.fine is False
    assert [error["line"] for error in played.rows] == [1]
    assert "x" in played.rows[0]["error"]


def test_the_exit_status(tmp_path: Path) -> None:
    """0 when all lines were played, 1 when one was not; `--out` takes the lines, standard output nothing."""
    fine = [json.dumps({"at": moment("07:30"), "cast": CAST}), json.dumps(line("09:00", "li", "早上好"))]
    good, bad, out = tmp_path / "good.jsonl", tmp_path / "bad.jsonl", tmp_path / "out.jsonl"
    good.write_text("\n".join(fine), "utf-8")
    bad.write_text("\n".join([*fine, "oops"]), "utf-8")

    assert CliRunner().invoke(cli, ["replay", str(good)]).exit_code == 0
    assert CliRunner().invoke(cli, ["replay", str(bad)]).exit_code == 1
    shown = CliRunner().invoke(cli, ["replay", str(good), "--out", str(out)])
    assert (shown.exit_code, shown.stdout) == (0, "")
    assert json.loads(out.read_text("utf-8").splitlines()[-1])["final"] is True


async def test_a_storage_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    """A second replay on the same database is refused in a line, and nothing is written to it."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'once.db'}"
    first = await play(("09:00", "li", URGENT), storage=url)
    second = await play(("09:00", "li", URGENT), storage=url)

    assert first.fine and not second.fine
    assert [row.keys() >= {"error", "line"} for row in second.rows] == [True]


def without_receipts(played: Played) -> list[Any]:
    """Everything but the numbers that are drawn."""
    return [json.loads(re.sub(r"\d{8}|查询码：\d{6}", "#", json.dumps(row, ensure_ascii=False))) for row in played.rows]


async def test_the_same_scenario_gives_the_same_deliveries() -> None:
    """Twice the same but for receipts and codes, with an outage in it."""
    lines = (*SAMPLE[:6], ("09:05", "channel", "09:30"), *SAMPLE[6:])

    assert without_receipts(await play(*lines)) == without_receipts(await play(*lines))


async def test_receipt_and_code_stand_for_the_last_ones_on_this_phone() -> None:
    """{receipt} and {code} in what is said; from another phone the code opens the view, a wrong one nothing."""
    played = await play(
        ("09:00", "an", TAKEN),
        ("09:01", "an", "俺举报的事到哪一步了 {receipt} {code}"),
        ("09:02", "xu", LAMP),
        ("09:03", "xu", "进度 {receipt}"),
    )

    complaint, lamp = played.cases
    assert complaint["case"] in played.texts("an", "reply")[1]
    assert lamp["case"] in played.texts("xu", "reply")[1]


async def test_press_takes_the_newest_button_of_that_label_else_one_that_begins_so() -> None:
    """接单 presses the newest notice that has it; after an outage the buttons carry the receipt behind the word."""
    newest = await play(("09:00", "li", URGENT), ("09:10", "xu", ILLNESS), ("09:11", "zhou", "!接单"))
    begins = await play(
        ("07:50", "li", ILLNESS),
        ("07:51", "xu", ILLNESS),
        ("08:00", "engine", "11-21 09:00"),
        ("11-21 09:10", "zhou", "!接单"),
    )

    assert [case["handler"] for case in newest.cases] == [None, "zhou"]
    assert sorted(case["handler"] or "" for case in begins.cases) == ["", "zhou"]
    assert any(label.startswith("接单 ") for row in begins.deliveries("zhou") for label in row["buttons"])


async def test_replies_leave_at_once_in_an_outage_of_the_engine() -> None:
    """Notices, sweeps and digests wait for its end; replies do not."""
    played = await play(("09:00", "engine", "12:00"), ("09:10", "li", URGENT), ("09:20", "zhou", "待办"), ("12:01",))

    assert [(row["at"][11:16], row["to"], row["kind"]) for row in played.deliveries("li", "zhou", "zhao")] == [
        ("09:10", "li", "reply"),
        ("09:20", "zhou", "reply"),
        ("12:00", "zhou", "notice"),
        ("12:00", "zhao", "notice"),
    ]


async def test_an_outage_of_the_channel_holds_everything_until_it_ends() -> None:
    """Replies too, in their order, several to one person; `at` is the time of delivery, and what was decided
    meanwhile stands."""
    played = await play(
        ("08:00", "channel", "10:00"),
        ("08:10", "li", URGENT),
        ("08:20", "li", "四口人"),
        ("08:30", "li", "13800001234"),
        ("08:40", "zhou", "待办"),
        ("10:05", "zhou", "!接单"),
    )

    held = [row for row in played.rows if row.get("at", "") < moment("10:05") and "to" in row]
    assert {row["at"] for row in held} == {moment("10:00")}
    replies = [row["text"] for row in held if row["to"] == "li"]
    assert len(replies) == 3 and "几口人" in replies[0] and "电话" in replies[1]
    assert played.cases[0]["opened_at"] == moment("08:10")
    assert played.cases[0]["handler"] == "zhou"


async def test_outages_that_overlap() -> None:
    """Two outages of the engine that overlap end when the later one ends."""
    played = await play(("08:31", "engine", "12:00"), ("08:35", "engine", "09:00"), ("08:40", "li", URGENT), ("12:30",))

    assert played.told("zhou") == [("11-19 12:00", "zhou")]


async def test_at_one_instant_due_things_go_before_what_is_said() -> None:
    """接单 at the very minute of the limit comes after the step: the town has been told."""
    played = await play(("09:00", "li", URGENT), ("11:00", "zhou", "!接单"))

    assert [event["what"] for event in played.cases[0]["events"]] == ["opened", "escalated", "accepted"]
    assert ("11-19 11:00", "zhao") in played.told()


async def test_what_falls_due_by_a_press_is_not_put_off() -> None:
    """A claim undone after the limit it held back: the step is taken at that minute."""
    played = await play(("09:00", "li", URGENT), ("10:55", "zhou", "!接单"), ("11:03", "zhou", "!撤销"), ("11:30",))

    assert played.told("zhao") == [("11-19 11:03", "zhao")]


async def test_the_cast_line_delivers_nothing_and_nobody_else_exists() -> None:
    """Without lines nothing happens before 18:00, and then only the cast's supervisors hear of it."""
    played = await play(("18:00",))

    assert {row["at"] for row in played.deliveries()} == {moment("18:00")}
    assert {row["to"] for row in played.deliveries()} == {"zhao", "sun", "min", "shui", "ji", "shi"}
    assert played.cases == [] and played.final["visits"] == []


async def test_a_resident_is_known_by_name_and_village() -> None:
    """俺家 is the sender's own household of the register; without a village in the cast it is asked for."""
    played = await play(("09:00", "li", ILLNESS), ("09:01", "he", ILLNESS), ("09:02", "an", ILLNESS))

    assert [(case["household"], case["village"], case["grade"]) for case in played.cases] == [
        ("李秀兰", "石门东村", "E3"),
        ("何大力", "石门东村", "E2"),  # 监测户
        (None, None, "E3"),
    ]
    assert "哪个村" in played.texts("an")[0]


async def test_a_photo_and_a_voice_note_go_to_the_sorting_desk() -> None:
    """Without words: a lead at the county, E4, accepted within a working day, never told to the village."""
    played = await play(("09:00", "li", "@photo"), ("09:10", "he", "@voice"), ("11-20 10:00",))

    assert [(case["kind"], case["grade"], case["level"]) for case in played.cases] == [("lead", "E4", "county")] * 2
    assert played.told() == [
        ("11-19 09:00", "sun"),
        ("11-19 09:10", "sun"),
        ("11-20 09:00", "sun"),
        ("11-20 09:10", "sun"),
    ]


async def test_villages_of_the_same_name_need_their_town() -> None:
    """An area that is unique may stand alone, one that is not is written 镇/村."""
    lone = await play(("09:00", "li", LAMP), cast={**CAST, "li": {**CAST["li"], "village": HERE}})

    assert lone.cases[0]["town"] == "峨山镇"
    assert HOUSEHOLDS[0]["village"] == HERE


async def test_a_month_of_a_busy_village_takes_seconds() -> None:
    """Sixty lines over a month: the engine's work follows what is due, not what is open."""
    words = (ILLNESS, URGENT, LAMP, WATER, "早上好", "进度")
    people = ("li", "he", "xu", "an")
    lines = [
        (f"11-{day:02} {9 + turn:02}:00", people[(day + turn) % 4], words[(day * 2 + turn) % len(words)])
        for day in range(1, 31)
        for turn in range(2)
    ]
    played = await play(*lines, start="11-01 08:00")

    assert played.fine and len(played.cases) > 10
    assert all(case["due_at"] for case in played.cases if case["closed_at"] is None)
