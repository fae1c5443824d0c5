"""Who and where: whatever way a name is typed, the case and the visit end at the right household (docs/rules.md I)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from village import Village, village

from storage.crypto import Keys

TWO_FORMS = "户主：李秀兰 日期：11月17日 见到谁：本人 住房：西屋漏雨 诉求：想修屋顶\n户主：孙长友 日期：11月18日 见到谁：本人 身体：正常 住房：正常"


async def visits(place: Village) -> list[tuple[str | None, str | None]]:
    return [(visit["household"], visit["on"]) for visit in (await place.final())["visits"]]


async def test_two_forms_in_one_message_become_two_visits(place: Village) -> None:
    """Each form keeps its own day and household; the leaking roof of the first opens a case of that household alone."""
    answer = await place.says("zhou", TWO_FORMS)

    assert await visits(place) == [("李秀兰", "2026-11-17"), ("孙长友", "2026-11-18")]
    final = await place.final()
    assert [case["household"] for case in final["cases"]] == ["李秀兰"]
    assert "李秀兰" in answer and "孙长友" in answer


async def test_rows_of_a_ledger_become_visits(place: Village) -> None:
    """Rows pasted below a line of labels are read by their columns."""
    rows = "序号\t户主\t日期\t情况\n1\t李秀兰\t11月16日\t正常\n2\t孙长有\t11月17日\t正常"
    await place.says("zhou", f"今天的走访记录\n{rows}")
    assert await visits(place) == [("李秀兰", "2026-11-16"), ("孙长有", "2026-11-17")]


async def test_several_visits_in_plain_words_become_several_visits(place: Village) -> None:
    """A list of names, and a further clause with its own day."""
    await place.says("zhou", "昨天走访李秀兰、孙长友两家，都正常，没啥问题。今天上午去了孙长有家，锁门没见到人")
    assert await visits(place) == [
        ("李秀兰", "2026-11-18"), ("孙长友", "2026-11-18"), ("孙长有", "2026-11-19"),
    ]  # fmt: skip


async def test_blame_in_one_of_several_visits_seals_what_the_message_opens(place: Village) -> None:
    """What accuses the secretary in the second visit is not read through the case of the first one."""
    await place.says(
        "zhou", "走访李秀兰家，西屋漏雨没钱修。走访孙长友家，他说村支书王建国扣了他五百块低保钱不给，要举报"
    )
    assert await visits(place) == [("李秀兰", "2026-11-19"), ("孙长友", "2026-11-19")]
    assert "五百" not in place.ever_heard("wang")
    assert "举报" not in place.ever_heard("wang")


async def test_a_name_of_the_same_sound_is_asked_and_ends_at_the_right_household(place: Village) -> None:
    """孙常友 is nobody of the register: the two that sound so are offered, and the one picked has the visit."""
    answer = await place.says("zhou", "今天走访孙常友家，老人身体好，药够吃")
    assert "孙长友" in answer and "孙长有" in answer

    await place.says("zhou", "2")

    assert await visits(place) == [("孙长有", "2026-11-19")]


async def test_one_household_of_the_same_sound_is_offered_too(place: Village) -> None:
    """贾手田 is asked about although only one household sounds like it."""
    answer = await place.says("qi", "今天去了贾手田家，家里都好")
    assert "贾守田" in answer
    await place.says("qi", "1")
    assert await visits(place) == [("贾守田", "2026-11-19")]


async def test_an_exact_name_is_never_asked_about(place: Village) -> None:
    """孙长友 stands in the register, so nobody is asked about 孙长有."""
    answer = await place.says("zhou", "今天走访孙长友家，家里都好")
    assert "哪一家" not in answer
    assert await visits(place) == [("孙长友", "2026-11-19")]


@pytest.mark.parametrize("answer", ["榴园镇的", "榴园镇王庄村"])
async def test_a_village_name_of_two_towns_is_asked_and_ends_in_the_right_one(place: Village, answer: str) -> None:
    """王庄村 is five villages: the towns are offered, and the town named settles it."""
    asked = await place.says("gu", "俺是王庄村的，俺娘住院交不上押金还差八千，大夫说明天就停药")
    assert "榴园镇王庄村" in asked and "峨山镇王庄村" in asked

    await place.says("gu", answer)

    (case,) = await place.cases()
    final = (await place.final())["cases"][0]
    assert (final["village"], final["town"]) == ("王庄村", "榴园镇")
    assert case.village is not None


async def test_the_town_in_the_words_settles_a_village_name_at_once(place: Village) -> None:
    """With the town beside it nothing is asked."""
    asked = await place.says("gu", "俺是榴园镇王庄村的，俺娘住院交不上押金还差八千，大夫说明天就停药")
    assert "哪一个" not in asked
    assert (await place.final())["cases"][0]["town"] == "榴园镇"


async def test_a_household_size_corrected_a_minute_later_changes_the_same_case(place: Village) -> None:
    """三口人 becomes 四口人 in the case of the same household; no second case opens."""
    await place.says("li", "俺娘住院交不上押金还差八千，大夫说明天就停药，家里三口人")
    await place.later(minutes=1)
    await place.says("li", "刚才说错了，是四口人不是三口人")

    (case,) = (await place.final())["cases"]
    assert case["household"] == "李秀兰"
    assert case["facts"]["people"] == 4


async def test_a_changed_roster_is_known_at_once_to_every_worker(tmp_path: Path) -> None:
    """What one process writes into the register, the next message in another process is read with."""
    url, keys = f"sqlite+aiosqlite:///{tmp_path / 'both.db'}", Keys.fresh()
    async with (
        village(tmp_path / "one", url=url, keys=keys) as one,
        village(tmp_path / "two", url=url, keys=keys) as two,
    ):
        assert "哪一家" not in await two.says("zhou", "今天走访单庆梅家，家里都好")
        async with one.program.store.work() as work:
            known = next(iter((await work.people.directory()).households.values()))
            await work.people.add_household(replace(known, id="new", head="善庆美", aliases=()))
        answer = await two.says("zhou", "今天走访单庆梅家，家里都好")
        assert "善庆美" in answer and "哪一家" in answer
