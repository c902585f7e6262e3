"""What several vendors' signature schemes share; each compares in constant time."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.shape import BadSignature, Secrets


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


def equals_any(given: str, secrets: Iterable[str]) -> bool:
    """Whether a text that came is one of the secrets, in constant time for each."""
    matches = [hmac.compare_digest(given.encode(), one.encode()) for one in secrets]
    return any(matches)
