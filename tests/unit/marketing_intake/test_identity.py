"""Identifiers: common shapes are read quickly, and exactly as the libraries read them."""

import email_validator
import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.contracts.vocabulary import EmailKind
from marketing_intake.domain.identity import (
    COMMON_EMAIL,
    COMMON_PHONE,
    Identifier,
    common_email,
    common_phone,
    email_kind,
    identifiers,
)
from marketing_intake.reading.normalising import normalised_email, normalised_phone

LETTERS = "abcXYZ019"
LOCAL = st.text(LETTERS + "._+-", min_size=1, max_size=70)
LABEL = st.text(LETTERS + "-", min_size=1, max_size=66)
ENDING = st.sampled_from(
    ["com", "test", "example", "local", "arpa", "DE", "c0m", "museum", "xn--p"]
)
LIKELY_EMAILS = st.builds(
    lambda local, labels, ending: f"{local}@{'.'.join([*labels, ending])}",
    LOCAL,
    st.lists(LABEL, min_size=1, max_size=4),
    ENDING,
)
EMAILS = st.one_of(LIKELY_EMAILS, st.from_regex(COMMON_EMAIL), st.emails(), st.text(max_size=30))
PHONES = st.one_of(
    st.from_regex(COMMON_PHONE),
    st.text("+0123456789 ()-", max_size=16),
    st.builds("+1{}".format, st.integers(10**8, 10**11)),
)


def email_by_library(text: str) -> str | None:
    """What the library makes of it, in the case that compares."""
    try:
        checked = email_validator.validate_email(text, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return None
    return checked.normalized.lower()


def phone_by_library(text: str) -> str | None:
    """What the library makes of it, in E.164."""
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@settings(max_examples=400)
@given(EMAILS)
def test_the_quick_way_reads_an_email_as_the_library_does(text: str) -> None:
    quick = common_email(text)

    assert quick is None or quick == email_by_library(text)


@settings(max_examples=200)
@given(PHONES)
def test_the_quick_way_reads_a_phone_number_as_the_library_does(text: str) -> None:
    quick = common_phone(text)

    assert quick is None or quick == phone_by_library(text)


@pytest.mark.parametrize("text", ["ada@example.org", "Ada.Lovelace+shop@mail.example.co.uk"])
def test_a_common_email_takes_the_quick_way(text: str) -> None:
    assert common_email(text) == text.lower()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada@Example.ORG", "ada@example.org"),
        ("grüße@bücher.example.org", "grüße@bücher.example.org"),
        ("ada@example.test", None),
        ("ada@localhost", None),
        ("ada@@example.org", None),
        ("ada@example.org\n", None),
        (f"ada@{'a' * 64}.org", None),
        ("", None),
    ],
)
def test_an_email_is_made_comparable_or_is_none(text: str, expected: str | None) -> None:
    assert normalised_email(text) == expected


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("+12025550123", "US", "+12025550123"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("030 901820", "DE", "+4930901820"),
        ("+49 30 901820", "US", "+4930901820"),
        ("12", "US", None),
        ("call me", "US", None),
        ("+1\u0662\u0660\u0662\u0665\u0665\u0665\u0660\u0661\u0662\u0663", "US", "+12025550123"),
    ],
)
def test_a_phone_number_is_made_comparable_or_is_none(
    text: str, region: str, expected: str | None
) -> None:
    assert normalised_phone(text, region) == expected


@pytest.mark.parametrize(
    ("email", "kind"),
    [
        (None, EmailKind.NONE),
        ("ada@gmail.com", EmailKind.FREE),
        ("ada@mailinator.com", EmailKind.DISPOSABLE),
        ("ada@example.org", EmailKind.BUSINESS),
        ("gmail.com@example.org", EmailKind.BUSINESS),
    ],
)
def test_a_domain_says_what_kind_of_address_it_is(email: str | None, kind: EmailKind) -> None:
    assert email_kind(email) == kind


def test_identifiers_come_strongest_first_and_an_external_id_belongs_to_its_source() -> None:
    found = identifiers(email="e", phone="p", external_id="x", source_id="crm")

    assert found == (
        Identifier("email", "e"),
        Identifier("phone", "p"),
        Identifier("external:crm", "x"),
    )
