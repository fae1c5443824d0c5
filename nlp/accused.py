"""Who is blamed, as written (被反映对象), on which level it sits, and which enrolled officers it may be.

Levels follow the titles of the field: 书记, 会计, 主任, 网格员, 帮扶人 belong to the village unless 镇 or 区 stands
before them; 管区 and 民政所 to the town; a 局 to the county; 纪委 to discipline; kin, neighbours and firms are private.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from nlp.gazetteer import Body, Gazetteer, KnownOfficer
from nlp.lexicon import Concepts
from nlp.reading import Accused, BlamedLevel, Match
from nlp.suspects import PRIVATE, TITLE, Suspect, private_suspects, public_suspects

__all__ = ["PRIVATE", "TITLE", "Accuser"]

# Words that accuse: the blamed one stands close before them.
CHARGES = ("take", "favour", "fake", "threat", "slow", "attitude", "unfair", "rhetorical", "irony", "who_did")
_LEVELS = (
    (BlamedLevel.DISCIPLINE, re.compile(r"纪委|监委|纪检|巡察|监察")),
    (BlamedLevel.CITY, re.compile(r"市里|市局|市长|市政府|市直|省")),
    (
        BlamedLevel.TOWN,
        re.compile(
            r"镇|管区|乡(?!村)|街道|[政司财派供社利林管土站电计]所|卫生院|民政办|便民|为民|经管站|水利站|信用社|中心(?:小学|校)|乡医"
        ),
    ),
    (
        BlamedLevel.COUNTY,
        re.compile(r"区|县|局|残联|妇联|扶贫办|金融办|公司|法院|医保|人社|大厅|热线|公安|部门|医院|监理|12345|120"),
    ),
    (
        BlamedLevel.VILLAGE,
        re.compile(
            r"村|大队|两委|支书|支部|[书输]记|书计|会[计记]|快计|主任|网格|帮[扶辅]|组长|出纳|文书|队长|专干|工作队|连长|小组|居委会|社区|"
            r"评议|委员|护林员|信息员|保管员|一把手"
        ),
    ),
)
# Titles that mean the same office.
_OFFICES = (
    ("第一书记", re.compile(r"第一书记")),
    ("书记", re.compile(r"[书输]记|书计|支书|一把手")),
    ("会计", re.compile(r"会[计记]|快计|文书|出纳")),
    ("主任", re.compile(r"主任|村长")),
    ("网格员", re.compile(r"网格")),
    ("帮扶人", re.compile(r"帮[扶辅](?:责任)?人|帮扶(?:干部|队)")),
    ("村医", re.compile(r"村医|乡村医生")),
)


def level_of(span: str) -> BlamedLevel:
    """The level of a title or body as written; 镇 or 区 before a title counts more than the title."""
    return next((level for level, pattern in _LEVELS if pattern.search(span)), BlamedLevel.UNCLEAR)


def office_of(title: str) -> str | None:
    """The office a title stands for, one word for all its ways; None for a title of no known office."""
    return next((office for office, pattern in _OFFICES if pattern.search(title)), None)


class Accuser:
    """Finds the blamed one against one gazetteer; built once."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._officers = tuple(officer for officer in gazetteer.officers if len(officer.name) > 1)
        self._bodies = gazetteer.bodies

    def named(self, text: str) -> list[KnownOfficer]:
        """Enrolled officers whose names stand in the text."""
        return [officer for officer in self._officers if officer.name in text]

    def find(self, concepts: Concepts, private: bool, places: Iterable[Match], areas: Sequence[str]) -> Accused | None:
        """The one most likely blamed; `private` where no office is, `areas` the sender's own places, nearest first."""
        suspects = list(private_suspects(concepts.text) if private else self._public(concepts))
        if not suspects:
            return None
        charges = [hit.start for hit in concepts.of(*CHARGES)]
        best = max(suspects, key=lambda suspect: suspect.weight - _distance(suspect, charges))
        if private:
            return Accused(best.span, BlamedLevel.PRIVATE)
        body = self._body(best.span)
        officers = self._link(best.span, places, areas)
        level = BlamedLevel(body.level) if body else level_of(best.span)
        if officers:
            level = BlamedLevel(officers[0].level)
        return Accused(best.span, level, body.id if body else None, tuple(officer.id for officer in officers))

    def _public(self, concepts: Concepts) -> Iterator[Suspect]:
        text = concepts.text
        for officer in self.named(text):
            at = text.find(officer.name)
            yield Suspect(officer.name, at, at + len(officer.name), 7.2)
        yield from public_suspects(concepts)

    def _body(self, span: str) -> Body | None:
        """The body of the gazetteer that the span names, by its longest name."""
        named = [
            (len(name), place, body)
            for place, body in enumerate(self._bodies)
            for name in (body.name, *body.aliases)
            if name in span
        ]
        return max(named, key=lambda one: (one[0], -one[1]))[2] if named else None  # 民政所 before 民政

    def _link(self, span: str, places: Iterable[Match], areas: Sequence[str]) -> list[KnownOfficer]:
        """Enrolled officers the name fits, or the office in the village named, else in the sender's own places."""
        named = [officer for officer in self._officers if officer.name in span]
        if named:
            return named
        office, level = office_of(span), level_of(span)
        here = {code for match in places for code in match.candidates} or set(areas)
        fits = [
            officer
            for officer in self._officers
            if office and officer.title and office_of(officer.title) == office and officer.area in here
        ]
        return [officer for officer in fits if level.value in (officer.level, "unclear")]


def _distance(suspect: Suspect, charges: list[int]) -> float:
    """How far the suspect stands from the nearest accusing word; behind it counts as farther."""
    return min((abs(at - suspect.end) + (6 if at < suspect.start else 0) for at in charges), default=20) * 0.1
