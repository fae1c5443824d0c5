"""台账: officers read the ledger of their area and sign its steps in fixed words; anybody may object to an exit.

Which household is meant: the 台账编号 in the words, else the household they name; else those that wait for the step are
listed with their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from assistance import ledger_steps
from assistance.decision import Decision, Draft, Notice
from assistance.directory import Level, Person, person_token
from assistance.ledger import BLOCKS, Entry, State
from assistance.ledger_sight import may_see, signers
from assistance.ledger_steps import Step
from assistance.work import Refused
from handlers import ledger_lines, verifying
from handlers.held import blames, hold_blame
from handlers.ledger_lines import line
from handlers.turn import Turn
from handlers.whereabouts import where
from nlp.phones import mask

Act = Callable[[Turn, Entry, str], Awaitable[Decision]]

_NUMBER = re.compile(r"[Tt]\s?(\d{5})(?!\d)")
_END = r"[。！!]?"
_WHOSE = r"[\s，,：:]*(?P<rest>[Tt]\s?\d{5}|[\u4e00-\u9fa5·]{2,10}家)?"
_MOST = 30  # lines of one list
_LIST = re.compile(rf"(?:查看?|看看?)?(?:即时帮扶)?台账(?P<rest>.{{0,20}}?){_END}")
_OBJECT = re.compile(r"(?:我|俺)?(?:有|提)?(?:个)?异议(?P<rest>.*)", re.DOTALL)
_YES = re.compile(r"(?:有|是|存在|对|还有|不稳定)(?!没)")
_NO = re.compile(r"没|无|否|不")


async def command(turn: Turn) -> Decision | None:
    """What fixed words say of the ledger, done; None for other words."""
    found = _OBJECT.fullmatch(turn.text)
    if found and not found["rest"].strip("。！! ").startswith(("成立", "不成立")):
        return await _object(turn, _NUMBER.sub("", found["rest"]).strip(" ，,：:。"))
    if not turn.person.is_officer:
        return None
    if found := _LIST.fullmatch(turn.text):
        return await _read(turn, found["rest"].strip())
    for pattern, states, act in _STEPS:
        if found := pattern.fullmatch(turn.text):
            return await _on_entry(turn, states, act, (found.groupdict().get("rest") or "").strip(" ，,：:。"))
    return None


# ---------- reading ----------


async def _read(turn: Turn, rest: str) -> Decision | None:
    if _NUMBER.search(rest):
        entry = await _by_number(turn)
        text = await ledger_lines.detail(turn, entry) if entry else turn.kit.phrases("ledger.unknown")
        return turn.reply_text(text, sealed=True)
    entries = await _mine(turn)
    title = turn.directory.name_of(turn.person.area)
    if rest:
        area = next((one for one in turn.directory.areas.values() if rest in (one.name, *one.aliases)), None)
        if area is None:
            return None  # other words that begin with 台账
        title = area.name
        entries = [one for one in entries if area.code in (one.village, one.town, one.county)]
    if not entries:
        return turn.reply("ledger.empty", area=title)
    lines = "\n".join([await line(turn, one) for one in entries[:_MOST]])
    text = turn.kit.phrases("ledger.list", area=title, count=len(entries), lines=lines)
    return turn.reply_text(text, sealed=True)


async def _mine(turn: Turn) -> list[Entry]:
    """The entries that exist for this officer, those that wait for a step first."""
    area = {Level.VILLAGE: "village", Level.TOWN: "town"}.get(turn.person.level)
    found = await turn.work.ledger.of_area(**({area: turn.person.area or ""} if area else {}))
    seen = [one for one in found if may_see(turn.person, one, turn.directory)]
    order = [*(state for state in State if state is not State.HELPED), State.HELPED]
    return sorted(seen, key=lambda one: order.index(one.state))


async def _by_number(turn: Turn) -> Entry | None:
    found = _NUMBER.search(turn.text)
    entry = await turn.work.ledger.by_number(f"T{found[1]}") if found else None
    return entry if entry and may_see(turn.person, entry, turn.directory) else None


# ---------- steps ----------


async def _on_entry(turn: Turn, states: Sequence[State], act: Act, rest: str) -> Decision | None:
    if _NUMBER.search(turn.text):
        entry = await _by_number(turn)
        rest = _NUMBER.sub("", rest).strip(" ，,：:。")
        return await act(turn, entry, rest) if entry else turn.reply("ledger.unknown")
    seen = await _mine(turn)
    place = where(turn)
    named = [one for one in seen if place.household is not None and one.household == place.household]
    if len(named) == 1:
        entry = await turn.work.ledger.one(named[0].id)
        return await act(turn, entry, rest) if entry else None
    # nobody signs for a household that was not named: the ones that wait are listed
    fitting = named or [one for one in seen if one.state in states]
    if not fitting:
        return turn.reply("ledger.none_waits")
    lines = "\n".join([await line(turn, one) for one in fitting[:9]])
    return turn.reply("ledger.which", lines=lines)


async def _signed(turn: Turn, outcome: Step | Refused, entry: Entry, phrase: str) -> Decision:
    """The answer to a step: what was signed and what comes next, or why not."""
    if isinstance(outcome, Refused):
        until = ledger_lines.day(entry.step_at)  # the day after the last one
        return turn.reply(f"ledger.late.{outcome.phrase}", number=entry.number, state=entry.state.value, until=until)
    after = await line(turn, outcome.entry)
    return verifying.of(outcome) + turn.reply(f"ledger.{phrase}", line=after) + turn.remember(draft=None)


async def _classify(turn: Turn, entry: Entry, rest: str) -> Decision:
    found = re.search(r"[A-Ca-c]", rest)
    if found is None:
        return turn.reply("ledger.which_class", hint=ledger_lines.said_hint(turn.kit, entry), number=entry.number)
    risk = found[0].upper()
    outcome = ledger_steps.classify(entry, turn.person, risk, turn.now)
    answer = await _signed(turn, outcome, entry, "classed")
    home = turn.directory.households.get(entry.household)
    if isinstance(outcome, Refused) or home is None or entry.barred:
        return answer
    traits = tuple(one for one in home.traits if one != verifying.NEW)
    return answer + await verifying.change_household(turn, replace(home, risk=risk, traits=traits))


async def _measure(turn: Turn, entry: Entry, rest: str) -> Decision:
    if not rest:
        return turn.reply("ledger.which_measure", number=entry.number)
    turn = _saying(turn, rest)
    amount = turn.reading.slots.amount
    yuan = amount.yuan if amount and isinstance(amount.yuan, int) else None
    outcome = ledger_steps.measure(entry, turn.person, yuan, turn.said.id, turn.now)
    answer = await _signed(turn, outcome, entry, "measured")
    if isinstance(outcome, Refused):
        return answer
    if blames(turn):
        return answer + await hold_blame(turn)
    kept = (await turn.work.ledger.words(entry.id)).get("measures") or []
    more = {"by": turn.person.id, "at": turn.now, "words": rest[:200]}
    return answer + Decision(ledger_words=((entry.id, {"measures": [*kept, more]}),))


def _saying(turn: Turn, words: str) -> Turn:
    """The turn read without the command's own words: what was told is read for itself, blame and money."""
    return replace(turn, reading=turn.kit.readers(turn.directory).understand(words, turn.context))


def _step(name: str, phrase: str) -> Act:
    """公示, 公告, 准予退出: each with its days."""

    async def act(turn: Turn, entry: Entry, rest: str) -> Decision:  # noqa: ARG001 - one signature for all steps
        rulebook = turn.kit.rulebook
        sign = {"post": ledger_steps.post, "announce": ledger_steps.announce, "leave": ledger_steps.leave}[name]
        outcome = sign(entry, turn.person, rulebook.ledger, rulebook.calendar.zone, turn.now)
        return await _signed(turn, outcome, entry, phrase)

    return act


async def _end_watch(turn: Turn, entry: Entry, rest: str) -> Decision:  # noqa: ARG001 - one signature for all steps
    return await _signed(turn, ledger_steps.end_watch(entry, turn.person, turn.now), entry, "left")


def _rule(*, upheld: bool) -> Act:
    """异议成立 / 异议不成立."""

    async def act(turn: Turn, entry: Entry, rest: str) -> Decision:  # noqa: ARG001 - one signature for all steps
        rules, zone = turn.kit.rulebook.ledger, turn.kit.rulebook.calendar.zone
        outcome = ledger_steps.rule_on(entry, turn.person, rules, zone, turn.now, upheld=upheld)
        return await _signed(turn, outcome, entry, "upheld" if upheld else "overruled")

    return act


# ---------- the eight questions ----------


async def _ask_exit(turn: Turn, entry: Entry, rest: str) -> Decision:  # noqa: ARG001 - one signature for all steps
    outcome = ledger_steps.ask_exit(entry, turn.person, turn.now)
    if isinstance(outcome, Refused):
        return await _signed(turn, outcome, entry, "")
    before = turn.kit.phrases("ledger.exit_begins", number=entry.number, left=len(outcome.entry.open_blocks))
    return verifying.of(outcome) + _question(turn, outcome.entry, before, turn.kit.rulebook.ledger.at_a_time)


def _question(turn: Turn, entry: Entry, before: str, left: int) -> Decision:
    block = entry.open_blocks[0]
    text = "\n".join((before, turn.kit.phrases(f"ask.exit.{block}")))
    draft = Draft("exit", entry.id, block, data={"left": left})
    return turn.reply_text(text, buttons=("有", "没有", "取消"), sealed=True) + turn.remember(draft=draft)


async def answer_question(turn: Turn, draft: Draft) -> Decision:
    """有 or 没有 to one of the eight; four at a time, the rest whenever they are taken up again."""
    entry = await turn.work.ledger.one(draft.about or "")
    if entry is None or not may_see(turn.person, entry, turn.directory) or draft.asked not in BLOCKS:
        return turn.reply("button.late") + turn.remember(draft=None)
    no, yes = _NO.match(turn.text), _YES.match(turn.text)
    if not (yes or no):
        return _question(turn, entry, turn.kit.phrases("ledger.yes_or_no"), int(draft.data["left"]))
    outcome = ledger_steps.answer(entry, turn.person, draft.asked, turn.now, holds=not no)
    if isinstance(outcome, Refused):
        return await _signed(turn, outcome, entry, "") + turn.remember(draft=None)
    decision, after = verifying.of(outcome), outcome.entry
    if after.block:
        return decision + await _signed(turn, Step(after, ()), entry, "blocked")
    if after.state is State.READY:
        told = await _tell_signers(turn, after, "ready")
        return decision + told + await _signed(turn, Step(after, ()), entry, "ready")
    left = int(draft.data["left"]) - 1
    if left <= 0:
        return (
            decision
            + turn.reply("ledger.later", number=after.number, left=len(after.open_blocks))
            + turn.remember(draft=None)
        )
    return decision + _question(turn, after, turn.kit.phrases("form.noted"), left)


# ---------- objections ----------


async def _object(turn: Turn, words: str) -> Decision | None:
    """异议 by anybody: the days stop and the town looks at it. A resident's name stands nowhere; words that blame
    somebody go to the county."""
    entry = await _posted(turn)
    if entry is None:
        # words about something else, a complaint perhaps: they are read like any others
        return turn.reply("ledger.nothing_posted") + await hold_blame(turn) if _NUMBER.search(turn.text) else None
    officer = turn.person if turn.person.is_officer else None
    outcome = ledger_steps.object_to(entry, officer, turn.said.id, turn.now)
    if isinstance(outcome, Refused):
        return turn.reply("ledger.nothing_posted")
    held, kept = Decision(), Decision()
    if words:
        said = _saying(turn, words)
        held = await hold_blame(said)
        kept = Decision() if blames(said) else await _keep_objection(turn, entry, words)
    told = await _tell_signers(turn, outcome.entry, "objected", words if kept.ledger_words else "")
    return verifying.of(outcome) + kept + told + turn.reply("ledger.objection_kept") + held


async def _keep_objection(turn: Turn, entry: Entry, words: str) -> Decision:
    kept = (await turn.work.ledger.words(entry.id)).get("objections") or []
    return Decision(ledger_words=((entry.id, {"objections": [*kept, words[:300]]}),))


async def _posted(turn: Turn) -> Entry | None:
    """The exit that is posted now and that the words mean: whoever could read the notice can name it."""
    found = _NUMBER.search(turn.text)
    household = where(turn).household
    if found:
        entries = [await turn.work.ledger.by_number(f"T{found[1]}")]
    else:
        entries = [*await turn.work.ledger.of_household(household)] if household else []
    posted = [one for one in entries if one and one.state.posted]
    if turn.person.is_officer:
        posted = [one for one in posted if may_see(turn.person, one, turn.directory)]
    return next((one for one in posted if one and not one.barred), posted[0] if posted and found else None)


async def _tell_signers(turn: Turn, entry: Entry, phrase: str, words: str = "") -> Decision:
    text = turn.kit.phrases(f"ledger.told.{phrase}", number=entry.number, words=mask(words))
    return Decision(notices=tuple(
        _notice(one, entry, phrase, text)
        for one in signers(entry, turn.directory) if one.id != turn.person.id
    ))  # fmt: skip


def _notice(person: Person, entry: Entry, phrase: str, text: str) -> Notice:
    return Notice(person_token(person.id), f"ledger:{entry.id}:{entry.seq}:{phrase}", text=text, sealed=True)


_OPEN = tuple(state for state in State if state is not State.LEFT)
_STEPS: tuple[tuple[re.Pattern[str], Sequence[State], Act], ...] = (
    (re.compile(rf"定(?:为|成)?(?:类|(?=[A-Ca-c]类))(?P<rest>.{{0,30}}?){_END}"), _OPEN, _classify),
    (re.compile(r"帮扶措施(?P<rest>.*)", re.DOTALL), _OPEN, _measure),
    (re.compile(rf"(?:申请退出|接着问){_WHOSE}{_END}"), (State.HELPED, State.CHECKED), _ask_exit),
    (re.compile(rf"公示{_WHOSE}{_END}"), (State.READY,), _step("post", "posted")),
    (re.compile(rf"公告{_WHOSE}{_END}"), (State.POSTED,), _step("announce", "announced")),
    (re.compile(rf"准予退出{_WHOSE}{_END}"), (State.ANNOUNCED,), _step("leave", "exited")),
    (re.compile(rf"监测期满{_WHOSE}{_END}"), (State.WATCHED,), _end_watch),
    (re.compile(rf"异议成立{_WHOSE}{_END}"), (State.STOPPED,), _rule(upheld=True)),
    (re.compile(rf"异议不成立{_WHOSE}{_END}"), (State.STOPPED,), _rule(upheld=False)),
)
