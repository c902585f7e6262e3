"""A vault for short secrets: sealed under the service's secret, bound to what they are for."""

import os
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from baton.settings import ServiceSettings

FORMAT: Final = b"\x01"
KEY_ID_BYTES: Final = 8
NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32
HEAD_BYTES: Final = len(FORMAT) + KEY_ID_BYTES + NONCE_BYTES
TEXT_CHARACTERS_MAX: Final = 8192


class BrokenSeal(Exception):
    """It was sealed under a secret that is not known here, for something else, or was changed."""


class Vault:
    """Seals under the present secret, and opens what the present or the previous one sealed.

    An envelope is a format byte, the key's id, a nonce, then AES-256-GCM's output; what it is for
    is bound in as associated data, so that one source's secret never opens as another's.
    """

    def __init__(self, secret: str, previous: str | None = None) -> None:
        secrets = [secret] if previous is None else [secret, previous]
        self._keys = {_derived(one, b"id", KEY_ID_BYTES): _cipher(one) for one in secrets}
        self._current = next(iter(self._keys))

    def seal(self, text: str, *, purpose: str) -> bytes:
        """The text in an envelope that opens for this purpose alone.

        Raises `ValueError` for a text that is too long to be a secret.
        """
        if len(text) > TEXT_CHARACTERS_MAX:
            raise ValueError(f"a secret may have {TEXT_CHARACTERS_MAX} characters")
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._keys[self._current].encrypt(nonce, text.encode(), purpose.encode())
        return FORMAT + self._current + nonce + sealed

    def open(self, envelope: bytes, *, purpose: str) -> str:
        """The text again. Raises `BrokenSeal`."""
        cipher = self._keys.get(_key_id(envelope))
        if cipher is None or not envelope.startswith(FORMAT):
            raise BrokenSeal("it was sealed under a secret that is not known here")
        nonce = envelope[len(FORMAT) + KEY_ID_BYTES : HEAD_BYTES]
        try:
            return cipher.decrypt(nonce, envelope[HEAD_BYTES:], purpose.encode()).decode()
        except (InvalidTag, ValueError):
            raise BrokenSeal("it was sealed for something else, or was changed") from None

    def open_all(self, envelopes: Sequence[bytes], *, purpose: str) -> tuple[str, ...]:
        """The texts of several envelopes, in order. Raises `BrokenSeal`."""
        return tuple(self.open(one, purpose=purpose) for one in envelopes)

    def is_current(self, envelope: bytes) -> bool:
        """Whether it was sealed under the present secret; another is to be sealed anew."""
        return _key_id(envelope) == self._current


def vault_of(settings: ServiceSettings) -> Vault:
    """The vault of a service, under the secrets of its environment."""
    previous = settings.secret_previous
    return Vault(
        settings.secret.get_secret_value(),
        None if previous is None else previous.get_secret_value(),
    )


def _key_id(envelope: bytes) -> bytes:
    return envelope[len(FORMAT) : len(FORMAT) + KEY_ID_BYTES]


def _cipher(secret: str) -> AESGCM:
    return AESGCM(_derived(secret, b"key", KEY_BYTES))


def _derived(secret: str, what: bytes, length: int) -> bytes:
    """HKDF (RFC 5869): the same secret signs cursors, and neither use tells of the other."""
    kdf = HKDF(algorithm=SHA256(), length=length, salt=None, info=b"baton vault " + what)
    return kdf.derive(secret.encode())
