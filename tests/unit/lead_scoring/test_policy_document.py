"""A policy is refused when a part of it could never matter, with the place and the reason."""

import tomllib
from typing import Any, Final

import pytest
from pydantic import ValidationError

from lead_scoring.domain.policy import texts_of
from lead_scoring.domain.policy_faults import faults_of, points_max
from lead_scoring.domain.scoring import score
from lead_scoring.repository.default_policy import DEFAULT
from lead_scoring.repository.documents import PolicyDocument
from lead_scoring.repository.policy_reading import policy_of, read_policy
from lead_scoring.repository.schema import FILE, schema_text
from support.scoring_values import DEFAULT_POLICY, EVERYBODY, a_fact, a_policy

README: Final = FILE.with_name("README.md")
ANYBODY: dict[str, Any] = {"id": "anybody", "group": "fit", "points": 5, "text": "anybody"}
BACK: dict[str, Any] = {"id": "back", "group": "engagement", "points": 2, "text": "back"}


def test_the_default_policy_can_be_published() -> None:
    assert faults_of(DEFAULT_POLICY) == []


def test_a_policy_under_which_everybody_qualifies_can_be_written() -> None:
    assert faults_of(EVERYBODY) == []


def test_a_document_reads_back_as_the_policy_it_was_written_for() -> None:
    assert read_policy(1, DEFAULT.model_dump_json()) == DEFAULT_POLICY


def test_every_factor_that_a_score_can_have_has_words() -> None:
    ids = {rule.id for rule in DEFAULT_POLICY.rules} | {"bound:fit", "bound:engagement"}

    assert texts_of(DEFAULT_POLICY).keys() == ids


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"rules": [ANYBODY, ANYBODY]}, "rules.0.id"),
        ({"rules": [BACK | {"from_lead": 3, "to_lead": 2}]}, "rules.0.from_lead"),
        (
            {"rules": [ANYBODY | {"when": [{"attribute": "seniority", "any_of": ["boss"]}]}]},
            "rules.0.when.0",
        ),
        (
            {"rules": [ANYBODY | {"when": [{"attribute": "email_kind", "any_of": ["none"]}]}]},
            "rules.0.when.0",
        ),
        ({"rules": [ANYBODY], "line": {"points": 6}}, "line.points"),
        ({"rules": [ANYBODY], "fit": {"maximum": 4}, "line": {"points": 5}}, "line.points"),
        ({"fit": {"minimum": 5, "maximum": 9}}, "fit"),
        ({"engagement": {"minimum": -9, "maximum": -5}}, "engagement"),
    ],
)
def test_what_could_never_matter_is_found(document: dict[str, Any], field: str) -> None:
    found = faults_of(a_policy(**document))

    assert found[0].field == field


@pytest.mark.parametrize(
    "document",
    [
        {"name": "Test"},
        {"name": "Test", "line": {"points": 1}, "lines": []},
        {"name": "Test", "line": {"points": "1"}},
        {"name": "Test", "line": {"points": 1e9}},
        {"name": "Test", "line": {"points": float("nan")}},
        {"name": "Te\0st", "line": {"points": 1}},
        {"name": "Te\ud800st", "line": {"points": 1}},
        {"name": "Test", "line": {"points": 1, "reachable_by": []}},
        {"name": "Test", "line": {"points": 1}, "rules": [ANYBODY | {"group": "luck"}]},
        {"name": "Test", "line": {"points": 1}, "rules": [ANYBODY | {"when": [{}]}]},
        {
            "name": "Test",
            "line": {"points": 1},
            "rules": [ANYBODY | {"when": [{"attribute": "shoe_size", "any_of": ["44"]}]}],
        },
    ],
)
def test_a_document_that_is_not_a_policy_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PolicyDocument.model_validate(document)


def test_the_most_that_anybody_can_have_counts_each_range() -> None:
    policy = a_policy(rules=[ANYBODY, BACK | {"from_lead": 2, "to_lead": 4}])

    assert points_max(policy) == 11


def test_a_policy_keeps_the_version_that_it_was_given() -> None:
    assert policy_of(7, DEFAULT).version == 7


def test_the_published_schema_is_that_of_the_shapes() -> None:
    assert FILE.read_text() == schema_text(), "python -m lead_scoring.repository.schema writes it"


def test_a_document_of_the_first_format_reads_as_it_did() -> None:
    stored = (
        '{"format": 1, "name": "Old", "fit": {"minimum": -50, "maximum": 100},'
        ' "engagement": {"minimum": 0, "maximum": 50}, "rules": [{"id": "back",'
        ' "group": "engagement", "points": 10, "text": "came back", "when": [], "from_lead": 2,'
        ' "to_lead": 4}, {"id": "all", "group": "fit", "points": 3, "text": "all", "when": [],'
        ' "from_lead": 1, "to_lead": 1}], "disqualify": [], "line": {"points": 5,'
        ' "reachable_by": ["email"], "needs_consent": false, "without_consent": "nurture"}}'
    )

    policy = read_policy(1, stored)

    leads = [a_fact(number, minutes=number) for number in range(1, 7)]
    assert [score(leads[:count], policy).engagement for count in (1, 2, 4, 6)] == [0, 10, 30, 30]
    assert score(leads, policy).fit == 3
    assert faults_of(policy) == []


def test_the_policy_that_the_readme_shows_can_be_published() -> None:
    text = README.read_text().split("```toml\n", 1)[1].split("```", 1)[0]

    policy = policy_of(1, PolicyDocument.model_validate(tomllib.loads(text)))

    assert faults_of(policy) == []
    assert len(policy.rules) == 4
