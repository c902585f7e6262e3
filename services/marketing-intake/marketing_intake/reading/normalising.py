"""E-mail addresses and phone numbers made comparable: common shapes quickly, others by library."""

from functools import lru_cache

import email_validator
import phonenumbers

from marketing_intake.domain import identity


def normalised_email(text: str) -> str | None:
    """The address made comparable; None when it is none."""
    common = identity.common_email(text)
    if common is not None:
        return common
    try:
        checked = email_validator.validate_email(text, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return None
    return checked.normalized.lower()


@lru_cache(maxsize=10_000)
def normalised_phone(text: str, region: str) -> str | None:
    """The number in E.164; None when it can't be one."""
    common = identity.common_phone(text)
    if common is not None:
        return common
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
