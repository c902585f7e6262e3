"""Enrichment: what providers may say of a company, in words that identify nobody.

A provider is asked about a domain, never about a person, and what it says beyond this vocabulary
is dropped: a name, an address or a telephone number can't get into a fact by way of a provider.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from baton.contracts.vocabulary import EmailKind
from marketing_intake.domain.company import company_domain, company_id_of, size_band
from marketing_intake.domain.identity_domains import email_kind
from marketing_intake.domain.traits import TraitValue

PROVIDERS_MAX: Final = 5
COUNTRY: Final = re.compile(r"[A-Z]{2}")
INDUSTRY_CODE: Final = re.compile(r"[A-U]?[0-9]{1,6}(\.[0-9]{1,3}){0,3}")
"""As NACE, ISIC, NAICS, SIC and GICS write them: `62.01`, `J62`, `511210`."""
INDUSTRIES: Final = frozenset(
    {
        "agriculture", "mining", "manufacturing", "energy", "water", "construction", "trade",
        "transport", "hospitality", "information", "software", "finance", "real_estate",
        "professional", "administrative", "public", "education", "health", "arts",
        "other_services", "households", "international",
    }
)  # fmt: skip
"""The sections of ISIC, and software, of which there is so much."""
MILLION: Final = 1_000_000
REVENUES: Final = (
    (1 * MILLION, "0-1m"),
    (10 * MILLION, "1m-10m"),
    (50 * MILLION, "10m-50m"),
    (100 * MILLION, "50m-100m"),
    (500 * MILLION, "100m-500m"),
    (1000 * MILLION, "500m-1b"),
)
REVENUE_LARGEST: Final = "1b+"
REVENUE_MAX: Final = 10**13
YES_AND_NO: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class Trait(StrEnum):
    """What is known of a company; the values of each are few, or codes of a public list."""

    COMPANY_SIZE = "company_size"
    REVENUE = "revenue"
    INDUSTRY = "industry"
    INDUSTRY_CODE = "industry_code"
    COMPANY_COUNTRY = "company_country"
    IS_PUBLIC = "is_public"


PROVIDED: Final[Mapping[Trait, str]] = {
    Trait.COMPANY_SIZE: "employees",
    Trait.REVENUE: "revenue",
    Trait.INDUSTRY: "industry",
    Trait.INDUSTRY_CODE: "industry_code",
    Trait.COMPANY_COUNTRY: "country",
    Trait.IS_PUBLIC: "is_public",
}
"""Where a provider says each, when it is not configured otherwise."""


class ProviderKind(StrEnum):
    """How a provider is asked."""

    FILE = "file"
    HTTP = "http"


@dataclass(frozen=True, slots=True)
class Provider:
    """Somebody who knows companies.

    `fields` says for each trait where it stands: a column of the file, or a path into the answer.
    `url` may hold `{domain}`; without it the domain is the parameter `domain`. `sealed` is its key,
    which only the vault opens. At most `per_day` questions are asked in a day of UTC, and an answer
    is good for `kept_days`.
    """

    name: str
    kind: ProviderKind
    fields: Mapping[Trait, str]
    url: str | None = None
    seconds: float = 5.0
    per_day: int = 1000
    kept_days: int = 30
    sealed: bytes | None = None


def traits_of(given: Mapping[Trait, object]) -> dict[str, TraitValue]:
    """What of the given can be said; a value that is not of its trait's form is dropped."""
    found = {trait: _checked(trait, value) for trait, value in given.items()}
    return {trait.value: value for trait, value in found.items() if value is not None}


def asked_about(email: str | None) -> str | None:
    """The domain that providers are asked about; None where an address says of no company."""
    if email is None or email_kind(email) is not EmailKind.BUSINESS:
        return None
    return company_domain(email)


def domain_of(emails: list[str], company_id: str | None, pepper: bytes) -> str | None:
    """The domain among a person's addresses that the lead's company was known by."""
    for email in emails:
        if company_id_of(email, None, pepper) == company_id and company_id is not None:
            return asked_about(email)
    return None


def _checked(trait: Trait, value: object) -> TraitValue | None:
    match trait:
        case Trait.COMPANY_SIZE:
            return size_band(value)
        case Trait.REVENUE:
            return _revenue(value)
        case Trait.INDUSTRY:
            word = _text(value).lower().replace(" ", "_")
            return word if word in INDUSTRIES else None
        case Trait.INDUSTRY_CODE:
            code = _text(value).upper()
            return code if INDUSTRY_CODE.fullmatch(code) else None
        case Trait.COMPANY_COUNTRY:
            country = _text(value).upper()
            return country if COUNTRY.fullmatch(country) else None
        case Trait.IS_PUBLIC:
            return YES_AND_NO.get(_text(value).lower())


def _revenue(value: object) -> str | None:
    """The band of a year's revenue, given as a number, or as a band already."""
    text = _text(value).lower()
    if text in {band for _, band in REVENUES} | {REVENUE_LARGEST}:
        return text
    digits = text.replace(",", "").replace("_", "").partition(".")[0]
    if not digits.isascii() or not digits.isdigit() or len(digits) > len(str(REVENUE_MAX)):
        return None
    revenue = int(digits)
    return next((band for limit, band in REVENUES if revenue < limit), REVENUE_LARGEST)


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int | float) else ""
