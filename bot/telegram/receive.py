"""An update is taken: words and presses go to the house, files are fetched first, an album is one report."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field, replace

from assistance.ports import StoreDown
from assistance.post import Attachment
from bot.build import Program
from bot.telegram.albums import Albums
from bot.telegram.api import Api, ApiError, Keyboard, Moved, NoAnswer, TooFast, Update
from bot.telegram.files import NotFetched, fetch, long_picture
from bot.telegram.keyboards import menu
from bot.telegram.updates import NAME, Closed, Elsewhere, Told, read, said_of
from bot.web.limits import Limit
from bot.web.security import Refused
from handlers.office import where_from

_UNFIT = "视频、文件这些收不了，请拍几张照片，或者写一句、说一段语音。"
_PRIVATE = "群里不接话，家里的事不在群里说。请单独找我：https://t.me/{username}"
_TRIES = 3
_LONGEST_WAIT = 30.0  # seconds for which a sentence of our own waits its turn


@dataclass
class Receiver:
    """Takes updates of all chats; of one chat one after the other, in the order in which they came."""

    program: Program
    api: Api
    pause: float  # seconds before a file is asked for again
    quiet: float  # seconds after which no further photo of an album is expected
    username: str = ""  # of the bot, once it is known
    _turns: defaultdict[int, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _groups: Limit = field(default_factory=lambda: Limit(1 / 600, 1))
    _albums: Albums = field(init=False)

    def __post_init__(self) -> None:
        self._albums = Albums(self.quiet)

    async def receive(self, update: Update) -> bool:
        """Whether it is taken; False: neither store nor disk took it, it has to come again."""
        try:
            await self._receive(update)
        except (StoreDown, OSError) as error:
            self.program.office.alarm("telegram_waits", error=type(error).__name__)
            return False
        except Exception as error:  # noqa: BLE001 - one update that nobody understands must not stop the others
            place = where_from(error)
            number = update.get("update_id")
            self.program.office.alarm("telegram_failed", update=number, error=type(error).__name__, at=place)
        return True

    async def _receive(self, update: Update) -> None:
        match read(update, self.username):
            case Elsewhere(chat):
                if self._groups.turn(str(chat)).kept:
                    await self._say(chat, _PRIVATE.format(username=self.username))
            case Closed(who):
                async with self.program.store.work() as work:
                    await work.outbox.unreachable(NAME, str(who))
            case Told() as told if told.album and (told.file is None or told.file.kind == "photo"):
                await self._albums.add(told, self._turns[told.who], self._take_album)
            case Told() as told if told.callback:
                seen = asyncio.create_task(self._acknowledge(told.callback))  # first: a button waits for it
                async with self._turns[told.who]:
                    await self._take(told)
                await seen
            case Told() as told:
                async with self._turns[told.who]:
                    await self._take(told)

    async def _take(self, told: Told) -> None:
        if told.begins:
            await self._greet(told.who)
            return
        came, sentence = await self._came(told)
        await self._keep(told, came)
        if sentence:
            await self._say(told.who, sentence)

    async def _take_album(self, parts: list[Told]) -> None:
        """Several photos with one caption: one report with one picture. Videos among them bring only their words."""
        photos = [await self._came(part) for part in parts]
        whole = [photo for photo, _ in photos if photo]
        words = "\n".join(part.text for part in parts if part.text)
        key = f"{parts[0].album}/{parts[0].who}/{'.'.join(str(part.number) for part in parts)}"
        told = replace(parts[0], key=key, text=words or None)
        await self._keep(told, await long_picture(whole) if whole else None)
        for sentence in dict.fromkeys(sentence for _, sentence in photos if sentence):
            await self._say(told.who, sentence)

    async def _came(self, told: Told) -> tuple[Attachment | None, str]:
        """What came with a message, else a sentence why it did not."""
        if told.place:
            return Attachment("location", "text/plain", told.place.encode()), ""
        if told.file is None:
            return None, _UNFIT if told.unfit else ""
        try:
            return await fetch(self.api, told.file, self.pause), ""
        except NotFetched as error:
            return None, str(error)
        except Refused as error:
            return None, error.sentence

    async def _keep(self, told: Told, came: Attachment | None) -> None:
        office = self.program.office
        if told.text or told.press or came:
            await self.program.intake.take(said_of(told, office.clock(), came))
            office.wake.set()

    async def _greet(self, who: int) -> None:
        """Who the bot is, and the menu of the one who asks."""
        kit = self.program.office.kit
        async with self.program.store.work() as work:
            person = await work.people.whose(NAME, str(who))
        side = "officer" if person and person.is_officer else "resident"
        greeting = kit.phrases(f"web.greeting.{side}", **kit.numbers)
        await self._say(who, greeting, menu(kit.phrases(f"web.menu.{side}").splitlines()))

    async def _say(self, chat: int, text: str, keyboard: Keyboard | None = None) -> None:
        """A sentence of the channel's own, tried a few times; the house's letters go through the outbox."""
        for attempt in range(_TRIES):
            try:
                await self.api.send(chat, text, keyboard)
                return
            except Moved as error:
                chat = error.chat
            except TooFast as error:
                await asyncio.sleep(min(error.seconds, _LONGEST_WAIT))
            except NoAnswer:
                await asyncio.sleep(self.pause * attempt)
            except ApiError as error:
                self.program.office.log("telegram_sentence_refused", error=type(error).__name__)
                return

    async def _acknowledge(self, press: str) -> None:
        try:
            await self.api.acknowledge(press)
        except ApiError as error:  # pressed too long ago for it; the press itself is taken all the same
            self.program.office.log("telegram_press_stale", error=type(error).__name__)
