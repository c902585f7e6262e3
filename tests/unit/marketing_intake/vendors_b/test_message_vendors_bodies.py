"""Vendors of messages and events: bodies in other alphabets, with more, with less, and nonsense."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from marketing_intake.reading.findings import Broken, Finding, FoundActivity, FoundLead, Unreadable
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors import VENDORS
from marketing_intake.reading.vendors.shape import Vendor
from support.form_vendors import NOW, without
from support.message_samples import MESSAGES
from support.message_vendors import MessageSample

HUGE = 1_000_000
NAMES = ["Žofie & Søn", "東京パン", "Пекарня", "مخبز", "🍞" * 3, "e\u0301clair"]
EVERY = [pytest.param(VENDORS[name], sample, id=name) for name, sample in MESSAGES.items()]
every_vendor = pytest.mark.parametrize(("vendor", "sample"), EVERY)
MISSING = [
    pytest.param(VENDORS[name], sample, path, id=f"{name}-{'.'.join(map(str, path))}")
    for name, sample in MESSAGES.items()
    for path in sample.required
]


def read(vendor: Vendor, sample: MessageSample, raw: Raw) -> Sequence[Finding]:
    return vendor.parse(raw, sample.config)


def faults(vendor: Vendor, sample: MessageSample, raw: Raw) -> list[tuple[str, str | None]]:
    """What is said of the body, whole or in part."""
    try:
        found = read(vendor, sample, raw)
    except Unreadable as error:
        return [(error.detail, error.field)]
    return [(one.detail, one.field) for one in found if isinstance(one, Broken)]


@every_vendor
def test_the_order_of_members_changes_neither_key_nor_fields(
    vendor: Vendor, sample: MessageSample
) -> None:
    document = sample.document(1, "Crumpet")

    (first,) = read(vendor, sample, sample.raw(document))
    (second,) = read(vendor, sample, sample.raw(_reversed(document)))

    assert replace(first, body=None) == replace(second, body=None)


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _reversed(inner) for name, inner in reversed(value.items())}
    return value


@every_vendor
def test_a_huge_text_is_taken(vendor: Vendor, sample: MessageSample) -> None:
    secret = sample.secrets[0]
    raw = sample.signed(sample.raw(sample.document(1, "o" * HUGE)), secret)

    vendor.verify(raw, [secret], sample.config, NOW)
    (found,) = read(vendor, sample, raw)

    assert not isinstance(found, Broken)
    assert str(found.key).startswith(sample.key(1))
    assert "oooo" in repr(found)


@every_vendor
@pytest.mark.parametrize("company", NAMES)
def test_a_text_of_any_alphabet_comes_through(
    vendor: Vendor, sample: MessageSample, company: str
) -> None:
    (found,) = read(vendor, sample, sample.raw(sample.document(1, company)))

    assert company in repr(found)


@every_vendor
@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "overlong"])
def test_a_body_in_another_charset_raises_nothing_unexpected(
    vendor: Vendor, sample: MessageSample, encoding: str
) -> None:
    raw = sample.raw(sample.document(1, "Crumpet"))
    body = {
        "latin-1": raw.body.replace(b"Crumpet", b"Bl\xe4tterteig"),
        "utf-16": raw.body.decode().encode("utf-16"),
        "overlong": raw.body.replace(b"Crumpet", b"\xc0\xaf\xed\xa0\x80"),
    }[encoding]

    told = faults(vendor, sample, replace(raw, body=body))

    # JSON is UTF-8; a form is bytes, of which mail is read as well as it can be.
    assert told or not sample.content_type.endswith("json")


@every_vendor
def test_unknown_fields_change_nothing(vendor: Vendor, sample: MessageSample) -> None:
    document = sample.document(1, "Crumpet")
    more = document | {"invented_in_2031": {"deep": [1, None, {"x": True}]}, "x": 1.5}

    (plain,) = read(vendor, sample, sample.raw(document))
    (found,) = read(vendor, sample, sample.raw(more))

    assert replace(found, body=None) == replace(plain, body=None)


@pytest.mark.parametrize(("vendor", "sample", "path"), MISSING)
def test_a_missing_field_is_named(
    vendor: Vendor, sample: MessageSample, path: tuple[str | int, ...]
) -> None:
    document = without(sample.document(1, "Crumpet"), path)

    ((detail, field),) = faults(vendor, sample, sample.raw(document))

    assert field is not None
    assert field.lower() in str(path[-1]).lower()
    assert field.lower() in detail.lower()
    assert "Crumpet" not in detail


@every_vendor
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b"7", b'"text"', b"[7]", b"{}", b"\xef\xbb\xbf{}", b"%PDF-1.7"],
)
def test_nonsense_is_unreadable_broken_or_nothing(
    vendor: Vendor, sample: MessageSample, body: bytes
) -> None:
    raw = Raw(body, sample.content_type)

    try:
        found = read(vendor, sample, raw)
    except Unreadable:
        return

    assert not any(isinstance(one, FoundLead | FoundActivity) for one in found)


@every_vendor
def test_what_is_nested_without_end_is_unreadable(vendor: Vendor, sample: MessageSample) -> None:
    deep = b"[" * 100_000 + b"]" * 100_000

    assert faults(vendor, sample, Raw(deep, sample.content_type))
