"""请假、代班: somebody is away until a day, somebody else is told in their place; the day itself ends it, or 销假."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from assistance.decision import Decision, Draft, Notice
from assistance.directory import Directory, Person, person_token
from assistance.staff import manages, may_stand_in
from handlers import forms
from handlers.apply import apply
from handlers.called import officers_called, the_one
from handlers.days import last_day
from handlers.enrol import place_of
from handlers.leaving import give_back
from handlers.office import Office
from handlers.phrases import when
from handlers.turn import Turn


async def take_leave(turn: Turn, who: str, words: str, deputy: str) -> Decision | None:
    """请假到12月1日 由周敏代: of oneself, or said by the superior. What is missing is asked."""
    person: Person | Decision | None = turn.person
    if who:
        person = the_one(turn, who, lambda one: one.id == turn.person.id or manages(turn.person, one, turn.directory))
    if not isinstance(person, Person):
        return person
    zone = turn.kit.rulebook.calendar.zone
    last = last_day(words, turn.now.astimezone(zone).date())
    if last is None:
        return forms.ask(turn, Draft("absence", person.id, "until", (), {"deputy": deputy}), "")
    until = datetime.combine(last + timedelta(days=1), time(), zone)
    if not deputy:
        return forms.ask(turn, Draft("absence", person.id, "deputy", (), {"until": until}), "")
    return await _away(turn, person, until, deputy)


async def answer_question(turn: Turn, draft: Draft) -> Decision:
    """The day, or who stands in; 跳过 leaves the seat to the others of the desk."""
    person = turn.directory.persons[draft.about or ""]
    if draft.asked == "until":
        named = "" if person.id == turn.person.id else person.name or ""
        answer = await take_leave(turn, named, turn.text, str(draft.data.get("deputy", "")))
        return answer or turn.reply("button.late") + turn.remember(draft=None)
    return await _away(turn, person, draft.data["until"], "" if turn.skipped else turn.text.strip())


async def _away(turn: Turn, person: Person, until: datetime, deputy_name: str) -> Decision:
    deputy = _deputy(turn, person, deputy_name) if deputy_name else None
    if deputy_name and deputy is None:
        draft = Draft("absence", person.id, "deputy", (), {"until": until})
        return forms.ask(turn, draft, turn.kit.phrases("absence.no_deputy", name=deputy_name))
    await turn.work.people.put(replace(person, away_until=until, deputy=deputy.id if deputy else None))
    last = when(until - timedelta(minutes=1)).partition(" ")[0]
    back = Decision()
    if deputy is None:
        back = await give_back(turn, person, await turn.work.people.directory(), by=turn.person.id, handled=False)
    told = tuple(
        Notice(
            person_token(one.id),
            f"absence#{turn.said.id}",
            text=turn.kit.phrases(key, name=person.name or "", deputy=deputy.name or "" if deputy else "", until=last),
        )
        for one, key in ((person, "absence.told"), (deputy, "absence.stand_in"))
        if one is not None and one.id != turn.person.id
    )
    key = "absence.done" if deputy else "absence.alone"
    said = turn.reply(key, name=person.name or "", deputy=deputy.name or "" if deputy else "", until=last)
    return back + Decision(notices=told) + said + turn.remember(draft=None)


def _deputy(turn: Turn, person: Person, name: str) -> Person | None:
    """The colleague who may stand in: one's own choice is of one's desk, the superior's may sit elsewhere."""
    found = [one for one in officers_called(turn, name) if may_stand_in(one, person, turn.directory)]
    if turn.person.id == person.id:
        found = [one for one in found if one.desk == person.desk]
    return found[0] if len(found) == 1 else None


async def come_back(turn: Turn, who: str) -> Decision | None:
    """销假, before the day."""
    person: Person | Decision | None = turn.person
    if who:
        person = the_one(turn, who, lambda one: one.id == turn.person.id or manages(turn.person, one, turn.directory))
    if not isinstance(person, Person):
        return person
    if person.away_until is None:
        return turn.reply("absence.not_away", name=person.name or "", place=place_of(person, turn))
    await turn.work.people.put(replace(person, away_until=None, deputy=None))
    return turn.reply("absence.back", name=person.name or "")


async def end_absences(office: Office, now: datetime) -> int:
    """Whoever's last day is over is there again; returns how many."""
    async with office.store.work() as work:
        directory = await work.people.directory()
        back = 0
        for person in directory.officers():
            until = person.away_until
            if until is None or until > now or not await work.digests.mark("absence", person.id, until):
                continue  # or another worker has just told it
            back += 1
            await work.people.put(replace(person, away_until=None, deputy=None))
            text = office.kit.phrases("absence.over", name=person.name or "")
            notice = Notice(person_token(person.id), f"back#{now.isoformat()}", text=text)
            await apply(Decision(notices=(notice,)), work, office.kit.rulebook, now)
        return back


def next_end(directory: Directory) -> datetime | None:
    """When the next absence ends."""
    return min((one.away_until for one in directory.officers() if one.away_until is not None), default=None)
