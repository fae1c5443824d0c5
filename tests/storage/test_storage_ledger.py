"""The ledger (台账) and the erasing of words, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from by_hand_here import by_hand
from people_here import (
    HOUSEHOLD,
    NOW,
    PHONES,
    SEALED,
    WANG,
    ZHAO,
    commit,
    moved,
    opening,
    said,
    settle,
    spread,
)
from sqlalchemy import text

from assistance import ledger_steps as steps
from assistance.case import What
from assistance.decision import Conversation, Decision, Visit
from assistance.ledger import Did, Entry, Line, State, evolve
from assistance.ports import CaseFilter, Stale
from assistance.post import Attachment, Mail
from assistance.rulebook import LedgerRules
from storage.session import SqlStore
from storage.verify import Wrong

pytestmark = pytest.mark.asyncio
DAY = timedelta(days=1)


def decided(step: steps.Step, **words: object) -> Decision:
    return Decision(lines=step.lines, entries=(step.entry,), ledger_words=((step.entry.id, words),) if words else ())


async def registered(store: SqlStore, number: str = "T10000", key: str = "e1") -> Entry:
    """王桂英's household on the ledger."""
    case = opening("c1", household="h1").cases[0]
    step = steps.register(number, key, case, WANG, "属实", HOUSEHOLD, LedgerRules(), NOW)
    await commit(store, decided(step, head="王桂英", measures=["送米面油"]))
    return step.entry


async def test_an_entry_comes_back_as_the_fold_of_its_lines(store: SqlStore) -> None:
    """By number, household and area; with its words, its lines in order, and when the next step may be signed."""
    entry = await registered(store)
    step = steps.classify(entry, WANG, "B", NOW + DAY)
    assert isinstance(step, steps.Step)
    await commit(store, decided(step))
    posted = Line("e1", 3, NOW + DAY, Did.POSTED, "zhao", {"until": (NOW + 8 * DAY).isoformat()})
    entry = evolve(step.entry, posted)
    await commit(store, Decision(lines=(posted,), entries=(entry,)))
    async with store.work() as work:
        assert await work.ledger.by_number("T10000") == await work.ledger.one("e1") == entry
        assert list(await work.ledger.of_household("h1")) == [entry]
        assert list(await work.ledger.of_area(village="v1")) == list(await work.ledger.of_area(town="t1")) == [entry]
        assert list(await work.ledger.of_area(village="v2")) == []
        assert list(await work.ledger.of_area()) == [entry]
        assert await work.ledger.words("e1") == {"head": "王桂英", "measures": ["送米面油"]}
        assert [line.what for line in await work.ledger.history("e1")] == [Did.REGISTERED, Did.CLASSED, Did.POSTED]
        assert list(await work.ledger.waiting(NOW + 7 * DAY)) == []
        assert list(await work.ledger.waiting(NOW + 8 * DAY)) == [entry]
        assert await work.ledger.next_step(NOW) == NOW + 8 * DAY
        assert await work.ledger.by_number("T99999") is None
    assert entry.state is State.POSTED


async def test_two_signatures_at_once_are_one(store: SqlStore) -> None:
    """Whoever signs onto a state that has moved on is told so; a number is given once."""
    entry = await registered(store)
    step = steps.classify(entry, WANG, "B", NOW)
    assert isinstance(step, steps.Step)
    await commit(store, decided(step))
    with pytest.raises(Stale):
        await commit(store, decided(step))
    with pytest.raises(Stale):
        await registered(store, key="e2")


async def test_the_ledger_tells_a_thief_nothing(store: SqlStore, url: str) -> None:
    """Name, words, cause and class stand in no plain column."""
    await registered(store)
    async with store._engine.connect() as connection:
        rows = [str(row) for table in ("ledger", "ledger_events") for row in await connection.execute(
            text(f"SELECT * FROM {table}"))]  # fmt: skip
    assert not any(word in row for row in rows for word in ("王桂英", "米面油", "属实", "监测户"))


async def test_a_line_of_the_ledger_cannot_be_changed(store: SqlStore) -> None:
    """The database refuses; and where somebody goes around that, it is named."""
    await registered(store)
    for change in ("UPDATE ledger_events SET \"by\" = 'zhao'", "DELETE FROM ledger_events"):
        with pytest.raises(Exception, match="append-only"):
            async with store._engine.begin() as connection:
                await connection.execute(text(change))
    await by_hand(store, "UPDATE ledger_events SET \"by\" = 'zhao'")
    (found,) = (await store.verify()).findings
    assert (found.wrong, found.receipt, found.seq) == (Wrong.ALTERED, "T10000", 1)


async def test_a_missing_entry_is_named(store: SqlStore) -> None:
    """An entry that was anchored and is gone is named by its number."""
    await registered(store)
    async with store.work() as work:
        assert await work.anchors.make(NOW)
    await by_hand(store, "DELETE FROM ledger_events", "DELETE FROM ledger")
    assert [(one.wrong, one.receipt) for one in (await store.verify()).findings] == [(Wrong.MISSING_CASE, "T10000")]


async def test_words_of_an_entry_are_erased_by_none(store: SqlStore) -> None:
    """An empty mapping erases the words, its lines stay."""
    await registered(store)
    await commit(store, Decision(ledger_words=(("e1", {}),)))
    async with store.work() as work:
        assert await work.ledger.words("e1") == {}
        assert len(await work.ledger.history("e1")) == 1


# --- erasing ---


async def told(store: SqlStore, case: str, words: str, **fields: object) -> None:
    """A case with its words, a photo, a letter on a phone and a visit told in the same words."""
    photo = Attachment("photo", "image/jpeg", b"\xff\xd8")
    async with store.work() as work:
        await work.inbox.keep(said(int(words), attachment=photo))
    await commit(store, opening(case, words=f"m{words}", **fields))
    visit = Visit(f"visit-{case}", "wang", f"m{words}", NOW, NOW.date(), "h1", "王桂英", "v1", "断粮了")
    await commit(store, Decision(visits=(visit,), conversation=Conversation("li", case=case)))
    async with store.work() as work:
        await spread(work, "wang")
        parcels = [one for one in await work.outbox.waiting(NOW, 9) if one.case == case]
        await work.devices.open(f"device-{case}", NOW, None)
        mail = Mail(0, parcels[0].id, case, NOW, {"text": "王桂英家断粮了"})
        await work.mailbox.put(f"device-{case}", mail, sealed=False)


async def erased(store: SqlStore, case: str) -> object:
    async with store.work() as work:
        engine = work.cases.for_engine()
        found = await engine.one(case)
        assert found is not None
        gone = await work.erasing.case(case, await engine.history(case))
        await work.save(moved(found, What.ERASED), {}, NOW)
    return gone


@pytest.mark.parametrize("fields", [{}, SEALED], ids=["need", "complaint"])
async def test_everything_personal_of_a_case_goes(store: SqlStore, fields: dict[str, object]) -> None:
    """Words, photo, facts, reporter, code, letters, the visit's findings and the reporter's name; the history stays."""
    await settle(store)
    await told(store, "c1", "1", **fields)
    gone = await erased(store, "c1")
    assert (gone.words, gone.photos, gone.reports, gone.visits, gone.persons) == (1, 1, 1, 1, 1)
    async with store.work() as work:
        engine = work.cases.for_engine()
        case = await engine.one("c1")
        assert case is not None
        words = await engine.words(case)
        assert (dict(words.facts), [text for _, text in words.reports]) == ({}, [""])
        assert [one.by for one in await work.cases.reporters("c1")] == [""]
        assert await work.cases.by_receipt("Qc1", "4711", "li") is None
        assert await work.cases.told_by("li") == []
        assert await work.inbox.attachment("m1") is None
        (visit,) = await work.visits.all()
        assert (visit.head, visit.findings, visit.by, visit.on) == (None, None, "wang", NOW.date())
        assert await work.mailbox.after("device-c1", 0, 9) == []
        assert await work.outbox.waiting(NOW + DAY, 9) == []
        assert (await work.conversations.of("li")).case is None
        li = (await work.people.directory()).persons["li"]
        assert (li.name, li.area, await work.people.whose("web", PHONES["li"])) == (None, None, None)
        assert [line.what for line in await engine.history("c1")] == [What.OPENED, What.ERASED]
    assert (await store.verify()).findings == []


async def test_what_another_case_needs_stays(store: SqlStore) -> None:
    """Words that another case was opened from too, its photo, and a reporter of whom more is kept."""
    await settle(store)
    await told(store, "c1", "1")
    await commit(store, opening("c2", words="m1", **SEALED))
    gone = await erased(store, "c1")
    assert (gone.words, gone.photos, gone.reports, gone.persons) == (0, 0, 1, 0)
    async with store.work() as work:
        engine = work.cases.for_engine()
        other = await engine.one("c2")
        assert other is not None
        assert [text for _, text in (await engine.words(other)).reports] == ["俺家断粮了"]
        assert await work.inbox.attachment("m1") is not None
        assert (await work.people.directory()).persons["li"].name == "李秀兰"
    await erased(store, "c2")
    async with store.work() as work:
        assert await work.inbox.attachment("m1") is None


async def test_words_said_later_on_a_case_go_too(store: SqlStore) -> None:
    """What the history names as said on the case, like a reason or progress, goes with it."""
    await settle(store)
    await told(store, "c1", "1")
    async with store.work() as work:
        await work.inbox.keep(said(2, "王桂英家送去了米", by=WANG))
        case = await work.cases.for_engine().one("c1")
        assert case is not None
        await work.save(moved(case, What.PROGRESSED, said="m2"), {}, NOW)
    assert (await erased(store, "c1")).words == 2
    async with store.work() as work:
        assert (await work.people.directory()).persons["wang"].name == "王建国"  # an officer stays


async def test_photos_alone_can_go(store: SqlStore) -> None:
    """The photo goes, the words stay."""
    await settle(store)
    await told(store, "c1", "1")
    async with store.work() as work:
        engine = work.cases.for_engine()
        assert await work.erasing.photos("c1", await engine.history("c1")) == 1
        case = await engine.one("c1")
        assert case is not None
        assert [text for _, text in (await engine.words(case)).reports] == ["俺家断粮了"]


async def test_cases_that_closed_before_a_day(store: SqlStore) -> None:
    """The filter by which a yearly look finds what is over its time, through the gate."""
    await settle(store)
    for name in ("c1", "c2"):
        await commit(store, opening(name))
    async with store.work() as work:
        case = await work.cases.for_engine().one("c1")
        assert case is not None
        await work.save(moved(case, What.CLOSED), {}, NOW)
        wanted = CaseFilter(open=False, closed_before=NOW + 2 * DAY)
        assert [one.id for one in await work.cases.seen_by(ZHAO).list(wanted)] == ["c1"]
        assert await work.cases.seen_by(ZHAO).list(replace(wanted, closed_before=NOW)) == []
