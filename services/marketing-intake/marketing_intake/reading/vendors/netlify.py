"""Netlify Forms: one submission a request; a signed token names the hash of the body.

Source: Netlify's documentation of notifications and their payload signature.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from marketing_intake.reading.findings import Finding, FoundLead, Unreadable
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.answers import put, put_known, put_texts
from marketing_intake.reading.vendors.json_parts import id_in, object_in, parse_object
from marketing_intake.reading.vendors.shape import BadSignature, Config, Secrets, Vendor
from marketing_intake.reading.vendors.signatures import check_any, header_of, hmac_sha256

SIGNATURE: Final = "x-webhook-signature"
ISSUER: Final = "netlify"
COMPACT: Final = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
FURTHER: Final = {"form_id": "form_id", "form_name": "form_name", "site_url": "site_url"}
NAMED_BY_NETLIFY: Final = {
    "email": "email",
    "name": "name",
    "first_name": "given_name",
    "last_name": "family_name",
    "company": "company",
    "body": "message",
}


def verify(raw: Raw, secrets: Secrets, _config: Config, _now: datetime) -> None:
    """The token is Netlify's, and of this very body. It has no time: replays meet the id."""
    claims = claims_of(header_of(raw, SIGNATURE), secrets)
    if claims.get("iss") != ISSUER:
        raise BadSignature("the token is not issued by netlify")
    given = claims.get("sha256")
    if not isinstance(given, str) or not hmac.compare_digest(
        given.encode(), hashlib.sha256(raw.body).hexdigest().encode()
    ):
        raise BadSignature("the token is of another body")


def claims_of(token: str, secrets: Secrets) -> Mapping[str, Any]:
    """The claims of a token in the compact form of RFC 7515, signed with HS256 and nothing else.

    Raises `BadSignature`.
    """
    parts = COMPACT.fullmatch(token)
    if parts is None:
        raise BadSignature("the signature is no token of three parts")
    header = _object_of(parts[1])
    if header.get("alg") != "HS256" or "crit" in header:
        raise BadSignature("the token is not signed with HS256")
    signed = f"{parts[1]}.{parts[2]}".encode()
    check_any(secrets, _bytes_of(parts[3]), lambda secret: hmac_sha256(secret, signed))
    return _object_of(parts[2])


def parse(raw: Raw, _config: Config) -> Sequence[Finding]:
    """One lead, under the submission's id; an answer is a field under its name in the form."""
    document = parse_object(raw.body)
    key = id_in(document, "id")
    fields: dict[str, object] = {"occurred_at": document.get("created_at")}
    put_texts(fields, document, FURTHER)
    for name, answer in object_in(document, "data").items():
        put(fields, name, answer)
    _fill_in(fields, document)
    return [FoundLead(fields, key=key)]


def _fill_in(fields: dict[str, object], document: Mapping[str, Any]) -> None:
    """What Netlify recognised among the answers, where their names have not said it."""
    for name, ours in NAMED_BY_NETLIFY.items():
        put_known(fields, ours, document.get(name))


def _object_of(part: str) -> Mapping[str, Any]:
    try:
        return parse_object(_bytes_of(part))
    except Unreadable:
        raise BadSignature("a part of the token is no JSON object") from None


def _bytes_of(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        raise BadSignature("a part of the token is not base64url") from None


NETLIFY: Final = Vendor(
    name="netlify", title="Netlify Forms", version=1, verify=verify, parse=parse
)
