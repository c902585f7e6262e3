"""What can never fire, overlaps or is beyond everybody's reach is found, where it stands."""

from typing import Any

import pytest

from lead_scoring.domain.policy_faults import Fault, faults_of
from support.scoring_histories import a_fading_policy
from support.scoring_values import DEFAULT_POLICY, a_policy

FIT: dict[str, Any] = {"id": "fit", "group": "fit", "points": 5, "text": "fits"}
CLICK: dict[str, Any] = {
    "id": "click", "group": "engagement", "points": 2, "text": "clicked",
    "activities": ["email_clicked"],
}  # fmt: skip
BUSINESS = {"attribute": "email_kind", "any_of": ["business"]}
FREE = {"attribute": "email_kind", "any_of": ["free"]}
SMALL = {"attribute": "trait:size", "at_most": 10}


@pytest.mark.parametrize("policy", [DEFAULT_POLICY, a_fading_policy(), a_policy()])
def test_what_can_be_published_has_no_faults(policy: Any) -> None:
    assert faults_of(policy) == []


@pytest.mark.parametrize(
    ("when", "place"),
    [
        ([BUSINESS, FREE], "rules.0.when.1"),
        ([BUSINESS, BUSINESS], None),
        ([BUSINESS, {"attribute": "email_kind", "none_of": ["business"]}], "rules.0.when.1"),
        ([{"attribute": "email_kind", "none_of": ["business"]}, FREE], None),
        ([{"attribute": "trait:size", "at_least": 5, "at_most": 4}], "rules.0.when.0"),
        ([SMALL, {"attribute": "trait:size", "at_least": 11}], "rules.0.when.1"),
        ([SMALL, {"attribute": "trait:size", "at_least": 10}], None),
        ([SMALL, {"attribute": "trait:size", "any_of": ["ten"]}], "rules.0.when.0"),
        ([{"attribute": "seniority", "at_least": 5}], "rules.0.when.0"),
        ([{"gave_any_of": ["phone"]}, {"gave_none_of": ["phone", "email"]}], "rules.0.when.0"),
        ([{"gave_any_of": ["phone", "name"]}, {"gave_none_of": ["phone"]}], None),
        ([{"attribute": "department", "any_of": ["sales", "sails"]}], "rules.0.when.0"),
    ],
)
def test_conditions_that_exclude_each_other_are_found(
    when: list[dict[str, Any]], place: str | None
) -> None:
    found = faults_of(a_policy(rules=[FIT | {"when": when}]))

    assert [one.field for one in found] == ([] if place is None else [place])


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"at_least": 4, "at_most": 3}, "rules.0.at_least"),
        ({"within_days": 3, "before_days": 3}, "rules.0.before_days"),
        ({"within_days": 3, "before_days": 2}, None),
        ({"when": [BUSINESS]}, "rules.0.when.0"),
        ({"when": [{"gave_any_of": ["phone"]}]}, "rules.0.when.0"),
        ({"when": [{"attribute": "campaign", "any_of": ["spring"]}]}, None),
    ],
)
def test_a_rule_about_activities_that_can_never_fire_is_found(
    changes: dict[str, Any], place: str | None
) -> None:
    found = faults_of(a_policy(rules=[CLICK | changes]))

    assert [one.field for one in found] == ([] if place is None else [place])


def test_a_company_of_which_nothing_can_be_asked_is_found() -> None:
    company = {"count_of": "people", "at_least": 3, "at_most": 2}

    (found,) = faults_of(a_policy(rules=[FIT | {"company": company}]))

    assert found.field == "rules.0.company.at_least"


@pytest.mark.parametrize(
    ("bands", "places"),
    [
        ({"fit": {"A": 4, "B": 4}, "engagement": {"1": 4, "2": 2}}, ["bands.fit.A"]),
        ({"fit": {"A": 4, "B": 2}, "engagement": {"1": 1, "2": 2}}, ["bands.engagement.1"]),
        ({"fit": {"A": 6, "B": 2}, "engagement": {"1": 7, "2": 2}},
         ["bands.fit.A", "bands.engagement.1"]),
        ({"fit": {"A": 5, "B": 2}, "engagement": {"1": 6, "2": 2}}, []),
    ],
)  # fmt: skip
def test_bands_that_overlap_or_that_nobody_reaches_are_found(
    bands: dict[str, Any], places: list[str]
) -> None:
    policy = a_policy(rules=[FIT, CLICK | {"times_max": 3}], bands=bands)

    assert [one.field for one in faults_of(policy)] == places


def test_a_line_beyond_everybody_is_found_for_a_segment_as_well() -> None:
    segment = {"id": "partners", "when": [BUSINESS], "line": {"points": 8}}

    found = faults_of(a_policy(rules=[FIT, CLICK], segments=[segment]))

    assert found == [
        Fault("segments.0.line.points", "nobody can reach it: the rules give 7 at most")
    ]


@pytest.mark.parametrize(
    ("rule", "most"),
    [
        ({"times_max": 3}, 6),
        ({"at_least": 2, "at_most": 4, "times_max": 9}, 8),
        ({"exactly": 2}, 2),
    ],
)
def test_what_a_frequency_gives_at_most_is_known(rule: dict[str, Any], most: int) -> None:
    policy = a_policy(rules=[CLICK | rule], line={"points": most})
    beyond = a_policy(rules=[CLICK | rule], line={"points": most + 0.5})

    assert faults_of(policy) == []
    assert [one.field for one in faults_of(beyond)] == ["line.points"]
