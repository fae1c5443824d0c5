"""What officers order of one case in fixed words: 定级, 挂起, 报上级, 并案 (issue 4; rules B, D, G)."""

from __future__ import annotations

from village import Village

from assistance.case import Grade, Stage

NEED = "俺对象得了大病，看病花了不少钱，家里现在紧巴"  # E3
LAMP = "峨山镇石门东村南头的路灯坏了半个月了，天黑看不见路"  # E5
URGENT = "俺娘住院交不上押金还差八千大夫说明天就停药"  # E1


async def taken(place: Village, words: str = NEED) -> str:
    """A resident's need in the hands of 周敏; its receipt."""
    await place.says("li", words)
    receipt = place.receipt("li")
    await place.presses("zhou", "接单")
    return receipt


async def test_an_officer_raises_a_grade_in_a_word(place: Village) -> None:
    """改等级 E2 with a reason acts at once; the others who were told hear from what to what."""
    receipt = await taken(place)
    answer = await place.says("zhou", "改等级 E2 家里断了药")
    assert receipt in answer
    assert (await place.case(receipt)).grade is Grade.E2
    assert any("E3" in text and "E2" in text for text in place.heard("wang"))


async def test_without_a_grade_the_choices_are_listed_by_number(place: Village) -> None:
    receipt = await taken(place)
    answer = await place.says("zhou", "定级")
    number = next(line[0] for line in answer.splitlines() if "E2" in line)
    await place.says("zhou", number)
    assert (await place.case(receipt)).grade is Grade.E2


async def test_an_urgent_case_is_lowered_by_two(place: Village) -> None:
    """The reason is asked for, the town confirms by button, and until then it is an E1 in every list."""
    receipt = await taken(place, URGENT)
    await place.says("zhou", "定级 E3")
    await place.says("zhou", "押金已经垫上了")
    assert (await place.case(receipt)).grade is Grade.E1
    asked = next(text for text in place.heard("zhao") if "请确认降级" in text)
    assert "押金已经垫上了" in asked
    await place.presses("zhao", "同意降级")
    assert (await place.case(receipt)).grade is Grade.E3


async def test_who_asked_for_it_cannot_confirm_it(place: Village) -> None:
    receipt = await taken(place, URGENT)
    await place.says("zhou", "定级 E3 押金已经垫上了")
    await place.presses_late("zhou", "同意降级")
    assert (await place.case(receipt)).grade is Grade.E1


async def test_a_pause_is_asked_for_granted_and_told(place: Village) -> None:
    """The town presses 同意挂起; the resident hears until when it waits, and its end wakes the handler."""
    receipt = await taken(place)
    await place.says("zhou", "挂起 等户口本，到11月24日")
    assert any("等户口本" in text for text in place.heard("zhao"))
    await place.presses("zhao", "同意挂起")
    case = await place.case(receipt)
    assert case.stage is Stage.PAUSED
    assert any("还差材料" in text and receipt in text for text in place.heard("li"))
    place.hush()
    await place.later(days=6)
    assert any("挂起到期" in text for text in place.heard("zhou"))


async def test_a_long_pause_stands_in_the_digest(place: Village) -> None:
    """After two working days the 18:00 digest of the town says that it is paused."""
    receipt = await taken(place)
    await place.says("zhou", "挂起 等材料")
    await place.presses("zhao", "同意挂起")
    place.hush()
    await place.until("2026-11-23 18:00")
    digest = place.heard("zhao", "digest")[-1]
    assert "挂起超过两天1件" in digest
    assert receipt in digest


async def test_what_is_urgent_is_never_paused(place: Village) -> None:
    receipt = await taken(place, URGENT)
    answer = await place.says("zhou", "挂起 等材料")
    assert "不能挂起" in answer
    assert (await place.case(receipt)).stage is Stage.ACCEPTED


async def test_sending_it_up_by_hand(place: Village) -> None:
    """报区里: the county hears at once, 周敏 keeps the case."""
    receipt = await taken(place)
    place.hush()
    await place.says("zhou", "报区里")
    assert any("下面报上来" in text for text in place.heard("sun"))
    assert (await place.case(receipt)).handler == "zhou"


async def test_two_that_are_one_are_merged_and_both_receipts_go_on(place: Village) -> None:
    """The second reporter is asked 解决没有 with a receipt of their own, and never hears that others said it too."""
    await place.says("li", LAMP)
    first = place.receipt("li")
    await place.later(days=8)  # too late to fold by itself
    await place.says("meng", "庄里路灯又坏了，咋又坏了，没人管")
    second = place.receipt("meng")
    assert (await place.case(first)).id != (await place.case(second)).id
    answer = await place.says("zhao", f"并案 {first} {second}")
    assert second in answer
    kept = await place.case(first)
    assert kept.reports == 2
    place.hush()
    await place.presses("zhou", "接单")
    await place.presses("zhou", "办结")
    assert any(second in text and "解决了没有" in text for text in place.heard("meng"))
    assert not any(first in text for text in place.heard("meng"))
    assert "办好了" in await place.says("meng", f"进度 {second}")
    assert "并案" not in await place.says("zhao", f"进度 {second}")


async def test_a_merger_never_crosses_a_seal(place: Village) -> None:
    """The town sees no complaint, so there is nothing to merge; the county, which does, is refused."""
    await place.says("li", LAMP)
    lamp = place.receipt("li")
    await place.says("meng", "石门东村会计私自扣了俺们的土地流转款")
    sealed = place.receipt("meng")
    unknown = await place.says("zhao", f"并案 {lamp} 39999999")
    assert await place.says("zhao", f"并案 {lamp} {sealed}") == unknown
    assert "不能并" in await place.says("sun", f"并案 {lamp} {sealed}")


async def test_a_resident_s_words_are_no_order(place: Village) -> None:
    await place.says("li", NEED)
    receipt = place.receipt("li")
    await place.says("li", "定级 E0")
    assert (await place.case(receipt)).grade is Grade.E3


async def test_progress_that_sounds_like_an_order_stays_progress(place: Village) -> None:
    """定级鉴定, 报区里备案 and 恢复供水 are told as progress; they change no grade and wake nobody."""
    receipt = await taken(place)
    place.hush()
    for words in ("已经定级鉴定过了", "材料报区里备案了", "恢复用药了", "前面已并案处理"):
        await place.says("zhou", words)
    case = await place.case(receipt)
    assert case.grade is Grade.E3
    assert not any("下面报上来" in text for text in place.heard("sun"))


async def test_held_words_are_opened_to_the_town_and_not_to_the_village(place: Village) -> None:
    """定范围 镇街 of words that were held: the town reads them, the village goes on without, the accused never does."""
    await place.says("li", NEED)
    await place.says("li", "补充一下，会计王建国要两千块钱才给报上去")
    await place.presses("sun", "定范围")
    await place.says("sun", "镇街")
    await place.later(days=8)
    assert "两千" in place.ever_heard("zhao")
    assert "两千" not in place.ever_heard("wang") + place.ever_heard("zhou")


async def test_held_words_are_opened_to_the_village_without_the_accused(place: Village) -> None:
    """定范围 村级: 周敏 may read them, 王建国, whom they accuse, never does."""
    await place.says("li", NEED)
    await place.says("li", "补充一下，会计王建国要两千块钱才给报上去")
    await place.presses("sun", "定范围")
    await place.says("sun", "村级")
    await place.later(days=8)
    assert "两千" not in place.ever_heard("wang")
