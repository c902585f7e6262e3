"""A policy as people write it: what is written is read again, and each fault has its line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_scoring.repository.default_policy import DEFAULT
from lead_scoring.repository.documents import PolicyDocument
from lead_scoring.repository.policy_text import TextFault, line_of, read_text, text_of

FULL: dict[str, Any] = {
    "name": "Full",
    "engagement": {"maximum": 60, "decay": {"percent": 10, "every_days": 7.5}},
    "rules": [
        {"id": "large", "group": "fit", "points": 2.5, "text": 'a "large" company \\ é',
         "when": [{"attribute": "trait:size", "at_least": 100}, {"gave_any_of": ["email"]}]},
        {"id": "many", "group": "fit", "points": 5, "text": "several of them wrote",
         "company": {"count_of": "people", "at_least": 2}},
        {"id": "demo", "group": "engagement", "points": 25, "text": "asked for a demo",
         "activities": ["demo_requested"], "exactly": 2, "within_days": 0.5},
    ],
    "disqualify": [{"id": "tiny", "text": "tiny", "when": [
        {"attribute": "is_returning", "any_of": [True]}]}],
    "bands": {"fit": {"A": 5, "B": 1}, "engagement": {"1": 20, "2": 10}},
    "line": {"points": 3, "required": ["email"], "again_after_days": 90},
    "segments": [{"id": "paid", "when": [{"attribute": "channel", "any_of": ["paid_search"]}],
                  "line": {"points": 7, "needs_consent": True}}],
}  # fmt: skip
TEXTS = st.text(min_size=1, max_size=50).filter(lambda text: "\0" not in text)


@pytest.mark.parametrize("document", [DEFAULT, PolicyDocument.model_validate(FULL)])
def test_what_is_written_is_read_again(document: PolicyDocument) -> None:
    found = read_text(text_of(document))

    assert isinstance(found, PolicyDocument)
    assert found == document


@given(TEXTS)
def test_any_text_is_written_as_toml_can_be_read(text: str) -> None:
    try:
        document = PolicyDocument.model_validate(FULL | {"name": text})
    except ValueError:
        return  # not storable

    found = read_text(text_of(document))

    assert isinstance(found, PolicyDocument)
    assert found.name == text


def test_json_is_read_as_well() -> None:
    assert read_text(DEFAULT.model_dump_json()) == DEFAULT


FAULTY = """name = "Faulty"

[line]
points = 500

[[rules]]
id = "first"
group = "fit"
points = 5
text = "?"

[[rules]]
id = "first"
group = "fit"
text = "?"
points = 5
when = [{attribute = "email_kind", any_of = ["nonsense"]}]
"""


def faults_in(text: str) -> list[tuple[str, int | None]]:
    """Places and lines of what is wrong."""
    found = read_text(text)
    assert isinstance(found, list)
    return [(fault.place, fault.line) for fault in found]


def test_each_fault_is_at_its_line() -> None:
    assert dict(faults_in(FAULTY)) == {
        "rules.0.id": 7,
        "rules.1.id": 13,
        "rules.1.when.0": 17,
        "line.points": 4,
    }


def test_a_key_that_nobody_knows_and_one_that_is_missing_are_at_their_lines() -> None:
    text = 'name = "x"\ncolour = 1\n\n[line]\nheight = 3\n\n[[rules]]\nid = "a"\ntext = "a"\n'

    found = dict(faults_in(text))

    assert (found["colour"], found["line.height"]) == (2, 5)
    assert found["rules.0.points"] == 7


def test_a_text_that_can_not_be_read_is_told_with_its_line() -> None:
    assert read_text('name = "x"\npoints 5\n') == [
        TextFault("", "this is no TOML: a quote, a bracket or an equals sign is missing, or one too"
                  " many", 2),
    ]  # fmt: skip
    assert faults_in('{"name": "x",\n "line" 5}') == [("", 2)]


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(read_text(text), PolicyDocument | list)
    assert (line_of(text, "rules.3.points") or 1) <= text.count("\n") + 1
