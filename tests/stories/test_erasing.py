"""删除个人信息: the words of a closed case go when their time is over or their reporter asks; the history stays whole."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from village import MORNING, Village, village

from assistance.case import What
from bot import erase
from bot.settings import read_settings
from bot.verify import verify
from storage.crypto import Keys

HOSPITAL = "俺娘住院交不上押金还差八千大夫说明天就停药"


async def closed(place: Village) -> str:
    """A need from its first word to the resident's 已解决; gives its receipt."""
    await place.says("li", HOSPITAL)
    receipt = place.receipt("li")
    await place.presses("zhou", "接单")
    await place.says("zhou", "核实属实")
    await place.says("zhou", "办结")
    await place.says("zhou", "联系医院先做了手术")
    await place.says("zhou", "八千")
    await place.presses("li", "已解决")
    return receipt


async def words_of(place: Village, receipt: str) -> tuple[list[str], dict[str, object]]:
    """The words and facts that are still kept of a case."""
    case = await place.case(receipt)
    async with place.program.store.work() as work:
        words = await work.cases.for_engine().words(case)
        return [text for _, text in words.reports if text], dict(words.facts)


async def second_county_officer(place: Village) -> None:
    """A colleague of 孙丽: two people of the county decide."""
    async with place.program.store.work() as work:
        sun = (await work.people.directory()).persons["sun"]
        from dataclasses import replace

        await work.people.enroll(replace(sun, id="qian", name="钱勇"), "web", "qian")


async def test_the_reporter_asks_and_two_officers_agree(place: Village) -> None:
    """Words, facts and the reporter are gone; every line of the history is still there and whole."""
    await second_county_officer(place)
    receipt = await closed(place)
    before = await place.case(receipt)
    assert "两位同志" in await place.says("li", f"删除我的信息 {receipt}")
    assert any("要求删除" in text for text in place.heard("sun"))
    assert "另一位同志确认" in await place.says("sun", f"删除个人信息 {receipt}")
    assert "第二位" not in place.ever_heard("sun")
    assert "另一位同志" in await place.says("sun", f"同意删除 {receipt}")
    assert await words_of(place, receipt) != ([], {})
    assert "删好了" in await place.presses("qian", "同意删除")

    assert await words_of(place, receipt) == ([], {})
    after = await place.case(receipt)
    assert after.erased_at is not None
    async with place.program.store.work() as work:
        history = await work.cases.for_engine().history(after.id)
        assert [line.what for line in history][: before.seq][-1] is not What.ERASED
        assert (history[-1].what, history[-1].by, history[-1].data["asked_by"]) == (What.ERASED, "qian", "sun")
        assert [report.by for report in await work.cases.reporters(after.id)] == [""]
        assert await work.cases.told_by("li") == []
        entries = await work.ledger.of_household(after.household or "")
        assert [(one.erased, await work.ledger.words(one.id)) for one in entries] == [(True, {})]
    assert (await place.program.store.verify()).findings == []


async def test_no_letter_of_it_is_left_in_the_file(tmp_path: Path) -> None:
    """Nothing that can be opened with any key tells the words: the rows are overwritten or gone."""
    keys = Keys.fresh()
    url = f"sqlite+aiosqlite:///{tmp_path / 'jishiyu.db'}"
    async with village(tmp_path, url=url, keys=keys) as place:
        receipt = await closed(place)
        case = (await place.case(receipt)).id
        done, told = await _erase_now(place, tmp_path, url, keys, receipt, own=True)
        assert done, told
        assert "老娘" not in str(await words_of(place, receipt))
    with sqlite3.connect(tmp_path / "jishiyu.db") as database:
        for table in ("notices", "reports"):
            left = database.execute(f'SELECT count(*) FROM {table} WHERE "case" = ?', (case,)).fetchone()[0]
            assert left == (0 if table == "notices" else 1)
        assert database.execute("SELECT reporter, code FROM reports").fetchall() == [(None, None)]
    settings = read_settings(data_dir=tmp_path, database=url, keys=keys.text())
    assert (await verify(settings)).findings == []


async def _erase_now(place: Village, folder: Path, url: str, keys: Keys, receipt: str, **more: object):
    await place.program.store.close()
    settings = read_settings(data_dir=folder, database=url, keys=keys.text())
    return await erase.erase(settings, receipt, "本人要求", **more)


async def test_nothing_goes_while_the_case_is_open(place: Village) -> None:
    """An open case keeps its words, whoever asks; withdrawing is told as the way."""
    await place.says("li", HOSPITAL)
    receipt = place.receipt("li")
    assert "办结以后才能删" in await place.says("li", f"删除我的信息 {receipt}")
    assert "办结以后才能删" in await place.says("sun", f"删除个人信息 {receipt}")


async def test_nothing_goes_before_its_time_without_its_reporter(place: Village) -> None:
    """Within three years only the reporter's own wish lets the words go; a village officer cannot even ask."""
    await second_county_officer(place)
    receipt = await closed(place)
    assert "没满保存年限" in await place.says("sun", f"删除个人信息 {receipt}")
    assert "要由区里或纪委" in await place.says("zhou", f"删除个人信息 {receipt}")
    assert "没查到" in await place.says("chen", f"删除我的信息 {receipt}")


async def test_one_officer_alone_erases_nothing(place: Village) -> None:
    """With nobody to agree the words stay."""
    receipt = await closed(place)
    await place.says("li", f"删除我的信息 {receipt}")
    from dataclasses import replace

    async with place.program.store.work() as work:
        ji = (await work.people.directory()).persons["ji"]
        await work.people.put(replace(ji, left=place.clock.now))
    assert "没有第二位" in await place.says("sun", f"删除个人信息 {receipt}")


async def test_the_second_may_refuse(place: Village) -> None:
    """不删除 keeps everything, and the first is told."""
    await second_county_officer(place)
    receipt = await closed(place)
    await place.says("li", f"删除我的信息 {receipt}")
    await place.says("sun", f"删除个人信息 {receipt}")
    assert "不删" in await place.presses("qian", "不删除")
    await place.later(minutes=1)
    assert "没同意删除" in place.ever_heard("sun")
    assert (await words_of(place, receipt))[0] != []


async def test_a_complaint_goes_with_receipt_and_code_only(place: Village) -> None:
    """Within its ten years a complaint's words go when its reporter asks with receipt and code, and not else."""
    await place.says("gu", "石门东村书记把他小舅子弄成低保户了，人家开着两辆车")
    receipt, code = place.receipt("gu"), place.code("gu")
    await place.presses("ji", "接单")
    await place.says("ji", "办结")
    await place.says("gu", f"已解决 {receipt} {code}")
    await place.later(days=12)
    assert not (await place.case(receipt)).open
    assert "没查到" in await place.says("gu", f"删除我的信息 {receipt}")
    assert "没满保存年限" in await place.says("ji", f"删除个人信息 {receipt}")
    assert "两位同志" in await place.says("gu", f"删除我的信息 {receipt} {code}")
    assert "另一位同志确认" in await place.says("ji", f"删除个人信息 {receipt}")
    assert "删好了" in await place.presses("sun", "同意删除")
    assert await words_of(place, receipt) == ([], {})
    assert (await place.program.store.verify()).findings == []


async def test_the_accusation_keeps_its_words_when_the_need_is_erased(place: Village) -> None:
    """Need and accusation were one message: erasing the need leaves the words with the accusation."""
    await second_county_officer(place)
    await place.says("li", "俺娘住院交不上押金差八千，石门东村书记王建国收了俺两千块钱说给办救助，钱拿走了事没办")
    need = next(case for case in await place.cases() if not case.sealed)
    secret = next(case for case in await place.cases() if case.sealed)
    await place.presses("zhou", "接单")
    await place.says("zhou", "办结")
    await place.later(days=10)
    async with place.program.store.work() as work:
        from assistance import erasing
        from handlers.apply import apply
        from handlers.erasing import erase as let_go

        now, rulebook = place.clock.now, place.program.office.kit.rulebook
        case = await work.cases.for_engine().one(need.id)
        outcome = erasing.by_operator(case, rulebook, now, wished=True)
        await apply(await let_go(work, case, outcome, now), work, rulebook, now)
    assert (await words_of(place, need.receipt))[0] == []
    assert "王建国" in (await words_of(place, secret.receipt))[0][0]


async def test_what_is_over_its_time_is_told_once_a_year(tmp_path: Path) -> None:
    """In the first digest of a year the county reads what has been kept long enough; nothing is deleted by itself."""
    keys, url = Keys.fresh(), f"sqlite+aiosqlite:///{tmp_path / 'jishiyu.db'}"
    async with village(tmp_path, url=url, keys=keys) as place:
        receipt = await closed(place)
    years_later = MORNING.replace(year=2029, month=12, day=30)
    async with village(tmp_path, url=url, keys=keys, now=years_later) as place:
        await place.later(days=1)
        told = [text for text in place.heard("sun") if "满保存年限" in text]
        assert len(told) == 1  # the first digest since 2026
        assert receipt in told[0]
        place.hush()
        await place.until("2029-12-31 19:00")
        assert not any("满保存年限" in text for text in place.heard("sun"))
        await place.later(days=3)
        assert sum("满保存年限" in text for text in place.heard("sun")) == 1  # and that of 2030
        assert (await words_of(place, receipt))[0] != []


async def test_the_operator_lists_and_erases(tmp_path: Path) -> None:
    """`jishiyu erase --due` lists, `jishiyu erase RECEIPT --why` erases what is over its time and refuses the rest."""
    keys, url = Keys.fresh(), f"sqlite+aiosqlite:///{tmp_path / 'jishiyu.db'}"
    async with village(tmp_path, url=url, keys=keys) as place:
        receipt = await closed(place)
    settings = read_settings(data_dir=tmp_path, database=url, keys=keys.text())
    assert await erase.list_due(settings) == []
    assert (await erase.erase(settings, receipt, "满年限"))[0] is False
    assert (await erase.erase(settings, "30000000", "满年限"))[0] is False
    assert await erase.erase(settings, receipt, "本人来信要求", own=True) == (
        True, f"删好了，删不回来；办理过程还在。回执号：{receipt}"
    )  # fmt: skip
    assert (await erase.erase(settings, receipt, "再删一次", own=True))[0] is False
    assert (await verify(settings)).findings == []
