"""From a reading to opened cases: the one place where words become work (docs/rules.md G, H, I)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from assistance import fold
from assistance.case import Case, Grade, Kind
from assistance.decision import Decision, Report
from assistance.grade import Facts, Ruling, after_complaint, rule, tightened, words_held
from assistance.open import Opening, open_case, persons_of
from assistance.routing import Desks
from assistance.seal import Blamed, need_bars
from handlers import aftercare, outside
from handlers.blamed import blamed_of, facts_of, named_in, never_read, tell_held
from handlers.joining import foldable
from handlers.kit import new_code, new_id, new_receipt
from handlers.turn import Turn
from handlers.whereabouts import Where, own, own_household, where
from nlp.reading import Reading, Signal


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that a message opened or joined, with the reporter's receipt for it."""

    case: Case
    report: Report
    joined: bool = False


async def open_cases(
    turn: Turn, *, answered: bool = True, beside: str | None = None
) -> tuple[Decision, tuple[Opened, ...]]:
    """Open (or join) every case that the message asks for; `beside` a case that its words opened before."""
    place = where(turn)
    facts = facts_of(turn.reading, answered=answered)
    blamed = blamed_of(turn) or (named_in(turn) if not facts.understood else None)
    decision, opened = Decision(), list[Opened]()
    harassed = await aftercare.answering(turn) if facts.intent == "crisis" or facts.danger_now else None
    if harassed:  # the danger may come from whoever was accused: past the village, and the words are held
        facts = replace(facts, danger_by_officer=True)
    rulings, own = rule(facts), own_household(turn)
    earlier = await aftercare.stopped_after_complaint(turn, own, place.household)
    before = aftercare.Earlier(harassed, own=True) if harassed else earlier
    if earlier and earlier.own:
        rulings, blamed = after_complaint(rulings, facts), blamed or Blamed()
    ids = [new_id() for _ in rulings]
    rulebook = turn.kit.rulebook
    if place.kind in rulebook.poor_kinds or turn.reading.says(Signal.POOR_HOUSEHOLD):
        rulings = tuple(tightened(ruling, rulebook.tighter) for ruling in rulings)
    for number, ruling in enumerate(rulings):
        twin = next((other for other in ids if other != ids[number]), beside)
        about = place if ruling.kind is Kind.COMPLAINT else _of_the_need(turn, place, facts)
        more, one = await _open_one(turn, ruling, facts, about, blamed, ids[number], twin, before)
        ids[number] = one.case.id  # another, where it joined an open case
        decision += more
        opened.append(one)
    for one in opened:
        if one.case.kind is Kind.COMPLAINT and not one.joined:
            household = own or place.household
            await aftercare.follow(turn, one.case, (household,) if household else ())
    if earlier and not earlier.own:
        decision += aftercare.tell_those_who_have_it(turn, earlier.case)
    if words_held(facts) and not any(one.case.sealed or one.case.sorting for one in opened):
        for one in opened:
            decision += tell_held(turn, one.case)
    return decision, tuple(opened)


async def own_benefit_stopped(turn: Turn) -> bool:
    """Whether these words tell that a benefit stopped of somebody who complained, told by themselves."""
    earlier = await aftercare.stopped_after_complaint(turn, own_household(turn), where(turn).household)
    return earlier is not None and earlier.own


def _of_the_need(turn: Turn, place: Where, facts: Facts) -> Where:
    """Whose need it is where somebody is blamed: a household named there may be the favoured one's, so who speaks of
    their own speaks for their own household."""
    theirs = words_held(facts) and not turn.person.is_officer and _MY_OWN.search(turn.text)
    return own(turn, turn.home or place.village, place.town) if theirs else place


_MY_OWN = re.compile(
    r"[俺我咱](?:们|自己)?(?:家|娘|爹|爸|妈|男人|媳妇|老伴|老婆|对象|儿|孩|闺女|孙|奶|爷|没|断|缺|住院|病)"
)


def held_topic(cause: str | None) -> str:
    """What a need is about where its words are held: from its cause alone, since the topic may be the accusation's."""
    return _TOPIC_OF_CAUSE.get(cause or "", "其他")


_TOPIC_OF_CAUSE = {
    "因病": "医疗", "意外事故": "医疗", "因残": "残疾", "因学": "教育", "失业": "就业", "住房": "住房", "饮水": "饮水",
}  # fmt: skip


async def _open_one(
    turn: Turn,
    ruling: Ruling,
    facts: Facts,
    place: Where,
    blamed: Blamed | None,
    own_id: str,
    twin: str | None,
    earlier: aftercare.Earlier | None = None,
) -> tuple[Decision, Opened]:
    held = words_held(facts) or (ruling.kind is not Kind.COMPLAINT and twin is not None)
    own_thing = facts.thing and not facts.need and ruling.kind is Kind.PROBLEM
    household = None if own_thing or ruling.kind is Kind.COMPLAINT or ruling.sorting else place.household
    bars = need_bars(blamed, turn.directory, place.village) if blamed else frozenset[str]()
    kept_from = aftercare.never_sees(earlier.case) if earlier and earlier.own else frozenset[str]()
    bars |= persons_of(kept_from)
    joined = (
        None
        if ruling.sealed or ruling.sorting
        else await foldable(turn, ruling.grade, facts, place, household, own_thing, bars)
    )
    if joined:
        decision, case = fold.join(joined, turn.now), joined
        case = decision.cases[0]
    else:
        topic, cause = facts.topic or "其他", facts.cause
        hidden = held and not ruling.sealed and household is not None  # a need whose words may not be shown
        if hidden:
            topic = "其他" if ruling.grade is Grade.E0 else held_topic(cause)
        words = "" if hidden else turn.text
        # what was not understood belongs to the county's sorting desk alone, until it is passed on
        desks = Desks() if ruling.sorting else turn.kit.rulebook.routing.desks(ruling.kind, topic, cause, words)
        opening = Opening(
            id=own_id,
            receipt=new_receipt(),
            received_at=turn.said.received_at,
            topic=topic,
            cause=cause,
            village=place.village,
            town=place.town,
            household=household,
            lead=desks.lead,
            co=desks.co,
            matter=desks.matter,
            blamed=blamed,
            linked=twin,
            barred=kept_from,
        )
        decision = open_case(ruling, opening, turn.directory, turn.kit.rulebook, turn.now)
        case = decision.cases[0]
    report = Report(
        id=new_id(),
        case=case.id,
        by=turn.person.id,
        said=turn.said.id,
        receipt=case.receipt if not joined else new_receipt(),
        at=turn.now,
        held=held and not case.sealed,
        barred=never_read(turn, blamed),
        named=not case.sealed and not turn.reading.anonymous,
        code=new_code() if case.sealed or _for_another(turn, household) else None,
    )
    facts_found = {} if joined else found(turn.reading, place, held=held, about_thing=household is None)
    away = outside.named(turn)
    if away and facts_found and not held:
        facts_found = {**facts_found, "place": away}
    decision += Decision(reports=(report,), facts=((case.id, facts_found),) if facts_found else ())
    return decision, Opened(case, report, joined is not None)


def _for_another(turn: Turn, household: str | None) -> bool:
    """代报: a household's need told by an officer, or by somebody of another household."""
    if household is None or turn.person.is_officer:
        return household is not None
    return household != own(turn, turn.home, None).household and not _MY_OWN.search(turn.text)


def found(reading: Reading, place: Where, *, held: bool, about_thing: bool) -> Mapping[str, Any]:
    """The slots that are kept with the case. Of held words only household, cause, urgency and size go on: never an
    amount, a date, a person or a body of the accusation (docs/rules.md H)."""
    slots = reading.slots
    facts: dict[str, Any] = {"urgency": reading.urgency}
    if not about_thing:
        facts["household"] = place.name
        facts["people"] = slots.people.value if slots.people else None
    if not held:
        facts["amount"] = slots.amount.yuan if slots.amount else None
        facts["phone"] = slots.phone
        facts["on"] = slots.date.value if slots.date else None
    return {name: value for name, value in facts.items() if value is not None}


def further_report(turn: Turn, case: Case, first: Report, *, held: bool) -> Report:
    """More words about a case that this person reported before."""
    blamed = blamed_of(turn)
    return Report(
        id=new_id(),
        case=case.id,
        by=turn.person.id,
        said=turn.said.id,
        receipt=new_receipt(),
        at=turn.now,
        held=held,
        barred=never_read(turn, blamed),
        named=first.named and not turn.reading.anonymous,
    )
