"""离任、换手机: somebody leaves the queue, or comes back on another phone. Nothing they handled is left lying."""

from __future__ import annotations

from dataclasses import replace

from assistance.audience import anybody_at
from assistance.case import Case
from assistance.decision import Decision, Notice
from assistance.directory import Directory, Household, Person
from assistance.handover import hand_back
from assistance.staff import manages
from handlers import enrol
from handlers.called import the_one
from handlers.turn import Turn


async def leave(turn: Turn, words: str) -> Decision | None:
    """张三离任了, by the superior: the desk has their cases again, phones and invitations are void. The answer counts
    nothing: the superior may not see every case they had."""
    person = the_one(turn, words, lambda one: manages(turn.person, one, turn.directory))
    if not isinstance(person, Person):
        return person
    work = turn.work
    await work.people.put(replace(person, left=turn.now, away_until=None, deputy=None))
    await work.people.forget_addresses(person.id)
    await work.invites.void(person.id, turn.now)
    await work.duties.end(person.id, turn.now)
    for one in turn.directory.officers():
        if one.deputy == person.id:
            await work.people.put(replace(one, deputy=None))
    told = await _tell_villages(turn, person)
    back = await give_back(turn, person, await work.people.directory(), by=turn.person.id)
    return back + told + turn.reply("leave.done", name=person.name or "", place=enrol.place_of(person, turn))


async def give_back(turn: Turn, person: Person, directory: Directory, *, by: str, handled: bool = True) -> Decision:
    """Every open case they handled goes back to its desk (`handled`); where nobody is left at their own desk, what
    waits there goes up as well. `directory` is the one without them."""
    engine, desk = turn.work.cases.for_engine(), person.desk or ""
    mine = await engine.handled_by(person.id) if handled else ()
    cases: dict[str, Case] = {case.id: case for case in mine}
    for case in await engine.owned_by(desk):
        if case.handler is None and not anybody_at((desk,), case, directory):
            cases[case.id] = case
    decision = Decision()
    for case in cases.values():
        decision += hand_back(case, directory, turn.now, by=by, why="left" if handled else "away")
    return decision


async def _tell_villages(turn: Turn, person: Person) -> Decision:
    """Their households have no helper any more; each village is told which."""
    orphaned: dict[str, list[Household]] = {}
    for household in turn.directory.households.values():
        if household.helper == person.id:
            await turn.work.people.add_household(replace(household, helper=None))
            orphaned.setdefault(household.village, []).append(household)
    return Decision(
        notices=tuple(
            Notice(
                f"village:{village}",
                f"no_helper#{turn.said.id}",
                text=turn.kit.phrases(
                    "leave.no_helper", name=person.name or "", heads="、".join(one.head for one in households)
                ),
            )
            for village, households in orphaned.items()
        )
    )


async def change_phone(turn: Turn, words: str) -> Decision | None:
    """换手机: a new invitation. One's own old phone stays until the new one is signed in; said by the superior, the
    old one is out at once."""
    person: Person | Decision | None = turn.person
    if words:
        person = the_one(turn, words, lambda one: one.id == turn.person.id or manages(turn.person, one, turn.directory))
    if not isinstance(person, Person):
        return person
    if person.id != turn.person.id:
        await turn.work.people.forget_addresses(person.id)
    made = await turn.work.invites.make(person.id, turn.person.id, turn.now)
    return enrol.show(turn, person, made)
