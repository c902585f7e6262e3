"""Cards, job titles, declared traits and redirects: the small rules of what a lead says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.contracts.vocabulary import Seniority
from marketing_intake.domain.card import merged_card
from marketing_intake.domain.form import is_allowed
from marketing_intake.domain.seniority import seniority
from marketing_intake.domain.traits import BadTrait, DeclaredTrait, TraitKind, declared_only

CARDS = st.fixed_dictionaries(
    {},
    optional={
        "given_name": st.sampled_from(["Ada", "Ben"]),
        "email": st.none() | st.sampled_from(["ada@example.org", "ben@example.org"]),
        "external_ids": st.dictionaries(st.sampled_from(["crm", "shop"]), st.sampled_from("12")),
    },
)
COLOUR = DeclaredTrait("colour", TraitKind.TEXT, frozenset({"red", "blue"}))
SIZE = DeclaredTrait("size", TraitKind.NUMBER)
OPEN = DeclaredTrait("open", TraitKind.BOOLEAN)
DECLARED = {trait.name: trait for trait in (COLOUR, SIZE, OPEN)}


@given(CARDS, CARDS)
def test_a_card_takes_what_is_new_and_loses_nothing(
    old: dict[str, object], new: dict[str, object]
) -> None:
    card = merged_card(old, new)

    for name in ("given_name", "email"):
        expected = new.get(name) if new.get(name) is not None else old.get(name)
        assert card.get(name) == expected
    assert merged_card(card, new) == card


def test_external_ids_of_several_sources_stand_side_by_side() -> None:
    card = merged_card({"external_ids": {"crm": "1"}}, {"external_ids": {"shop": "2"}})

    assert card == {"external_ids": {"crm": "1", "shop": "2"}}


@pytest.mark.parametrize(
    ("job_title", "rank"),
    [
        (None, Seniority.UNKNOWN),
        ("", Seniority.UNKNOWN),
        ("Co-founder and CEO", Seniority.OWNER),
        ("Vice President, Director of Baking", Seniority.EXECUTIVE),
        ("cfo", Seniority.EXECUTIVE),
        ("Head of Ovens", Seniority.DIRECTOR),
        ("Team Lead", Seniority.MANAGER),
        ("Misleading artist", Seniority.STAFF),
        ("Baker", Seniority.STAFF),
    ],
)
def test_a_job_title_speaks_of_a_rank(job_title: str | None, rank: Seniority) -> None:
    assert seniority(job_title) is rank


def test_only_declared_traits_travel() -> None:
    given_traits = {"colour": "red", "size": 3, "open": False, "name": "Ada", "note": None}

    assert declared_only(given_traits, DECLARED) == {"colour": "red", "size": 3, "open": False}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("colour", "green", "must be one of blue, red"),
        ("colour", 7, "must be one of blue, red"),
        ("size", "large", "must be a number"),
        ("size", True, "must be a number"),
        ("size", 1e300, "must be a number"),
        ("size", float("nan"), "must be a number"),
        ("open", "yes", "must be a boolean"),
    ],
)
def test_a_trait_outside_its_declaration_is_refused_by_name(
    name: str, value: object, expected: str
) -> None:
    assert declared_only({name: value}, DECLARED) == BadTrait(name, expected)


@pytest.mark.parametrize(
    ("url", "is_open"),
    [
        ("https://shop.example/thanks", True),
        ("https://pages.example/any/thing?x=1", True),
        ("https://shop.example/other", False),
        ("https://shop.example.evil.example/thanks", False),
        ("https://pages.example@evil.example/", False),
        ("https://pages.example\\@evil.example/", False),
        ("//pages.example/thanks", False),
        ("javascript:alert(1)", False),
        ("/thanks", False),
        ("", False),
    ],
)
def test_a_redirect_goes_to_a_listed_page_or_below_a_listed_origin(
    url: str,
    is_open: bool,
) -> None:
    allowed = ("https://shop.example/thanks", "https://pages.example")

    assert is_allowed(url, allowed) is is_open
