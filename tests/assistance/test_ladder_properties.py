"""Whatever people do and whenever the engine wakes: a model of rules B and D beside the real thing, step by step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cast_here import CAST, CIVIL, FAR_T, RULES, VILLAGE, WATER, C, J, Play, T, V, at, open_, replayed, without
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from assistance import close, fold, work
from assistance.case import URGENT, Grade, Stage, What
from assistance.climb import fall_due
from assistance.decision import Decision
from assistance.directory import Level, Person
from assistance.moves import Moves
from assistance.open import locate
from assistance.rulebook import Clock, Step
from assistance.seal import Blamed
from assistance.sight import may_see, tokens

OFFICERS = [name for name, person in CAST.items() if person.is_officer]
BLAMED = [
    None,
    Blamed(),
    Blamed("village"),
    Blamed("village", slow=True),
    Blamed("village", ("wang",)),
    Blamed("town", ("zhao",)),
    Blamed("county", department="civil_affairs"),
    Blamed("county", ("sun",)),
    Blamed("private"),
]
MOMENTS = st.integers(0, 240 * 24 * 60).map(lambda minutes: at("2026-03-02 00:00") + timedelta(minutes=minutes))


@dataclass(frozen=True)
class Model:
    """What the rules say of the case, kept apart from what the case says of itself."""

    received: datetime
    grade: Grade
    sorting: bool
    owner: datetime
    finish: datetime
    handler: str | None = None
    acted: bool = False
    fired: frozenset[str] = frozenset()
    asking: datetime | None = None
    withdrawn: bool = False
    ended: bool = False

    def due(self, step: Step) -> datetime:
        """When a step ends: from the owner's clock, finish from the case's; E2 and below in working time."""
        start = self.finish if step.clock is Clock.FINISH else self.owner
        end = step.limit.after(start, RULES.calendar)
        return end if self.grade in URGENT else RULES.calendar.forward(end)

    def steps(self, now: datetime) -> tuple[frozenset[str], bool]:
        """The steps that a sweep at `now` has to take, and whether the claim expires with them."""
        ladder = RULES.sorting if self.sorting else RULES.ladders[self.grade]
        over = {step for step in ladder.steps if step.id not in self.fired and self.due(step) <= now}
        act = {step for step in over if step.clock is Clock.ACT and not self.acted}
        expires = self.handler is not None and bool(act)
        waits = {Clock.ACCEPT: self.handler is None or expires, Clock.ACT: not self.acted, Clock.FINISH: True}
        return frozenset(step.id for step in over if waits[step.clock]), expires

    def closes(self) -> datetime | None:
        """When silence closes it."""
        if self.asking is None:
            return None
        limit = RULES.withdraw_after if self.withdrawn else RULES.ladders[self.grade].confirm_after
        return limit.after(self.asking, RULES.calendar)


@dataclass
class Undoable:
    """The model before an effect that can be undone, by the number of its event."""

    seq: int = 0
    before: Model | None = None


class OneCase(RuleBasedStateMachine):
    """One case, any grade, any hands, any clock."""

    play: Play
    model: Model
    now: datetime
    undoable: Undoable

    @initialize(
        grade=st.sampled_from(sorted(Grade)),
        when=MOMENTS,
        gone=st.sets(st.sampled_from(OFFICERS), max_size=4),
        blamed=st.sampled_from(BLAMED),
        doubt=st.booleans(),
        sorting=st.booleans(),
        village=st.sampled_from([VILLAGE, VILLAGE, VILLAGE, None]),
    )
    def opens(
        self,
        grade: Grade,
        when: datetime,
        gone: set[str],
        blamed: Blamed | None,
        doubt: bool,
        sorting: bool,
        village: str | None,
    ) -> None:
        words = {"sorting": True} if sorting and grade is Grade.E4 else {}
        if doubt and grade in (Grade.E2, Grade.E5):
            words["sealed"] = True
        self.play = Play(without(*gone))
        self.now = when
        self.play.take(open_(grade, when, self.play.directory, blamed=blamed, village=village, lead="water", **words))
        self.model = Model(when, grade, bool(words.get("sorting")), when, when)
        self.undoable = Undoable()

    # ---------- the clock ----------

    @rule(late=st.sampled_from([0, 0, 0, 1, 7, 600, 9000]))
    def sleeps_until_something_is_due(self, late: int) -> None:
        if self.play.due is not None:
            self.now = max(self.now, self.play.due) + timedelta(minutes=late)
            self.sweeps()

    @rule(minutes=st.integers(0, 4000))
    def some_time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.sweeps()

    def sweeps(self) -> None:
        model, early = self.model, self.play.case.seq
        told = self.play.sweep(self.now)
        new = self.play.history[early:]
        if new:
            self.undoable = Undoable()
        steps = Counter(step for event in new for step in event.data.get("steps", ()) if step != "top")
        assert max(Counter(who for who, _ in told).values(), default=1) == 1, "one message for each person"
        if model.ended:
            assert not new, "closed means silent"
        elif model.asking is not None:
            assert [event.what for event in new] == ([What.CLOSED] if model.closes() <= self.now else [])
            self.model = replace(model, ended=bool(new))
        else:
            expected, expires = model.steps(self.now)
            assert steps == Counter(expected), "no step before its limit, none skipped, none twice"
            assert (What.EXPIRED in {event.what for event in new}) == expires
            self.model = replace(model, fired=model.fired | expected, handler=None if expires else model.handler)
        if self.play.due is not None:
            assert self.play.due > self.now, "after a sweep everything due lies ahead"
        assert not fall_due(self.play.case, RULES, self.play.directory, self.now).events, "a second sweep does nothing"

    # ---------- the hands ----------

    def officer(self, who: str) -> Person | None:
        """An officer who may see the case, as the handlers would find them."""
        person = self.play.directory.persons.get(who)
        return person if person and may_see(person, self.play.case) else None

    def does(self, outcome: Decision | work.Refused, *, undoable: bool = False, **changed: object) -> bool:
        """Commit what was decided; the model follows."""
        if isinstance(outcome, work.Refused):
            return False
        before = self.play.case
        self.play.take(outcome)
        if not any(event.what is What.UNDONE for event in outcome.events):
            whole = replayed(self.play.history)
            if not any(event.what is What.UNDONE for event in self.play.history):
                assert whole == self.play.case
        assert self.play.case.seq == before.seq + len(outcome.events)
        self.undoable = Undoable(self.play.case.seq, self.model) if undoable else Undoable()
        self.model = replace(self.model, **changed)
        return True

    @rule(who=st.sampled_from(OFFICERS))
    def somebody_accepts(self, who: str) -> None:
        if officer := self.officer(who):
            free = self.play.case.stage.climbing and self.model.handler is None
            done = self.does(work.accept(self.play.case, officer, None, self.now), undoable=True, handler=who)
            assert done == free

    @rule(who=st.sampled_from(OFFICERS))
    def somebody_logs_progress(self, who: str) -> None:
        if officer := self.officer(who):
            self.does(work.progress(self.play.case, officer, self.now, "words"), undoable=True, acted=True)

    @rule(who=st.sampled_from(OFFICERS), desk=st.sampled_from([V, T, C, J, WATER, CIVIL, FAR_T]))
    def somebody_transfers(self, who: str, desk: str) -> None:
        if officer := self.officer(who):
            outcome = work.transfer(self.play.case, officer, desk, self.play.directory, self.now)
            self.does(outcome, undoable=True, **self.handed_over())

    @rule(who=st.sampled_from(OFFICERS))
    def somebody_refuses(self, who: str) -> None:
        if officer := self.officer(who):
            outcome = work.refuse(self.play.case, officer, self.play.directory, self.now, "words")
            self.does(outcome, undoable=True, **self.handed_over())

    def handed_over(self) -> dict[str, object]:
        """A hand-over restarts the owner's clock; what the finish clock did stays done."""
        kept = frozenset(step for step in self.model.fired if step.startswith("finish"))
        return {"owner": self.now, "handler": None, "acted": False, "fired": kept, "sorting": False}

    @rule()
    def the_handler_finishes(self) -> None:
        if officer := self.officer(self.model.handler or ""):
            climbing = self.play.case.stage.climbing
            done = self.does(
                work.finish(self.play.case, officer, ("li",), self.play.directory, self.now),
                undoable=True,
                asking=self.now,
                acted=True,
            )
            assert done == climbing

    @rule(who=st.sampled_from(OFFICERS))
    def only_the_handler_finishes(self, who: str) -> None:
        officer = self.officer(who)
        if officer and who != self.model.handler:
            assert isinstance(
                work.finish(self.play.case, officer, ("li",), self.play.directory, self.now), work.Refused
            )

    @rule()
    def the_reporter_confirms(self) -> None:
        done = self.does(close.confirm(self.play.case, "li", self.now))
        assert done == (self.model.asking is not None and not self.model.ended)
        self.model = replace(self.model, ended=self.model.ended or done)

    @rule()
    def the_reporter_disputes(self) -> None:
        fresh = {**self.handed_over(), "finish": self.now, "fired": frozenset(), "asking": None, "withdrawn": False}
        self.does(close.dispute(self.play.case, "li", self.play.directory, self.now), **fresh)

    @rule(pressure=st.booleans())
    def the_reporter_withdraws(self, pressure: bool) -> None:
        never = self.model.grade in (Grade.E0, Grade.C1, Grade.C2)
        changed = {} if never else {"asking": self.now, "withdrawn": True}
        self.does(close.withdraw(self.play.case, "li", self.play.directory, self.now, pressure=pressure), **changed)

    @rule(who=st.sampled_from(OFFICERS))
    def the_second_person_objects(self, who: str) -> None:
        if officer := self.officer(who):
            done = self.does(close.object_to(self.play.case, officer, self.now), asking=None, withdrawn=False)
            assert not (done and who == self.model.handler)

    @precondition(lambda self: self.undoable.before is not None)
    @rule(minutes=st.sampled_from([0, 1, 10, 11]))
    def the_last_effect_is_undone(self, minutes: int) -> None:
        last = self.play.history[-1]
        officer = self.play.directory.persons[last.by]
        before = self.undoable.before
        self.now = max(self.now, last.at + timedelta(minutes=minutes))
        outcome = work.undo(self.play.case, officer, self.play.history, RULES, self.now)
        assert isinstance(outcome, Decision) == (self.now - last.at <= timedelta(minutes=10))
        if isinstance(outcome, Decision):
            self.does(outcome)
            self.model = before

    @precondition(lambda self: self.play.case.open and self.play.case.village is None)
    @rule()
    def the_place_becomes_known(self) -> None:
        moves = Moves(self.play.case, self.now)
        locate(moves, VILLAGE, self.play.directory)
        self.does(moves.done(), sorting=False)

    @precondition(lambda self: self.play.case.open)
    @rule()
    def somebody_else_reports_it(self) -> None:
        self.does(fold.join(self.play.case, self.now))

    @rule(who=st.sampled_from(OFFICERS), level=st.sampled_from(sorted(Level)))
    def somebody_sets_the_scope(self, who: str, level: Level) -> None:
        if officer := self.officer(who):
            done = self.does(work.set_scope(self.play.case, officer, level, self.play.directory, self.now))
            assert not done or who in ("sun", "ji")

    # ---------- what never bends ----------

    @invariant()
    def the_case_and_the_model_agree(self) -> None:
        case, model = self.play.case, self.model
        assert case.open != model.ended
        assert case.handler == model.handler
        assert (case.stage is Stage.ASKING) == (model.asking is not None and not model.ended)

    @invariant()
    def every_notice_is_queued_once(self) -> None:
        keys = Counter((one.case, one.step, one.version, one.to) for one in self.play.notices)
        assert [key for key, count in keys.items() if count > 1] == []

    @invariant()
    def an_open_case_has_a_due_time_and_a_closed_one_has_none(self) -> None:
        assert (self.play.due is not None) == self.play.case.open

    @invariant()
    def the_barred_are_never_told_and_never_handle(self) -> None:
        case = self.play.case
        assert not case.barred & {*case.told, case.desk}
        assert not case.barred & {notice.to for notice in self.play.notices}
        handler = self.play.directory.persons.get(case.handler or "")
        assert handler is None or not tokens(handler) & case.barred

    @invariant()
    def a_sealed_case_is_seen_by_nobody_below_before_its_scope_is_set(self) -> None:
        opened = {What.SCOPED, What.TRANSFERRED} & {event.what for event in self.play.history}
        if self.play.case.sealed and not opened:
            assert not any(token.startswith(("village:", "town:")) for token in self.play.case.seen_by)


TestOneCase = OneCase.TestCase
TestOneCase.settings = settings(max_examples=120, stateful_step_count=25, deadline=None)
