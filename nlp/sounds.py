"""How names sound: two names of the same sound have the same key (王贵英 and 王桂英, 孙长友 and 孙长有).

Surnames read otherwise than the word (单 Shàn, 解 Xiè, 仇 Qiú) come from an own table, since pypinyin reads them as
ordinary words. People here do not tell zh from z, ch from c, sh from s, nor a final ng from n, so these are merged;
tones are left out.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice, product

_SURNAMES = {
    "单": "shan", "解": "xie", "仇": "qiu", "朴": "piao", "盖": "ge", "查": "zha", "曾": "zeng", "尉": "wei",
    "区": "ou", "任": "ren", "华": "hua", "纪": "ji", "员": "yun", "缪": "miao", "翟": "zhai", "乐": "yue",
    "冼": "xian", "那": "na", "折": "she", "秘": "bi", "黑": "he", "种": "chong", "洗": "xian", "燕": "yan",
    "召": "shao", "覃": "qin", "阚": "kan", "逄": "pang", "仝": "tong", "车": "che", "宁": "ning", "曲": "qu",
    "葛": "ge", "盛": "sheng", "石": "shi", "隗": "wei", "谌": "chen", "谭": "tan", "于": "yu", "祭": "zhai",
    "重": "chong", "幺": "yao", "佴": "nai", "郗": "chi", "句": "gou", "繁": "po", "卜": "bu", "尹": "yin",
    "尉迟": "yuchi", "长孙": "zhangsun", "万俟": "moqi", "澹台": "tantai", "令狐": "linghu",
}  # fmt: skip
# Characters that names use with either reading (孙长友: Chángyǒu or Zhǎngyǒu).
_BOTH = {
    "长": ("chang", "zhang"), "朝": ("chao", "zhao"), "乐": ("le", "yue"), "行": ("xing", "hang"), "茜": ("xi", "qian"),
    "传": ("chuan", "zhuan"), "重": ("chong", "zhong"), "调": ("tiao", "diao"), "曾": ("zeng", "ceng"),
    "藏": ("cang", "zang"), "少": ("shao", "xiao"), "圳": ("zhen", "chuan"), "晟": ("sheng", "cheng"),
}  # fmt: skip
_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@lru_cache(maxsize=8192)
def sound(letter: str) -> str:
    """The merged sound of one character: its most usual reading without tone; the character where it has none."""
    from pypinyin import Style, pinyin  # heavy; only names that no roster entry equals need it

    read = pinyin(letter, style=Style.NORMAL, heteronym=False, errors="default")
    return _merge(read[0][0]) if read else letter


def _merge(syllable: str) -> str:
    for full, short in _MERGED:
        if syllable.startswith(full):
            syllable = short + syllable[len(full) :]
    return syllable.removesuffix("g") if syllable.endswith("ng") else syllable


def surname_length(name: str) -> int:
    """2 for a compound surname that is in the table, else 1."""
    return 2 if len(name) > 2 and name[:2] in _SURNAMES else 1


def name_sounds(name: str) -> tuple[str, ...]:
    """The keys of a full name, one for each way to read it; names that share a key sound the same.

    Syllables are parted by spaces, the surname comes first; there are at most eight keys.
    """
    length = surname_length(name)
    first = _SURNAMES.get(name[:length])
    head = _merge(first) if first is not None else "".join(sound(letter) for letter in name[:length])
    readings = [tuple(_merge(way) for way in _BOTH.get(letter, ())) or (sound(letter),) for letter in name[length:]]
    return tuple(" ".join((head, *way)) for way in islice(product(*readings), 8))


def sound_alike(one: str, other: str) -> bool:
    """Whether two full names sound the same here (邵玲 and 邵灵, 刁凤英 and 刁凤瑛)."""
    return not set(name_sounds(one)).isdisjoint(name_sounds(other))
