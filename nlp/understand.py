"""A message read (读懂一条消息): text and context in, one Reading out, always, whatever the text.

A straight path: facts → concepts → model → rules that are safer than the model → blame, states, topic. What is said is
in docs/labels.md; what follows from it is not known here.
"""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.blame import Blame, Blamer, Learned
from nlp.danger import Danger, danger
from nlp.facts import Facts, FactsFound
from nlp.features import Features, features, masked
from nlp.gazetteer import Context, Gazetteer
from nlp.intents import Chances, beside, likeliest, offer, settle
from nlp.lexicon import Concepts, Lexicon, Sames
from nlp.model import Array, Model, shipped
from nlp.reading import Intent, Reading, Signal
from nlp.segment import Segmenter
from nlp.states import denies, meaningful, media_only, nameless, poor_household, urgency
from nlp.topics import cause, topic
from nlp.vectors import word_vectors

MOST_READ = 2_000  # characters of a message that are read for its meaning
MOST_FACTS = 10_000  # characters that are read for facts: a long form ends sooner
_WORDLESS = re.compile(r"[^\u3400-\u9fffa-zA-Z0-9]*")
_DAYLESS = (Intent.POLICY, Intent.CHITCHAT, Intent.HELP)  # day words are no date slot there (labels.md)
_MOST_WHY = 4
_ABOUT_HELP = ("measure", "words")  # asked of officers: how it was helped, how far it is

_INTENTS = {intent.value: intent for intent in Intent}  # looked up faster than an enum is made
_THERE = {intent: f"has {intent.value}" for intent in Intent}

Answers = dict[str, dict[str, float]]


_SURE_TALK = 0.8  # small talk less sure than this that accuses an officer is a complaint


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
        self._vectors = word_vectors()
        self._model = model or shipped()

    def understand(self, text: str, context: Context) -> Reading:
        """The reading of one message sent at `context.now`."""
        if media_only(text):
            return Reading(text, Intent.CHITCHAT, 0.99, signals=frozenset({Signal.MEDIA_ONLY}))
        head = text[:MOST_READ]
        if _WORDLESS.fullmatch(head):
            return _wordless(text, head)
        facts = self._facts.read(text[:MOST_FACTS], context)
        concepts = self._lexicon.find(head)
        taken = [span for span in facts.taken if span.end <= len(head)]
        bare = self._sames.level(masked(head, taken))
        words = self._segmenter.words(bare)
        seen = features(bare, words, concepts, taken, context.role)
        hidden = self._model.hidden(seen, self._vectors.sense(words))
        answers = self._model.answers(hidden)
        risk = danger(concepts)
        there = {intent: answers[name]["yes"] for intent, name in _THERE.items() if name in answers}
        model = {_INTENTS[name]: chance for name, chance in answers["intent"].items()}
        chances = settle(model, there[Intent.CRISIS], concepts, risk, context)
        intent = likeliest(chances)
        also = beside(intent, there, risk, concepts)
        learned = Learned(
            blame=answers["blame"]["yes"],
            complaint=max(answers["intent"][Intent.COMPLAINT], there[Intent.COMPLAINT]),
            misconduct=answers["misconduct"]["yes"],
            thing=answers["thing"]["yes"],
        )
        blame = self._blamer.read(concepts, facts.places, context.areas, learned, intent, also)
        if context.asked in _ABOUT_HELP and blame.chance < 0.5:
            blame = Blame()  # 送了两千块钱 tells what help was given
        if context.role == "resident" and _accusing_talk(intent, chances, blame):
            swapped = {Intent.COMPLAINT: chances[intent], intent: chances[Intent.COMPLAINT]}
            intent, chances = Intent.COMPLAINT, {**chances, **swapped}
        why = (risk.why if intent is Intent.CRISIS else ()) or self._why(intent, seen, hidden, concepts)
        return _put_together(text, concepts, facts, risk, blame, answers, chances, also, why)

    def bare(self, text: str, context: Context) -> str:
        """The words with a sign for every name, place, sum and number found: what may be kept to learn from."""
        return masked(text, self._facts.read(text, context).taken)

    def _why(self, intent: Intent, seen: Features, hidden: Array, concepts: Concepts) -> tuple[str, ...]:
        """The words whose meanings spoke most for the intent, as they stand in the text."""
        names = sorted(concepts.names)
        shares = self._model.shares(seen, hidden, "intent", intent, [f"k:{name}" for name in names])
        worth = dict(zip(names, shares, strict=True))
        best = sorted((name for name in worth if worth[name] > 0), key=lambda name: -worth[name])[:_MOST_WHY]
        words = dict.fromkeys(word for name in best for word in concepts.words(name)[:2])
        return tuple(words)[:_MOST_WHY]


def _accusing_talk(intent: Intent, chances: Chances, blame: Blame) -> bool:
    """Whether what the model took for small talk or thanks, none too surely, accuses somebody in office: a complaint is
    safer."""
    unsure = intent in (Intent.CHITCHAT, Intent.THANKS) and chances[intent] < _SURE_TALK
    return unsure and blame.chance > 0.3 and {Signal.OFFICE_NAMED, Signal.MISCONDUCT} <= blame.signals


def _wordless(text: str, head: str) -> Reading:
    """Nothing but marks and emoji: small talk; nothing at all: not understood."""
    if head.strip():
        return Reading(text, Intent.CHITCHAT, 0.6)
    return Reading(text, Intent.CHITCHAT, 0.3, signals=frozenset({Signal.NOT_UNDERSTOOD}))


def _put_together(
    text: str,
    concepts: Concepts,
    facts: FactsFound,
    risk: Danger,
    blame: Blame,
    answers: Answers,
    chances: Chances,
    also: tuple[Intent, ...],
    why: tuple[str, ...],
) -> Reading:
    ranked = sorted(chances, key=lambda other: -chances[other])
    intent = ranked[0]
    need = intent in (Intent.HARDSHIP, Intent.CRISIS) or Intent.HARDSHIP in also
    how_urgent = urgency(concepts, intent, need, answers["lead"]["yes"], answers["urgency"])
    thing = answers["thing"]["yes"] > 0.4 and intent is not Intent.CRISIS
    marks = {
        Signal.DANGER_NOW: risk.now,
        Signal.DANGER_BY_OFFICER: risk.by_officer,
        Signal.NEED: need,
        Signal.THING: thing,
        Signal.POOR_HOUSEHOLD: need and poor_household(concepts),
        Signal.PRESSURE: intent is Intent.WITHDRAW and (Intent.COMPLAINT in also or concepts.has("pressure")),
        Signal.KEEP_AN_EYE: intent is Intent.HARDSHIP and how_urgent == "C",
        Signal.MEDICINE_STOPPED: need and concepts.has("medicine_out"),
        Signal.DROPPED_OUT: need and concepts.has("dropout"),
        Signal.NOT_UNDERSTOOD: chances[intent] < 0.35 and not meaningful(concepts),
    }
    slots = replace(
        facts.slots,
        date=None if intent in _DAYLESS else facts.slots.date,
        topic=topic(concepts, intent, answers["topic"]),
        cause=cause(intent, need, answers["cause"]),
        accused=blame.accused,
    )
    return Reading(
        text=text,
        intent=intent,
        confidence=round(chances[intent], 4),
        also=also,
        slots=slots,
        urgency=how_urgent,
        negated=denies(concepts, intent) or (intent is not Intent.CHITCHAT and answers["negated"]["yes"] > 0.5),
        anonymous=nameless(concepts, intent) or (intent not in _DAYLESS and answers["anonymous"]["yes"] > 0.5),
        blame=round(blame.chance, 4),
        why=why,
        ask=offer(ranked, chances),
        signals=blame.signals | {signal for signal, there in marks.items() if there},
        places=facts.places,
        households=facts.households,
        fields=facts.fields,
        problems=facts.problems,
        parts=facts.parts,
    )
