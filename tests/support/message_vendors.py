"""Requests of the vendors of messages and events, made up here and signed as their words say.

The signatures are computed by the library `cryptography`, while the product mostly uses `hmac`.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.shape import NO_CONFIG, Config
from support.form_vendors import BOUNDARY, Sample, mac, with_header

SECRETS: Final = ("s3cret-" + "x" * 25, "0ther-" + "y" * 25, "r3tired-" + "z" * 25)


def _public(key: ec.EllipticCurvePrivateKey) -> str:
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


PRIVATE: Final = {
    _public(key): key
    for key in (ec.derive_private_key(number, ec.SECP256R1()) for number in (11, 12, 13))
}
PUBLIC: Final = tuple(PRIVATE)


@dataclass(frozen=True)
class MessageSample(Sample):
    """A sample whose source is configured; `secrets` are an active, another and a retired one."""

    config: Config = field(default_factory=lambda: NO_CONFIG)
    secrets: tuple[str, ...] = SECRETS

    def alone(self) -> str:
        """The content type of a part that is kept by itself."""
        return "application/json"


def by_ecdsa(raw: Raw, secret: str, at: datetime) -> Raw:
    """SendGrid's signature, by the private key of the public one that a source knows."""
    seconds = str(int(at.timestamp()))
    key = PRIVATE.get(secret, PRIVATE[PUBLIC[2]])
    signature = key.sign(seconds.encode() + raw.body, ec.ECDSA(SHA256()))
    return with_header(
        raw,
        x_twilio_email_event_webhook_signature=base64.b64encode(signature).decode(),
        x_twilio_email_event_webhook_timestamp=seconds,
    )


def triple(secret: str, at: datetime) -> dict[str, str]:
    """Mailgun's timestamp, token (50 characters, another for each request) and signature."""
    seconds = str(int(at.timestamp()))
    token = seconds.rjust(50, "t")
    signature = mac(secret, f"{seconds}{token}".encode()).hex()
    return {"timestamp": seconds, "token": token, "signature": signature}


def by_triple_in_json(raw: Raw, secret: str, at: datetime) -> Raw:
    """The triple as Mailgun's webhooks have it."""
    document = orjson.loads(raw.body) | {"signature": triple(secret, at)}
    return replace(raw, body=orjson.dumps(document))


def by_triple_in_form(raw: Raw, secret: str, at: datetime) -> Raw:
    """The triple as Mailgun's routes have it."""
    first = f"--{BOUNDARY}\r\n".encode()
    parts = [
        first + f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in triple(secret, at).items()
    ]
    return replace(raw, body=b"".join(parts) + raw.body)


def by_basic(raw: Raw, secret: str, _at: datetime) -> Raw:
    """The secret as a password."""
    pair = base64.b64encode(f"baton:{secret}".encode()).decode()
    return with_header(raw, authorization=f"Basic {pair}")


def by_bearer(raw: Raw, secret: str, _at: datetime) -> Raw:
    """The secret as a token."""
    return with_header(raw, authorization=f"Bearer {secret}")


def by_sha1(raw: Raw, secret: str, _at: datetime) -> Raw:
    """Segment's signature."""
    signer = HMAC(secret.encode() or b"\0", SHA1())
    signer.update(raw.body)
    return with_header(raw, x_signature=signer.finalize().hex())


def by_time_and_body(raw: Raw, secret: str, at: datetime) -> Raw:
    """Mailchimp's signature."""
    seconds = str(int(at.timestamp()))
    signature = mac(secret or "\0", f"{seconds}.".encode() + raw.body).hex()
    return with_header(raw, x_mailchimp_signature=f"t={seconds},v1={signature}")


def by_configured_pieces(raw: Raw, secret: str, at: datetime) -> Raw:
    """The signature of a tool that the sample of the generic vendor is configured for."""
    seconds = str(int(at.timestamp()))
    signed = f"{seconds}:POST:".encode() + raw.body
    signature = base64.b64encode(mac(secret or "\0", signed)).decode()
    return with_header(raw, x_tool_time=seconds, x_tool_signature=f"v0={signature}")


def urlencoded(document: Mapping[str, Any]) -> bytes:
    """The fields as a form without files."""
    return urlencode(document).encode()


def fields_of(body: bytes) -> dict[str, str]:
    """What `urlencoded` had."""
    return dict(parse_qsl(body.decode(), keep_blank_values=True))
