"""有没有人为难您: asked some days after a complaint, in words that a shared phone may show; a yes is a new sealed case
at the county (docs/domain.md G3). No answer is fine, and whoever does not want to be asked is not."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from assistance.case import Case, Kind
from assistance.decision import Decision, Draft, Notice, Report
from assistance.directory import person_token
from assistance.grade import REPRISAL
from assistance.open import Opening, open_case
from assistance.ports import Followup
from assistance.post import Delivered
from assistance.seal import Blamed
from handlers import aftercare, forms
from handlers.apply import apply
from handlers.blamed import blamed_of, never_read
from handlers.complaint import own_report
from handlers.kit import new_code, new_id, new_receipt
from handlers.office import Office
from handlers.report import open_cases
from handlers.supplement import keep_sealed
from handlers.turn import Turn
from nlp.reading import Intent

YES, NO, NEVER = "有", "没有", "别再问"
_BATCH = 100
_NO = re.compile(r"(?:没|没有|没人|无|都好|挺好|不)(?:[，,。！! 啊呀的了人]|为难|难为|$)")
_YES = re.compile(r"有(?:[，,。！! 啊呀的]|人|$)|是的|嗯|(?:老是|总是|天天)?(?:为难|难为)")


async def ask_due(office: Office, now: datetime) -> int:
    """Ask everybody whose day has come; returns how many."""
    rules, zone = office.kit.rulebook.aftercare, office.kit.rulebook.calendar.zone
    async with office.store.work() as work:
        due = await work.followups.due(now, _BATCH)
        for one in due:
            asked = replace(one, asked=one.asked + 1)
            await work.followups.put(replace(asked, due_at=aftercare.next_question(asked, rules, zone)))
            question = Notice(
                person_token(one.person),
                f"{aftercare.QUESTION}{one.id}#{asked.asked}",
                text=office.kit.phrases("care.ask"),
                buttons=(YES, NO, NEVER),
                sealed=True,
            )
            await apply(Decision(notices=(question,)), work, office.kit.rulebook, now)
    return len(due)


async def pressed(turn: Turn, label: str, shown: Delivered | None) -> Decision | None:
    """A button under the question; None for another button."""
    if shown is None or label not in (YES, NO, NEVER) or not shown.step.startswith(aftercare.QUESTION):
        return None
    return await _answered(turn, label, shown)


async def typed(turn: Turn) -> Decision | None:
    """The answer in words while the question is the last message on this phone; None for other words."""
    if turn.draft is not None:
        return None
    newest = next(iter(await turn.work.outbox.on_phone(turn.person.id)), None)
    if newest is None or not newest.step.startswith(aftercare.QUESTION):
        return None
    if aftercare.wants_peace(turn.text, turn.kit.rulebook.aftercare) or turn.text == NEVER:
        return await _answered(turn, NEVER, newest)
    if _NO.match(turn.text):
        return await _answered(turn, NO, newest)
    return await _answered(turn, YES, newest) if _YES.match(turn.text) else None


async def _answered(turn: Turn, label: str, shown: Delivered) -> Decision:
    followup = await turn.work.followups.one(aftercare.followup_of(shown.step))
    if label == NEVER and followup is not None:
        await turn.work.followups.put(replace(followup, due_at=None))
    if label != YES or followup is None:
        return turn.reply("care.never" if label == NEVER else "care.no", sealed=True)
    earlier = await turn.work.cases.for_engine().look(followup.case)
    return await _open(turn, followup, earlier) if earlier else turn.reply("care.no", sealed=True)


async def _open(turn: Turn, followup: Followup, earlier: Case) -> Decision:
    """The new case: sealed from whoever is blamed now and from whoever was blamed then."""
    blamed = blamed_of(turn) or Blamed()
    opening = Opening(
        id=new_id(),
        receipt=new_receipt(),
        received_at=turn.said.received_at,
        topic=earlier.topic,
        village=earlier.village,
        town=earlier.town,
        blamed=blamed,
        barred=aftercare.never_sees(earlier),
    )
    decision = open_case(REPRISAL, opening, turn.directory, turn.kit.rulebook, turn.now)
    case = decision.cases[0]
    report = Report(
        new_id(), case.id, turn.person.id, turn.said.id, case.receipt, turn.now,
        barred=never_read(turn, blamed), named=False, code=new_code(),
    )  # fmt: skip
    facts = {"reprisal": earlier.receipt}
    await aftercare.follow(turn, case, followup.households)
    said = turn.kit.phrases("care.yes", receipt=report.receipt, code=report.code)
    draft = forms.start("reprisal", case.id, ("words",))
    decision += Decision(reports=(report,), facts=((case.id, facts),)) + forms.ask(turn, draft, said, case)
    decision += turn.remember(case=case.id)
    if turn.reading.means(Intent.HARDSHIP):  # a need in the answer goes on at once
        decision += (await open_cases(turn))[0]
    return decision


async def answer_question(turn: Turn, draft: Draft) -> Decision:
    """Who, and what happened: kept with the case."""
    mine = await own_report(turn, draft.about or "")
    if turn.skipped or mine is None or mine[0].kind is not Kind.COMPLAINT:
        return turn.reply("form.skipped", sealed=True) + turn.remember(draft=None)
    return await keep_sealed(turn, *mine) + turn.remember(draft=None)
