"""Forms that people type or paste: 走访 户主：李秀兰 日期：11月19日 见到谁：本人; and rows pasted from a ledger.

Labels may stand in any order, on one line or many, behind them a colon, an equals sign, a comma, a space or
nothing but the line; what follows up to the next label is the value. A text is a form when at least two different
labels stand where a field can begin, so that a sentence which merely says 身体 or 情况 is none. A label of the first
form that comes again begins the next one. In a ledger a line of labels tells what the cells of the lines below are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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


Pairs = tuple[tuple[str, str], ...]
_CELLS = re.compile(r"[ ]*[\t|｜,，;；][ ]*|[ ]{2,}| (?=[一-鿿])")
_NUMBERED = ("序号", "编号", "号", "")


@dataclass(frozen=True, slots=True)
class FormAt:
    """One form of a text: positions [start, end) and its fields."""

    start: int
    end: int
    fields: Pairs


def read_forms(text: str) -> tuple[FormAt, ...]:
    """Every form of a text in reading order: rows of a ledger, else labels with values."""
    rows = _ledger(text)
    if rows:
        return rows
    places = _labels(text)
    if len({label for _, _, label in places}) < _FEWEST:
        return ()
    forms: list[list[tuple[int, int, str]]] = [[]]
    for place in places:
        begun = {label for _, _, label in forms[-1]}
        if place[2] in begun and place[2] in (forms[0][0][2], "户主") and len(begun) >= _FEWEST:
            forms.append([])
        forms[-1].append(place)
    starts = [form[0][0] for form in forms] + [len(text)]
    return tuple(
        FormAt(starts[number], stop, _pairs(text, form, stop))
        for number, (form, stop) in enumerate(zip(forms, starts[1:], strict=True))
    )


def _pairs(text: str, places: list[tuple[int, int, str]], stop: int) -> Pairs:
    ends = [start for start, _, _ in places[1:]] + [stop]
    return tuple((label, text[end:to].strip(_EDGE)) for (_, end, label), to in zip(places, ends, strict=True))


def _ledger(text: str) -> tuple[FormAt, ...]:
    """Rows under a line of labels (序号 户主 村 日期 情况); empty where there is no such line."""
    lines = [(hit.start(), hit[0]) for hit in re.finditer(r"[^\r\n]+", text)]
    for at, (_, line) in enumerate(lines[:-1]):
        heads = [cell.strip() for cell in _CELLS.split(plain(line).strip())]
        known = [LABELS.get(head, "") for head in heads]
        if len({label for label in known if label}) < _FEWEST or "户主" not in known:
            continue
        if any(not label and head not in _NUMBERED for label, head in zip(known, heads, strict=True)):
            continue
        rows = []
        for start, row in lines[at + 1 :]:
            cells = [cell.strip() for cell in _CELLS.split(row.strip(), maxsplit=len(heads) - 1)]
            if len(cells) < _FEWEST:
                break
            fields = tuple((label, cell) for label, cell in zip(known, cells, strict=False) if label)
            rows.append(FormAt(start, start + len(row), fields))
        return tuple(rows)
    return ()


def read_form(text: str) -> tuple[tuple[str, str], ...]:
    """The (field, value) pairs of all forms in reading order, values as typed; empty where the text is no form.

    Fields have the names on the right of LABELS. A field without a value is given with an empty string; a field
    that stands twice is given twice.
    """
    return tuple(pair for form in read_forms(text) for pair in form.fields)


def _labels(text: str) -> list[tuple[int, int, str]]:
    """Where labels stand: start, end of the mark behind it, field."""
    flat = plain(text)
    starts: dict[int, tuple[str, int]] = {}
    for pattern in (_MARKED, _LOOSE, _SPACED):
        for hit in pattern.finditer(flat):
            starts.setdefault(hit.start("label"), (LABELS[hit["label"]], hit.end()))
    places: list[tuple[int, int, str]] = []
    for start, (label, end) in sorted(starts.items()):
        if not places or start >= places[-1][1]:
            places.append((start, end, label))
    return places


def field(pairs: tuple[tuple[str, str], ...], label: str) -> str | None:
    """The first value of a field that is not empty, or None."""
    return next((value for name, value in pairs if name == label and value), None)
