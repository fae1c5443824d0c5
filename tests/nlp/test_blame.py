"""Blame: sealed when in doubt, and plain needs not held up (nlp/blame.py, nlp/accused.py, rules.md H)."""

from __future__ import annotations

from datetime import datetime

import pytest

from nlp.accused import level_of
from nlp.blame import SEAL
from nlp.gazetteer import Body, Context, Gazetteer, KnownOfficer, Place
from nlp.reading import BlamedLevel, Signal
from nlp.understand import Reader

GAZETTEER = Gazetteer(
    places=(Place("t", "峨山镇"), Place("v", "石门东村", ("石门东",), "t"), Place("w", "马楼村", (), "t")),
    officers=(
        KnownOfficer("wang", "王建国", "村支书", "v", "village"),
        KnownOfficer("zhou", "周敏", "网格员", "v", "village"),
        KnownOfficer("ma", "马宝山", "支部书记", "w", "village"),
    ),
    bodies=(Body("civil", "民政局"), Body("office", "民政所", (), "town")),
)
READER = Reader(GAZETTEER)
HOME = Context(datetime.fromisoformat("2026-11-20T15:00:00+08:00"), areas=("v", "t"))

BLAMED = [
    "书记把危改款揣自己兜里了",
    "会计收俺三百块才给报上名",
    "低保名额都给了主任家亲戚，凭啥没有俺的",
    "网格员一年没来过，表上写着来了十二回",
    "帮扶人照完相就走，东西又提走了",
    "民政所跑了五趟，一回一个说法，就是不给办",
    "镇上窗口的人爱答不理，让俺明天再来",
    "上头拨的修路钱弄哪去了，谁花的",
    "王建国霸占集体的鱼塘",
    "不是投诉啊，村主任家三口人都吃低保",
    "找村里找了三回没人搭理，俺娘还躺在床上",
    "账目三年没公示过，分红一分没见着",
]
NOT_BLAMED = [
    "俺娘住院交不上押金，还差八千",
    "家里房子漏雨，没处睡",
    "孩子学费还差两千，实在凑不出来",
    "停水三天了，一庄人没水吃",
    "路灯又坏了，没人管，黑灯瞎火的",
    "俺男人工地上摔断腿，一家子没了收入",
    "大夫说明天就停药，俺上哪弄钱去",
    "低保要啥材料",
    "临时救助一年能申请几回",
    "谢谢小周跑前跑后，事办好了",
    "今天走访王桂英家，一切正常",
    "俺家三亩棒子叫大水淹了，颗粒无收",
]


@pytest.mark.parametrize("text", BLAMED)
def test_an_accusation_is_sealed(text: str) -> None:
    """Whoever blames somebody in office, a desk or public money is above the bar of rules.md H."""
    assert READER.understand(text, HOME).blame > SEAL


@pytest.mark.parametrize("text", NOT_BLAMED)
def test_a_plain_need_is_not_held_up(text: str) -> None:
    """Plain needs, trouble with a thing, questions, praise and neutral reports stay at or below the bar."""
    assert READER.understand(text, HOME).blame <= SEAL


@pytest.mark.parametrize(
    ("text", "span", "officers"),
    [
        ("王建国霸占集体的鱼塘", "王建国", ("wang",)),
        ("石门东村书记把危改款揣自己兜里了", "书记", ("wang",)),
        ("马楼村书记把危改款揣自己兜里了", "书记", ("ma",)),
        ("俺村网格员造假，从没来过俺家", "网格员", ("zhou",)),
        ("会计收俺三百块才给报上名", "会计", ()),
    ],
)
def test_the_accused_is_named_as_written_and_linked(text: str, span: str, officers: tuple[str, ...]) -> None:
    """The accused stands as typed; officers are linked by name, by title and village, else by the sender's own."""
    accused = READER.understand(text, HOME).slots.accused
    assert accused is not None
    assert accused.span.endswith(span)
    assert accused.officers == officers


@pytest.mark.parametrize(
    ("span", "level"),
    [
        ("书记", BlamedLevel.VILLAGE),
        ("村会计", BlamedLevel.VILLAGE),
        ("帮扶人", BlamedLevel.VILLAGE),
        ("镇书记", BlamedLevel.TOWN),
        ("民政所", BlamedLevel.TOWN),
        ("管区的人", BlamedLevel.TOWN),
        ("区残联", BlamedLevel.COUNTY),
        ("水利局", BlamedLevel.COUNTY),
        ("市里", BlamedLevel.CITY),
        ("纪委", BlamedLevel.DISCIPLINE),
        ("那个人", BlamedLevel.UNCLEAR),
    ],
)
def test_levels(span: str, level: BlamedLevel) -> None:
    """A title belongs to the village unless 镇 or 区 stands before it; bodies to where they sit."""
    assert level_of(span) is level


def test_a_known_body_brings_its_id() -> None:
    """A body of the gazetteer is linked with its id and level."""
    accused = READER.understand("民政局拖着不给俺办低保，跑了五趟", HOME).slots.accused
    assert accused is not None
    assert (accused.body, accused.level) == ("civil", BlamedLevel.COUNTY)


def test_kin_are_private() -> None:
    """A relative who takes the money is a private accused."""
    reading = READER.understand("俺大儿把俺的养老卡拿走了，一分钱不给俺", HOME)
    assert reading.says(Signal.PRIVATE_BLAMED)
    assert reading.slots.accused is not None
    assert reading.slots.accused.level is BlamedLevel.PRIVATE


def test_taking_is_misconduct_and_a_closed_desk_is_slowness() -> None:
    """C2 and C1 of rules.md G hang on these two signals."""
    assert READER.understand("书记把危改款揣自己兜里了", HOME).says(Signal.MISCONDUCT)
    assert READER.understand("镇民政所电话打不通，去了几回没人", HOME).says(Signal.SLOWNESS)
