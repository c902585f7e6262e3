"""Messages come as they are: each is a lead, or kept as what it is; once."""

from support.intake_door import IntakeDoor, MadeSource

MAIL = b"""From: Ada Invented <ada@crumpet.example.org>\r
To: hello@ovens.example.org\r
Subject: Ovens\r
Message-ID: <one@crumpet.example.org>\r
Date: Mon, 04 May 2026 10:00:00 +0000\r
Content-Type: text/plain; charset=utf-8\r
\r
Do you sell ovens?\r
"""


async def post_mail(
    intake: IntakeDoor, source: MadeSource, mail: bytes, **headers: str
) -> tuple[int, dict[str, str]]:
    """Send a message; returns status and body."""
    sent = {"content-type": "message/rfc822", **source.headers, **headers}
    answer = await intake.client.post("/v1/emails", content=mail, headers=sent)
    return answer.status_code, answer.json()


async def test_a_message_becomes_a_lead_once(intake: IntakeDoor) -> None:
    source = await intake.source("mailbox", kind="email", channel="email")

    first = await post_mail(intake, source, MAIL)
    again = await post_mail(intake, source, MAIL)

    assert first[0] == 202
    assert again == first
    (card,) = await intake.said("ContactCard")
    assert card["data"]["email"] == "ada@crumpet.example.org"
    assert await intake.count("leads") == 1
    assert await intake.unaccounted() == 0


async def test_an_automatic_reply_is_kept_and_is_no_lead(intake: IntakeDoor) -> None:
    source = await intake.source("mailbox", kind="email")

    status, body = await post_mail(intake, source, b"Auto-Submitted: auto-replied\r\n" + MAIL)

    assert (status, body["status"]) == (202, "ignored")
    assert await intake.count("leads") == 0
    assert await intake.unaccounted() == 0


async def test_what_is_no_message_is_kept_or_refused(intake: IntakeDoor) -> None:
    source = await intake.source("mailbox", kind="email")

    for body in (b"", b"\0\0\0", b"no header at all", b"\xff" * 100):
        status, _ = await post_mail(intake, source, body)
        assert status in (202, 400, 422)

    assert await intake.count("payloads") == 4
    assert await intake.unaccounted() == 0


async def test_another_content_type_is_not_taken(intake: IntakeDoor, shop: MadeSource) -> None:
    status, _ = await post_mail(intake, shop, MAIL, **{"content-type": "text/plain"})

    assert status == 415
