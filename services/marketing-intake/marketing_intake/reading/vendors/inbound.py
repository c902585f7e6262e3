"""What the vendors that hand e-mails on have in common."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from marketing_intake.reading.email.charsets import decoded
from marketing_intake.reading.email.finding import finding_of
from marketing_intake.reading.email.html_text import text_of
from marketing_intake.reading.email.mail import Mail
from marketing_intake.reading.email.mime import attachment_of
from marketing_intake.reading.findings import Finding, Unreadable
from marketing_intake.reading.vendors.form_parts import FormFile
from marketing_intake.reading.vendors.json_parts import parse_json
from marketing_intake.reading.vendors.shape import Config


def finding_in(mail: Mail, config: Config) -> Sequence[Finding]:
    """The one finding. `own_addresses` of the configuration are those the company receives at."""
    own = config.get("own_addresses")
    texts = [one for one in own if isinstance(one, str)] if isinstance(own, list | tuple) else []
    return [finding_of(mail, own_addresses=texts)]


def body_of(plain: str, html: str) -> str:
    """The plain text, or what a reader sees of the HTML when there is none."""
    return plain if plain.strip() else text_of(html)


def attachments_of(files: Iterable[FormFile]) -> tuple[Any, ...]:
    """The files of a form as attachments."""
    return tuple(attachment_of(file.name, file.type, file.bytes) for file in files)


def field_text(fields: Mapping[str, bytes], name: str, charset: str | None = None) -> str:
    """A field in its charset, as well as it can be read; empty when it is missing."""
    return decoded(fields.get(name, b""), charset)


def json_field(fields: Mapping[str, bytes], name: str) -> object:
    """The JSON that a field holds; None when it is missing. Raises `Unreadable`, naming it."""
    if not fields.get(name):
        return None
    try:
        return parse_json(fields[name])
    except Unreadable:
        raise Unreadable(f"{name} must be valid JSON", name) from None


def texts_in(value: object) -> list[str]:
    """The texts of a list, or the one text, without empty ones."""
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, str) and one]


def mailbox(name: object, email: object) -> str:
    """A name and an address as they stand in a header."""
    if not isinstance(email, str):
        return ""
    return f"{json.dumps(name, ensure_ascii=False)} <{email}>" if name else email


def second(text: str) -> datetime | None:
    """A time in seconds since 1970; None for what is none."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 11):
        return None
    return datetime.fromtimestamp(int(text), UTC)
