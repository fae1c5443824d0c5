"""Counted things in a message (数量): 八万块, 三亩半, 一百二十斤, 四十来天, 八毛六, each as (low, high, exact, unit).

The unit 元 is money, whatever was written (块, 圆, 毛, RMB, ¥); a number with no unit behind it has the unit None, and
nlp/amounts.py decides whether money is meant. A new unit is one word in UNITS and one row in the table of tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from nlp.numbers import Number, NumberAt, find_numbers, whole
from nlp.spans import is_free, plain, words_of

YUAN = "元"
# Units that are no money; a longer one is tried first. _NOT_AFTER: what may not follow, since it is another word.
UNITS = words_of(
    "平方米 平方 平米 平 立方 公里 公斤 公分 公顷 厘米 毫米 毫升 千克 千瓦 分钟 小时 "
    "钟头 星期 礼拜 人次 座位 来年 成新 斤 两 亩 吨 克 升 毫 厘 米 寸 尺 丈 里 "
    "度 天 岁 个 户 头 只 条 次 趟 号 日 点 间 套 辆 台 棵 颗 株 袋 箱 包 顿 "
    "样 名 位 件 张 本 遍 倍 分 级 楼 组 队 届 期 层 股 双 根 瓶 盒 片 粒 针 "
    "桶 车 班 节 院 代 辈 世 周 秒 刻 宿 夜 晚 晌 季 集 步 排 批 把 页 字 句 "
    "声 孔 栋 幢 座 垄 畦 窝 群 场 份 成 盆 捆 板 盘 碗 杯 瓢 勺 担 垛 堆 滴 "
    "票 粉 兆 档 道 盏 床 封 副 架 门 家 人 口 回 年 月 旬 块 ℃ % ％ ‰ 亿"
)
_NOT_AFTER = {
    "家": "里人", "回": "扣", "年": "底前后关", "月": "底初头", "门": "口", "人": "家", "口": "气",
    "两": "个", "平": "时安", "把": "钱", "本": "钱金", "块": "儿去过",
    "成": "交功了", "粉": "丝厂条", "里": "面头边的", "点": "钱", "板": "材车", "道": "歉", "度": "过",
}  # fmt: skip
_UNIT = re.compile(
    "(?:"
    + "|".join(
        re.escape(unit) + (f"(?![{_NOT_AFTER[unit]}])" if unit in _NOT_AFTER else "")
        for unit in sorted(UNITS, key=len, reverse=True)
    )
    + r"|[kK][gGmM](?![A-Za-z]))|[a-zA-Z]"
)
_LOOSE_UNIT = re.compile(r"[多来几](?=[年人天个户口岁亩斤次头只里米])")
# 二十块砖 counts bricks.
_YUAN = re.compile(
    r"\s?(?:块(?:钱|大洋)?(?!地|板|田|砖|玻璃|瓦|石|木|肉|骨|布|菜|牌|光伏|煤|糖|豆腐|表|儿)"
    r"|元(?:钱|整)?|圆整?|塊|人民币|(?:RMB|rmb)(?![A-Za-z]))"
)
_DIGIT = "[一二两三四五六七八九1-9]"
_TENTH = re.compile(rf"零?({_DIGIT})(?:毛|角)(?:({_DIGIT})分?|钱)?")
_TENTH_BARE = re.compile(
    rf"({_DIGIT})(?:钱|(?=$|[^一-鿿0-9]|[的了吧呢包今去昨明]|[一每][斤个袋份瓶]|(?<=九)[一-鿿](?<![个只斤块元毛分百千万十])))"
)
_DIME = re.compile(
    rf"\s?(?:毛(?!毛|病|巾|衣)|角(?=钱|$|[^一-鿿]"
    rf"|[0-9一二三四五六七八九]分))(?:({_DIGIT})分?(?![毛块元斤个袋份瓶度])|钱)?"
)
_SIGN = re.compile(r"[¥￥]\s?$")
_HALF = re.compile(r"半(?!天|夜|路|死|年|月|个)")
_JOIN = re.compile(r"\s?(?:到|至|[-—~～]{1,2})\s?")
_HEDGE_BEFORE = re.compile(r"(?:不到|将近|接近|差不多|大约|大概|大体|约|近|超过|至少|起码)$")
_HEDGE_AFTER = re.compile(r"(?:块钱?|元)?(?:左右|上下|出头|往上|以上|挂零|好几|冒头|[+＋])")
_VALUES = {letter: number for number, letter in enumerate("零一二三四五六七八九")} | {"两": 2}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A count and where it stands: positions [start, end), its range, and what is counted (None: nothing is said)."""

    start: int
    end: int
    low: Number
    high: Number
    exact: bool
    unit: str | None
    large: bool = False  # 万, 千 or 百 stand in it


def find_quantities(text: str, taken: frozenset[int] = frozenset()) -> tuple[Quantity, ...]:
    """Every counted thing in reading order; positions as typed."""
    flat = plain(text)
    numbers = find_numbers(flat)
    found: list[Quantity] = []
    at = 0
    for index, number in enumerate(numbers):
        if number.start < at or not is_free(taken, number.start, number.end):
            continue
        after = numbers[index + 1] if index + 1 < len(numbers) else None
        quantity = _joined(flat, number, after, taken) or _one(flat, number)
        found.append(quantity)
        at = quantity.end
    found.extend(_halves(flat, taken, found))
    return tuple(sorted(found, key=lambda one: one.start))


def _joined(text: str, first: NumberAt, last: NumberAt | None, taken: frozenset[int]) -> Quantity | None:
    """三到五万, 三万到五万, 3000-5000元; None where the two are no range."""
    if last is None:
        return None
    between = text[first.end : last.start]
    unit = _YUAN.match(between)
    if not _JOIN.fullmatch(between[unit.end() :] if unit else between) or not is_free(taken, last.start, last.end):
        return None
    low, high = first.low, last.high
    if last.large and not first.large:
        # 三到五万: the unit of the second number holds for the first one too.
        scale = next((scale for scale in (10_000, 1000, 100) if high >= scale and low * scale < high), 1)
        low = low * scale
    if low >= high:
        return None
    whole_one = _one(text, last)
    return Quantity(first.start, whole_one.end, low, high, False, whole_one.unit, first.large or last.large)


def _one(text: str, number: NumberAt) -> Quantity:
    """A number with its unit, if any."""
    start, end, low, high, exact = number.start, number.end, number.low, number.high, number.exact
    exact = exact and not (_HEDGE_BEFORE.search(text, max(0, start - 3), start) or _HEDGE_AFTER.match(text, end))
    unit, more = None, Decimal(0)
    if (sign := _SIGN.search(text, max(0, start - 4), start)) is not None:
        start, unit = sign.start(), YUAN
    if (yuan := _YUAN.match(text, end)) is not None:
        tail = _TENTH.match(text, yuan.end()) or (
            _TENTH_BARE.match(text, yuan.end()) if yuan[0].strip() == "块" else None
        )
        end, unit = (tail or yuan).end(), YUAN
        more = _tenths(tail) if tail else more
    elif (
        (dime := _DIME.match(text, end)) is not None
        and number.high < 100
        and text[number.start : dime.end()] not in ("一毛", "一角")
    ):
        end, unit = dime.end(), YUAN
        low, high, more = Decimal(low) / 10, Decimal(high) / 10, _hundredths(dime[1])
    elif unit is None:
        loose = _LOOSE_UNIT.match(text, end)
        gap = text[end : end + 1] == " " and text[end - 1].isascii()  # 3 亩, but not 一万二 包工头跑了
        counted = _UNIT.match(text, loose.end() if loose else end + gap)
        if counted is not None:
            end, unit = counted.end(), counted[0].strip()
            half = _HALF.match(text, end)
            rest = _TENTH_BARE.match(text, end) if unit in ("米", "尺", "丈") else None
            more = Decimal("0.5") if half else Decimal(_digit(rest[1])) / 10 if rest else more
            end, exact = (half or rest or counted).end(), exact and loose is None
    low, high = whole(Decimal(low) + more), whole(Decimal(high) + more)
    return Quantity(start, end, low, high, exact and low == high, unit, number.large)


def _halves(text: str, taken: frozenset[int], found: list[Quantity]) -> list[Quantity]:
    """半斤油, 半袋面, where no number stands before."""
    counted = {one.end for one in found} | {one.end - 1 for one in found}
    return [
        Quantity(hit.start(), hit.end(), Decimal("0.5"), Decimal("0.5"), True, hit[1])
        for hit in re.finditer(r"半(斤|袋|亩|桶|箱|瓶|盒|碗|吨|车|筐|缸|锅)", text)
        if hit.start() not in counted and is_free(taken, hit.start(), hit.end())
    ]


def _digit(letter: str) -> int:
    return _VALUES[letter] if letter in _VALUES else int(letter)


def _tenths(tail: re.Match[str]) -> Decimal:
    """The 毛 and 分 behind 块 as part of a yuan."""
    more = Decimal(_digit(tail[1])) / 10
    return more + (_hundredths(tail[2]) if tail.re is _TENTH else 0)


def _hundredths(letter: str | None) -> Decimal:
    return Decimal(_digit(letter)) / 100 if letter else Decimal(0)
