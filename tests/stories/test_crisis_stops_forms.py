"""Whatever is being asked, a cry for help stops it, opens E0 and asks no field (docs/rules.md I; domain G5)."""

from __future__ import annotations

import pytest
from village import Village

from assistance.case import Case, Grade
from assistance.decision import Conversation, Decision, Draft
from handlers.forms import FORMS
from handlers.ledger import BLOCKS

OTHERS = {"exit": (BLOCKS[0],), "reread": ("intent",), "checklist": ("matter",)}  # asked in their own way
QUESTIONS = [(name, question) for name, form in FORMS.items() for question in form.questions]
QUESTIONS += [(name, question) for name, asked in OTHERS.items() for question in asked]
CRIES = {
    "despair": ("俺不想活了，药都准备好了", "12356"),
    "fire": ("石门东村着火了，人还在屋里", "119"),
    "violence": ("他正拿刀砍人，快来人", "110"),
}


async def asking(place: Village, who: str, form: str, question: str) -> None:
    """Somebody is being asked something: as if it had been asked a moment ago."""
    async with place.program.store.work() as work:
        person = await work.people.whose("web", who)
        assert person is not None
        draft = Draft(form, None, question)
        await work.save(Decision(conversation=Conversation(person.id, draft=draft)), {}, place.clock.now)


async def dangers(place: Village) -> list[Case]:
    return [case for case in await place.cases() if case.grade is Grade.E0]


@pytest.mark.parametrize("who", ["li", "zhou", "sun"])
@pytest.mark.parametrize("cry", CRIES)
async def test_a_cry_for_help_stops_every_question(place: Village, who: str, cry: str) -> None:
    """Of whatever form and question, typed by a resident or an officer: the number is told, an E0 has it, and nothing
    is asked any more."""
    text, number = CRIES[cry]
    for form, question in QUESTIONS:
        before = sum(case.reports for case in await dangers(place))
        await asking(place, who, form, question)
        answer = await place.says(who, text)
        assert number in answer, (form, question)
        assert "跳过" not in answer, (form, question)
        async with place.program.store.work() as work:
            person = await work.people.whose("web", who)
            assert person is not None
            assert (await work.conversations.of(person.id)).draft is None, (form, question)
        assert sum(case.reports for case in await dangers(place)) > before, (form, question)


async def test_what_is_said_next_is_about_the_danger(place: Village) -> None:
    """The question about an earlier need does not take the place that is told after the cry."""
    await place.says("gu", "俺娘住院交不上押金还差八千")
    await place.says("gu", CRIES["despair"][0])
    answer = await place.says("gu", "俺在石门东村俺二叔家")
    assert "已经马上转给" in answer
    (danger,) = await dangers(place)
    assert danger.village is not None
    assert any("二叔家" in text for text in place.heard("zhou"))
