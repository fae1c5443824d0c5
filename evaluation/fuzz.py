"""`python -m evaluation.fuzz [N]`: random, hostile and huge inputs; none may raise, none may take long.

Kinds: any Unicode; the words of the field shuffled; one piece over and over; corpus lines cut, doubled and shuffled;
up to 100,000 characters. Counted is the time of this thread alone; the bar is 50 ms for each 1,000 characters.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable

from nlp.gazetteer import Context, Gazetteer
from nlp.understand import Reader
from nlp.voices import SENT, parts, texts

BAR = 50.0  # ms for each 1,000 characters; shorter messages are held to the same sum
_PIECES = (
    *("俺娘住院没钱", "书记贪了", "不想活了", "着火", "停水", "低保咋办", "走访王桂英家正常", "谢谢", "取消", "接单"),
    *("13800001234", "三月初五", "一万二", "没有不别无", "的的的", "张三李四", "：：", "姓名：", "日期：2026-02-30"),
    *(
        "(",
        "[",
        "{",
        "\\",
        "^",
        "$",
        "*",
        "+",
        "?",
        "|",
        "\x00",
        "\ud83d",
        "\u202e",
        "👨‍👩‍👧",
        "１２３",
        "〇",
        "½",
        "\n",
        "\t",
    ),
)


def _unicode(chance: random.Random) -> str:
    return "".join(chr(chance.choice((chance.randrange(0x110000), chance.randrange(0x4E00, 0x9FA5))))
                   for _ in range(chance.randrange(200)))  # fmt: skip


def _shuffled(chance: random.Random) -> str:
    return "".join(chance.choices(_PIECES, k=chance.randrange(60)))


def _repeated(chance: random.Random) -> str:
    return chance.choice(_PIECES) * chance.choice((1, 10, 100, 1000, 10_000 if chance.random() < 0.02 else 3))


def kinds(lines: list[str]) -> list[Callable[[random.Random], str]]:
    """The ways to make an input."""

    def cut(chance: random.Random) -> str:
        line = chance.choice(lines)
        return line[chance.randrange(len(line)) :] + chance.choice(lines) * chance.randrange(3)

    def swapped(chance: random.Random) -> str:
        letters = list(chance.choice(lines))
        chance.shuffle(letters)
        return "".join(letters)

    return [_unicode, _shuffled, _repeated, cut, swapped]


def main() -> None:
    """Read N inputs (100,000 by default); exit status 1 where one raised or was too slow."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    reader, chance = Reader(Gazetteer()), random.Random(7)  # noqa: S311 - the same inputs every time
    makers = kinds([line["text"] for line in texts(parts()["train"])])
    worst, raised, slow, longest = 0.0, 0, 0, 0
    for number in range(count):
        text = makers[number % len(makers)](chance)
        longest = max(longest, len(text))
        begun = time.thread_time()
        try:
            reader.understand(text, Context(SENT, chance.choice(("resident", "cadre", "supervisor"))))
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            raised += 1
            sys.stdout.write(f"{type(error).__name__}: {error} on {text[:80]!r}\n")
        share = (time.thread_time() - begun) * 1000 / max(1.0, len(text) / 1000)
        worst = max(worst, share)
        slow += share > BAR
    sys.stdout.write(
        f"{count} inputs, the longest of {longest} characters: {raised} raised, {slow} took more than {BAR:.0f} ms for "
        f"each 1,000 characters, the worst {worst:.1f} ms\n"
    )
    sys.exit(1 if raised or slow else 0)


if __name__ == "__main__":
    main()
