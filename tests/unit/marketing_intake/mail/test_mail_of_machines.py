"""Messages that nobody wrote: bounces, automatic answers, mailing lists, loops."""

import pytest

from marketing_intake.reading.email.reader import read_mail
from marketing_intake.reading.findings import FoundLead, Ignored

OWN = ("sales@ovens.example",)
BASE = "From: Ada Oven <ada@crumpet.example>\r\nMessage-ID: <m1@crumpet.example>\r\n"


def read(headers: str, base: str = BASE) -> str:
    """The reason why the message is ignored, or `lead`."""
    found = read_mail(f"{base}{headers}\r\n\r\nwords".encode(), own_addresses=OWN)
    if isinstance(found, FoundLead):
        return "lead"
    assert isinstance(found, Ignored), found
    assert found.key
    return found.reason


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ("Subject: hello", "lead"),
        ("Auto-Submitted: no", "lead"),
        ("Auto-Submitted: auto-replied", "auto_reply"),
        ("Auto-Submitted: auto-generated (vacation)", "auto_reply"),
        ("auto-submitted: Auto-Notified; owner=x", "auto_reply"),
        ("X-Autoreply: yes", "auto_reply"),
        ("X-Autoreply: no", "lead"),
        ("X-Autorespond: holiday", "auto_reply"),
        ("Precedence: auto_reply", "auto_reply"),
        ("X-Auto-Response-Suppress: All", "lead"),
        ("Return-Path: <>", "bounce"),
        ("Return-Path: <>\r\nAuto-Submitted: auto-replied", "auto_reply"),
        ("Return-Path: <ada@crumpet.example>", "lead"),
        ("X-Failed-Recipients: ben@b.example", "bounce"),
        ('Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "bounce"),
        (
            "Content-Type: multipart/report;\r\n report-type=disposition-notification; boundary=b",
            "auto_reply",
        ),
        ("Precedence: bulk", "mailing_list"),
        ("Precedence: list", "mailing_list"),
        ("List-Id: Ovens <ovens.lists.example>", "mailing_list"),
        ("List-Unsubscribe: <mailto:u@lists.example>", "mailing_list"),
        ("Mailing-List: contact x@lists.example", "mailing_list"),
        ("List-Id: Sales <sales.ovens.example>\r\nPrecedence: list", "lead"),
        ("X-Loop: sales@ovens.example", "loop"),
        ("X-Loop: somebody@else.example", "lead"),
        ("\r\n".join(["Received: from a by b"] * 49), "lead"),
        ("\r\n".join(["Received: from a by b"] * 50), "loop"),
    ],
)
def test_machines_are_known_by_their_headers(headers: str, reason: str) -> None:
    assert read(headers) == reason


@pytest.mark.parametrize(
    ("sender", "reason"),
    [
        ("From: MAILER-DAEMON@host.example", "bounce"),
        ("From: Mail Delivery <mailer-daemon@host.example>", "bounce"),
        ("From: sales@ovens.example", "loop"),
        ("From: SALES+x@Ovens.example", "loop"),
        ("From: sales@ovens.example\r\nReply-To: ada@crumpet.example", "lead"),
        ("Return-Path: <>\r\nSubject: no sender at all", "bounce"),
    ],
)
def test_senders_that_are_no_persons(sender: str, reason: str) -> None:
    assert read("To: sales@ovens.example", f"{sender}\r\nMessage-ID: <m2@x>\r\n") == reason
