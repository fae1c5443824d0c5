"""Telegram as a channel: a letter becomes a message with its buttons under it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from assistance.ports import Store, StoreDown
from assistance.post import Abilities, Letter, NotDelivered, Parcel
from bot.telegram.api import Api, ApiError, Blocked, Keyboard, NoAnswer, TooFast
from bot.telegram.keyboards import under
from bot.telegram.traces import Traces, is_brief, note
from bot.telegram.updates import NAME
from handlers.degrade import fits

log = structlog.get_logger("jishiyu")

_DOWN_AFTER = 2  # requests without an answer one after the other
_REST = timedelta(seconds=15)  # then nothing is sent for so long: letters of other channels wait behind each try
_BLOCKED = timedelta(hours=1)  # before somebody is tried again who has no other address
_VANISHES = "（您发的话马上从这里删掉，这条半小时后也删，要用的先记下。）"


class TelegramChannel:
    """Private chats. What the network loses or Telegram puts off stays in the outbox; a chat that is closed to the bot
    gives way to the person's next address. What a shared phone must forget is noted for deletion."""

    name = NAME
    abilities = Abilities(buttons=True, longest=4096, unit="utf16")

    def __init__(self, api: Api, store: Store, traces: Traces, clock: Callable[[], datetime]) -> None:
        self._api, self._store, self._traces, self._clock = api, store, traces, clock
        self.menus: Mapping[str, Keyboard] = {}  # of resident and officer, once the pack is read
        self._silent, self._rests_until = 0, datetime.min.replace(tzinfo=clock().tzinfo)

    async def deliver(self, letter: Letter) -> None:
        """One message. Raises `NotDelivered`."""
        now = self._clock()
        if now < self._rests_until:
            raise NotDelivered(self._rests_until)
        try:
            number = await self._send(letter)
        except TooFast as error:
            raise NotDelivered(now + timedelta(seconds=error.seconds)) from None
        except Blocked:
            raise NotDelivered(now if await self._elsewhere(letter.parcel) else now + _BLOCKED) from None
        except NoAnswer:
            self._silent += 1
            if self._silent >= _DOWN_AFTER:
                self._rests_until = now + _REST
            raise NotDelivered from None
        except ApiError as error:
            log.warning("telegram_refused", parcel=letter.parcel.id, error=type(error).__name__)
            raise NotDelivered from None
        self._silent = 0
        try:
            await note(self._traces, self._store, letter, number, now)
        except (OSError, StoreDown) as error:  # the letter has arrived all the same
            log.warning("telegram_not_noted", parcel=letter.parcel.id, error=type(error).__name__)

    async def _send(self, letter: Letter) -> int:
        chat, keyboard = int(letter.parcel.address), under(letter) or await self._menu(letter.parcel)
        protected = letter.private is not None or letter.parcel.sealed
        return await self._api.send(chat, self._text(letter), keyboard, protected=protected)

    def _text(self, letter: Letter) -> str:
        """With the answer to a complaint goes a word that it will not stay, where there is room for it."""
        longer = f"{letter.text}\n{_VANISHES}"
        return longer if is_brief(letter, self._clock()) and fits(longer, self.abilities) else letter.text

    async def _menu(self, parcel: Parcel) -> Keyboard | None:
        """An answer without buttons carries the menu of the one who asked: whoever has just signed in gets theirs."""
        if parcel.kind != "reply" or not self.menus:
            return None
        async with self._store.work() as work:
            person = (await work.people.directory()).persons.get(parcel.person)
        return self.menus["officer" if person and person.is_officer else "resident"]

    async def _elsewhere(self, parcel: Parcel) -> bool:
        async with self._store.work() as work:
            found = await work.outbox.unreachable(self.name, parcel.address)
        log.warning("telegram_blocked", person=parcel.person, elsewhere=found)
        return found
