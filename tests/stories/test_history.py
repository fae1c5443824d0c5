"""The history cannot be altered unseen: the county reads a digest each evening, and `verify` names what was changed."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from village import Village, village

from bot.settings import read_settings
from bot.verify import told, unlike, verify
from storage.crypto import Keys
from storage.verify import Wrong

PRINTED = re.compile(r"存证码 ((?:[0-9a-f]{4} ?){3})")


def printed(place: Village, who: str) -> list[str]:
    """The digests that a phone was told, oldest first, without blanks."""
    return [found.replace(" ", "") for found in PRINTED.findall(place.ever_heard(who))]


async def a_day(place: Village) -> None:
    """A need that is worked on, a sealed complaint, and two evenings."""
    await place.says("li", "俺娘住院交不上押金还差八千大夫说明天就停药")
    await place.presses("zhou", "接单")
    await place.says("zhou", "李秀兰家情况属实，已联系医院先做手术")
    await place.says("gu", "石门东村书记把他小舅子弄成低保户了，人家开着两辆车")
    await place.later(days=2)


async def test_the_county_reads_a_digest_each_evening(place: Village) -> None:
    """One short line in the county's digest, another one each day; nobody else is told, and no number stands in it."""
    await a_day(place)
    told_to_county = printed(place, "sun")
    assert len(told_to_county) == len(set(told_to_county)) == 2
    for who in ("zhou", "wang", "zhao", "ji", "min", "shi"):
        assert printed(place, who) == []
    line = next(line for line in place.ever_heard("sun").splitlines() if "存证码" in line)
    assert re.fullmatch(r"存证码 [0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4}（抄下来，以后可以对）", line)


async def test_evenings_that_were_missed_are_caught_up_once(place: Village) -> None:
    """After three days of standstill there is one anchor for them, and it is chained to the one before."""
    await a_day(place)
    place.phones.take_away("engine", place.clock.now, place.clock.now.replace(day=24, hour=10))
    await place.until("2026-11-24 12:00")
    checked = await place.program.store.verify()
    assert [at.astimezone().strftime("%d") for _, at, _ in checked.anchors][-2:] == ["20", "23"]
    assert checked.findings == []


async def test_a_working_day_leaves_a_whole_history(place: Village) -> None:
    """Whatever happened to a case, its row is the fold of its events and every digest fits."""
    await a_day(place)
    await place.says("zhou", "办结")
    await place.later(days=9)
    checked = await place.program.store.verify()
    assert checked.findings == []
    assert checked.cases == len(await place.cases())
    assert checked.events >= 9


async def test_what_was_changed_by_hand_is_named(tmp_path: Path) -> None:
    """Somebody makes a late desk look punctual, takes a complaint away and lets its accused in: each is named."""
    keys = Keys.fresh()
    file = tmp_path / "jishiyu.db"
    url = f"sqlite+aiosqlite:///{file}"
    async with village(tmp_path, url=url, keys=keys) as place:
        await a_day(place)
        need, secret = await place.cases()
        right = printed(place, "sun")[-1]
    settings = read_settings(data_dir=tmp_path, database=url, keys=keys.text())
    assert (await verify(settings)).findings == []

    with sqlite3.connect(file) as database:
        database.execute("DROP TRIGGER events_no_update")
        database.execute("DROP TRIGGER events_no_delete")
        changed = "UPDATE events SET at = '2026-11-19 00:30:00' WHERE \"case\" = ? AND seq = 2"
        assert database.execute(changed, (need.id,)).rowcount == 1
        for table in ("events", "case_facts", "case_sight", "reports"):
            database.execute(f'DELETE FROM {table} WHERE "case" = ?', (secret.id,))
        database.execute("DELETE FROM cases WHERE id = ?", (secret.id,))
    checked = await verify(settings)
    assert [(one.wrong, one.receipt, one.seq) for one in checked.findings if one.wrong is Wrong.ALTERED] == [
        (Wrong.ALTERED, need.receipt, 2)
    ]
    gone = [one for one in checked.findings if one.wrong is Wrong.MISSING_CASE]
    assert [one.receipt for one in gone] == [secret.receipt]

    said: list[str] = []
    assert not told(checked, [], as_json=False, say=said.append)
    assert any(need.receipt in line and "第2条过程被改过" in line for line in said)
    assert any(secret.receipt in line and "整件不见了" in line for line in said)
    assert unlike(checked, f"2026-11-20={right}") is None
    assert unlike(checked, right) is None
    assert unlike(checked, "0123 4567 89ab") is not None
    assert unlike(checked, "2026-11-20=0123 4567 89ab") is not None
    assert unlike(checked, "2026-10-01=0123456789ab") == "2026-10-01没有存证"
