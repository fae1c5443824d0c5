"""Who is blamed, and how likely it is that somebody in office, a desk or public money is (rules.md H).

The seal must not hang on a classifier being right: a title or an enrolled officer named otherwise than neutrally counts
as blame whatever the model thinks. On the other side blame needs an object: 没人管 or 咋又坏了 alone is none, and a plain
need must go on at once, so without any object the probability stays at or below 0.05.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from nlp.gazetteer import Body, Gazetteer, KnownOfficer
from nlp.lexicon import Concepts, Hit
from nlp.reading import Accused, BlamedLevel, Intent, Match, Signal

SEAL = 0.05  # rules.md H: above this the words are sealed
_QUIET = SEAL * 0.8

_TITLE = re.compile(
    r"(?:[\u4e00-\u9fff]{0,2}(?:村|镇|区|县|乡|管区)|现任|前任|原|副|老|大队|生产|支部|驻村|包村|帮扶|治保|妇女|民兵|第一|村医|扶贫|包保){0,3}"
    r"(?:书记|支书|输记|书计|主任|会计|快计|会记|出纳|文书|网格员|网格圆|网格长|帮扶(?:责任)?人|帮辅人|帮扶干部|干部|专干|镇长|区长|县长|市长|村长|队长|组长|片长|局长|所长|科长|站长|股长|院长|校长|园长|工作队|验收组|评议小组|连长|村医|乡医|委员|办事员|工作人员|管理员|领导|两委|助理|协理员|村官|信贷员|经办人|护林员|保管员|信息员|理事长|公务员|当官的|管事的|公家人)"
)
_PREFIX = re.compile(
    r"(?:镇上|镇里|镇|乡|管区|区里|区|县里|县|市里|市|村里|村|咱村|俺村|俺庄|我村|大队|前任|现任|原|副|那个|支部)$"
)
_KIND_TITLE = re.compile(r"(?:老|小|大)$")

# Words that accuse on their own, by what they say.
_MISCONDUCT = ("take", "favour", "fake", "threat")
_SLOWNESS = ("slow", "attitude")
_OFFICE = ("officer", "body_village", "body_town", "body_county", "body_city", "body_discipline", "body_service")
_BODIES = ("body_village", "body_town", "body_county", "body_city", "body_service")
_CALM = (Intent.VISIT, Intent.THANKS, Intent.MANAGE, Intent.POLICY, Intent.HELP, Intent.CHITCHAT)
_MONEY = re.compile(r"钱|款|账|分红|补助|补贴|租金|资金|光伏|公示|低保")
_PRIVATE = ("kin", "neighbour", "firm")

_TOWN_WORD = re.compile(
    r"镇|管区|乡|街道|民政所|民政办|财政所|司法所|派出所|卫生院|便民|供电所|经管站|人社所|水利站|为民服务|信用社|中心小学|土管|国土所|食药所"
)
_COUNTY_WORD = re.compile(r"区|县|局|残联|扶贫办|金融办|供电公司|自来水公司|法院|医保|人社|大厅|热线|公安")
_CITY_WORD = re.compile(r"市里|市局|市长|市政府|市直|省")
_DISCIPLINE_WORD = re.compile(r"纪委|监委|纪检|巡察|监察")
_VILLAGE_WORD = re.compile(
    r"村|大队|两委|支书|支部|书记|会计|主任|网格|帮扶|帮辅|组长|出纳|文书|队长|专干|工作队|连长|小组|居委会|社区|评议|输记|书计|快计|会记|委员|护林员|信息员|保管员"
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
    why: tuple[str, ...] = ()


def level_of(span: str) -> BlamedLevel:
    """The level of a title or body as written: 镇/区 before a title counts more than the title."""
    for pattern, level in (
        (_DISCIPLINE_WORD, BlamedLevel.DISCIPLINE),
        (_CITY_WORD, BlamedLevel.CITY),
        (_TOWN_WORD, BlamedLevel.TOWN),
        (_COUNTY_WORD, BlamedLevel.COUNTY),
        (_VILLAGE_WORD, BlamedLevel.VILLAGE),
    ):
        if pattern.search(span):
            return level
    return BlamedLevel.UNCLEAR


class Blamer:
    """Reads blame against one gazetteer; built once."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._officers = gazetteer.officers
        self._bodies = gazetteer.bodies

    def read(
        self,
        concepts: Concepts,
        places: Iterable[Match],
        areas: Iterable[str],
        learned: Learned,
        intent: Intent,
        also: Iterable[Intent],
    ) -> Blame:
        """The blame in a message.

        `places` are the villages found, `areas` the sender's own places: with a title they name an officer.
        """
        text = concepts.text
        named = [officer for officer in self._officers if len(officer.name) > 1 and officer.name in text]
        title = bool(named) or _TITLE.search(text) is not None
        floor, why = self._floor(concepts, intent, title, learned)
        chance = max(floor, learned.blame)
        private = self._private(concepts, intent, also)
        if chance > SEAL and floor <= SEAL and self._harmless(concepts, intent, also, title, learned):
            chance = _QUIET
        signals: set[Signal] = set()
        if chance > SEAL and title:
            signals.add(Signal.OFFICE_NAMED)
        if (chance > 0.3 or Intent.COMPLAINT in (intent, *also)) and (chance > SEAL or private):
            strong = concepts.has("take", "favour", "fake", "threat")
            grave = learned.misconduct >= 0.35 or (strong and learned.misconduct > 0.2)
            signals.add(Signal.MISCONDUCT if grave else Signal.SLOWNESS)
        if chance > SEAL and concepts.has("take", "who_did") and _MONEY.search(text):
            signals.add(Signal.PUBLIC_MONEY)
        accused = self._accused(concepts, chance, private, places, areas, named)
        if private and (accused is None or accused.level is BlamedLevel.PRIVATE):
            signals.add(Signal.PRIVATE_BLAMED)
        return Blame(chance, accused, frozenset(signals), tuple(why))

    def _floor(self, concepts: Concepts, intent: Intent, title: bool, learned: Learned) -> tuple[float, list[str]]:
        """What the words say alone: a floor under the model's probability, and the words."""
        text = concepts.text
        strong = [hit for hit in concepts.of(*_MISCONDUCT, "who_did") if not hit.negated]
        sour = concepts.of("slow", "attitude", "unfair", "irony", "rhetorical", "accuse", "trips")
        accusing = strong or sour
        chance = 0.0
        if intent in _CALM:
            if title and strong and learned.complaint > 0.3:
                chance = 0.1
        elif intent in (Intent.COMPLAINT, Intent.CRISIS):
            if title:
                chance = 0.6 if strong else 0.3
            elif intent is Intent.COMPLAINT and learned.thing < 0.5:
                chance = 0.3 if concepts.has(*_OFFICE, "account", "somebody") and accusing else 0.08
            elif concepts.has(*_OFFICE) and accusing:
                chance = 0.1
        elif title and accusing:
            chance = 0.2 if strong else 0.1
        elif concepts.has(*_BODIES) and accusing and learned.complaint > 0.3:
            chance = 0.1
        words = [text[hit.start : hit.end] for hit in (strong or sour)][:3] if chance > SEAL else []
        return chance, words

    def _harmless(
        self, concepts: Concepts, intent: Intent, also: Iterable[Intent], title: bool, learned: Learned
    ) -> bool:
        """Whether a low suspicion of the model is passed over: a calm report or a plain need that accuses nobody."""
        if Intent.COMPLAINT in also or learned.blame > 0.6:
            return False
        if intent in _CALM:
            return learned.complaint < 0.3
        if intent is Intent.COMPLAINT:
            return not title and not concepts.has(*_OFFICE, "account", "who_did", "favour", "fake", "threat")
        return not title and learned.complaint < 0.25

    def _private(self, concepts: Concepts, intent: Intent, also: Iterable[Intent]) -> bool:
        """Whether kin, a neighbour or a firm is blamed."""
        complained = Intent.COMPLAINT in (intent, *also)
        return complained and concepts.has(*_PRIVATE) and not _TITLE.search(concepts.text)

    def _accused(
        self,
        concepts: Concepts,
        chance: float,
        private: bool,
        places: Iterable[Match],
        areas: Iterable[str],
        named: list[KnownOfficer],
    ) -> Accused | None:
        if chance <= SEAL and not private:
            return None
        text = concepts.text
        charges = concepts.of(*_MISCONDUCT, *_SLOWNESS, "unfair", "rhetorical", "irony")
        best: tuple[float, str] | None = None
        for span, start, end, weight in self._suspects(concepts, chance):
            near = min((abs(hit.start - end) + (6 if hit.start < start else 0) for hit in charges), default=20)
            value = weight - near * 0.1 - (3.0 if re.search(r"不是$", text[max(0, start - 2) : start]) else 0.0)
            if best is None or value > best[0]:
                best = (value, span)
        if best is None:
            return Accused(named[0].name, BlamedLevel(named[0].level), None, (named[0].id,)) if named else None
        span = best[1]
        body = self._body(span)
        level = BlamedLevel.PRIVATE if private and chance <= SEAL else level_of(span)
        if body is not None:
            level = BlamedLevel(body.level)
        officers = self._link(span, places, areas, named)
        if officers:
            level = BlamedLevel(officers[0].level)
        return Accused(span, level, body.id if body else None, tuple(officer.id for officer in officers))

    def _suspects(self, concepts: Concepts, chance: float) -> Iterable[tuple[str, int, int, float]]:
        """Everybody who may be the one blamed: span, start, end, weight."""
        text = concepts.text
        if chance > SEAL:
            for officer in self._officers:
                at = text.find(officer.name) if len(officer.name) > 1 else -1
                if at >= 0:
                    yield officer.name, at, at + len(officer.name), 6.0
            for found in _TITLE.finditer(text):
                yield found[0], found.start(), found.end(), 5.0
            for hit in concepts.of("body_village", "body_town", "body_county", "body_city", "body_service"):
                start = _widen(text, hit)
                yield text[start : hit.end], start, hit.end, 3.0
        else:
            for hit in concepts.of(*_PRIVATE):
                yield text[hit.start : hit.end], hit.start, hit.end, 2.0

    def _body(self, span: str) -> Body | None:
        """The body of the gazetteer that the span names."""
        return next((body for body in self._bodies if any(name in span for name in (body.name, *body.aliases))), None)

    def _link(
        self, span: str, places: Iterable[Match], areas: Iterable[str], named: list[KnownOfficer]
    ) -> list[KnownOfficer]:
        """Enrolled officers that the name fits, or the title in the village named (else the sender's own places)."""
        if named:
            return named
        here = {code for match in places for code in match.candidates} or set(areas)
        kind = level_of(span)
        fits = []
        for officer in self._officers:
            title = officer.title or ""
            same = bool(title) and (
                title in span or span in title or (title[-2:] == span[-2:] and "第一" not in title + span)
            )
            if same and officer.area in here and (kind is BlamedLevel.UNCLEAR or kind.value == officer.level):
                fits.append(officer)
        return fits


def _widen(text: str, hit: Hit) -> int:
    """Where the span of a body starts when the place before it is taken along: 镇上残联."""
    before = _PREFIX.search(text, max(0, hit.start - 2), hit.start)
    return before.start() if before else hit.start
