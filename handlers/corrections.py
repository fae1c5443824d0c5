"""纠正: an officer says what a message was (改为投诉, 这是走访), and the reader may learn from it (`jishiyu train`).

Their own last words are acted on again with that meaning. Of somebody else's case 改为投诉 makes the sealed case that
it should have been and shows the words no more; any other name is only learned from. Nothing here stops a clock: what
becomes of the first case is settled with 定级, 转办 and 办结. Words that are sealed are never learned from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from assistance.case import Case, Grade
from assistance.close import withdraw
from assistance.decision import Conversation, Decision, Draft, Notice, Report
from assistance.grade import rule, words_held
from assistance.ports import Example
from assistance.work import Refused
from handlers import talk, tell
from handlers.blamed import facts_of
from handlers.complaint import NAMES, own_report
from handlers.progress import RECEIPT
from handlers.report import open_cases
from handlers.routes import ROUTES
from handlers.turn import Turn, context_of
from nlp.reading import Intent, Signal

_INTENTS: Mapping[str, Intent] = {
    "投诉": Intent.COMPLAINT, "举报": Intent.COMPLAINT, "投诉举报": Intent.COMPLAINT, "走访": Intent.VISIT,
    "走访记录": Intent.VISIT, "困难": Intent.HARDSHIP, "突发困难": Intent.HARDSHIP, "求助": Intent.HARDSHIP,
    "咨询": Intent.POLICY, "政策咨询": Intent.POLICY, "问进度": Intent.PROGRESS, "查进度": Intent.PROGRESS,
    "补充": Intent.SUPPLEMENT, "反馈": Intent.THANKS, "感谢": Intent.THANKS, "闲聊": Intent.CHITCHAT,
}  # fmt: skip
_CORRECTION = re.compile(
    r"(?:(?:这|那)(?:个|条|件)?不是[^，,。\s]{1,6}[，,。\s]*)?(?:改为|改成|改作|应该是|应是|(?:这|那|刚才)(?:个|条|件|那条)?是)"
    rf"(?P<what>{'|'.join(sorted(_INTENTS, key=len, reverse=True))})的?吧?[。！!]?"
)


async def command(turn: Turn) -> Decision | None:
    """The correction that an officer's words make, done; None where they make none."""
    found = _CORRECTION.fullmatch(RECEIPT.sub("", turn.text).strip(" ，,、。:：")) if turn.person.is_officer else None
    if found is None:
        return None
    intent, receipt = _INTENTS[found["what"]], RECEIPT.search(turn.text)
    if receipt is None and turn.conversation.said:
        return await _own(turn, turn.conversation.said, intent)
    if receipt:
        case = await turn.mine.by_receipt(receipt.group(1))
        if case is None:
            return turn.reply("progress.no_such_receipt")
    else:
        case = await turn.mine.one(turn.conversation.case) if turn.conversation.case else None
        if case is None:
            return turn.reply("correct.nothing")
    mine = await own_report(turn, case.id)
    return await (_own(turn, mine[1].said, intent) if mine else _of_another(turn, case, intent))


async def _own(turn: Turn, said: str, intent: Intent) -> Decision:
    """The officer's own words once more, as what they were."""
    text = await turn.work.inbox.words(said)
    if not text:
        return turn.reply("correct.nothing")
    again = _as_said(turn, said, text, intent)
    draft = Draft("reread", said, "intent", data={"text": text})
    asked = replace(turn, conversation=replace(turn.conversation, draft=draft))
    undone = await _undone(again, said)
    decision = undone + await talk.reread(asked, intent, ROUTES)
    await _learn(again, said, intent, sealed=await _sealed(turn, said))
    kept = dict(decision.memory)
    return decision if "draft" in kept else decision + turn.remember(draft=None, choices=())


async def _undone(again: Turn, said: str) -> Decision:
    """A case that the officer alone opened with these words and nobody has taken up ends, where they tell no need."""
    mine = await own_report(again, again.conversation.case) if again.conversation.case else None
    if mine is None or mine[1].said != said or again.reading.says(Signal.NEED):
        return Decision()
    case = mine[0]
    alone = len(await again.work.cases.reporters(case.id)) == 1
    if case.sealed or case.handler or case.grade is Grade.E0 or not case.stage.climbing or not alone:
        return Decision()
    ended = withdraw(case, again.person.id, again.directory, again.now, pressure=False)
    return Decision() if isinstance(ended, Refused) else ended


async def _of_another(turn: Turn, case: Case, intent: Intent) -> Decision:
    """Somebody else's case: 改为投诉 seals what was said; the rest is learned from."""
    first = (await turn.work.cases.reporters(case.id))[0]
    text = await turn.work.inbox.words(first.said)
    teller = turn.directory.persons.get(first.by)
    if case.sealed or first.held or not text or teller is None:
        return turn.reply("correct.sealed", case=case)
    theirs = _as_said(replace(turn, person=teller, conversation=Conversation(teller.id)), first.said, text, intent)
    accuses = intent is Intent.COMPLAINT and any(ruling.sealed for ruling in rule(facts_of(theirs.reading)))
    await _learn(theirs, first.said, intent, sealed=accuses)
    if not accuses:
        return turn.reply("correct.noted", case=case, case_line=tell.line(case, turn))
    return await _seal(turn, theirs, case, first)


async def _seal(turn: Turn, theirs: Turn, case: Case, first: Report) -> Decision:
    """The complaint that the words are, told to whoever made it; the first case goes on without the words."""
    decision, opened = await open_cases(theirs)
    complaint = next(one for one in opened if one.case.sealed)
    held = replace(first, held=True, barred=first.barred | complaint.case.barred)
    await turn.work.inbox.answered(first.said, sealed=True)
    words = turn.kit.phrases("correct.yours", told=tell.opened_reply(theirs, (complaint,)))
    told = Notice(
        to=f"reporters:{complaint.case.id}", step=f"corrected#{case.id}", case=complaint.case.id,
        text=words, buttons=NAMES, sealed=True,
    )  # fmt: skip
    answer = turn.reply("correct.told", case=case, case_line=tell.line(case, turn))
    return decision + Decision(reports=(held,), notices=(told,)) + answer + turn.remember(draft=None, case=case.id)


def _as_said(turn: Turn, said: str, text: str, intent: Intent) -> Turn:
    """The turn in which the words were said, read as the officer says."""
    context = context_of(turn.person, turn.directory, turn.conversation, turn.now)
    read = turn.kit.readers(turn.directory).understand(text, replace(context, asked=None))
    reading = replace(read, intent=intent, confidence=1.0, ask=None, signals=read.signals - {Signal.NOT_UNDERSTOOD})
    return replace(turn, said=replace(turn.said, id=said, text=text, press=None), reading=reading)


async def _sealed(turn: Turn, said: str) -> bool:
    """Whether these words already lie in a sealed case or are held."""
    mine = await own_report(turn, turn.conversation.case) if turn.conversation.case else None
    return mine is not None and mine[1].said == said and (mine[0].sealed or mine[1].held)


async def _learn(again: Turn, said: str, intent: Intent, *, sealed: bool) -> None:
    """Keep the words to learn from, without names and numbers; what is sealed or held is forgotten instead."""
    facts = facts_of(again.reading)
    if sealed or words_held(facts) or any(ruling.sealed for ruling in rule(facts)):
        await again.work.examples.forget(said)
        return
    context = context_of(again.person, again.directory, again.conversation, again.now)
    bare = again.kit.readers(again.directory).bare(again.text, context)
    await again.work.examples.keep(Example(said, again.now, bare, context.role, intent.value))
