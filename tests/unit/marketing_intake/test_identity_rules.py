"""By what a person is matched: keys, what identifies nobody, and rules of one's own."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing_intake.domain.identity import Identifier, counted_as, identifiers_of
from marketing_intake.domain.identity_rules import (
    DEFAULT_KEYS,
    DEFAULT_LIMITS,
    BadRules,
    KeyField,
    MatchRules,
    checked_blocked,
    checked_limits,
    key_text,
    parsed_keys,
)

CARD = {
    "email": "ada@example.org",
    "phone": "+12025550123",
    "given_name": "Ada",
    "family_name": "Lovelace",
    "company": "Crumpet & Sons Ltd",
    "external_ids": {"crm": "4711"},
}


def rules_of(*keys: str, blocked: Sequence[str] = ()) -> MatchRules:
    """Rules with these keys."""
    return MatchRules(keys=parsed_keys(keys), blocked=checked_blocked(blocked))


def test_identifiers_come_strongest_first_and_an_external_id_belongs_to_its_source() -> None:
    assert identifiers_of(CARD) == (
        Identifier("email", "ada@example.org"),
        Identifier("phone&family_name", "+12025550123|lovelace"),
        Identifier("external:crm", "4711"),
    )


def test_a_phone_without_a_last_name_identifies_nobody() -> None:
    assert identifiers_of({"phone": "+12025550123", "given_name": "Ada"}) == ()


def test_a_last_name_counts_without_case_marks_and_spaces() -> None:
    phone = {"phone": "+12025550123"}

    one = identifiers_of({**phone, "family_name": "De la Crûz"})

    assert one == identifiers_of({**phone, "family_name": "DELACRUZ"})


def test_the_card_keeps_what_was_given_and_the_identifier_is_the_mailbox() -> None:
    card = {"email": "a.da+shop@googlemail.com"}

    assert identifiers_of(card) == (Identifier("email", "ada@gmail.com"),)
    assert card == {"email": "a.da+shop@googlemail.com"}


@pytest.mark.parametrize(
    "email",
    [
        "info@example.org", "sales+web@example.org", "kontakt@example.org", "no-reply@example.org",
        "none@example.org", "ada@mailinator.com",
    ],
)  # fmt: skip
def test_an_address_of_a_role_or_to_throw_away_identifies_nobody(email: str) -> None:
    assert identifiers_of({"email": email}) == ()


@pytest.mark.parametrize(
    "external_id", ["0", "000-000", "-", "-1", "null", "N/A", "undefined", "  ", "anonymous"]
)
def test_a_value_that_programs_write_for_nothing_identifies_nobody(external_id: str) -> None:
    assert identifiers_of({"external_ids": {"crm": external_id}}) == ()


@pytest.mark.parametrize("phone", ["+10000000000", "+14155555555", "+11234567890", "+49987654321"])
def test_a_number_typed_in_want_of_one_identifies_nobody(phone: str) -> None:
    assert identifiers_of({"phone": phone, "family_name": "Lovelace"}) == ()


def test_a_blocked_value_identifies_nobody() -> None:
    rules = rules_of("email", "external_id", blocked=["ADA@example.org", "4711"])

    assert identifiers_of(CARD, rules) == ()


def test_a_key_of_several_fields_needs_all_of_them() -> None:
    rules = rules_of("company & email & given_name", "external_id & email & phone")

    assert identifiers_of(CARD, rules) == (
        Identifier("email&given_name&company", "ada@example.org|ada|crumpetandsons"),
        Identifier("email&phone&external_id", "ada@example.org|+12025550123|4711"),
    )
    assert identifiers_of({"email": "ada@example.org", "given_name": "Ada"}, rules) == ()


def test_the_first_key_weighs_most() -> None:
    kinds = [one.kind for one in identifiers_of(CARD, rules_of("external_id", "email"))]

    assert kinds == ["external:crm", "email"]


@pytest.mark.parametrize(
    ("kind", "limit"),
    [
        ("email", "email"),
        ("phone&family_name", "phone"),
        ("external:crm", "external_id"),
        ("external:crm&family_name", "external_id"),
        ("anonymous:shop", "anonymous_id"),
    ],
)
def test_every_kind_counts_under_the_limit_of_its_first_field(kind: str, limit: str) -> None:
    assert counted_as(kind) == limit


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        ([], "keys"),
        (["email", "email"], "keys"),
        (["email & phone", "phone&email"], "keys"),
        (["email", "shoe_size"], "keys/1"),
        (["family_name & given_name"], "keys/0"),
        (["email & email"], "keys/0"),
        (["email &"], "keys/0"),
    ],
)
def test_a_key_that_can_not_be_is_refused_with_its_place(keys: list[str], where: str) -> None:
    with pytest.raises(BadRules) as refused:
        parsed_keys(keys)

    assert refused.value.field == where


@given(st.lists(st.sets(st.sampled_from(KeyField), min_size=1, max_size=4), max_size=5))
def test_what_was_written_is_read_again(fields: list[set[KeyField]]) -> None:
    try:
        keys = parsed_keys([" & ".join(sorted(one)) for one in fields])
    except BadRules:
        return

    assert parsed_keys([key_text(key) for key in keys]) == keys


def test_the_default_keys_are_written_as_people_would() -> None:
    texts = [key_text(key) for key in DEFAULT_KEYS]

    assert texts == ["email", "phone & family_name", "external_id"]


def test_a_limit_of_ones_own_leaves_the_others_as_they_are() -> None:
    assert checked_limits({"email": 9}) == {**DEFAULT_LIMITS, "email": 9}


@pytest.mark.parametrize("limits", [{"email": 0}, {"email": 1001}, {"shoes": 1}])
def test_a_limit_that_can_not_be_is_refused(limits: dict[str, int]) -> None:
    with pytest.raises(BadRules):
        checked_limits(limits)
