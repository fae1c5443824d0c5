"""A message read (读懂一条消息): text and context in, one Reading out, always, whatever the text.

A straight path: facts → concepts → model → rules that are safer than the model (media, commands, danger) → states, blame,
topic → what to ask when unsure. What is said is in docs/labels.md; what follows from it is not known here.
"""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.blame import SEAL, Blame, Blamer
from nlp.danger import Danger, danger
from nlp.facts import Facts, FactsFound
from nlp.features import features, masked
from nlp.gazetteer import Context, Gazetteer
from nlp.lexicon import Concepts, Lexicon, Sames
from nlp.model import Model, shipped
from nlp.reading import Intent, Reading, Signal
from nlp.segment import Segmenter
from nlp.states import denies, life_at_stake, media_only, nameless, poor_household
from nlp.topics import cause, topic

MOST_READ = 2000  # characters of a message that are read for its meaning
ASK_BELOW = 0.42  # a best guess less sure than this is asked about
_GRADED = (Intent.VISIT, Intent.HARDSHIP, Intent.COMPLAINT, Intent.CRISIS)
_DAYLESS = (Intent.POLICY, Intent.CHITCHAT, Intent.HELP)

_PRESS = re.compile(
    r"(?:接单|退单|转办|记进展|办结|撤销|改派|定范围|签收|派单|待办|超时|超期|积压|日报|我的待办|今日待办|待办事项)[。！!~]?"
)
_CANCEL = re.compile(r"(?:取消|撤回|撤销|不报了|算了不报了|重来|作废)[吧了哈。！!~]*")
_MENU = re.compile(r"(?:帮助|菜单|help|怎么用|咋用|说明|使用说明|人工|转人工|人工客服|\?|？)[。！!？?~]*", re.IGNORECASE)
_GREETING = re.compile(r"(?:你好|您好|恁好|在吗|在不|早上好|晚上好|下午好|中午好|嗯+|哦+|好的?|知道了|收到|ok|行|中)[啊呀哈了。！!？?~]*", re.IGNORECASE)
_WORDLESS = re.compile(r"[^\u4e00-\u9fffa-zA-Z0-9]*")
_TRANSFER = re.compile(r"^(?:请|麻烦)?把.{2,40}(?:转给|转到|转交|派给|交给|改派|移交)|^(?:这|那)(?:个|件|单|条|户).{0,16}(?:转给|转|派给|归)[^，。]{2,8}(?:局|办|所|联|站|中心|公司|吧)")


class Reader:
    """Reads messages against one gazetteer, with the shipped model unless another is given.

    Building the first one loads words and weights (about half a second); it may be shared between threads.
    """

    def __init__(self, gazetteer: Gazetteer, model: Model | None = None) -> None:
        self._facts = Facts(gazetteer)
        self._segmenter = Segmenter(word for words in gazetteer.words.values() for word in words)
        self._lexicon = Lexicon(gazetteer.words)
        self._sames = Sames()
        self._blamer = Blamer(gazetteer)
        self._model = model or shipped()

    def understand(self, text: str, context: Context) -> Reading:
        """The reading of one message sent at `context.now`."""
        facts = self._facts.read(text, context)
        if media_only(text):
            return Reading(text, Intent.CHITCHAT, 0.99, signals=frozenset({Signal.MEDIA_ONLY}))
        head = text[:MOST_READ]
        if _WORDLESS.fullmatch(head):
            return _wordless(text, head)
        concepts = self._lexicon.find(head)
        taken = [span for span in facts.taken if span.end <= len(head)]
        bare = self._sames.level(masked(head, taken))
        answer = self._model.answer(features(bare, self._segmenter.words(bare), concepts, taken, context.role))
        risk = danger(concepts)
        chances = _settle({Intent(name): chance for name, chance in answer["intent"].items()}, concepts, risk, context)
        ranked = sorted(chances, key=lambda intent: -chances[intent])
        intent = ranked[0]
        also = _also(intent, answer, risk, concepts)
        blame = self._blamer.read(
            concepts,
            facts.places,
            context.areas,
            answer["blame"]["yes"],
            answer["misconduct"]["yes"],
            intent,
            also,
        )
        return _reading(text, concepts, facts, risk, blame, answer, chances, ranked, also)


def _wordless(text: str, head: str) -> Reading:
    """Nothing but marks and emoji: small talk; nothing at all: not understood."""
    signals = frozenset() if head.strip() else frozenset({Signal.NOT_UNDERSTOOD})
    return Reading(text, Intent.CHITCHAT, 0.6 if head.strip() else 0.3, signals=signals)


def _settle(chances: dict[Intent, float], concepts: Concepts, risk: Danger, context: Context) -> dict[Intent, float]:
    """The model's intents with the rules that are surer than it."""
    text = concepts.text.strip()
    officer = context.role != "resident"
    certain: Intent | None = None
    if _CANCEL.fullmatch(text) and not (officer and text.startswith("撤销")):
        certain = Intent.WITHDRAW
    elif officer and (_PRESS.fullmatch(text) or _TRANSFER.search(text)):
        certain = Intent.MANAGE
    elif _MENU.fullmatch(text):
        certain = Intent.HELP
    elif _GREETING.fullmatch(text):
        certain = Intent.CHITCHAT
    elif risk.crisis and chances[Intent.WITHDRAW] < 0.5:
        certain = Intent.CRISIS
    elif risk.hint and not risk.told and not risk.taken_back and chances[Intent.CRISIS] > 0.3:
        certain = Intent.CRISIS
    elif risk.now:
        certain = Intent.HARDSHIP if chances[Intent.CRISIS] < 0.6 else Intent.CRISIS
    elif risk.told and chances[Intent.CRISIS] > 0.2:
        chances = {**chances, Intent.CRISIS: 0.0}
    if certain is None:
        total = sum(chances.values())
        return {intent: chance / total for intent, chance in chances.items()}
    rest = sum(chance for intent, chance in chances.items() if intent is not certain) or 1.0
    share = max(chances[certain], 0.95)
    return {
        intent: share if intent is certain else (1 - share) * chance / rest for intent, chance in chances.items()
    }


# Which intents can stand beside which, and how sure the model must be of them (chosen on unseen voices).
_BESIDE: dict[Intent, dict[Intent, float]] = {
    Intent.VISIT: {Intent.HARDSHIP: 0.4, Intent.COMPLAINT: 0.4},
    Intent.HARDSHIP: {Intent.COMPLAINT: 0.4, Intent.CRISIS: 0.3, Intent.THANKS: 0.4},
    Intent.COMPLAINT: {Intent.HARDSHIP: 0.5, Intent.THANKS: 0.5, Intent.PROGRESS: 0.5},
    Intent.CRISIS: {Intent.COMPLAINT: 0.5, Intent.POLICY: 0.5},
    Intent.SUPPLEMENT: {Intent.HARDSHIP: 0.5, Intent.CRISIS: 0.4, Intent.COMPLAINT: 0.6},
    Intent.WITHDRAW: {Intent.CRISIS: 0.3, Intent.COMPLAINT: 0.4},
}


def _also(intent: Intent, answer: dict[str, dict[str, float]], risk: Danger, concepts: Concepts) -> tuple[Intent, ...]:
    """The intents that are there beside the primary one, the likeliest first."""
    found: dict[Intent, float] = {}
    for other, least in _BESIDE.get(intent, {}).items():
        chance = answer[f"has {other.value}"]["yes"]
        if chance > least:
            found[other] = chance
    if intent is Intent.WITHDRAW and risk.taken_back and concepts.has("suicide", "violence", "missing"):
        found[Intent.CRISIS] = 1.0
    if intent is Intent.CRISIS and risk.by_officer:
        found[Intent.COMPLAINT] = 1.0
    return tuple(sorted(found, key=lambda other: -found[other]))


def _reading(
    text: str,
    concepts: Concepts,
    facts: FactsFound,
    risk: Danger,
    blame: Blame,
    answer: dict[str, dict[str, float]],
    chances: dict[Intent, float],
    ranked: list[Intent],
    also: tuple[Intent, ...],
) -> Reading:
    """Everything put together."""
    intent = ranked[0]
    need = intent in (Intent.HARDSHIP, Intent.CRISIS) or Intent.HARDSHIP in also
    urgency = _urgency(intent, need, concepts, answer["urgency"])
    signals = set(blame.signals)
    thing = answer["thing"]["yes"] > 0.5
    marks = {
        Signal.DANGER_NOW: risk.now,
        Signal.DANGER_BY_OFFICER: risk.by_officer,
        Signal.NEED: need,
        Signal.THING: thing,
        Signal.POOR_HOUSEHOLD: poor_household(concepts),
        Signal.PRESSURE: intent is Intent.WITHDRAW and (concepts.has("pressure") or Intent.COMPLAINT in also),
        Signal.KEEP_AN_EYE: need and urgency == "C",
        Signal.MEDICINE_STOPPED: need and concepts.has("medicine_out"),
        Signal.DROPPED_OUT: need and concepts.has("dropout"),
        Signal.NOT_UNDERSTOOD: chances[intent] < 0.3 and not concepts.hits,
    }
    signals.update(signal for signal, there in marks.items() if there)
    slots = replace(
        facts.slots,
        date=None if intent in _DAYLESS else facts.slots.date,
        topic=topic(concepts, answer["topic"]),
        cause=cause(intent, need, answer["cause"]),
        accused=blame.accused,
    )
    unsure = chances[intent] < ASK_BELOW
    return Reading(
        text=text,
        intent=intent,
        confidence=round(chances[intent], 4),
        also=also,
        slots=slots,
        urgency=urgency,
        negated=denies(concepts),
        anonymous=nameless(concepts),
        blame=round(blame.chance, 4),
        why=(risk.why if intent is Intent.CRISIS else ()) or blame.why,
        ask=tuple(other for other in ranked[:3] if chances[other] > 0.08) if unsure else None,
        signals=frozenset(signals),
        places=facts.places,
        households=facts.households,
        fields=facts.fields,
        problems=facts.problems,
    )


def _urgency(intent: Intent, need: bool, concepts: Concepts, chances: dict[str, float]) -> str | None:
    if intent not in _GRADED:
        return None
    if intent is Intent.CRISIS:
        return "A"
    if need and life_at_stake(concepts.text):
        return "A"
    return max(chances, key=lambda level: chances[level])


__all__ = ["SEAL", "Reader"]
