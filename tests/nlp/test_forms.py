"""A form is read in any order and with any mark between label and value."""

from __future__ import annotations

import pytest

from nlp.forms import LABELS, field, read_form

FORMS: list[tuple[str, dict[str, str]]] = [
    (
        "走访 户主：李秀兰 日期：11月19日 见到谁：本人 身体：正常 住房：西屋漏雨 饮水：正常 用药：正常 诉求：想修屋顶",
        {"户主": "李秀兰", "日期": "11月19日", "见到谁": "本人", "身体": "正常", "住房": "西屋漏雨", "饮水": "正常",
         "用药": "正常", "诉求": "想修屋顶"},
    ),
    (
        "姓名 牛广才 住址 榴园镇贾泉村 电话 13900003306 情况 上个月下地叫三轮翻沟里",
        {"户主": "牛广才", "地址": "榴园镇贾泉村", "电话": "13900003306", "情况": "上个月下地叫三轮翻沟里"},
    ),
    ("走访记录\n户主：刘传喜\n村：马楼村\n人口：4口人", {"户主": "刘传喜", "村": "马楼村", "人口": "4口人"}),
    ("户主=李秀兰，村=马楼村，日期=11.19", {"户主": "李秀兰", "村": "马楼村", "日期": "11.19"}),
    ("走访户主：张三,日期：11月1日", {"户主": "张三", "日期": "11月1日"}),
    ("户:程玉芬/口:2/房:ok/诉求:无", {"户主": "程玉芬", "人口": "2/房:ok", "诉求": "无"}),
    ("日期：11月19日 户主：李秀兰", {"日期": "11月19日", "户主": "李秀兰"}),
    ("户主：李秀兰 备注： 村：马楼村", {"户主": "李秀兰", "备注": "", "村": "马楼村"}),
    ("户主: 李秀兰\r\n联系电话: 13800001234", {"户主": "李秀兰", "电话": "13800001234"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fields"), FORMS)
def test_a_form_gives_its_fields(text: str, fields: dict[str, str]) -> None:
    """Every field comes out under its own name with its value as typed."""
    assert dict(read_form(text)) == fields


@pytest.mark.parametrize("label", sorted(LABELS))
@pytest.mark.parametrize("mark", ["：", ":", "=", " ： ", "\t:"])
def test_every_label_works_with_every_mark(label: str, mark: str) -> None:
    """Each spelling of a label is understood behind every mark."""
    other = "电话" if LABELS[label] != "电话" else "户主"
    pairs = read_form(f"{label}{mark}甲乙\n{other}{mark}丙丁")
    assert (LABELS[label], "甲乙") in pairs and (LABELS[other], "丙丁") in pairs


NO_FORMS = [
    "家里一切正常 老人身体没事", "更正：户主孙长有，不是孙长友", "通知：明天上午9点开会", "俺娘身体不好情况很差", "", "取消",
    "你好：俺想问个事", "夜来去了趟王桂英家", "时间太长了 电话打不通",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_FORMS)
def test_a_sentence_is_no_form(text: str) -> None:
    """Fewer than two fields make no form."""
    assert read_form(text) == ()


def test_the_first_filled_field_counts() -> None:
    """A field that stands twice gives its first value that is not empty."""
    assert field((("户主", ""), ("户主", "甲"), ("户主", "乙")), "户主") == "甲"
    assert field((), "户主") is None
