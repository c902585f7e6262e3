"""What people did counts once, in whatever order it is heard; retracted, it never happened."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.contracts.vocabulary import ActivityKind
from lead_scoring.domain.facts import (
    ACTIVITIES_MAX,
    ACTIVITIES_OF_KIND_MAX,
    ActivityFact,
    PersonFact,
    history_of,
    until,
)
from lead_scoring.domain.policy import Policy
from lead_scoring.domain.scoring import score, score_at
from support.facts import NOON
from support.scoring_histories import (
    MOVING_POLICIES,
    a_retraction,
    an_activity,
    an_enrichment,
    person_facts,
)
from support.scoring_values import OTHER, PERSON, a_fact, a_policy, a_weak_fact

CLICK: dict[str, Any] = {
    "id": "click", "group": "engagement", "points": 2, "text": "clicked",
    "activities": ["email_clicked"],
}  # fmt: skip


def clicks(count: int, **changes: Any) -> list[ActivityFact]:
    """So many, a minute apart."""
    return [
        an_activity(number, minutes=number, kind=ActivityKind.EMAIL_CLICKED, **changes)
        for number in range(1, count + 1)
    ]


@given(st.data(), person_facts(), MOVING_POLICIES)
def test_neither_order_nor_repetition_changes_a_score(
    data: st.DataObject, facts: list[PersonFact], policy: Policy
) -> None:
    repeated = facts + data.draw(st.lists(st.sampled_from(facts))) if facts else []
    shuffled = data.draw(st.permutations(repeated))

    assert score(shuffled, policy) == score(facts, policy)


@given(st.data(), person_facts(), MOVING_POLICIES)
def test_what_is_retracted_is_as_if_it_had_never_been_heard(
    data: st.DataObject, facts: list[PersonFact], policy: Policy
) -> None:
    done = [one for one in facts if isinstance(one, ActivityFact)]
    gone = [one for one in done if data.draw(st.booleans())]
    heard = data.draw(st.permutations([*facts, *(a_retraction(one) for one in gone)]))

    never_heard = [one for one in facts if one not in gone]

    assert history_of(heard) == history_of(never_heard)
    assert score(heard, policy) == score(never_heard, policy)


@given(person_facts((PERSON, OTHER)), MOVING_POLICIES)
def test_merged_people_score_as_one_and_unmerged_ones_each_for_themselves(
    facts: list[PersonFact], policy: Policy
) -> None:
    as_one = [replace(fact, person_id=PERSON) for fact in facts]
    own = [fact for fact in facts if fact.person_id == PERSON]
    alone = score(own, policy)

    assert score(facts, policy) == score(as_one, policy)
    assert score(own, policy) == alone


@given(person_facts(), MOVING_POLICIES, st.integers(0, 60 * 24 * 40))
def test_a_score_of_a_moment_is_that_of_what_had_happened_by_then(
    facts: list[PersonFact], policy: Policy, minutes: int
) -> None:
    moment = NOON + timedelta(minutes=minutes)
    history = history_of(facts)
    known = [one for one in history.facts() if one.happened_at <= moment]

    found = score_at(history, policy, None, moment)

    assert found == score_at(history_of(known), policy, None, moment)
    assert found == score_at(until(history, moment), policy, None, moment)


def test_a_machines_activity_counts_for_nothing() -> None:
    policy = a_policy(rules=[CLICK])

    assert score(clicks(3, is_machine=True), policy).points == 0
    assert score(clicks(1), policy).points == 2


@pytest.mark.parametrize(
    ("rule", "count", "points"),
    [
        ({}, 1, 2),
        ({}, 5, 2),
        ({"times_max": 3}, 2, 4),
        ({"times_max": 3}, 5, 6),
        ({"at_least": 3}, 2, 0),
        ({"at_least": 3}, 3, 2),
        ({"at_least": 2, "at_most": 3}, 3, 2),
        ({"at_least": 2, "at_most": 3}, 4, 0),
        ({"exactly": 2}, 1, 0),
        ({"exactly": 2}, 2, 2),
        ({"exactly": 2}, 3, 0),
        ({"at_least": 2, "times_max": 9}, 4, 8),
    ],
)
def test_frequencies_count_as_they_say(rule: dict[str, Any], count: int, points: float) -> None:
    policy = a_policy(rules=[CLICK | rule])

    assert score(clicks(count), policy).points == points


def test_only_activities_that_fulfil_the_conditions_count() -> None:
    when = [{"attribute": "campaign", "any_of": ["spring"]}]
    policy = a_policy(rules=[CLICK | {"times_max": 9, "when": when}])
    spring = clicks(2)[1]
    profile = replace(spring.profile, attributes={"campaign": "spring"})

    found = score([*clicks(1), replace(spring, profile=profile)], policy)

    assert found.points == 2


def test_a_thousand_opened_mails_hide_no_demo() -> None:
    opened = [
        an_activity(number, minutes=number, kind=ActivityKind.EMAIL_OPENED)
        for number in range(100, 100 + ACTIVITIES_MAX - 1)
    ]

    history = history_of([an_activity(1), *opened])

    assert history.activities[0].kind is ActivityKind.DEMO_REQUESTED
    assert len(history.activities) == ACTIVITIES_OF_KIND_MAX + 1


def test_what_was_found_out_adds_to_the_profile_as_the_latest_that_is_known() -> None:
    policy = a_policy(
        rules=[
            {"id": "large", "group": "fit", "points": 7, "text": "large",
             "when": [{"attribute": "trait:size", "at_least": 100}]},
        ]
    )  # fmt: skip
    lead = a_weak_fact()

    assert score([lead], policy).points == 0
    assert score([an_enrichment(minutes=5, size=200), lead], policy).points == 7
    later = a_fact(2, minutes=9, attributes={"trait:size": 3})
    assert score([an_enrichment(minutes=5, size=200), lead, later], policy).points == 0
