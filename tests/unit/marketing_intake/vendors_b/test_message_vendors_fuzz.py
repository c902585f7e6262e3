"""Vendors of messages and events under fire: only the exceptions that are promised."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketing_intake.reading.findings import Broken, Unreadable
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors import VENDORS
from marketing_intake.reading.vendors.generic_config import CHECKS, check_config
from marketing_intake.reading.vendors.shape import BadSignature
from support.form_vendors import BOUNDARY, NOW, URL
from support.message_samples import GENERIC_CONFIG, MESSAGES

JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20)
    | st.integers(-(2**63), 2**64 - 1),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
TYPES = st.sampled_from(
    [
        *("application/json", "application/x-www-form-urlencoded", "application/xml", ""),
        *("application/cloudevents+json", "application/cloudevents-batch+json"),
        f"multipart/form-data; boundary={BOUNDARY}",
    ]
) | st.text(max_size=60)
HEADERS = [
    *("x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp"),
    *("authorization", "x-signature", "x-mailchimp-signature", "x-webhook-key"),
    *("x-tool-signature", "x-tool-time", "ce-specversion", "ce-id", "webhook-request-origin"),
]
SECONDS = str(int(NOW.timestamp()))
VALUES = (
    st.text(max_size=40)
    | st.from_regex(r"\A((Basic|Bearer) )?(t=\d{1,12},v1=|v0=)?[A-Za-z0-9+/=_.-]{0,90}\Z")
    | st.just(SECONDS)
)
QUERIES = st.dictionaries(
    st.sampled_from(["key", "access_token"]), st.text(st.characters(), max_size=20)
)
FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
names = pytest.mark.parametrize("name", sorted(MESSAGES))


def changed(draw: Callable[[st.SearchStrategy[Any]], Any], value: Any) -> Any:
    """The value with something inside it replaced, removed, renamed or doubled."""
    if not value or not isinstance(value, dict | list) or draw(st.integers(0, 3)) == 0:
        return draw(JSON)
    if isinstance(value, list):
        place = draw(st.integers(0, len(value) - 1))
        return [*value[:place], changed(draw, value[place]), *value[place:]]
    name = draw(st.sampled_from(sorted(value)))
    match draw(st.integers(0, 2)):
        case 0:
            return {key: inner for key, inner in value.items() if key != name}
        case 1:
            return value | {draw(st.text(max_size=8)): value[name]}
        case _:
            return value | {name: changed(draw, value[name])}


def read(name: str, raw: Raw, config: Mapping[str, Any] | None = None) -> None:
    """Fails when reading raises what was not promised, or a part can't be read in its turn."""
    config = MESSAGES[name].config if config is None else config
    with suppress(Unreadable):
        for one in VENDORS[name].parse(raw, config):
            assert isinstance(one, Broken) or one.key is None or one.key
            if one.body is not None:
                with suppress(Unreadable):
                    VENDORS[name].parse(Raw(one.body, "application/json"), config)


@names
@FEW
@given(body=st.binary(max_size=300), kind=TYPES, config=st.none() | st.just({}))
def test_any_bytes_are_read_or_unreadable(
    name: str, body: bytes, kind: str, config: Mapping[str, Any] | None
) -> None:
    read(name, Raw(body, kind), config)
    read(name, Raw(body, MESSAGES[name].content_type), config)


@names
@FEW
@given(data=st.data())
def test_a_valid_body_with_bytes_changed_is_read_or_unreadable(
    name: str, data: st.DataObject
) -> None:
    raw = MESSAGES[name].raw(MESSAGES[name].document(1, "Crumpet"))
    body = bytearray(raw.body)

    for place in data.draw(st.lists(st.integers(0, len(body) - 1), min_size=1, max_size=8)):
        body[place] = data.draw(st.integers(0, 255))

    read(name, Raw(bytes(body), raw.content_type))


@names
@FEW
@given(
    data=st.data(),
    config=st.none() | st.dictionaries(st.sampled_from(["own_addresses", "events", "leads"]), JSON),
)
def test_a_valid_document_with_values_changed_is_read_or_unreadable(
    name: str, data: st.DataObject, config: Mapping[str, Any] | None
) -> None:
    document = MESSAGES[name].document(1, "Crumpet")

    for _ in range(data.draw(st.integers(1, 3))):
        altered = changed(data.draw, document)
        document = altered if isinstance(altered, dict) else document

    read(name, MESSAGES[name].raw(document), config)


@names
@FEW
@given(
    body=st.binary(max_size=60) | JSON.map(orjson.dumps),
    headers=st.dictionaries(st.sampled_from(HEADERS), VALUES),
    query=QUERIES,
    kind=TYPES,
)
def test_nobody_is_let_in_by_chance(
    name: str, body: bytes, headers: Mapping[str, str], query: Mapping[str, str], kind: str
) -> None:
    raw = Raw(body, kind, headers, query, url=URL)

    for secrets in (["an active secret", "another"], [MESSAGES[name].secrets[0]], []):
        with pytest.raises((BadSignature, Unreadable)):
            VENDORS[name].verify(raw, secrets, MESSAGES[name].config, NOW)


@names
@FEW
@given(
    headers=st.dictionaries(st.sampled_from(HEADERS), VALUES),
    method=st.sampled_from(["GET", "HEAD", "POST", "OPTIONS"]),
    origins=JSON,
)
def test_a_greeting_is_answered_or_refused(
    name: str, headers: Mapping[str, str], method: str, origins: object
) -> None:
    vendor = VENDORS[name]
    raw = Raw(b"", headers=headers, method=method)

    answer = vendor.greet(raw, ["secret"], {"allowed_origins": origins}) if vendor.greet else None

    assert answer is None or method in vendor.greet_methods
    assert answer is None or all(value.isprintable() for value in answer.headers.values())


@FEW
@given(
    config=st.dictionaries(
        st.sampled_from(sorted(CHECKS)),
        JSON | st.sampled_from(["hex", "base64", "sha1", "X-A", "a.b", "{body}", 300, ["email"]]),
    ),
    headers=st.dictionaries(st.sampled_from(["x-a", "a.b"]), VALUES),
)
def test_a_configuration_is_faulty_or_can_be_used(
    config: Mapping[str, Any], headers: Mapping[str, str]
) -> None:
    raw = Raw(b'{"a":{"b":[{"email":"a@b.example"}]}}', "application/json", headers, url=URL)
    generic = VENDORS["generic"]

    for one in (config, {**GENERIC_CONFIG, **config}):
        is_faulty = bool(check_config(one))
        with suppress(Unreadable):
            assert list(generic.parse(raw, one)) is not None
            assert not is_faulty
        with pytest.raises(BadSignature):
            generic.verify(raw, ["secret"], one, NOW)
