"""即时帮扶台账: a household whose hardship was verified, helped, let go with all its days, and watched for half a year."""

from __future__ import annotations

import re
from pathlib import Path

from village import MORNING, Village, village

from storage.crypto import Keys

HOSPITAL = "俺娘住院交不上押金还差八千大夫说明天就停药"
EIGHT = 8


async def registered(place: Village) -> str:
    """李秀兰 asks for help, the grid worker goes there and finds it true; gives the number on the ledger."""
    await place.says("li", HOSPITAL)
    await place.presses("zhou", "接单")
    answer = await place.says("zhou", "核实属实")
    return re.search(r"T\d{5}", answer)[0]


async def may_leave(place: Village) -> str:
    """The same, and the village has gone through the eight."""
    number = await registered(place)
    await place.says("zhou", f"定类 A {number}")
    await place.says("zhou", f"申请退出 {number}")
    for _ in range(4):
        await place.says("zhou", "没有")
    await place.says("zhou", f"接着问 {number}")
    for _ in range(4):
        await place.says("zhou", "没有")
    return number


async def line_of(place: Village, who: str, number: str) -> str:
    told = await place.says(who, "台账")
    return next((line for line in told.splitlines() if line.startswith(number)), "")


async def watched(place: Village) -> str:
    """The same, posted, announced and let go by the town."""
    number = await may_leave(place)
    await place.says("zhao", f"公示 {number}")
    await place.later(days=8)
    await place.says("zhao", f"公告 {number}")
    await place.later(days=6)
    await place.says("zhao", f"准予退出 {number}")
    return number


async def test_a_verified_hardship_registers_the_household(place: Village) -> None:
    """核实属实 puts the household on the ledger with its hint, which is told as one; the case goes on."""
    await place.says("li", HOSPITAL)
    await place.presses("zhou", "接单")
    answer = await place.says("zhou", "核实属实")
    assert re.search(r"已登记台账：T\d{5} 李秀兰", answer)
    assert "机器提示：A类（E1）。只供参考，类别由您定" in answer
    (case,) = await place.cases()
    assert case.verified == "属实"
    assert case.acted_at is not None
    async with place.program.store.work() as work:
        assert "新纳入" in (await work.people.directory()).households[case.household or ""].traits


async def test_a_household_is_named_by_number_or_name(place: Village) -> None:
    """A step without number or name is asked about; with the name it is taken; other words are no step."""
    number = await registered(place)
    asked = await place.says("zhou", "定类 A")
    assert "写上编号" in asked
    assert number in asked
    assert "A类" in await place.says("zhou", "定类 A 李秀兰家")
    assert "收入还没稳住" in await place.says("zhou", "申请退出 李秀兰家")
    assert "台账" not in await place.says("zhao", "公示栏已经换了新的")


async def test_what_is_not_true_registers_nobody(place: Village) -> None:
    """不属实 is written into the history and nowhere else; nobody is scolded."""
    await place.says("li", HOSPITAL)
    await place.presses("zhou", "接单")
    answer = await place.says("zhou", "核实不属实")
    assert "不登台账" in answer
    assert "没有户" in await place.says("zhou", "台账")


async def test_verifying_can_be_pressed(place: Village) -> None:
    """核实 alone offers the three results as buttons."""
    await place.says("li", HOSPITAL)
    await place.presses("zhou", "接单")
    await place.says("zhou", "核实")
    assert "已登记台账" in await place.presses("zhou", "核实部分属实")


async def test_a_household_stands_on_the_ledger_once(place: Village) -> None:
    """A second hardship of the household joins its entry."""
    number = await registered(place)
    await place.says("zhou", "办结")
    await place.says("li", "已解决")
    await place.says("li", "俺家房子漏雨，墙裂了，没处住了")
    await place.presses("zhou", "接单")
    answer = await place.says("zhou", "核实属实")
    assert "本来就在台账上" in answer
    assert number in answer
    assert (await place.says("zhou", "台账")).count("李秀兰") == 1


async def test_an_officer_sets_the_class_and_the_visits_follow(place: Village) -> None:
    """定类 B by the village: the name of who signed stands in the history, the household is visited accordingly."""
    number = await registered(place)
    answer = await place.says("zhou", f"定类 B {number}")
    assert "B类" in answer
    async with place.program.store.work() as work:
        entry = await work.ledger.by_number(number)
        assert (entry.risk, entry.risk_by) == ("B", "zhou")
        home = (await work.people.directory()).households[entry.household]
        assert (home.risk, home.traits) == ("B", ())


async def test_measures_are_recorded_one_by_one(place: Village) -> None:
    """Several measures with their money; the entry tells them all."""
    number = await registered(place)
    await place.says("zhou", f"帮扶措施 {number} 送米面油")
    await place.says("zhou", f"帮扶措施 {number} 临时救助800元")
    told = await place.says("zhao", f"台账 {number}")
    assert "送米面油" in told
    assert "救助合计：800元" in told
    assert "核查：周敏" in told


async def test_the_ledger_shows_an_area_only(place: Village) -> None:
    """Village and town read their own households with the name, the county all of them without it, others none."""
    number = await registered(place)
    assert "李秀兰" in await line_of(place, "zhou", number)
    assert "李秀兰" in await line_of(place, "zhao", number)
    assert "李*" in await line_of(place, "sun", number)
    for stranger in ("qi", "liu", "ji", "shui"):
        assert number not in await place.says(stranger, "台账")
        assert "没有这个编号" in await place.says(stranger, f"台账 {number}")
    assert "没有户" in await place.says("sun", "台账 贾泉村")
    assert number in await place.says("sun", "台账 石门东村")


async def test_any_of_the_eight_keeps_the_household(place: Village) -> None:
    """One 有 among the eight: it stays helped, and no more is asked."""
    number = await registered(place)
    asked = await place.says("zhou", f"申请退出 {number}")
    assert "收入还没稳住" in asked
    await place.says("zhou", "没有")
    answer = await place.says("zhou", "有")
    assert "现在不能退出" in answer
    assert "帮扶中" in await line_of(place, "zhou", number)
    assert "走不了这一步" in await place.says("zhao", f"公示 {number}")


async def test_the_eight_come_four_at_a_time_and_wait(place: Village) -> None:
    """After four answers the bot stops by itself; days later, and also by a colleague, it goes on with the fifth."""
    number = await registered(place)
    await place.says("zhou", f"申请退出 {number}")
    for _ in range(3):
        assert "？" in await place.says("zhou", "没有")
    assert "还有4条" in await place.says("zhou", "没有")
    await place.later(days=3)
    assert "吃水有困难" in await place.says("wang", f"接着问 {number}")
    for _ in range(3):
        await place.says("wang", "没有")
    answer = await place.says("wang", "没有")
    assert "可以公示" in answer
    assert any("可以公示" in text and number in text for text in place.heard("zhao"))


async def test_the_days_of_the_notice_are_waited_for(place: Village) -> None:
    """公示 seven days and then 公告 five, neither a day less; the town is told when they are over, and a person signs."""
    number = await may_leave(place)
    assert "公示到11月26日" in await place.says("zhao", f"公示 {number}")
    await place.until("2026-11-26 17:00")
    assert "日子没满" in await place.says("zhao", f"公告 {number}")
    place.hush()
    await place.until("2026-11-27 09:00")
    assert sum("公示满了" in text for text in place.heard("zhao")) == 1
    assert "公告到12月2日" in await place.says("zhao", f"公告 {number}")
    await place.until("2026-12-02 17:00")
    assert "日子没满" in await place.says("zhao", f"准予退出 {number}")
    await place.until("2026-12-03 09:00")
    assert "退出监测" in await place.says("zhao", f"准予退出 {number}")


async def test_no_village_signs_its_own_notice(place: Village) -> None:
    """公示 and 公告 are the town's; who asked for the exit does not grant it."""
    number = await may_leave(place)
    assert "不由您这里签" in await place.says("zhou", f"公示 {number}")
    number_of_town = await registered_and_asked_by_the_town(place)
    await place.says("zhao", f"公示 {number_of_town}")
    await place.later(days=8)
    await place.says("sun", f"公告 {number_of_town}")
    await place.later(days=6)
    assert "由另一位同志" in await place.says("zhao", f"准予退出 {number_of_town}")
    assert "退出监测" in await place.says("sun", f"准予退出 {number_of_town}")


async def registered_and_asked_by_the_town(place: Village) -> str:
    await place.says("zhou", "孙长友家里断粮了，没饭吃")
    await place.presses("zhou", "接单")
    answer = await place.says("zhou", "核实属实")
    number = re.search(r"T\d{5}", answer)[0]
    for _ in range(2):
        await place.says("zhao", f"申请退出 {number}")
        for _ in range(4):
            await place.says("zhao", "没有")
    return number


async def test_an_objection_of_a_resident_stops_the_days(place: Village) -> None:
    """Anybody may object while it is posted: the days stop, the town looks at it, and nobody is told who it was."""
    number = await may_leave(place)
    await place.says("zhao", f"公示 {number}")
    await place.later(days=2)
    place.hush()
    assert "公示先停下" in await place.says("meng", f"异议 {number} 他家还欠着医院的钱")
    assert any("有异议" in text and number in text for text in place.heard("zhao"))
    await place.later(days=9)
    assert "公示满了" not in place.ever_heard("zhao")
    async with place.program.store.work() as work:
        entry = await work.ledger.by_number(number)
        assert [line.by for line in await work.ledger.history(entry.id)][-1] is None
    answer = await place.says("zhao", f"异议不成立 {number}")
    assert "公示到12月7日" in answer


async def test_an_objection_that_holds_keeps_the_household(place: Village) -> None:
    """异议成立: helped again, and an exit begins from its first question."""
    number = await may_leave(place)
    await place.says("zhao", f"公示 {number}")
    await place.says("wang", f"异议 {number}")
    assert "继续帮扶" in await place.says("zhao", f"异议成立 {number}")
    assert "还有8条" in await place.says("zhou", f"申请退出 {number}")


async def test_an_objection_without_a_notice_is_read_like_any_words(place: Village) -> None:
    """异议 about something else is no objection to an exit: a complaint opens, sealed."""
    await place.says("meng", "异议，村里低保名单上有书记的小舅子，人家开着两辆车")
    (case,) = await place.cases()
    assert case.sealed


async def test_the_watch_lasts_half_a_year(tmp_path: Path) -> None:
    """After the exit the household is watched for six months, then a person signs the end."""
    keys, url = Keys.fresh(), f"sqlite+aiosqlite:///{tmp_path / 'jishiyu.db'}"
    async with village(tmp_path, url=url, keys=keys) as place:
        number = await watched(place)
        assert "监测到6月3日" in await line_of(place, "zhao", number)
    async with village(tmp_path, url=url, keys=keys, now=MORNING.replace(year=2027, month=6, day=3)) as place:
        assert "6月4日起才能签" in await place.says("zhao", f"监测期满 {number}")
        await place.until("2027-06-04 09:00")
        assert any("退出监测满了" in text for text in place.heard("zhao"))
        assert "监测期满" in await place.says("zhao", f"监测期满 {number}")
        assert "不再监测" in await line_of(place, "zhao", number)


async def test_a_new_hardship_in_the_watch_puts_it_back(place: Village) -> None:
    """Whoever tells of a new hardship while the household is watched: it is helped again at once."""
    number = await watched(place)
    await place.later(days=3)
    await place.says("li", "俺家着火了烧了两间屋，没处住了")
    assert "帮扶中" in await line_of(place, "zhou", number)


async def test_the_ledger_never_tells_of_a_need_that_somebody_is_kept_from(place: Village) -> None:
    """A need told together with an accusation of the secretary: he finds no line of it on the ledger, his colleague
    who was told of the need does; and no line ever tells of the accusation."""
    await place.says("li", "俺娘住院交不上押金差八千，石门东村书记王建国收了俺两千块钱说给办救助，钱拿走了事没办")
    await place.presses("zhao", "接单") if await _offered(place, "zhao") else await place.presses("zhou", "接单")
    need = next(case for case in await place.cases() if not case.sealed)
    answer = await place.says(need.handler or "", "核实属实")
    number = re.search(r"T\d{5}", answer)[0]
    assert number not in await place.says("wang", "台账")
    assert "没有这个编号" in await place.says("wang", f"台账 {number}")
    told = await place.says("zhou", f"台账 {number}")
    assert "王建国" not in told
    assert "两千" not in told


async def _offered(place: Village, who: str) -> bool:
    async with place.program.store.work() as work:
        return bool(await work.outbox.on_phone(who, "接单"))


async def test_a_complaint_never_comes_on_the_ledger(place: Village) -> None:
    """核实属实 on a complaint registers nobody."""
    await place.says("gu", "石门东村书记把他小舅子弄成低保户了，人家开着两辆车")
    await place.presses("ji", "接单")
    assert "台账" in await place.says("ji", "核实属实")
    async with place.program.store.work() as work:
        assert list(await work.ledger.of_area()) == []


async def test_the_ledger_is_chained_like_the_cases(place: Village) -> None:
    """Every step stands in the chain; the evening's anchor holds it too."""
    await watched(place)
    checked = await place.program.store.verify()
    assert checked.findings == []
    assert checked.cases == len(await place.cases()) + 1
