"""Companies: one id for all spellings, none for a private mailbox, and a band for their size."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing_intake.domain.company import company_domain, company_id_of, size_band
from marketing_intake.domain.names import company_key, name_key

PEPPER = b"p" * 32


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Crumpet & Sons Ltd.", "crumpetandsons"),
        ("CRUMPET AND SONS LIMITED", "crumpetandsons"),
        ("The Crumpet and Sons", "crumpetandsons"),
        ("Bäcker Müller GmbH & Co. KG", "backermuller"),
        ("Acme S. A.", "acme"),
        ("Acme Sp. z o.o.", "acme"),
        ("Acme, s.r.o.", "acme"),
        ("Société d'Éclairs SARL", "societedeclairs"),
        ("Łódź Works", "lodzworks"),
        ("Foo A/S", "foo"),
        ("Foo Inc., The", "foo"),
        ("GTX Pro", "gtxpro"),
        ("株式会社テスト", "テスト"),
        ("Co", "co"),
        ("Self-employed", ""),
        ("n/a", ""),
        ("!!!", ""),
    ],
)
def test_a_company_is_compared_without_legal_form_case_and_marks(name: str, key: str) -> None:
    assert company_key(name) == key


@given(st.text(max_size=40))
def test_any_name_has_a_key_that_is_its_own_key(text: str) -> None:
    key = name_key(text)

    assert name_key(key) == key
    assert isinstance(company_key(text), str)


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("ada@crumpet.example", "crumpet.example"),
        ("ada@mail.eu.crumpet.org", "crumpet.org"),
        ("ada@mail.crumpet.co.uk", "crumpet.co.uk"),
        ("ada@crumpet.com.br", "crumpet.com.br"),
        ("ada@co.uk", "co.uk"),
        ("ada@gmail.com", None),
        ("ada@mailinator.com", None),
    ],
)
def test_the_registered_domain_says_which_company(email: str, domain: str | None) -> None:
    assert company_domain(email) == domain


def test_the_domain_counts_before_the_name() -> None:
    one = company_id_of("ada@crumpet.org", "Crumpet Ltd", PEPPER)

    assert one is not None
    assert one == company_id_of("ben@mail.crumpet.org", "Something else", PEPPER)


def test_with_a_private_mailbox_the_name_counts() -> None:
    one = company_id_of("ada@gmail.com", "Crumpet Ltd", PEPPER)

    assert one is not None
    assert one == company_id_of(None, "CRUMPET", PEPPER)
    assert one != company_id_of("ada@crumpet.org", None, PEPPER)


@pytest.mark.parametrize(
    ("email", "company"), [(None, None), ("ada@gmail.com", None), (None, "none"), (None, "")]
)
def test_who_speaks_of_no_company_has_none(email: str | None, company: str | None) -> None:
    assert company_id_of(email, company, PEPPER) is None


def test_without_the_pepper_nobody_can_make_the_id_again() -> None:
    one = company_id_of("ada@crumpet.org", None, PEPPER)

    assert one != company_id_of("ada@crumpet.org", None)
    assert one != company_id_of("ada@crumpet.org", None, b"q" * 32)


def test_the_id_is_a_uuid_of_ones_own_making_and_stays_the_same_for_ever() -> None:
    one = company_id_of("ada@crumpet.org", None, PEPPER)

    assert one == "562048f5-51b1-8c94-ab7d-308638e7dcfa"
    assert uuid.UUID(one).version == 8


@pytest.mark.parametrize(
    ("given_size", "band"),
    [
        ("51-200", "51-200"),
        ("1 - 10", "2-10"),
        ("1", "1"),
        ("1,000+", "1001-5000"),
        ("more than 500", "501-1000"),
        ("<50", "11-50"),
        ("2k", "1001-5000"),
        ("1.5k", "1001-5000"),
        ("10.000", "5001-10000"),
        ("10001+", "10001+"),
        (120, "51-200"),
        (120.0, "51-200"),
        (0, None),
        (-3, None),
        (True, None),
        (None, None),
        ("many", None),
        ("9" * 40, None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_a_number_of_employees_lies_in_a_band(given_size: object, band: str | None) -> None:
    assert size_band(given_size) == band


@given(st.text("0123456789 .,-+kmKM<>", max_size=30))
def test_whatever_a_form_offers_as_a_size_is_a_band_or_none(text: str) -> None:
    band = size_band(text)

    assert band is None or size_band(band) == band
