"""What is kept, table by table. The first migration makes exactly these; a test holds the two equal.

Plain columns hold ids, codes, counts and times. Whatever a person wrote, is called or can be rung at lies in a
`content` column: encrypted JSON, tied to table, column and row id (`storage.crypto`). Of a confidential case (sealed,
a complaint, or the twin of one) the state and the history are encrypted too: they tell who reported and who is
accused. `place` counts rows in the order they came.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """An aware moment: kept in UTC, given back aware. A naive one is refused with `ValueError`."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be kept")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To an aware moment: SQLite keeps no zone."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


_ID, _CODE, _DIGEST = String(128), String(128), String(64)


def _place() -> Column[int]:
    """The key of the row: SQLite counts only plain INTEGER keys by itself."""
    return Column("place", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def _id() -> Column[str]:
    return Column("id", _ID, nullable=False, unique=True)


def _content(*, nullable: bool = False) -> Column[bytes]:
    return Column("content", LargeBinary, nullable=nullable)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


meta = Table(
    "meta",
    metadata,
    Column("name", _CODE, primary_key=True),  # roster · words, sealed, index (the check of each key)
    Column("number", Integer, nullable=False),
    Column("secret", LargeBinary),
)

inbox = Table(
    "inbox",
    metadata,
    _place(),
    _id(),
    Column("channel", _CODE, nullable=False),
    Column("key", _DIGEST, nullable=False),  # blind index: a channel's message key may name the sender
    Column("sender", _DIGEST, nullable=False),  # blind index of the address, of another kind once sealed
    _content(),  # address, key, text, press, media
    Column("received_at", UtcTime, nullable=False),
    Column("said_at", UtcTime),
    _flag("answered"),
    _flag("sealed"),
    UniqueConstraint("channel", "key"),
    Index("ix_inbox_unanswered", "place", sqlite_where=text("answered = 0"), postgresql_where=text("NOT answered")),
    Index("ix_inbox_sender", "sender"),
)

areas = Table(
    "areas",
    metadata,
    _place(),
    Column("code", _CODE, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("level", _CODE, nullable=False),
    Column("parent", _CODE),
    Column("aliases", JSON, nullable=False),
)

departments = Table(
    "departments",
    metadata,
    _place(),
    _id(),
    Column("name", Text, nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("names", JSON(none_as_null=True)),  # with the dates between which each is valid
)

persons = Table(
    "persons",
    metadata,
    _place(),
    _id(),
    Column("role", _CODE, nullable=False),
    Column("area", _CODE),
    Column("department", _CODE),
    Column("title", Text),
    Column("left_at", UtcTime),  # 离任
    Column("away_until", UtcTime),  # 请假
    Column("deputy", _ID),  # 代班
    _content(),  # name
)

addresses = Table(
    "addresses",
    metadata,
    _place(),
    _id(),
    Column("person", _ID, ForeignKey(persons.c.id), nullable=False, index=True),
    Column("channel", _CODE, nullable=False),
    Column("address", _DIGEST, nullable=False),  # blind index
    _content(),  # address
    _flag("current"),  # the one the person last wrote from; a time here would date sealed words
    UniqueConstraint("channel", "address"),
)

households = Table(
    "households",
    metadata,
    _place(),
    _id(),
    Column("village", _CODE, nullable=False, index=True),
    Column("kind", _CODE, nullable=False),
    Column("members", Integer),
    Column("helper", _ID),
    _content(),  # head, aliases
)

conversations = Table(
    "conversations",
    metadata,
    Column("person", _ID, primary_key=True),
    _content(nullable=True),  # draft, case, visit, choices: always under the second key
)

cases = Table(
    "cases",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("receipt", _CODE, nullable=False, unique=True),
    Column("kind", _CODE, nullable=False),
    Column("grade", _CODE, nullable=False),
    Column("topic", _CODE, nullable=False),
    Column("stage", _CODE, nullable=False),
    _flag("open"),
    Column("level", _CODE, nullable=False),
    Column("village", _CODE),
    Column("town", _CODE),
    Column("county", _CODE, nullable=False),
    Column("household", _ID),
    Column("handler", _ID),
    Column("lead", _CODE),
    _flag("sealed"),
    Column("opened_at", UtcTime, nullable=False),
    Column("due_at", UtcTime),
    Column("late", Boolean, nullable=False),  # a clock ran out and still runs
    Column("closed_at", UtcTime),
    Column("breached_at", UtcTime),  # when the last limit passed: whoever counts them begins here
    Column("seq", Integer, nullable=False),
    Column("head", _DIGEST),  # digest of the last event (链头)
    Column("anchored", Integer, nullable=False, server_default=text("0")),  # number of events in the last anchor
    Column("state", JSON(none_as_null=True)),  # the whole folded case; of a confidential one it lies in `content`
    _content(nullable=True),
    Index("ix_cases_due", "due_at", sqlite_where=text("open = 1"), postgresql_where=text("open")),
    Index("ix_cases_village", "village", "topic", "opened_at"),
    Index("ix_cases_household", "household", "opened_at"),
    Index("ix_cases_handler", "handler"),
    Index("ix_cases_opened", "opened_at"),
    Index("ix_cases_stage", "stage"),
    Index("ix_cases_closed", "closed_at"),
    Index("ix_cases_breached", "breached_at"),
    Index("ix_cases_moved", "id", sqlite_where=text("seq > anchored"), postgresql_where=text("seq > anchored")),
)

case_sight = Table(
    "case_sight",
    metadata,
    Column("case", _ID, ForeignKey(cases.c.id), primary_key=True),
    Column("token", String(192), primary_key=True),
    Column("barred", Boolean, primary_key=True),  # True: never; False: may see it
    Index("ix_case_sight_token", "token", "barred"),
)

events = Table(
    "events",
    metadata,
    Column("case", _ID, ForeignKey(cases.c.id), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("what", _CODE, nullable=False),
    Column("by", _ID),
    Column("to", _CODE),
    Column("data", JSON(none_as_null=True)),
    _content(nullable=True),  # by, to and data of a confidential case
    Column("digest", _DIGEST),  # keyed, over this event and the digest before it: `storage.chain`
)

anchors = Table(  # 每日存证: what all heads were at a moment, chained to the one before
    "anchors",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False, unique=True),
    Column("cases", Integer, nullable=False),  # how many there were so far
    Column("events", Integer, nullable=False),
    Column("digest", _DIGEST, nullable=False),
    _content(),  # the heads that moved since the one before
)

ledger = Table(  # 即时帮扶台账: one row a household that was verified; its state is the fold of `ledger_events`
    "ledger",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("number", _CODE, nullable=False, unique=True),  # 台账编号
    Column("household", _ID, nullable=False, index=True),
    Column("village", _CODE, index=True),
    Column("town", _CODE, index=True),
    Column("county", _CODE, nullable=False),
    Column("step_at", UtcTime, index=True),  # when somebody is to be told that the next step may be taken
    Column("seq", Integer, nullable=False),
    Column("head", _DIGEST, nullable=False),
    Column("anchored", Integer, nullable=False, server_default=text("0")),
    _content(),  # name, and the words of measures: what can be erased
)

ledger_events = Table(
    "ledger_events",
    metadata,
    Column("entry", _ID, ForeignKey(ledger.c.id), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("what", _CODE, nullable=False),
    Column("by", _ID),
    _content(),  # data: ids, codes and numbers, which tell of a household's need
    Column("digest", _DIGEST, nullable=False),
)

case_facts = Table(
    "case_facts",
    metadata,
    Column("case", _ID, ForeignKey(cases.c.id), primary_key=True),
    _content(),
)

reports = Table(
    "reports",
    metadata,
    _place(),
    _id(),
    Column("case", _ID, ForeignKey(cases.c.id), nullable=False, index=True),
    Column("receipt", _CODE, nullable=False, unique=True),
    Column("code", _DIGEST),
    Column("reporter", _DIGEST, index=True),  # blind index; none of a confidential case: nobody may ask for those
    _content(),  # by, said, barred: always under the second key
    Column("at", UtcTime, nullable=False),
    _flag("held"),
    _flag("named"),
)

notices = Table(
    "notices",
    metadata,
    _place(),
    _id(),
    Column("once", _DIGEST, unique=True),  # of case, step, version and audience; none for replies and case-less ones
    Column("case", _ID, ForeignKey(cases.c.id), index=True),
    Column("step", _CODE, nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", _CODE, nullable=False),
    _flag("urgent"),
    _flag("sealed"),
    _flag("missed"),
    _flag("watched"),  # nobody has looked yet whether it was opened
    _content(),  # to, phrase, fields, text, buttons, minus
    Column("queued_at", UtcTime, nullable=False),
    Column("not_before", UtcTime),
    _flag("spread"),  # its readers were resolved, its parcels made
    Index("ix_notices_watched", "place", sqlite_where=text("watched = 1"), postgresql_where=text("watched")),
    Index("ix_notices_queued", "place", sqlite_where=text("spread = 0"), postgresql_where=text("NOT spread")),
)

parcels = Table(
    "parcels",
    metadata,
    _place(),
    _id(),
    Column("once", _DIGEST, nullable=False, unique=True),  # of case, step, version, person, channel; else of the notice
    Column("notice", _ID, ForeignKey(notices.c.id), nullable=False, index=True),
    Column("person", _DIGEST, nullable=False),  # blind index, of another kind where the notice is sealed
    Column("channel", _CODE, nullable=False),
    _content(),  # person, address
    Column("kind", _CODE, nullable=False),
    Column("state", _CODE, nullable=False),  # waiting · delivered · dropped
    Column("attempts", Integer, nullable=False),
    Column("next_try", UtcTime),  # of a waiting one; moved on while a sender has it
    Column("delivered_at", UtcTime),
    Column("why", _CODE),  # it was dropped
    Column("seen_at", UtcTime),  # opened on the phone (docs/rules.md J); of a sealed one no time of its own
    _flag("offers"),  # has buttons
    Column("buttons", LargeBinary),  # encrypted: a choice may be a name
    Index(
        "ix_parcels_waiting",
        "next_try",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index("ix_parcels_person", "person", "state", "place"),
)

visits = Table(
    "visits",
    metadata,
    _place(),
    _id(),
    Column("by", _ID, nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("household", _ID),
    Column("village", _CODE),
    _content(),  # on, head, findings, said
)

media = Table(
    "media",
    metadata,
    Column("said", _ID, primary_key=True),  # id of the inbox row it came with
    Column("kind", _CODE, nullable=False),
    _content(),  # media type and the bytes
)

devices = Table(
    "devices",
    metadata,
    Column("id", _DIGEST, primary_key=True),  # a digest of the cookie, which lies on the device alone
    Column("until", UtcTime),  # of an officer's session; carried on by use
    _flag("closed"),
    Column("mail", Integer, nullable=False),  # number of the last letter
)

mailbox = Table(
    "mailbox",
    metadata,
    Column("parcel", _ID, primary_key=True),
    Column("device", _DIGEST, ForeignKey(devices.c.id), nullable=False),
    Column("number", Integer, nullable=False),
    _content(nullable=True),  # case, time and everything shown; erased once the device has it
    UniqueConstraint("device", "number"),
)

visit_plans = Table(  # 走访计划: when each household of the register is to be visited next
    "visit_plans",
    metadata,
    Column("household", _ID, ForeignKey(households.c.id), primary_key=True),
    Column("village", _CODE, nullable=False),
    Column("town", _CODE),
    Column("county", _CODE),
    Column("known", Date, nullable=False),  # since when it stands in the register
    Column("last", Date),  # the last visit that counted
    Column("due", Date, nullable=False),
    Index("ix_visit_plans_village", "village", "due"),
    Index("ix_visit_plans_town", "town", "due"),
    Index("ix_visit_plans_county", "county", "due"),
)

digests = Table(
    "digests",
    metadata,
    Column("kind", _CODE, primary_key=True),
    Column("person", _ID, primary_key=True),
    Column("slot", UtcTime, primary_key=True),
)

invites = Table(
    "invites",
    metadata,
    _place(),
    _id(),
    Column("person", _ID, ForeignKey(persons.c.id), nullable=False, index=True),
    Column("token", _DIGEST, nullable=False, unique=True),  # blind index: the token itself is kept nowhere
    Column("code", _DIGEST, nullable=False, unique=True),
    Column("by", _ID),  # none where the operator made it
    Column("made_at", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
    Column("used_at", UtcTime),
)

tries = Table(
    "tries",
    metadata,
    _place(),
    Column("who", _DIGEST, nullable=False),  # keyed digest of a person, an address or a receipt
    Column("at", UtcTime, nullable=False),
    Index("ix_tries_who", "who", "at"),
)

followups = Table(  # 回访: what follows a complaint
    "followups",
    metadata,
    _place(),
    _id(),
    Column("due_at", UtcTime, index=True),  # the next question; none when nothing more is asked
    Column("until", UtcTime, nullable=False),  # how long it is kept
    _content(),  # case, person, households, how often asked: always under the second key, and no index of any of them
)

examples = Table(  # 纠正: what the reader learns from
    "examples",
    metadata,
    _place(),
    Column("said", _ID, nullable=False, unique=True),
    Column("at", UtcTime, nullable=False),
    _content(),  # text without names and numbers, role, intent
)

accesses = Table(  # 查看记录: who was shown the words of a sealed case
    "accesses",
    metadata,
    _place(),
    _id(),
    Column("at", UtcTime, nullable=False),
    _content(),  # person, case, how: ids, under the second key
)

duties = Table(
    "duties",
    metadata,
    _place(),
    _id(),
    Column("desk", _CODE, nullable=False, index=True),
    Column("person", _ID, ForeignKey(persons.c.id), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
)
