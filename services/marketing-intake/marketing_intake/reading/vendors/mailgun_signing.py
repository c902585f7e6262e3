"""Mailgun's signature: over a time and a token, and over nothing of the body."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from marketing_intake.reading.vendors.shape import BadSignature, Config, Secrets
from marketing_intake.reading.vendors.signatures import (
    WINDOW,
    check_age,
    check_any,
    from_hex,
    hmac_sha256,
)


def check_triple(triple: Mapping[str, Any], secrets: Secrets, config: Config, now: datetime) -> str:
    """The token of a `timestamp`, `token` and `signature` that belong together and are new enough.

    Whoever saw a triple can put another body to it, so a token counts once, and five minutes
    (`tolerance_seconds` of the configuration). Raises `BadSignature`.
    """
    timestamp, token = (_text(triple, name) for name in ("timestamp", "token"))
    signature = from_hex(_text(triple, "signature"))
    check_any(
        secrets, signature, lambda secret: hmac_sha256(secret, f"{timestamp}{token}".encode())
    )
    if not timestamp.isdecimal() or len(timestamp) > 11:
        raise BadSignature("the timestamp is not a time in seconds")
    tolerance = config.get("tolerance_seconds")
    within = timedelta(seconds=tolerance) if isinstance(tolerance, int) else WINDOW
    check_age(int(timestamp), now, within)
    return token


def _text(triple: Mapping[str, Any], name: str) -> str:
    value = triple.get(name)
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value or "")
    if not text or not text.isascii() or len(text) > 200:
        raise BadSignature(f"the signature's {name} is missing, or no text of ASCII")
    return text
