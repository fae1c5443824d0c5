"""Who is blamed, as written (被反映对象), on which level it sits, and which enrolled officers it may be.

Levels follow the titles of the field: 书记, 会计, 主任, 网格员, 帮扶人 belong to the village unless 镇 or 区 stands
before them; 管区 and 民政所 to the town; a 局 to the county; 纪委 to discipline; kin, neighbours and firms are private.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nlp.gazetteer import Body, Gazetteer, KnownOfficer
from nlp.lexicon import Concepts
from nlp.reading import Accused, BlamedLevel, Match

TITLE = re.compile(
    r"(?:镇上?|乡|管区|区里?|县里?|市里?|纪委监委的?|纪委的?|监委的?|纪检组?的?|巡察组?的?|(?<![\u4e00-\u9fff])村|(?<=[是的被叫让向给跟找问由和与、到对咱俺我])村|现任|前任|原|副|老|大队|生产|支部|驻村|包村|"
    r"帮扶|治保|妇女|民兵|第一|扶贫|包保){0,3}"
    r"(?:书记|支书|输记|书计|主任|会计|快计|会记|出纳|文书|网格员|网格圆|网格长|帮扶(?:责任)?人|帮辅人|帮扶(?:干部|队|单位)|干部|专干|"
    r"[镇区县市村队组片局所科站股院校园处]长|工作队|验收组|检查组|评议小组|连长|村医|乡医|乡村医生|委员|办事员|工作人员|管理员|领导|两委|助理|协理员|"
    r"村官|信贷员|经办人|护林员|保管员|信息员|公务员|当官的|管事的|公家人|一把手|监理|支部那几个|管区的人)"
)
PRIVATE = re.compile(
    r"[俺我他她咱]?家?的?[大小老二三四]?(?:儿子儿媳妇?|儿媳妇?|儿子|(?<=[俺我他她咱大小二三的])儿(?![女童媳])|^儿(?=把|不|拿|连)|闺女|女婿|孙子|侄(?:子|儿|女)?|叔叔?|伯父|大伯哥?|舅(?:舅|子)?|哥哥?|弟弟?|姐姐?|"
    r"妹妹?|婶子?家?|妯娌|老板|厂里|工头|包工头|公司|施工队|合作社|邻居|邻墙|对门|媳妇|男人)"
)
_ACTS = re.compile(r"^[^，。！？,!?]{0,4}(?:把|替|将|不|拿|占|扣|领|打|骂|欠|拖|叫|撵|霸|说|收|没|卖|养|一)")
_BEFORE = re.compile(r"(?:镇上|镇里|镇|乡|管区|区里|区直某?|区|县里|县|市里|市|咱村|俺村|俺庄|我村|大队)$")
# 纪委 as the one who did it, not as the one to whom it is told (找纪委, 告到纪委, 给纪委打电话).
_DISCIPLINE = re.compile(
    r"(?<![找给上向去到报跟和])(?:[区县市省]里?的?)?(?:纪委监委|纪委|监委|纪检组?|巡察组)(?:的人|那边|办案(?:的|人员)|里?有人)?"
    r"(?=[^，。,]{0,12}(?:收|拿|要|压|包庇|护|不查|不管|不办|通风|吃))"
)
_WHO = re.compile(r"(?:管收的那个|管[^，。,]{1,3}的(?:那个|人)|[^，。,]{0,2}窗口(?:那女的|那男的)?|那个?窗口)")
# Words that accuse: the blamed one stands close before them.
CHARGES = ("take", "favour", "fake", "threat", "slow", "attitude", "unfair", "rhetorical", "irony", "who_did")
_BODIES = ("body_town", "body_county", "body_city", "body_service", "body_village")

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


@dataclass(frozen=True, slots=True)
class _Suspect:
    span: str
    start: int
    end: int
    weight: float


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
        suspects = list(self._private(concepts.text) if private else self._public(concepts))
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

    def _public(self, concepts: Concepts) -> Iterator[_Suspect]:
        text = concepts.text
        for officer in self.named(text):
            at = text.find(officer.name)
            yield _Suspect(officer.name, at, at + len(officer.name), 6.0)
        for pattern, weight in ((TITLE, 5.0), (_DISCIPLINE, 4.5), (_WHO, 4.0)):
            for found in pattern.finditer(text):
                old = text[max(0, found.start() - 2) : found.start()].endswith("不是") or text[
                    : found.start()
                ].endswith("非")
                yield _Suspect(found[0], found.start(), found.end(), weight - (4.0 if old else 0.0))
        for hit in concepts.of(*_BODIES):
            before = _BEFORE.search(text, max(0, hit.start - 2), hit.start)
            start = before.start() if before else hit.start
            yield _Suspect(text[start : hit.end], start, hit.end, 3.0 + 0.1 * (hit.end - start))

    def _private(self, text: str) -> Iterator[_Suspect]:
        for found in PRIVATE.finditer(text):
            yield _Suspect(found[0], found.start(), found.end(), 3.0 if _ACTS.search(text, found.end()) else 1.0)

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


def _distance(suspect: _Suspect, charges: list[int]) -> float:
    """How far the suspect stands from the nearest accusing word; behind it counts as farther."""
    return min((abs(at - suspect.end) + (6 if at < suspect.start else 0) for at in charges), default=20) * 0.1
