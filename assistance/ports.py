"""What the rules and conversations need from the world, as protocols; `storage` fills them.

Cases leave storage through four doors only: `seen_by` (the SQL twin of `may_see`), `for_engine`, and the two of the
person who reported: `told_by` and `by_receipt`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol

from assistance.case import Case, Event, Grade, Stage
from assistance.decision import Conversation, Decision, Notice, Report, Visit, VisitPlan
from assistance.directory import Area, Department, Directory, Household, Level, Person
from assistance.ledger import Entry, Line
from assistance.post import Attachment, Delivered, Mail, MediaKind, Parcel, Said, Unopened


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases a list wants; None means any."""

    open: bool | None = True
    village: str | None = None
    town: str | None = None
    grades: frozenset[Grade] | None = None
    handler: str | None = None
    stages: frozenset[Stage] | None = None
    opened_since: datetime | None = None
    closed_since: datetime | None = None
    closed_before: datetime | None = None
    breached_since: datetime | None = None  # a limit passed since then, whatever became of it
    due_before: datetime | None = None
    overdue: bool | None = None  # a clock ran out and still runs
    limit: int = 200


@dataclass(frozen=True, slots=True)
class CaseWords:
    """The personal side of a case: what was found in the words and the reports themselves."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    reports: tuple[tuple[Report, str], ...] = ()  # with the words as they were said


class SeenCases(Protocol):
    """The cases one viewer may see; everything a person is shown comes through here."""

    async def one(self, case: str) -> Case | None:
        """The case, locked for change, or None where it does not exist *for this viewer*."""
        ...

    async def by_receipt(self, receipt: str) -> Case | None:
        """The case of which this is a receipt, for this viewer."""
        ...

    async def list(self, which: CaseFilter) -> Sequence[Case]:
        """Matching cases, the earliest due first."""
        ...

    async def words(self, case: Case) -> CaseWords:
        """Facts and reports; held words only for those who may see them."""
        ...


class EngineCases(Protocol):
    """All cases, for the engine alone."""

    async def one(self, case: str) -> Case | None:
        """The case, locked for change; None where there is none."""
        ...

    async def look(self, case: str) -> Case | None:
        """The case as it stands, not locked: for whoever only reads it."""
        ...

    async def some(self, wanted: Sequence[str]) -> Sequence[Case]:
        """These cases, by their ids, locked for change."""
        ...

    async def due(self, now: datetime, limit: int, besides: frozenset[str] = frozenset()) -> Sequence[str]:
        """Ids of open cases whose due time has come, the earliest first, claimed for this unit of work."""
        ...

    async def handled_by(self, person: str) -> Sequence[Case]:
        """Open cases that somebody handles, oldest first, locked for change."""
        ...

    async def owned_by(self, desk: str) -> Sequence[Case]:
        """Open cases that a desk owns, oldest first, locked for change."""
        ...

    async def next_due(self) -> datetime | None:
        """The earliest due time of all open cases."""
        ...

    async def without_future(self, now: datetime) -> Sequence[str]:
        """Open cases without a due time: the audit's finding, which must be empty."""
        ...

    async def history(self, case: str) -> Sequence[Event]:
        """The events of a case in order."""
        ...

    async def all(self) -> Sequence[Case]:
        """Every case, oldest first (replay and verification)."""
        ...

    async def words(self, case: Case) -> CaseWords:
        """Facts and reports of a case, held ones too."""
        ...

    async def foldable(self, village: str, topic: str, since: datetime) -> Sequence[Case]:
        """Open unsealed problems about a thing of this village and topic, newest first."""
        ...

    async def of_household(self, household: str, since: datetime) -> Sequence[Case]:
        """Open unsealed needs of this household, newest first."""
        ...


class Cases(Protocol):
    """The doors to the cases."""

    def seen_by(self, viewer: Person) -> SeenCases:
        """What exists for this viewer."""
        ...

    def for_engine(self) -> EngineCases:
        """Everything, for the engine alone; nothing from here is shown without the gate."""
        ...

    async def told_by(self, person: str) -> Sequence[tuple[Case, Report]]:
        """What this person reported, newest first, complaints left out (they need receipt and code)."""
        ...

    async def by_receipt(self, receipt: str, code: str | None, person: str) -> tuple[Case, Report] | None:
        """The reporter's own view: by receipt and code from any phone, by the receipt alone from the reporting one
        (never for a complaint)."""
        ...

    async def reporters(self, case: str) -> Sequence[Report]:
        """Who reported a case (each further reporter of a folded case too), first one first."""
        ...


class Inbox(Protocol):
    """The words as they came in."""

    async def keep(self, said: Said) -> bool:
        """Store a message; False when this channel and key are already kept."""
        ...

    async def unanswered(self, limit: int) -> Sequence[Said]:
        """Kept but not yet answered, oldest first."""
        ...

    async def claim(self, said: str) -> bool:
        """Take a message for answering: nobody else gets it until this unit of work ends. False when it is answered."""
        ...

    async def answered(self, said: str, *, sealed: bool) -> None:
        """Mark as answered; sealed words (and what came with them) move under the second key."""
        ...

    async def key(self, said: str) -> str | None:
        """The channel's own key of a message; None where there is no such message."""
        ...

    async def words(self, said: str) -> str | None:
        """The words of a message; None where there is none. Whoever asks has been through the gate of sight."""
        ...

    async def attachment(self, said: str) -> Attachment | None:
        """What came with a message, if anything did. Whoever asks has been through the gate of sight."""
        ...

    async def attached(self, said: Sequence[str]) -> Mapping[str, MediaKind]:
        """Which of these messages came with a photo or voice note."""
        ...


class People(Protocol):
    """Who is who."""

    async def directory(self) -> Directory:
        """Everybody and every place as of now."""
        ...

    async def enroll(self, person: Person, channel: str, address: str) -> None:
        """Add a person with one address, or change the person of that id."""
        ...

    async def set_places(self, places: Iterable[Area], offices: Iterable[Department]) -> None:
        """Make areas and departments those of the pack; writes nothing when they already are."""
        ...

    async def add_household(self, household: Household) -> None:
        """Register a household, or change the one of that id."""
        ...

    async def put(self, person: Person) -> None:
        """Add a person without an address (cannot be reached yet), or change the person of that id."""
        ...

    async def forget_addresses(self, person: str) -> None:
        """Drop every address of a person: what lies or waits there for them is erased, nobody signs in from there."""
        ...

    async def whose(self, channel: str, address: str) -> Person | None:
        """The person behind a channel's address."""
        ...

    def household_key(self, village: str | None, head: str) -> str:
        """A stable opaque key for a household that is not registered."""
        ...


class Conversations(Protocol):
    """What is remembered between messages."""

    async def of(self, person: str) -> Conversation:
        """The conversation, locked for change; an empty one for somebody new."""
        ...


class Outbox(Protocol):
    """Notices and their deliveries."""

    async def queued(self, now: datetime, limit: int) -> Sequence[tuple[str, Notice]]:
        """Notices (with their ids) whose time has come and whose readers are not yet resolved, oldest first."""
        ...

    async def address(self, notice: str, persons: Sequence[str]) -> None:
        """Make one parcel for each person, to the address they last wrote from (else the first enrolled).

        The same (case, step, version, person, channel) gets one parcel however often it is asked for.
        """
        ...

    async def waiting(self, now: datetime, limit: int) -> Sequence[Parcel]:
        """Parcels to be tried now, in the order in which they were queued, claimed for this sender."""
        ...

    async def next_try(self) -> datetime | None:
        """The earliest time at which a parcel or a held notice wants to go out."""
        ...

    async def delivered(self, parcel: str, at: datetime, buttons: tuple[str, ...]) -> None:
        """It reached the phone with these buttons; the words of a reply are erased, they have done their work."""
        ...

    async def seen(self, parcels: Sequence[str], at: datetime) -> None:
        """They were opened on a phone; the first time counts."""
        ...

    async def dropped(self, parcel: str, why: str) -> None:
        """The truth has moved on, or the person may not see it: it is never sent."""
        ...

    async def failed(self, parcel: str, retry_at: datetime) -> None:
        """The channel did not take it; try again then."""
        ...

    async def answered(self, person: str, at: datetime) -> None:
        """Somebody wrote or pressed: whatever lies on their phone counts as opened."""
        ...

    async def unopened(self, before: datetime, limit: int) -> Sequence[Unopened]:
        """Watched notices that reached somebody (or nobody since they were queued) before a moment, oldest first."""
        ...

    async def settled(self, watched: Sequence[str]) -> None:
        """These notices have been looked after."""
        ...

    async def next_watched(self) -> datetime | None:
        """Since when the oldest watched notice lies there."""
        ...

    async def unreachable(self, channel: str, address: str) -> bool:
        """An address takes nothing more: the person's next one takes its place, also for what waits. False
        where there is none; then all stays as it is. Whoever writes from it again is reached there again."""
        ...

    async def on_phone(self, person: str, label: str | None = None) -> Sequence[Delivered]:
        """What this person's phone shows, newest first; with a label, only messages with such a button."""
        ...


class Visits(Protocol):
    """The visits that were told."""

    async def last_of(self, person: str) -> Visit | None:
        """The visit that this person told last."""
        ...

    async def one(self, visit: str) -> Visit | None:
        """One visit by its id."""
        ...

    async def of_household(self, household: str) -> Sequence[Visit]:
        """The visits to a household, in the order in which they were told."""
        ...

    async def all(self) -> Sequence[Visit]:
        """Every visit, oldest first."""
        ...


class VisitPlans(Protocol):
    """When each household of the register is to be visited next."""

    async def of(self, household: str) -> VisitPlan | None:
        """The plan of a household."""
        ...

    async def count(self) -> int:
        """How many households have one."""
        ...

    async def known(self) -> frozenset[str]:
        """The households that have one."""
        ...

    async def due(self, level: Level, area: str, until: date, limit: int) -> tuple[int, Sequence[VisitPlan]]:
        """How many of an area are due up to and with a day, and the first of them, the longest overdue first."""
        ...


class Mailbox(Protocol):
    """Letters that wait for a device to fetch them."""

    async def put(self, address: str, mail: Mail, *, sealed: bool, untied: bool = False) -> int:
        """Lay a letter into a device's box; gives its number (`mail.number` is ignored). The same parcel again
        changes nothing. `untied`: nothing plain may tie the device to the parcel."""
        ...

    async def after(self, address: str, number: int, limit: int) -> Sequence[Mail]:
        """What lies in the box behind a number, in order."""
        ...

    async def got(self, address: str, upto: int) -> None:
        """The device has everything up to this number: the words are erased."""
        ...

    async def parcels(self, address: str, numbers: Sequence[int]) -> Sequence[str]:
        """The parcels that these letters were."""
        ...


class Devices(Protocol):
    """Web phones: an opaque id each, and until when an officer is signed in there."""

    async def open(self, device: str, now: datetime, until: datetime | None) -> None:
        """A new device; `until` is given for an officer's."""
        ...

    async def alive(self, device: str, now: datetime, lasts: timedelta) -> bool:
        """Whether the device is known and its session has not ended; using it carries an officer's session on."""
        ...

    async def close(self, device: str) -> None:
        """Signed out."""
        ...


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time way in (邀请): a link's token, or the code to type; shown once, kept as digests only."""

    token: str = field(repr=False)
    code: str = field(repr=False)  # eight digits
    until: datetime


class Invites(Protocol):
    """One-time invitations of officers."""

    async def make(self, person: str, by: str | None, now: datetime) -> Invitation:
        """A new invitation of somebody enrolled; earlier ones of theirs end. `by` is None for the operator's."""
        ...

    async def redeem(self, token_or_code: str, now: datetime) -> Person | None:
        """Whom it invites, exactly once and for 72 hours; None for any other word. Wrong ones are limited by
        `handlers.enrol.sign_in`, which everybody goes through."""
        ...

    async def void(self, person: str, now: datetime) -> None:
        """End the open invitations of a person."""
        ...


class Tries(Protocol):
    """Wrong codes, counted so that nobody guesses (docs/rules.md D: receipt with its code)."""

    async def wrong(self, what: str, who: str, now: datetime) -> None:
        """One more wrong try: `what` keeps kinds apart (person, address, receipt), `who` is kept as a digest."""
        ...

    async def count(self, what: str, who: str, since: datetime) -> int:
        """How many there were since then."""
        ...


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody on duty (值班) at a desk from one moment to another."""

    desk: str
    person: str
    since: datetime
    until: datetime


class Duties(Protocol):
    """The duty roster (值班表)."""

    async def put(self, duty: Duty) -> None:
        """Set it: of this desk it takes the place of whatever overlaps with it."""
        ...

    async def end(self, person: str, now: datetime) -> None:
        """Somebody left: they stand in no roster any more."""
        ...

    async def at(self, now: datetime) -> Sequence[Duty]:
        """Who is on duty at a moment, at every desk."""
        ...

    async def coming(self, desk: str, now: datetime, limit: int) -> Sequence[Duty]:
        """What stands in a desk's roster from now on, the next first."""
        ...


@dataclass(frozen=True, slots=True)
class Followup:
    """What follows one complaint (回访, docs/domain.md G3): whom to ask whether anybody makes trouble for them, and
    whose benefits are watched. `due_at` is None when nothing more is asked, `until` how long it is kept."""

    id: str
    case: str
    person: str
    households: tuple[str, ...]
    since: datetime  # when the complaint was received
    until: datetime
    due_at: datetime | None = None
    asked: int = 0  # how many questions went out


@dataclass(frozen=True, slots=True)
class Example:
    """A message that an officer said is something else than it was read as (纠正): what the reader learns from.

    `text` has signs in place of names, places, sums and numbers; `intent` and `role` are those of docs/labels.md.
    """

    said: str  # id of the inbox row
    at: datetime
    text: str
    role: str
    intent: str


class Examples(Protocol):
    """Corrections kept to learn from; never words of a sealed case."""

    async def keep(self, example: Example) -> None:
        """Keep one; the latest correction of a message holds."""
        ...

    async def forget(self, said: str) -> None:
        """The words are sealed or erased: nothing is learned from them."""
        ...

    async def all(self) -> Sequence[Example]:
        """All, oldest first."""
        ...


class Followups(Protocol):
    """The follow-ups of complaints. Nothing but their times can be looked up: no index names person or household."""

    async def put(self, followup: Followup) -> None:
        """Keep one, or change the one of that id."""
        ...

    async def one(self, followup: str) -> Followup | None:
        """One by its id, locked for change."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[Followup]:
        """Whose next question has fallen due, claimed for this unit of work. What is over is erased."""
        ...

    async def next_due(self) -> datetime | None:
        """When the next question falls due."""
        ...

    async def watched(self, now: datetime) -> Sequence[Followup]:
        """All that are not over, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Access:
    """Somebody was shown the words of a sealed case: as a message (`letter`) or a photo or voice note (`media`)."""

    at: datetime
    person: str
    case: str
    how: Literal["letter", "media"]


class Accesses(Protocol):
    """Who was shown the words of sealed cases (查看记录, docs/domain.md G10)."""

    async def add(self, access: Access) -> None:
        """One more."""
        ...

    async def all(self, case: str | None = None) -> Sequence[Access]:
        """All, or those of one case, the first one first."""
        ...


class Digests(Protocol):
    """Which daily messages have been made; one a person and slot."""

    async def last(self, kind: str, person: str) -> datetime | None:
        """The latest slot made for this person."""
        ...

    async def made(self, kind: str, persons: Sequence[str], slot: datetime) -> frozenset[str]:
        """Those of the persons for whom this slot or a later one has been made."""
        ...

    async def mark(self, kind: str, person: str, slot: datetime) -> bool:
        """Claim a slot; False when somebody else made it."""
        ...


@dataclass(frozen=True, slots=True)
class Anchor:
    """A day's anchor (每日存证) over all histories: `digest` is 64 hex digits, chained to the anchor before."""

    number: int
    at: datetime
    cases: int  # how many there were so far, entries of the ledger among them
    events: int
    digest: str


class Ledger(Protocol):
    """即时帮扶台账. Whoever shows an entry asks `assistance.ledger.may_see` first."""

    async def one(self, entry: str) -> Entry | None:
        """An entry by its id, locked for change."""
        ...

    async def by_number(self, number: str) -> Entry | None:
        """An entry by its 台账编号, locked for change."""
        ...

    async def of_household(self, household: str) -> Sequence[Entry]:
        """The entries of a household, the first registered first, locked for change."""
        ...

    async def of_area(self, *, village: str | None = None, town: str | None = None) -> Sequence[Entry]:
        """The entries of a village, of a town, or all, the first registered first."""
        ...

    async def waiting(self, now: datetime) -> Sequence[Entry]:
        """Entries whose next step may be signed by now."""
        ...

    async def next_step(self, after: datetime) -> datetime | None:
        """The earliest moment behind `after` at which a next step may be signed."""
        ...

    async def history(self, entry: str) -> Sequence[Line]:
        """The lines of an entry in order."""
        ...

    async def words(self, entry: str) -> Mapping[str, Any]:
        """The head's name and the words of measures; empty once they are erased."""
        ...


@dataclass(frozen=True, slots=True)
class Erased:
    """How much went."""

    words: int = 0  # messages
    photos: int = 0
    reports: int = 0
    visits: int = 0
    persons: int = 0  # reporters of whom nothing else is kept


class Erasing(Protocol):
    """Where personal words end (删除个人信息). Whoever calls it writes the `erased` event in the same unit of work."""

    async def case(self, case: str, history: Iterable[Event]) -> Erased:
        """Erase words, photos, facts, letters and reporters of a case."""
        ...

    async def photos(self, case: str, history: Iterable[Event]) -> int:
        """Erase photos and voice notes alone; how many there were."""
        ...


class Anchors(Protocol):
    """What proves to the county that no history was changed unseen."""

    async def last(self) -> Anchor | None:
        """The latest anchor."""
        ...

    async def make(self, at: datetime) -> Anchor | None:
        """The anchor of a moment; None where it is made already."""
        ...


class Work(Protocol):
    """One unit of work: everything in it is committed together or not at all."""

    cases: Cases
    inbox: Inbox
    people: People
    conversations: Conversations
    outbox: Outbox
    visits: Visits
    visit_plans: VisitPlans
    digests: Digests
    mailbox: Mailbox
    devices: Devices
    invites: Invites
    tries: Tries
    duties: Duties
    followups: Followups
    examples: Examples
    accesses: Accesses
    ledger: Ledger
    anchors: Anchors
    erasing: Erasing

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """A part of this unit of work that can fail alone: what it wrote is undone when the block raises."""
        ...

    async def save(self, decision: Decision, due: Mapping[str, datetime | None], now: datetime) -> None:
        """Write a decision whole: events, states with their due times, reports, facts, visits, notices, conversation.

        Raises `Stale` when a case has moved on since it was read.
        """
        ...


class Alarm(Protocol):
    """The way to a telephone that rings: an SMS gateway, a call (docs/rules.md J)."""

    async def ring(self, event: str, **ids: str) -> None:
        """Say what happened by event name and ids, never a word. Never raises: a broken hook is told to the
        operator."""
        ...


class Spool(Protocol):
    """Where words wait while the database cannot be reached."""

    def keep(self, said: Said) -> None:
        """Write a message to disk, encrypted, before anything else happens."""
        ...

    def drain(self) -> Iterator[Said]:
        """What waits, oldest first."""
        ...

    def remove(self, said: Said) -> None:
        """The inbox has it now."""
        ...


class Store(Protocol):
    """Where units of work come from."""

    def work(self) -> AbstractAsyncContextManager[Work]:
        """A transaction: committed when the block ends well, rolled back when it raises."""
        ...


class Stale(Exception):
    """The case changed while this was decided; decide anew."""


class StoreDown(Exception):
    """The database cannot be reached or written; the words go to the spool."""
