"""What a notice says and which buttons it carries: made at the moment of sending, from the case as it stands then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistance.case import URGENT, Case, Grade, Kind, Stage
from assistance.decision import Report
from assistance.directory import Directory, Person, Role
from assistance.ladder import due_time, overdue
from assistance.ports import CaseWords
from assistance.rulebook import Clock, Rulebook
from handlers.phrases import Phrases, when
from nlp.phones import mask

ACCEPT, REFUSE, TRANSFER, PROGRESS, FINISH = "接单", "退单", "转办", "记进展", "办结"
LOWER, KEEP, PAUSE, NO_PAUSE = "同意降级", "不降级", "同意挂起", "不挂起"
ERASE, NO_ERASE = "同意删除", "不删除"
UNDO, SCOPE, SOLVED, UNSOLVED, OBJECT = "撤销", "定范围", "已解决", "没解决", "继续办"
NEWS_ONLY = frozenset(  # nothing to press: it is somebody else's now
    {"taken_by_other", "withdrawal_known", "confirmed", "words_held"}
)


_SECOND_PERSON = {"lower?": (LOWER, KEEP), "pause?": (PAUSE, NO_PAUSE), "erase?": (ERASE, NO_ERASE)}


def case_buttons(case: Case, viewer: Person, phrase: str) -> tuple[str, ...]:
    """The buttons of docs/rules.md E: for a case nobody has accepted, for its handler, and for the second person."""
    if phrase == "withdrawal_check":
        return (OBJECT,)
    if phrase in ("check", "check_again"):
        return (SOLVED, UNSOLVED)
    if phrase in _SECOND_PERSON:
        return _SECOND_PERSON[phrase] if still_true(case, phrase, "") else ()
    if not case.stage.climbing:
        return ()
    scope = (
        (SCOPE,) if viewer.role in (Role.COUNTY, Role.DISCIPLINE) and (case.sealed or phrase == "words_held") else ()
    )
    if case.handler == viewer.id:
        return (PROGRESS, TRANSFER, REFUSE, FINISH, *scope)
    free = case.handler is None or case.handler in {absent for absent, _ in viewer.stands_in}
    if free and phrase not in NEWS_ONLY:
        return (ACCEPT, REFUSE, TRANSFER, *scope)
    return scope


def still_true(case: Case, phrase: str, step: str) -> bool:
    """Whether a notice that waited still tells the truth; a stale one is dropped, not sent."""
    if phrase in ("opened", "handed_over", "returned", "refused"):
        return case.stage.climbing
    if phrase == "yellow_card":
        return case.stage.climbing
    if phrase == "lower?":
        return case.stage.climbing and case.lowering is not None
    if phrase == "pause?":
        return case.stage.climbing and case.pausing is not None
    if phrase == "erase?":
        return case.erase_by is not None
    if phrase == "paused":
        return case.paused
    if step.startswith("expired"):
        return case.stage.climbing and case.handler is None
    if phrase in ("reminder", "still_open", "climbed"):
        clocks = {part.partition(":")[0] for part in step.split("+")} & {clock.value for clock in Clock}
        return case.stage.climbing and (not clocks or bool(clocks & overdue(case)))
    if phrase in ("solved?", "check", "check_again"):
        return case.stage is Stage.ASKING
    return True


def officer_text(
    phrase: str,
    case: Case,
    viewer: Person,
    words: CaseWords,
    fields: Mapping[str, Any],
    phrases: Phrases,
    directory: Directory,
    rulebook: Rulebook,
) -> str:
    """What an officer reads. Names only for those who go there; phones and numbers masked for everybody."""
    near = case.grade in URGENT or viewer.level.rank < 2 or viewer.role is Role.DEPARTMENT or viewer.id == case.handler
    name = str(words.facts.get("household") or "")
    household = directory.households.get(case.household or "")
    helper = directory.persons.get(household.helper or "") if household else None
    handler = directory.persons.get(str(fields.get("handler") or case.handler or ""))
    return phrases(
        f"notice.{phrase}",
        grade=case.grade.value,
        grade_name=phrases(f"grade.{case.grade.value}"),
        kind=phrases(f"kind.{case.kind.value}"),
        place=_place(case, directory),
        topic=case.topic,
        name=name if near else masked_name(name),
        said=_said(case, words, phrases),
        reporter=_reporter(words, directory, phrases, hidden=case.sealed and viewer.level.rank < 2)
        if near or case.sealed
        else "",
        helper=phrases("notice.helper", name=helper.name) if helper and helper.name and not case.sealed else "",
        handler=handler.name if handler and handler.name else phrases("who.somebody"),
        stage=case.stage.value,
        receipt=case.receipt,
        due=when(due_time(case, rulebook)),
        pressure=phrases("notice.pressure") if fields.get("pressure") else "",
        was=str(fields.get("was") or ""),
        lower=_grade_name(case.lowering, phrases),
        until=when(case.paused_until if case.paused else case.pausing),
    )


def _grade_name(grade: Grade | None, phrases: Phrases) -> str:
    return f"{grade.value} {phrases(f'grade.{grade.value}')}" if grade else ""


def reporter_text(phrase: str, case: Case, report: Report, fields: Mapping[str, Any], phrases: Phrases,
                  directory: Directory) -> str:  # fmt: skip
    """What the one who reported reads. A complaint is called by its receipt alone: the phone may be shared."""
    sealed = case.kind is Kind.COMPLAINT or case.sealed
    handler = directory.persons.get(str(fields.get("handler") or case.handler or ""))
    key = f"reporter.{phrase}.sealed" if sealed else f"reporter.{phrase}"
    return phrases(
        key,
        receipt=report.receipt,
        handler=handler.name if handler and handler.name else "",
        topic=case.topic,
        until=when(case.paused_until),
    )


def masked_name(name: str) -> str:
    """张*: a name as people above the town read it (domain G8)."""
    return f"{name[:1]}*" if name else ""


def _place(case: Case, directory: Directory) -> str:
    names = (directory.name_of(case.town), directory.name_of(case.village))
    return "".join(names) or directory.name_of(case.county)


_SHOWN = ("reprisal", "place", "people", "amount", "progress", "refused", "pause", "regraded")


def _said(case: Case, words: CaseWords, phrases: Phrases) -> str:
    """The words as far as they may be shown; of held ones only what the need is, in the bot's own words."""
    said = {report.said: text for report, text in words.reports if text}  # who claims a case has no words of their own
    shown = [mask(text) for text in said.values()]
    facts = words.facts
    known = {"cause": case.cause, **{name: facts.get(name) for name in _SHOWN}}
    told = "，".join(phrases(f"fact.{name}", value=mask(str(value))) for name, value in known.items() if value)
    if not shown and case.grade is Grade.E0:
        return phrases("notice.own_danger")
    if not shown:
        return phrases("notice.own_words", cause=case.cause or case.topic, facts=told)
    quoted = "\n".join(phrases("notice.quote", text=text[:300]) for text in shown[-3:])
    return f"{quoted}\n{told}"


def _reporter(words: CaseWords, directory: Directory, phrases: Phrases, *, hidden: bool) -> str:
    """Who said it; nobody until 实名 was pressed, and of a sealed case nobody below the county ever."""
    if not words.reports:
        return ""
    report = words.reports[0][0]
    if hidden or not report.named:
        return phrases("notice.anonymous")
    person = directory.persons.get(report.by)
    name = (person.name if person else None) or str(words.facts.get("reporter") or "")
    return phrases("notice.reporter", name=name) if name else ""
