"""Where something stands in a text: positions that every finder of facts shares.

All positions are indices into the message exactly as typed. For that `plain` changes characters one for one: it
never makes the text shorter or longer, so a position in the plain text is a position in the message.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

# Full-width ASCII (ＡＢＣ１２３：，) and the wide space, each to its one narrow character.
_NARROW: dict[int, int | str] = {0x3000: 0x20, 0x00A0: 0x20}
_NARROW |= {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# Traditional characters of the words that facts are told with (上週三, 兩萬塊, 後天), each to its one simplified.
_NARROW |= {
    ord(old): new
    for old, new in zip(
        "週禮後號個點這兩過還開會爺歲塊錢億鐘來頭時萬間張陳劉趙黃吳孫馬許鄧馮謝蕭葉閻盧賈鄭龐蔣湯鄒陸龍東車樓莊鎮鄉區縣橋溝灣說訪給從當讓們嗎麼門見",
        "周礼后号个点这两过还开会爷岁块钱亿钟来头时万间张陈刘赵黄吴孙马许邓冯谢萧叶阎卢贾郑庞蒋汤邹陆龙东车楼庄镇乡区县桥沟湾说访给从当让们吗么门见",
        strict=True,
    )
}
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The half-open range [start, end) of a message, and what was found there (date, amount, place …)."""

    start: int
    end: int
    kind: str = ""


def words_of(table: str) -> tuple[str, ...]:
    """The words of a table that is written with spaces between them."""
    return tuple(table.split())


@lru_cache(maxsize=4)
def plain(text: str) -> str:
    """The text with full-width letters, digits and marks made narrow; same length, so positions stay."""
    return _OTHER_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), text.translate(_NARROW))


def cover(spans: Iterable[Span]) -> frozenset[int]:
    """All positions that lie in any of the spans; finders take it as `taken` and keep off them."""
    return frozenset(place for span in spans for place in range(span.start, span.end))


def is_free(taken: frozenset[int], start: int, end: int) -> bool:
    """Whether none of the positions [start, end) is taken yet."""
    return taken.isdisjoint(range(start, end))


# What stands before an old value in a correction, and before the new one ("是一万二不是两万一", "应该是11月15号").
_OLD = re.compile(
    r"(?:不是|不叫|并非|不该是|写成了?|说成了?|打成了?|报成了?|记成了?|录成了?|原先[是报说写]?"
    r"|原来[是报说写的]{0,2})$"
)
_NEW = re.compile(
    r"(?:应该?是|应当是|应为|(?<![危旱厕])改[成为作]?|更正[为成]|实际上?[是为]?|实为|其实是|得是|正确的?是|准确[地的]?说是?"
    r"|[写说打报记填弄搞][错岔反]了?[，,。：:\s]*(?:应?该?是|是)?)$"
)
_ASIDE = re.compile(r"(?:户主|姓名|名字|村|日期|时间|押金|一共|总共|是|叫|[:：,，“\"「\s])+$")


def rank(text: str, start: int) -> int:
    """How a value at `start` counts in a correction: 0 the new one, 1 as any other, 2 the old one.

    Only the new value counts in a correction (docs/labels.md, Conventions); finders sort by this first.
    """
    before = text[max(0, start - 12) : start]
    for words in (before, _ASIDE.sub("", before)):
        if _OLD.search(words):
            return 2
        if _NEW.search(words):
            return 0
    return 1
