"""One lead or event of each vendor of messages and events, and how that vendor would send it."""

from collections.abc import Sequence
from typing import Any, Final

import orjson

from support.form_vendors import BOUNDARY, NONE_EXISTS, NOW, OWN, Document, form, one
from support.message_vendors import (
    PUBLIC,
    MessageSample,
    by_basic,
    by_bearer,
    by_configured_pieces,
    by_ecdsa,
    by_sha1,
    by_time_and_body,
    by_triple_in_form,
    by_triple_in_json,
    urlencoded,
)

EMAIL: Final = "ada@crumpet.example"
SECONDS: Final = int(NOW.timestamp()) - 60
HEADERS: Final = "Received: from a by b; Mon, 2 Mar 2026 09:29:00 +0000\r\n"
MULTIPART: Final = f"multipart/form-data; boundary={BOUNDARY}"


def _cloudevents(number: int, company: str) -> Document:
    return {
        "specversion": "1.0",
        "id": f"event-{number}",
        "source": "/shop",
        "type": "example.quote.asked",
        "time": "2026-03-02T09:29:00Z",
        "data": {"email": EMAIL, "company": company},
    }


def _generic(number: int, company: str) -> Document:
    contact = {"mail": EMAIL, "answers": [{"q": "firm", "a": company}]}
    return {"ref": f"lead-{number}", "contact": contact, "more": 1}


def _mailchimp(number: int, company: str) -> Document:
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


def _mailgun_event(number: int, company: str) -> Document:
    event: Document = {"event": "clicked", "id": f"event-{number}", "timestamp": SECONDS + 0.5}
    event |= {"recipient": EMAIL, "url": "https://ovens.example", "tags": [company]}
    event |= {"client-info": {"user-agent": "Mozilla/5.0", "bot": ""}, "ip": "192.0.2.1"}
    event |= {"message": {"headers": {"message-id": "m1@ovens.example"}}}
    return {"event-data": event}


def _mailgun_mail(number: int, company: str) -> Document:
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


def _postmark_event(number: int, company: str) -> Document:
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


def _postmark_mail(number: int, company: str) -> Document:
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


def _segment(number: int, company: str) -> Document:
    return {
        "type": "track",
        "event": "Quote Asked",
        "messageId": f"message-{number}",
        "userId": "user-1",
        "timestamp": "2026-03-02T09:29:00.000Z",
        "properties": {"ovens": 3, "firm": company},
        "context": {"traits": {"email": EMAIL, "firstName": "Ada"}, "ip": "192.0.2.1"},
    }


def _sendgrid_event(number: int, company: str) -> Document:
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


def _sendgrid_mail(number: int, company: str) -> Document:
    block = f"{HEADERS}From: Ada Oven <{EMAIL}>\r\nMessage-ID: <m{number}@crumpet.example>\r\n"
    return {
        "headers": block + "Subject: Ovens\r\n",
        "text": f"We are {company}.",
        "charsets": {"text": "UTF-8"},
        "envelope": {"to": ["sales+spring@ovens.example"], "from": EMAIL},
    }


def _in_batch(documents: Sequence[Document]) -> bytes:
    return orjson.dumps({"batch": list(documents), "sentAt": "2026-03-02T09:30:00Z"})


def _all(documents: Sequence[Document]) -> bytes:
    return orjson.dumps(list(documents))


def _under_data(documents: Sequence[Document]) -> bytes:
    return orjson.dumps({"data": {"leads": list(documents)}})


def _as_form(documents: Sequence[Document]) -> bytes:
    return urlencoded(documents[0])


GENERIC_CONFIG: Final[dict[str, Any]] = {
    "signature_header": "X-Tool-Signature",
    "prefix": "v0=",
    "encoding": "base64",
    "signed": "{timestamp}:{method}:{body}",
    "timestamp_header": "X-Tool-Time",
    "items": "data.leads",
    "id": "ref",
    "fields": {"email": "contact.mail", "company": "contact.answers[q=firm].a"},
    "required": ["email"],
}

MESSAGES: Final[dict[str, MessageSample]] = {
    "cloudevents": MessageSample(
        signature_from="RFC 6750, section 2.1: the example of a Bearer token",
        document=_cloudevents,
        wrap=_all,
        key=lambda number: f"/shop event-{number}",
        sign=by_bearer,
        required=(("id",), ("source",), ("type",), ("specversion",), ("data",)),
        holds_several=True,
        signs_body=False,
        content_type="application/cloudevents-batch+json",
    ),
    "generic": MessageSample(
        signature_from="Standard Webhooks' test vector, and GitHub's documentation of webhooks",
        document=_generic,
        wrap=_under_data,
        key=lambda number: f"lead-{number}",
        sign=by_configured_pieces,
        required=(("ref",),),
        holds_several=True,
        has_time=True,
        config=GENERIC_CONFIG,
    ),
    "mailchimp": MessageSample(
        signature_from=OWN,
        document=_mailchimp,
        wrap=_as_form,
        key=lambda _: "subscribe 2026-03-02T09:29:00+00:00 ",
        sign=by_time_and_body,
        required=(("type",), ("fired_at",), ("data[email]",)),
        has_time=True,
        content_type="application/x-www-form-urlencoded",
    ),
    "mailgun_events": MessageSample(
        signature_from="Rails' Action Mailbox: its test of Mailgun's ingress",
        document=_mailgun_event,
        wrap=one,
        key=lambda number: f"event-{number}",
        sign=by_triple_in_json,
        required=tuple(("event-data", name) for name in ("event", "id", "recipient", "timestamp")),
        has_time=True,
        signs_body=False,
    ),
    "mailgun_routes": MessageSample(
        signature_from="Rails' Action Mailbox: its test of Mailgun's ingress",
        document=_mailgun_mail,
        wrap=form,
        key=lambda number: f"m{number}@crumpet.example",
        sign=by_triple_in_form,
        required=(("message-headers",),),
        has_time=True,
        signs_body=False,
        content_type=MULTIPART,
    ),
    "postmark_events": MessageSample(
        signature_from=f"{NONE_EXISTS}; RFC 7617, section 2: the example of Basic",
        document=_postmark_event,
        wrap=one,
        key=lambda number: f"Open message-{number} ",
        sign=by_basic,
        required=(("RecordType",), ("Recipient",)),
        signs_body=False,
    ),
    "postmark_inbound": MessageSample(
        signature_from=f"{NONE_EXISTS}; RFC 7617, section 2: the example of Basic",
        document=_postmark_mail,
        wrap=one,
        key=lambda number: f"m{number}@crumpet.example",
        sign=by_basic,
        required=(("FromFull",),),
        signs_body=False,
    ),
    "segment": MessageSample(
        signature_from="RFC 2202, test case 2 of HMAC-SHA1",
        document=_segment,
        wrap=_in_batch,
        key=lambda number: f"message-{number}",
        sign=by_sha1,
        required=(("type",), ("event",), ("userId",)),
        holds_several=True,
        config={"events": {"Quote Asked": "demo_requested"}},
    ),
    "sendgrid_events": MessageSample(
        signature_from="sendgrid-python: its test of the Event Webhook",
        document=_sendgrid_event,
        wrap=_all,
        key=lambda number: f"event-{number}",
        sign=by_ecdsa,
        required=(("event",), ("sg_event_id",), ("email",), ("timestamp",)),
        holds_several=True,
        has_time=True,
        config={"tolerance_seconds": 300},
        secrets=PUBLIC,
    ),
    "sendgrid_inbound": MessageSample(
        signature_from="sendgrid-python: its test of the Event Webhook, whose scheme is the same",
        document=_sendgrid_mail,
        wrap=form,
        key=lambda number: f"m{number}@crumpet.example",
        sign=by_ecdsa,
        required=(("headers",),),
        secrets=PUBLIC,
        content_type=MULTIPART,
    ),
}
