"""The web page as a channel: a letter is laid into the device's mailbox, and the device that is listening is woken."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from assistance.ports import Store
from assistance.post import Abilities, Letter, Mail, NotDelivered, Parcel
from handlers import desk

_REPLY = "reply#"


class WebChannel:
    """Mailboxes of web phones. Streams of this process are woken at once; those of other workers look by themselves."""

    name = "web"
    abilities = Abilities(buttons=True, media=True, seen=True)

    def __init__(self, store: Store) -> None:
        self._store = store
        self._listening: dict[str, set[asyncio.Event]] = {}

    async def deliver(self, letter: Letter) -> None:
        """Into the mailbox. An address without a device (never signed in here) takes nothing."""
        parcel = letter.parcel
        private = letter.private is not None or parcel.sealed
        async with self._store.work() as work:
            # a reply has its own time by the clock of its notice; the page shows when it was laid in
            mail = Mail(0, parcel.id, parcel.case, parcel.wanted_at, content_of(letter))
            try:
                untied = letter.private is not None
                await work.mailbox.put(parcel.address, mail, sealed=private, untied=untied)
            except LookupError:
                raise NotDelivered from None
        for event in self._listening.get(parcel.address, ()):
            event.set()

    @contextmanager
    def listening(self, device: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever a letter is laid into this device's box."""
        event = asyncio.Event()
        self._listening.setdefault(device, set()).add(event)
        try:
            yield event
        finally:
            self._listening[device].discard(event)
            if not self._listening[device]:
                del self._listening[device]


def content_of(letter: Letter) -> dict[str, object]:
    """What the page is told of a letter."""
    parcel = letter.parcel
    return {
        "kind": parcel.kind,
        "text": letter.text,
        "buttons": list(letter.buttons),
        "presses": [press_of(label, letter.receipt) for label in letter.buttons],
        "answers": answered_by(parcel),
        "private": letter.private,
        "about": about(parcel.case) if parcel.case else None,
        "over": letter.over,
        "late": letter.late,
        "media": [{"id": f"{one.receipt}/{one.number}", "kind": one.kind} for one in letter.media],
    }


def answered_by(parcel: Parcel) -> str | None:
    """The id of the message that a letter answers; None for one that comes by itself."""
    return parcel.step.removeprefix(_REPLY) if parcel.step.startswith(_REPLY) else None


def press_of(label: str, receipt: str | None) -> str:
    """What a button sends: a desk's word with the receipt of its case, so that no press meets another case."""
    return f"{label} {receipt}" if receipt and label in desk.WORDS else label


def about(case: str) -> str:
    """The name of a case on a device: always the same, and telling nothing (case ids count up)."""
    return hashlib.sha256(f"about {case}".encode()).hexdigest()[:16]
