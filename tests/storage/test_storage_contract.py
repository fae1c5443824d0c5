"""What the rooms above may rely on, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from people_here import (
    AREAS,
    EVERYBODY,
    HOUR,
    HOUSEHOLD,
    JI,
    LI,
    MIN,
    NOW,
    OFFICES,
    PHONES,
    SEALED,
    SUN,
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
from sqlalchemy.exc import DBAPIError

from assistance.case import Grade, What
from assistance.decision import Conversation, Decision, Draft, Notice, Report, Visit
from assistance.directory import Person, Role
from assistance.evolve import fold
from assistance.ports import CaseFilter, Stale
from storage.session import SqlStore

pytestmark = pytest.mark.asyncio


# --- words ---


async def test_words_are_kept_once(store: SqlStore) -> None:
    """A message that the channel repeats is kept once and comes back word for word."""
    message = said(1, "俺家断粮了 🌧", media="photo", said_at=NOW - HOUR)
    async with store.work() as work:
        assert await work.inbox.keep(message)
        assert not await work.inbox.keep(replace(message, id="other"))
        assert await work.inbox.keep(replace(message, id="m2", channel="telegram"))
    async with store.work() as work:
        assert (await work.inbox.unanswered(1)) == [message]


async def test_answered_words_rest(store: SqlStore) -> None:
    """What was answered is not offered again, sealed or not; the rest stays in the order in which it came."""
    async with store.work() as work:
        for number in (1, 2, 3):
            await work.inbox.keep(said(number))
        await work.inbox.answered("m1", sealed=False)
        await work.inbox.answered("m2", sealed=True)
        await work.inbox.answered("m2", sealed=True)
    async with store.work() as work:
        assert [message.id for message in await work.inbox.unanswered(9)] == ["m3"]


async def test_a_failed_unit_of_work_leaves_nothing(store: SqlStore) -> None:
    """When a unit of work raises, nothing of it stays, in the database or in memory."""
    with pytest.raises(ZeroDivisionError):
        async with store.work() as work:
            await work.inbox.keep(said(1))
            await work.people.enroll(LI, "web", "1")
            raise ZeroDivisionError
    async with store.work() as work:
        assert await work.inbox.unanswered(9) == []
        assert not (await work.people.directory()).persons


# --- people ---


async def test_the_directory_is_what_was_enrolled(store: SqlStore) -> None:
    """Areas, departments, persons and households come back as they were given, also in another program."""
    await settle(store)
    other = SqlStore(store._engine, store._vault)
    for reader in (store, other):
        async with reader.work() as work:
            found = await work.people.directory()
            assert tuple(found.areas.values()) == AREAS
            assert tuple(found.departments.values()) == OFFICES
            assert tuple(found.persons.values()) == EVERYBODY
            assert found.households == {"h1": HOUSEHOLD}


async def test_a_change_is_seen_by_every_program(store: SqlStore) -> None:
    """A roster changed by one program is read anew by another one that had it in memory."""
    await settle(store)
    other = SqlStore(store._engine, store._vault)
    async with other.work() as work:
        await work.people.directory()
    async with store.work() as work:
        await work.people.enroll(replace(WANG, title="网格员"), "web", PHONES["wang"])
    async with other.work() as work:
        assert (await work.people.directory()).persons["wang"].title == "网格员"
        await work.people.enroll(Person("new", Role.RESIDENT), "web", "77")
    async with store.work() as work:  # has not seen the newcomer yet and changes somebody else
        await work.people.enroll(replace(SUN, title="主任"), "web", PHONES["sun"])
        assert (await work.people.directory()).persons.keys() >= {"new", "wang"}
    async with store.work() as work:
        assert (await work.people.directory()).persons.keys() >= {"new", "wang"}


async def test_a_new_person_costs_no_reading(store: SqlStore) -> None:
    """Whoever enrols is put onto the directory in memory; nobody reads the whole county anew for it."""
    await settle(store)
    async with store.work() as work:
        await work.people.enroll(Person("new", Role.RESIDENT), "web", "77")
        changed = await work.people.directory()
    async with store.work() as work:
        assert await work.people.directory() is changed


async def test_places_that_are_the_same_are_not_written(store: SqlStore) -> None:
    """Giving the same pack again changes nothing; a department that left the pack leaves the directory."""
    await settle(store)
    async with store.work() as work:
        before = await work.people.directory()
        await work.people.set_places(AREAS, OFFICES)
        assert await work.people.directory() is before
        await work.people.set_places(AREAS, OFFICES[:1])
        assert list((await work.people.directory()).departments) == ["civil"]
        assert (await work.people.directory()).persons == before.persons


async def test_whose_phone_it_is(store: SqlStore) -> None:
    """An address is found however it is spaced or full-width; a stranger's is nobody's."""
    await settle(store)
    async with store.work() as work:
        assert await work.people.whose("web", " 138 0000 1001 ") == LI
        assert await work.people.whose("web", "１３８００００１００１") == LI
        assert await work.people.whose("telegram", PHONES["li"]) is None


async def test_an_address_moves_to_who_enrolled_last(store: SqlStore) -> None:
    """A phone that is handed over answers for its new owner."""
    await settle(store)
    async with store.work() as work:
        await work.people.enroll(MIN, "web", PHONES["li"])
        assert await work.people.whose("web", PHONES["li"]) == MIN


async def test_household_keys_are_stable_and_opaque(store: SqlStore) -> None:
    """The same village and name give the same key, however spaced; the name is not in it."""
    async with store.work() as work:
        key = work.people.household_key("v1", "王桂英")
        assert key == work.people.household_key("v1", "王 桂英")
        assert key != work.people.household_key("v2", "王桂英") != work.people.household_key(None, "王桂英")
        assert "王" not in key and len(key) <= 64


# --- conversations and visits ---


async def test_drafts_survive(store: SqlStore) -> None:
    """A conversation comes back as it was left: draft, case, visit, choices; a stranger's is empty."""
    draft = Draft("hardship", "c1", "amount", ("people", "phone"), {"day": date(2026, 11, 19), "sum": Decimal("8.5")})
    left = Conversation(
        "li", draft, "c1", "v1", (("1 王桂英", "h1"), ("2 都不是", "none")), waiting=(Draft("visit", queue=("day",)),)
    )
    async with store.work() as work:
        assert await work.conversations.of("li") == Conversation("li")
        await work.save(Decision(conversation=left), {}, NOW)
    async with store.work() as work:
        assert await work.conversations.of("li") == left
        await work.save(Decision(conversation=Conversation("li")), {}, NOW)
        assert await work.conversations.of("li") == Conversation("li")


async def test_visits(store: SqlStore) -> None:
    """A visit is kept at once and filled later; the last one of a person is found."""
    first = Visit("a", "wang", "m1", NOW, None, "h1", "王桂英", "v1")
    second = Visit("b", "wang", "m2", NOW, date(2026, 11, 19), None, "张三", None, "家里漏雨")
    await commit(store, Decision(visits=(first, second)))
    await commit(store, Decision(visits=(replace(first, findings="都好"),)))
    async with store.work() as work:
        assert await work.visits.last_of("wang") == second
        assert await work.visits.one("a") == replace(first, findings="都好")
        assert await work.visits.all() == [replace(first, findings="都好"), second]
        assert await work.visits.last_of("li") is None


async def test_one_digest_a_slot(store: SqlStore) -> None:
    """A digest's slot is claimed once, and the last one is known."""
    async with store.work() as work:
        assert await work.digests.last("daily", "zhao") is None
        assert await work.digests.mark("daily", "zhao", NOW)
        assert not await work.digests.mark("daily", "zhao", NOW.astimezone(timezone(timedelta(hours=8))))
        assert await work.digests.mark("daily", "zhao", NOW - HOUR)
        assert await work.digests.last("daily", "zhao") == NOW


# --- cases ---


async def test_a_case_is_the_fold_of_its_history(store: SqlStore) -> None:
    """State and history come back as they were saved, of sealed cases too, and the one follows from the other."""
    await commit(store, opening("c1"))
    await commit(store, opening("c2", **SEALED))
    async with store.work() as work:
        for name in ("c1", "c2"):
            case = await work.cases.for_engine().one(name)
            assert case is not None
            await work.save(moved(case, What.ACCEPTED), {}, NOW)
            again = await work.cases.for_engine().one(name)
            assert again == fold(await work.cases.for_engine().history(name))
            assert again is not None and again.handler == "wang"
        assert [case.id for case in await work.cases.for_engine().all()] == ["c1", "c2"]
        assert await work.cases.for_engine().one("c9") is None


async def test_whoever_comes_second_decides_anew(store: SqlStore) -> None:
    """A decision on a state that has moved on is refused whole, and so is a second opening or a taken receipt."""
    await commit(store, opening("c1"))
    async with store.work() as work:
        case = await work.cases.for_engine().one("c1")
    assert case is not None
    await commit(store, moved(case, What.ACCEPTED))
    late = moved(case, What.ACCEPTED, "zhou") + Decision(notices=(Notice("person:li", "late", case="c1"),))
    for refused in (late, opening("c1"), opening("c3", receipt="Rc1")):
        with pytest.raises(Stale):
            await commit(store, refused)
    async with store.work() as work:
        again = await work.cases.for_engine().one("c1")
        assert again is not None and again.handler == "wang"
        assert len(await work.outbox.queued(NOW, 9)) == 1


async def test_the_history_is_append_only(store: SqlStore) -> None:
    """No line of the history can be changed or taken away, not even with SQL."""
    await commit(store, opening("c1"))
    for statement in ("UPDATE events SET what = 'closed'", "DELETE FROM events"):
        with pytest.raises(DBAPIError, match="append-only"):
            async with store._engine.begin() as connection:
                await connection.execute(text(statement))


async def test_due_times(store: SqlStore) -> None:
    """What is due comes earliest first; the audit finds the open case without a due time; closed ones are silent."""
    for number, due in ((1, NOW + HOUR), (2, NOW), (3, None), (4, NOW)):
        await commit(store, opening(f"c{number}"), **{f"c{number}": due})
    async with store.work() as work:
        engine = work.cases.for_engine()
        fourth = await engine.one("c4")
        assert fourth is not None
        await work.save(moved(fourth, What.CLOSED, None), {"c4": None}, NOW)
        assert await engine.due(NOW, 9) == ["c2"]
        assert await engine.due(NOW + HOUR, 9) == ["c2", "c1"]
        assert await engine.next_due() == NOW
        assert await engine.without_future(NOW) == ["c3"]
        await work.save(Decision(), {"c2": NOW + 2 * HOUR}, NOW)
        assert await engine.next_due() == NOW + HOUR


async def test_a_case_keeps_its_due_time(store: SqlStore) -> None:
    """A decision that names no due time leaves the one that stands."""
    await commit(store, opening("c1"), c1=NOW)
    async with store.work() as work:
        case = await work.cases.for_engine().one("c1")
        assert case is not None
        await work.save(moved(case, What.PROGRESSED), {}, NOW)
        assert await work.cases.for_engine().next_due() == NOW


async def test_a_case_exists_for_those_who_may_see_it(store: SqlStore) -> None:
    """Those it is sealed from find it by no door: id, receipt, list or words."""
    await settle(store)
    async with store.work() as work:
        await work.inbox.keep(said(1, "村支书扣了俺的低保钱"))
        await work.save(opening("c1", **SEALED), {"c1": NOW}, NOW)
    async with store.work() as work:
        case = await work.cases.for_engine().one("c1")
        assert case is not None
        for viewer in (WANG, ZHAO, LI, MIN):
            seen = work.cases.seen_by(viewer)
            assert await seen.one("c1") is None and await seen.list(CaseFilter(open=None)) == []
            assert await seen.by_receipt("Rc1") is None and await seen.by_receipt("Qc1") is None
            words = await seen.words(case)
            assert not words.facts and not words.reports
        for viewer in (SUN, JI):
            seen = work.cases.seen_by(viewer)
            assert await seen.one("c1") == case == await seen.by_receipt("Rc1") == await seen.by_receipt("Qc1")
            assert await seen.list(CaseFilter()) == [case]
            ((report, told),) = (await seen.words(case)).reports
            assert told == "村支书扣了俺的低保钱" and report.by == "li"


async def test_widened_sight(store: SqlStore) -> None:
    """定范围 lets those see it who were chosen, and never those who are barred."""
    await commit(store, opening("c1", **SEALED))
    async with store.work() as work:
        case = await work.cases.for_engine().one("c1")
        assert case is not None
        scoped = moved(case, What.SCOPED, "sun", seen_by=["department:civil", "town:t1"])
        await work.save(scoped, {}, NOW)
        assert await work.cases.seen_by(MIN).one("c1") is not None
        assert await work.cases.seen_by(ZHAO).one("c1") is None


async def test_lists(store: SqlStore) -> None:
    """A list filters by place, grade, handler, time and state, the earliest due first, the undated last."""
    for number, fields in enumerate(({}, {"grade": "E0"}, {"village": "v2"}, {"handler": "zhao"}), 1):
        due = {f"c{number}": NOW + number * HOUR if number < 4 else None}
        await commit(store, opening(f"c{number}", **fields), **due)
    async with store.work() as work:

        async def ids(**which: object) -> list[str]:
            return [case.id for case in await work.cases.seen_by(SUN).list(CaseFilter(**which))]  # type: ignore[arg-type]

        assert await ids() == ["c1", "c2", "c3", "c4"]
        assert await ids(limit=2) == ["c1", "c2"]
        assert await ids(grades=frozenset({Grade.E0})) == ["c2"]
        assert await ids(village="v2") == ["c3"] and await ids(town="t2") == []
        assert await ids(handler="zhao") == ["c4"]
        assert await ids(due_before=NOW + 2 * HOUR) == ["c1"]
        assert await ids(opened_since=NOW + HOUR) == [] and await ids(open=False) == []


async def test_held_words_stay_above(store: SqlStore) -> None:
    """Held words are shown to the county and not to the village; facts and other reports are."""
    await commit(store, opening("c1"))
    held = Report("r2", "c1", "li", "m2", "Q2", NOW, held=True, barred=frozenset({"person:ji"}), named=False)
    async with store.work() as work:
        await work.inbox.keep(said(1, "断粮了"))
        await work.inbox.keep(said(2, "书记不管"))
        await work.inbox.answered("m2", sealed=True)
        await work.save(Decision(reports=(held,)), {}, NOW)
        case = await work.cases.for_engine().one("c1")
        assert case is not None
        low = await work.cases.seen_by(WANG).words(case)
        high = await work.cases.seen_by(SUN).words(case)
        assert [told for _, told in low.reports] == ["断粮了"] and low.facts == {"household": "王桂英"}
        assert [told for _, told in high.reports] == ["断粮了", "书记不管"]
        assert high.reports[1][0] == held
        assert [told for _, told in (await work.cases.for_engine().words(case)).reports] == ["断粮了", "书记不管"]


async def test_facts_add_up(store: SqlStore) -> None:
    """What is found later is put onto what was found, of one name the later one holds."""
    await commit(store, opening("c1"))
    await commit(store, Decision(facts=(("c1", {"people": 3, "day": date(2026, 11, 19)}), ("c1", {"people": 4}))))
    async with store.work() as work:
        case = await work.cases.for_engine().one("c1")
        assert case is not None
        facts = (await work.cases.for_engine().words(case)).facts
        assert facts == {"household": "王桂英", "people": 4, "day": date(2026, 11, 19)}


async def test_what_a_person_reported(store: SqlStore) -> None:
    """Their own reports come back newest first; complaints and sealed cases are left out."""
    await commit(store, opening("c1"))
    await commit(store, opening("c2", **SEALED))
    later = Report("r3", "c1", "li", "m3", "Q3", NOW + HOUR)
    await commit(store, Decision(reports=(later,)))
    async with store.work() as work:
        told = await work.cases.told_by("li")
        assert [(case.id, report.receipt) for case, report in told] == [("c1", "Q3"), ("c1", "Qc1")]
        assert await work.cases.told_by("wang") == []
        assert [report.id for report in await work.cases.reporters("c1")] == ["r-c1", "r3"]
        assert [report.by for report in await work.cases.reporters("c2")] == ["li"]


async def test_receipt_and_code(store: SqlStore) -> None:
    """Receipt and code open a report from any phone; the receipt alone from the reporter's own and never a complaint;
    a wrong code opens nothing, and the code itself does not come back."""
    await commit(store, opening("c1"))
    await commit(store, opening("c2", **SEALED))
    async with store.work() as work:
        ask = work.cases.by_receipt
        for receipt in ("Qc1", "Qc2"):
            found = await ask(receipt, " 4711", "stranger")
            assert found is not None and found[1].receipt == receipt and found[1].code is None
            assert await ask(receipt, "4712", "li") is None
            assert await ask(receipt, "", "li") is None
        assert await ask("Qc1", None, "li") is not None
        assert await ask("Qc1", None, "stranger") is None
        assert await ask("Qc2", None, "li") is None
        assert await ask("Q?", "4711", "li") is None


async def test_a_name_given_later(store: SqlStore) -> None:
    """实名 pressed later changes the kept report and adds none; its code still opens it."""
    first = opening("c1", **SEALED)
    anonymous = replace(first.reports[0], named=False)
    await commit(store, replace(first, reports=(anonymous,)))
    await commit(store, Decision(reports=(replace(anonymous, named=True, code=None),)))
    async with store.work() as work:
        (report,) = await work.cases.reporters("c1")
        assert report == replace(anonymous, named=True, code=None)
        assert await work.cases.by_receipt("Qc1", "4711", "stranger") is not None


async def test_a_report_without_code_is_opened_by_none(store: SqlStore) -> None:
    """Where no code was given none is right."""
    decision = opening("c1")
    await commit(store, replace(decision, reports=(replace(decision.reports[0], code=None),)))
    async with store.work() as work:
        assert await work.cases.by_receipt("Qc1", "", "li") is None
        assert await work.cases.by_receipt("Qc1", None, "li") is not None


async def test_folding_doors(store: SqlStore) -> None:
    """Open unsealed problems of a village and topic, and needs of a household, are found newest first."""
    thing = {"kind": "problem", "grade": "E5", "topic": "基础设施"}
    await commit(store, opening("c1", **thing))
    await commit(store, opening("c2", **thing, received_at=(NOW + HOUR).isoformat()))
    await commit(store, opening("c3", **{**SEALED, "topic": "基础设施", "household": "h1"}))
    await commit(store, opening("c4", household="h1"))
    async with store.work() as work:
        engine = work.cases.for_engine()
        assert [case.id for case in await engine.foldable("v1", "基础设施", NOW)] == ["c2", "c1"]
        assert [case.id for case in await engine.foldable("v1", "基础设施", NOW + HOUR)] == ["c2"]
        assert await engine.foldable("v2", "基础设施", NOW) == []
        assert [case.id for case in await engine.of_household("h1", NOW)] == ["c4"]


# --- notices and parcels ---


async def test_a_notice_is_queued_once(store: SqlStore) -> None:
    """The same case, step, version and audience is queued once, also after it was sent; another of any is new."""
    notice = Notice("village:v1", "accept:0", case="c1", version=1, phrase="accept", minus=frozenset({"zhou"}))
    others = (replace(notice, step="accept:1"), replace(notice, version=2), replace(notice, to="town:t1"))
    await commit(store, replace(opening("c1"), notices=(notice,)))
    await commit(store, Decision(notices=(notice, *others, notice)))
    async with store.work() as work:
        assert [found for _, found in await work.outbox.queued(NOW, 9)] == [notice, *others]
        await spread(work, "wang")
        await work.save(Decision(notices=(notice,)), {}, NOW)
        assert await work.outbox.queued(NOW, 9) == []


async def test_every_message_gets_its_reply(store: SqlStore) -> None:
    """Replies are never taken for the same one, even about one case and step."""
    reply = Notice("person:li", "reply", "reply", case="c1", version=1, text="收到", buttons=("已解决", "没解决"))
    await commit(store, replace(opening("c1"), notices=(reply, reply)))
    async with store.work() as work:
        assert [found for _, found in await work.outbox.queued(NOW, 9)] == [reply, reply]


async def test_a_held_notice_waits(store: SqlStore) -> None:
    """Before its time a notice is not offered, and the engine knows when to come back."""
    await settle(store)
    notice = Notice("person:li", "later", case="c1", not_before=NOW + HOUR)
    await commit(store, replace(opening("c1"), notices=(notice,)))
    async with store.work() as work:
        assert await work.outbox.queued(NOW, 9) == []
        assert await work.outbox.next_try() == NOW + HOUR
        assert len(await work.outbox.queued(NOW + HOUR, 9)) == 1
        await spread(work, "li", now=NOW + HOUR)
        assert await work.outbox.waiting(NOW, 9) == []
        (parcel,) = await work.outbox.waiting(NOW + HOUR, 9)
        assert parcel.wanted_at == NOW + HOUR


async def test_one_parcel_a_person(store: SqlStore) -> None:
    """Somebody told by two audiences of one step gets one parcel, however often it is asked for."""
    await settle(store)
    notice = Notice("village:v1", "opened", case="c1", version=1, phrase="opened", fields={"n": 1}, urgent=True)
    await commit(store, replace(opening("c1"), notices=(notice, replace(notice, to="town:t1"))))
    async with store.work() as work:
        queued = await work.outbox.queued(NOW, 9)
        for key, _ in (*queued, *queued):
            await work.outbox.address(key, ["wang", "zhao"])
        parcels = await work.outbox.waiting(NOW, 9)
    assert [parcel.person for parcel in parcels] == ["wang", "zhao"]
    first = parcels[0]
    assert (first.channel, first.address, first.case, first.phrase) == ("web", PHONES["wang"], "c1", "opened")
    assert first.fields == {"n": 1} and first.urgent and first.wanted_at == NOW and first.attempts == 0


async def test_whom_nobody_can_reach(store: SqlStore) -> None:
    """A person without an address does not hold the notice up."""
    await settle(store)
    await commit(store, opening("c1"))
    async with store.work() as work:
        await spread(work, "ghost", "wang")
        assert [parcel.person for parcel in await work.outbox.waiting(NOW, 9)] == ["wang"]


async def test_answers_go_where_the_person_wrote_from(store: SqlStore) -> None:
    """The address last written from counts, before that the one enrolled first."""
    await settle(store)
    reply = Notice("person:li", "reply", "reply", text="收到")
    async with store.work() as work:
        await work.people.enroll(LI, "telegram", "99")
        await work.save(Decision(notices=(reply,)), {}, NOW)
        await spread(work, "li")
        await work.inbox.keep(replace(said(1), channel="telegram", address="99"))
        await work.save(Decision(notices=(reply,)), {}, NOW)
        await spread(work, "li")
        await work.inbox.keep(said(2))
        await work.save(Decision(notices=(reply,)), {}, NOW)
        await spread(work, "li")
        assert [parcel.channel for parcel in await work.outbox.waiting(NOW, 9)] == ["web", "telegram", "web"]


async def test_a_claimed_parcel_is_one_senders(store: SqlStore) -> None:
    """A parcel that was handed out is not handed out again until its claim runs out, a failed one at its time."""
    await settle(store)
    await commit(store, opening("c1"))
    async with store.work() as work:
        await spread(work, "wang")
        (parcel,) = await work.outbox.waiting(NOW, 9)
    async with store.work() as work:
        assert await work.outbox.waiting(NOW, 9) == []
        assert [again.id for again in await work.outbox.waiting(NOW + HOUR, 9)] == [parcel.id]
        await work.outbox.failed(parcel.id, NOW + 2 * HOUR)
        assert await work.outbox.waiting(NOW + HOUR, 9) == []
        assert await work.outbox.next_try() == NOW + 2 * HOUR
        (again,) = await work.outbox.waiting(NOW + 2 * HOUR, 9)
        assert again.attempts == 1
        await work.outbox.dropped(parcel.id, "closed")
        assert await work.outbox.waiting(NOW + 9 * HOUR, 9) == []
        assert await work.outbox.next_try() is None


async def test_replies_keep_their_order(store: SqlStore) -> None:
    """A reply waits behind an earlier one that failed; notices and other people's replies do not."""
    await settle(store)
    replies = [
        Notice(f"person:{who}", "reply", "reply", text=words)
        for who, words in (("li", "一"), ("li", "二"), ("ji", "三"))
    ]
    await commit(store, replace(opening("c1"), notices=(*replies, Notice("person:li", "opened", case="c1"))))
    async with store.work() as work:
        for key, notice in await work.outbox.queued(NOW, 9):
            await work.outbox.address(key, [notice.to.removeprefix("person:")])
        (first,) = await work.outbox.waiting(NOW, 1)
        assert first.text == "一"
        await work.outbox.failed(first.id, NOW + HOUR)
        rest = await work.outbox.waiting(NOW, 9)
        assert [parcel.text for parcel in rest] == ["三", None]
        assert [parcel.text for parcel in await work.outbox.waiting(NOW + HOUR, 2)] == ["一", "二"]


async def test_one_dead_phone_holds_nobody_up(store: SqlStore) -> None:
    """However many replies wait behind one that fails, another person's reply is offered at once."""
    await settle(store)
    many = [Notice("person:li", f"reply#{number}", "reply", text=str(number)) for number in range(20)]
    await commit(store, Decision(notices=(*many, Notice("person:ji", "reply#ji", "reply", text="ji"))))
    async with store.work() as work:
        for key, notice in await work.outbox.queued(NOW, 99):
            await work.outbox.address(key, [notice.to.removeprefix("person:")])
        (first,) = await work.outbox.waiting(NOW, 1)
        await work.outbox.failed(first.id, NOW + HOUR)
        assert [parcel.text for parcel in await work.outbox.waiting(NOW, 5)] == ["ji"]


async def test_what_a_phone_shows(store: SqlStore) -> None:
    """Delivered messages are remembered with their buttons, newest first, of sealed cases too; a reply's words are
    erased."""
    await settle(store)
    await commit(store, opening("c1"))
    await commit(store, opening("c2", **SEALED))
    reply = Notice("person:ji", "reply", "reply", text="记下了", buttons=("撤销",))
    await commit(store, Decision(notices=(reply,)))
    async with store.work() as work:
        await spread(work, "ji")
        for minute, parcel in enumerate(await work.outbox.waiting(NOW, 9)):
            at = NOW + timedelta(minutes=minute)
            await work.outbox.delivered(parcel.id, at, ("接单", "转办") if parcel.case else parcel.buttons)
        shown = await work.outbox.on_phone("ji")
        assert [(message.case, message.buttons) for message in shown] == [
            (None, ("撤销",)),
            ("c2", ("接单", "转办")),
            ("c1", ("接单", "转办")),
        ]
        assert [message.case for message in await work.outbox.on_phone("ji", "接单")] == ["c2", "c1"]
        assert await work.outbox.on_phone("ji", "办结") == [] and await work.outbox.on_phone("li") == []
        assert shown[0].at == NOW + timedelta(minutes=2) and shown[0].person == "ji"
        await work.outbox.failed(shown[0].id, NOW)
        assert await work.outbox.waiting(NOW + 9 * HOUR, 9) == []


# --- time ---


async def test_times_have_a_zone(store: SqlStore) -> None:
    """A time goes in with any zone and comes back in UTC; one without a zone is refused."""
    beijing = datetime(2026, 11, 20, 16, 0, tzinfo=timezone(timedelta(hours=8)))
    async with store.work() as work:
        await work.digests.mark("daily", "zhao", beijing)
        last = await work.digests.last("daily", "zhao")
        assert last == NOW and last is not None and last.tzinfo is UTC
        with pytest.raises(Exception, match="without a zone"):
            await work.digests.mark("daily", "zhao", datetime(2026, 11, 20))
