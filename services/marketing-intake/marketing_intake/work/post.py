"""The post office: hands a message to the SMTP server that the settings name."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib
import email_validator

from baton.errors import Unavailable
from marketing_intake.settings import IntakeSettings

TIMEOUT_SECONDS: Final = 20.0
PORTS: Final = {"smtp": 587, "smtps": 465}


class Undeliverable(Exception):
    """The server will never take a message for this address."""


@dataclass(frozen=True, slots=True)
class Post:
    """Where messages are handed in.

    `smtp` uses STARTTLS where the server offers it; with a password it insists, since a password
    is not said in the clear. `smtps` is TLS from the first byte.
    """

    host: str
    port: int
    username: str | None
    password: str | None = field(repr=False)
    is_tls: bool
    sender: str
    ca_file: str | None = None

    async def send(self, message: EmailMessage, to: str) -> None:
        """Hand a message in. Raises `Undeliverable`, or what aiosmtplib raises: try later."""
        del message["To"]
        message["To"] = to = _reachable(to)
        try:
            await aiosmtplib.send(
                message,
                sender=parseaddr(self.sender)[1],
                recipients=[to],
                hostname=self.host,
                port=self.port,
                username=self.username,
                password=self.password,
                use_tls=self.is_tls,
                start_tls=None if self.is_tls or self.username is None else True,
                cert_bundle=self.ca_file,
                local_hostname="localhost",
                timeout=TIMEOUT_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            if all(500 <= one.code < 600 for one in refused.recipients):
                raise Undeliverable from None
            raise


def post_of(settings: IntakeSettings) -> Post:
    """The post office of these settings. Raises `Unavailable` when they name none."""
    if settings.smtp_url is None or not settings.smtp_from:
        raise Unavailable("no SMTP server is set: BATON_SMTP_URL and BATON_SMTP_FROM")
    parts = urlsplit(settings.smtp_url.get_secret_value())
    return Post(
        host=parts.hostname or "localhost",
        port=parts.port or PORTS.get(parts.scheme, 25),
        username=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
        is_tls=parts.scheme == "smtps",
        sender=settings.smtp_from,
        ca_file=settings.smtp_ca_file,
    )


def _reachable(email: str) -> str:
    """The address as every server understands it, when it can be written so."""
    try:
        checked = email_validator.validate_email(email, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return email
    return checked.ascii_email or checked.normalized
