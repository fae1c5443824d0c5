"""Money in a message, in yuan: 八万块, 还差一万二, 欠着2600, ¥500, 三到五万, 六毛.

Prices, incomes, debts and gaps all count; where several stand, any is right, and in a correction the new one comes
first (docs/labels.md, Conventions). What is counted in another unit is no money (nlp/quantities.py); a number without
a unit is money by the words around it, or when it is large and round.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.quantities import YUAN, Quantity, find_quantities
from nlp.reading import AmountSlot
from nlp.spans import plain, rank

# Words that make a bare number money: what one does with it, and what it is for.
_CUE = re.compile(
    r"[差欠花掏撂赢输认支投借赊凑交缴塞撒补罚扣截贪赔收领发存攒卖挣赚贷给付垫捐送要拿吞退讨还缺昧汇签租剩转寄买抽讹骗坑雇押亏][了着过我俺他她]{0,2}"
    r"|钱|款|费|押金|定金|工资|收入|低保|补[贴助偿]|报销|自费|自付|缺口|亏空|账|债|利息|价|值|棺材|彩礼|租金|分红"
    r"|奖金|罚金|现金|存折|救助金|养老金|雨露|合作医疗|随礼|日结|计划|农户|困户|津贴|高龄|损失|本钱"
    r"|最后的|累欠|骤减|[多少]出|日入|月入|一共|总共|合计|已到|到账|共计|打到|金额|到手|涨到|降到|降到|算下来|能批"
)
_CLAUSE = re.compile(r"[，。！？；,!?;\n]")
# Number words that are no numbers, and numbers that are no sums.
_IDIOM = re.compile(
    r"万万|千万(?!块|元|以|户)|万一|百分|百姓|百货|百日|百岁|百草|百科|百般|百事|百年|千家|千方|千斤|千瓦|千克|千米|千分|万事"
    r"|万般|万能|万户|万分|万元户|万达|万家|千家|一[千百万]个|一千道|千道一万|道一万|"
    r"成千上万|千辛|万苦|千千万|千里|万里|一百一|十万火急|[一三]百六十五天|一二三四五|12[0-9]{3}(?![0-9])"
)
_SERVICE_NUMBER = re.compile(r"(?:1(?:10|14|19|20|22)|12[0-9]{3}|10086|10010|10000|95[0-9]{3})(?![0-9])")
_LARGEST = 100_000_000_000  # more yuan than any county has: no sum, but a serial number
_ONE = re.compile(r"[一两几]块")
_PRICED = re.compile(r"(?:降到|涨到|掉到|跌到|才卖|卖|捐|[包兜袋]里|还有|只剩|就剩)$")
_BRICKS = re.compile(r"(?:盖板|地砖|瓦|玻璃|石头|砖|(?<!老)板子?)[^，。,]{0,3}$")
# A price for each: 一亩八百, 一人二百, 两千一个, 五千一月.
_EACH_BEFORE = re.compile(
    r"[一每][亩人个月天年户袋头趟回次斤股套把盒瓶米季件份箱板桶捆车单学家日村支根针盏罐对双本节课床只头条趟顿棵刀卡科针][^，。,0-9]{0,3}$|一换$"
)
_EACH_AFTER = re.compile(r"[一每][个月年亩斤人天回趟户次股份]|回扣|[+＋]|好几|[，,]?不是")
_PRICE_AFTER = re.compile(r"一[斤袋箱瓶盒板亩捆份支根针盏罐对双本节副床](?!一)")
_SMALL_CUE = re.compile(r"(?:[给发领拿][^，。,]{0,2}才|[卖给扣留收要补交罚签]|[钱费]|到手|每季少|回给|日结)[要了着]?$")
_ONLY = re.compile(r"(?:才|只有|就剩|光)$")
_CORRECTED = re.compile(r"不是(?:[0-9一二两三四五六七八九十百千万.]+[，,\s]{0,2}是)?$")
_SPELT = re.compile(r"[零〇一二三四五六七八九]{2,}")
_LETTER = re.compile(r"(?<!v)[A-Za-z_/]$|[0-9A-Za-z点时][:：.]$|[第Nn#\-0123456789半]$")
# Behind a correction the number beside the old one is of its kind: 是2300 不是230, 更正：二千八, 不是四千八.八千四.
_PUT_RIGHT = re.compile(
    r"(?:更正|订正|改正|[写说打报记填弄搞]错了?|少打|多打|是|应为)[^0-9一二两三四五六七八九十百千万]{0,3}$"
)
# 那八百, 这两千: money that was spoken of.
_SPOKEN_OF = re.compile(r"(?:[这那][笔个]?|好几|[拢合]共)$")
# 一百六, 七百二: hundreds with a short end are said of money and hardly of anything else.
_SHORT_END = re.compile(r"[一二两三四五六七八九]百[一二三四五六七八九](?!十)")
_ASKED = re.compile(r"[块元钱]{0,2}(?:[?？]|起)")
_MARK = re.compile(
    r"(?:邮编|编号|[回收]执|单号|尾号|尾数|工号|密码|验证码|户号|型号|房间号?|宾馆|病房|门牌|送到|跳|[栋鲁KDG])[是:：]?\s?$|号$"
)
# What a doctor, a scale or a phone counts.
_MEASURE = re.compile(
    r"(?:[血高低]压|血糖|血氧|血小板|白细胞|心[跳率]|体[温重]|身高|阅读|播放|点赞|粉丝?|抖音|直播间|考了?|得分|满|今年|高到)"
    r"[是有才还到了都]{0,2}$"
)
_AGE_AFTER = re.compile(r"[了的]|\s*$|[，。,]")
_AGE_BEFORE = re.compile(r"(?:[俺我他她娘爹爸妈头婆爷奶人]|今年|都|快|收)$|(?:^|[\s，。,])$")
_RECEIVE = re.compile(r"[欠差花掏交补罚扣给要拿退借卖挣]$")


@dataclass(frozen=True, slots=True)
class AmountAt:
    """A sum and where it stands: positions [start, end) of its span."""

    start: int
    end: int
    slot: AmountSlot


def find_amounts(text: str, taken: frozenset[int] = frozenset()) -> tuple[AmountAt, ...]:
    """All sums of money, the best first: the new value of a correction, then in reading order."""
    flat = plain(text)
    found = [
        AmountAt(one.start, one.end, AmountSlot(text[one.start : one.end], one.low, one.high, one.exact))
        for one in find_quantities(text, taken)
        if 0 < one.high <= _LARGEST
        and (_is_money(flat, one) if one.unit == YUAN else one.unit is None and _is_sum(flat, one))
    ]
    return tuple(sorted(found, key=lambda one: (rank(flat, one.start), one.start)))


def _is_money(text: str, one: Quantity) -> bool:
    """Whether 块 and 元 mean money here: not in 一块儿报上, 缺五块砖."""
    span = text[one.start : one.end]
    if "几" in span and _ASKED.match(text, one.end):
        return False  # 每月补几百？
    if _ONE.fullmatch(span):
        before = text[max(0, one.start - 3) : one.start]
        return bool(_PRICED.search(before) or _PRICE_AFTER.match(text, one.end))
    if span in ("万元", "千元", "百元", "万块") and not re.search(
        r"[上成好几过]$", text[max(0, one.start - 1) : one.start]
    ):
        return False
    return not _BRICKS.search(text[max(0, one.start - 6) : one.start])


def _is_sum(text: str, one: Quantity) -> bool:
    """Whether a number without a money word is money all the same, by what stands around it."""
    start, end = one.start, one.end
    near = text[max(0, start - 14) : start]
    clause = _CLAUSE.split(near)[-1]
    if "几" in text[start:end] and _ASKED.match(text, end):
        return False
    if text[start:end] in "百千万亿拾佰仟" or _IDIOM.match(text, start) or _SERVICE_NUMBER.match(text, start):
        return False
    if _LETTER.search(near[-2:]):
        return False
    if _SPELT.fullmatch(text, start, end) or near.endswith("千道"):
        return False
    if (
        _MARK.search(near)
        or _MEASURE.search(near)
        or re.match(r"国道|省道|路(?!费)|房|室|栋|:|：[0-9]", text[end : end + 2])
    ):
        return False
    if one.high < 100:
        price = _EACH_BEFORE.search(clause) or _PRICE_AFTER.match(text, end)
        if one.high < 10 or not (price or _SMALL_CUE.search(near)) or _is_age(text, one, near):
            return bool(price and one.high > 1 and "." in text[start:end])
    elif one.high <= 120 and not one.large and _is_age(text, one, near):
        return False
    if _CORRECTED.search(near) or _ONLY.search(near) or _told(text, one, near):
        return True
    if _CUE.search(clause) or _CUE.match(text, end) or _EACH_BEFORE.search(clause) or _EACH_AFTER.match(text, end):
        return True
    # 一万二, 三万多, 2w without any cue: so large a round number that counts nothing is money here.
    return one.large and one.high >= 1000


def _told(text: str, one: Quantity, near: str) -> bool:
    """Whether the words around make a number of three digits and more a sum: put right, spoken of, or 一百六."""
    if one.high < 100 or (not one.large and one.high < 200 and not _PUT_RIGHT.search(near)):
        return False
    if re.match(r"\s?[,，]?\s?不是\s?[0-9一二两三四五六七八九]", text[one.end : one.end + 6]):
        return True
    right = _PUT_RIGHT.search(near) and re.match(r"$|[\s，。,.!！]", text[one.end : one.end + 1])
    return bool(right or (one.large and (_SPOKEN_OF.search(near) or _SHORT_END.fullmatch(text, one.start, one.end))))


def _is_age(text: str, one: Quantity, near: str) -> bool:
    """Whether a small number tells an age: 俺六十六了, 七十六了, 今年九十九."""
    if one.high < 30 or _RECEIVE.search(near):
        return False
    return bool(_AGE_AFTER.match(text, one.end) and _AGE_BEFORE.search(near) and not _EACH_BEFORE.search(near))
