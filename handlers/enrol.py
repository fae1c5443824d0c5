"""登记: an officer brings somebody in (邀请 张三 网格员 后马寨村), and whoever was invited signs in, once.

The parts may come in any order; what is missing is asked one at a time. Link and code are shown once, in one reply
whose words are erased when it has arrived.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

from assistance.decision import Decision, Draft
from assistance.directory import Area, Person, Role
from assistance.ports import Invitation, Work
from assistance.rulebook import Guessing
from assistance.staff import may_invite, role_at
from handlers import forms
from handlers.guessing import must_wait, was_wrong
from handlers.kit import new_id
from handlers.turn import Turn

SIGN_IN = re.compile(r"(?:登录|登录码|登记|登记码)\s*[:：]?\s*(?P<word>[\w-]{8,64})")
INVITE = re.compile(r"邀请[\s:：,，]*(?P<rest>.{0,60})", re.DOTALL)
_CODE = re.compile(r"\d{8}")
_TITLE = re.compile(
    r"(?:第一|村|镇|副|支部|治保|妇联|大队|包村|驻村|扶贫|帮扶|工作)*"
    r"(?:支书|书记|主任|会计|文书|网格[员长]|队长|队员|组长|专干|干事|干部|片长|[镇乡所局科股站]长|科员|办事员|工作人员)"
)
_DISCIPLINE = re.compile(r"纪委|监委|纪检|监察")
_BREAK = re.compile(r"[\s,，、。；;:：]+")
_AROUND = re.compile(r"^(?:让|请|叫|把)|(?:来|去)?(?:当|做|担任|任|为|是|到|在|的)?$")
_NAME = re.compile(r"[\u4e00-\u9fa5·]{2,6}")


async def sign_in(
    work: Work, limits: Guessing, word: str, channel: str, address: str, now: datetime, *, who: str = ""
) -> Person | Literal["wrong", "wait"]:
    """Redeem a link's token or a code for whoever writes from this address. The officer's earlier phones are signed
    out. Only codes can be guessed, so only they are counted and made to wait; `who` tries, where the address is a
    new one each time."""
    word = word.strip()
    guessable, who = _CODE.fullmatch(word) is not None, who or f"{channel}:{address}"
    if guessable and await must_wait(work, limits, who, now):
        return "wait"
    person = await work.invites.redeem(word, now)
    if person is None:
        if guessable:
            await was_wrong(work, who, now)
        return "wrong"
    await work.people.forget_addresses(person.id)
    await work.people.enroll(person, channel, address)
    return person


async def sign_in_here(turn: Turn, word: str) -> Decision:
    """登录 and the code, typed into a chat. Not on a page with a door of its own: there a session gets its end."""
    if await turn.work.devices.alive(turn.said.address, turn.now, timedelta()):
        return turn.reply("sign_in.at_the_door")
    limits = turn.kit.rulebook.guessing
    found = await sign_in(turn.work, limits, word, turn.said.channel, turn.said.address, turn.now)
    if not isinstance(found, Person):
        return turn.reply(f"sign_in.{found}")
    signed_in = replace(turn, person=found)  # the answer is theirs: this phone is no longer the other one's
    return signed_in.reply("sign_in.done", name=found.name or "", place=place_of(found, turn))


async def invite(turn: Turn, rest: str) -> Decision:
    """邀请: read what the words give, ask for the rest, then make the invitation."""
    if turn.person.role in (Role.VILLAGE, Role.DEPARTMENT):
        return turn.reply("invite.not_yours")
    return await _go_on(turn, _parts(turn, rest), "")


async def answer_question(turn: Turn, draft: Draft) -> Decision:
    """The part that was asked for."""
    known = dict(draft.data)
    if draft.asked == "title" and turn.skipped:
        return await _go_on(turn, known | {"title": ""}, "")
    found = _parts(turn, turn.text)
    if draft.asked == "title" and "title" not in found:
        found["title"] = turn.text[:20]
    if draft.asked == "name" and "name" not in found:
        return await _go_on(turn, known, turn.kit.phrases("invite.no_name"))
    if draft.asked == "place" and "area" not in found:
        return await _go_on(turn, known, turn.kit.phrases("invite.no_place"))
    wanted = {"place": ("area", "department", "discipline"), "name": ("name",), "title": ("title",)}
    return await _go_on(turn, known | {name: found[name] for name in wanted[draft.asked or ""] if name in found}, "")


async def _go_on(turn: Turn, known: Mapping[str, Any], before: str) -> Decision:
    """Ask for the next part, or make the invitation when all are there."""
    missing = [part for part, key in (("name", "name"), ("place", "area"), ("title", "title")) if key not in known]
    if missing:
        draft = Draft("invite", None, missing[0], tuple(missing[1:]), known)
        return forms.ask(turn, draft, before)
    return await _invite(turn, known)


async def _invite(turn: Turn, known: Mapping[str, Any]) -> Decision:
    area = turn.directory.areas[known["area"]]
    department = known.get("department")
    role = role_at(area, department=bool(department), discipline=bool(known.get("discipline")))
    done = turn.remember(draft=None)
    if not may_invite(turn.person, role, area.code, turn.directory):
        return turn.reply("invite.not_yours") + done
    same = same_person(turn, known["name"], role, area.code, department)
    if same and same.reachable:
        return turn.reply("invite.known", name=known["name"]) + done
    person = same or Person(new_id(), role, known["name"], area.code, department, known["title"] or None)
    await turn.work.people.put(person)
    made = await turn.work.invites.make(person.id, turn.person.id, turn.now)
    return show(turn, person, made) + done


def show(turn: Turn, person: Person, made: Invitation) -> Decision:
    """Link and code, once, with the advice to hand them over in person."""
    link = turn.kit.link(made.token)
    return turn.reply(
        "invite.made",
        name=person.name or "",
        place=place_of(person, turn),
        title=person.title or "",
        link=turn.kit.phrases("invite.link", link=link) if link else "",
        code=made.code,
        sealed=True,
    )


def place_of(person: Person, turn: Turn) -> str:
    """Where somebody sits, as people say it: 后马寨村, 民政局."""
    department = turn.directory.departments.get(person.department or "")
    return department.name if department else turn.directory.name_of(person.area)


def same_person(turn: Turn, name: str, role: Role, area: str, department: str | None) -> Person | None:
    """Somebody of that name who sits at that desk already."""
    seat = (name, role, area, department)
    return next(
        (one for one in turn.directory.officers() if (one.name, one.role, one.area, one.department) == seat), None
    )


def _parts(turn: Turn, text: str) -> dict[str, Any]:
    """Name, title and seat as far as the words give them, in whatever order."""
    found: dict[str, Any] = {}
    seat, text = _seat(turn, text)
    found.update(seat)
    title = _TITLE.search(text)
    if title:
        found["title"] = title.group()
        text = text.replace(title.group(), " ", 1)
    name = next((word for part in _BREAK.split(text) if _NAME.fullmatch(word := _AROUND.sub("", part))), None)
    if name:
        found["name"] = name
    return found


def _seat(turn: Turn, text: str) -> tuple[dict[str, Any], str]:
    """The department or area that the words name, and the words without it. A name that several places have means
    the one under the speaker."""
    directory, own = turn.directory, turn.person.area
    if _DISCIPLINE.search(text):
        return {"area": directory.seat, "discipline": True}, _DISCIPLINE.sub(" ", text)
    offices = [(name, one.id) for one in directory.departments.values() for name in (one.name, *one.aliases)]
    named = max(((name, key) for name, key in offices if name in text), key=lambda one: len(one[0]), default=None)
    if named:
        return {"area": directory.seat, "department": named[1]}, text.replace(named[0], " ", 1)
    places: list[tuple[str, Area]] = [
        (name, area)
        for area in directory.areas.values()
        if any(above.code == own for above in directory.chain(area.code))
        for name in (area.name, *area.aliases)
        if name and name in text
    ]
    if not places:
        return {}, text
    name, area = max(places, key=lambda one: (len(one[0]), -one[1].level.rank))
    rest = text.replace(name, " ", 1)
    for above in directory.chain(area.parent):
        rest = rest.replace(above.name, " ", 1)
    return {"area": area.code}, rest
