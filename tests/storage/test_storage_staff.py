"""Invitations, absences, duty and what was opened: the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from people_here import (
    HOUR,
    NOW,
    PHONES,
    SEALED,
    SUN,
    WANG,
    ZHAO,
    commit,
    moved,
    opening,
    settle,
    spread,
)
from sqlalchemy import select

from assistance.case import What
from assistance.decision import Decision, Notice
from assistance.directory import Person, Role
from assistance.ports import Duty
from assistance.post import Mail
from storage.invites import VALID
from storage.session import SqlStore
from storage.tables import invites, notices, parcels, tries

pytestmark = pytest.mark.asyncio
MINUTE = timedelta(minutes=1)
NEW = Person("new", Role.VILLAGE, "周敏", "v1", title="网格员", reachable=False)


# --- invitations ---


async def test_an_invitation_opens_once(store: SqlStore) -> None:
    """By token or by code, and neither again."""
    await settle(store)
    async with store.work() as work:
        await work.people.put(NEW)
        made = await work.invites.make("new", "zhao", NOW)
        assert len(made.code) == 8 and len(made.token) >= 22
        assert await work.invites.redeem("anything", NOW) is None
        assert await work.invites.redeem(f" {made.code} ", NOW + HOUR) == NEW
        assert await work.invites.redeem(made.code, NOW + HOUR) is None
        assert await work.invites.redeem(made.token, NOW + HOUR) is None
        other = await work.invites.make("new", "zhao", NOW)
        assert await work.invites.redeem(other.token, NOW) == NEW


async def test_an_invitation_ends(store: SqlStore) -> None:
    """After 72 hours, with the next one, when it is voided and when the person left."""
    await settle(store)
    async with store.work() as work:
        late = await work.invites.make("wang", None, NOW)
        assert late.until == NOW + VALID
        assert await work.invites.redeem(late.code, NOW + VALID) is None
        first = await work.invites.make("wang", None, NOW)
        second = await work.invites.make("wang", None, NOW)
        assert await work.invites.redeem(first.code, NOW) is None
        await work.invites.void("wang", NOW)
        assert await work.invites.redeem(second.code, NOW) is None
        third = await work.invites.make("wang", None, NOW)
        await work.people.put(replace(WANG, left=NOW))
        assert await work.invites.redeem(third.code, NOW) is None


async def test_of_two_who_redeem_at_once_one_comes_in(store: SqlStore) -> None:
    """Two programs, one code: one person signs in."""
    await settle(store)
    async with store.work() as work:
        made = await work.invites.make("wang", None, NOW)

    async def redeem() -> bool:
        async with store.work() as work:
            return await work.invites.redeem(made.code, NOW) is not None

    assert sorted(await asyncio.gather(redeem(), redeem(), redeem())) == [False, False, True]


async def test_neither_token_nor_code_is_kept(store: SqlStore) -> None:
    """The row holds keyed digests."""
    await settle(store)
    async with store.work() as work:
        made = await work.invites.make("wang", "zhao", NOW)
    async with store._engine.connect() as connection:
        (row,) = (await connection.execute(select(invites))).all()
    assert made.token not in repr(row) and made.code not in repr(row)


# --- who is there ---


async def test_somebody_invited_cannot_be_reached_until_they_sign_in(store: SqlStore) -> None:
    """Without an address, then with one, then without again; also for a program that reads the directory anew."""
    await settle(store)
    async with store.work() as work:
        await work.people.put(replace(NEW, reachable=True))
        assert (await work.people.directory()).persons["new"].reachable is False
        await work.people.enroll(NEW, "web", "77")
    for reader in (store, SqlStore(store._engine, store._vault)):
        async with reader.work() as work:
            assert (await work.people.directory()).persons["new"] == replace(NEW, reachable=True)
    async with store.work() as work:
        await work.people.forget_addresses("new")
    for reader in (store, SqlStore(store._engine, store._vault)):
        async with reader.work() as work:
            assert (await work.people.directory()).persons["new"] == NEW
            assert await work.people.whose("web", "77") is None


async def test_an_address_that_moves_leaves_its_former_owner_out_of_reach(store: SqlStore) -> None:
    """A phone that becomes another's reaches the one who had it no more."""
    await settle(store)
    async with store.work() as work:
        await work.people.enroll(ZHAO, "web", PHONES["wang"])
        persons = (await work.people.directory()).persons
        assert (persons["wang"].reachable, persons["zhao"].reachable) == (False, True)


async def test_leave_deputy_and_departure_are_kept(store: SqlStore) -> None:
    """Who is away until when, who stands in for whom, who left: the same for a program that reads them anew."""
    away = replace(WANG, away_until=NOW + HOUR, deputy="zhao")
    await settle(store)
    async with store.work() as work:
        await work.people.put(away)
        await work.people.put(replace(SUN, left=NOW))
    for reader in (store, SqlStore(store._engine, store._vault)):
        async with reader.work() as work:
            directory = await work.people.directory()
            assert directory.persons["wang"] == away
            assert directory.persons["zhao"].stands_in == (("wang", "village:v1"),)
            assert directory.persons["sun"].left == NOW
            assert directory.at("county:370404") == () == directory.at("person:sun")
            assert "sun" not in [one.id for one in directory.officers()]
            assert "sun" in [one.id for one in directory.ever_officers()]
    async with store.work() as work:
        await work.people.put(WANG)
        assert (await work.people.directory()).persons["zhao"].stands_in == ()


async def test_whoever_comes_with_the_name_of_one_who_left_is_barred_like_them(store: SqlStore) -> None:
    """The accused leaves and comes back at another desk: the complaint stays hidden from the new person."""
    await settle(store)
    await commit(store, opening("c2", **{**SEALED, "barred": ["person:wang"]}))
    async with store.work() as work:
        await work.people.put(replace(WANG, left=NOW))
        again = Person("again", Role.COUNTY, WANG.name, "370404")
        await work.people.put(again)
    for reader in (store, SqlStore(store._engine, store._vault)):
        async with reader.work() as work:
            persons = (await work.people.directory()).persons
            assert persons["again"].namesakes == ("wang",)
            assert await work.cases.seen_by(persons["again"]).one("c2") is None
            assert await work.cases.seen_by(persons["sun"]).one("c2") is not None


async def test_a_forgotten_address_gets_nothing_that_waited(store: SqlStore) -> None:
    """What waited for the old phone is dropped, what lay in its mailbox is erased, its session is over."""
    await settle(store)
    async with store.work() as work:
        await work.devices.open("d" * 64, NOW, NOW + HOUR)
        await work.people.enroll(NEW, "web", "d" * 64)
        await work.mailbox.put("d" * 64, Mail(0, "p1", None, NOW, {"text": "马上就去"}), sealed=False)
    reply = Notice("person:new", "reply#m9", "reply", text="登录码：12345678")
    await commit(store, opening("c1") + Decision(notices=(reply,)))
    async with store.work() as work:
        await spread(work, "new")
        await work.people.forget_addresses("new")
        assert await work.outbox.waiting(NOW + HOUR, 9) == []
        assert await work.mailbox.after("d" * 64, 0, 9) == []
        assert not await work.devices.alive("d" * 64, NOW, HOUR)


# --- cases of somebody, cases of a desk ---


async def test_what_somebody_handles_and_what_a_desk_owns(store: SqlStore) -> None:
    """Open cases only, sealed ones too, oldest first."""
    await commit(store, opening("c1"))
    await commit(store, opening("c2", words="m2", **SEALED))
    await commit(store, opening("c3", words="m3"))
    for case in ("c1", "c2", "c3"):
        async with store.work() as work:
            found = await work.cases.for_engine().one(case)
        assert found
        await commit(store, moved(found, What.ACCEPTED, "ji"))
    async with store.work() as work:
        third = await work.cases.for_engine().one("c3")
        assert third
    await commit(store, moved(third, What.CLOSED))
    async with store.work() as work:
        engine = work.cases.for_engine()
        assert [case.id for case in await engine.handled_by("ji")] == ["c1", "c2"]
        assert await engine.handled_by("wang") == []
        assert [case.id for case in await engine.owned_by("village:v1")] == ["c1"]
        assert [case.id for case in await engine.owned_by("discipline:370404")] == ["c2"]
        assert await engine.owned_by("county:370404") == []  # may see it, does not own it


# --- wrong codes ---


async def test_wrong_codes_are_counted_since_a_moment(store: SqlStore) -> None:
    """Kinds and persons apart, old ones forgotten; the row names nobody."""
    async with store.work() as work:
        for minute in range(3):
            await work.tries.wrong("person", "li", NOW + minute * MINUTE)
        await work.tries.wrong("receipt", "li", NOW)
        assert await work.tries.count("person", "li", NOW - MINUTE) == 3
        assert await work.tries.count("person", "li", NOW) == 2
        assert await work.tries.count("person", "meng", NOW - MINUTE) == 0
        assert await work.tries.count("receipt", "li", NOW - MINUTE) == 1
        await work.tries.wrong("person", "li", NOW + timedelta(days=3))
    async with store._engine.connect() as connection:
        rows = (await connection.execute(select(tries))).all()
    assert len(rows) == 1 and "li" not in rows[0].who


# --- duty ---


async def test_a_new_entry_takes_the_place_of_what_overlaps(store: SqlStore) -> None:
    """At one desk one after the other; other desks are left alone; who left stands in no roster."""
    await settle(store)
    first = Duty("village:v1", "wang", NOW, NOW + 8 * HOUR)
    second = Duty("village:v1", "zhao", NOW + 4 * HOUR, NOW + 9 * HOUR)
    town = Duty("town:t1", "zhao", NOW, NOW + 8 * HOUR)
    async with store.work() as work:
        await work.duties.put(first)
        await work.duties.put(town)
        assert await work.duties.at(NOW) == [first, town]
        assert await work.duties.at(NOW + 8 * HOUR) == []
        await work.duties.put(second)
        assert await work.duties.coming("village:v1", NOW, 9) == [second]
        await work.duties.end("zhao", NOW)
        assert await work.duties.at(NOW + 5 * HOUR) == []


# --- seen ---


def urgent(step: str, to: str = "village:v1") -> Notice:
    return Notice(to, step, case="c1", version=1, phrase="opened", urgent=True, watched=True)


async def _delivered(store: SqlStore, *persons: str) -> list[str]:
    async with store.work() as work:
        await spread(work, *persons)
        parcels = await work.outbox.waiting(NOW, 99)
        for parcel in parcels:
            await work.outbox.delivered(parcel.id, NOW, ())
        return [parcel.id for parcel in parcels]


async def test_what_nobody_opened_is_found_once(store: SqlStore) -> None:
    """A watched notice that was delivered comes up when its time is over, until it is settled."""
    await settle(store)
    await commit(store, replace(opening("c1"), notices=(urgent("opened"),)))
    await _delivered(store, "wang", "zhao")
    async with store.work() as work:
        assert await work.outbox.next_watched() == NOW
        assert await work.outbox.unopened(NOW - MINUTE, 9) == []
        (found,) = await work.outbox.unopened(NOW, 9)
        assert (found.notice.to, set(found.persons), found.opened) == ("village:v1", {"wang", "zhao"}, False)
        await work.outbox.settled([found.id])
        assert await work.outbox.unopened(NOW + HOUR, 9) == []
        assert await work.outbox.next_watched() is None


async def test_one_who_opened_it_is_enough(store: SqlStore) -> None:
    """Opening it, opening something that came with it or later, or writing counts; opening something older does not."""
    await settle(store)
    old = replace(urgent("older"), watched=False)
    await commit(store, replace(opening("c1"), notices=(old,)))
    (earlier,) = await _delivered(store, "wang")
    async with store.work() as work:
        await work.outbox.seen([earlier], NOW)
    later = NOW + HOUR
    await commit(store, Decision(notices=(urgent("opened"),)))
    async with store.work() as work:
        await spread(work, "wang", now=later)
        (parcel,) = await work.outbox.waiting(later, 9)
        await work.outbox.delivered(parcel.id, later, ())
        assert not (await work.outbox.unopened(later, 9))[0].opened
    for opens in ("seen", "answered"):
        async with store.work() as work:
            if opens == "seen":
                await work.outbox.seen([parcel.id], later)
            else:
                await work.outbox.answered("wang", later)
            assert (await work.outbox.unopened(later, 9))[0].opened


async def test_what_reached_nobody_counts_from_when_it_was_queued(store: SqlStore) -> None:
    """With the channel away the time runs all the same."""
    await settle(store)
    await commit(store, replace(opening("c1"), notices=(urgent("opened"),)))
    async with store.work() as work:
        await spread(work, "wang")
        (found,) = await work.outbox.unopened(NOW, 9)
        assert not found.opened


async def test_a_deputy_sees_the_desk_and_nothing_that_is_sealed(store: SqlStore) -> None:
    """Standing in opens what is open to the absent officer, and never a complaint."""
    deputy = Person("deputy", Role.VILLAGE, "周敏", "v2", stands_in=(("wang", "village:v1"),))
    await commit(store, opening("c1"))
    await commit(store, opening("c2", words="m2", **{**SEALED, "barred": [], "seen_by": ["village:v1"]}))
    await commit(store, opening("c3", words="m3", barred=["person:wang"]))
    async with store.work() as work:
        seen = work.cases.seen_by(deputy)
        assert [await seen.one(case) is not None for case in ("c1", "c2", "c3")] == [True, False, False]


async def test_when_a_sealed_message_was_opened_is_not_kept(store: SqlStore) -> None:
    """A plain row keeps the moment, a sealed one that of its notice: one moment on both would tell whose it is."""
    await settle(store)
    await commit(store, replace(opening("c1"), notices=(urgent("opened"),)))
    await commit(store, replace(opening("c2", words="m2", **SEALED), notices=(replace(urgent("other"), case="c2"),)))
    assert len(await _delivered(store, "wang")) == 2
    async with store.work() as work:
        await work.outbox.answered("wang", NOW + HOUR)
    async with store._engine.connect() as connection:
        query = select(notices.c.sealed, parcels.c.seen_at).join(parcels, parcels.c.notice == notices.c.id)
        assert set((await connection.execute(query)).all()) == {(False, NOW + HOUR), (True, NOW)}
