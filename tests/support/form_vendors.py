"""Requests of the vendors of forms and ads, made up here and signed as each vendor's words say.

The signatures are computed by the library `cryptography`, while the product uses `hmac`.
"""

import base64
import uuid
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.hmac import HMAC

from marketing_intake.reading.raw import Raw

NOW: Final = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NOW_MS: Final = int(NOW.timestamp() * 1000)
URL: Final = "https://intake.example.org/hooks/ovens/vendor?tag=a%2Fb%20c"
BOUNDARY: Final = "crumpet-boundary"
OWN: Final = "the vendor's words, computed by cryptography"
NONE_EXISTS: Final = "none: the vendor signs nothing, a secret is compared"

Document = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """How a vendor's requests are made.

    `document` gives the n-th lead with a company's name in it, `wrap` the body that holds some
    documents, `key` what the n-th is known by; `required` are paths whose absence must be told.
    """

    signature_from: str
    document: Callable[[int, str], Document]
    wrap: Callable[[Sequence[Document]], bytes]
    key: Callable[[int], str]
    sign: Callable[[Raw, str, datetime], Raw]
    required: tuple[tuple[str | int, ...], ...]
    holds_several: bool = False
    has_time: bool = False
    signs_body: bool = True
    content_type: str = "application/json"

    def raw(self, *documents: Document) -> Raw:
        """An unsigned request that holds them."""
        return Raw(self.wrap(documents), self.content_type, url=URL)

    def signed(self, raw: Raw, secret: str, at: datetime = NOW) -> Raw:
        """The request as its vendor would send it."""
        return self.sign(raw, secret, at)


def without(document: Document, path: tuple[str | int, ...]) -> Document:
    """The document with nothing at the path."""
    copy = deepcopy(document)
    place: Any = copy
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    return copy


def mac(secret: str, message: bytes) -> bytes:
    """HMAC-SHA256 by another library than the product's."""
    signer = HMAC(secret.encode(), SHA256())
    signer.update(message)
    return signer.finalize()


def with_header(raw: Raw, **headers: str) -> Raw:
    """The request with headers, whose names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(raw, headers={**raw.headers, **named})


def one(documents: Sequence[Document]) -> bytes:
    """The body that is the only document."""
    return orjson.dumps(documents[0])


def form(documents: Sequence[Document]) -> bytes:
    """A multipart body of the fields of the only document; what is no text is written as JSON."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + (value.encode() if isinstance(value, str) else orjson.dumps(value))
        + b"\r\n"
        for name, value in documents[0].items()
    ]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def in_entries(documents: Sequence[Document]) -> bytes:
    """Meta's body: two changes an entry."""
    pairs = [documents[start : start + 2] for start in range(0, len(documents), 2)]
    entries = [{"id": "77", "time": 1772443800, "changes": pair} for pair in pairs]
    return orjson.dumps({"object": "page", "entry": entries})


def b64url(data: bytes) -> str:
    """As in a token: without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(claims: Mapping[str, Any], secret: str, header: Mapping[str, Any]) -> str:
    """A token in compact form, signed with HS256 whatever its header says."""
    signed = f"{b64url(orjson.dumps(header))}.{b64url(orjson.dumps(claims))}"
    return f"{signed}.{b64url(mac(secret, signed.encode()))}"


def sha256_hex(body: bytes) -> str:
    """The hash that Netlify's token names."""
    digest = Hash(SHA256())
    digest.update(body)
    return digest.finalize().hex()


def response_id(number: int) -> str:
    """A UUID made of a number."""
    return str(uuid.UUID(int=number))


def milliseconds(at: datetime) -> str:
    """A time as HubSpot and Webflow write it into a header."""
    return str(int(at.timestamp() * 1000))
