"""Sending: audiences become persons, texts are made from the case as it stands, what was missed is told at once.

A message is marked delivered after the channel took it: a crash in between may repeat one, never lose one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from assistance.audience import officers_at
from assistance.climb import LATE
from assistance.decision import Notice
from assistance.directory import Directory
from assistance.ports import Access, Work
from assistance.post import Letter, NotDelivered, Parcel
from handlers.degrade import fit
from handlers.letters import letter_for, together
from handlers.office import Office

_BATCH = 200
_RETRY = (timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=3))  # then every five minutes
_RETRY_LATER = timedelta(minutes=5)
_HOLD = timedelta(seconds=30)  # a sender so slow leaves the rest alone: its claims (a minute) may be another's soon


async def send(office: Office, now: datetime, *, replies_only: bool = False) -> int:
    """Deliver what waits; returns how many messages were handed over. An outage of the engine stops all but replies."""
    await _resolve(office, now, replies_only=replies_only)
    sent = 0
    tried: set[str] = set()
    while True:
        claimed_at = max(now, office.clock())
        async with office.store.work() as work:
            waiting = await work.outbox.waiting(claimed_at, _BATCH)
            refused = {(one.channel, one.person) for one in waiting if one.id in tried}  # what follows waits behind it
            fresh = [one for one in waiting if (one.channel, one.person) not in refused]
            parcels = [one for one in fresh if one.kind == "reply" or not replies_only]
            letters = [letter for parcel in parcels if (letter := await letter_for(parcel, work, office))]
        if not waiting:
            return sent
        tried.update(parcel.id for parcel in parcels)
        for letters_of_one in _by_person(letters):
            if office.clock() - claimed_at > _HOLD:
                break
            sent += await _hand_over(office, letters_of_one, now)
        if len(waiting) < _BATCH:
            return sent


async def _resolve(office: Office, now: datetime, *, replies_only: bool) -> None:
    """Turn each queued notice into one parcel a person."""
    seen: set[str] = set()
    while True:
        async with office.store.work() as work:
            found = [one for one in await work.outbox.queued(now, _BATCH + len(seen)) if one[0] not in seen]
            directory = await work.people.directory()
            for key, notice in found:
                seen.add(key)
                if replies_only and notice.kind != "reply":
                    continue
                await work.outbox.address(key, await readers_of(notice, work, directory))
        if len(found) < _BATCH:
            return


async def readers_of(notice: Notice, work: Work, directory: Directory) -> list[str]:
    """The persons that a notice is for, as of now: nobody from whom the case is sealed."""
    kind, _, rest = notice.to.partition(":")
    if kind == "reporters":
        reports = await work.cases.reporters(rest)
        return list(dict.fromkeys(report.by for report in reports if report.by not in notice.minus))
    if notice.kind == "reply" or (kind == "person" and notice.case is None):
        return [rest]
    case = await work.cases.for_engine().look(notice.case) if notice.case else None
    persons = directory.at(notice.to) if case is None else officers_at((notice.to,), case, directory, notice.minus)
    return [person.id for person in persons if person.id not in notice.minus]


def _by_person(letters: Iterable[Letter]) -> list[list[Letter]]:
    groups: dict[tuple[str, str], list[Letter]] = {}
    for letter in letters:
        groups.setdefault((letter.parcel.channel, letter.parcel.person), []).append(letter)
    return list(groups.values())


async def _hand_over(office: Office, letters: Sequence[Letter], now: datetime) -> int:
    """One person's messages in order; those that were missed during an outage go as one. A refusal ends the round."""
    late = [letter for letter in letters if _missed(letter.parcel, now)]
    sent = 0
    if len(late) > 1:
        if not await _deliver(office, together(office, late), late, now):
            await _later(office, [letter.parcel for letter in letters if letter not in late], now)
            return 0
        sent = 1
        letters = [letter for letter in letters if letter not in late]
    for place, letter in enumerate(letters):
        if not await _deliver(office, letter, [letter], now):
            await _later(office, [one.parcel for one in letters[place + 1 :]], now)
            return sent
        sent += 1
    return sent


def _missed(parcel: Parcel, now: datetime) -> bool:
    """Told late because engine or channel stood still; replies keep their own place."""
    return parcel.kind == "notice" and (parcel.missed or now - parcel.wanted_at > LATE)


async def _deliver(office: Office, letter: Letter, stands_for: Sequence[Letter], now: datetime) -> bool:
    """Hand one message to the channel and mark all it stands for. Who is shown sealed words is written down."""
    parcels = [one.parcel for one in stands_for]
    channel = office.channels.get(letter.parcel.channel)
    try:
        if channel is None:
            raise NotDelivered
        for part in fit(letter, channel.abilities, office.kit.phrases):
            await channel.deliver(part)
    except NotDelivered as refusal:
        await _later(office, parcels, now, refusal.until)
        return False
    async with office.store.work() as work:
        for parcel in parcels:
            await work.outbox.delivered(parcel.id, now, letter.buttons if parcel is letter.parcel else ())
        if not channel.abilities.seen:
            await work.outbox.seen([parcel.id for parcel in parcels], now)
        for one in stands_for:
            if one.secret and one.parcel.case:
                await work.accesses.add(Access(now, one.parcel.person, one.parcel.case, "letter"))
    return True


async def _later(office: Office, parcels: Sequence[Parcel], now: datetime, until: datetime | None = None) -> None:
    async with office.store.work() as work:
        for parcel in parcels:
            wait = _RETRY[parcel.attempts] if parcel.attempts < len(_RETRY) else _RETRY_LATER
            await work.outbox.failed(parcel.id, until or now + wait)
