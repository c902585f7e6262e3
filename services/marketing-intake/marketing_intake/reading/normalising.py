"""E-mail addresses and phone numbers made comparable: common shapes quickly, others by library."""

import unicodedata
from functools import lru_cache
from typing import Final

import email_validator
import phonenumbers

from marketing_intake.domain import identity

NUMBERS_REMEMBERED: Final = 10_000
SHARED_CODES: Final = ("+1", "+7")
"""Country codes of more than one country, of which the common ones would be asked for in vain."""
COUNTRY_CODE_CHARACTERS: Final = 2


def normalised_email(text: str) -> str | None:
    """The address in small letters and one spelling, its domain in Unicode; None: it is none.

    This is what a card keeps. For comparing, providers' own rules are laid over it: see
    `same_mailbox`. Addresses that can't be used on the Internet (quoted local parts, comments,
    address literals, names without a dot, reserved endings) are none.
    """
    common = identity.common_email(text)
    if common is not None:
        return common
    try:
        checked = email_validator.validate_email(text, check_deliverability=False, strict=True)
    except email_validator.EmailNotValidError:
        return None
    # Small letters of composed characters need not be composed.
    return unicodedata.normalize("NFC", checked.normalized.lower())


@lru_cache(maxsize=NUMBERS_REMEMBERED)
def normalised_phone(text: str, region: str, otherwise: str | None = None) -> str | None:
    """The number in E.164 without its extension; None when it can't be one.

    `region` is whose numbers lack a country code; `otherwise` stands in for one that has no
    numbering plan of its own.
    """
    common = identity.common_phone(text)
    if common is not None:
        return common
    if otherwise is not None and region not in phonenumbers.SUPPORTED_REGIONS:
        region = otherwise
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=NUMBERS_REMEMBERED)
def country_of_phone(phone: str) -> str | None:
    """The country, ISO 3166-1 alpha-2, that an E.164 number is of; None when it is not certain."""
    if phone.startswith(SHARED_CODES):
        return None
    region = phonenumbers.region_code_for_number(phonenumbers.parse(phone, None))
    if region is None or len(region) != COUNTRY_CODE_CHARACTERS:
        return None
    country: str = region
    return country
