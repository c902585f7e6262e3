"""A lead's journey: what scoring and sales say is folded in, in whatever order it is heard."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.contracts.vocabulary import LeadState, Outcome
from marketing_intake.domain.journey import (
    Closure,
    Journey,
    ScoringWord,
    with_sales,
    with_scoring,
)
from marketing_intake.domain.lead import FINAL_AT_INTAKE, combined

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
CAPTURED = Journey(LeadState.CAPTURED)
SCORING = st.sampled_from([LeadState.QUALIFIED, LeadState.NURTURED, LeadState.DISQUALIFIED])
STEPS = st.sampled_from([LeadState.OFFERED, LeadState.ACCEPTED, LeadState.QUALIFIED])
Said = ScoringWord | LeadState | Closure


def a_closure(version: int = 1, outcome: Outcome = Outcome.WON, **changes: object) -> Closure:
    """How it ended, as sales reports it."""
    closure = Closure(
        deal_id="D-1",
        version=version,
        outcome=outcome,
        reason=None,
        amount=Decimal("10.50"),
        currency="EUR",
        closed_at=NOON,
    )
    return replace(closure, **changes)  # type: ignore[arg-type]  # any field


def after(journey: Journey, said: Said) -> Journey:
    """After one word of scoring or of sales."""
    match said:
        case ScoringWord():
            return with_scoring(journey, said)
        case LeadState():
            return with_sales(journey, said, prospect_id="p", rep_id="r")
        case Closure():
            state = LeadState(said.outcome.value)
            return with_sales(journey, state, prospect_id="p", rep_id="r", closure=said)


WORDS = st.builds(ScoringWord, SCORING, st.integers(1, 3))
CLOSURES = st.builds(
    a_closure, st.integers(1, 3), st.sampled_from([Outcome.WON, Outcome.LOST, Outcome.DISQUALIFIED])
)
OF_SALES: st.SearchStrategy[list[Said]] = st.lists(st.one_of(STEPS, CLOSURES), max_size=6)


@given(st.lists(WORDS, max_size=3), OF_SALES, st.data())
def test_scoring_and_sales_may_be_heard_in_any_order(
    scoring: list[ScoringWord], sales: list[Said], data: st.DataObject
) -> None:
    turns = data.draw(st.permutations(["scoring"] * len(scoring) + ["sales"] * len(sales)))
    waiting = {"scoring": iter(scoring), "sales": iter(sales)}
    mixed: list[Said] = [next(waiting[turn]) for turn in turns]

    assert reduce(after, mixed, CAPTURED) == reduce(after, [*scoring, *sales], CAPTURED)


@given(OF_SALES)
def test_hearing_everything_again_changes_nothing(said: list[Said]) -> None:
    once = reduce(after, said, CAPTURED)

    assert reduce(after, said, once) == once


@given(st.lists(CLOSURES, min_size=1))
def test_the_highest_version_of_a_closure_holds(closures: list[Closure]) -> None:
    journey = reduce(after, closures, CAPTURED)

    assert journey.closure is not None
    assert journey.closure.version == max(closure.version for closure in closures)
    assert journey.state == journey.closure.outcome.value


@pytest.mark.parametrize("own", sorted(FINAL_AT_INTAKE))
def test_an_end_at_intake_is_an_end(own: LeadState) -> None:
    assert combined(own, LeadState.QUALIFIED, LeadState.WON) is own


def test_an_erased_lead_stays_erased_whatever_is_heard() -> None:
    erased = replace(CAPTURED, is_erased=True)

    journey = after(after(erased, LeadState.OFFERED), a_closure())

    assert journey.state is LeadState.ERASED


def test_a_lead_that_sales_speaks_of_was_qualified_before_scoring_is_heard() -> None:
    journey = after(CAPTURED, LeadState.OFFERED)

    assert (journey.was_qualified, journey.was_accepted) == (True, False)


def test_a_lead_that_went_back_was_accepted_all_the_same() -> None:
    journey = reduce(after, [LeadState.ACCEPTED, LeadState.QUALIFIED], CAPTURED)

    assert (journey.state, journey.was_accepted) == (LeadState.QUALIFIED, True)
