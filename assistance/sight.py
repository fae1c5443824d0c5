"""Who may see a case: the one gate (docs/rules.md H). Its SQL twin is `storage.cases.SeenBy`; a property test holds
the two equal.

A case carries the tokens that may see it and the tokens that never may. The accused, whoever reports to them and
their desk are barred when the case opens; 定范围 can widen the first set and never touches the second.
"""

from __future__ import annotations

from assistance.case import Case
from assistance.directory import Person, person_token


def tokens(viewer: Person) -> frozenset[str]:
    """Everything a viewer is in the eyes of the gate: themself and their desk. A resident has no desk."""
    own = person_token(viewer.id)
    return frozenset({own, viewer.desk} if viewer.desk else {own})


def may_see(viewer: Person, case: Case) -> bool:
    """Whether the case exists for this viewer at all. In doubt it does not."""
    mine = tokens(viewer)
    return not mine & case.barred and bool(mine & case.seen_by)


def may_read_held(viewer: Person, case: Case, barred: frozenset[str]) -> bool:
    """Whether held words of a case are shown to this viewer: the county and above, and never those they are about."""
    held_for = {f"{role}:" for role in ("county", "discipline", "city")}
    high = viewer.desk is not None and any(viewer.desk.startswith(prefix) for prefix in held_for)
    return high and may_see(viewer, case) and not tokens(viewer) & barred
