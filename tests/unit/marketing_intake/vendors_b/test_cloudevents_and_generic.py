"""CloudEvents in their three modes and their handshake; the generic vendor's configuration."""

import base64
from typing import Any

import orjson
import pytest

from baton.contracts.vocabulary import ActivityKind
from marketing_intake.reading.findings import FoundActivity, FoundLead, Ignored, Unreadable
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors import VENDORS
from marketing_intake.reading.vendors.generic_config import check_config
from marketing_intake.reading.vendors.paths import value_at
from marketing_intake.reading.vendors.shape import Greeting
from support.form_vendors import with_header
from support.message_documents import EMAIL
from support.message_samples import GENERIC_CONFIG, MESSAGES

EVENT = MESSAGES["cloudevents"].document(1, "Crumpet")
BINARY = with_header(
    Raw(orjson.dumps(EVENT["data"]), "application/json"),
    ce_specversion="1.0",
    ce_id="event-1",
    ce_source="/shop",
    ce_type="example.quote.asked",
    ce_time="2026-03-02T09:29:00Z",
)


def parsed(raw: Raw, config: dict[str, Any] | None = None) -> list[Any]:
    return list(VENDORS["cloudevents"].parse(raw, config or {}))


def test_the_three_modes_read_the_same() -> None:
    structured = Raw(orjson.dumps(EVENT), "application/cloudevents+json; charset=utf-8")
    batch = Raw(orjson.dumps([EVENT]), "application/cloudevents-batch+json")
    packed = base64.b64encode(orjson.dumps(EVENT["data"])).decode()
    without_data = {name: value for name, value in EVENT.items() if name != "data"}
    in_base64 = Raw(orjson.dumps(without_data | {"data_base64": packed}), "application/json")

    leads = [parsed(raw)[0] for raw in (BINARY, structured, batch, in_base64)]

    for lead in leads:
        assert isinstance(lead, FoundLead)
        assert lead.key == "/shop event-1"
        assert lead.fields["email"] == EMAIL
        assert lead.fields["occurred_at"] == "2026-03-02T09:29:00+00:00"


def test_values_of_headers_are_percent_encoded() -> None:
    (lead,) = parsed(with_header(BINARY, ce_id="caf%C3%A9%20%22x%22"))

    assert lead.key == '/shop café "x"'


def test_types_are_leads_or_activities_as_configured() -> None:
    quote = {"events": {"example.quote.asked": "demo_requested"}}

    (activity,) = parsed(BINARY, quote)
    (unknown,) = parsed(BINARY, {"events": {"other": "demo_requested"}})
    (listed,) = parsed(BINARY, {"leads": ["example.quote.asked"]})
    (unlisted,) = parsed(BINARY, {"leads": []})

    assert isinstance(activity, FoundActivity)
    assert (activity.kind, activity.who["email"]) == (ActivityKind.DEMO_REQUESTED, EMAIL)
    assert unknown == Ignored("unmapped_type", "/shop event-1")
    assert isinstance(listed, FoundLead)
    assert isinstance(unlisted, Ignored)


@pytest.mark.parametrize(
    "raw",
    [
        Raw(b"<event/>", "application/cloudevents+xml"),
        with_header(Raw(b"<a/>", "application/xml"), ce_specversion="1.0"),
        with_header(Raw(b"", "application/json"), ce_specversion="1.0"),
        Raw(b"[]", "application/cloudevents+json"),
    ],
)
def test_events_in_other_formats_are_unreadable(raw: Raw) -> None:
    with pytest.raises(Unreadable):
        parsed(raw)


def greeting(config: dict[str, Any], **headers: str) -> Greeting:
    greet = VENDORS["cloudevents"].greet
    assert greet is not None
    answer = greet(with_header(Raw(b"", method="OPTIONS"), **headers), [], config)
    assert answer is not None
    assert answer.status == 200
    return answer


def test_whoever_asks_for_leave_to_send_is_granted_it() -> None:
    asked = {"webhook_request_origin": "shop.example", "webhook_request_rate": "120"}

    answer = greeting({}, **asked).headers
    limited = greeting({"rate_per_minute": 60}, **asked).headers

    assert (answer["WebHook-Allowed-Origin"], answer["WebHook-Allowed-Rate"]) == (
        "shop.example",
        "120",
    )
    assert limited["WebHook-Allowed-Rate"] == "60"
    assert greeting({}, webhook_request_origin="a.example").headers["WebHook-Allowed-Rate"] == "*"


@pytest.mark.parametrize("origin", ["", "other.example", "shop.example\r\nX: y", "*", "ü.example"])
def test_other_origins_are_granted_nothing(origin: str) -> None:
    answer = greeting({"allowed_origins": ["shop.example"]}, webhook_request_origin=origin)

    assert answer.headers == {"Allow": "POST"}


def test_only_options_is_a_handshake() -> None:
    greet = VENDORS["cloudevents"].greet

    assert greet is not None
    assert greet(Raw(b"{}"), [], {}) is None


@pytest.mark.parametrize(
    ("config", "faulty"),
    [
        ({}, set()),
        (GENERIC_CONFIG, set()),
        ({"invented": 1}, {"invented"}),
        ({"signature_header": "bad header"}, {"signature_header"}),
        ({"signature_header": "X", "algorithm": "md5"}, {"algorithm"}),
        ({"signature_header": "X", "encoding": "utf-8"}, {"encoding"}),
        ({"algorithm": "sha256"}, {"algorithm"}),
        ({"signature_header": "X", "signed": "{timestamp}.{body}"}, {"signed"}),
        ({"signature_header": "X", "signed": "no body"}, {"signed"}),
        ({"signature_header": "X", "signed": "{body}{what}"}, {"signed"}),
        ({"signature_header": "X", "timestamp_header": "T"}, {"timestamp_header"}),
        ({"signature_header": "X", "tolerance_seconds": 300}, {"tolerance_seconds"}),
        ({"fields": {"email": "a..b"}}, {"fields"}),
        ({"fields": {"email": ""}}, {"fields"}),
        ({"fields": {}}, {"fields"}),
        ({"fields": ["email"]}, {"fields"}),
        ({"items": "a[0]"}, {"items"}),
        ({"id": 7}, {"id"}),
        ({"required": "email"}, {"required"}),
    ],
)
def test_what_is_wrong_with_a_configuration_is_said_by_field(
    config: dict[str, Any], faulty: set[str]
) -> None:
    faults = check_config(config)

    assert set(faults) == faulty
    assert all(faults.values())


def test_a_wrong_configuration_reads_nothing() -> None:
    with pytest.raises(Unreadable, match="invented"):
        VENDORS["generic"].parse(Raw(b"{}"), {"invented": 1})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a", {"b.c": 1, "d": [{"k": "x", "v": 2}, {"k": "y", "v": 3}]}),
        ("$.a.d[1].v", 3),
        ("a.d[k=y].v", 3),
        ('a["b.c"]', 1),
        ("a.d[9].v", None),
        ("a.d.v", None),
        ("b", None),
        ("a.d[k=z].v", None),
    ],
)
def test_paths_lead_into_documents(path: str, value: object) -> None:
    document = {"a": {"b.c": 1, "d": [{"k": "x", "v": 2}, {"k": "y", "v": 3}]}}

    assert value_at(document, path) == value


def test_without_configured_fields_a_lead_is_its_own_fields() -> None:
    (lead,) = VENDORS["generic"].parse(Raw(b'{"email":"a@b.example","n":1}'), {"id": "n"})

    assert lead == FoundLead({"email": "a@b.example", "n": 1}, "1")
