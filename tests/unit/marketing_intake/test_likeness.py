"""People who may be one: what makes them alike, and what keeps them apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing_intake.domain.candidates import (
    ALIKE_FROM,
    likeness,
    likenesses,
    pair_of,
    pairs_of,
)

ADA = {
    "given_name": "Ada",
    "family_name": "Lovelace",
    "company": "Crumpet Ltd",
    "phone": "+12025550123",
    "email": "ada.lovelace@example.org",
}
CARDS = st.fixed_dictionaries(
    {},
    optional={
        "given_name": st.sampled_from(["Ada", "A.", "Adam", "Ben", "n/a"]),
        "family_name": st.sampled_from(["Lovelace", "Lovelance", "Love", "Baker", "-"]),
        "company": st.sampled_from(["Crumpet", "CRUMPET Ltd.", "Teacake", "none"]),
        "phone": st.sampled_from(["+12025550123", "+492025550123", "+12025550199"]),
        "email": st.sampled_from(["ada.lovelace@example.org", "adalovelace@gmail.com", "x@y.org"]),
    },
)


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        (
            {"given_name": "ADA", "family_name": "Lovelace", "company": "CRUMPET"},
            ("name", "company"),
        ),
        (
            {"given_name": "Ada", "family_name": "Lovelance", "phone": "+442025550123"},
            ("name", "phone"),
        ),
        (
            {"given_name": "Ada", "family_name": "Lovelace", "email": "adalovelace@gmail.com"},
            ("name", "mailbox"),
        ),
        ({"phone": "+12025550123", "company": "Crumpet"}, ("company", "phone")),
    ],
)
def test_a_name_and_one_more_thing_make_people_alike(
    other: dict[str, object], reasons: tuple[str, ...]
) -> None:
    found = likeness(ADA, other)

    assert found.score >= ALIKE_FROM
    assert found.reasons == reasons
    assert likenesses(ADA) & likenesses(other)


@pytest.mark.parametrize(
    "other",
    [
        {**ADA, "given_name": "Ben"},
        {**ADA, "family_name": "Baker"},
        {"given_name": "Ada", "family_name": "Lovelace"},
        {"company": "Crumpet"},
        {"phone": "+12025550123"},
        {},
    ],
)
def test_another_name_or_a_name_alone_makes_nobody_alike(other: dict[str, object]) -> None:
    assert likeness(ADA, other).score < ALIKE_FROM


@given(CARDS, CARDS)
def test_likeness_is_mutual_and_between_nothing_and_certain(
    one: dict[str, object], other: dict[str, object]
) -> None:
    found = likeness(one, other)

    assert found.score == likeness(other, one).score
    assert 0.0 <= found.score <= 1.0


@given(CARDS, CARDS)
def test_whoever_is_alike_is_found_by_a_hash(
    one: dict[str, object], other: dict[str, object]
) -> None:
    if likeness(one, other).score >= ALIKE_FROM:
        assert likenesses(one) & likenesses(other)


def test_a_pair_is_always_the_same_way_round() -> None:
    assert pair_of("b", "a") == pair_of("a", "b") == ("a", "b")
    assert pairs_of(["c", "a", "b"]) == [("a", "c"), ("b", "c"), ("a", "b")]
