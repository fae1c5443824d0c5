"""Villages and towns are found as people write them, and settled by what is known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nlp.gazetteer import Context, Place
from nlp.places import Places

PLACES = Places(
    [
        Place("T1", "峨山镇"),
        Place("T2", "榴园镇"),
        Place("T3", "吴林街道"),
        Place("V1", "石门东村", (), "T1"),
        Place("V2", "贾泉村", (), "T2"),
        Place("V3", "马楼村", (), "T1"),
        Place("V4", "马楼村", (), "T2"),
        Place("V5", "小安村", (), "T1"),
        Place("V6", "上郭村", (), "T1"),
        Place("V7", "徐庄村", ("徐家庄",), "T1"),
        Place("V8", "大徐庄村", (), "T2"),
        Place("V9", "上楼村", (), "T1"),
        Place("V10", "虎山前村", (), "T1"),
    ]
)
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)

# text, sender's areas, then what is found: (name, codes), codes empty where the gazetteer does not know it
ROWS: list[tuple[str, tuple[str, ...], list[tuple[str, tuple[str, ...]]]]] = [
    ("贾泉村宋家", (), [("贾泉村", ("V2",))]),
    ("到贾泉抽查", (), [("贾泉村", ("V2",))]),
    ("贾泉村委会的人", (), [("贾泉村", ("V2",))]),
    ("贾泉社区", (), [("贾泉村", ("V2",))]),
    ("榴园镇贾泉村 电话", (), [("榴园镇", ("T2",)), ("贾泉村", ("V2",))]),
    ("峨山镇/石门东村", (), [("峨山镇", ("T1",)), ("石门东村", ("V1",))]),
    ("石门东村书记", (), [("石门东村", ("V1",))]),
    ("石门东的水", (), [("石门东村", ("V1",))]),
    ("马楼村超期的", (), [("马楼村", ("V3", "V4"))]),
    ("马楼村超期的", ("V4", "T2"), [("马楼村", ("V4",))]),
    ("马楼村超期的", ("V1", "T1"), [("马楼村", ("V3",))]),
    ("马楼村超期的", ("T2",), [("马楼村", ("V4",))]),
    ("榴园镇马楼村", ("V3", "T1"), [("榴园镇", ("T2",)), ("马楼村", ("V4",))]),
    ("榴园的马楼", (), [("榴园镇", ("T2",)), ("马楼村", ("V4",))]),
    ("马楼那户，归榴园镇", (), [("马楼村", ("V4",)), ("榴园镇", ("T2",))]),
    ("上郭村东头郑家", (), [("上郭村", ("V6",))]),
    ("他们仨去的上郭村孟庆田", (), [("上郭村", ("V6",))]),
    ("走访徐庄村陈秀英", (), [("徐庄村", ("V7",))]),
    ("徐家庄老孙", (), [("徐庄村", ("V7",))]),
    ("大徐庄有人病了", (), [("大徐庄村", ("V8",))]),
    ("去小徐庄找人", (), [("小徐庄", ())]),
    ("小安村 快", (), [("小安村", ("V5",))]),
    ("小安说他病了", (), []),
    ("小安有个人来拿药", (), [("小安村", ("V5",))]),
    ("家是虎山前", (), [("虎山前村", ("V10",))]),
    ("吴林街道的", (), [("吴林街道", ("T3",))]),
    ("峨山镇上来人了", (), [("峨山镇", ("T1",))]),
    ("住阴平镇", (), [("阴平镇", ())]),
    ("上楼村", (), [("上楼村", ("V9",))]),
    ("俺上楼摔了", (), []),
    ("去了王家庄找", (), [("王家庄", ())]),
    ("不是马楼村，是贾泉村", ("V3",), [("贾泉村", ("V2",)), ("马楼村", ("V3",))]),
    ("石榴园子里", (), []),
    ("俺村", (), []), ("咱村账目", (), []), ("包村干部", (), []), ("这个村", (), []), ("农村养大狗", (), []),
    ("一庄子人都没法做饭", (), []), ("村里自来水", (), []), ("去镇上办", (), []), ("镇上残联", (), []),
    ("找村里找了两回", (), []), ("村民实名反映", (), []), ("举报村干部", (), []), ("行政村", (), []), ("庄稼死了", (), []),
    ("向村委反映", (), []), ("上周六镇上来人", (), []), ("谢谢镇上", (), []), ("枣庄市里", (), []), ("我们村公示", (), []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "areas", "found"), ROWS)
def test_places_are_found_and_settled(
    text: str, areas: tuple[str, ...], found: list[tuple[str, tuple[str, ...]]]
) -> None:
    """A name is settled by the town beside it, then by the sender's own areas, else every place of it is given."""
    places = PLACES.find(text, Context(NOW, areas=areas))
    assert [(one.name, one.match.candidates if one.match else ()) for one in places] == found


def test_spans_are_as_typed() -> None:
    """What is cut out of the text is what was typed there."""
    text = "到峨山镇徐家庄看看"
    assert [text[one.start : one.end] for one in PLACES.find(text, Context(NOW))] == ["峨山镇", "徐家庄"]


def test_an_empty_gazetteer_reads_villages_as_written() -> None:
    """Without any gazetteer a village is still given as written."""
    assert [one.name for one in Places([]).find("走访徐庄村陈秀英", Context(NOW))] == ["徐庄村"]
