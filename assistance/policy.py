"""Policy answers (政策): rows of the pack, told with place, year and source and never as a promise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One entitlement as a policy document states it. Ages in years; `amount` is the sentence as it is told."""

    id: str
    name: str
    keywords: tuple[str, ...]
    place: str
    year: str
    conditions: str
    amount: str
    source: str
    min_age: int | None = None
    max_age: int | None = None
    needs: tuple[str, ...] = ()  # 低保 …: words that must stand in the question for a special row to come first
    needs_any: tuple[str, ...] = ()  # one of these words must stand in the question
    note: str = ""

    def fits_age(self, age: int | None) -> bool:
        """Whether an age named in the question falls into the row; a row without ages fits all."""
        if age is None:
            return True
        return (self.min_age is None or age >= self.min_age) and (self.max_age is None or age <= self.max_age)

    def fits_words(self, question: str) -> bool:
        """Whether the words that a special row asks for stand in the question."""
        one_of = not self.needs_any or any(word in question for word in self.needs_any)
        return one_of and all(word in question for word in self.needs)


def answers(question: str, age: int | None, rows: Iterable[PolicyRow]) -> tuple[PolicyRow, ...]:
    """The rows that a question is about, longest keyword first; at most four. Empty when the pack cannot answer."""
    found: list[tuple[int, PolicyRow]] = []
    for row in rows:
        hits = [len(word) for word in row.keywords if word in question]
        if hits and row.fits_age(age) and row.fits_words(question):
            found.append((max(hits) + 2 * len(row.needs), row))
    if not found:
        return ()
    best = max(score for score, _ in found)
    return tuple(row for score, row in found if score == best)[:4]
