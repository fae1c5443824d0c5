"""Cutting a message into words (分词) with a jieba Tokenizer of our own.

jieba keeps a global tokenizer, a cache file in the shared temporary folder and a chatty logger; none of the three is
touched here. The dictionary is built in memory, without any cache file (fxsjy/jieba#26, #903: a shared jieba.cache of
another user fails, and is a marshal file that anybody can write). Measured on jieba 0.42.1: a quarter of a second and
20 MB for the words kept, against half a second for all of them.

Names of people and places are never added: jieba cuts through them anyway, they are found on the raw text.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import IO, Any

# Words of jieba's dictionary that are rarer than this are left out: two in three words, and next to never met.
_RAREST = 4
# A word that is added weighs more than its parts, yet not so much that it swallows longer words.
_ADDED_FREQUENCY = 2000
# What jieba can match at all: it splits at spaces, hyphens and middle dots before it looks a word up.
_GOOD_WORD = re.compile(r"[\u4e00-\u9fd5]{2,8}")
_LOCK = threading.Lock()


class _Frequent:
    """The lines of jieba's dictionary file that are frequent enough; looks like the file to jieba."""

    name = "dict.txt"

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        for line in self._file:
            parts = line.split(b" ", 2)
            if len(parts) > 1 and int(parts[1]) >= _RAREST:
                yield line

    def close(self) -> None:
        self._file.close()


def _import_jieba() -> Any:
    """The module jieba, imported quietly: its source has invalid escapes, and it asks for pkg_resources.

    pkg_resources is deprecated, slow, and not there without setuptools; jieba opens its file by path when the import
    fails, so for the time of this one import it does fail.
    """
    hidden = sys.modules.get("pkg_resources")
    logger = logging.getLogger("jieba")
    try:
        if hidden is None:
            sys.modules["pkg_resources"] = None  # type: ignore[assignment]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import jieba
    finally:
        if hidden is None:
            sys.modules.pop("pkg_resources", None)
    logger.setLevel(logging.WARNING)
    return jieba


@cache
def _dictionary() -> tuple[dict[str, int], int]:
    """Word → frequency (0 for mere beginnings of words) and the sum of frequencies."""
    jieba = _import_jieba()
    blank = jieba.Tokenizer()
    frequency, total = blank.gen_pfdict(_Frequent(blank.get_dict_file()))
    return frequency, total


def frequency_of(word: str) -> int:
    """How often jieba's dictionary has met this word; 0 for what is no word, or too rare a one."""
    return _dictionary()[0].get(word, 0)


def frequencies() -> Mapping[str, int]:
    """How often jieba's dictionary has met each word that is frequent enough; beginnings of words are there with 0."""
    return _dictionary()[0]


def dictionary_lines() -> Iterator[tuple[str, int, str]]:
    """Every line of jieba's dictionary: the word, how often it was met, its part of speech (nr: a person's name)."""
    with _import_jieba().Tokenizer().get_dict_file() as file:
        for line in file:
            word, often, part = line.decode().split()
            yield word, int(often), part


def usable(word: str) -> bool:
    """Whether jieba could ever find this word: two to eight Chinese characters and nothing else."""
    return _GOOD_WORD.fullmatch(word) is not None


class Segmenter:
    """Cuts text into words. `extra` are words of the region pack; unusable ones are passed over.

    Building one costs a quarter of a second the first time in a process and nothing to speak of after that. It can be
    shared between threads: nothing changes once it is built.
    """

    def __init__(self, extra: Iterable[str] = ()) -> None:
        with _LOCK:
            frequency, total = _dictionary()
        added = [word for word in extra if usable(word) and not frequency.get(word)]
        if added:
            frequency = dict(frequency)
            for word in added:
                frequency[word] = _ADDED_FREQUENCY
                total += _ADDED_FREQUENCY
                for end in range(1, len(word)):
                    frequency.setdefault(word[:end], 0)
        self._tokenizer = _import_jieba().Tokenizer()
        self._tokenizer.FREQ, self._tokenizer.total = frequency, total
        self._tokenizer.initialized = True

    def words(self, text: str) -> list[str]:
        """The words of the text in order; joined they are the text again. No new words are guessed (no HMM)."""
        words: list[str] = self._tokenizer.lcut(text, HMM=False)
        return words
