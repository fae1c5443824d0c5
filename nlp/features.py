"""What the model looks at: a message turned into named features (特征), the same in training and at run time.

Groups, each scaled so that a long message does not outweigh its meaning: characters (one to three in a row), words of
the segmenter, concepts (alone, in the first and last clause, at the edges, under negation) and form (role, length,
marks, facts found). Pairs of words and of concepts gained nothing on unseen voices once the model had a hidden layer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nlp.gazetteer import Role
from nlp.lexicon import Concepts
from nlp.spans import Span, plain

Features = dict[str, float]

_CLAUSE = re.compile(r"[，。！？!?；;、,\s…~]+")
_DIGITS = re.compile(r"[0-9]+")
_PHONE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_FORM_LABEL = re.compile(r"(?:^|[\s，,；;])[\u4e00-\u9fff]{2,6}[:：]")
_FINAL = re.compile(r"([吗呢吧啊呀嘛啦了哈哦么不没的呗嘞哎唉])[。！!？?~，\s]*$")
# Signs of the private use area, which nobody types.
_SIGN = {
    "household": "\ue001",
    "officer": "\ue001",
    "village": "\ue003",
    "town": "\ue004",
    "amount": "\ue005",
    "phone": "\ue006",
}
_SCALE = {"c": 1.4, "t": 1.0, "w": 1.0, "k": 0.7, "f": 0.6}


def masked(text: str, taken: Iterable[Span]) -> str:
    """The text with names, places and sums each replaced by one sign, so that the model learns none by heart."""
    parts: list[str] = []
    at = 0
    for span in sorted(taken):
        sign = _SIGN.get(span.kind)
        if sign and span.start >= at and span.end <= len(text):
            parts += (text[at : span.start], sign)
            at = span.end
    return "".join(parts) + text[at:]


def features(text: str, words: Sequence[str], concepts: Concepts, taken: Iterable[Span], role: Role) -> Features:
    """The features of one message: name → value above 0. `text` is masked, `words` are its words."""
    level = _DIGITS.sub("0", plain(text).lower())
    groups = {
        "c": _characters(level, 1) | _characters(level, 2),
        "t": _characters(level, 3),
        "w": {word for word in words if len(word) > 1},
        "k": _concepts(concepts),
        "f": _form(text, role) | {f"has {span.kind}" for span in taken},
    }
    found: Features = {}
    for group, names in groups.items():
        if names:
            value = _SCALE[group] * (12.0 / (12.0 + len(names))) ** 0.5
            for name in names:
                found[f"{group}:{name}"] = value
    return found


def _characters(level: str, size: int) -> set[str]:
    edged = f"^{level}$"
    return {edged[at : at + size] for at in range(len(edged) - size + 1)}


def _concepts(concepts: Concepts) -> set[str]:
    names: set[str] = set()
    last = len(concepts.text.rstrip("。！!？?~ \n"))
    for hit in concepts.hits:
        names.add(hit.concept)
        if hit.negated:
            names.add(f"{hit.concept}-")
        if hit.start <= 1:
            names.add(f"^{hit.concept}")
        if hit.end >= last - 1:
            names.add(f"{hit.concept}$")
    breaks = [found.start() for found in _CLAUSE.finditer(concepts.text.rstrip("。！!？?~ \n"))]
    if breaks:
        names.update(f"first {hit.concept}" for hit in concepts.hits if hit.start < breaks[0])
        names.update(f"last {hit.concept}" for hit in concepts.hits if hit.start > breaks[-1])
    return names


def _form(text: str, role: Role) -> set[str]:
    bare = text.strip()
    names = {f"role {role}", f"length {_bucket(len(bare))}", f"clauses {_bucket(len(_CLAUSE.findall(bare)))}"}
    marks = {
        "question": "?" in bare or "？" in bare,
        "shout": "!" in bare or "！" in bare,
        "lines": "\n" in bare,
        "digits": _DIGITS.search(bare) is not None,
        "phone": _PHONE.search(bare) is not None,
        "link": "http" in bare or "www." in bare,
        "bracket": bare.startswith(("【", "[")),
        "spaced": len(bare.split()) > 2,
        "no marks": len(bare) > 20 and not re.search(r"[，。！？,.!?\s]", bare),
    }
    labels = len(_FORM_LABEL.findall(bare))
    names.update(name for name, there in marks.items() if there)
    if labels:
        names.add(f"labels {min(labels, 3)}")
    final = _FINAL.search(bare)
    if final:
        names.add(f"final {final[1]}")
    return names


def _bucket(count: int) -> int:
    """A coarse size: 0, 1, 2, 4, 8, 16 …"""
    return 1 << (count.bit_length() - 1) if count else 0
