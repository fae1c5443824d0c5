"""What a channel cannot do is put in words before it gets a letter: buttons become numbers, long texts become parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from assistance.post import Abilities, Letter
from handlers.forms import CANCEL, SKIP
from handlers.phrases import Phrases

_UNITS: dict[str, Callable[[str], int]] = {
    "characters": len,
    "utf16": lambda text: len(text.encode("utf-16-le")) // 2,
    "bytes": lambda text: len(text.encode()),
}
_WORDS = (SKIP, CANCEL)  # typed as they are: a number beside a question would be taken for its answer


def fit(letter: Letter, abilities: Abilities, phrases: Phrases) -> tuple[Letter, ...]:
    """The letter as the parts that a channel can carry, in order; buttons and photos go with the last."""
    text = letter.text
    if letter.buttons and not abilities.buttons:
        text = f"{text}\n{in_words(letter.buttons, phrases)}"
    if letter.media and not abilities.media:
        text = f"{text}\n{phrases('degrade.media', count=len(letter.media))}"
    parts = tuple(split(text, abilities))
    shown = letter.buttons if abilities.buttons else ()
    bare = replace(letter, buttons=(), media=())
    kept = replace(letter, text=parts[-1], buttons=shown, media=letter.media if abilities.media else ())
    return (*(replace(bare, text=part) for part in parts[:-1]), kept)


def in_words(buttons: tuple[str, ...], phrases: Phrases) -> str:
    """Buttons as numbers to type; 跳过 and 取消 as words."""
    numbered = "  ".join(f"{number}. {label}" for number, label in enumerate(choices(buttons), 1))
    words = "、".join(label for label in buttons if label in _WORDS)
    lines = [phrases("degrade.buttons", choices=numbered)] if numbered else []
    return "\n".join([*lines, *([phrases("degrade.words", words=words)] if words else [])])


def choices(buttons: tuple[str, ...]) -> tuple[str, ...]:
    """The buttons that are numbered where a channel has none."""
    return tuple(label for label in buttons if label not in _WORDS)


def split(text: str, abilities: Abilities) -> Iterator[str]:
    """Parts that a channel takes, cut at lines where that goes, else between characters."""
    if abilities.longest is None or fits(text, abilities):
        yield text
        return
    longest, size = abilities.longest, _UNITS[abilities.unit]
    part = ""
    for piece in _pieces(text, longest, size):
        if part and size(part + piece) > longest:
            yield part.rstrip("\n")
            part = ""
        part += piece
    yield part.rstrip("\n")


def fits(text: str, abilities: Abilities) -> bool:
    """Whether a channel takes this text as one message."""
    return abilities.longest is None or _UNITS[abilities.unit](text) <= abilities.longest


def _pieces(text: str, longest: int, size: Callable[[str], int]) -> Iterator[str]:
    for line in text.splitlines(keepends=True):
        if size(line) <= longest:
            yield line
        else:
            yield from line
