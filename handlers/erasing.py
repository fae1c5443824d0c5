"""删除个人信息: the reporter's wish, an officer's order, a second officer's yes, and what is over its years."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from assistance import erasing
from assistance.case import Case
from assistance.decision import Decision
from assistance.directory import Person, Role
from assistance.ledger import Did, Entry, Line, State, evolve
from assistance.ports import CaseFilter, Work
from assistance.post import Delivered
from assistance.rulebook import Rulebook
from assistance.work import Refused
from handlers.notices import ERASE, NO_ERASE
from handlers.office import Office
from handlers.outcome import done
from handlers.progress import RECEIPT, own_by_receipt, told_to_wait
from handlers.turn import Turn

_MINE = re.compile(r"(?:请|要|[我俺]要|帮[我俺])?(?:删除|删掉|删了|清除)[我俺]们?家?的?(?:个人)?(?:信息|资料|话|记录)")
_ORDER = re.compile(r"删除个人信息")
_LISTED = 50  # receipts in one digest
_MOST = 100_000  # cases looked at, once a year


async def command(turn: Turn) -> Decision | None:
    """删除我的信息 by whoever reported, 删除个人信息 by an officer, each with the receipt; None for other words."""
    word = RECEIPT.sub("", turn.text).strip(" ，,。！!")
    if word in (ERASE, NO_ERASE) and turn.person.is_officer:
        case = await _asked(turn)
        return await _second(turn, word, case) if case else turn.reply("desk.nothing", word=word)
    if _MINE.match(turn.text):
        return await _wish(turn)
    if _ORDER.match(turn.text):
        return await _order(turn) if turn.person.is_officer else await _wish(turn)
    return None


async def press(turn: Turn, word: str, pressed: Delivered | None) -> Decision | None:
    """同意删除 or 不删除 by the second officer; None for another button."""
    if word not in (ERASE, NO_ERASE):
        return None
    case = await turn.mine.one(pressed.case) if pressed and pressed.case else None
    return await _second(turn, word, case) if case else turn.reply("button.late")


async def _asked(turn: Turn) -> Case | None:
    """The case of the receipt in the words, else of the newest question on the phone."""
    found = RECEIPT.search(turn.text)
    if found:
        return await turn.mine.by_receipt(found.group(1))
    shown = await turn.work.outbox.on_phone(turn.person.id, ERASE)
    return await turn.mine.one(shown[0].case) if shown and shown[0].case else None


async def _wish(turn: Turn) -> Decision:
    if not RECEIPT.search(turn.text):
        return turn.reply("erase.which")
    if wait := await told_to_wait(turn):
        return wait
    own = await own_by_receipt(turn)
    if own is None:
        return turn.reply("progress.no_such_receipt")
    outcome = erasing.wish(own[0], turn.person.id, turn.directory, turn.now)
    if isinstance(outcome, Refused):
        return turn.reply(f"erase.{outcome.phrase}", receipt=own[1].receipt, sealed=True)
    return outcome + turn.reply("erase.wished", receipt=own[1].receipt, sealed=True)


async def _order(turn: Turn) -> Decision:
    found = RECEIPT.search(turn.text)
    case = await turn.mine.by_receipt(found.group(1)) if found else None
    if case is None:
        return turn.reply("progress.no_such_receipt" if found else "erase.which")
    outcome = erasing.ask(case, turn.person, turn.directory, turn.kit.rulebook, turn.now)
    if isinstance(outcome, Refused):
        return _refused(turn, outcome, case)
    return outcome + turn.reply("erase.asked", case=case, receipt=case.receipt)


async def _second(turn: Turn, word: str, case: Case) -> Decision:
    if word == NO_ERASE:
        kept = erasing.keep(case, turn.person, turn.now)
        if isinstance(kept, Refused):
            return _refused(turn, kept, case)
        return kept + turn.reply("erase.kept", receipt=case.receipt)
    outcome = erasing.agree(case, turn.person, turn.kit.rulebook, turn.now)
    if isinstance(outcome, Refused):
        return _refused(turn, outcome, case)
    return await erase(turn.work, case, outcome, turn.now) + turn.reply("erase.done", receipt=case.receipt)


def _refused(turn: Turn, outcome: Refused, case: Case) -> Decision:
    if f"erase.{outcome.phrase}" in turn.kit.phrases:
        return turn.reply(f"erase.{outcome.phrase}", receipt=case.receipt)
    return done(turn, outcome, case, "erased")


async def erase(work: Work, case: Case, decided: Decision, now: datetime) -> Decision:
    """Let the personal words go; the decision that says so is to be written in the same unit of work."""
    await work.erasing.case(case.id, await work.cases.for_engine().history(case.id))
    wished = decided.cases[0].erase_wished
    lines, entries = list[Line](), list[Entry]()
    for entry in await work.ledger.of_household(case.household) if case.household else ():
        if case.id in entry.cases and not entry.erased and (wished or entry.state is State.LEFT):
            line = Line(entry.id, entry.seq + 1, now, Did.ERASED)
            lines.append(line)
            entries.append(evolve(entry, line))
    gone = tuple((entry.id, dict[str, object]()) for entry in entries)
    return decided + Decision(lines=tuple(lines), entries=tuple(entries), ledger_words=gone)


async def over_lines(office: Office, work: Work, person: Person, since: datetime, now: datetime) -> list[str]:
    """Once a year, in the first digest of a year: what this officer may see and what is over its years. It is only
    told; two officers decide."""
    rulebook = office.kit.rulebook
    zone = rulebook.calendar.zone
    if person.role not in (Role.COUNTY, Role.DISCIPLINE) or since.astimezone(zone).year == now.astimezone(zone).year:
        return []
    years = min(rulebook.retention.need, rulebook.retention.complaint)
    oldest = CaseFilter(open=False, closed_before=now - timedelta(days=365 * years), limit=_MOST)
    over = [case for case in await work.cases.seen_by(person).list(oldest) if erasing.is_over(case, rulebook, now)]
    if not over:
        return []
    receipts = "、".join(case.receipt for case in over[:_LISTED])
    return [office.kit.phrases("digest.retention", count=len(over), receipts=receipts)]


async def everything_over(work: Work, rulebook: Rulebook, now: datetime) -> list[tuple[Case, str]]:
    """For the operator: every case that is over its years, with what of it (words, or photos alone)."""
    found = []
    for case in await work.cases.for_engine().all():
        if erasing.is_over(case, rulebook, now):
            found.append((case, "words"))
        elif erasing.photos_over(case, rulebook, now):
            found.append((case, "photos"))
    return found
