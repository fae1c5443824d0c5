"""Which household or village is meant, when several have that name or only the sound fits (docs/rules.md I)."""

from __future__ import annotations

from assistance.decision import Decision, Draft
from assistance.directory import Household, Level
from handlers.turn import Turn
from nlp.reading import Match

_MOST = 5
_NONE = "none"


def in_doubt(turn: Turn) -> Match | None:
    """The name that has to be asked about; None where each stands exactly once."""
    return next((match for match in turn.reading.households if not settled(match)), None)


def settled(match: Match) -> bool:
    """Whether a name means one household beyond doubt."""
    return match.exact and len(match.candidates) == 1


def ask(turn: Turn, match: Match, draft: Draft, before: str) -> Decision:
    """The candidates by number, each with its village."""
    known = [turn.directory.households[one] for one in match.candidates[:_MOST]]
    choices = tuple((_label(turn, household), f"household:{household.id}") for household in known)
    choices += ((turn.kit.phrases("which.none"), f"household:{_NONE}"),)
    listed = "\n".join(f"{number}. {label}" for number, (label, _) in enumerate(choices, 1))
    question = turn.kit.phrases("which.household", name=match.span, choices=listed)
    buttons = tuple(label for label, _ in choices)
    return turn.reply_text(f"{before}\n{question}", buttons=buttons) + turn.remember(draft=draft, choices=choices)


def picked(turn: Turn) -> Household | None:
    """The household that an answer picks; None for 都不是 and for anything else."""
    kind, _, rest = (turn.pick(turn.text) or "").partition(":")
    return turn.directory.households.get(rest) if kind == "household" else None


def picked_none(turn: Turn) -> bool:
    """都不是."""
    return turn.pick(turn.text) == f"household:{_NONE}"


def village_in_doubt(turn: Turn) -> Match | None:
    """A village name of the words that several villages have, where no village is named for certain."""
    villages = [
        match for match in turn.reading.places if turn.directory.areas[match.candidates[0]].level is Level.VILLAGE
    ]
    if any(len(match.candidates) == 1 for match in villages):
        return None
    return villages[0] if villages else None


def ask_village(turn: Turn, match: Match, draft: Draft, before: str) -> Decision:
    """The villages of that name by number, each with its town."""
    choices = tuple((_village_label(turn, code), f"village:{code}") for code in match.candidates[:_MOST])
    choices += ((turn.kit.phrases("which.none"), f"village:{_NONE}"),)
    listed = "\n".join(f"{number}. {label}" for number, (label, _) in enumerate(choices, 1))
    question = turn.kit.phrases("which.village", name=match.span, choices=listed)
    buttons = tuple(label for label, _ in choices)
    return turn.reply_text(f"{before}\n{question}", buttons=buttons) + turn.remember(draft=draft, choices=choices)


def picked_village(turn: Turn) -> str | None:
    """The village that an answer picks by number or label, or by its town (榴园镇的)."""
    kind, _, rest = (turn.pick(turn.text) or "").partition(":")
    if kind == "village":
        return rest if rest in turn.directory.areas else None
    offered = [value.partition(":")[2] for _, value in turn.conversation.choices if value.startswith("village:")]
    towns = {code for match in turn.reading.places for code in match.candidates}
    fitting = [code for code in offered if turn.directory.above(code, Level.TOWN) in towns]
    return fitting[0] if len(fitting) == 1 else None


def told_village(turn: Turn) -> str | None:
    """The one village that the words name, if they do."""
    codes = [match.candidates[0] for match in turn.reading.places if len(match.candidates) == 1]
    return next((code for code in codes if turn.directory.areas[code].level is Level.VILLAGE), None)


def picked_no_village(turn: Turn) -> bool:
    """都不是, of the villages."""
    return turn.pick(turn.text) == f"village:{_NONE}"


def _village_label(turn: Turn, code: str) -> str:
    town = turn.directory.above(code, Level.TOWN)
    return f"{turn.directory.name_of(town) if town else ''}{turn.directory.name_of(code)}"


def _label(turn: Turn, household: Household) -> str:
    return f"{turn.directory.name_of(household.village)} {household.head}"
