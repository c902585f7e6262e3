"""The signature of a generic source: made up of configured pieces."""

import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.generic_config import PLACE
from marketing_intake.reading.vendors.shape import BadSignature, Config, Secrets
from marketing_intake.reading.vendors.signatures import (
    WINDOW,
    check_age,
    check_any,
    from_base64,
    from_hex,
    header_of,
)

SIGNATURES_MAX: Final = 10
STANDARD_PREFIX: Final = "whsec_"
MILLISECOND_DIGITS: Final = 12
"""A number with as many digits or more is in milliseconds: in seconds it would be the year 5138."""


def check_signature(raw: Raw, secrets: Secrets, config: Config, now: datetime) -> None:
    """Pass when one of the signatures in the header is of an active secret, and new enough.

    Senders that rotate secrets write several, with spaces or commas between.
    Raises `BadSignature`; the configuration has been checked.
    """
    timestamp_header = config.get("timestamp_header")
    timestamp = header_of(raw, timestamp_header.lower()) if timestamp_header else ""
    signed = _signed(raw, str(config.get("signed", "{body}")), timestamp)
    given = list(_given(raw, config))[:SIGNATURES_MAX]
    matches = [_is_of_any(secrets, one, signed, config) for one in given]
    if not any(matches):
        raise BadSignature("the signature is not of any active secret")
    if timestamp_header:
        seconds = config.get("tolerance_seconds")
        check_age(_seconds(timestamp), now, timedelta(seconds=seconds) if seconds else WINDOW)


def _is_of_any(secrets: Secrets, given: bytes, signed: bytes, config: Config) -> bool:
    algorithm = config.get("algorithm", "sha256")
    try:
        check_any(
            secrets, given, lambda secret: hmac.digest(_key(secret, config), signed, algorithm)
        )
    except BadSignature:
        return False
    return True


def _given(raw: Raw, config: Config) -> Iterator[bytes]:
    """The signatures. A prefix such as `v1,` may have a comma, so the spaces part first."""
    value = header_of(raw, config["signature_header"].lower())
    prefix = str(config.get("prefix", ""))
    decode = from_base64 if config.get("encoding") == "base64" else from_hex
    apart = value.split() if "," in prefix else value.replace(",", " ").split()
    prefixed = [one.removeprefix(prefix) for one in apart if one.startswith(prefix)]
    if not prefixed:
        raise BadSignature("the signature has not the configured prefix")
    return (decode(one) for one in prefixed)


def _signed(raw: Raw, template: str, timestamp: str) -> bytes:
    values = {"timestamp": timestamp, "method": raw.method, "url": raw.url}
    pieces: list[bytes] = []
    for place, piece in enumerate(PLACE.split(template)):
        # Every other piece is the name between braces.
        if place % 2 == 0:
            pieces.append(piece.encode())
        elif piece == "body":
            pieces.append(raw.body)
        elif piece in values:
            pieces.append(values[piece].encode(errors="surrogatepass"))
        else:
            pieces.append(header_of(raw, piece.partition(":")[2].lower()).encode())
    return b"".join(pieces)


def _key(secret: str, config: Config) -> bytes:
    if config.get("secret_encoding") == "base64":
        return from_base64(secret.removeprefix(STANDARD_PREFIX))
    return secret.encode()


def _seconds(timestamp: str) -> float:
    if not timestamp.isdecimal() or len(timestamp) > 15:
        raise BadSignature("the timestamp is not a time since 1970")
    return int(timestamp) / (1000 if len(timestamp) >= MILLISECOND_DIGITS else 1)
