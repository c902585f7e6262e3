"""Who is one person, what they said last, and how a lead may move."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.contracts.vocabulary import LeadState
from lead_scoring.domain.decisions import Case
from lead_scoring.domain.facts import history_of
from lead_scoring.domain.leads import MOVES, ForbiddenMove, OpenLead, move, to_look_at_again
from lead_scoring.domain.people import ConsentChange, Merge, kin, last_word, newer
from lead_scoring.domain.receipts import is_refused
from support.scoring_values import OTHER, a_fact, a_word, an_id

PEOPLE = ("a", "b", "c", "d")
MERGES = st.builds(
    Merge,
    st.sampled_from(["m", "n", "o"]),
    st.integers(1, 3),
    st.booleans(),
    st.frozensets(st.sampled_from(PEOPLE), min_size=2),
)


def an_open_lead(number: int = 1, *, minutes: int = 0, **changes: Any) -> OpenLead:
    """A lead that sales has, unless it is changed."""
    fact = a_fact(number, minutes=minutes)
    lead = OpenLead(fact, LeadState.QUALIFIED, an_id(number, 5), 1, fact.happened_at)
    return replace(lead, **changes)


@given(st.lists(MERGES), st.frozensets(st.sampled_from(PEOPLE)))
def test_kin_is_mutual_and_never_with_somebody_forgotten(
    merges: list[Merge], erased: frozenset[str]
) -> None:
    groups = {person: kin(person, merges, erased) for person in PEOPLE}

    for person, group in groups.items():
        assert person in group
        assert all(groups[other] == group for other in group)
        assert group == {person} or not group & erased


@given(st.lists(MERGES), st.data())
def test_what_is_said_of_a_merge_may_come_in_any_order(
    merges: list[Merge], data: st.DataObject
) -> None:
    said = [replace(merge, id="m", is_active=merge.version % 2 == 1) for merge in merges]
    said = [replace(merge, member_ids=frozenset(PEOPLE)) for merge in said]

    def holds(order: list[Merge]) -> Merge | None:
        known = None
        for merge in order:
            known = newer(known, merge)
        return known

    assert holds(said) == holds(data.draw(st.permutations(said)))


def test_versions_order_what_one_id_said_and_time_what_several_said() -> None:
    refused = a_word(grants=False, minutes=9, version=1)
    allowed = a_word(grants=True, minutes=3, version=2, number=2)
    other = replace(a_word(grants=False, minutes=5, number=3), person_id=OTHER)

    assert last_word([refused, allowed]) == allowed
    assert last_word([other, allowed, refused]) == other
    assert last_word([]) is None


def test_a_refusal_speaks_about_what_came_before_it_and_of_no_pursuit_that_has_ended() -> None:
    history = history_of([a_fact(), a_fact(2, minutes=9, consent=frozenset({"contact"}))])
    word = a_word(grants=False, minutes=5)

    refused = [is_refused(Case(fact, history, word)) for fact in history.leads]

    assert refused == [True, False]
    assert an_open_lead().is_with_sales
    assert not an_open_lead(has_outcome=True).is_with_sales


@pytest.mark.parametrize("word", [None, a_word(grants=True, minutes=5)])
def test_without_a_refusal_nothing_is_refused(word: ConsentChange | None) -> None:
    assert not is_refused(Case(a_fact(), history_of([a_fact()]), word))


def test_the_newest_lead_is_looked_at_again_if_marketing_has_it_and_sales_none() -> None:
    nurtured = an_open_lead(2, minutes=5, state=LeadState.NURTURED)
    older = an_open_lead(1, state=LeadState.NURTURED)

    assert to_look_at_again([nurtured, older]) == nurtured
    assert to_look_at_again([nurtured, an_open_lead()]) is None
    assert to_look_at_again([nurtured, an_open_lead(has_outcome=True)]) == nurtured
    assert to_look_at_again([older, an_open_lead(2, minutes=5, state=LeadState.WITHDRAWN)]) is None
    assert to_look_at_again([]) is None


def test_every_move_that_is_not_allowed_raises() -> None:
    allowed = {(state, to) for state, targets in MOVES.items() for to in targets}

    for state in LeadState:
        for to in LeadState:
            if (state, to) in allowed:
                assert move(state, to) is to
            else:
                with pytest.raises(ForbiddenMove):
                    move(state, to)
