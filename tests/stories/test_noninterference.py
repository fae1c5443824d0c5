"""What is sealed leaves no trace: whoever it is sealed from receives the same, word for word and minute for minute, as if
the complaint had never been made (docs/rules.md H)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import pytest
from village import Village, village

Step = Callable[[Village], Awaitable[object]]
Heard = Mapping[str, Sequence[tuple[object, ...]]]

LOCAL = ("wang", "zhou", "zhao", "qi", "liu", "min", "shui")
HOSPITAL = "俺娘住院交不上押金还差八千大夫说明天就停药"
WATER = "村里自来水从星期二就没水了，一庄子人都没法做饭"


def says(who: str, text: str) -> Step:
    """Somebody writes; {receipt} and {code} stand for the last ones on the phone of gu."""

    async def step(place: Village) -> object:
        numbers = place.phones.last.get("gu", {})
        return await place.says(who, text.format(**{"receipt": "88888888", "code": "000000", **numbers}))

    return step


def presses(who: str, word: str) -> Step:
    """Somebody presses; {receipt} as above."""

    async def step(place: Village) -> object:
        receipt = place.phones.last.get("gu", {}).get("receipt", "88888888")
        return await place.presses_late(who, word.format(receipt=receipt))

    return step


def later(**by: float) -> Step:
    return lambda place: place.later(**by)


def outage(what: str, hours: float) -> Step:
    async def step(place: Village) -> object:
        from datetime import timedelta

        place.phones.take_away(what, place.clock.now, place.clock.now + timedelta(hours=hours))
        return await place.later(hours=hours)

    return step


def masked(text: str, seen: dict[str, str]) -> str:
    """Receipts by the order in which this phone saw them."""
    text = re.sub(r"存证码 [0-9a-f ]+", "存证码", text)  # random to everybody without the key
    text = re.sub(r"(?<=查询码：)\d{6}|(?<=登录码：)\d{8}|(?<=登录 )\d{8}", "", text)  # random too
    text = re.sub(r"(?<![0-9A-Za-z])T\d{5}(?!\d)", lambda found: seen.setdefault(found[0], f"L{len(seen)}"), text)
    return re.sub(r"(?<!\d)[3-9]\d{7}(?!\d)", lambda found: seen.setdefault(found[0], f"R{len(seen)}"), text)


async def play(folder: Path, steps: Sequence[Step]) -> Heard:
    """Everything that arrives on every phone: when, what kind, which words, which buttons."""
    folder.mkdir()
    async with village(folder) as place:
        for step in steps:
            await step(place)
        heard: dict[str, list[tuple[object, ...]]] = {}
        seen: dict[str, dict[str, str]] = {}
        for at, letter in place.phones.arrived:
            parcel = letter.parcel
            mine = seen.setdefault(parcel.address, {})
            told = masked(letter.text, mine), tuple(masked(label, mine) for label in letter.buttons)
            heard.setdefault(parcel.address, []).append((at, parcel.kind, *told))
        return heard


async def same_without(
    folder: Path, before: Sequence[Step], secret: Sequence[Step], after: Sequence[Step], barred: Sequence[str]
) -> Heard:
    """Play with and without the secret steps and hold what every barred person received against each other."""
    without = await play(folder / "without", [*before, *after])
    with_it = await play(folder / "with", [*before, *secret, *after])
    for who in barred:
        assert with_it.get(who, ()) == without.get(who, ()), who
    return with_it


DAY: tuple[Step, ...] = (
    says("li", HOSPITAL),
    says("meng", WATER),
    presses("zhou", "接单"),
    says("zhou", "李秀兰家情况属实，已联系医院先做手术"),
    says("wang", "今天有啥待办"),
    says("wang", "有没有人举报我"),
    says("zhao", "有没有人举报俺镇的干部"),
    says("zhao", "超时的有哪些"),
    says("wang", "进度"),
    says("wang", "进度 {receipt}"),
    says("zhao", "进度 {receipt} 000000"),
    says("wang", "接单"),
    says("zhao", "定范围"),
    says("zhou", "走访孙长友家，身体正常，没啥困难"),
    later(days=2),
    outage("engine", 30),
    says("meng", "路灯也坏了半个月了"),
    outage("channel", 3),
    says("wang", "我手里几件"),
    later(days=9),
    says("wang", "台账"),
    says("zhao", "台账 石门东村"),
    says("wang", "异议 T12345"),
    says("zhao", "删除个人信息 88888888"),
)

ORDERS: tuple[Step, ...] = (
    says("zhao", "邀请 高远山 网格员 石门东村"),
    says("zhao", "今晚值班 赵伟"),
    says("zhao", "值班表"),
    says("wang", "请假到11月21日 由周敏代"),
    says("li", HOSPITAL),
    later(minutes=10),  # an E1: seen or not, the duty roster and the alarm
    says("wang", "销假"),
    says("zhou", "接单"),
    says("zhou", "核实属实"),
    says("zhou", "台账"),
    says("wang", "台账 石门东村"),
    says("zhao", "台账"),
    says("zhou", "帮扶措施 联系医院先做手术，镇里垫付两千元"),
    says("zhou", "挂起 等医院开证明"),
    says("zhou", "报镇里"),
    says("zhao", "定级 E1 {receipt}"),
    says("zhao", "挂起 {receipt} 等材料"),
    says("zhao", "报区里 {receipt}"),
    says("wang", "并案 {receipt} 88888888"),
    says("wang", "核实属实 {receipt}"),
    says("zhao", "删除个人信息 {receipt}"),
    says("wang", "删除我的信息 {receipt} 000000"),
    says("wang", "认领 {receipt} 000000"),
    presses("wang", "接单 {receipt}"),
    says("wang", "今天走访李秀兰家，老人精神不错"),
    presses("wang", "跳过"),
    says("zhao", "李秀兰家换帮扶人 周敏"),
    says("wang", "催一催石门东村的件"),
    says("zhao", "王建国离任了"),
    says("zhao", "邀请 王建国 村支书 石门东村"),
    later(days=4),
    says("zhou", "我手里几件"),
    says("zhao", "超时的有哪些"),
    outage("engine", 20),
    later(days=9),
)

COMPLAINTS = {
    "C2 about the village secretary, anonymous": (
        says("gu", "石门东村书记把他小舅子弄成低保户了，人家开着两辆车。别说是我说的"),
        presses("gu", "匿名"),
    ),
    "C2 by name, signed, asked about, added to and taken back": (
        says("gu", "石门东村王建国贪了扶贫款两万块"),
        presses("gu", "实名"),
        says("gu", "李四"),
        says("gu", "补充一下，王建国的钱是腊月里拿的"),
        says("gu", "到哪一步了 {receipt} {code}"),
        says("gu", "那个举报我撤回，别查王建国了"),
    ),
    "C2 about the town, with discipline at work": (
        says("gu", "峨山镇赵伟收了俺三千块钱才给办低保"),
        presses("ji", "接单"),
        says("ji", "已调取账目，正在核实"),
    ),
    "C1 about a village": (says("gu", "石门东村村委会办事太慢，找了八趟都推脱，态度还恶劣"),),
    "two complaints about the same": (
        says("gu", "石门东村书记王建国克扣低保钱"),
        says("chen", "峨山镇石门东村王建国克扣低保钱，我也要举报"),
    ),
    "thanks and questions that blame": (
        says("gu", "谢谢你们，不过书记王建国扣了我的钱这事你们管不管"),
        says("gu", "我举报王建国的事查得咋样了"),
    ),
}


@pytest.mark.parametrize("name", COMPLAINTS)
async def test_a_complaint_leaves_no_trace(tmp_path: Path, name: str) -> None:
    """Ten days with outages, questions and guesses look the same to everybody below the county, complaint or none."""
    heard = await same_without(tmp_path, DAY[:3], COMPLAINTS[name], DAY[3:], LOCAL)
    assert any("C2" in text or "C1" in text or "留存的原话" in text for *_, text, _ in [*heard["ji"], *heard["sun"]])


@pytest.mark.parametrize("name", [*COMPLAINTS][:3])
async def test_no_order_finds_a_complaint(tmp_path: Path, name: str) -> None:
    """Invitations, duty roster and alarm, standing in, leaving, ledger, verifying, grades, pauses, climbing by hand,
    merging, claiming, erasing and visits look the same to everybody below the county, complaint or none."""
    await same_without(tmp_path, (), COMPLAINTS[name], ORDERS, LOCAL)


async def test_no_order_of_an_accused_county_officer_finds_it(tmp_path: Path) -> None:
    """Nor does the county's own desk, with its digests, orders, invitations and the anchor of the day."""
    secret = (says("gu", "区里孙丽收了俺两千块钱才给办低保"), presses("gu", "匿名"))
    orders = (
        says("sun", "邀请 高远山 纪委 科员"),
        says("sun", "邀请 高远山 干事 峄城区"),
        says("sun", "纪明离任了"),
        says("sun", "纪明请假到12月1日"),
        says("sun", "换手机 纪明"),
        says("sun", "今晚值班 孙丽"),
        says("li", HOSPITAL),
        says("sun", "有没有人举报我"),
        says("sun", "今天新增的"),
        says("sun", "台账"),
        says("sun", "定级 C2 {receipt}"),
        says("sun", "并案 {receipt} 88888888"),
        says("sun", "删除个人信息 {receipt}"),
        says("sun", "定范围 {receipt}"),
        says("sun", "同意删除 {receipt}"),
        later(days=8),
    )
    await same_without(tmp_path, (), secret, orders, ("sun", *LOCAL))


async def test_proof_that_comes_after_a_complaint_reaches_nobody_it_is_about(tmp_path: Path) -> None:
    """A photo, a voice note or words that nobody understands, sent after the complaint, stay with it: the sorting desk
    may be who is accused."""
    secret = (
        says("gu", "区里孙丽收了俺两千块钱才给办低保"),
        lambda place: place.sends("gu", "photo"),
        lambda place: place.sends("gu", "voice"),
        says("gu", "嗯那个就是那啥呗"),
    )
    heard = await same_without(tmp_path, (), secret, DAY[3:6], ("sun", *LOCAL))
    assert any("C2 补充" in text for *_, text, _ in heard["ji"])


async def test_a_complaint_about_the_county_leaves_no_trace_there(tmp_path: Path) -> None:
    """About a county officer only discipline and the city hear, also of what is added, asked and taken back."""
    secret = (
        says("gu", "区里孙丽收了俺两千块钱才给办低保"),
        presses("gu", "匿名"),
        says("gu", "补充一下，她是叫司机来收的，书记也知道"),
        says("gu", "俺举报她的事咋还没信，是不是叫她压下了"),
    )
    heard = await same_without(tmp_path, DAY[:3], secret, DAY[3:10], ("sun", *LOCAL))
    assert any("C2" in text for *_, text, _ in heard["ji"])


async def test_a_complaint_by_an_officer_leaves_no_trace(tmp_path: Path) -> None:
    """What the grid worker says of the secretary is hidden from everybody else of village and town."""
    secret = (
        says("zhou", "我举报村书记王建国虚报危改户套补助"),
        presses("zhou", "匿名"),
        says("zhou", "进度"),
    )
    heard = await same_without(tmp_path, DAY[:3], secret, DAY[3:], ("wang", "zhao", "qi", "liu", "min", "shui", "li"))
    assert any("C2" in text for *_, text, _ in heard["ji"])


async def test_somebody_of_discipline_who_is_named_does_not_see_it(tmp_path: Path) -> None:
    """A person of 纪委 whose name stands in the words hears nothing, be it as the accused or as a helper."""
    secret = (says("gu", "石门东村书记王建国贪了低保款，纪明跟他是亲戚"),)
    await same_without(tmp_path, DAY[:3], secret, DAY[3:10], ("ji", *LOCAL))


async def test_discipline_at_work_leaves_no_trace_below(tmp_path: Path) -> None:
    """接单, 定范围 tried, 转办 to a barred desk tried, 退单, 撤销 and 办结 of a sealed case reach nobody it is sealed from."""
    secret = (
        says("gu", "石门东村书记王建国把扶贫款装自己口袋了"),
        presses("ji", "接单"),
        presses("ji", "转办"),
        says("ji", "镇里"),
        says("ji", "取消"),
        presses("ji", "转办"),
        says("ji", "退回村里"),
        says("ji", "取消"),
        presses("ji", "定范围"),
        says("ji", "镇街"),
        presses("ji", "定范围"),
        says("ji", "村级"),
        presses("sun", "定范围"),
        says("sun", "村级"),
        presses("ji", "退单"),
        says("ji", "要由区里先看"),
        presses("ji", "撤销"),
        presses("ji", "记进展"),
        says("ji", "已找王建国的账目"),
        presses("ji", "办结"),
        presses("gu", "没解决"),
    )
    await same_without(tmp_path, DAY[:3], secret, DAY[3:10], ("wang", "zhou", "zhao", "qi", "liu", "min", "shui"))


@pytest.mark.parametrize("who", ["wang", "zhao"])
async def test_the_accused_hears_nothing_of_a_need_beside_the_accusation(tmp_path: Path, who: str) -> None:
    """The accused receives the same as if neither the need nor the accusation had been told, also when they report
    the same need themselves."""
    accused = {"wang": "石门东村书记王建国", "zhao": "镇上赵伟"}[who]
    secret = (says("li", f"俺娘住院交不上押金差八千，{accused}收了俺两千块钱说给办救助，钱拿走了事没办"),)
    after = (
        says(who, "李秀兰家老娘住院了交不上押金，帮着问问咋救助"),
        says("zhou", "我手里几件"),
        says(who, "今天有啥待办"),
        later(days=3),
        says(who, "超时的有哪些"),
    )
    await same_without(tmp_path, DAY[1:2], secret, after, (who,))


STAFF: tuple[Step, ...] = (
    says("zhao", "今天石门东村值班 赵伟"),
    says("wang", "今晚值班 周敏"),
    says("zhao", "周敏请假三天 由赵伟代"),
    says("li", "俺不想活了，药都准备好了"),
    later(minutes=10),
    says("zhao", "待办"),
    says("zhou", "销假"),
    says("shi", "纪明离任了"),
    says("zhao", "换手机 王建国"),
    says("zhao", "王建国离任了"),
    says("zhao", "邀请 王建国 副主任 石门东村"),
    says("zhao", "周敏离任了"),
    later(days=2),
)


async def test_who_comes_and_goes_tells_nothing_of_a_complaint(tmp_path: Path) -> None:
    """Deputies, the duty roster, hand-overs and phones: the accused and their colleagues receive the same with a
    complaint in the hands of one who leaves as without."""
    secret = (says("gu", "石门东村王建国贪了扶贫款两万块"), presses("ji", "接单"))
    heard = await same_without(tmp_path, DAY[:1], secret, [later(minutes=1), *STAFF], LOCAL)

    assert len(heard["zhao"]) > 8
