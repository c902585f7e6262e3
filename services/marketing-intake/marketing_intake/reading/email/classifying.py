"""Messages that no person wrote to us: bounces, automatic answers, mailing lists, loops.

They are known by their headers alone (RFC 3834, RFC 3464, RFC 2919, and what mailers use beside).
"""

import re
from collections.abc import Collection
from typing import Final

from marketing_intake.reading.email.addresses import addresses_in, base_of
from marketing_intake.reading.email.headers import Headers
from marketing_intake.reading.email.mail import Mail

RECEIVED_MAX: Final = 50
"""So many servers only lie on the way of a message that goes in circles; Postfix has the same."""

LIST_HEADERS: Final = (
    *("list-id", "list-post", "list-unsubscribe", "list-help", "list-subscribe"),
    *("list-owner", "list-archive", "mailing-list"),
)
AUTO_HEADERS: Final = ("x-autoreply", "x-auto-reply", "x-autorespond", "x-autoresponder")
IN_ANGLES: Final = re.compile(r"<([^<>]+)>")


def why_ignored(mail: Mail, lead: str, own: Collection[str]) -> str | None:
    """`bounce`, `auto_reply`, `loop` or `mailing_list`; None when a person may have written it.

    `lead` is the address that would be the lead's, `own` are the company's, without tags. A list
    that is one of the company's own addresses is how the message came here, not what it is.
    """
    headers = mail.headers
    if _is_report(headers):
        return "auto_reply" if _is_receipt(headers) else "bounce"
    if _is_automatic(headers):
        return "auto_reply"
    if _is_bounce(mail):
        return "bounce"
    if base_of(lead) in own or len(headers.all("received")) >= RECEIVED_MAX or _loops(mail, own):
        return "loop"
    if _is_from_list(headers) and not _is_own_list(headers, own):
        return "mailing_list"
    return None


def _is_report(headers: Headers) -> bool:
    return headers.raw("content-type").strip().lower().startswith("multipart/report")


def _is_receipt(headers: Headers) -> bool:
    return "disposition-notification" in headers.raw("content-type").lower()


def _is_automatic(headers: Headers) -> bool:
    if _word(headers, "auto-submitted") not in ("", "no"):
        return True
    if _word(headers, "precedence") in ("auto_reply", "auto-reply"):
        return True
    return any(_word(headers, name) not in ("", "no") for name in AUTO_HEADERS)


def _is_bounce(mail: Mail) -> bool:
    if mail.envelope_from is not None and not mail.envelope_from.strip("<> "):
        return True
    if any(value.strip().startswith("<>") for value in mail.headers.all("return-path")):
        return True
    if mail.headers.has("x-failed-recipients"):
        return True
    senders = addresses_in(mail.headers.raw("from"))
    return any(sender.base.startswith("mailer-daemon@") for sender in senders)


def _loops(mail: Mail, own: Collection[str]) -> bool:
    return any(base_of(value) in own for value in mail.headers.all("x-loop"))


def _is_from_list(headers: Headers) -> bool:
    if _word(headers, "precedence") in ("list", "bulk", "junk"):
        return True
    return any(headers.has(name) for name in LIST_HEADERS)


def _is_own_list(headers: Headers, own: Collection[str]) -> bool:
    """A group mailbox of the company: its List-Id is its address with a dot for the @."""
    named = {name.strip().lower() for name in IN_ANGLES.findall(headers.raw("list-id"))}
    return any(address in named or address.replace("@", ".", 1) in named for address in own)


def _word(headers: Headers, name: str) -> str:
    return headers.text(name).partition(";")[0].partition("(")[0].strip().lower()
