"""Addresses and numbers: common shapes are read quickly, and exactly as the libraries read them."""

import unicodedata

import email_validator
import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.contracts.vocabulary import EmailKind
from marketing_intake.domain.identity import (
    COMMON_EMAIL,
    COMMON_PHONE,
    common_email,
    common_phone,
    email_kind,
)
from marketing_intake.domain.identity_domains import also_disposable, same_mailbox
from marketing_intake.reading.normalising import (
    country_of_phone,
    normalised_email,
    normalised_phone,
)

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
        checked = email_validator.validate_email(text, check_deliverability=False, strict=True)
    except email_validator.EmailNotValidError:
        return None
    return unicodedata.normalize("NFC", checked.normalized.lower())


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


@settings(max_examples=400)
@given(EMAILS)
def test_an_address_that_was_made_comparable_stays_as_it_is(text: str) -> None:
    once = normalised_email(text)

    assert once is None or normalised_email(once) == once


@settings(max_examples=200)
@given(PHONES)
def test_a_number_that_was_made_comparable_stays_as_it_is(text: str) -> None:
    once = normalised_phone(text, "US")

    assert once is None or normalised_phone(once, "DE") == once


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
        (f"{'a' * 65}@example.org", None),
        ("ada@xn--bcher-kva.example.org", "ada@bücher.example.org"),
        ("Ada@BÜCHER.example.org", "ada@bücher.example.org"),
        ('"ada lovelace"@example.org', None),
        ("ada(comment)@example.org", None),
        ("ada@[192.0.2.1]", None),
        ("Ada <ada@example.org>", None),
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


@pytest.mark.parametrize(
    ("email", "same"),
    [
        ("a.d.a+news@gmail.com", "ada@gmail.com"),
        ("ada@googlemail.com", "ada@gmail.com"),
        ("ada.l+x@outlook.com", "ada.l@outlook.com"),
        ("ada@me.com", "ada@icloud.com"),
        ("ada_l.ove-lace@pm.me", "adalovelace@proton.me"),
        ("ada-shop@yahoo.com", "ada@yahoo.com"),
        ("ada.l@ya.ru", "ada-l@yandex.ru"),
        ("a.da+news@example.org", "a.da+news@example.org"),
        ("+news@gmail.com", "+news@gmail.com"),
    ],
)
def test_a_provider_says_what_its_mailboxes_make_no_difference_of(email: str, same: str) -> None:
    assert same_mailbox(email) == same


@given(
    st.text("ab.+-_", min_size=1, max_size=12),
    st.sampled_from(["gmail.com", "googlemail.com", "pm.me", "yahoo.de", "ya.ru", "example.org"]),
)
def test_one_spelling_of_a_mailbox_is_the_last(local: str, domain: str) -> None:
    once = same_mailbox(f"{local}@{domain}")

    assert same_mailbox(once) == once


def test_an_operator_may_hold_more_domains_for_disposable() -> None:
    also_disposable(["thrown-away.example.org"])

    assert email_kind("ada@thrown-away.example.org") is EmailKind.DISPOSABLE


def test_a_country_without_a_numbering_plan_is_stood_in_for() -> None:
    assert normalised_phone("030 901820", "XX", "DE") == "+4930901820"


@pytest.mark.parametrize(
    ("phone", "country"),
    [
        ("+4930901820", "DE"),
        ("+442079460000", "GB"),
        ("+12025550123", None),
        ("+80012345678", None),
    ],
)
def test_a_number_says_its_country_where_that_is_certain(phone: str, country: str | None) -> None:
    assert country_of_phone(phone) == country
