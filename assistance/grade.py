"""From a reading to cases: the table of docs/rules.md G, the first row that fits, and the seal of H beside it.

The rules look at plain facts, not at the reader's types, so that they can be tested as a table of situations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from assistance.case import Grade, Kind

DOUBT = 0.05  # docs/rules.md H: above this probability of blame the words are shown to no village or town
SURE = 0.5  # mere doubt ends here


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules of G and H ask of a reading."""

    intent: Literal[
        "visit", "hardship", "complaint", "policy", "progress", "supplement",
        "withdraw", "thanks_feedback", "manage", "crisis", "chitchat", "help",
    ]  # fmt: skip
    also: frozenset[str] = frozenset()
    urgency: str | None = None  # A, B, C
    cause: str | None = None
    topic: str | None = None
    blame: float = 0.0
    negated: bool = False
    danger_now: bool = False
    danger_by_officer: bool = False
    need: bool = False
    thing: bool = False
    misconduct: bool = False
    slowness: bool = False
    office_named: bool = False
    private_blamed: bool = False
    medicine_stopped: bool = False
    dropped_out: bool = False
    keep_an_eye: bool = False
    understood: bool = True
    answered: bool = True  # for policy: the pack has an answer
    asks_to_report: bool = False  # asks how one reports somebody: whoever might be meant need not know who asked


@dataclass(frozen=True, slots=True)
class Ruling:
    """One case to open."""

    kind: Kind
    grade: Grade
    sealed: bool = False
    sorting: bool = False
    past_village: bool = False  # danger from an officer: opens at town and county
    at_county: bool = False  # opens with the county officers not concerned, whatever its grade


def words_held(facts: Facts) -> bool:
    """Whether no village or town is shown the words until a county or discipline officer has opened them."""
    return facts.blame > DOUBT or facts.office_named or facts.danger_by_officer or facts.asks_to_report


_NO_DANGER = frozenset({"chitchat", "policy", "withdraw", "thanks_feedback", "manage"})  # told, asked or taken back


def rule(facts: Facts) -> tuple[Ruling, ...]:
    """The cases that a message opens, the need before the accusation; none for talk, thanks, questions of state.

    Tightening for 监测户, 低保户 and 特困 is left to `tightened`, since its grades are the pack's.
    """
    if facts.intent == "crisis" or (facts.danger_now and facts.intent not in _NO_DANGER):
        danger = Ruling(Kind.HARDSHIP, Grade.E0, past_village=facts.danger_by_officer)
        accuses = facts.danger_by_officer or ("complaint" in (facts.intent, *facts.also) and _beside(facts))
        return (danger, Ruling(Kind.COMPLAINT, Grade.C2, sealed=True)) if accuses else (danger,)
    if not facts.understood:
        return (Ruling(Kind.LEAD, Grade.E4, sorting=True),)
    match facts.intent:
        case "complaint":
            return _complaint(facts)
        case "hardship" if facts.thing and not facts.need:
            return _complaint(facts)
        case "hardship":
            return (_need(facts, Kind.HARDSHIP), *_beside(facts))
        case "visit" if facts.thing and not facts.need:
            return _complaint(facts)
        case "visit":
            found = (_need(facts, Kind.PROBLEM),) if "hardship" in facts.also else ()
            if "complaint" not in facts.also:
                return found
            return (*found, *(_complaint(facts) if not found else _beside(facts)))
        case "supplement" if "hardship" in facts.also:
            return (_need(facts, Kind.PROBLEM), *_beside(facts))
        case "policy" | "help" if facts.thing:
            return _complaint(facts)
        case "policy" if not facts.answered:
            return (Ruling(Kind.PROBLEM, Grade.E6, sealed=words_held(facts)),)
    return ()


def _accuses(facts: Facts) -> bool:
    """Somebody in office, a desk or public money is surely blamed, or a private person is."""
    return facts.blame > SURE or facts.private_blamed


def _complaint(facts: Facts) -> tuple[Ruling, ...]:
    """A complaint, or trouble with a thing that nobody is accused of; with a need beside it both open."""
    told = "hardship" in facts.also or (facts.need and facts.urgency == "A")
    need = (_need(facts, Kind.HARDSHIP),) if told else ()
    if facts.thing and not _accuses(facts) and not facts.misconduct:
        grade = Grade.E2 if facts.topic == "饮水" else Grade.E5
        return need or (Ruling(Kind.PROBLEM, grade, sealed=words_held(facts)),)
    if facts.slowness and not facts.misconduct and not facts.private_blamed and not facts.office_named:
        return (*need, Ruling(Kind.COMPLAINT, Grade.C1, sealed=True))
    return (*need, Ruling(Kind.COMPLAINT, Grade.C2, sealed=True))


def _beside(facts: Facts) -> tuple[Ruling, ...]:
    """The accusation beside a need: a second, sealed case only where more than slowness is surely blamed."""
    if _accuses(facts) and (facts.misconduct or facts.private_blamed or not facts.slowness):
        return (Ruling(Kind.COMPLAINT, Grade.C2, sealed=True),)
    return ()


def _need(facts: Facts, kind: Kind) -> Ruling:
    """The grade of a household's need."""
    if facts.urgency == "A" or "crisis" in facts.also:
        return Ruling(kind, Grade.E1)
    if kind is Kind.HARDSHIP and (facts.urgency == "C" or facts.keep_an_eye):
        return Ruling(Kind.LEAD, Grade.E4)
    if facts.cause in ("住房", "饮水") or facts.medicine_stopped or facts.dropped_out:
        return Ruling(kind, Grade.E2)
    return Ruling(kind, Grade.E3)


REPRISAL = Ruling(Kind.COMPLAINT, Grade.C2, sealed=True, at_county=True)  # 打击报复


def after_complaint(rulings: tuple[Ruling, ...], facts: Facts) -> tuple[Ruling, ...]:
    """The rulings on words that tell of a benefit which stopped soon after a complaint of the same household: they are
    the county's, sealed (docs/domain.md G3). A need beside it goes on at once, as beside any accusation."""
    concrete = facts.cause not in (None, "其他")
    goes_on = (Grade.E0, Grade.E1, Grade.E2)
    needs = tuple(
        one for one in rulings
        if one.kind is not Kind.COMPLAINT and not one.sealed and not one.sorting and (concrete or one.grade in goes_on)
    )  # fmt: skip
    return (*needs, REPRISAL)


def tightened(ruling: Ruling, tighter: Mapping[Grade, Grade]) -> Ruling:
    """The ruling for a 监测户, 低保户 or 特困: E3 becomes E2, E4 E3 by the pack's table; the sorting desk's stays."""
    tightens = ruling.kind is not Kind.COMPLAINT and not ruling.sorting and not ruling.sealed
    return replace(ruling, grade=tighter.get(ruling.grade, ruling.grade)) if tightens else ruling
