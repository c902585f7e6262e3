"""When time alone moves somebody is found to the microsecond, and fading is exactly its formula."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_scoring.domain.course import Factor
from lead_scoring.domain.crossing import next_crossing, standing_of
from lead_scoring.domain.due import Due, due_of, watches_time
from lead_scoring.domain.facts import History, PersonFact, history_of
from lead_scoring.domain.policy import Policy
from lead_scoring.domain.scoring import score_at
from support.facts import NOON
from support.scoring_histories import (
    MOVING_POLICIES,
    a_fading_policy,
    an_activity,
    person_facts,
)
from support.scoring_values import DEFAULT_POLICY, a_fact, a_policy

MICROSECOND = timedelta(microseconds=1)
DEMO = {
    "id": "demo", "group": "engagement", "points": 20, "text": "asked for a demo",
    "activities": ["demo_requested"],
}  # fmt: skip
FADING = {"decay": {"half_life_days": 10}}


def standing(history: History, policy: Policy, moment: datetime) -> object:
    """Where somebody stands, from the score itself."""
    return standing_of(score_at(history, policy, None, moment), history, policy)


@given(person_facts(), MOVING_POLICIES, st.integers(0, 60 * 24 * 60))
def test_a_crossing_is_right_to_either_side(
    facts: list[PersonFact], policy: Policy, minutes: int
) -> None:
    history = history_of(facts)
    if not history:
        return
    moment = history.newest_at + timedelta(minutes=minutes)
    before = standing(history, policy, moment)

    found = next_crossing(history, policy, moment)

    if found is not None:
        assert found > moment
        assert standing(history, policy, found) != before
        assert standing(history, policy, found - MICROSECOND) == before


@given(person_facts(), MOVING_POLICIES)
def test_nothing_changes_before_the_next_crossing_and_all_ends_at_rest(
    facts: list[PersonFact], policy: Policy
) -> None:
    history = history_of(facts)
    if not history:
        return
    moment = history.newest_at
    ends = moment + timedelta(days=400)

    found = next_crossing(history, policy, moment) or ends

    step = (min(found, ends) - moment) / 60
    seen = {standing(history, policy, moment + step * n) for n in range(60)}
    assert seen == {standing(history, policy, moment)}


@given(person_facts(), MOVING_POLICIES)
def test_crossings_follow_each_other_to_an_end(facts: list[PersonFact], policy: Policy) -> None:
    history = history_of(facts)
    if not history:
        return
    moment: datetime | None = history.newest_at
    count = 0

    while moment is not None and count < 1000:
        moment = next_crossing(history, policy, moment)
        count += 1

    assert moment is None


@pytest.mark.parametrize("days", [0, 0.5, 1, 7.25, 10, 33])
def test_what_fades_is_its_formula(days: float) -> None:
    policy = a_policy(engagement=FADING, rules=[DEMO])
    history = history_of([an_activity()])

    found = score_at(history, policy, None, NOON + timedelta(days=days))

    assert found.engagement == pytest.approx(20 * 0.5 ** (days / 10), rel=1e-12)
    assert found.factors == (Factor("demo", found.engagement, 1, 20),)


def test_percent_for_each_interval_is_what_is_left_after_it() -> None:
    decay = {"decay": {"percent": 10, "every_days": 7}}
    policy = a_policy(engagement=decay, rules=[DEMO])
    history = history_of([an_activity()])

    points = [score_at(history, policy, None, NOON + timedelta(days=7 * n)).points for n in (1, 2)]

    assert points == pytest.approx([18, 16.2])


def test_the_moment_of_a_crossing_is_the_formulas() -> None:
    policy = a_policy(engagement=FADING, rules=[DEMO], line={"points": 5})
    history = history_of([an_activity()])

    found = next_crossing(history, policy, NOON)

    # A quarter is left after two half-lives, and a quarter is enough.
    assert found == NOON + timedelta(days=20) + MICROSECOND


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ({"within_days": 3}, timedelta(days=3)),
        ({"before_days": 2}, timedelta(days=2)),
        ({"before_days": 2, "within_days": 5}, timedelta(days=2)),
        ({}, None),
    ],
)
def test_a_time_frame_ends_when_it_says(
    frame: dict[str, float], expected: timedelta | None
) -> None:
    policy = a_policy(rules=[DEMO | frame], line={"points": 20})

    found = next_crossing(history_of([an_activity()]), policy, NOON)

    assert found == (None if expected is None else NOON + expected)


def test_both_groups_together_may_rise_and_fall_again() -> None:
    policy = a_fading_policy(
        fit={"minimum": -60, "maximum": 0, "decay": {"half_life_days": 2}},
        rules=[
            DEMO,
            DEMO | {"id": "shy", "group": "fit", "points": -18},
        ],
        bands=None,
        line={"points": 5},
    )
    history = history_of([an_activity()])

    up = next_crossing(history, policy, NOON)
    assert up is not None
    down = next_crossing(history, policy, up)

    assert down is not None
    assert score_at(history, policy, None, up - MICROSECOND).points < 5
    assert score_at(history, policy, None, up).points >= 5
    assert score_at(history, policy, None, down).points < 5
    assert next_crossing(history, policy, down) is None


def test_time_moves_nobody_under_a_policy_without_it() -> None:
    history = history_of([a_fact(), an_activity()])

    assert next_crossing(history, a_policy(rules=[DEMO]), NOON) is None
    assert due_of(history, [], a_policy(rules=[DEMO]), NOON) is None
    assert not watches_time(a_policy(rules=[DEMO]))
    assert watches_time(a_policy(line={"again_after_days": 30}))


def test_what_is_due_first_is_due() -> None:
    policy = a_policy(engagement=FADING, rules=[DEMO], line={"points": 5})
    history = history_of([an_activity()])

    found = due_of(history, [], policy, NOON)

    assert found == Due(NOON, NOON + timedelta(days=20) + MICROSECOND)
    assert DEFAULT_POLICY.line.again_after is None
