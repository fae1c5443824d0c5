"""超时事实: a limit that passed is frozen as it happened, and nothing that follows makes it unhappened."""

from __future__ import annotations

from datetime import timedelta

from cast_here import CAST, CIVIL, DIRECTORY, RULES, Play, T, V, at

from assistance.close import dispute
from assistance.digest import card, sort_digest
from assistance.work import accept, finish, progress, transfer

T0 = at("2026-11-19 09:00")


def test_it_holds_whose_it_was_which_limit_and_under_which_rules(play: Play) -> None:
    play.open("E3", T0)
    play.wind(at("2026-11-23 09:00"))
    first, second = play.case.breaches
    assert (first.step, first.limit, first.due, first.owner) == ("accept:0", "1 wd", at("2026-11-20 09:00"), V)
    assert (second.clock, second.limit, second.due) == ("act", "2 wd", at("2026-11-23 09:00"))
    assert (second.rules, second.grade) == (RULES.version, "E3")


def test_the_one_who_let_a_claim_run_out_owns_it(play: Play) -> None:
    play.open("E3", T0)
    play.take(accept(play.case, CAST["zhou"], None, T0))
    play.wind(at("2026-11-23 09:00"))
    assert {one.owner for one in play.case.breaches if one.clock == "act"} == {"person:zhou"}


def test_by_how_much_is_settled_when_it_ends_and_grows_until_then(play: Play) -> None:
    play.open("E3", T0)
    play.wind(at("2026-11-20 09:00"))
    late = play.case.breaches[0]
    assert late.late_by(at("2026-11-20 12:00")) == timedelta(hours=3)
    play.take(accept(play.case, CAST["zhou"], None, at("2026-11-20 11:00")))
    assert play.case.breaches[0].late_by(at("2027-01-01 00:00")) == timedelta(hours=2)


def test_it_outlives_hand_over_reopening_and_closing(play: Play) -> None:
    """Every field but its end stays as it was."""
    play.open("E5", T0)
    play.wind(at("2026-11-27 09:00"))
    kept = [(one.step, one.due, one.owner, one.limit, one.version) for one in play.case.breaches]
    assert kept
    when = at("2026-11-27 10:00")
    play.take(accept(play.case, CAST["zhou"], None, when))
    play.take(transfer(play.case, CAST["zhou"], T, DIRECTORY, when))
    play.take(accept(play.case, CAST["zhao"], None, when))
    play.take(progress(play.case, CAST["zhao"], when, "m"))
    play.take(finish(play.case, CAST["zhao"], ("li",), DIRECTORY, when))
    play.take(dispute(play.case, "li", DIRECTORY, when))
    play.wind(at("2027-01-29 09:00"))
    after = [(one.step, one.due, one.owner, one.limit, one.version) for one in play.case.breaches]
    assert after[: len(kept)] == kept
    assert all(one.ended_at == when for one in play.case.breaches[: len(kept)] if one.clock == "finish")


def test_an_everyday_matter_shows_yellow_and_then_red(play: Play) -> None:
    """E5 (R5): yellow a working day before the limit, red on the first late working day; C1 red on the sixth."""
    play.open("E5", T0)
    play.wind(at("2026-11-25 09:00"))
    assert card(play.case) == "yellow"
    play.wind(at("2026-11-27 09:00"))
    assert card(play.case) == "red"
    slow = Play().open("C1", T0)
    slow.wind(at("2026-11-27 09:00"))
    assert card(slow.case) == "red"


def test_a_yellow_card_is_no_breach_in_the_digest(play: Play) -> None:
    play.open("E5", T0)
    play.take(accept(play.case, CAST["zhou"], None, T0))
    play.take(progress(play.case, CAST["zhou"], T0, "m"))
    since = at("2026-11-25 08:59")
    play.wind(at("2026-11-25 09:00"))
    assert sort_digest([play.case], {}, since, since).breached == 0
    play.wind(at("2026-11-27 09:00"))
    digest = sort_digest([play.case], {}, since, since)
    assert (digest.breached, digest.red) == (1, 1)


def test_a_claim_made_after_the_act_limit_expires_too(play: Play) -> None:
    """Two working days after it was made, not never: the claimant and the highest level told hear of it, once each."""
    play.open("E3", T0)
    play.wind(at("2026-11-23 09:00"))  # the act limit has fired
    play.take(accept(play.case, CAST["zhou"], None, at("2026-11-23 10:00")))
    assert play.due == at("2026-11-25 10:00")
    told = play.sweep(play.due)
    assert play.case.handler is None
    assert ("zhou", "claim_expired") in told
    assert ("zhao", "climbed") in told
    assert len({who for who, _ in told}) == len(told)
    assert play.case.breaches[-1].step == "claim"


def test_a_claim_with_progress_does_not_expire(play: Play) -> None:
    play.open("E3", T0)
    play.wind(at("2026-11-23 09:00"))
    play.take(accept(play.case, CAST["zhou"], None, at("2026-11-23 10:00")))
    play.take(progress(play.case, CAST["zhou"], at("2026-11-23 11:00"), "m"))
    play.wind(at("2026-12-02 09:00"))
    assert play.case.handler == "zhou"


def test_who_helps_is_told_when_the_lead_department_takes_it(play: Play) -> None:
    """牵头、配合: the co-departments hear of it then and may see it from then on."""
    play.open("E3", T0, lead="civil_affairs", co=("water", "town"))
    play.take(transfer(play.case, CAST["zhou"], CIVIL, DIRECTORY, T0))
    assert "department:water" not in play.case.seen_by
    told = play.take(accept(play.case, CAST["min"], None, T0, DIRECTORY))
    assert {("shui", "shared"), ("zhao", "shared")} <= set(told)
    assert "department:water" in play.case.seen_by


def test_of_a_sealed_case_nobody_who_helps_hears() -> None:
    play = Play().open("E5", T0, sealed=True, lead="civil_affairs", co=("water",))
    told = play.take(accept(play.case, CAST["sun"], None, T0, DIRECTORY))
    assert ("shui", "shared") not in told
