"""What was read of the meaning, against the labels: intents, what stands beside, crisis, blame, topic and the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from evaluation.figures import accuracy, between, intents, macro, mixed_up, percent, score
from evaluation.reading import SEAL, Read, grade, opened
from nlp.reading import Intent, Signal

GRADED = ("visit", "hardship", "complaint", "crisis")
_SHORT = 60  # characters of an example shown


def intent_section(reads: Sequence[Read], shown: Sequence[Read]) -> list[str]:
    """Per-intent figures and the commonest confusions. `shown`: reads whose words may stand as examples."""
    pairs = intents(reads)
    low, high = between(reads, lambda part: macro(intents(part)))
    summary = f"{len(reads)} messages of {len({read.voice for read in reads})} voices. Accuracy {accuracy(pairs):.3f}, "
    summary += f"macro-F1 **{macro(pairs):.3f}** (95 % between {low:.3f} and {high:.3f})."
    lines = [
        summary,
        "",
        "| intent | messages | precision | recall | F1 | F1, 95 % |",
        "|---|---|---|---|---|---|",
    ]
    for intent in Intent:
        precision, recall, f1 = score(pairs, intent)
        least, most = between(reads, lambda part, name=intent: score(intents(part), name)[2])  # type: ignore[misc]
        count = sum(label == intent for label, _ in pairs)
        lines.append(
            f"| {intent.value} | {count} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {least:.2f}–{most:.2f} |"
        )
    lines += [
        "",
        "Most often taken for one another (label → reading); the examples are of voices of dev, since nobody reads",
    ]
    lines += ["the errors on test:", "", "| label → reading | messages | an example of dev |", "|---|---|---|"]
    for (label, guess), count in mixed_up(pairs, 12):
        example = next((read.line["text"] for read in shown if intents([read]) == [(label, guess)]), "")
        lines.append(f"| {label} → {guess} | {count} | {_cut(example)} |")
    return lines


def _cut(text: str) -> str:
    bare = text.replace("\n", " ").replace("|", "/")
    return bare if len(bare) <= _SHORT else bare[:_SHORT] + "…"


def voices_section(reads: Sequence[Read]) -> list[str]:
    """The same figures voice by voice, the hardest first: how far they hang on who writes."""
    lines = ["| voice | messages | accuracy | crises read as one | case opened as labelled |", "|---|---|---|---|---|"]
    by_voice = {voice: [read for read in reads if read.voice == voice] for voice in {read.voice for read in reads}}
    for voice, own in sorted(by_voice.items(), key=lambda item: (_share(item[1], lambda read: read.right), item[0])):
        crises = [read for read in own if read.line["intent"] == "crisis"]
        found = sum(read.right for read in crises)
        cases = _share(own, lambda read: opened(read.reading) == read.line["case"])
        right = _share(own, lambda read: read.right)
        lines.append(f"| {voice} | {len(own)} | {right:.3f} | {found} of {len(crises)} | {cases:.3f} |")
    return lines


def beside_section(reads: Sequence[Read]) -> list[str]:
    """Intents beside the primary one."""
    lines = ["| beside | messages | precision | recall |", "|---|---|---|---|"]
    total = [0, 0, 0]
    for intent in Intent:
        there = [intent.value in read.line["also"] for read in reads]
        found = [intent in read.reading.also for read in reads]
        hit = sum(a and b for a, b in zip(there, found, strict=True))
        total = [total[0] + hit, total[1] + sum(found), total[2] + sum(there)]
        if sum(there):
            lines.append(f"| {intent.value} | {sum(there)} | {hit / (sum(found) or 1):.2f} | {hit / sum(there):.2f} |")
    lines.append(f"| all | {total[2]} | {total[0] / (total[1] or 1):.2f} | {total[0] / (total[2] or 1):.2f} |")
    means = [
        (
            name,
            sum(1 for read in reads if _there(read, name)),
            [_means(read, name) for read in reads if _there(read, name)],
        )
        for name in ("hardship", "complaint", "crisis")
    ]
    lines += ["", "Found at all, whether first or beside (what the queue leans on): "]
    lines[-1] += ", ".join(f"{name} {sum(found) / (count or 1):.3f} of {count}" for name, count, found in means) + "."
    return lines


def _there(read: Read, intent: str) -> bool:
    return read.line["intent"] == intent or intent in read.line["also"]


def _means(read: Read, intent: str) -> bool:
    return read.reading.means(Intent(intent))


def crisis_section(reads: Sequence[Read]) -> list[str]:
    """Crisis: found, called falsely, and heard at all (beside, or as a danger going on)."""
    there = [read for read in reads if read.line["intent"] == "crisis"]
    other = [read for read in reads if not _there(read, "crisis")]
    found = sum(read.reading.intent is Intent.CRISIS for read in there)
    heard = sum(_alarmed(read) for read in there)
    false = sum(read.reading.intent is Intent.CRISIS for read in other)
    missed = ", ".join(f"{guess} {count}" for (_, guess), count in mixed_up(intents(there), 6))
    recall = (
        f"Of {len(there)} crises {found} are read as one: recall **{found / (len(there) or 1):.3f}**. With those heard "
    )
    recall += f"beside another intent or as a danger going on: {heard / (len(there) or 1):.3f}."
    calls = f"Of {len(other)} messages without any, {false} are called one: **{percent(false / (len(other) or 1))}**."
    return [recall, calls, "", f"Missed crises were read as: {missed}."]


def _alarmed(read: Read) -> bool:
    return read.reading.means(Intent.CRISIS) or read.reading.says(Signal.DANGER_NOW)


def blame_section(reads: Sequence[Read]) -> list[str]:
    """Blame: what is sealed at every bar, and what plain needs pay for it."""
    blamed = [read for read in reads if read.line["blame"]]
    complaints = [read for read in blamed if _there(read, "complaint")]
    needs = [read for read in reads if read.line["intent"] == "hardship" and not read.line["blame"]
             and "complaint" not in read.line["also"]]  # fmt: skip
    summary = f"{len(blamed)} messages blame somebody in office, a desk or public money, {len(complaints)} of them "
    summary += f"complaints; {len(needs)} are plain needs."
    lines = [
        summary,
        "",
        "| sealed above | complaints that blame, sealed | all that blame, sealed | plain needs that go on at once |",
        "|---|---|---|---|",
    ]
    for bar in (0.02, SEAL, 0.1, 0.2, 0.5):
        sealed = [_share(part, lambda read: read.reading.blame > bar) for part in (complaints, blamed)]  # noqa: B023
        gone = _share(needs, lambda read: read.reading.blame <= bar)  # noqa: B023
        mark = "**" if bar == SEAL else ""
        lines.append(f"| {bar} | {mark}{sealed[0]:.3f}{mark} | {sealed[1]:.3f} | {mark}{gone:.3f}{mark} |")
    held = _share(complaints, lambda read: read.reading.blame > SEAL or read.reading.says(Signal.PRIVATE_BLAMED))
    lines += ["", f"Sealed for blame of office or of private people: {held:.3f} of the complaints that blame."]
    return lines


def _share(reads: Sequence[Read], what: Callable[[Read], bool]) -> float:
    return sum(map(what, reads)) / (len(reads) or 1)


def rest_section(reads: Sequence[Read]) -> list[str]:
    """Topic, cause, urgency, negation, anonymity, case and grade."""
    with_topic = [read for read in reads if read.line["slots"].get("topic")]
    with_cause = [read for read in reads if read.line["slots"].get("cause")]
    graded = [read for read in reads if read.line["intent"] in GRADED]
    both = [read for read in graded if read.right]
    rows = [
        (
            "topic, where one is labelled",
            with_topic,
            lambda read: read.reading.slots.topic == read.line["slots"]["topic"],
        ),
        (
            "cause, where one is labelled",
            with_cause,
            lambda read: read.reading.slots.cause == read.line["slots"]["cause"],
        ),
        ("urgency", graded, lambda read: read.reading.urgency == read.line["urgency"]),
        ("urgency, where the intent is right", both, lambda read: read.reading.urgency == read.line["urgency"]),
        ("case opened", reads, lambda read: opened(read.reading) == read.line["case"]),
        ("grade", graded, lambda read: grade(read.reading) == read.line["grade"]),
    ]
    lines = ["| what | messages | right |", "|---|---|---|"]
    lines += [f"| {name} | {len(part)} | {_share(part, what):.3f} |" for name, part, what in rows]
    lines += ["", "| state | messages | precision | recall |", "|---|---|---|---|"]
    for name in ("negated", "anonymous"):
        pairs = [(str(bool(read.line[name])), str(getattr(read.reading, name))) for read in reads]
        precision, recall, _ = score(pairs, "True")
        lines.append(f"| {name} | {sum(label == 'True' for label, _ in pairs)} | {precision:.3f} | {recall:.3f} |")
    return lines


def ask_section(reads: Sequence[Read]) -> list[str]:
    """How often it asks, whether the choices hold the right one, and whether its confidence is honest."""
    asked = [read for read in reads if read.reading.ask]
    holds = _share(asked, lambda read: read.line["intent"] in [*(read.reading.ask or ()), *read.reading.also])
    sure = [read for read in reads if not read.reading.ask]
    right = percent(_share(sure, lambda read: read.right))
    summary = (
        f"It asks about {percent(len(asked) / (len(reads) or 1))} of the messages; the choices hold the right one in "
    )
    summary += f"{percent(holds)}. Of those it does not ask about {right} are right."
    lines = [
        summary,
        "",
        "| confidence | messages | mean confidence | right |",
        "|---|---|---|---|",
    ]
    edges = (0.0, 0.4, 0.6, 0.8, 0.9, 0.97, 1.01)
    for low, high in pairwise(edges):
        part = [read for read in reads if low <= read.reading.confidence < high]
        if part:
            mean = sum(read.reading.confidence for read in part) / len(part)
            share = _share(part, lambda read: read.right)
            lines.append(f"| {low:.2f}–{min(high, 1):.2f} | {len(part)} | {mean:.3f} | {share:.3f} |")
    return lines
