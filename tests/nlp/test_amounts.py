"""Money is found as money, and everything else that is counted is left alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from nlp.amounts import find_amounts

AMOUNTS: list[tuple[str, str | None, int | Decimal | None]] = [
    ("还差八千大夫说明天停药", "八千", 8000),
    ("还欠着信用社七八万能不能给想个法", "七八万", 75000),
    ("棺材一万四是借的", "一万四", 14000),
    ("自己掏了三万多，出院了", "三万多", 30000),
    ("欠医院两万六 家里三口人", "两万六", 26000),
    ("让俺塞了五百块才给盖章", "五百块", 500),
    ("有一笔8800元补助", "8800元", 8800),
    ("押金还差一万二，大夫说", "一万二", 12000),
    ("学费欠着2600，", "2600", 2600),
    ("撒了五百", "五百", 500),
    ("花了八万块", "八万块", 80000),
    ("小一万块钱", "小一万块钱", 10000),
    ("三千来块", "三千来块", 3000),
    ("万把块", "万把块", 10000),
    ("百十来块", "百十来块", 110),
    ("十几万块钱", "十几万块钱", 150000),
    ("五六百块", "五六百块", 550),
    ("花了一千五六", "一千五六", 1550),
    ("欠1.2w", "1.2w", 12000),
    ("借了亲戚2万", "2万", 20000),
    ("¥500", "¥500", 500),
    ("￥1,200", "￥1,200", 1200),
    ("欠了２６００元", "２６００元", 2600),
    ("叁仟元整", "叁仟元整", 3000),
    ("三到五万", "三到五万", 40000),
    ("年收入3-5万", "3-5万", 40000),
    ("3000到5000块", "3000到5000块", 4000),
    ("五块八毛", "五块八毛", Decimal("5.8")),
    ("一亩八百", "八百", 800),
    ("一人二百", "二百", 200),
    ("要两千一个", "两千", 2000),
    ("车贷五千一月", "五千", 5000),
    ("一天扣八十", "八十", 80),
    ("一千五一分不少", "一千五", 1500),
    ("一百块一亩", "一百块", 100),
    ("低保一个月才三百六", "三百六", 360),
    ("信用社那五万下个月就到期", "五万", 50000),
    ("打错了，是一万二不是两万一", "一万二", 12000),
    ("刚才说错了，押金差的是一万五", "一万五", 15000),
    ("不是五千，是八千", "八千", 8000),
    ("是380不是280", "380", 380),
    ("原来写成三千了，应该是三千五", "三千五", 3500),
    ("三亩半地", None, None),
    ("一百二十斤", None, None),
    ("两口人", None, None),
    ("五天没吃饭", None, None),
    ("今年83岁", None, None),
    ("八十三岁的老人", None, None),
    ("电话13800001234", None, None),
    ("打12317没人接", None, None),
    ("11月18日去的", None, None),
    ("十点了还没人开门", None, None),
    ("5号井", None, None),
    ("千万别说", None, None),
    ("万一出事", None, None),
    ("老百姓", None, None),
    ("喝了百草枯", None, None),
    ("买了三百棵树", None, None),
    ("家里2000只鸡", None, None),
    ("村里一千多人", None, None),
    ("离城三百里", None, None),
    ("血压高到一百八", None, None),
    ("一块儿报上吧", None, None),
    ("两块地", None, None),
    ("治百病", None, None),
    ("跑了三四趟", None, None),
    ("两条烟", None, None),
    ("一年比一年老了", None, None),
    ("编号20261118", None, None),
    ("百分之八十", None, None),
]


@pytest.mark.parametrize(("text", "span", "value"), AMOUNTS)
def test_the_first_amount_is_the_money_that_counts(text: str, span: str | None, value: int | Decimal | None) -> None:
    """Money is read with its span as typed, the new sum of a correction first; what is no money is not."""
    found = find_amounts(text)
    assert (found[0].slot.span, found[0].slot.value) == (span, value) if span else not found


def test_taken_places_are_left_alone() -> None:
    """A number that is known to be something else is no money."""
    assert find_amounts("欠了2600", frozenset(range(2, 6))) == ()
