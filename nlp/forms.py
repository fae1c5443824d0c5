"""Forms that people type or paste: 走访 户主：李秀兰 日期：11月19日 见到谁：本人.

Labels may stand in any order, on one line or many, behind them a colon, an equals sign, a comma, a space or
nothing but the line; what follows up to the next label is the value. A text is a form when at least two different
labels stand where a field can begin, so that a sentence which merely says 身体 or 情况 is none.
"""

from __future__ import annotations

import re

from nlp.spans import plain

# A label as written → the field it means. Longer spellings are tried first.
LABELS: dict[str, str] = {
    "户主": "户主", "户主姓名": "户主", "姓名": "户主",
    "走访对象": "户主", "走访户": "户主", "户": "户主", "家庭": "户主",
    "村": "村", "村庄": "村", "行政村": "村", "所在村": "村", "村居": "村", "村名": "村",
    "镇": "镇", "镇街": "镇", "乡镇": "镇",
    "地址": "地址", "住址": "地址", "家庭住址": "地址", "家庭地址": "地址", "地点": "地址", "走访地点": "地址",
    "时间": "日期", "日期": "日期", "走访时间": "日期", "走访日期": "日期", "入户时间": "日期",
    "人口": "人口", "家庭人口": "人口", "家庭人口数": "人口", "人口数": "人口",
    "人数": "人口", "几口人": "人口", "口": "人口", "口数": "人口",
    "见到谁": "见到谁", "见到": "见到谁", "见到人": "见到谁", "走访方式": "走访方式", "方式": "走访方式",
    "身体": "身体", "身体情况": "身体", "身体状况": "身体", "健康": "身体", "健康状况": "身体",
    "收入": "收入", "家庭收入": "收入", "年收入": "收入", "收入情况": "收入",
    "住房": "住房", "住房情况": "住房", "饮水": "饮水", "吃水": "饮水", "用水": "饮水", "饮水情况": "饮水",
    "上学": "上学", "就学": "上学", "教育": "上学",
    "用药": "用药", "就医": "就医", "看病": "就医", "就医用药": "用药", "医疗": "就医",
    "诉求": "诉求", "群众诉求": "诉求", "需求": "诉求", "困难": "诉求", "困难诉求": "诉求", "问题": "诉求",
    "情况": "情况", "家庭情况": "情况", "基本情况": "情况", "走访情况": "情况", "困难描述": "情况",
    "电话": "电话", "手机": "电话", "手机号": "电话", "联系电话": "电话", "联系方式": "电话",
    "帮扶": "帮扶", "帮扶事项": "帮扶", "帮扶措施": "帮扶", "帮扶人": "帮扶人", "走访人": "走访人", "备注": "备注",
}  # fmt: skip

_NAMES = "|".join(sorted(LABELS, key=len, reverse=True))
# A label with a mark behind it may stand after anything but a letter of a word; one with only a space must begin a
# line or follow a gap itself.
_MARKED = re.compile(rf"(?<![一-鿿])(?P<label>{_NAMES})[ \t]*[:=][ \t]*")
_SPACED = re.compile(rf"(?:^|(?<=[\s,;，。；、]))(?P<label>{_NAMES})(?:[ \t]+|[,，][ \t]*)(?=\S)", re.MULTILINE)
_LOOSE = re.compile(rf"(?P<label>{_NAMES})[ \t]*[:=][ \t]*")  # 走访户主：… without a gap before the label
_EDGE = " \t\r\n,;，；、。|/"
_FEWEST = 2


def read_form(text: str) -> tuple[tuple[str, str], ...]:
    """The (field, value) pairs of a form in reading order, values as typed; empty where the text is no form.

    Fields have the names on the right of LABELS. A field without a value is given with an empty string; a field
    that stands twice is given twice.
    """
    flat = plain(text)
    starts: dict[int, tuple[str, int]] = {}
    for pattern in (_MARKED, _LOOSE, _SPACED):
        for hit in pattern.finditer(flat):
            starts.setdefault(hit.start("label"), (LABELS[hit["label"]], hit.end()))
    places: list[tuple[int, int, str]] = []
    for start, (label, end) in sorted(starts.items()):
        if not places or start >= places[-1][1]:
            places.append((start, end, label))
    if len({label for _, _, label in places}) < _FEWEST:
        return ()
    ends = [start for start, _, _ in places[1:]] + [len(text)]
    return tuple((label, text[end:stop].strip(_EDGE)) for (_, end, label), stop in zip(places, ends, strict=True))


def field(pairs: tuple[tuple[str, str], ...], label: str) -> str | None:
    """The first value of a field that is not empty, or None."""
    return next((value for name, value in pairs if name == label and value), None)
