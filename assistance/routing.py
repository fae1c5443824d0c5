"""Which department answers at county level and who helps it (分派): the table of matters, else topic and cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistance.case import Kind

UNNAMED = "其他"  # the topic of what the reader could not name


@dataclass(frozen=True, slots=True)
class Route:
    """Which department leads on a topic; the first named leads, the others help (列在首位的为牵头单位)."""

    department: str
    hardship: str | None = None  # for a sudden hardship of this topic
    by_cause: Mapping[str, str] = field(default_factory=dict)
    co: tuple[str, ...] = ()  # who helps where no matter of the topic is recognised


@dataclass(frozen=True, slots=True)
class Matter:
    """One row of the table of matters (诉求, docs/domain.md B1): who leads, who helps, and the words it is known by.

    `co` holds ids of departments, and `town` for the case's own town (镇街); `hints` are words so common that they
    count within the row's own topics only."""

    row: int
    name: str
    topics: tuple[str, ...]
    lead: str
    co: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Desks:
    """Who answers at county level and who helps (牵头、配合); `matter` is the row of B1 that said so."""

    lead: str | None = None
    co: tuple[str, ...] = ()
    matter: int | None = None


@dataclass(frozen=True)
class Routing:
    """The pack's topics (主题) and matters (诉求)."""

    topics: Mapping[str, Route]
    matters: tuple[Matter, ...] = ()

    def desks(self, kind: Kind, topic: str, cause: str | None, words: str) -> Desks:
        """Who answers at county level; complaints have nobody there (docs/rules.md H).

        The longest word of a matter (B1) that stands in the message decides within its topic; a topic that says
        nothing (其他) is found by words among all, unless a cause is known. Without one the topic's cause decides, then
        the topic.
        """
        route = self.topics.get(topic)
        if kind is Kind.COMPLAINT or route is None:
            return Desks()
        found = [
            (len(word), -place, matter)
            for place, matter in enumerate(self.matters)
            if topic == UNNAMED or topic in matter.topics
            for word in (matter.words + matter.hints if topic in matter.topics else matter.words)
            if word in words
        ]
        matter = max(found, key=lambda hit: hit[:2])[2] if found else None
        if kind is Kind.HARDSHIP and route.hardship:
            return Desks(route.hardship, route.co, matter.row if matter else None)
        by_cause = route.by_cause.get(cause or "")
        if matter and (topic in matter.topics or by_cause is None):
            return Desks(matter.lead, matter.co, matter.row)
        return Desks(by_cause or route.department, route.co)
