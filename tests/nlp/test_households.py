"""Households are named as people name them, and the roster's own names are never mixed up."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nlp.gazetteer import Context, KnownHousehold, KnownOfficer
from nlp.households import Households

TOWNS = {"V1": "T1", "V2": "T1", "V3": "T2"}
ROSTER = Households(
    [
        KnownHousehold("h1", "李秀兰", "V1"),
        KnownHousehold("h2", "孙长友", "V1"),
        KnownHousehold("h3", "孙长有", "V1", ("大老孙",)),
        KnownHousehold("h4", "王桂英", "V1"),
        KnownHousehold("h5", "王桂英", "V3"),
        KnownHousehold("h6", "单庆梅", "V2"),
        KnownHousehold("h7", "方便", "V1"),
        KnownHousehold("h8", "李秀兰", "V3"),
        KnownHousehold("h9", "贾守田", "V3"),
        KnownHousehold("h10", "王桂", "V2"),
    ],
    [KnownOfficer("o1", "周敏", "网格员", "V1", "village"), KnownOfficer("o2", "贾守田", "书记", "V1", "village")],
    TOWNS.get,
)
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)

# text, sender's areas, first household as written, its candidates, whether it is exact
ROSTER_ROWS: list[tuple[str, tuple[str, ...], str | None, tuple[str, ...], bool]] = [
    ("去了孙长友家", ("V1",), "孙长友", ("h2",), True),
    ("去了孙长有家", ("V1",), "孙长有", ("h3",), True),
    ("更正：户主孙长有，不是孙长友", ("V1",), "孙长有", ("h3",), True),
    ("不是孙长友，是孙长有", ("V1",), "孙长有", ("h3",), True),
    ("孙长友和孙长有都在", ("V1",), "孙长友", ("h2",), True),
    ("李秀兰家情况属实", ("V1", "T1"), "李秀兰", ("h1",), True),
    ("李秀兰家情况属实", ("V3", "T2"), "李秀兰", ("h8",), True),
    ("李秀兰家情况属实", (), "李秀兰", ("h1", "h8"), True),
    ("李秀兰家情况属实", ("V2", "T1"), "李秀兰", ("h1",), True),
    ("走访孙常友，在家", ("V1",), "孙常友", ("h2", "h3"), False),
    ("走访王贵英家", ("V1",), "王贵英", ("h4",), False),
    ("走访山庆梅", ("V2",), "山庆梅", ("h6",), False),
    ("走访单庆美家", ("V2",), "单庆美", ("h6",), False),
    ("走访王贵荣家", ("V1",), "王贵荣", (), False),
    ("大老孙病了", ("V1",), "大老孙", ("h3",), True),
    ("老孙家漏雨", ("V1",), "老孙家", ("h2", "h3"), False),
    ("李大爷住院", ("V1",), "李大爷", ("h1",), False),
    ("老赵家漏雨", ("V1",), "老赵家", (), False),
    ("出行不方便", ("V1",), None, (), False),
    ("走访方便家", ("V1",), "方便", ("h7",), True),
    ("王桂英家", ("V2", "T1"), "王桂英", ("h4",), True),
    ("走访王桂芝家", ("V2",), "王桂芝", (), False),
    ("周敏来俺家了", ("V1",), None, (), False),
    ("贾守田收了俺的钱", ("V1",), None, (), False),
    ("走访贾守田家", ("V3",), "贾守田", ("h9",), True),
]


@pytest.mark.parametrize(("text", "areas", "written", "ids", "exact"), ROSTER_ROWS)
def test_a_roster_name_ends_at_the_right_household(
    text: str, areas: tuple[str, ...], written: str | None, ids: tuple[str, ...], exact: bool
) -> None:
    """An exact name is never taken for one of the same sound; equal names are settled by the sender's areas."""
    found = ROSTER.find(text, Context(NOW, areas=areas))
    if written is None:
        assert found == ()
        return
    first = found[0]
    assert text[first.start : first.end] == written
    assert (first.match.candidates if first.match else ()) == ids
    assert first.match is None or first.match.exact is exact


def test_a_named_village_settles_equal_heads() -> None:
    """A village in the words goes before the sender's own."""
    found = ROSTER.find("去了王桂英家", Context(NOW, areas=("V1",)), villages=("V3",))
    assert found[0].match is not None and found[0].match.candidates == ("h5",)


NAMES: list[tuple[str, str | None]] = [
    ("夜来去了趟王桂英家，门锁着", "王桂英"), ("今门帮老孙家砍了一头晌白菜", "老孙家"), ("跟赵小军打了个视频", "赵小军"),
    ("户主：刘传喜", "刘传喜"), ("到小安村李大爷那", "李大爷"), ("他们仨去的上郭村孟庆田那，", "孟庆田"),
    ("今天走访周凤兰，她说", "周凤兰"), ("又去了马桂芝、韩四婶两家", "马桂芝"), ("韩四婶病了", "韩四婶"),
    ("我和老秦前天抽查，头一户宋兆祥，", "宋兆祥"), ("东头郑家着火了", "郑家"), ("俺对门老周自打儿没了", "老周"),
    ("张秀芹男人走了以后", "张秀芹"), ("吴守信、吴守义两家", "吴守信"), ("姓名 牛广才 住址", "牛广才"),
    ("她叫胡月娥，", "胡月娥"), ("林翠花喝了百草枯", "林翠花"), ("刘传喜那条漏了一句", "刘传喜"), ("宋家饮水那件", "宋家"),
    ("老刘家那件", "老刘家"), ("卖瓜的老单头翻车了", "老单头"), ("前街刘寡妇病了", "刘寡妇"), ("五保对象厉老先生病故", "厉老先生"),
    ("章家老太通了", "章家老太"), ("西头小孙媳妇刚生完孩子", "小孙媳妇"), ("白秀梅今天随访", "白秀梅"),
    ("我父亲张庆祥上周脑梗", "张庆祥"), ("户主欧阳庆，", "欧阳庆"), ("单德银的残补", "单德银"),
    ("网格员小周来俺家了", None), ("谢谢小周", None), ("王书记收钱", None), ("书记王建国", None), ("他二叔领的", None),
    ("俺娘住院", None), ("俺那口子", None), ("高血压的药", None), ("马上就来", None), ("养老金的事", None), ("国家的钱", None),
    ("全家都病了", None), ("回家了", None), ("老人病了", None), ("老师来了", None), ("年纪大了", None), ("黄瓜卖不动", None),
    ("工作队老魏让我报", None), ("昨天看《陈世美》", None), ("石榴卖不动", None), ("何时能办", None), ("路灯又瞎了", None),
    ("时间太长", None), ("安排人回访", None), ("项目款", None), ("牛奶领了", None), ("金额不对", None), ("于今没信", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "written"), NAMES)
def test_names_without_a_roster_are_read_as_written(text: str, written: str | None) -> None:
    """The first household named is given as written; kin, officers and ordinary words are none."""
    found = Households([], [], TOWNS.get).find(text, Context(NOW))
    assert (text[found[0].start : found[0].end] if found else None) == written
