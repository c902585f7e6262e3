"""What several vendors' signature schemes share; each compares in constant time."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.shape import BadSignature, Secrets

WINDOW: Final = timedelta(minutes=5)
DIGITS_MAX: Final = 15
"""Of a time in milliseconds; thirteen last until the year 2286."""


def header_of(raw: Raw, name: str) -> str:
    """The header's value. Raises `BadSignature` when it is missing or not ASCII."""
    value = raw.headers.get(name, "")
    if not value:
        raise BadSignature(f"the header {name} is missing")
    if not value.isascii():
        raise BadSignature(f"the header {name} is not ASCII")
    return value


def hmac_sha256(secret: str, message: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104) under the secret as UTF-8."""
    return hmac.new(secret.encode(), message, hashlib.sha256).digest()


def check_any(secrets: Secrets, given: bytes, expected: Callable[[str], bytes]) -> None:
    """Pass when the given signature is the expected one of any active secret.

    Raises `BadSignature`; every secret is tried, so that time tells nothing.
    """
    matches = [hmac.compare_digest(given, expected(secret)) for secret in secrets]
    if not any(matches):
        raise BadSignature("the signature is not of any active secret")


def from_base64(text: str) -> bytes:
    """The bytes. Raises `BadSignature` for what is no base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadSignature("the signature is not base64") from None


def from_hex(text: str) -> bytes:
    """The bytes. Raises `BadSignature` for what is no hexadecimal number."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise BadSignature("the signature is not hexadecimal") from None


def check_age(sent_at: float, now: datetime, within: timedelta) -> None:
    """Pass when a time in seconds since 1970 lies within the window on both sides of now.

    Raises `BadSignature`.
    """
    if abs(now.timestamp() - sent_at) > within.total_seconds():
        raise BadSignature("the request is too old, or from the future")


def check_age_in_milliseconds(sent_at: str, now: datetime) -> None:
    """Pass when a header's time in milliseconds since 1970 is at most five minutes from now.

    Raises `BadSignature`, also for what is no number.
    """
    if not sent_at.isascii() or not sent_at.isdecimal() or len(sent_at) > DIGITS_MAX:
        raise BadSignature("the timestamp is not a time in milliseconds")
    check_age(int(sent_at) / 1000, now, WINDOW)


def equals_any(given: str, secrets: Iterable[str]) -> bool:
    """Whether a text that came is one of the secrets, in constant time for each."""
    came = given.encode(errors="surrogatepass")
    matches = [hmac.compare_digest(came, one.encode()) for one in secrets]
    return any(matches)


def check_key(raw: Raw, secrets: Secrets) -> None:
    """Pass when the address's parameter `key`, or the header `x-webhook-key`, is an active secret.

    For vendors that sign nothing. Raises `BadSignature`.
    """
    given = raw.query.get("key") or raw.headers.get("x-webhook-key", "")
    if not given:
        raise BadSignature("the parameter key is missing")
    if not equals_any(given, secrets):
        raise BadSignature("the key is not any active secret")
