"""Vendors that sign nothing: the secret itself comes with each request."""

import binascii
from base64 import b64decode

from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.shape import BadSignature, Secrets
from marketing_intake.reading.vendors.signatures import check_key, equals_any


def check_secret(raw: Raw, secrets: Secrets, header: str = "") -> None:
    """Pass when an active secret comes as the named header, as a Bearer token (RFC 6750), by Basic
    (RFC 7617), or in the address as `check_key` has it. A Basic secret is the password, or the
    user and the password with a colon, or the user where there is no password.

    Raises `BadSignature`; what is there but wrong is not made good by another place.
    """
    if header and raw.headers.get(header):
        _check([raw.headers[header]], secrets)
        return
    scheme, _, credentials = raw.headers.get("authorization", "").partition(" ")
    match scheme.lower():
        case "":
            check_key(raw, secrets)
        case "bearer":
            _check([credentials.strip()], secrets)
        case "basic":
            _check(_basic(credentials.strip()), secrets)
        case _:
            raise BadSignature("the authorization must be Basic or Bearer")


def _check(given: list[str], secrets: Secrets) -> None:
    matches = [bool(one) and equals_any(one, secrets) for one in given]
    if not any(matches):
        raise BadSignature("the secret is not any active one")


def _basic(credentials: str) -> list[str]:
    try:
        pair = b64decode(credentials, validate=True).decode()
    except (binascii.Error, ValueError):
        raise BadSignature("the Basic credentials are not base64 of UTF-8") from None
    user, _, password = pair.partition(":")
    return [pair, password or user]
