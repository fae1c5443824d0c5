"""帮扶人: who answers for a household. Set by the officers of its village and town; both helpers are told."""

from __future__ import annotations

from dataclasses import replace

from assistance.decision import Decision, Notice
from assistance.directory import Household, Level, Person, Role, person_token
from handlers.called import officers_called
from handlers.turn import Turn


async def set_helper(turn: Turn, head: str, name: str) -> Decision | None:
    """王桂英家的帮扶人是周敏. None where no household of the speaker's villages is called so."""
    homes = _households(turn, head)
    if not homes:
        return None
    if len(homes) > 1:
        places = "、".join(turn.directory.name_of(one.village) for one in homes)
        return turn.reply("helper.which", head=homes[0].head, places=places)
    home = homes[0]
    found = [one for one in officers_called(turn, name) if _may_help(turn, one, home)]
    if len(found) != 1:
        return turn.reply("helper.nobody", name=name)
    helper, before = found[0], turn.directory.persons.get(home.helper or "")
    await turn.work.people.add_household(replace(home, helper=helper.id))
    told = [(helper, "helper.yours")]
    if before and before.id != helper.id:
        told.append((before, "helper.not_yours_now"))
    notices = tuple(
        Notice(
            person_token(one.id),
            f"helper#{turn.said.id}",
            text=turn.kit.phrases(
                key, head=home.head, village=turn.directory.name_of(home.village), name=helper.name or ""
            ),
        )
        for one, key in told
        if one.id != turn.person.id and one.left is None
    )
    said = turn.reply(
        "helper.set", head=home.head, village=turn.directory.name_of(home.village), name=helper.name or ""
    )
    return Decision(notices=notices) + said


def _households(turn: Turn, head: str) -> list[Household]:
    """Households of that head in the villages the speaker answers for; a village before the name tells them apart."""
    if turn.person.role not in (Role.VILLAGE, Role.TOWN):
        return []
    own = [
        one
        for one in turn.directory.households.values()
        if head.endswith((one.head, *one.aliases))
        and any(above.code == turn.person.area for above in turn.directory.chain(one.village))
    ]
    named = [one for one in own if turn.directory.name_of(one.village) in head]
    return named or own


def _may_help(turn: Turn, officer: Person, home: Household) -> bool:
    """Helpers sit in the village or in its town."""
    return officer.area in (home.village, turn.directory.above(home.village, Level.TOWN))
