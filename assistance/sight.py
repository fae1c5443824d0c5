"""Who may see a case: the one gate (docs/rules.md H). Its SQL twin is `storage.cases.SeenBy`; a property test holds
the two equal.

A case carries the tokens that may see it and the tokens that never may. The accused, whoever reports to them and
their desk are barred when the case opens; 定范围 can widen the first set and never touches the second.
"""

from __future__ import annotations

from assistance.case import Case, Kind
from assistance.directory import Person, person_token


def tokens(viewer: Person) -> frozenset[str]:
    """Everything a viewer is in the eyes of the gate: themself and their desk. A resident has no desk."""
    own = person_token(viewer.id)
    return frozenset({own, viewer.desk} if viewer.desk else {own})


def bars(viewer: Person) -> frozenset[str]:
    """What must not be barred from a case for this viewer to see it: themself, their desk, and whoever of their name
    left another desk."""
    return tokens(viewer) | {person_token(namesake) for namesake in viewer.namesakes}


def stand_ins(viewer: Person) -> tuple[frozenset[str], ...]:
    """The tokens of each officer for whom this viewer stands in (代班)."""
    return tuple(frozenset({person_token(person), desk}) for person, desk in viewer.stands_in)


def may_see(viewer: Person, case: Case) -> bool:
    """Whether the case exists for this viewer at all. In doubt it does not.

    A deputy sees what the absent officer sees, but never a sealed case by standing in.
    """
    if bars(viewer) & case.barred:
        return False
    if tokens(viewer) & case.seen_by:
        return True
    if case.sealed or case.kind is Kind.COMPLAINT:
        return False
    return any(absent & case.seen_by and not absent & case.barred for absent in stand_ins(viewer))


def may_read_held(viewer: Person, case: Case, barred: frozenset[str], shown_to: frozenset[str] = frozenset()) -> bool:
    """Whether held words of a case are shown to this viewer: to the county and above and to the desks to whom 定范围
    opened them, and never to those they are about."""
    held_for = {f"{role}:" for role in ("county", "discipline", "city")}
    high = viewer.desk is not None and any(viewer.desk.startswith(prefix) for prefix in held_for)
    own = may_see(viewer, case) and bool(tokens(viewer) & case.seen_by)
    return (high or viewer.desk in shown_to) and own and not bars(viewer) & barred
