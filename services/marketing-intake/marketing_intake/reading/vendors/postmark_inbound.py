"""Postmark inbound: one e-mail a request, as JSON; nothing is signed, so a secret comes with it.

Source: Postmark's documentation of the inbound webhook.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from marketing_intake.reading.email.headers import headers_of
from marketing_intake.reading.email.mail import Attachment, Mail, key_of
from marketing_intake.reading.email.mime import attachment_of
from marketing_intake.reading.findings import Finding, Ignored
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.inbound import body_of, finding_in, mailbox, texts_in
from marketing_intake.reading.vendors.json_parts import listed, parse_object, text_at
from marketing_intake.reading.vendors.shape import Config, Secrets, Vendor
from marketing_intake.reading.vendors.shared_secret import check_secret

BODY_BYTES_MAX: Final = 48 * 1024 * 1024
"""Postmark takes messages of 35 MB, and attachments come in base64."""
HEADER_FIELDS: Final = {"To": "to", "Cc": "cc", "Subject": "subject", "Date": "date"}


def verify(raw: Raw, secrets: Secrets, _config: Config, _now: datetime) -> None:
    """Postmark's pages take Basic credentials in the address, or further headers."""
    check_secret(raw, secrets)


def parse(raw: Raw, config: Config) -> Sequence[Finding]:
    """One message; `OriginalRecipient` is the address it was delivered to, with its tag."""
    document = parse_object(raw.body)
    if document.get("RecordType", "Inbound") != "Inbound":
        return [Ignored("not_an_email", text_at(document, "MessageID"))]
    headers = headers_of(_headers(document))
    plain, html = (text_at(document, name) or "" for name in ("TextBody", "HtmlBody"))
    own_id = (text_at(document, "MessageID") or "").encode()
    mail = Mail(
        headers,
        body_of(plain, html),
        key_of(headers, [own_id] if own_id else [raw.body]),
        tuple(_attachments(document)),
        envelope_to=tuple(texts_in(document.get("OriginalRecipient"))),
    )
    return finding_in(mail, config)


def _headers(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Postmark takes the best-known headers out of the list, and gives them names of its own."""
    for header in listed(document, "Headers"):
        name, value = text_at(header, "Name"), text_at(header, "Value")
        if name is not None:
            yield name, value or ""
    sender = document.get("FromFull")
    full = mailbox(sender.get("Name"), sender.get("Email")) if isinstance(sender, Mapping) else ""
    yield "from", full or text_at(document, "From") or ""
    for field, name in (*HEADER_FIELDS.items(), ("ReplyTo", "reply-to")):
        yield name, text_at(document, field) or ""


def _attachments(document: Mapping[str, Any]) -> Iterator[Attachment]:
    for one in listed(document, "Attachments"):
        size = one.get("ContentLength")
        yield attachment_of(
            text_at(one, "Name") or "",
            text_at(one, "ContentType") or "",
            size if isinstance(size, int) and size >= 0 else 0,
        )


POSTMARK_INBOUND: Final = Vendor(
    name="postmark_inbound",
    title="Postmark inbound",
    version=1,
    verify=verify,
    parse=parse,
    body_bytes_max=BODY_BYTES_MAX,
)
