"""One story, any channel: the phone of somebody on Telegram and the phone of somebody on the page do the same things."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

from telegram_here import Here
from users import User

from tests.bot.web_here import Phone as Device


@dataclass(frozen=True)
class Shown:
    """A message of the bot's; numbers count up on each phone."""

    number: int
    text: str
    buttons: tuple[str, ...]


class Phone(Protocol):
    """Somebody's phone."""

    async def says(self, text: str) -> None: ...

    async def presses(self, label: str, on: Shown | None = None) -> None: ...

    def shows(self) -> list[Shown]: ...


async def hears(phone: Phone, piece: str, after: Shown | None = None) -> Shown:
    """The first message with this piece of text or this button, waiting for it."""
    async with asyncio.timeout(60):
        while True:
            for one in phone.shows():
                if (after is None or one.number > after.number) and (piece in one.text or piece in one.buttons):
                    return one
            await asyncio.sleep(0.02)


@dataclass
class TelegramPhone:
    """With the messenger."""

    user: User

    async def says(self, text: str) -> None:
        self.user.say(text)

    async def presses(self, label: str, on: Shown | None = None) -> None:
        self.user.press(label, next((one for one in self.user.got if on and one.number == on.number), None))

    def shows(self) -> list[Shown]:
        return [Shown(one.number, one.text, tuple(one.buttons)) for one in self.user.got]


@dataclass
class WebPhone:
    """With the page."""

    device: Device

    async def says(self, text: str) -> None:
        assert (await self.device.say(text))[0] == 202

    async def presses(self, label: str, on: Shown | None = None) -> None:
        letters = [one for one in self.device.letters if label in one["buttons"] and (not on or one["id"] == on.number)]
        press = letters[-1]["presses"][letters[-1]["buttons"].index(label)]
        assert (await self.device.say(press=press))[0] == 202

    def shows(self) -> list[Shown]:
        return [Shown(one["id"], one["text"], tuple(one["buttons"])) for one in self.device.letters]


@dataclass
class Town:
    """The running program and everybody's phone, on one channel."""

    here: Here
    web: bool
    _devices: list[Device] = field(default_factory=list)

    async def phone(self, who: str) -> Phone:
        """An officer's, or with any other name a resident's whom nobody knows."""
        if not self.web:
            return TelegramPhone(self.here.user(who if who in self.here.officers else 7000 + len(who)))
        device = Device(f"http://127.0.0.1:{self.here.port}")
        self._devices.append(device)
        if who not in self.here.officers:
            await device.hello()
            return WebPhone(device)
        async with self.here.program.store.work() as work:
            token = (await work.invites.make(who, None, self.here.clock())).token
        assert await device.sign_in(token) == 200
        return WebPhone(device)

    async def close(self) -> None:
        for device in self._devices:
            await device.close()
