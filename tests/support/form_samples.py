"""One lead of each vendor of forms and ads, and how that vendor would send it."""

import base64
from dataclasses import replace
from datetime import datetime
from typing import Final

import orjson

from marketing_intake.reading.raw import Raw
from support.form_vendors import (
    BOUNDARY,
    NONE_EXISTS,
    NOW_MS,
    OWN,
    Document,
    Sample,
    form,
    in_entries,
    mac,
    milliseconds,
    one,
    response_id,
    sha256_hex,
    token,
    with_header,
)

EMAIL: Final = "ada@crumpet.example"


def _typeform(number: int, company: str) -> Document:
    answers: list[Document] = [
        {"type": "email", "email": EMAIL, "field": {"id": "f1", "ref": "mail", "type": "email"}},
        {"type": "text", "text": company, "field": {"id": "f2", "ref": "company"}},
        {"type": "choices", "choices": {"labels": ["deck", "rack"]}, "field": {"ref": "ovens"}},
    ]
    response: Document = {"form_id": "ovens", "token": f"token-{number}", "answers": answers}
    response |= {"submitted_at": "2026-03-02T09:29:00Z", "hidden": {"utm_source": "letter"}}
    return {"event_id": f"e{number}", "event_type": "form_response", "form_response": response}


def _hubspot(number: int, company: str) -> Document:
    return {
        "eventId": 4100 + number,
        "subscriptionId": 12,
        "portalId": 990,
        "appId": 5,
        "occurredAt": NOW_MS,
        "subscriptionType": "contact.propertyChange",
        "attemptNumber": 0,
        "objectId": 7000 + number,
        "propertyName": "company",
        "propertyValue": company,
        "changeSource": "FORM",
    }


def _google(number: int, company: str) -> Document:
    columns = [
        {"column_id": "FULL_NAME", "column_name": "Full name", "string_value": "Ada Oven"},
        {"column_id": "EMAIL", "string_value": EMAIL},
        {"column_id": "COMPANY_NAME", "string_value": company},
        {"column_id": "HOW_MANY_OVENS", "string_value": "3"},
    ]
    return {
        "lead_id": f"lead-{number}",
        "user_column_data": columns,
        "api_version": "1.0",
        "form_id": 9007199254740993,
        "campaign_id": 9007199254740995,
        "google_key": "",
        "is_test": False,
        "gcl_id": "click-1",
    }


def _meta(number: int, company: str) -> Document:
    value = {"leadgen_id": str(5550 + number), "page_id": "77", "form_id": company, "ad_id": "9"}
    return {"field": "leadgen", "value": value | {"created_time": 1772443800}}


def _linkedin(number: int, company: str) -> Document:
    return {
        "type": "LEAD_ACTION",
        "leadGenFormResponse": f"urn:li:leadGenFormResponse:{response_id(number)}",
        "leadGenForm": company,
        "owner": {"sponsoredAccount": "urn:li:sponsoredAccount:5"},
        "leadType": "SPONSORED",
        "leadAction": "CREATED",
        "occurredAt": NOW_MS,
    }


def _tally(number: int, company: str) -> Document:
    options = [{"id": "o1", "text": "deck"}, {"id": "o2", "text": "rack"}]
    fields: list[Document] = [
        {"key": "q1", "label": "E-mail", "type": "INPUT_EMAIL", "value": EMAIL},
        {"key": "q2_a", "label": "company", "type": "HIDDEN_FIELDS", "value": company},
        {"key": "q3", "label": "Oven", "type": "DROPDOWN", "value": ["o2"], "options": options},
    ]
    data: Document = {"responseId": f"r{number}", "submissionId": f"s{number}", "formId": "ovens"}
    data |= {"createdAt": "2026-03-02T09:29:00.000Z", "fields": fields}
    return {"eventId": f"e{number}", "eventType": "FORM_RESPONSE", "data": data}


def _jotform(number: int, company: str) -> Document:
    answers = {
        "slug": "submit/9",
        "q3_name": {"first": "Ada", "last": "Oven"},
        "q4_email4": EMAIL,
        "q5_phoneNumber": {"area": "020", "phone": "79460000"},
        "q6_company": company,
        "q7_ovens": ["deck", "rack"],
    }
    return {"formID": "9", "submissionID": f"60{number}", "type": "WEB", "rawRequest": answers}


def _netlify(number: int, company: str) -> Document:
    data = {"name": "Ada Oven", "email": EMAIL, "company": company, "ovens": "3"}
    return {
        "id": f"n{number}",
        "number": number,
        "email": EMAIL,
        "name": "Ada Oven",
        "form_name": "contact",
        "site_url": "https://crumpet.example",
        "created_at": "2026-03-02T09:29:00.000Z",
        "data": data,
    }


def _webflow(number: int, company: str) -> Document:
    data = {"First Name": "Ada", "Email 2": EMAIL, "Company": company, "Phone Number": 447946000000}
    payload: Document = {
        "name": "Contact",
        "siteId": "s",
        "data": data,
        "id": f"w{number}",
        "formId": "f",
    }
    payload |= {"submittedAt": "2026-03-02T09:29:00.000Z"}
    return {"triggerType": "form_submission", "payload": payload}


def _signed_typeform(raw: Raw, secret: str, _at: datetime) -> Raw:
    signature = base64.b64encode(mac(secret, raw.body)).decode()
    return with_header(raw, typeform_signature=f"sha256={signature}")


def _signed_hubspot(raw: Raw, secret: str, at: datetime) -> Raw:
    decoded = raw.url.replace("%2F", "/").encode()
    signed = b"POST" + decoded + raw.body + milliseconds(at).encode()
    return with_header(
        raw,
        x_hubspot_signature_v3=base64.b64encode(mac(secret, signed)).decode(),
        x_hubspot_request_timestamp=milliseconds(at),
    )


def _signed_google(raw: Raw, secret: str, _at: datetime) -> Raw:
    key = b'"google_key":' + orjson.dumps(secret)
    return replace(raw, body=raw.body.replace(b'"google_key":""', key))


def _signed_meta(raw: Raw, secret: str, _at: datetime) -> Raw:
    return with_header(raw, x_hub_signature_256=f"sha256={mac(secret, raw.body).hex()}")


def _signed_linkedin(raw: Raw, secret: str, _at: datetime) -> Raw:
    return with_header(raw, x_li_signature=mac(secret, b"hmacsha256=" + raw.body).hex())


def _signed_tally(raw: Raw, secret: str, _at: datetime) -> Raw:
    return with_header(raw, tally_signature=base64.b64encode(mac(secret, raw.body)).decode())


def _signed_jotform(raw: Raw, secret: str, _at: datetime) -> Raw:
    return replace(raw, query={"key": secret})


def _signed_netlify(raw: Raw, secret: str, _at: datetime) -> Raw:
    claims = {"iss": "netlify", "sha256": sha256_hex(raw.body)}
    header = {"typ": "JWT", "alg": "HS256"}
    return with_header(raw, x_webhook_signature=token(claims, secret, header))


def _signed_webflow(raw: Raw, secret: str, at: datetime) -> Raw:
    signed = milliseconds(at).encode() + b":" + raw.body
    return with_header(
        raw,
        x_webflow_signature=mac(secret, signed).hex(),
        x_webflow_timestamp=milliseconds(at),
    )


SAMPLES: Final = {
    "google_ads": Sample(
        NONE_EXISTS, _google, one, "lead-{}".format, _signed_google,
        (("lead_id",), ("user_column_data",), ("user_column_data", 3, "column_id")),
        signs_body=False,
    ),
    "hubspot": Sample(
        "HubSpot's SDK for Python, in its tests (v1, v3)", _hubspot, orjson.dumps,
        lambda number: f"990:{7000 + number}:{4100 + number}:propertyChange:company",
        _signed_hubspot,
        (("eventId",), ("portalId",), ("objectId",), ("subscriptionType",), ("propertyName",)),
        holds_several=True, has_time=True,
    ),
    "jotform": Sample(
        NONE_EXISTS, _jotform, form, "60{}".format, _signed_jotform,
        (("submissionID",), ("rawRequest",)),
        signs_body=False, content_type=f"multipart/form-data; boundary={BOUNDARY}",
    ),
    "linkedin": Sample(
        OWN, _linkedin, orjson.dumps,
        lambda number: f"urn:li:leadGenFormResponse:{response_id(number)}", _signed_linkedin,
        (("type",), ("leadGenFormResponse",), ("leadAction",)), holds_several=True,
    ),
    "meta": Sample(
        "GitHub's documentation of the same header", _meta, in_entries,
        lambda number: str(5550 + number), _signed_meta,
        (("value",), ("value", "leadgen_id")), holds_several=True,
    ),
    "netlify": Sample(
        "jwt.io's example of HS256, for the token", _netlify, one, "n{}".format, _signed_netlify,
        (("id",), ("data",)),
    ),
    "tally": Sample(
        "the library webhook-verify, in its tests", _tally, one, "s{}".format, _signed_tally,
        (("data",), ("data", "fields"), ("data", "fields", 0, "key")),
    ),
    "typeform": Sample(
        "the library webhook-verify, in its tests", _typeform, one, "token-{}".format,
        _signed_typeform, (("form_response",), ("form_response", "token")),
    ),
    "webflow": Sample(
        "the library webhook-verify, in its tests", _webflow, one, "w{}".format, _signed_webflow,
        (("payload",), ("payload", "id"), ("payload", "data")), has_time=True,
    ),
}  # fmt: skip
"""Every vendor of forms and ads, with where a signature of somebody else's making comes from."""
