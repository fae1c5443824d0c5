"""The sense of words (词向量): what a message is about, also in words that the corpus never used.

The vectors are those of the package synonyms 3.10.2 (chatopera, MIT), trained on Wikipedia; scripts/word_vectors.py
keeps the 40,000 commonest that the segmenter can find, in steps of one byte. A rare word weighs more than a common one.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
WIDTH = 100


class Vectors:
    """Word → vector; never changes, so it may be shared between threads."""

    def __init__(self, words: Iterable[str], vectors: NDArray[np.int8], weights: Array) -> None:
        self._row = {word: row for row, word in enumerate(words)}
        self._vectors, self._weights = vectors, weights

    def sense(self, words: Iterable[str]) -> Array:
        """The weighted mean of the words' vectors, of length 1; all zero where none of them is known."""
        row = self._row
        rows = [row[word] for word in words if word in row]
        if not rows:
            return np.zeros(WIDTH, np.float32)
        total: Array = self._weights[rows] @ self._vectors[rows].astype(np.float32)
        return total / (float(np.sqrt(total @ total)) or 1.0)


@cache
def word_vectors() -> Vectors:
    """The vectors that are shipped; read once in a process."""
    with (files("nlp") / "weights" / "vectors.npz").open("rb") as file, np.load(file, allow_pickle=False) as kept:
        words = bytes(kept["words"]).decode().split("\n")
        return Vectors(words, kept["vectors"], kept["weights"].astype(np.float32))
