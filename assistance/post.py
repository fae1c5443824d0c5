"""What comes in and goes out (收发): messages as they were said, letters as they leave, and what a channel is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from assistance.decision import Notice, NoticeKind

MediaKind = Literal["photo", "voice", "location"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """What came with a message beside words: a photo or voice note as it is kept, or a place as `纬度,经度`."""

    kind: MediaKind
    type: str  # media type: image/jpeg, audio/webm, text/plain
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """One inbound message, kept verbatim. `key` is the channel's own message key: the same key comes once.

    `text` is None for a press or for media without words. `press` is the label of the button; `media` one of photo,
    voice, location. `said_at` is the device's own time (补录), `received_at` ours: only the latter moves limits.
    """

    id: str
    channel: str
    address: str  # the channel's name of the sender
    key: str
    received_at: datetime
    text: str | None = None
    press: str | None = None
    media: str | None = None
    said_at: datetime | None = None
    attachment: Attachment | None = None  # given when it is kept; read back through `Inbox.attachment`


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery to one person on one channel, claimed by the sender."""

    id: str
    notice: str
    person: str
    channel: str
    address: str
    kind: NoticeKind
    text: str | None  # of a reply; None where it is made when it is sent
    buttons: tuple[str, ...]
    case: str | None
    phrase: str | None
    fields: Mapping[str, Any]
    step: str
    version: int
    urgent: bool
    missed: bool
    attempts: int
    sealed: bool
    wanted_at: datetime  # when it was to go out: queued, or at the end of quiet hours


Privacy = Literal["complaint", "crisis"]


@dataclass(frozen=True, slots=True)
class Medium:
    """A photo or voice note that a letter shows: the how-manieth report of the case it came with (from 0)."""

    receipt: str
    number: int
    kind: MediaKind


@dataclass(frozen=True, slots=True)
class Letter:
    """A parcel as it goes out: the text made from the case as it stands, and what a shared phone must forget."""

    parcel: Parcel
    text: str
    buttons: tuple[str, ...] = ()
    private: Privacy | None = None
    over: bool = False  # the case is closed: what is private about it vanishes
    media: tuple[Medium, ...] = ()
    late: bool = False  # told late because engine or channel stood still
    receipt: str | None = None  # of the case that its buttons belong to
    secret: bool = False  # shows an officer the words of a sealed case, or held ones: `Accesses`


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a channel can do. What it cannot is degraded before it gets a letter (`handlers.degrade`)."""

    buttons: bool = False  # else numbered text
    media: bool = False  # else a sentence that says where they can be seen
    seen: bool = False  # reports what was opened; else what is delivered counts as opened (docs/rules.md J)
    longest: int | None = None  # of one message, in the channel's own unit; longer ones go as parts
    unit: Literal["characters", "utf16", "bytes"] = "characters"


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message that reached a phone and the buttons on it."""

    id: str
    person: str
    case: str | None
    step: str
    version: int
    buttons: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Unopened:
    """A watched notice whose time to be opened is over: who was told, and whether any of them has opened it."""

    id: str
    notice: Notice
    persons: tuple[str, ...]
    opened: bool


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter that lies in a web phone's mailbox until the device has it. `number` counts up for each device."""

    number: int
    parcel: str  # id of the parcel that it was
    case: str | None
    at: datetime
    content: Mapping[str, Any]  # text, buttons and whatever else the page needs


class Channel(Protocol):
    """Where messages leave: web chat, terminal, a messenger."""

    name: str
    abilities: Abilities

    async def deliver(self, letter: Letter) -> None:
        """Hand one message to the phone at `letter.parcel.address`. Raises `NotDelivered` when it was not taken."""
        ...


class NotDelivered(Exception):
    """The channel did not take a message; it is tried again, at `until` where the channel says when (retry-after)."""

    def __init__(self, until: datetime | None = None) -> None:
        super().__init__()
        self.until = until
