"""Taking words in: kept before they are read, answered once, drained from the spool and caught up after a crash."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import replace

from assistance.case import What
from assistance.decision import Decision
from assistance.directory import Person, Role
from assistance.ports import Stale, StoreDown, Work
from assistance.post import Said
from handlers import talk
from handlers.apply import apply
from handlers.conversation import answer
from handlers.kit import new_id
from handlers.office import Office, where_from
from handlers.turn import Turn, context_of
from nlp.reading import Intent, Reading, Signal

_TRIES = 5  # how often a decision is made anew when the case moved on meanwhile
_MEDIA = {"photo": "[图片]", "voice": "[语音]", "location": "[位置]"}


class Intake:
    """One message after the other for each sender; different senders do not wait for each other."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._turns: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def take(self, said: Said) -> None:
        """Keep a message and answer it. Whatever fails, the words are on disk when this returns."""
        async with self._turns[said.channel, said.address]:
            try:
                async with self._office.store.work() as work:
                    is_new = await work.inbox.keep(said)
            except StoreDown:
                self._office.spool.keep(said)
                self._office.alarm("inbox_spooled", said=said.id, channel=said.channel)
                return
            if is_new:
                await self._respond(said)

    async def catch_up(self) -> int:
        """Answer what was kept and not answered (a crash), after draining the spool; returns how many."""
        for said in self._office.spool.drain():
            async with self._office.store.work() as work:
                await work.inbox.keep(said)
            self._office.spool.remove(said)
        async with self._office.store.work() as work:
            waiting = await work.inbox.unanswered(200)
        for said in waiting:
            async with self._turns[said.channel, said.address]:
                await self._respond(said)
        return len(waiting)

    async def _respond(self, said: Said) -> None:
        """Answer in one transaction. What the program stumbles over goes to a person; the operator learns its id."""
        for attempt in range(_TRIES):
            try:
                await self._answer(said, to_a_person=attempt == _TRIES - 1)
                return
            except Stale:
                continue
            except StoreDown:
                self._office.alarm("answer_waits", said=said.id)
                return
            except Exception as error:  # noqa: BLE001 - whatever it is, the words must reach somebody
                self._office.alarm("answer_failed", said=said.id, error=type(error).__name__, at=where_from(error))
                await self._give_to_a_person(said)
                return

    async def _give_to_a_person(self, said: Said) -> None:
        try:
            await self._answer(said, to_a_person=True)
        except Exception as error:  # noqa: BLE001 - the words stay in the inbox; the intake loop comes back to them
            self._office.alarm("sorting_failed", said=said.id, error=type(error).__name__, at=where_from(error))

    async def _answer(self, said: Said, *, to_a_person: bool) -> None:
        office, now = self._office, self._office.clock()
        async with office.store.work() as work:
            if not await work.inbox.claim(said.id):
                return  # another turn or another worker was quicker
            turn = await self._turn(said, work, read=not to_a_person)
            await work.outbox.answered(turn.person.id, now)
            decision = await (talk.to_a_person(turn) if to_a_person else answer(turn))
            await apply(decision, work, office.kit.rulebook, now)
            sealed = _confidential(decision)
            for words in {said.id, *(report.said for report in decision.reports if sealed)}:
                await work.inbox.answered(words, sealed=sealed)
        for event in decision.events:
            if event.what is What.OPENED and not event.data["seen_by"]:  # about 纪委 or the city (docs/rules.md H)
                office.alarm("nobody_may_see", of=f"{event.case}#{event.seq}")

    async def _turn(self, said: Said, work: Work, *, read: bool) -> Turn:
        """Everything that answering needs; unread where the words go straight to a person."""
        kit = self._office.kit
        person = await work.people.whose(said.channel, said.address)
        if person is None:
            person = Person(new_id(), Role.RESIDENT)
            await work.people.enroll(person, said.channel, said.address)
        directory = await work.people.directory()
        conversation = await work.conversations.of(person.id)
        text = said.text if said.text is not None else _MEDIA.get(said.media or "", "")
        sent = said.said_at or said.received_at
        context = context_of(person, directory, conversation, sent)
        unread = Reading(text, Intent.CHITCHAT, 0.0, signals=frozenset({Signal.NOT_UNDERSTOOD}))
        reading = kit.readers(directory).understand(text, context) if read else unread
        now = self._office.clock()
        channel = self._office.channels.get(said.channel)
        numbered = channel is not None and not channel.abilities.buttons
        return Turn(replace(said, text=text), person, now, work, kit, directory, conversation, reading, numbered)


def _confidential(decision: Decision) -> bool:
    """Whether the words belong under the second key: they accuse, or are held in doubt."""
    sealed = {case.id for case in decision.cases if case.sealed}
    loose = any(notice.sealed and notice.kind == "notice" for notice in decision.notices)
    return loose or any(report.held or report.case in sealed for report in decision.reports)
