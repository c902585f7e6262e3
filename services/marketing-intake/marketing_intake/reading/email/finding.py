"""What a message is: a lead, or something that is ignored or broken for a stated reason."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from marketing_intake.reading.email.addresses import (
    Address,
    addresses_in,
    base_of,
    names_of,
    tag_of,
    without_via,
)
from marketing_intake.reading.email.charsets import cleaned
from marketing_intake.reading.email.classifying import why_ignored
from marketing_intake.reading.email.headers import Headers, one_line
from marketing_intake.reading.email.mail import Mail, known_by
from marketing_intake.reading.email.stripping import without_tail
from marketing_intake.reading.findings import Broken, Finding, FoundLead, Ignored

MESSAGE_CHARACTERS_MAX: Final = 10_000
SUBJECT_CHARACTERS_MAX: Final = 500
TAG_CHARACTERS_MAX: Final = 200
ADDRESS_CHARACTERS_MAX: Final = 320
ATTACHMENTS_MAX: Final = 50
RECIPIENT_HEADERS: Final = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
UNANSWERED: Final = ("noreply@", "no-reply@", "donotreply@", "do-not-reply@")


def finding_of(
    mail: Mail, *, own_addresses: Iterable[str] = (), now: datetime | None = None
) -> Finding:
    """A lead with `email`, names, `message`, `subject`, `campaign` and `attachments`.

    `own_addresses` are those that the company receives at: they are never a lead's. Without them
    the tag of any recipient is taken for the campaign, and a loop is known by its hops alone.
    """
    own = frozenset(base_of(address) for address in own_addresses)
    lead = lead_address(mail.headers, own)
    if lead is None:
        # What has no sender may still be a bounce, and is then not broken.
        reason = why_ignored(mail, "", own)
        if reason is not None:
            return Ignored(reason, known_by(mail))
        return Broken("From must hold an e-mail address", "from")
    if len(lead.email) > ADDRESS_CHARACTERS_MAX:
        return Broken(f"an address may have {ADDRESS_CHARACTERS_MAX} characters", "from")
    reason = why_ignored(mail, lead.email, own)
    if reason is not None:
        return Ignored(reason, known_by(mail))
    return FoundLead(_fields(mail, lead, own, now), known_by(mail))


def lead_address(headers: Headers, own: Collection[str]) -> Address | None:
    """Whose message it is. The rule: the first Reply-To that is not our own and takes answers,
    because forms write in their own name and put the visitor there; else the sender.
    """
    sender = next(iter(addresses_in(headers.raw("from"))), None)
    for answer in addresses_in(headers.raw("reply-to")):
        if answer.base in own or answer.base.startswith(UNANSWERED):
            continue
        return Address(answer.email, answer.name or _name_behind(sender, answer))
    return sender


def _name_behind(sender: Address | None, answer: Address) -> str:
    """The sender's name, where it is the same person who is to be answered."""
    if sender is None:
        return ""
    own_name = without_via(sender.name)
    is_same = sender.base.rpartition("@")[2] == answer.base.rpartition("@")[2]
    return own_name if is_same or own_name != sender.name.strip("'\" ") else ""


def _fields(
    mail: Mail, lead: Address, own: Collection[str], now: datetime | None
) -> dict[str, object]:
    subject = one_line(mail.headers.text("subject"))[:SUBJECT_CHARACTERS_MAX]
    message = without_tail(cleaned(mail.text))[:MESSAGE_CHARACTERS_MAX]
    fields: dict[str, object] = {"email": lead.email, **names_of(lead.name)}
    given = {
        "subject": subject,
        "message": message or subject,
        "campaign": _campaign(mail, own),
        "occurred_at": _occurred_at(mail, now),
        "attachments": [
            {"name": one.name, "type": one.type, "bytes": one.bytes}
            for one in mail.attachments[:ATTACHMENTS_MAX]
        ],
    }
    return fields | {name: value for name, value in given.items() if value}


def _campaign(mail: Mail, own: Collection[str]) -> str | None:
    """The tag of the first recipient that has one, of the company's own where they are known."""
    for email in _recipients(mail):
        tag = one_line(tag_of(email))
        if tag and (not own or base_of(email) in own):
            return tag[:TAG_CHARACTERS_MAX]
    return None


def _recipients(mail: Mail) -> Iterator[str]:
    yield from mail.envelope_to
    for name in RECIPIENT_HEADERS:
        for value in mail.headers.all(name):
            yield from (address.email for address in addresses_in(value))


def _occurred_at(mail: Mail, now: datetime | None) -> str | None:
    """When it was sent, by its Date, but not later than when it was received.

    Clocks of senders go wrong, so a Date that no server and no clock of ours vouches for is not
    taken: the message then happened when it came.
    """
    received = (_date(value.rpartition(";")[2]) for value in mail.headers.all("received"))
    last_hop = next((date for date in received if date is not None), None)
    bounds = [date for date in (mail.received_at, last_hop, now) if date is not None]
    if not bounds:
        return None
    sent = _date(mail.headers.text("date"))
    return min([*bounds, sent] if sent is not None else bounds).astimezone(UTC).isoformat()


def _date(text: str) -> datetime | None:
    """A date of RFC 5322 in any of the ways it is written; None when it is none."""
    try:
        date = parsedate_to_datetime(text.strip()[:100])
        in_utc = date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return in_utc if in_utc.year >= 1970 else None  # before there was mail
