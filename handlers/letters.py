"""A parcel becomes a letter at the moment of sending: text and buttons from the case as it stands then, what a shared
phone must forget, and the photos that came with the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistance.case import Case, Grade, Kind
from assistance.directory import Directory
from assistance.ports import CaseWords, Work
from assistance.post import Letter, Medium, Parcel, Privacy
from assistance.sight import may_see
from handlers.notices import ACCEPT, SOLVED, UNSOLVED, case_buttons, officer_text, reporter_text, still_true
from handlers.office import Office
from nlp.phones import mask

_SHOWN = 20  # characters by which words are known again in a message


async def letter_for(parcel: Parcel, work: Work, office: Office) -> Letter | None:
    """The letter of a parcel; None when it is dropped because the truth has moved on or the person may not see it."""
    case = await work.cases.for_engine().look(parcel.case) if parcel.case else None
    if parcel.text is not None:
        private = await _private(parcel, case, work)
        over = case is not None and case.stage.ended
        return Letter(parcel, parcel.text, parcel.buttons, private, over, receipt=case.receipt if case else None)
    if case is None or parcel.phrase is None:
        return await _dropped(parcel, work, "no_case")
    if not still_true(case, parcel.phrase, parcel.step):
        return await _dropped(parcel, work, "stale")
    directory = await work.people.directory()
    if f"reporter.{parcel.phrase}" in office.kit.phrases:
        return await _to_reporter(parcel, case, work, office, directory)
    person = directory.persons.get(parcel.person)
    if person is None or not may_see(person, case):
        return await _dropped(parcel, work, "not_seen")
    words = await work.cases.seen_by(person).words(case)
    kit = office.kit
    text = officer_text(parcel.phrase, case, person, words, parcel.fields, kit.phrases, directory, kit.rulebook)
    buttons, media = case_buttons(case, person, parcel.phrase), await media_of(case, words, work)
    hidden = (mask(said)[:_SHOWN] for report, said in words.reports if said and (case.sealed or report.held))
    secret = any(said in text for said in hidden)
    return Letter(parcel, text, buttons, media=media, receipt=case.receipt, secret=secret)


async def _dropped(parcel: Parcel, work: Work, why: str) -> Letter | None:
    await work.outbox.dropped(parcel.id, why)
    return None


async def _to_reporter(parcel: Parcel, case: Case, work: Work, office: Office, directory: Directory) -> Letter | None:
    report = next((one for one in await work.cases.reporters(case.id) if one.by == parcel.person), None)
    if report is None:
        return await _dropped(parcel, work, "no_report")
    text = reporter_text(parcel.phrase or "", case, report, parcel.fields, office.kit.phrases, directory)
    buttons = (SOLVED, UNSOLVED) if parcel.phrase == "solved?" else ()
    return Letter(parcel, text, buttons, await _private(parcel, case, work), case.stage.ended)


async def _private(parcel: Parcel, case: Case | None, work: Work) -> Privacy | None:
    """What a shared phone must forget: one's own complaint once it is sent, one's own danger once it is over. An
    officer who works on somebody else's case forgets nothing."""
    if case is None:
        return "complaint" if parcel.sealed and parcel.kind == "reply" else None
    if not any(report.by == parcel.person for report in await work.cases.reporters(case.id)):
        return None
    if parcel.sealed or case.sealed or case.kind is Kind.COMPLAINT:
        return "complaint"
    return "crisis" if case.grade is Grade.E0 else None


async def media_of(case: Case, words: CaseWords, work: Work) -> tuple[Medium, ...]:
    """The photos and voice notes that came with the words that this reader may read."""
    said = [report.said for report, _ in words.reports]
    kinds = await work.inbox.attached(said) if said else {}
    first = {one: said.index(one) for one in said if one in kinds}
    return tuple(Medium(case.receipt, number, kinds[one]) for one, number in first.items())


def together(office: Office, letters: Sequence[Letter]) -> Letter:
    """Several missed messages as one, each case with its own button to accept it."""
    title = office.kit.phrases("missed.title", count=len(letters))
    text = "\n".join([title, *(f"{number}. {letter.text}" for number, letter in enumerate(letters, 1))])
    last = letters[-1]
    buttons = last.buttons
    if len({letter.parcel.case for letter in letters}) > 1:
        offered = [letter for letter in letters if ACCEPT in letter.buttons]
        buttons = tuple(f"{ACCEPT} {letter.text.rpartition('回执号：')[2][:8]}" for letter in offered)
    private = next((letter.private for letter in letters if letter.private), None)
    return replace(last, text=text, buttons=buttons, private=private, late=True)
