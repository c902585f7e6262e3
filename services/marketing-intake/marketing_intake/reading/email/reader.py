"""The way in for raw messages."""

from collections.abc import Iterable
from datetime import datetime

from marketing_intake.reading.email.finding import finding_of
from marketing_intake.reading.email.mime import mail_of
from marketing_intake.reading.findings import Broken, Finding, Unreadable


def read_mail(
    raw: bytes, *, own_addresses: Iterable[str] = (), now: datetime | None = None
) -> Finding:
    """A message's raw bytes as a lead, or as `Ignored` or `Broken` for a stated reason.

    It raises nothing. With `now`, a Date that no server vouches for is taken up to that time.
    """
    try:
        mail = mail_of(raw)
    except Unreadable as fault:
        return Broken(fault.detail, fault.field)
    return finding_of(mail, own_addresses=own_addresses, now=now)
