"""What a message is about (主题) and what brought the need (致困原因): the model's choice, mended by plain words.

The names are those of docs/labels.md; finer topics roll up to them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from nlp.lexicon import Concepts
from nlp.reading import Intent

NONE = "-"
# Where one of these stands the topic is plain, unless the model is sure of another: the first that fits counts.
_PLAIN_TOPIC = (
    ("残疾", re.compile(r"残疾证|残补|残疾.{0,2}补|两项补贴|护理补贴|残联|轮椅|辅具|助听器|假肢")),
    ("保险", re.compile(r"理赔|农险|特惠保|意外险|投保|保单|出险|养殖险")),
    ("贷款", re.compile(r"富民贷|小额信贷|小额贷款|贴息|信用社.{0,6}(?:贷|欠)|贷款")),
    ("土地", re.compile(r"宅基地|承包地|流转|确权|征地|占地|地界|耕地|口粮田")),
    ("低保救助", re.compile(r"低[保宝]|特困|特昆|五保|临时救助|救急难")),
)
# What "none" counts against a topic. A need, a grievance and a question on rules always have one (docs/labels.md); of
# the others many name theirs only in passing (chosen on dev).
_ALWAYS = (Intent.HARDSHIP, Intent.COMPLAINT, Intent.POLICY)
_SILENT, _SELDOM_SILENT = 0.5, 0.25
_HAS_CAUSE = (Intent.HARDSHIP, Intent.VISIT, Intent.SUPPLEMENT, Intent.COMPLAINT)


def topic(concepts: Concepts, intent: Intent, chances: Mapping[str, float]) -> str | None:
    """One of the 17 topics, or None where the message has none."""
    if intent is Intent.CHITCHAT:
        return None
    silent = 0.0 if intent in _ALWAYS else _SELDOM_SILENT if intent is Intent.PROGRESS else _SILENT
    best = max(chances, key=lambda name: chances[name] * (silent if name == NONE else 1.0))
    if chances[best] < 0.5:
        for name, pattern in _PLAIN_TOPIC:
            if chances.get(name, 0.0) > 0.1 and pattern.search(concepts.text):
                return name
    return None if best == NONE else best


def cause(intent: Intent, need: bool, chances: Mapping[str, float]) -> str | None:
    """One of the 12 causes of a need, or None where no need is told."""
    if intent not in _HAS_CAUSE or not need:
        return None
    best = max(chances, key=lambda name: chances[name])
    if best == NONE and intent is Intent.HARDSHIP:
        best = max((name for name in chances if name != NONE), key=lambda name: chances[name])
    return None if best == NONE else best
