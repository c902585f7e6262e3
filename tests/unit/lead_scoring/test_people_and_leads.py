"""Who is one person, what they said last, and how a lead may move."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.contracts.vocabulary import LeadState
from lead_scoring.domain.facts import history_of
from lead_scoring.domain.leads import (
    MOVES,
    ForbiddenMove,
    QualifiedLead,
    move,
    to_withdraw,
    withdrawn,
)
from lead_scoring.domain.people import ConsentChange, Merge, kin, last_word, newer
from support.facts import NOON
from support.scoring_values import OTHER, PERSON, a_fact, a_word, an_id

PEOPLE = ("a", "b", "c", "d")
MERGES = st.builds(
    Merge,
    st.sampled_from(["m", "n", "o"]),
    st.integers(1, 3),
    st.booleans(),
    st.frozensets(st.sampled_from(PEOPLE), min_size=2),
)


def a_qualified_lead(minutes: int = 0, **changes: object) -> QualifiedLead:
    """A lead that sales has."""
    lead = QualifiedLead(
        lead_id=an_id(1, 1),
        person_id=PERSON,
        happened_at=NOON + timedelta(minutes=minutes),
        prospect_id=an_id(1, 5),
        has_outcome=False,
    )
    return replace(lead, **changes)  # type: ignore[arg-type]  # any field


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


def test_a_refusal_takes_back_what_it_speaks_about_and_what_has_no_outcome() -> None:
    before, after = a_qualified_lead(), a_qualified_lead(minutes=9)
    closed = a_qualified_lead(has_outcome=True)
    gone = withdrawn(before)
    history = history_of([a_fact(), a_fact(2, minutes=9, consent=frozenset({"contact"}))])

    taken = to_withdraw([before, after, closed, gone], history, a_word(grants=False, minutes=5))

    assert taken == [before]


@pytest.mark.parametrize("word", [None, a_word(grants=True, minutes=5)])
def test_without_a_refusal_nothing_is_taken_back(word: ConsentChange | None) -> None:
    assert to_withdraw([a_qualified_lead()], history_of([a_fact()]), word) == []


def test_every_move_that_is_not_allowed_raises() -> None:
    allowed = {(state, to) for state, targets in MOVES.items() for to in targets}

    for state in LeadState:
        for to in LeadState:
            if (state, to) in allowed:
                assert move(state, to) is to
            else:
                with pytest.raises(ForbiddenMove):
                    move(state, to)
