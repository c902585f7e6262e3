"""Vendors of forms and ads: bodies in other alphabets, with more, with less, and with nonsense."""

from dataclasses import replace

import orjson
import pytest

from marketing_intake.reading.findings import Broken, FoundLead, FoundReference, Unreadable
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors import VENDORS
from marketing_intake.reading.vendors.shape import NO_CONFIG, BadSignature, Vendor
from support.form_samples import SAMPLES
from support.form_vendors import NOW, Sample, without

SECRET = "s3cret-" + "x" * 25
NAMES = ["Žofie & Søn", "東京パン", "Пекарня", "مخبز", "🍞" * 3, "e\u0301clair", "\u202eright"]
EVERY = [pytest.param(VENDORS[name], sample, id=name) for name, sample in SAMPLES.items()]
every_vendor = pytest.mark.parametrize(("vendor", "sample"), EVERY)
MISSING = [
    pytest.param(VENDORS[name], sample, path, id=f"{name}-{'.'.join(map(str, path))}")
    for name, sample in SAMPLES.items()
    for path in sample.required
]


def faults(vendor: Vendor, raw: Raw) -> list[tuple[str, str | None]]:
    """What is said of the body, whole or in part."""
    try:
        found = vendor.parse(raw, NO_CONFIG)
    except Unreadable as error:
        return [(error.detail, error.field)]
    return [(one.detail, one.field) for one in found if isinstance(one, Broken)]


@every_vendor
@pytest.mark.parametrize("company", NAMES)
def test_a_text_of_any_alphabet_comes_through(vendor: Vendor, sample: Sample, company: str) -> None:
    raw = sample.signed(sample.raw(sample.document(1, company)), SECRET)

    vendor.verify(raw, [SECRET], NO_CONFIG, NOW)
    (found,) = vendor.parse(raw, NO_CONFIG)

    assert company in _texts(found)


def _texts(found: object) -> list[object]:
    match found:
        case FoundLead(fields=fields):
            return list(fields.values())
        case FoundReference(reference=reference):
            return list(reference.values())
        case _:
            return list(getattr(found, "who", {}).values())


@every_vendor
@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "overlong"])
def test_what_is_no_utf8_is_said_to_be_unreadable(
    vendor: Vendor, sample: Sample, encoding: str
) -> None:
    raw = sample.raw(sample.document(1, "Crumpet"))
    body = {
        "latin-1": raw.body.replace(b"Crumpet", b"Bl\xe4tterteig"),
        "utf-16": raw.body.decode().encode("utf-16"),
        "overlong": raw.body.replace(b"Crumpet", b"\xc0\xaf\xed\xa0\x80"),
    }[encoding]

    assert faults(vendor, replace(raw, body=body))


@every_vendor
def test_unknown_fields_change_nothing(vendor: Vendor, sample: Sample) -> None:
    document = sample.document(1, "Crumpet")
    more = document | {"invented_in_2031": {"deep": [1, None, {"x": True}]}, "x": 1.5}

    (plain,) = vendor.parse(sample.raw(document), NO_CONFIG)
    (found,) = vendor.parse(sample.raw(more), NO_CONFIG)

    assert replace(found, body=None) == replace(plain, body=None)


@pytest.mark.parametrize(("vendor", "sample", "path"), MISSING)
def test_a_missing_field_is_named(
    vendor: Vendor, sample: Sample, path: tuple[str | int, ...]
) -> None:
    document = without(sample.document(1, "Crumpet"), path)

    ((detail, field),) = faults(vendor, sample.raw(document))

    assert field == path[-1]
    assert str(path[-1]) in detail
    assert "Crumpet" not in detail


@every_vendor
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b"7", b'"text"', b"[7]", b"{}", b"\xef\xbb\xbf{}", b"%PDF-1.7"],
)
def test_nonsense_is_unreadable_broken_or_nothing(
    vendor: Vendor, sample: Sample, body: bytes
) -> None:
    raw = Raw(body, sample.content_type)

    try:
        found = vendor.parse(raw, NO_CONFIG)
    except Unreadable:
        return

    # An empty array, and an event of a kind that nobody asked for, hold nothing; no lead is made.
    assert not any(isinstance(one, FoundLead) for one in found)


@every_vendor
def test_what_is_nested_without_end_is_unreadable(vendor: Vendor, sample: Sample) -> None:
    for depth in (40, 900, 100_000):
        body = b'{"a":' * depth + b"1" + b"}" * depth

        assert faults(vendor, Raw(body, "application/json"))


@every_vendor
def test_more_items_than_anybody_sends_are_unreadable(vendor: Vendor, sample: Sample) -> None:
    document = sample.document(1, "Crumpet")
    many = orjson.dumps([document] * 10_001)

    assert faults(vendor, Raw(many, "application/json"))


@every_vendor
def test_a_body_without_end_is_unreadable(vendor: Vendor, sample: Sample) -> None:
    raw = sample.raw(sample.document(1, "Crumpet"))

    for end in (1, len(raw.body) // 2, len(raw.body) - 3):
        assert faults(vendor, replace(raw, body=raw.body[:end]))


@every_vendor
def test_a_body_that_can_not_be_read_is_not_taken_as_verified(
    vendor: Vendor, sample: Sample
) -> None:
    with pytest.raises((BadSignature, Unreadable)):
        vendor.verify(Raw(b"{", sample.content_type), [SECRET], NO_CONFIG, NOW)
