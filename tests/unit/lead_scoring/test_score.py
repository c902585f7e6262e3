"""A score is a function of what is known: neither order nor repetition nor a merge changes it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_scoring.domain.course import Factor
from lead_scoring.domain.facts import FACTS_MAX, LeadFact, history_of, profile_of
from lead_scoring.domain.policy import Policy
from lead_scoring.domain.scoring import NOTHING, Score, score
from support.facts import NOON
from support.scoring_values import (
    DEFAULT_POLICY,
    OTHER,
    PERSON,
    POLICIES,
    a_fact,
    a_policy,
    a_weak_fact,
    histories,
)

BACK = {"id": "back", "group": "engagement", "points": 2, "text": "came back"}


@given(st.data(), histories(), POLICIES)
def test_neither_order_nor_repetition_changes_a_score(
    data: st.DataObject, facts: list[LeadFact], policy: Policy
) -> None:
    repeated = facts + data.draw(st.lists(st.sampled_from(facts))) if facts else []
    shuffled = data.draw(st.permutations(repeated))

    assert score(shuffled, policy) == score(facts, policy)


@given(histories((PERSON, OTHER)), POLICIES)
def test_merged_people_score_as_if_all_had_come_under_one_id(
    facts: list[LeadFact], policy: Policy
) -> None:
    as_one = [replace(fact, person_id=PERSON) for fact in facts]

    assert score(facts, policy) == score(as_one, policy)


@given(histories((PERSON, OTHER)), POLICIES)
def test_what_is_unmerged_scores_as_if_it_had_never_been_merged(
    facts: list[LeadFact], policy: Policy
) -> None:
    own = [fact for fact in facts if fact.person_id == PERSON]
    alone = score(own, policy)

    score(facts, policy)

    assert score(own, policy) == alone


@given(histories(), POLICIES)
def test_the_factors_add_up_to_the_score_and_it_stays_within_its_bounds(
    facts: list[LeadFact], policy: Policy
) -> None:
    found = score(facts, policy)

    assert sum(factor.points for factor in found.factors) == pytest.approx(found.points)
    assert policy.fit.minimum <= found.fit <= policy.fit.maximum
    assert policy.engagement.minimum <= found.engagement <= policy.engagement.maximum


def test_fit_and_engagement_are_kept_apart_and_explained() -> None:
    fact = a_fact(attributes={"channel": "referral"})

    found = score([fact], DEFAULT_POLICY)

    assert found == Score(
        40.0,
        10.0,
        (
            Factor("business_email", 20),
            Factor("manages", 10),
            Factor("gave_company", 10),
            Factor("recommended", 10),
        ),
        "A2",
    )


def test_nothing_is_known_of_somebody_with_test_leads_alone() -> None:
    assert score([a_fact(is_test=True)], DEFAULT_POLICY) == NOTHING


@pytest.mark.parametrize(
    ("leads", "ranges", "points"),
    [
        (1, {}, 2),
        (3, {}, 2),
        (1, {"from_lead": 2, "to_lead": 4}, 0),
        (2, {"from_lead": 2, "to_lead": 4}, 2),
        (4, {"from_lead": 2, "to_lead": 4}, 6),
        (9, {"from_lead": 2, "to_lead": 4}, 6),
    ],
)
def test_engagement_counts_the_leads_of_its_range(
    leads: int, ranges: dict[str, Any], points: float
) -> None:
    policy = a_policy(rules=[BACK | ranges])

    found = score([a_fact(number) for number in range(1, leads + 1)], policy)

    assert found.engagement == points


def test_only_leads_that_fulfil_a_rule_are_counted_by_it() -> None:
    when = [{"attribute": "email_kind", "any_of": ["business"]}]
    policy = a_policy(rules=[BACK | {"to_lead": 9, "when": when}])

    found = score([a_fact(1), a_weak_fact(2), a_fact(3)], policy)

    assert found.engagement == 4


def test_a_profile_is_the_latest_that_was_known_and_all_fields_given() -> None:
    early = a_fact(2, minutes=0, attributes={"seniority": "staff"}, fields=("phone",))
    late = a_weak_fact(1, minutes=5)

    profile = profile_of(history_of([late, early]))

    assert profile.attributes["email_kind"] == "free"
    assert profile.attributes["seniority"] == "staff"
    assert profile.fields == {"phone", "email"}


def test_of_somebody_with_very_many_leads_the_newest_count() -> None:
    many = [a_fact(number, minutes=number) for number in range(1, FACTS_MAX + 20)]

    history = history_of(many)

    assert len(history.leads) == FACTS_MAX
    assert history.leads[-1].happened_at == NOON + timedelta(minutes=FACTS_MAX + 19)


def test_a_bound_is_a_reason_like_any_other() -> None:
    policy = a_policy(
        fit={"minimum": 0, "maximum": 5},
        rules=[{"id": "all", "group": "fit", "points": 8, "text": "anybody"}],
    )

    found = score([a_fact()], policy)

    assert found == Score(5.0, 0.0, (Factor("all", 8), Factor("bound:fit", -3)))
