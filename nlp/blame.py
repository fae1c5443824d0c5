"""How likely it is that somebody in office, a desk or public money is blamed (rules.md H).

The seal must not hang on a classifier being right: a title or an enrolled officer in an accusation counts as blame
whatever the model thinks, and so does a grievance that is about no thing. On the other side blame needs an object:
没人管 or 咋又坏了 alone is none, and a plain need must go on at once, so a mere suspicion of the model is passed over
where nothing accuses anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nlp.accused import PRIVATE, TITLE, Accuser
from nlp.gazetteer import Gazetteer
from nlp.lexicon import Concepts
from nlp.reading import Accused, BlamedLevel, Intent, Match, Signal

SEAL = 0.05  # rules.md H: above this the words are sealed
_QUIET = 0.04
_SUSPECTED_OF_A_THING = 0.5  # 村里停水, in whatever tone, where no word accuses anybody
_SUSPECTED = 0.07  # a suspicion of the model alone that is passed over is weaker than this (chosen on dev)

_FLATLY = 0.1  # a complaint this likely, with a title and a word of misconduct, is not taken for talk or thanks

_MISCONDUCT = ("take", "favour", "fake", "threat", "who_did")
_SOUR = ("slow", "attitude", "unfair", "irony", "rhetorical", "accuse", "trips")
_BODIES = ("body_village", "body_town", "body_county", "body_city", "body_service")
_OFFICES = ("body_town", "body_county", "body_city", "body_discipline")
_CALM = (Intent.VISIT, Intent.THANKS, Intent.MANAGE, Intent.POLICY, Intent.HELP, Intent.CHITCHAT)
_MONEY = re.compile(r"钱|款|账|分红|补助|补贴|租金|资金|光伏|公示|低保")
# 村里 as one who acts or fails to act; 村里自来水, 俺村里停水 only say where.
_VILLAGE_ACTS = re.compile(
    r"(?:村里|村委会?|大队部?|村上|村部|两委|庄里)(?:的人|人|干部|那些人)?(?:也|就|都|又|还|光|说|讲|不|没|扣|拿|把|让|叫|压|拖|推|糊弄|应|答应|统筹|代|给抹|知道|省|谁都|来人|给俺|给我|净|只|收|要)|"
    r"(?:找|问|跟|向|给|叫|让|往|到|去)(?:了)?(?:村里|村委会?|大队|村上|村部)"
)


@dataclass(frozen=True, slots=True)
class Learned:
    """What the model says: probabilities of blame, of a grievance (primary or beside), of misconduct, of a thing."""

    blame: float
    complaint: float
    misconduct: float
    thing: float


@dataclass(frozen=True, slots=True)
class Blame:
    """The probability of blame, who is blamed as far as the words tell, and the signals that follow."""

    chance: float = 0.0
    accused: Accused | None = None
    signals: frozenset[Signal] = field(default_factory=frozenset)


class Blamer:
    """Reads blame against one gazetteer; built once."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._accuser = Accuser(gazetteer)

    def read(
        self,
        concepts: Concepts,
        places: Iterable[Match],
        areas: Sequence[str],
        learned: Learned,
        intent: Intent,
        also: Sequence[Intent],
    ) -> Blame:
        """The blame in a message; `places`: villages found, `areas`: the sender's own, for a bare title."""
        text = concepts.text
        title = bool(self._accuser.named(text)) or TITLE.search(text) is not None
        strong = any(not hit.negated for hit in concepts.of(*_MISCONDUCT))
        accusing = strong or concepts.has(*_SOUR)
        floor = _floor(concepts, intent, title, strong, accusing, learned)
        chance = max(floor, learned.blame)
        if floor <= SEAL < chance and _harmless(concepts, intent, also, title, accusing, learned):
            chance = _QUIET
        complained = Intent.COMPLAINT in (intent, *also)
        private = complained and not title and PRIVATE.search(text) is not None and not _office(concepts)
        private = private and not concepts.has("account") and learned.blame < 0.95
        if chance <= SEAL and not private:
            return Blame(chance)
        signals: set[Signal] = {Signal.OFFICE_NAMED} if title else set()
        if complained or chance > 0.3:
            errands = not strong and concepts.has("slow") and concepts.has("trips")  # 推三阻四，跑了八趟
            grave = learned.misconduct > (0.2 if strong else 1.0 if errands else 0.35)
            signals.add(Signal.MISCONDUCT if grave else Signal.SLOWNESS)
        if concepts.has("take", "who_did") and _MONEY.search(text):
            signals.add(Signal.PUBLIC_MONEY)
        accused = self._accuser.find(concepts, private, places, areas)
        if private or (accused is not None and accused.level is BlamedLevel.PRIVATE):
            signals.add(Signal.PRIVATE_BLAMED)
        return Blame(chance, accused, frozenset(signals))


def _office(concepts: Concepts) -> bool:
    """Whether a desk or body acts in the message: 民政所, 镇上, or 村里 as one who acts."""
    return concepts.has(*_OFFICES) or _VILLAGE_ACTS.search(concepts.text) is not None


def _floor(concepts: Concepts, intent: Intent, title: bool, strong: bool, accusing: bool, learned: Learned) -> float:
    """What the words say alone: a floor under the model's probability."""
    if intent in _CALM:  # 王建国霸占集体的鱼塘, told as flatly as news
        return 0.35 if title and strong and learned.complaint > _FLATLY else 0.0
    if intent in (Intent.COMPLAINT, Intent.CRISIS) and title:
        return 0.6 if strong else 0.3
    if intent is Intent.COMPLAINT and learned.thing < 0.5:
        return 0.3 if accusing and (_office(concepts) or concepts.has("account", "somebody")) else 0.08
    if intent is Intent.COMPLAINT or intent is Intent.CRISIS:
        return 0.1 if accusing and _office(concepts) else 0.0
    if title and accusing:
        return 0.2 if strong else 0.1
    if accusing and _office(concepts) and (learned.complaint > 0.4 or _VILLAGE_ACTS.search(concepts.text)):
        return 0.1
    return 0.1 if accusing and concepts.has(*_BODIES) and learned.complaint > 0.5 else 0.0


def _harmless(
    concepts: Concepts, intent: Intent, also: Sequence[Intent], title: bool, accusing: bool, learned: Learned
) -> bool:
    """Whether a suspicion of the model alone is passed over: a calm report, a thing, a plain need."""
    if learned.thing > 0.5 and not (title or accusing):
        return learned.blame < _SUSPECTED_OF_A_THING
    if intent in _CALM:
        return learned.complaint < 0.3 and learned.blame < _SUSPECTED
    if intent is Intent.COMPLAINT:
        plain = not title and not _office(concepts) and not concepts.has("account", *_MISCONDUCT)
        return plain and learned.blame < _SUSPECTED
    if title or Intent.COMPLAINT in also:
        return False
    return learned.complaint < 0.6 and learned.blame < _SUSPECTED
