"""核实: what an officer found at the household's door. A true need puts the household on the ledger (即时帮扶台账)."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace

from assistance import ledger_steps
from assistance.case import Case
from assistance.decision import Decision, VisitPlan
from assistance.directory import Household, Role
from assistance.ledger_steps import NOT, PARTLY, TRUE, Step
from assistance.visits import planned
from assistance.work import Refused
from handlers.kit import new_id
from handlers.ledger_lines import name_of, said_hint
from handlers.outcome import late
from handlers.progress import RECEIPT
from handlers.turn import Turn

_VERIFY = re.compile(
    r"核实(?:结果|情况|了)?[，,：:为是\s]*(?P<result>部分属实|不属实|属实)?[。！!]?|(?P<only>部分属实|不属实|属实)[。！!]?"
)
NEW = "新纳入"  # the trait of a household whose class nobody has set yet: visited as the pack says
_SOURCES = {Role.RESIDENT: "自主申报", Role.VILLAGE: "网格上报"}


async def command(turn: Turn, case_id: str | None = None, label: str | None = None) -> Decision | None:
    """核实属实, 部分属实 or 不属实, with a 回执号 or on the case last acted on; None for other words. `label` is the
    button that was pressed on a message about the case."""
    found = _VERIFY.fullmatch(RECEIPT.sub("", label or turn.text).strip(" ，,、。：:"))
    if found is None or not turn.person.is_officer:
        return None
    case = await _meant(turn, case_id)
    if case is None:
        return turn.reply("ledger.which_case")
    result = found["result"] or found["only"]
    if result is None:
        buttons = tuple(f"核实{one}" for one in (TRUE, PARTLY, NOT))
        return turn.reply("ledger.ask_result", case=case, buttons=buttons, receipt=case.receipt)
    return await _verified(turn, case, result)


async def _meant(turn: Turn, case_id: str | None) -> Case | None:
    receipt = RECEIPT.search(turn.text)
    if receipt:
        return await turn.mine.by_receipt(receipt.group(1))
    wanted = case_id or turn.conversation.case
    return await turn.mine.one(wanted) if wanted else None


async def _verified(turn: Turn, case: Case, result: str) -> Decision:
    outcome = ledger_steps.verify(case, turn.person, result, turn.now)
    if isinstance(outcome, Refused):
        return late(turn, case, outcome.phrase)
    remembered = turn.remember(case=case.id, draft=None)
    if result == NOT:
        return outcome + turn.reply("ledger.not_true", case=case, receipt=case.receipt) + remembered
    registered, said = await _register(turn, outcome.cases[0], result)
    return outcome + registered + said + remembered


async def _register(turn: Turn, case: Case, result: str) -> tuple[Decision, Decision]:
    """The household goes on the ledger, or the case joins its entry."""
    entries = await turn.work.ledger.of_household(case.household or "")
    known = ledger_steps.same_household(entries, case)
    if known:
        if case.id in known.cases:
            return Decision(), turn.reply("ledger.joined", number=known.number, name=await name_of(turn, known))
        joined = ledger_steps.join(known, case, turn.person, turn.now)
        return of(joined), turn.reply("ledger.joined", number=known.number, name=await name_of(turn, known))
    words = await turn.mine.words(case)
    home = turn.directory.households.get(case.household or "")
    head = home.head if home else str(words.facts.get("household") or "")
    people = words.facts.get("people")
    reports = await turn.work.cases.reporters(case.id)
    first = turn.directory.persons.get(reports[0].by) if reports else None
    step = ledger_steps.register(
        _new_number(), new_id(), case, turn.person, result, home, turn.kit.rulebook.ledger, turn.now,
        members=people if isinstance(people, int) else None,
        source=_SOURCES.get(first.role, "走访发现") if first else None,
    )  # fmt: skip
    plan = await on_register(turn, case, home, head)
    said = turn.reply(
        "ledger.registered", case=case, number=step.entry.number, name=head, hint=said_hint(turn.kit, step.entry)
    )
    return of(step) + plan + Decision(ledger_words=((step.entry.id, {"head": head, "measures": []}),)), said


async def on_register(turn: Turn, case: Case, home: Household | None, head: str) -> Decision:
    """The household stands in the register from now on and is visited as one newly helped, until somebody sets its
    class. One that is kept from anybody is not put there: it would show in their lists."""
    if case.barred or case.household is None or case.village is None or not head:
        return Decision()
    known = home or Household(case.household, head, case.village)
    return await change_household(turn, replace(known, traits=tuple(dict.fromkeys((*known.traits, NEW)))))


async def change_household(turn: Turn, household: Household) -> Decision:
    """A household of the register as it is now, with the visit plan that follows."""
    await turn.work.people.add_household(household)
    told = await turn.work.visits.of_household(household.id)
    visits = [one for one in told if one.by in turn.directory.persons and turn.directory.persons[one.by].is_officer]
    old: VisitPlan | None = await turn.work.visit_plans.of(household.id)
    today = turn.now.astimezone(turn.kit.rulebook.calendar.zone).date()
    rules = turn.kit.rulebook.visits
    return Decision(plans=(planned(household, visits, old.known if old else today, rules, turn.directory),))


def of(step: Step) -> Decision:
    """A step of the ledger as a decision."""
    return Decision(lines=step.lines, entries=(step.entry,) if step.lines else ())


def _new_number() -> str:
    """A 台账编号: T and five digits, in no order."""
    return f"T{secrets.randbelow(90_000) + 10_000}"
