"""What providers may say of a company: a fixed vocabulary, few values, and nobody's name."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing_intake.domain.breaker import ALONE_SECONDS_MAX, CLOSED, FAILURES_MAX
from marketing_intake.domain.company import company_id_of
from marketing_intake.domain.enrichment import (
    INDUSTRIES,
    PROVIDED,
    Trait,
    asked_about,
    domain_of,
    traits_of,
)
from marketing_intake.reading.company_file import companies_of
from marketing_intake.reading.findings import Unreadable

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
BANDS = {"0-1m", "1m-10m", "10m-50m", "50m-100m", "100m-500m", "500m-1b", "1b+"}
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.lists(st.text(max_size=3), max_size=2),
)


@pytest.mark.parametrize(("trait", "value", "said"), [
    (Trait.COMPANY_SIZE, 120, "51-200"),
    (Trait.COMPANY_SIZE, "51-200", "51-200"),
    (Trait.COMPANY_SIZE, "many", None),
    (Trait.REVENUE, 12_500_000, "10m-50m"),
    (Trait.REVENUE, "999,999.99", "0-1m"),
    (Trait.REVENUE, "1B+", "1b+"),
    (Trait.REVENUE, 2 * 10**9, "1b+"),
    (Trait.REVENUE, -5, None),
    (Trait.REVENUE, "ada@example.org", None),
    (Trait.INDUSTRY, "Real Estate", "real_estate"),
    (Trait.INDUSTRY, "Acme Ovens Ltd", None),
    (Trait.INDUSTRY_CODE, "62.01", "62.01"),
    (Trait.INDUSTRY_CODE, "j62", "J62"),
    (Trait.INDUSTRY_CODE, 511210, "511210"),
    (Trait.INDUSTRY_CODE, "+44 20 7946 0000", None),
    (Trait.COMPANY_COUNTRY, "de", "DE"),
    (Trait.COMPANY_COUNTRY, "Germany", None),
    (Trait.IS_PUBLIC, True, True),
    (Trait.IS_PUBLIC, "no", False),
    (Trait.IS_PUBLIC, "perhaps", None),
])  # fmt: skip
def test_a_value_is_said_in_our_words_or_not_at_all(
    trait: Trait, value: object, said: object
) -> None:
    expected = {} if said is None else {trait.value: said}

    assert traits_of({trait: value}) == expected


@given(st.dictionaries(st.sampled_from(Trait), ANYTHING))
def test_whatever_a_provider_says_nothing_else_is_said(given_: dict[Trait, Any]) -> None:
    said = traits_of(given_)

    assert said.keys() <= {trait.value for trait in given_}
    assert said.get("revenue", "1b+") in BANDS
    assert said.get("industry", "software") in INDUSTRIES
    assert all(len(str(value)) <= 20 for value in said.values())


def test_providers_are_asked_about_companies_alone() -> None:
    assert asked_about("ada@mail.crumpet.co.uk") == "crumpet.co.uk"
    assert asked_about("ada@gmail.com") is None
    assert asked_about("ada@mailinator.com") is None
    assert asked_about(None) is None


def test_the_domain_is_that_by_which_the_company_was_known() -> None:
    pepper = b"p" * 32
    company = company_id_of("ada@crumpet.org", None, pepper)
    emails = ["ada@other.org", "ada@crumpet.org"]

    assert domain_of(emails, company, pepper) == "crumpet.org"
    assert domain_of(emails, company_id_of(None, "Crumpet", pepper), pepper) is None
    assert domain_of(emails, None, pepper) is None


def test_who_fails_is_left_alone_longer_each_time_until_they_succeed() -> None:
    breaker = CLOSED
    alone = []
    for _ in range(FAILURES_MAX + 7):
        breaker = breaker.failed(NOON)
        alone.append(breaker.seconds_left(NOON))

    assert alone[: FAILURES_MAX + 2] == [0.0] * (FAILURES_MAX - 1) + [30.0, 60.0, 120.0]
    assert alone[-1] == ALONE_SECONDS_MAX
    assert breaker.seconds_left(NOON + timedelta(seconds=ALONE_SECONDS_MAX)) == 0.0
    assert CLOSED.left_alone(NOON, 77.0).seconds_left(NOON) == 77.0


def test_a_file_is_read_by_its_columns() -> None:
    body = (
        b"\xef\xbb\xbfdomain,employees,Land,Contact\r\n"
        b"WWW.Crumpet.org,120,gb,Ada\r\n"
        b'"scone.org","1,000+",,\r\n'
        b"crumpet.org,5,de,second rows do not count\r\n"
        b",7,,\r\n"
    )

    companies = companies_of(body, {**PROVIDED, Trait.COMPANY_COUNTRY: "Land"})

    assert companies == {
        "crumpet.org": {"company_size": "51-200", "company_country": "GB"},
        "scone.org": {"company_size": "1001-5000"},
    }


@pytest.mark.parametrize(("body", "expected"), [
    (b"", "must have a column domain"),
    (b"name,employees\nx,5\n", "must have a column domain"),
    (b"domain\n\xff\n", "must be UTF-8"),
    (b'domain\n"crumpet.org\n', "must be CSV"),
])  # fmt: skip
def test_a_file_that_can_not_be_read_says_why(body: bytes, expected: str) -> None:
    with pytest.raises(Unreadable, match=expected):
        companies_of(body, PROVIDED)


def test_companies_of_which_the_same_is_known_share_it() -> None:
    rows = b"".join(b"c%d.org,120\n" % number for number in range(1000))

    companies = companies_of(b"domain,employees\n" + rows, PROVIDED)

    assert len({id(traits) for traits in companies.values()}) == 1
