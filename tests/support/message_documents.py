"""One lead or event of each vendor of messages and events, with a company in it somewhere."""

from typing import Final

from support.form_vendors import NOW, Document

EMAIL: Final = "ada@crumpet.example"
SECONDS: Final = int(NOW.timestamp()) - 60
HEADERS: Final = "Received: from a by b; Mon, 2 Mar 2026 09:29:00 +0000\r\n"


def cloudevents(number: int, company: str) -> Document:
    """An event whose data are a lead."""
    return {
        "specversion": "1.0",
        "id": f"event-{number}",
        "source": "/shop",
        "type": "example.quote.asked",
        "time": "2026-03-02T09:29:00Z",
        "data": {"email": EMAIL, "company": company},
    }


def generic(number: int, company: str) -> Document:
    """A lead of a tool of no name."""
    contact = {"mail": EMAIL, "answers": [{"q": "firm", "a": company}]}
    return {"ref": f"lead-{number}", "contact": contact, "more": 1}


def mailchimp(number: int, company: str) -> Document:
    """Somebody who subscribed."""
    return {
        "type": "subscribe",
        "fired_at": "2026-03-02 09:29:00",
        "data[id]": f"contact-{number}",
        "data[list_id]": "list-1",
        "data[email]": EMAIL,
        "data[ip_opt]": "192.0.2.1",
        "data[merges][FNAME]": "Ada",
        "data[merges][COMPANY]": company,
    }


def mailgun_event(number: int, company: str) -> Document:
    """A click."""
    event: Document = {"event": "clicked", "id": f"event-{number}", "timestamp": SECONDS + 0.5}
    event |= {"recipient": EMAIL, "url": "https://ovens.example", "tags": [company]}
    event |= {"client-info": {"user-agent": "Mozilla/5.0", "bot": ""}, "ip": "192.0.2.1"}
    event |= {"message": {"headers": {"message-id": "m1@ovens.example"}}}
    return {"event-data": event}


def mailgun_mail(number: int, company: str) -> Document:
    """A message to a tagged address."""
    headers = [
        ["From", f"Ada Oven <{EMAIL}>"],
        ["Subject", "Ovens"],
        ["Message-Id", f"<m{number}@crumpet.example>"],
    ]
    return {
        "recipient": "sales+spring@ovens.example",
        "sender": EMAIL,
        "message-headers": headers,
        "body-plain": f"We are {company}.",
    }


def postmark_event(number: int, company: str) -> Document:
    """An open."""
    return {
        "RecordType": "Open",
        "MessageID": f"message-{number}",
        "ReceivedAt": "2026-03-02T09:29:00Z",
        "Recipient": EMAIL,
        "Tag": company,
        "FirstOpen": True,
        "UserAgent": "Mozilla/5.0",
        "Geo": {"IP": "192.0.2.1"},
    }


def postmark_mail(number: int, company: str) -> Document:
    """A message to a tagged address."""
    return {
        "FromFull": {"Name": "Ada Oven", "Email": EMAIL, "MailboxHash": ""},
        "OriginalRecipient": "hash+spring@inbound.example",
        "Subject": "Ovens",
        "Date": "Mon, 2 Mar 2026 09:29:00 +0000",
        "MessageID": f"guid-{number}",
        "TextBody": f"We are {company}.",
        "Headers": [{"Name": "Message-ID", "Value": f"<m{number}@crumpet.example>"}],
        "Attachments": [
            {
                "Name": "plan.pdf",
                "ContentType": "application/pdf",
                "ContentLength": 9,
                "Content": "",
            }
        ],
    }


def segment(number: int, company: str) -> Document:
    """A track event."""
    return {
        "type": "track",
        "event": "Quote Asked",
        "messageId": f"message-{number}",
        "userId": "user-1",
        "timestamp": "2026-03-02T09:29:00.000Z",
        "properties": {"ovens": 3, "firm": company},
        "context": {"traits": {"email": EMAIL, "firstName": "Ada"}, "ip": "192.0.2.1"},
    }


def sendgrid_event(number: int, company: str) -> Document:
    """An open."""
    return {
        "email": EMAIL,
        "timestamp": SECONDS,
        "event": "open",
        "sg_event_id": f"event-{number}",
        "sg_message_id": "m1.filter0001.4567.0",
        "useragent": "Mozilla/5.0",
        "ip": "192.0.2.1",
        "category": [company],
    }


def sendgrid_mail(number: int, company: str) -> Document:
    """A message to a tagged address."""
    block = f"{HEADERS}From: Ada Oven <{EMAIL}>\r\nMessage-ID: <m{number}@crumpet.example>\r\n"
    return {
        "headers": block + "Subject: Ovens\r\n",
        "text": f"We are {company}.",
        "charsets": {"text": "UTF-8"},
        "envelope": {"to": ["sales+spring@ovens.example"], "from": EMAIL},
    }
