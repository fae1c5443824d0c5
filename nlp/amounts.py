"""Money in a message, in yuan: 八万块, 还差一万二, 欠着2600, ¥500, 三到五万.

Prices, incomes, debts and gaps all count; where several stand, any is right, and in a correction the new one comes
first (docs/labels.md, Conventions). Land, weight, people, days and ages are no money (三亩半, 一百二十斤, 两口人).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.numbers import NumberAt, find_numbers
from nlp.reading import AmountSlot
from nlp.spans import is_free, plain, rank

_MONEY = re.compile(
    r"\s?(?:块钱|块大洋|元钱|元整|元|圆整?|块(?!地|板|田|砖|玻璃|瓦|石|木|肉|骨|布|菜|牌)|人民币"
    r"|(?:RMB|rmb)(?![A-Za-z]))"
)
_TAIL = re.compile(r"([一二两三四五六七八九])(?:(?:毛|角)钱?|钱|(?=$|[^一-鿿0-9]|[的了吧呢]))")
# Counters: a number before one of these counts something else than yuan.
_COUNTED = re.compile(
    r"(?:家(?![里人])|回(?!扣)|年(?![底前后关])|月(?![底初头])|门(?!口)|人(?!家)|口(?!气)"
    r"|[亩斤两天岁个户头只条次趟号日点度米里平间套辆台棵颗株袋箱包顿样名位件张本遍成倍分级楼组队届期层单股双根瓶"
    r"盒片粒针桶"
    r"车班节院吨克升毫厘寸尺丈代辈世周秒刻宿夜晚晌季集步排排批把节页字句声孔栋幢座垄畦窝群群场门亿]"
    r"|[%％‰℃]|星期|礼拜|小时|钟头|公[里斤分顷]|平[方米]|立方|[kK][gGmM]|[a-zA-Z]|旬|来[年人天个户口岁亩斤次]"
    r"|多[年人天个户口岁亩斤次]"
    r"|[多来几][年人天个户口岁亩斤次头只里米])"
)
# Words that make a bare number money: what one does with it, and what it is for.
_CUE = re.compile(
    r"[差欠花掏借赊凑交缴塞撒补罚扣截贪赔收领发存攒卖挣赚贷给付垫捐送要拿吞退讨还缺昧汇][了着过我俺他她]{0,2}"
    r"|钱|款|费|押金|定金|工资|收入|低保|补[贴助偿]|报销|自费|缺口|亏空|账|债|利息|价|值|棺材|彩礼|租金|分红"
    r"|奖金|罚金|现金|存折|救助金|养老金"
    r"|[多少]出|日入|月入|一共|总共|合计|共计|打到|金额"
)
_CLAUSE = re.compile(r"[，。！？；,!?;\n]")
# Number words that are no numbers.
_IDIOM = re.compile(
    r"千万(?!块|元|以|户)|万一|百分|百姓|百货|百日|百岁|百草|百科|百般|百事|千家|千方|千斤|千瓦|千克|千米|万事"
    r"|万般|万能|万户|万分|万元户|万达|一千道一万|"
    r"成千上万|千辛|万苦|千千万|千里|万里|万家|一百一|十万火急|[一三]百六十五天|12[0-9]{3}(?![0-9])"
)
_SERVICE_NUMBER = re.compile(r"(?:1(?:10|14|19|20|22)|12[0-9]{3}|10086|10010|10000|95[0-9]{3})(?![0-9])")
_JOIN = re.compile(r"\s?(?:到|至|[-—~～]{1,2})\s?")
_SIGN = re.compile(r"[¥￥]\s?$")
_LARGEST = 100_000_000_000  # more yuan than any county has: no sum, but a serial number


_ONE = re.compile(r"[一两几]块")
# A price for each: 一亩八百, 一人二百, 两千一个, 五千一月.
_EACH_BEFORE = re.compile(r"[一每][亩人个月天年户袋头趟回次斤股套把盒瓶][^，。,0-9]{0,3}$")
_EACH_AFTER = re.compile(r"[一每][个月年亩斤人天回趟户次股]|回扣|[，,]?不是")
_SMALL_CUE = re.compile(r"(?:[卖给扣留收要补交罚]|[钱费])[要了着]?$")
_LETTER = re.compile(r"[A-Za-z_/]")
_MARK = re.compile(r"(?:邮编|编号|[回收]执|单号|尾号|工号|密码|验证码|户号|型号)[是:：]?$|号$")


@dataclass(frozen=True, slots=True)
class AmountAt:
    """A sum and where it stands: positions [start, end) of its span."""

    start: int
    end: int
    slot: AmountSlot


def find_amounts(text: str, taken: frozenset[int] = frozenset()) -> tuple[AmountAt, ...]:
    """All sums of money, the best first: the new value of a correction, then in reading order."""
    flat = plain(text)
    found: list[AmountAt] = []
    numbers = find_numbers(flat)
    skip = -1
    for index, number in enumerate(numbers):
        if index == skip or not is_free(taken, number.start, number.end):
            continue
        low, high, start, end = number.low, number.high, number.start, number.end
        if index + 1 < len(numbers) and _JOIN.fullmatch(flat[end : numbers[index + 1].start]):
            after = numbers[index + 1]
            joined = _range(number, after)
            if joined is not None and is_free(taken, after.start, after.end):
                low, high, end, skip = *joined, after.end, index + 1
        sure, end = _money_word(flat, end)
        signed = _SIGN.search(flat, max(0, start - 2), start)
        if signed:
            start, sure = signed.start(), True
        if _ONE.fullmatch(flat[start:end]) or flat[number.start : number.end] in "百千万亿拾佰仟":
            continue  # 一块儿报上, 治百病
        large = number.large or low > number.low  # 三到五万: the unit stands with the second number
        if not 0 < high <= _LARGEST or not (sure or _is_sum(flat, large, start, end, high)):
            continue
        found.append(AmountAt(start, end, AmountSlot(text[start:end], low, high)))
    return tuple(sorted(found, key=lambda one: (rank(flat, one.start), one.start)))


def _range(first: NumberAt, last: NumberAt) -> tuple[int, int] | None:
    """The ends of 三到五万 or 3000-5000; None where the two are no range."""
    low, high = first.low, last.high
    if last.large and not first.large:
        # 三到五万: the unit of the second number holds for the first one too.
        for scale in (10_000, 1000, 100):
            if high >= scale and low * scale < high:
                return low * scale, high
    return (low, high) if low < high else None


def _money_word(text: str, end: int) -> tuple[bool, int]:
    """Whether a money word follows (块, 元 …) and where it ends; 五块八 and 五块八毛 end after the last."""
    unit = _MONEY.match(text, end)
    if unit is None:
        return False, end
    tail = _TAIL.match(text, unit.end()) if unit[0].strip() == "块" else None
    return True, tail.end() if tail else unit.end()


def _is_sum(text: str, large: bool, start: int, end: int, high: int) -> bool:
    """Whether a number without a money word is money all the same, by what stands around it."""
    near = text[max(0, start - 14) : start]
    clause = _CLAUSE.split(near)[-1]
    small = high >= 10 and bool(_SMALL_CUE.search(near) or _EACH_BEFORE.search(clause))
    if (high < 100 and not small) or _IDIOM.match(text, start) or _COUNTED.match(text, end):
        return False
    if _SERVICE_NUMBER.match(text, start) or text[max(0, start - 1) : start] in tuple("第Nn#-.0123456789"):
        return False
    if _LETTER.search(text, max(0, start - 1), start) or _MARK.search(text, max(0, start - 3), start):
        return False
    if _CUE.search(clause) or _CUE.match(text, end) or _EACH_BEFORE.search(clause) or _EACH_AFTER.match(text, end):
        return True
    # 一万二, 三万多, 2w without any cue: so large a round number that counts nothing is money here.
    return large and high >= 1000
