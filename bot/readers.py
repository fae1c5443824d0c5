"""Readers by roster: the names of the pack and of everybody enrolled, as the reader needs them."""

from __future__ import annotations

from typing import Literal, cast

from assistance.directory import Directory, Level, Role
from handlers.kit import Reader
from nlp.gazetteer import Gazetteer, KnownHousehold, KnownOfficer, Place
from nlp.model import Model
from nlp.understand import Reader as NlpReader
from regions.pack import Pack

_LEVELS = {Role.VILLAGE: "village", Role.TOWN: "town", Role.CITY: "city", Role.DISCIPLINE: "discipline"}


class RosterReaders:
    """Keeps the reader of the latest directory; the directory is a new value whenever the roster changed.

    `model`: the one that learned on the spot, where there is one (bot/training.py).
    """

    def __init__(self, pack: Pack, model: Model | None = None) -> None:
        self._pack, self._model = pack, model
        self._directory: Directory | None = None
        self._names: Gazetteer | None = None
        self._reader: Reader | None = None

    def __call__(self, directory: Directory) -> Reader:
        """The reader that knows this directory."""
        if self._reader is None or self._directory is not directory:
            names = gazetteer(self._pack, directory)
            if self._reader is None or names != self._names:  # a resident who wrote for the first time changes none
                self._reader, self._names = NlpReader(names, self._model), names
            self._directory = directory
        return self._reader


def gazetteer(pack: Pack, directory: Directory) -> Gazetteer:
    """Places, households, officers and offices by name."""
    places = tuple(
        Place(area.code, area.name, area.aliases, area.parent if area.level is Level.VILLAGE else None)
        for area in directory.areas.values()
        if area.level in (Level.VILLAGE, Level.TOWN)
    )
    households = tuple(
        KnownHousehold(household.id, household.head, household.village, household.aliases)
        for household in directory.households.values()
    )
    officers = tuple(
        KnownOfficer(
            person.id,
            person.name,
            person.title,
            person.area or directory.seat,
            cast("Literal['village', 'town', 'county', 'city', 'discipline']", _LEVELS.get(person.role, "county")),
        )
        for person in directory.ever_officers()
        if person.name
    )
    return Gazetteer(places, households, officers, pack.bodies, pack.words)
