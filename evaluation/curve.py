"""The learning curve: how well unseen voices are read with an eighth of the training voices up to all of them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from evaluation.figures import accuracy, macro
from nlp.train import learn
from nlp.voices import PLAIN, Looker, Voiced, texts

SHARES = (0.125, 0.25, 0.5, 1.0)
NETS, ROUNDS = 1, 12  # half the networks of the shipped model: the curve is about data


def curve_section(train: Sequence[Voiced], test: Sequence[Voiced]) -> list[str]:
    """The model alone (no rules) on the voices of test, trained on growing numbers of whole voices."""
    looker = Looker()
    asked = looker.look(texts(test))
    right = [line["intent"] for line in texts(test)]
    seen, senses = looker.look(texts(train))
    voices = sorted({voice for voice, _ in train} - {PLAIN})
    random.Random(11).shuffle(voices)  # noqa: S311 - the same order every time
    lines = ["| voices | messages | accuracy | macro-F1 |", "|---|---|---|---|"]
    for share in SHARES:
        kept = set(voices[: round(share * len(voices))]) | ({PLAIN} if share == 1.0 else set())
        rows = [at for at, (voice, _) in enumerate(train) if voice in kept]
        looked = [seen[at] for at in rows], [senses[at] for at in rows]
        model = learn([train[at][1] for at in rows], looked, NETS, ROUNDS)
        answers = [model.answer(*one)["intent"] for one in zip(*asked, strict=True)]
        pairs = [(label, max(answer, key=lambda name: answer[name])) for label, answer in
                 zip(right, answers, strict=True)]  # fmt: skip
        lines.append(f"| {len(kept - {PLAIN})} | {len(rows)} | {accuracy(pairs):.3f} | {macro(pairs):.3f} |")
    return lines
