"""Mailgun routes: one e-mail a request, as a form, taken apart or (`body-mime`) as raw MIME.

Source: Mailgun's documentation of receiving, forwarding and storing messages.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from marketing_intake.reading.email.headers import Headers, headers_of
from marketing_intake.reading.email.mail import Mail, key_of
from marketing_intake.reading.email.mime import mail_of
from marketing_intake.reading.findings import Finding, Unreadable
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.form_parts import Form, form_fields, form_of
from marketing_intake.reading.vendors.inbound import (
    attachments_of,
    body_of,
    field_text,
    finding_in,
    json_field,
    second,
)
from marketing_intake.reading.vendors.mailgun_signing import check_triple
from marketing_intake.reading.vendors.shape import Config, Secrets, Vendor

BODY_BYTES_MAX: Final = 31 * 1024 * 1024
HEADER_FIELDS: Final = ("from", "to", "cc", "subject", "date", "message-id", "reply-to")
BODIES: Final = ("body-plain", "body-html")


def verify(raw: Raw, secrets: Secrets, config: Config, now: datetime) -> None:
    """The triple stands among the fields."""
    check_triple(form_fields(raw), secrets, config, now)


def once(raw: Raw) -> str | None:
    """The token, with which only one request may come."""
    with suppress(Unreadable):
        return form_fields(raw).get("token", b"").decode("ascii", "replace") or None
    return None


def parse(raw: Raw, config: Config) -> Sequence[Finding]:
    """One message; `recipient` and `sender` are its envelope."""
    form = form_of(raw)
    fields = form.fields
    mail = _whole(form) if "body-mime" in fields else _in_parts(form)
    recipient = field_text(fields, "recipient", "utf-8")
    mail = replace(
        mail,
        envelope_to=tuple(part.strip() for part in recipient.split(",") if part.strip()),
        envelope_from=field_text(fields, "sender", "utf-8") if "sender" in fields else None,
        received_at=second(field_text(fields, "timestamp")),
    )
    return finding_in(mail, config)


def _whole(form: Form) -> Mail:
    try:
        return mail_of(form.fields["body-mime"])
    except Unreadable as fault:
        raise Unreadable(fault.detail, "body-mime") from None


def _in_parts(form: Form) -> Mail:
    fields = form.fields
    headers = _headers(form)
    plain, html = (field_text(fields, name, "utf-8") for name in BODIES)
    return Mail(
        headers,
        body_of(plain, html),
        key_of(headers, [fields.get(name, b"") for name in ("message-headers", *BODIES)]),
        attachments_of(form.files),
    )


def _headers(form: Form) -> Headers:
    given = json_field(form.fields, "message-headers")
    pairs = [pair for one in _list(given) if (pair := _pair(one)) is not None]
    names = {name.lower() for name, _ in pairs}
    for name, value in form.fields.items():
        if name.lower() in HEADER_FIELDS and name.lower() not in names:
            pairs.append((name, field_text(form.fields, name, "utf-8") if value else ""))
    if not pairs:
        raise Unreadable("message-headers or from must be there", "message-headers")
    return headers_of(pairs)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _pair(value: object) -> tuple[str, str] | None:
    match value:
        case [str(name), str(text)]:
            return name, text
        case _:
            return None


MAILGUN_ROUTES: Final = Vendor(
    name="mailgun_routes",
    title="Mailgun routes",
    version=1,
    verify=verify,
    parse=parse,
    once=once,
    body_bytes_max=BODY_BYTES_MAX,
)
