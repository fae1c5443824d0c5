"""Small talk, help, and what was not understood: that goes to a person, never to nowhere, and the sender is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from assistance.decision import Decision, Draft
from handlers import tell
from handlers.complaint import own_report
from handlers.held import hold_blame
from handlers.report import open_cases
from handlers.supplement import keep_sealed
from handlers.turn import Turn
from nlp.reading import Intent, Signal

Route = Callable[[Turn], Awaitable[Decision]]


async def small_talk(turn: Turn) -> Decision:
    """A short answer that says it is a program; no case. Words that were not understood go to the sorting desk."""
    if turn.reading.says(Signal.NOT_UNDERSTOOD) or turn.reading.says(Signal.MEDIA_ONLY):
        return await _to_the_complaint(turn) or await to_a_person(turn)
    return turn.reply("talk.chat") + await hold_blame(turn)


async def _to_the_complaint(turn: Turn) -> Decision | None:
    """A photo, or words that were not understood, of somebody who has just complained go no further than that
    complaint: it may well be the proof, and the sorting desk may be who it is about."""
    mine = await own_report(turn, turn.conversation.case) if turn.conversation.case else None
    if mine is None or not mine[0].sealed or not mine[0].open or not mine[0].seen_by:
        return None
    return await keep_sealed(turn, *mine)


async def give_help(turn: Turn) -> Decision:
    """How to use it, by role; trouble with a thing asked about as 打哪个电话 opens a case all the same."""
    if turn.reading.says(Signal.THING):
        decision, opened = await open_cases(turn)
        if opened:
            text = tell.opened_reply(turn, opened)
            return decision + turn.reply_text(text, case=opened[0].case) + turn.remember(case=opened[0].case.id)
    key = "help.officer" if turn.person.is_officer else "help.resident"
    return turn.reply(key, **turn.kit.numbers) + await hold_blame(turn)


async def to_a_person(turn: Turn) -> Decision:
    """人工: a lead at the county sorting desk."""
    unread = replace(turn.reading, intent=Intent.CHITCHAT, signals=turn.reading.signals | {Signal.NOT_UNDERSTOOD})
    decision, opened = await open_cases(replace(turn, reading=unread))
    case = opened[0].case
    return decision + turn.reply_text(tell.opened_reply(turn, opened), case=case) + turn.remember(case=case.id)


def offer(turn: Turn) -> Decision:
    """Unsure: two or three other readings by number, after the best one has been acted on; nothing waits for it."""
    asked = [intent for intent in turn.reading.ask or () if intent is not turn.reading.intent]
    choices = tuple((turn.kit.phrases(f"intent.{intent.value}"), f"intent:{intent.value}") for intent in asked)
    if not choices:
        return Decision()
    listed = "\n".join(f"{number}. {label}" for number, (label, _) in enumerate(choices, 1))
    text = turn.kit.phrases("talk.which", choices=listed)
    draft = Draft("reread", turn.said.id, "intent", data={"text": turn.text})
    return turn.reply_text(text, buttons=tuple(label for label, _ in choices)) + turn.remember(
        choices=choices, draft=draft
    )


async def reread(turn: Turn, intent: Intent, routes: Mapping[Intent, Route]) -> Decision:
    """The last message again, with the meaning that its sender chose."""
    text = str(turn.draft.data.get("text", "")) if turn.draft else ""
    first = turn.draft.about if turn.draft else None
    said = replace(turn.said, id=first or turn.said.id, text=text, press=None)
    reader = turn.kit.readers(turn.directory)
    reading = replace(reader.understand(text, turn.context), intent=intent, confidence=1.0, ask=None)
    signals = reading.signals - {Signal.NOT_UNDERSTOOD}
    again = replace(turn, said=said, reading=replace(reading, signals=signals))
    return await routes[intent](again) + (await _taken_for_need(turn) if intent is Intent.COMPLAINT else Decision())


async def _taken_for_need(turn: Turn) -> Decision:
    """What turned out to be a complaint is shown no more with the case it was first taken for."""
    mine = await own_report(turn, turn.conversation.case) if turn.conversation.case else None
    if mine is None or turn.draft is None or mine[1].said != turn.draft.about or mine[0].sealed:
        return Decision()
    return Decision(reports=(replace(mine[1], held=True),))
