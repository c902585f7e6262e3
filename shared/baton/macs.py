"""Keyed hashes: what was seen is recognised again, and who has the database alone can't read it."""

import hashlib
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAC_BYTES: Final = 16
KEY_BYTES: Final = 32


def derived_key(secret: str, purpose: str) -> bytes:
    """A key of its own for a purpose, by HKDF-SHA256 (RFC 5869) of the installation's secret."""
    kdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode())
    return kdf.derive(secret.encode())


def mac(key: bytes, text: str) -> bytes:
    """Keyed BLAKE2b (RFC 7693), a MAC as HMAC is one, at a quarter of HMAC-SHA256's time.

    Raises `ValueError` without a key: a hash that anybody can make would hide nothing.
    """
    if not key:
        raise ValueError("this process was given no key for keyed hashes")
    return hashlib.blake2b(text.encode(), key=key, digest_size=MAC_BYTES).digest()
