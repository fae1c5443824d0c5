"""Several visits told in one message (几次走访): two forms, lines of a ledger, 李秀兰、孙长友两家, 上午去了…下午去了….

A household counts as visited where its name stands in a list behind a word of visiting, behind such a word in its own
clause, or at the beginning of a clause or line; one that is only spoken of (她说孙长友借了钱) does not. Whether the
message is a visit at all is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.forms import FormAt
from nlp.reading import DateSlot, Match, Part
from nlp.spans import plain, rank

_VISITS = re.compile(
    r"(?:走访|入户|回访|家访|遍访|看望|慰问|探望|拜访|上门|随访|抽查|视频|电联|访|[去到上进](?:了|完|过)?(?:趟)?"
    r"|看(?:了|完|望)?)"
    r"(?:了|到|过|的|户)?(?:一趟|一下|看看|村里|[一-鿿]{0,6}[村庄户民人员]|[一-鿿]{0,4}组)?[:：\s]{0,2}$"
)
_LIST = re.compile(r"家?(?:[、,，/ ✓√]|和|及|与|跟|还有|以及|[、,，]?(?:然后|再)(?:去|到)(?:了)?)家?\s*")
_CLAUSE_START = re.compile(
    r"(?:^|[。；;！!\n\r]|[0-9]{1,2}[.、)）]|[①-⑨])\s*(?:(?:然后|接着|还|又|另外|再|上午|下午|后来|完了)[,，]?)*$"
)
_NOT_VISITED = re.compile(r"(?:[说讲听问]|给|替|跟|和|与|同|把|借|欠|找|是|叫|姓|反映|告诉|谢谢|感谢)\s*$")
_SENTENCE = re.compile(r"[。；;！!\n\r]")
_BEFORE_NAME = 14


@dataclass(frozen=True, slots=True)
class Named:
    """A household's name in the text, and what the roster knows of it."""

    start: int
    end: int
    match: Match | None


def split_visits(
    text: str,
    forms: Sequence[FormAt],
    named: Sequence[Named],
    dates: Sequence[tuple[int, DateSlot]],
    after: frozenset[int] = frozenset(),
) -> tuple[Part, ...]:
    """The visits of the message, one part each; empty where it tells fewer than two. `after`: where places end."""
    flat = plain(text)
    if len(forms) > 1:
        places = [_in_form(form, text) for form in forms]
        groups = [([place], form.start, form.end) for place, form in zip(places, forms, strict=True) if place]
        known = {(one.start, one.end): one for one in named}
        return _parts(
            text, [([known.get((a, b), Named(a, b, None)) for a, b in group], s, e) for group, s, e in groups], dates
        )
    if len(named) < 2:
        return ()
    visited = _visited(flat, sorted(named, key=lambda one: one.start), after)
    if sum(len(group) for group in visited) < 2:
        return ()
    starts = [_clause_of(flat, group[0].start) for group in visited]
    ends = [*starts[1:], len(text)]
    return _parts(text, list(zip(visited, starts, ends, strict=True)), dates)


def _in_form(form: FormAt, text: str) -> tuple[int, int] | None:
    """Where the head of the household stands in a form."""
    head = next((value for label, value in form.fields if label == "户主" and value), None)
    if head is None:
        return None
    name = re.match(r"[一-鿿·]{2,5}?(?=家|户|同志|[（(\s,，。;；]|$)", head)
    start = text.find(head, form.start, form.end)
    return (start, start + len(name[0] if name else head)) if start >= 0 else None


def _visited(text: str, named: list[Named], after: frozenset[int]) -> list[list[Named]]:
    """Households visited, those of one list (李秀兰、孙长友两家) together."""
    groups: list[list[Named]] = []
    last: Named | None = None  # the name just read, where it was visited
    for one in named:
        before = text[max(0, one.start - _BEFORE_NAME) : one.start]
        if rank(text, one.start) == 2:
            last = None
        elif last is not None and _LIST.fullmatch(text[last.end : one.start]):
            groups[-1].append(one)
            last = one
        elif _VISITS.search(before) or (not _NOT_VISITED.search(before) and _begins(before, one, groups, after)):
            groups.append([one])
            last = one
        else:
            last = None
    return groups


def _begins(before: str, one: Named, groups: list[list[Named]], after: frozenset[int]) -> bool:
    """Whether the name begins a line or clause, stands behind a place, or goes on a list (…，贾守田锁门)."""
    if _CLAUSE_START.search(before) or {one.start, one.start - 1} & after:
        return True
    return bool(groups and re.search(r"[,，✓√\s]\s*$", before))


def _clause_of(text: str, at: int) -> int:
    """Where the words about a name begin: behind the comma or the gap just before it, else with its sentence."""
    if at and text[at - 1] in ",， ✓√":
        return at
    ends = [hit.end() for hit in _SENTENCE.finditer(text, 0, at)]
    return ends[-1] if ends else 0


def _parts(
    text: str, groups: list[tuple[list[Named], int, int]], dates: Sequence[tuple[int, DateSlot]]
) -> tuple[Part, ...]:
    """One part for each household; a day told before holds until the next one is told. One household counts once."""
    parts: dict[str, Part] = {}
    for group, start, end in groups:
        own = [slot for at, slot in dates if start <= at < end]
        earlier = [slot for at, slot in dates if at < start]
        day = own[0] if own else earlier[-1] if earlier else None
        for one in group:
            name = text[one.start : one.end]
            parts.setdefault(name, Part(text[start:end].strip(), name, one.match, day))
    return tuple(parts.values()) if len(parts) > 1 else ()
