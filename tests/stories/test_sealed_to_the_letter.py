"""What docs/rules.md H says of each level, of opening a seal, and of who was shown what (docs/sealing.md lists it)."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest
import village as stories
from village import Village, village

from assistance.case import What
from bot.accesses import show

KIN = "俺儿媳妇把俺的养老卡拿走了一分不给，我要投诉她，她还骂人"
LOCAL = ("wang", "zhou", "zhao", "qi", "liu", "min", "shui")

# who says it · the words · who never hears of it · who does (nobody: only the advice to ring 12388)
LEVELS = {
    "C1 about a village: never the village": ("meng", "石门东村村委会办事推三阻四，跑了八趟还是不给开证明", LOCAL, "sun"),
    "C1 about a town: never the town": ("meng", "镇里办事大厅的人态度太差，跑了四趟推来推去", LOCAL, "sun"),
    "C1 about a department: never the department": ("gu", "区民政局办事大厅态度太差，跑了五趟推来推去", LOCAL, "sun"),
    "C2 about a department officer: never the county": ("gu", "民政局的闵强拿了俺五百块好处费", ("sun", *LOCAL), "ji"),
    "C2 about the city": ("li", "市里石岩包庇峄城的干部", ("sun", "ji", "shi", *LOCAL), None),
    "C2 about 纪委": ("gu", "纪明收了俺三千块钱才给立案", ("sun", "ji", "shi", *LOCAL), None),
    "told by a county officer": ("sun", "我举报石门东村书记王建国截留扶贫款", LOCAL, "ji"),
    "told by a department officer about the county": ("min", "举报区里孙丽收了两万块好处费", ("sun", "zhao", "wang"), "ji"),
    "told by 纪委 about the city": ("ji", "举报市里石岩收了老板的钱", ("sun", "shi", *LOCAL), None),
    "told by the helper about the town": ("zhou", "举报镇上赵伟收了三千块钱才给办低保", ("wang", "zhao"), "ji"),
}  # fmt: skip


@pytest.mark.parametrize("name", LEVELS)
async def test_each_level_is_kept_out_as_the_rule_says(place: Village, name: str) -> None:
    """For twenty days nobody hears of it whom the rule keeps out, and somebody does whom it names."""
    who, text, never, hears = LEVELS[name]
    answer = await place.says(who, text)
    receipt, code = place.receipt(who), place.code(who)
    await place.later(days=20)
    assert ("12388" in answer) is (hears is None)
    for one in never:
        heard = (
            place.ever_heard(one) if one != who else "".join(place.heard(one, "notice") + place.heard(one, "digest"))
        )
        assert receipt not in heard, one
    if hears:
        assert receipt in place.ever_heard(hears)
    assert receipt in await place.says(who, f"到哪一步了 {receipt} {code}")  # the reporter's own view stays


async def test_the_operator_learns_the_id_of_what_nobody_may_see(
    place: Village, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """About 纪委 or the city the log names the event, and nothing of what it is."""
    await place.says("gu", "纪明收了俺三千块钱才给立案")
    (case,) = await place.cases()
    told = "".join(capfd.readouterr()) + caplog.text
    assert "nobody_may_see" in told and f"{case.id}#1" in told
    assert not re.search(f"{case.receipt}|纪明|三千|立案", told)


async def scoped(place: Village, words: str) -> tuple[str, str]:
    """A complaint about kin, opened to the town; the receipt and the answer to the officer."""
    await place.says("li", KIN)
    receipt = place.receipt("li")
    await place.presses("ji", "定范围")
    return receipt, await place.says("ji", words)


async def test_opening_a_seal_asks_why(place: Village) -> None:
    """定范围 acts at once and asks one line; the history says who and when, nobody below reads why, and it can be
    erased."""
    receipt, answer = await scoped(place, "镇街")
    assert "为什么" in answer
    assert receipt in place.ever_heard("zhao")
    await place.says("ji", "跳过")
    assert "记" in await place.says("ji", "婆媳的事，请司法所的人调解")
    case = await place.case(receipt)
    async with place.program.store.work() as work:
        history = await work.cases.for_engine().history(case.id)
        words = await work.cases.for_engine().words(case)
    opened = next(event for event in history if event.what is What.SCOPED)
    why = next(event for event in history if event.data.get("why_of") == opened.seq)
    assert (opened.by, why.by) == ("ji", "ji") and why.data["said"]
    assert "司法所" not in str([event.data for event in history])
    assert words.facts["scope"] == "婆媳的事，请司法所的人调解"
    await place.later(days=3)
    for who in ("zhao", "li", *LOCAL):
        assert "司法所" not in place.ever_heard(who)
    async with place.program.store.work() as work:
        await work.erasing.case(case.id, history)
        assert "scope" not in (await work.cases.for_engine().words(case)).facts


async def test_the_reason_may_stand_behind_the_level(place: Village) -> None:
    """镇街，婆媳的事: nothing is asked any more."""
    receipt, answer = await scoped(place, "镇街，婆媳的事请镇里调解")
    assert "为什么" not in answer
    case = await place.case(receipt)
    async with place.program.store.work() as work:
        assert (await work.cases.for_engine().words(case)).facts["scope"] == "婆媳的事请镇里调解"


async def test_what_one_seal_opened_opens_no_other(place: Village) -> None:
    """A complaint that 定范围 has shown to the town is not merged with one that it has not."""
    first, _ = await scoped(place, "镇街，婆媳的事")
    await place.says("meng", "俺儿媳妇把俺的养老卡抢走了，一分不给俺，我要投诉她，她还骂人")
    second = place.receipt("meng")
    answer = await place.says("ji", f"并案 {first} {second}")
    assert "不能并" in answer
    await place.later(days=2)
    assert "抢走" not in place.ever_heard("zhao")


async def test_who_was_shown_sealed_words_is_written_down(place: Village) -> None:
    """Each officer whose phone showed them, with time and case; the operator reads ids and nothing else."""
    await place.says("meng", "王书记收了俺八百块跑腿费才给盖章")
    (case,) = await place.cases()
    async with place.program.store.work() as work:
        found = await work.accesses.all(case.id)
        person = await work.people.whose("web", "ji")
    assert person is not None
    assert [(one.person, one.case, one.how) for one in found] == [(person.id, case.id, "letter")]
    printed = show(found, as_json=False) + show(found, as_json=True)
    assert person.id in printed and case.id in printed
    assert not re.search(f"{case.receipt}|八百|王书记|纪明", printed)


async def test_held_words_are_written_down_too(place: Village) -> None:
    """Words held with a need that are shown to the county are an access; the need in the bot's words is none."""
    await place.says("li", "俺娘住院交不上押金还差八千")
    async with place.program.store.work() as work:
        assert await work.accesses.all() == []
    await place.says("li", "补充一下，书记王建国收了俺两千块钱才给报上去")
    async with place.program.store.work() as work:
        readers = {one.person for one in await work.accesses.all()}
        sun = await work.people.whose("web", "sun")
    assert sun is not None
    assert readers == {sun.id}


@pytest.mark.parametrize("text", ["请问实名举报有奖励吗", "举报干部要啥材料"])
async def test_who_asks_how_one_reports_is_not_told_to_the_village(place: Village, text: str) -> None:
    """A question about rules accuses nobody, and is still not shown to those whom it may be about."""
    await place.says("meng", text)
    await place.later(days=8)
    for who in LOCAL:
        assert not any("举报" in heard for heard in place.heard(who)), who
    assert any(text in heard for who in ("sun", "ji") for heard in place.heard(who))


async def test_what_accuses_the_county_goes_to_no_department_of_it(place: Village) -> None:
    """Whoever reports to the accused is kept out as well: 纪委 cannot pass it on to an office of the county."""
    await place.says("gu", "区里孙丽收了人家两万块才给批项目")
    receipt = place.receipt("gu")
    await place.presses("ji", "接单")
    await place.presses("ji", "转办")
    await place.says("ji", "民政局")
    await place.later(days=3)
    assert receipt not in place.ever_heard("min")
    assert (await place.case(receipt)).desk == "discipline:370404"


async def test_the_county_does_not_choose_who_investigates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nobody at 纪委 a county officer cannot bring somebody in there, a second phone of their own perhaps."""
    cast = copy.deepcopy(stories.CAST)
    del cast["cast"]["ji"]
    monkeypatch.setattr(stories, "CAST", cast)
    async with village(tmp_path) as place:
        await place.says("gu", "区里孙丽收了人家两万块才给批项目")
        assert "登录码" not in await place.says("sun", "邀请 高远山 纪委 科员")
        assert "登录码" in await place.says("shi", "邀请 高远山 纪委 科员")
