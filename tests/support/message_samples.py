"""How each vendor of messages and events would send its document."""

from collections.abc import Sequence
from typing import Any, Final

import orjson

from support.form_vendors import BOUNDARY, NONE_EXISTS, OWN, Document, form, one
from support.message_documents import (
    cloudevents,
    generic,
    mailchimp,
    mailgun_event,
    mailgun_mail,
    postmark_event,
    postmark_mail,
    segment,
    sendgrid_event,
    sendgrid_mail,
)
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

MULTIPART: Final = f"multipart/form-data; boundary={BOUNDARY}"


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
        document=cloudevents,
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
        document=generic,
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
        document=mailchimp,
        wrap=_as_form,
        key=lambda _: "subscribe 2026-03-02T09:29:00+00:00 ",
        sign=by_time_and_body,
        required=(("type",), ("fired_at",), ("data[email]",)),
        has_time=True,
        content_type="application/x-www-form-urlencoded",
    ),
    "mailgun_events": MessageSample(
        signature_from="Rails' Action Mailbox: its test of Mailgun's ingress",
        document=mailgun_event,
        wrap=one,
        key=lambda number: f"event-{number}",
        sign=by_triple_in_json,
        required=tuple(("event-data", name) for name in ("event", "id", "recipient", "timestamp")),
        has_time=True,
        signs_body=False,
    ),
    "mailgun_routes": MessageSample(
        signature_from="Rails' Action Mailbox: its test of Mailgun's ingress",
        document=mailgun_mail,
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
        document=postmark_event,
        wrap=one,
        key=lambda number: f"Open message-{number} ",
        sign=by_basic,
        required=(("RecordType",), ("Recipient",)),
        signs_body=False,
    ),
    "postmark_inbound": MessageSample(
        signature_from=f"{NONE_EXISTS}; RFC 7617, section 2: the example of Basic",
        document=postmark_mail,
        wrap=one,
        key=lambda number: f"m{number}@crumpet.example",
        sign=by_basic,
        required=(("FromFull",),),
        signs_body=False,
    ),
    "segment": MessageSample(
        signature_from="RFC 2202, test case 2 of HMAC-SHA1",
        document=segment,
        wrap=_in_batch,
        key=lambda number: f"message-{number}",
        sign=by_sha1,
        required=(("type",), ("event",), ("userId",)),
        holds_several=True,
        config={"events": {"Quote Asked": "demo_requested"}},
    ),
    "sendgrid_events": MessageSample(
        signature_from="sendgrid-python: its test of the Event Webhook",
        document=sendgrid_event,
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
        document=sendgrid_mail,
        wrap=form,
        key=lambda number: f"m{number}@crumpet.example",
        sign=by_ecdsa,
        required=(("headers",),),
        secrets=PUBLIC,
        content_type=MULTIPART,
    ),
}
