"""What a region pack is once it has been read and checked: values of the rooms that use them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assistance.directory import Area, Department, Household, Person
from assistance.policy import PolicyRow
from assistance.rulebook import Rulebook
from nlp.gazetteer import Body


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A person of the sample roster with the phone they are reached by."""

    person: Person
    phone: str


@dataclass(frozen=True)
class Pack:
    """A county's data, whole. `calendar_known` is the last year whose holidays are known."""

    name: str
    title: str
    areas: Mapping[str, Area]
    departments: Mapping[str, Department]
    bodies: tuple[Body, ...]
    rulebook: Rulebook
    policies: tuple[PolicyRow, ...]
    phrases: Mapping[str, str]
    numbers: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    roster: tuple[Enrolled, ...]
    households: tuple[Household, ...]
    calendar_known: date
