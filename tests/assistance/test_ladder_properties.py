"""Whatever people do and whenever the engine wakes: a model of rules B and D beside the real thing, step by step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cast_here import CAST, CIVIL, FAR_T, RULES, VILLAGE, WATER, C, J, Play, T, V, at, open_, replayed, without
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from assistance import close, fold, pause, regrade, work
from assistance.case import URGENT, Grade, Stage, What
from assistance.climb import fall_due
from assistance.decision import Decision
from assistance.directory import Level, Person
from assistance.evolve import fold as fold_history
from assistance.moves import Moves
from assistance.open import locate
from assistance.rulebook import Clock, Limit, Step
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
    accepted: datetime | None = None
    rerouting: bool = False
    lowering: tuple[Grade, str] | None = None
    paused: bool = False
    pause: tuple[datetime, datetime] | None = None

    def due(self, step: Step) -> datetime:
        """When a step ends: from the owner's clock, finish from the case's."""
        return self.end(step.limit, self.finish if step.clock is Clock.FINISH else self.owner)

    def end(self, limit: Limit, start: datetime) -> datetime:
        """E2 and below in working time; what a pause took is added at the end."""
        plain = limit.after(start, RULES.calendar)
        end = plain if self.grade in URGENT else RULES.calendar.forward(plain)
        if self.pause is None or start >= self.pause[1] or end <= max(self.pause[0], start):
            return end
        stopped, until = max(self.pause[0], start), self.pause[1]
        if limit.unit in ("wd", "by"):
            later = RULES.calendar.add_working(plain, RULES.calendar.working_between(stopped, until))
        else:
            later = max(plain, stopped) + (until - stopped)
        assert later >= end, "pauses only move due times later"
        return later if self.grade in URGENT else RULES.calendar.forward(later)

    def steps(self, now: datetime) -> tuple[frozenset[str], bool]:
        """The steps that a sweep at `now` has to take, and whether the claim expires with them."""
        ladder = RULES.sorting if self.sorting else RULES.ladders[self.grade]
        rungs = ladder.steps + (RULES.rerouting if self.rerouting and self.grade not in URGENT else ())
        over = {step for step in rungs if step.id not in self.fired and self.due(step) <= now}
        act = {step for step in over if step.clock is Clock.ACT and not self.acted}
        spent = [step for step in rungs if step.clock is Clock.ACT and step.id in self.fired]
        again = any(self.end(step.limit, self.accepted) <= now for step in spent) if self.accepted else False
        expires = self.handler is not None and not self.acted and (bool(act) or again)
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
            over = model.paused and model.pause[1] <= self.now
            assert (What.RESUMED in {event.what for event in new}) == over, "a pause ends by itself"
            model = replace(model, paused=model.paused and not over)
            expected, expires = model.steps(self.now)
            assert steps == Counter(expected), "no step before its limit, none skipped, none twice"
            assert (What.EXPIRED in {event.what for event in new}) == expires
            self.model = replace(model, fired=model.fired | expected)
            if expires:
                self.model = replace(self.model, handler=None, accepted=None, **self.unpaused())
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
            outcome = work.accept(self.play.case, officer, None, self.now, self.play.directory)
            taken = {"handler": who, "accepted": self.now, "rerouting": False}
            done = self.does(outcome, undoable=isinstance(outcome, Decision) and len(outcome.events) == 1, **taken)
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
            outcome = work.refuse(self.play.case, officer, self.play.directory, self.now, "words", RULES)
            self.does(outcome, undoable=True, **self.handed_over() | {"rerouting": True})

    def handed_over(self) -> dict[str, object]:
        """A hand-over restarts the owner's clock; what the finish clock did stays done."""
        kept = frozenset(step for step in self.model.fired if step.startswith("finish"))
        fresh = {"handler": None, "accepted": None, "acted": False, "sorting": False, "rerouting": False}
        return {"owner": self.now, "fired": kept, **fresh, **self.unpaused()}

    def unpaused(self) -> dict[str, object]:
        """A pause ends with what it was granted for."""
        if not self.model.paused:
            return {}
        since, until = self.model.pause
        return {"paused": False, "pause": (since, min(until, self.now))}

    @rule()
    def the_handler_finishes(self) -> None:
        if officer := self.officer(self.model.handler or ""):
            climbing = self.play.case.stage.climbing
            done = self.does(
                work.finish(self.play.case, officer, ("li",), self.play.directory, self.now),
                undoable=True,
                asking=self.now,
                acted=True,
                **self.unpaused(),
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

    # ---------- grade, pause, and the way up by hand ----------

    @rule(who=st.sampled_from(OFFICERS), grade=st.sampled_from(sorted(Grade)))
    def somebody_sets_a_grade(self, who: str, grade: Grade) -> None:
        if officer := self.officer(who):
            case, model = self.play.case, self.model
            outcome = regrade.regrade(case, officer, grade, self.play.directory, RULES, self.now, said="words")
            if isinstance(outcome, work.Refused):
                return
            waits = model.grade in URGENT and grade is not Grade.E0
            second = model.lowering is not None and model.lowering[0] is grade and model.lowering[1] != who
            if waits and not second:
                self.does(outcome, lowering=(grade, who))
                assert self.play.case.grade is model.grade, "until somebody else confirms nothing is lowered"
            else:
                self.does(outcome, **self.graded(grade))

    @precondition(lambda self: self.model.lowering is not None)
    @rule(who=st.sampled_from(OFFICERS), yes=st.booleans())
    def somebody_answers_the_lowering(self, who: str, yes: bool) -> None:
        if officer := self.officer(who):
            case, model = self.play.case, self.model
            if yes:
                outcome = regrade.confirm_lowering(case, officer, self.play.directory, RULES, self.now)
                done = self.does(outcome, **self.graded(model.lowering[0]))
            else:
                done = self.does(regrade.keep_grade(case, officer, self.now), lowering=None)
            assert done == (case.stage.climbing and who != model.lowering[1])

    def graded(self, grade: Grade) -> dict[str, object]:
        """The ladder follows from the case's clock."""
        end = self.unpaused() if grade in URGENT else {}
        return {"grade": grade, "fired": frozenset(), "sorting": False, "lowering": None, **end}

    @rule(who=st.sampled_from(OFFICERS), days=st.sampled_from([None, 1, 3, 40]))
    def the_handler_asks_for_a_pause_and_it_is_granted(self, who: str, days: int | None) -> None:
        handler, officer = self.officer(self.model.handler or ""), self.officer(who)
        if handler is None or officer is None:
            return
        until = self.now + timedelta(days=days) if days else None
        before, due = self.play.case, self.play.due
        if not self.does(pause.ask_pause(before, handler, until, self.play.directory, RULES, self.now, said="words")):
            return
        assert self.play.due == due, "what is only asked for moves nothing"
        assert before.grade not in URGENT and before.paused_at is None
        end = self.play.case.pausing
        assert end <= RULES.pause_most.after(self.now, RULES.calendar)
        granted = self.does(pause.grant_pause(self.play.case, officer, self.now), paused=True, pause=(self.now, end))
        assert granted == (who != self.model.handler)

    @precondition(lambda self: self.model.paused)
    @rule()
    def the_papers_are_there(self) -> None:
        if officer := self.officer(self.model.handler or ""):
            self.does(pause.resume(self.play.case, officer, self.now), **self.unpaused())

    @rule(who=st.sampled_from(OFFICERS), level=st.sampled_from([Level.TOWN, Level.COUNTY, Level.CITY]))
    def somebody_sends_it_up(self, who: str, level: Level) -> None:
        if officer := self.officer(who):
            before = self.play.case
            if self.does(work.send_up(before, officer, level, self.play.directory, self.now)):
                after = self.play.case
                assert (after.handler, after.desk) == (before.handler, before.desk), "the first handler stays"
                assert after.level.rank >= level.rank

    @rule(pressure=st.booleans())
    def the_reporter_withdraws(self, pressure: bool) -> None:
        never = self.model.grade in (Grade.E0, Grade.C1, Grade.C2)
        changed = {} if never else {"asking": self.now, "withdrawn": True, **self.unpaused()}
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

    def teardown(self) -> None:
        """Events in any order of delivery give the same state."""
        if hasattr(self, "play") and self.play.history:
            assert fold_history(reversed(self.play.history)) == self.play.case


TestOneCase = OneCase.TestCase
TestOneCase.settings = settings(max_examples=120, stateful_step_count=25, deadline=None)
