"""Vendors of forms and ads under fire: whatever comes, only the exceptions that are promised."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketing_intake.reading.findings import Broken, Unreadable
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors import VENDORS, linkedin, meta
from marketing_intake.reading.vendors.shape import NO_CONFIG, BadSignature
from support.form_samples import SAMPLES
from support.form_vendors import BOUNDARY, NOW, NOW_MS, URL
from support.graph_answers import LINKEDIN_ANSWER, META_ANSWER

JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20)
    | st.integers(-(2**63), 2**64 - 1),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
TYPES = st.sampled_from(
    [
        "application/json",
        "application/x-www-form-urlencoded",
        f"multipart/form-data; boundary={BOUNDARY}",
        'multipart/form-data; boundary=""',
    ]
) | st.text(max_size=60)
HEADERS = [
    *("x-hubspot-signature-v3", "x-hubspot-request-timestamp", "x-hubspot-signature"),
    *("x-hub-signature-256", "x-li-signature", "tally-signature", "typeform-signature"),
    *("x-webhook-signature", "x-webflow-signature", "x-webflow-timestamp", "x-webhook-key"),
]
VALUES = (
    st.text(max_size=40)
    | st.from_regex(r"\A(sha256=)?[A-Za-z0-9+/=_.-]{0,90}\Z")
    | st.just(str(NOW_MS))
)
QUERIES = st.dictionaries(
    st.sampled_from(["key", "hub.mode", "hub.verify_token", "hub.challenge", "challengeCode"]),
    st.text(st.characters(), max_size=20) | st.just("subscribe"),
)
CONFIGS = st.sampled_from(
    [
        {},
        {
            "allow_v1": True,
            "allow_unsigned": True,
            "verify_token": "t",
            "consent": {"a": "contact"},
        },
    ]
)
FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
names = pytest.mark.parametrize("name", sorted(SAMPLES))


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


def read(name: str, raw: Raw) -> None:
    """Fails when reading raises what was not promised, or a part can't be read in its turn."""
    with suppress(Unreadable):
        for one in VENDORS[name].parse(raw, NO_CONFIG):
            assert isinstance(one, Broken) or one.key is None or one.key
            if one.body is not None:
                with suppress(Unreadable):
                    VENDORS[name].parse(Raw(one.body, raw.content_type), NO_CONFIG)


@names
@FEW
@given(body=st.binary(max_size=300), kind=TYPES)
def test_any_bytes_are_read_or_unreadable(name: str, body: bytes, kind: str) -> None:
    read(name, Raw(body, kind))
    read(name, Raw(body, SAMPLES[name].content_type))


@names
@FEW
@given(data=st.data())
def test_a_valid_body_with_bytes_changed_is_read_or_unreadable(
    name: str, data: st.DataObject
) -> None:
    raw = SAMPLES[name].raw(SAMPLES[name].document(1, "Crumpet"))
    body = bytearray(raw.body)

    for place in data.draw(st.lists(st.integers(0, len(body) - 1), min_size=1, max_size=8)):
        body[place] = data.draw(st.integers(0, 255))

    read(name, Raw(bytes(body), raw.content_type))


@names
@FEW
@given(data=st.data())
def test_a_valid_document_with_values_changed_is_read_or_unreadable(
    name: str, data: st.DataObject
) -> None:
    document = SAMPLES[name].document(1, "Crumpet")

    for _ in range(data.draw(st.integers(1, 3))):
        altered = changed(data.draw, document)
        document = altered if isinstance(altered, dict) else document

    read(name, SAMPLES[name].raw(document))


@names
@FEW
@given(
    body=st.binary(max_size=60) | JSON.map(orjson.dumps),
    headers=st.dictionaries(st.sampled_from(HEADERS), VALUES),
    query=QUERIES,
    config=CONFIGS,
)
def test_nobody_is_let_in_by_chance(
    name: str,
    body: bytes,
    headers: Mapping[str, str],
    query: Mapping[str, str],
    config: Mapping[str, Any],
) -> None:
    raw = Raw(body, "application/json", headers, query, url=URL)

    with pytest.raises((BadSignature, Unreadable)):
        VENDORS[name].verify(raw, ["an active secret", "another"], config, NOW)


@names
@FEW
@given(query=QUERIES, method=st.sampled_from(["GET", "POST"]), config=CONFIGS)
def test_a_greeting_is_answered_or_refused(
    name: str, query: Mapping[str, str], method: str, config: Mapping[str, Any]
) -> None:
    greet = VENDORS[name].greet
    raw = Raw(b"", query=query, method=method)

    with suppress(BadSignature):
        assert greet is None or greet(raw, ["secret"], config) is None or method == "GET"


@FEW
@given(body=st.binary(max_size=200))
def test_taking_out_a_key_never_fails(body: bytes) -> None:
    redact = VENDORS["google_ads"].redact

    assert redact is not None
    for whole in (body, b'{"google_key":' + body):
        assert redact(redact(whole)) == redact(whole)


@FEW
@given(data=st.data(), config=CONFIGS)
def test_a_fetched_lead_is_read_or_unreadable(
    data: st.DataObject, config: Mapping[str, Any]
) -> None:
    for read_lead, answer in ((meta.lead_of, META_ANSWER), (linkedin.lead_of, LINKEDIN_ANSWER)):
        altered = changed(data.draw, answer)
        if isinstance(altered, dict):
            with suppress(Unreadable):
                assert read_lead(altered, config).key
