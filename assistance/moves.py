"""A small builder: events of one case in order, its state after them, and the notices that go with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from assistance.case import URGENT, Case, Event, What
from assistance.decision import Decision, Notice
from assistance.evolve import evolve


class Moves:
    """Collects what happens to one case at one moment."""

    def __init__(self, case: Case, now: datetime) -> None:
        self.case = case
        self.now = now
        self.events: list[Event] = []
        self.notices: list[Notice] = []

    def did(self, what: What, by: str | None = None, to: str | None = None, **data: Any) -> Case:
        """One more event; returns the state after it."""
        event = Event(self.case.id, self.case.seq + 1, self.now, what, by, to, data)
        self.events.append(event)
        self.case = evolve(self.case, event)
        return self.case

    def tell(
        self,
        audience: Iterable[str],
        phrase: str,
        *,
        step: str | None = None,
        minus: frozenset[str] = frozenset(),
        missed: bool = False,
        **fields: Any,
    ) -> None:
        """Queue one notice for each token, named after the last event unless a step of the ladder names it."""
        for token in dict.fromkeys(audience):
            self.notices.append(
                Notice(
                    to=token,
                    step=step or f"{phrase}#{self.case.seq}",
                    case=self.case.id,
                    version=self.case.version,
                    phrase=phrase,
                    fields=fields,
                    minus=minus,
                    urgent=self.case.grade in URGENT,
                    sealed=self.case.sealed,
                    missed=missed,
                )
            )

    def done(self) -> Decision:
        """Everything collected, as a decision."""
        return Decision(events=tuple(self.events), cases=(self.case,), notices=tuple(self.notices))
