"""What the reader is told about the region and its people: plain values handed in, never looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Role = Literal["resident", "cadre", "supervisor"]


@dataclass(frozen=True, slots=True)
class Place:
    """A village or town. `town` is the code of the town a village belongs to, None for a town itself."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    town: str | None = None


@dataclass(frozen=True, slots=True)
class KnownHousehold:
    """A household of the register: its head and the other names it goes by."""

    id: str
    head: str
    village: str  # place code
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownOfficer:
    """An enrolled officer; a name in a message that equals this one is linked for the seal."""

    id: str
    name: str
    title: str | None
    area: str  # place code of the village, town, county or city
    level: Literal["village", "town", "county", "city", "discipline"]


@dataclass(frozen=True, slots=True)
class Body:
    """An office that can be blamed or asked: 民政局, 残联. `level` is where it sits."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    level: Literal["town", "county", "city", "discipline"] = "county"


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All names of a region. `words` are the pack's own classes: class name → words (方言, 行话)."""

    places: tuple[Place, ...] = ()
    households: tuple[KnownHousehold, ...] = ()
    officers: tuple[KnownOfficer, ...] = ()
    bodies: tuple[Body, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the words. `now` is the time the message was sent, with its time zone."""

    now: datetime
    role: Role = "resident"
    areas: tuple[str, ...] = ()  # place codes of the sender, nearest first: names are settled there first
    asked: str | None = None  # the field the bot asked for last (people, place, phone …)
    open_cases: int = 0  # how many open cases the sender has
