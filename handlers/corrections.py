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
from handlers.complaint import NAMES
from handlers.progress import RECEIPT
from handlers.report import found, open_cases
from handlers.routes import ROUTES
from handlers.turn import Turn, context_of
from handlers.whereabouts import where
from nlp.reading import Intent, Signal

_INTENTS: Mapping[str, Intent] = {
    "投诉": Intent.COMPLAINT, "举报": Intent.COMPLAINT, "投诉举报": Intent.COMPLAINT, "走访": Intent.VISIT,
    "走访记录": Intent.VISIT, "困难": Intent.HARDSHIP, "突发困难": Intent.HARDSHIP, "求助": Intent.HARDSHIP,
    "咨询": Intent.POLICY, "政策咨询": Intent.POLICY, "问进度": Intent.PROGRESS, "查进度": Intent.PROGRESS,
    "补充": Intent.SUPPLEMENT, "反馈": Intent.THANKS, "感谢": Intent.THANKS, "闲聊": Intent.CHITCHAT,
}  # fmt: skip
CORRECTED = "corrected"  # the step of the letter that tells whoever said it
_CORRECTION = re.compile(
    r"(?:(?:这|那)(?:个|条|件)?不是[^，,。\s]{1,6}[，,。\s]*)?(?:改为|改成|改作|应该是|应是|(?:这|那|刚才)(?:个|条|件|那条)?是)"
    rf"(?P<what>{'|'.join(sorted(_INTENTS, key=len, reverse=True))})的?吧?[。！!]?"
)


async def command(turn: Turn) -> Decision | None:
    """The correction that an officer's words make, done; None where they make none."""
    order = _CORRECTION.fullmatch(RECEIPT.sub("", turn.text).strip(" ，,、。:：")) if turn.person.is_officer else None
    if order is None:
        return None
    intent, receipt, said = _INTENTS[order["what"]], RECEIPT.search(turn.text), turn.conversation.said
    if receipt is None and said:
        told = await turn.work.cases.told_by(turn.person.id)
        return await _own(turn, said, intent, next((case for case, one in told if one.said == said), None))
    if receipt:
        case = await turn.mine.by_receipt(receipt.group(1))
    else:
        case = await turn.mine.one(turn.conversation.case) if turn.conversation.case else None
    report = await _meant(turn, case, receipt.group(1) if receipt else None) if case else None
    if case is None or report is None:
        return turn.reply("progress.no_such_receipt" if receipt else "correct.nothing")
    if case.sealed or report.held:
        return turn.reply("correct.sealed", case=case)
    if report.by == turn.person.id:
        return await _own(turn, report.said, intent, case)
    return await _of_another(turn, case, report, intent)


async def _meant(turn: Turn, case: Case, receipt: str | None) -> Report | None:
    """The report of that receipt, else the officer's own, else the first one: as it stood before anybody claimed it."""
    told = await turn.work.cases.reporters(case.id)
    named = (one for one in told if one.receipt == receipt)
    own = (one for one in told if one.by == turn.person.id)
    meant = next(iter((*named, *own, *told)), None)
    return next((one for one in told if meant and one.said == meant.said), None)


async def _own(turn: Turn, said: str, intent: Intent, mine: Case | None) -> Decision:
    """The officer's own words once more, as what they were. `mine` is the case that they opened or joined."""
    text = await turn.work.inbox.words(said)
    if not text:
        return turn.reply("correct.nothing")
    heard = _as_heard(turn, said, text)
    if (mine and mine.linked) or any(ruling.sealed for ruling in rule(facts_of(heard.reading))):
        return turn.reply("correct.sealed", sealed=True)  # the complaint is there already
    if heard.reading.intent is intent and not heard.reading.says(Signal.NOT_UNDERSTOOD):
        return _as_it_was(turn, mine, learned=False) if mine else turn.reply("correct.same")
    again = _as_said(heard, intent)
    draft = Draft("reread", said, "intent", data={"text": text})
    asked = replace(turn, conversation=replace(turn.conversation, draft=draft))
    decision = await talk.reread(asked, intent, ROUTES)
    learned = await _learn(again, said, intent, sealed=any(case.sealed for case in decision.cases))
    changed = {case.id for case in decision.cases}
    if mine and changed == {mine.id} and not decision.visits:  # the same case once more: it is told already
        return _as_it_was(turn, mine, learned=learned)
    accusing = [case for case in decision.cases if case.sealed]
    if mine and mine.id not in changed:
        decision = await _undone(again, mine, past_town=bool(accusing)) + decision
    for case in accusing:
        decision += await _hidden(again, case)
    kept = dict(decision.memory)
    return decision if "draft" in kept else decision + turn.remember(draft=None, choices=())


async def _undone(again: Turn, case: Case, *, past_town: bool) -> Decision:
    """A case that the officer alone opened with these words and nobody has taken up ends, where they tell no need."""
    alone = len(await again.work.cases.reporters(case.id)) == 1
    if again.reading.says(Signal.NEED) or case.handler or case.grade is Grade.E0:
        return Decision()
    if not case.stage.climbing or not alone:
        return Decision()
    ended = withdraw(case, again.person.id, again.directory, again.now, pressure=False, past_town=past_town)
    return Decision() if isinstance(ended, Refused) else ended


async def _of_another(turn: Turn, case: Case, first: Report, intent: Intent) -> Decision:
    """Somebody else's case: 改为投诉 seals what was said; the rest is learned from."""
    text = await turn.work.inbox.words(first.said)
    teller = turn.directory.persons.get(first.by)
    if not text or teller is None:
        return turn.reply("correct.sealed", case=case)
    teller_turn = replace(turn, person=teller, conversation=Conversation(teller.id))
    theirs = _as_said(_as_heard(teller_turn, first.said, text), intent)
    facts = replace(facts_of(theirs.reading), danger_now=_of_danger(theirs))
    accuses = intent is Intent.COMPLAINT and any(ruling.sealed for ruling in rule(facts))
    learned = await _learn(theirs, first.said, intent, sealed=accuses)
    return await _seal(turn, _accusation_alone(theirs), case) if accuses else _as_it_was(turn, case, learned=learned)


def _as_it_was(turn: Turn, case: Case, *, learned: bool) -> Decision:
    return turn.reply("correct.noted" if learned else "correct.kept", case=case, case_line=tell.line(case, turn))


def _accusation_alone(turn: Turn) -> Turn:
    """The turn without the need or danger in its words: that is the first case's, which goes on."""
    signals = turn.reading.signals - {Signal.NEED, Signal.DANGER_NOW}
    return replace(turn, reading=replace(turn.reading, also=(), signals=signals))


async def _seal(turn: Turn, theirs: Turn, case: Case) -> Decision:
    """The complaint that the words are, told to whoever made it; the first case goes on without the words. No row
    beside the complaint names that case: it would tell who complained."""
    decision, opened = await open_cases(theirs, beside=case.id)
    complaint = next(one for one in opened if one.case.sealed)
    words = turn.kit.phrases("correct.yours", told=tell.opened_reply(theirs, (complaint,)))
    told = Notice(
        to=f"reporters:{complaint.case.id}", step=CORRECTED, case=complaint.case.id,
        text=words, buttons=NAMES, sealed=True,
    )  # fmt: skip
    answer = turn.reply("correct.told", case_line=tell.line(case, turn))
    hidden = await _hidden(theirs, complaint.case)
    return decision + hidden + Decision(notices=(told,)) + answer + turn.remember(draft=None, case=case.id)


async def _hidden(theirs: Turn, complaint: Case) -> Decision:
    """Words that accuse are shown no more with any case that they were taken for, whoever claimed it since; nor the
    sum, day and phone that stood in them."""
    cases, said = theirs.work.cases, theirs.said.id
    secret = found(theirs.reading, where(theirs), held=False, about_thing=True)
    decision = Decision()
    for case in [case for case, report in await cases.told_by(theirs.person.id) if report.said == said]:
        known = (await cases.for_engine().words(case)).facts
        gone = {name: None for name in ("amount", "on", "phone") if name in secret and known.get(name) == secret[name]}
        same = (one for one in await cases.reporters(case.id) if one.said == said)
        held = tuple(replace(one, held=True, barred=one.barred | complaint.barred) for one in same)
        decision += Decision(reports=held, facts=((case.id, gone),) if gone else ())
    return decision


def _as_heard(turn: Turn, said: str, text: str) -> Turn:
    """The turn in which the words were said, as they were read then."""
    context = context_of(turn.person, turn.directory, turn.conversation, turn.now)
    read = turn.kit.readers(turn.directory).understand(text, replace(context, asked=None))
    return replace(turn, said=replace(turn.said, id=said, text=text, press=None), reading=read)


def _as_said(heard: Turn, intent: Intent) -> Turn:
    """The same, read as the officer says. That a danger was heard is kept beside it."""
    read = heard.reading
    also = (*read.also, Intent.CRISIS) if read.intent is Intent.CRISIS else read.also
    signals = read.signals - {Signal.NOT_UNDERSTOOD}
    return replace(heard, reading=replace(read, intent=intent, also=also, confidence=1.0, ask=None, signals=signals))


def _of_danger(again: Turn) -> bool:
    """Whether a danger to life is heard in the words, whatever the officer says they are."""
    return again.reading.means(Intent.CRISIS) or again.reading.says(Signal.DANGER_NOW)


async def _learn(again: Turn, said: str, intent: Intent, *, sealed: bool) -> bool:
    """Keep the words to learn from, without names and numbers; what is sealed or held is forgotten instead, and what
    tells of a danger to life: no officer alone decides that it is none. Whether they were kept."""
    facts = facts_of(again.reading)
    if _of_danger(again) or sealed or words_held(facts) or any(ruling.sealed for ruling in rule(facts)):
        await again.work.examples.forget(said)
        return False
    context = context_of(again.person, again.directory, again.conversation, again.now)
    bare = again.kit.readers(again.directory).bare(again.text, context)
    await again.work.examples.keep(Example(said, again.now, bare, context.role, intent.value))
    return True
