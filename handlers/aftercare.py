"""After a complaint (回访): who is asked later whether anybody makes trouble for them, and benefits of theirs that stop
(docs/domain.md G3).

What follows here follows for the one who complained, on their own phone. Whoever else speaks of the household hears
and sees the same as if there had been no complaint; only those who have the complaint are told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from assistance.audience import holders, officers_at
from assistance.case import Case, Grade
from assistance.decision import Decision, Notice
from assistance.directory import Level, person_token
from assistance.open import persons_of
from assistance.ports import Followup
from assistance.rulebook import Aftercare
from handlers.kit import new_id
from handlers.turn import Turn
from nlp.reading import Intent

QUESTION = "care#"  # the step of the question: with the id of the follow-up, and which question it is
_FAR = 10  # characters between a benefit and the word that tells that it stopped
_FOR_ANOTHER = re.compile(
    r"(?:替|代|帮)[^，。,！!]{1,8}?(?:反映|举报|投诉|告|说|问)|(?:托|委托|让|叫)[俺我](?:们)?(?:来|帮|替|给)?[^，。,]{0,3}(?:反映|举报|投诉|告|说|问)"
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A complaint of the last months, and whether it was made by whoever speaks now or by their own household."""

    case: Case
    own: bool


async def follow(turn: Turn, case: Case, households: tuple[str, ...]) -> None:
    """Keep in mind that this complaint was made: its household's benefits are watched; of a C2 its reporter is asked.

    Nobody is asked on somebody else's phone, nor who does not want to be, nor where nobody may look into it, nor twice
    for two complaints.
    """
    rules, zone = turn.kit.rulebook.aftercare, turn.kit.rulebook.calendar.zone
    since = turn.said.received_at
    until = since + timedelta(days=max(rules.watch_days, *rules.ask_days) + 1)
    asked = case.grade is Grade.C2 and bool(case.seen_by) and _own_phone(turn) and not wants_peace(turn.text, rules)
    if asked:
        known = await turn.work.followups.watched(turn.now)
        asked = not any(one.person == turn.person.id and one.due_at for one in known)
    made = Followup(new_id(), case.id, turn.person.id, households, since, until)
    await turn.work.followups.put(replace(made, due_at=next_question(made, rules, zone)) if asked else made)


def next_question(followup: Followup, rules: Aftercare, zone: tzinfo) -> datetime | None:
    """When the next question is due; None after the last."""
    if followup.asked >= len(rules.ask_days):
        return None
    day = (followup.since + timedelta(days=rules.ask_days[followup.asked])).astimezone(zone).date()
    return datetime.combine(day, rules.ask_at, zone)


def wants_peace(text: str, rules: Aftercare) -> bool:
    """Whether words ask not to be asked again (别再问了)."""
    return any(word in text for word in rules.leave_alone)


def _own_phone(turn: Turn) -> bool:
    """Whether it is the sender's own matter: not told for somebody else, nor by an officer from a visit."""
    told_by_officer = turn.person.is_officer and turn.reading.intent is not Intent.COMPLAINT
    return not told_by_officer and not _FOR_ANOTHER.search(turn.text)


def tells_of_a_stop(text: str, rules: Aftercare) -> bool:
    """Whether words tell that a benefit has stopped: 俺家低保给停了, 分红也不发了."""
    for benefit in rules.benefits:
        for found in re.finditer(re.escape(benefit), text):
            near = text[max(0, found.start() - _FAR) : found.end() + _FAR]
            if any(word in near for word in rules.stopped):
                return True
    return False


async def stopped_after_complaint(turn: Turn, own: str | None, named: str | None) -> Earlier | None:
    """The last complaint of whoever's benefit stopped, where these words tell of that. `own` is a resident's household,
    `named` the one that the words are about."""
    rules = turn.kit.rulebook.aftercare
    if not tells_of_a_stop(turn.text, rules):
        return None
    oldest = turn.now - timedelta(days=rules.watch_days)
    for one in reversed(await turn.work.followups.watched(turn.now)):
        about_them = named in (None, own, *one.households)
        theirs = about_them and (one.person == turn.person.id or (own is not None and own in one.households))
        if one.since < oldest or not (theirs or (named is not None and named in one.households)):
            continue
        case = await turn.work.cases.for_engine().look(one.case)
        if case is not None:
            return Earlier(case, theirs)
    return None


async def answering(turn: Turn) -> Case | None:
    """The complaint behind the question that these words answer: whether anybody makes trouble for the speaker."""
    cases = turn.work.cases.for_engine()
    if turn.draft is not None:
        return await cases.look(turn.draft.about or "") if turn.draft.form == "reprisal" else None
    newest = next(iter(await turn.work.outbox.on_phone(turn.person.id)), None)
    if newest is None or not newest.step.startswith(QUESTION):
        return None
    followup = await turn.work.followups.one(followup_of(newest.step))
    return await cases.look(followup.case) if followup else None


def followup_of(step: str) -> str:
    """The id of the follow-up in the step of its question."""
    return step.removeprefix(QUESTION).partition("#")[0]


def never_sees(earlier: Case) -> frozenset[str]:
    """Who never sees what follows: those whom the complaint blames and their desks; where that would leave nobody (it
    was about 纪委 or the city), the persons."""
    if earlier.seen_by:
        return earlier.barred
    return persons_of(earlier.barred)


def tell_those_who_have_it(turn: Turn, earlier: Case) -> Decision:
    """Somebody else told that a benefit of the household has stopped: whoever has the complaint hears it.

    As a message that names no case: one that did would put the speaker's own answer under the seal, and show it.
    """
    text = turn.kit.phrases("notice.benefit_stopped", receipt=earlier.receipt)
    readers = officers_at(holders(earlier), earlier, turn.directory, frozenset({turn.person.id}))
    return Decision(
        notices=tuple(
            Notice(person_token(one.id), f"benefit#{turn.said.id}", text=text, sealed=True)
            for one in readers if one.level.rank >= Level.COUNTY.rank
        )
    )  # fmt: skip
