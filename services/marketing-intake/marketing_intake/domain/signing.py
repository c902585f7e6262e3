"""Signed tokens: short texts that only we can have made, each kind for one purpose."""

import base64
import binascii
import hashlib
import hmac
from typing import Final

SIGNATURE_BYTES: Final = 16
TOKEN_CHARACTERS_MAX: Final = 200


def signed(body: bytes, *, secret: bytes, purpose: str) -> str:
    """The body with its signature, as text that may stand in an address."""
    raw = _signature(body, secret, purpose) + body
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unsigned(token: str, *, secrets: tuple[bytes, ...], purpose: str) -> bytes | None:
    """The body again; None when it was not signed by one of these for this purpose."""
    if len(token) > TOKEN_CHARACTERS_MAX or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    signature, body = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
    is_ours = any(
        hmac.compare_digest(signature, _signature(body, secret, purpose)) for secret in secrets
    )
    return body if is_ours else None


def _signature(body: bytes, secret: bytes, purpose: str) -> bytes:
    text = purpose.encode() + b"\0" + body
    return hmac.new(secret, text, hashlib.sha256).digest()[:SIGNATURE_BYTES]
