"""Cursor pages: an opaque, signed place in a list, bound to the filters it was made with."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from typing import Final, Generic, TypeVar

import orjson
from pydantic import BaseModel

from baton.errors import Refused

PAGE_MAX: Final = 200
SIGNATURE_BYTES: Final = 12

T = TypeVar("T")


class StaleCursor(Refused):
    """The cursor is not one of ours, or was made with other filters."""


class Page(BaseModel, Generic[T]):
    """Items in order; `next_cursor` is null at the end."""

    items: list[T]
    next_cursor: str | None = None


class Cursors:
    """Makes and reads cursors under a secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def encode(self, place: list[str | int], filters: Mapping[str, object]) -> str:
        """The place behind an item, for this list with these filters."""
        body = orjson.dumps(place)
        return base64.urlsafe_b64encode(self._sign(body, filters) + body).decode().rstrip("=")

    def decode(self, cursor: str, filters: Mapping[str, object]) -> list[str | int]:
        """The place again. Raises `StaleCursor`."""
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except (binascii.Error, ValueError):
            raise self._stale() from None
        signature, body = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._sign(body, filters)):
            raise self._stale()
        place: list[str | int] = orjson.loads(body)
        return place

    def _sign(self, body: bytes, filters: Mapping[str, object]) -> bytes:
        text = orjson.dumps(dict(sorted(filters.items())), default=str)
        return hmac.new(self._secret, text + b"\0" + body, hashlib.sha256).digest()[
            :SIGNATURE_BYTES
        ]

    @staticmethod
    def _stale() -> StaleCursor:
        return StaleCursor(
            "cursor must be one that this list gave out, with the same filters",
            field="cursor",
            kind="stale-cursor",
        )
