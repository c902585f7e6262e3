"""SendGrid Inbound Parse: one e-mail a request, as a form, taken apart or (`email`) as raw MIME.

Each text of the form has a charset of its own, which the field `charsets` says. Sources: Twilio's
documentation of Inbound Parse and of its security policies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from marketing_intake.reading.email.headers import Headers, headers_from
from marketing_intake.reading.email.mail import Mail, key_of
from marketing_intake.reading.email.mime import mail_of
from marketing_intake.reading.findings import Finding, Unreadable
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.ecdsa_keys import SIGNATURE, check_ecdsa, public_key
from marketing_intake.reading.vendors.form_parts import Form, form_of
from marketing_intake.reading.vendors.inbound import (
    attachments_of,
    body_of,
    field_text,
    finding_in,
    json_field,
    texts_in,
)
from marketing_intake.reading.vendors.shape import BadSignature, Config, Secrets, Vendor
from marketing_intake.reading.vendors.shared_secret import check_secret

BODY_BYTES_MAX: Final = 31 * 1024 * 1024
"""SendGrid drops messages of more than 30 MB itself."""
HEADER_FIELDS: Final = ("from", "to", "cc", "subject")


def verify(raw: Raw, secrets: Secrets, _config: Config, _now: datetime) -> None:
    """With a public key among the secrets, requests are signed; else a secret comes with them.

    A public key is no secret, so it never counts as one.
    """
    passwords = [secret for secret in secrets if public_key(secret) is None]
    if SIGNATURE in raw.headers or (secrets and not passwords):
        check_ecdsa(raw, secrets)
    elif passwords:
        check_secret(raw, passwords)
    else:
        raise BadSignature("the source has no active secret")


def parse(raw: Raw, config: Config) -> Sequence[Finding]:
    """One message. `envelope` says to whom it was delivered, which the header To may not."""
    form = form_of(raw)
    mail = _whole(form) if "email" in form.fields else _in_parts(form)
    envelope = json_field(form.fields, "envelope")
    if isinstance(envelope, Mapping):
        sender = envelope.get("from")
        mail = replace(
            mail,
            envelope_to=tuple(texts_in(envelope.get("to"))),
            envelope_from=sender if isinstance(sender, str) else None,
        )
    return finding_in(mail, config)


def _whole(form: Form) -> Mail:
    try:
        return mail_of(form.fields["email"])
    except Unreadable as fault:
        raise Unreadable(fault.detail, "email") from None


def _in_parts(form: Form) -> Mail:
    fields = form.fields
    charsets = json_field(fields, "charsets")
    texts = {name: field_text(fields, name, _charset(charsets, name)) for name in TEXT_FIELDS}
    headers = headers_from(fields.get("headers", b""))
    missing = [(name, texts[name]) for name in HEADER_FIELDS if not headers.has(name)]
    headers = Headers(headers.pairs + tuple((name, text) for name, text in missing if text))
    if not headers.pairs:
        raise Unreadable("headers or from must be there", "headers")
    return Mail(
        headers,
        body_of(texts["text"], texts["html"]),
        key_of(headers, [fields.get(name, b"") for name in ("headers", *TEXT_FIELDS)]),
        attachments_of(form.files),
    )


TEXT_FIELDS: Final = (*HEADER_FIELDS, "text", "html")


def _charset(charsets: object, name: str) -> str | None:
    given: Any = charsets.get(name) if isinstance(charsets, Mapping) else None
    return given if isinstance(given, str) else None


SENDGRID_INBOUND: Final = Vendor(
    name="sendgrid_inbound",
    title="SendGrid Inbound Parse",
    version=1,
    verify=verify,
    parse=parse,
    body_bytes_max=BODY_BYTES_MAX,
)
