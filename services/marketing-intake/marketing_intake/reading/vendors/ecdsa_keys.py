"""SendGrid's signature: ECDSA over P-256 with SHA-256; the secret of the source is a public key."""

from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.shape import BadSignature, Secrets
from marketing_intake.reading.vendors.signatures import from_base64, header_of

SIGNATURE: Final = "x-twilio-email-event-webhook-signature"
TIMESTAMP: Final = "x-twilio-email-event-webhook-timestamp"
HEADER_CHARACTERS_MAX: Final = 300


def check_ecdsa(raw: Raw, secrets: Secrets) -> str:
    """The timestamp that was signed together with the raw body, as it came.

    Raises `BadSignature`.
    """
    signature = from_base64(header_of(raw, SIGNATURE)[:HEADER_CHARACTERS_MAX])
    timestamp = header_of(raw, TIMESTAMP)[:HEADER_CHARACTERS_MAX]
    signed = timestamp.encode() + raw.body
    keys = [key for secret in secrets if (key := public_key(secret)) is not None]
    if not any(_is_signed(key, signature, signed) for key in keys):
        raise BadSignature("the signature is not of any active key")
    return timestamp


@lru_cache(maxsize=1_000)
def public_key(secret: str) -> EllipticCurvePublicKey | None:
    """The key on P-256 that a secret is, base64 of DER with or without its PEM lines; else None."""
    lines = [line for line in secret.split("\n") if not line.startswith("-----")]
    try:
        key = load_der_public_key(from_base64("".join(lines).strip()))
    except (BadSignature, ValueError, UnsupportedAlgorithm):
        return None
    is_ours = isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)
    return key if is_ours and isinstance(key, EllipticCurvePublicKey) else None


def _is_signed(key: EllipticCurvePublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
