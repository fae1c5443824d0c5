"""The corpus read end to end: each line with its reading, as `jishiyu understand` gives it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nlp.gazetteer import Context, Gazetteer
from nlp.reading import Intent, Reading, Signal
from nlp.understand import Reader
from nlp.voices import SENT, Line

SEAL = 0.05  # rules.md H


@dataclass(frozen=True)
class Read:
    """A line of the corpus, who wrote it, and what was read."""

    voice: str
    line: Line
    reading: Reading

    @property
    def right(self) -> bool:
        """Whether the intent is the labelled one."""
        return bool(self.reading.intent == self.line["intent"])


def read_all(pairs: Sequence[tuple[str, Line]], reader: Reader | None = None) -> list[Read]:
    """Every line read, with an empty gazetteer unless a reader is given: the names of a roster would help."""
    reader = reader or Reader(Gazetteer())
    return [Read(voice, line, reader.understand(line["text"], Context(SENT, line["role"]))) for voice, line in pairs]


def opened(reading: Reading) -> str:
    """The kind of case that a reading opens by rules.md G: hardship, complaint, problem, lead, visit or none."""
    if reading.says(Signal.NOT_UNDERSTOOD) or reading.says(Signal.MEDIA_ONLY):
        return "lead"
    if reading.intent is Intent.VISIT:
        return "visit"
    if reading.intent is Intent.CRISIS or reading.says(Signal.DANGER_NOW):
        return "hardship"
    blamed = reading.blame > SEAL or reading.says(Signal.PRIVATE_BLAMED)
    if reading.says(Signal.THING) and not blamed:
        return "problem"
    if reading.intent is Intent.COMPLAINT:
        return "complaint"
    if reading.intent is Intent.HARDSHIP:
        return "lead" if reading.says(Signal.KEEP_AN_EYE) else "hardship"
    return "none"


def grade(reading: Reading) -> str | None:
    """The grade by rules.md G, as far as one message tells it; None where no case opens."""
    kind = opened(reading)
    if kind in ("none", "visit"):
        return None
    if reading.intent is Intent.CRISIS or reading.says(Signal.DANGER_NOW):
        return "E0"
    if kind == "complaint":
        return "C1" if reading.says(Signal.SLOWNESS) and not reading.says(Signal.MISCONDUCT) else "C2"
    if kind == "problem":
        return "E2" if reading.slots.topic == "饮水" else "E5"
    if kind == "lead":
        return "E3" if reading.says(Signal.POOR_HOUSEHOLD) else "E4"
    if reading.urgency == "A" or Intent.CRISIS in reading.also:
        return "E1"
    grave = reading.slots.cause in ("住房", "饮水")
    grave = grave or any(map(reading.says, (Signal.DROPPED_OUT, Signal.MEDICINE_STOPPED, Signal.POOR_HOUSEHOLD)))
    return "E2" if grave else "E3"


def milliseconds(act: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """How long one call takes for each text, in time of this thread alone, after one round to warm up."""
    taken: list[float] = []
    for round_ in range(2):
        for text in texts:
            begun = time.thread_time()
            act(text)
            if round_:
                taken.append(1000 * (time.thread_time() - begun))
    return taken
