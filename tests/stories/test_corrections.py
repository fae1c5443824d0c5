"""纠正: an officer says what a message was; the words are acted on anew, and the reader learns from them (issue 5)."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sqlalchemy import select
from village import Village, village

from assistance.case import Grade, Kind, Stage
from assistance.ports import CaseWords, Example
from bot.settings import read_settings
from bot.training import corrections, local_model, train
from nlp.gazetteer import Context, Gazetteer
from nlp.understand import Reader
from nlp.voices import parts
from storage.crypto import Keys
from storage.tables import notices

HINTED = "俺家的路子断了，娃的学费让他扣下了，要不回来，日子过不下去"  # taken for a need: E3
TAKEN = "李秀兰家的路子断了，娃的学费八百块让他扣下了，要不回来，日子过不下去"  # the same of another household
SAID = "碾盘会散了，都说到了"
DANGER = ("俺实在不想活了，药都攒好了，在峨山镇石门东村李秀兰家", "俺儿子拿着刀要砍俺，快来人")


async def examples(place: Village) -> list[Example]:
    """What is kept to learn from."""
    async with place.program.store.work() as work:
        return list(await work.examples.all())


async def shown(place: Village, who: str, receipt: str) -> CaseWords:
    """What an officer reads of a case."""
    case = await place.case(receipt)
    async with place.program.store.work() as work:
        return await work.cases.seen_by((await work.people.directory()).persons[who]).words(case)


async def test_an_officer_says_that_it_was_a_visit(place: Village) -> None:
    """这是走访 right after the message: the visit is kept, and the words without names are learned from."""
    await place.says("zhou", SAID)
    answer = await place.says("zhou", "这是走访")
    assert "走访记下了" in answer
    kept = await examples(place)
    assert [(one.text, one.role, one.intent) for one in kept] == [(SAID, "cadre", "visit")]


async def test_what_is_learned_from_names_nobody(place: Village) -> None:
    """Names, villages, sums and phones are signs in what is kept."""
    await place.says("zhou", "石门东村李秀兰那头碾盘会散了，垫了五百块，13800001234")
    await place.says("zhou", "这是走访")
    (kept,) = await examples(place)
    assert not any(word in kept.text for word in ("李秀兰", "石门东村", "五百", "13800001234"))


async def test_a_case_taken_for_a_complaint_is_sealed_and_its_need_goes_on(place: Village) -> None:
    """改为投诉 by whoever was told of it: a second, sealed case, words that the village reads no more, and a clock that
    runs on; its reporter hears of it, and nothing is learned from sealed words."""
    await place.says("li", HINTED)
    receipt = place.receipt("li")
    before = await place.case(receipt)
    answer = await place.says("zhou", f"改为投诉 {receipt}")
    need, complaint = await place.cases()
    assert (complaint.kind, complaint.grade, complaint.sealed) == (Kind.COMPLAINT, Grade.C2, True)
    assert need.receipt == receipt and need.stage.climbing and need.version == before.version
    async with place.program.store.work() as work:
        people = (await work.people.directory()).persons
        seen = await work.cases.seen_by(people["zhou"]).words(need)
        assert await work.cases.seen_by(people["zhou"]).one(complaint.id) is None
    assert not seen.reports
    assert complaint.receipt not in answer + place.ever_heard("zhou") + place.ever_heard("zhao")
    assert any(complaint.receipt in text for text in place.heard("li"))
    assert any("密封" in text for text in place.heard("ji"))
    assert await examples(place) == []


async def test_a_sealed_case_teaches_nothing(place: Village) -> None:
    """Whatever an officer says of their own accusation: its words are not kept to learn from."""
    await place.says("zhou", "王建国把老孙家的低保钱扣下了")
    await place.says("zhou", "这是走访")
    assert await examples(place) == []


async def test_words_that_were_sealed_are_never_learned_from(place: Village) -> None:
    """Neither by their receipt, when the talk has gone elsewhere, nor by storage, whoever asks it."""
    await place.says("zhou", HINTED)
    receipt = place.receipt("zhou")
    await place.says("zhou", "改为投诉")
    await place.says("li", "俺对象得了大病，看病花了不少钱，家里现在紧巴")
    await place.presses("zhou", "接单")
    assert "封存" in await place.says("zhou", f"这是走访 {receipt}")
    case = await place.case(receipt)
    async with place.program.store.work() as work:
        (report,) = await work.cases.reporters(case.id)
        await work.examples.keep(Example(report.said, place.clock.now, HINTED, "cadre", "visit"))
    assert await examples(place) == []


async def test_what_was_learned_from_words_is_forgotten_when_they_are_sealed(place: Village) -> None:
    """Also where nobody corrects it again: the words move under the second key, and the example goes."""
    await place.says("li", HINTED)
    receipt = place.receipt("li")
    await place.says("zhou", f"这是咨询 {receipt}")
    assert len(await examples(place)) == 1
    case = await place.case(receipt)
    async with place.program.store.work() as work:
        (report,) = await work.cases.reporters(case.id)
        await work.inbox.answered(report.said, sealed=True)
    assert await examples(place) == []


@pytest.mark.parametrize("words", DANGER)
async def test_a_danger_to_life_is_no_lesson_and_stays_open_to_those_who_go_there(place: Village, words: str) -> None:
    """One officer alone does not teach the reader that it is none, nor take its words from the helpers."""
    await place.says("li", words)
    (case,) = await place.cases()
    assert "照这个学" not in await place.says("zhou", f"这是闲聊 {case.receipt}")
    assert await examples(place) == []
    await place.says("wang", f"改为投诉 {case.receipt}")
    assert [one.id for one in await place.cases()] == [case.id]
    assert len((await shown(place, "zhou", case.receipt)).reports) == 1


async def test_own_words_corrected_by_their_receipt_are_shown_no_more(place: Village) -> None:
    """Nor the sum in them; said again it opens nothing."""
    await place.says("zhou", TAKEN)
    receipt = place.receipt("zhou")
    assert (await shown(place, "wang", receipt)).facts["amount"] == 800
    await place.says("li", "俺对象得了大病，看病花了不少钱，家里现在紧巴")
    await place.presses("zhou", "接单")
    await place.says("zhou", f"改为投诉 {receipt}")
    read = await shown(place, "wang", receipt)
    assert not read.reports and not read.facts["amount"] and read.facts["household"] == "李秀兰"
    known = len(await place.cases())
    await place.says("zhou", f"改为投诉 {receipt}")
    assert len(await place.cases()) == known


async def test_words_that_somebody_claimed_are_shown_no_more(place: Village) -> None:
    """Whoever claimed the report said nothing: the complaint is of the one who did."""
    await place.says("zhou", TAKEN)
    receipt, code = place.receipt("zhou"), place.code("zhou")
    await place.says("li", f"认领 {receipt} {code}")
    place.hush()
    await place.says("wang", f"改为投诉 {place.receipt('li')}")
    read = await shown(place, "wang", receipt)
    assert not read.reports and not read.facts["amount"]
    assert any("查询码" in text for text in place.heard("zhou")) and not place.heard("li")


async def test_the_receipt_says_whose_words_of_a_case_are_meant(place: Village) -> None:
    """Two told of the same need: the second one's words are sealed, the first one's stay."""
    await place.says("li", "俺对象得了大病，看病花了不少钱，家里现在紧巴")
    first = place.receipt("li")
    await place.says("zhou", "李秀兰对象得了大病，看病花了不少钱，家里现在紧巴")
    second = place.receipt("zhou")
    assert len(await place.cases()) == 1 and first != second
    await place.says("wang", f"改为投诉 {second}")
    assert [report.by for report, _ in (await shown(place, "wang", first)).reports] == ["li"]


async def test_a_correction_that_changes_nothing_ends_nothing(place: Village) -> None:
    """Trouble with a thing called a complaint, a complaint called one once more: the case is told and counted once."""
    await place.says("zhou", "石门东村路灯坏了半个月了")
    receipt = place.receipt("zhou")
    before = await place.case(receipt)
    assert receipt in await place.says("zhou", "这是投诉")
    assert await place.cases() == [before]
    await place.says("wang", "镇上赵伟把老孙家的低保钱扣下了")
    await place.says("wang", "这是投诉")
    assert [one.sealed for one in await place.cases()] == [False, True]


async def test_no_row_ties_the_new_complaint_to_the_case_that_it_was(place: Village) -> None:
    """Whoever has the database without the keys reads no need's number beside a complaint; and the two share no
    handler."""
    await place.says("li", HINTED)
    await place.says("zhou", f"改为投诉 {place.receipt('li')}")
    need, complaint = await place.cases()
    assert complaint.linked == need.id
    async with place.program.store.work() as work:
        rows = (await work._connection.execute(select(notices.c.case, notices.c.step, notices.c.queued_at))).all()
    at = {row.queued_at for row in rows if row.case == complaint.id}
    assert not [row for row in rows if need.id in row.step]
    assert len(at) == 1 and len([row for row in rows if row.case == need.id and row.step.startswith("reply")]) == 1


async def test_another_name_for_somebody_elses_case_only_teaches(place: Village) -> None:
    """这是咨询 said of a resident's case leaves it where it is."""
    await place.says("li", "俺对象得了大病，看病花了不少钱，家里现在紧巴")
    receipt = place.receipt("li")
    await place.says("zhou", f"这是咨询 {receipt}")
    case = await place.case(receipt)
    assert (case.stage, case.grade) == (Stage.NEW, Grade.E3)
    assert [one.intent for one in await examples(place)] == ["policy"]


async def test_a_resident_corrects_nothing_by_these_words(place: Village) -> None:
    """They are for officers; from a resident they are words like any others."""
    await place.says("li", "俺对象得了大病，看病花了不少钱，家里现在紧巴")
    await place.says("li", f"这是咨询 {place.receipt('li')}")
    assert await examples(place) == []


async def test_erasing_a_case_erases_what_was_learned_from_it(place: Village) -> None:
    """The words go, and the example made of them."""
    await place.says("li", "俺对象得了大病，看病花了不少钱，家里现在紧巴")
    case = (await place.cases())[0]
    await place.says("zhou", f"这是咨询 {case.receipt}")
    async with place.program.store.work() as work:
        await work.erasing.case(case.id, await work.cases.for_engine().history(case.id))
    assert await examples(place) == []


async def test_a_correction_changes_the_next_reading_after_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An officer corrects, the operator runs `jishiyu train`, and from the next start the words are read so."""
    url, keys = f"sqlite+aiosqlite:///{tmp_path / 'village.db'}", Keys.fresh()
    said = (SAID, "碾盘会今天开完了", "碾盘会又散了一场")
    async with village(tmp_path, url=url, keys=keys) as place:
        for words in said:
            await place.says("zhou", words)
            await place.says("zhou", "这是走访")
            await place.says("zhou", "取消")
        kept = await examples(place)
    assert len(kept) == len(said)
    few = {side: lines[:: len(lines) // count] for side, count in (("train", 400), ("dev", 300))
           for lines in [parts()[side]]}  # fmt: skip
    monkeypatch.setattr("nlp.voices.parts", lambda: few)
    found = [{"text": one.text, "role": one.role, "intent": one.intent} for one in kept]
    told = io.StringIO()
    assert train(found * 3, tmp_path, lambda line: print(line, file=told)), told.getvalue()
    model = local_model(tmp_path)
    assert model is not None
    before, after = (
        Reader(Gazetteer(), known).understand(SAID, Context(now=kept[0].at, role="cadre")) for known in (None, model)
    )
    assert before.intent != "visit"
    assert after.intent == "visit"


async def test_the_operator_learns_from_what_is_in_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`jishiyu train` without a file reads the corrections that officers made."""
    monkeypatch.chdir(tmp_path)
    settings = read_settings(data_dir=tmp_path / "data")
    assert await corrections(settings) == []
