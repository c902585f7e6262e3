"""Vendors of forms and ads, case by case: what each must take, refuse, and never choke on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from marketing_intake.reading.findings import (
    Broken,
    Finding,
    FoundActivity,
    FoundLead,
    FoundReference,
)
from marketing_intake.reading.lead_form import LeadForm
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors import VENDORS
from marketing_intake.reading.vendors.shape import NO_CONFIG, BadSignature, Vendor
from support.form_samples import SAMPLES
from support.form_vendors import NOW, Sample, without

SECRET = "s3cret-" + "x" * 25
OTHER = "0ther-" + "y" * 25
HUGE = 1_000_000


def those(chosen: Callable[[Sample], bool]) -> list[ParameterSet]:
    return [
        pytest.param(VENDORS[name], sample, id=name)
        for name, sample in SAMPLES.items()
        if chosen(sample)
    ]


WITH_TIME = those(lambda sample: sample.has_time)
SEVERAL = those(lambda sample: sample.holds_several)
SIGNED = those(lambda sample: sample.signs_body)
every_vendor = pytest.mark.parametrize(("vendor", "sample"), those(lambda _: True))


def read(vendor: Vendor, raw: Raw) -> Sequence[Finding]:
    return vendor.parse(raw, NO_CONFIG)


def keys(findings: Sequence[Finding]) -> list[str | None]:
    assert not any(isinstance(one, Broken) for one in findings)
    return [one.key for one in findings if not isinstance(one, Broken)]


def verified(vendor: Vendor, raw: Raw, *secrets: str) -> Raw:
    """The request as it is parsed: verified, and without its secrets."""
    vendor.verify(raw, secrets, NO_CONFIG, NOW)
    return replace(raw, body=vendor.redact(raw.body)) if vendor.redact else raw


def texts(found: Finding) -> Iterator[object]:
    """Whatever the finding holds of the company's name."""
    match found:
        case FoundLead(fields=fields):
            yield from fields.values()
        case FoundActivity(who=who):
            yield from who.values()
        case FoundReference(reference=reference):
            yield from reference.values()
        case _:
            return


@every_vendor
def test_a_valid_request_is_read_under_its_key(vendor: Vendor, sample: Sample) -> None:
    raw = sample.signed(sample.raw(sample.document(1, "Crumpet & Sons")), SECRET)

    found = read(vendor, verified(vendor, raw, SECRET))

    assert keys(found) == [sample.key(1)]
    assert "Crumpet & Sons" in texts(found[0])
    if isinstance(found[0], FoundLead):
        form = LeadForm.model_validate(dict(found[0].fields))
        assert form.email == "ada@crumpet.example"
        assert not form.is_test


@every_vendor
def test_a_wrong_secret_is_refused(vendor: Vendor, sample: Sample) -> None:
    raw = sample.signed(sample.raw(sample.document(1, "Crumpet")), OTHER)

    with pytest.raises(BadSignature):
        vendor.verify(raw, [SECRET], NO_CONFIG, NOW)


@every_vendor
def test_no_secret_at_all_lets_nobody_in(vendor: Vendor, sample: Sample) -> None:
    raw = sample.signed(sample.raw(sample.document(1, "Crumpet")), "")

    with pytest.raises(BadSignature):
        vendor.verify(raw, [], NO_CONFIG, NOW)


@every_vendor
def test_a_request_without_signature_is_refused(vendor: Vendor, sample: Sample) -> None:
    raw = sample.raw(sample.document(1, "Crumpet"))

    with pytest.raises(BadSignature):
        vendor.verify(raw, [SECRET], NO_CONFIG, NOW)


@pytest.mark.parametrize(("vendor", "sample"), SIGNED)
def test_a_body_that_was_changed_is_refused(vendor: Vendor, sample: Sample) -> None:
    raw = sample.signed(sample.raw(sample.document(1, "Crumpet")), SECRET)
    changed = replace(raw, body=raw.body.replace(b"Crumpet", b"Trumpet"))

    with pytest.raises(BadSignature):
        vendor.verify(changed, [SECRET], NO_CONFIG, NOW)


@every_vendor
@pytest.mark.parametrize("given", ["", " ", "sha256=", "zz", "a.b.c", "sha256=zz", "ü", "=" * 44])
def test_a_signature_that_is_none_is_refused(vendor: Vendor, sample: Sample, given: str) -> None:
    raw = sample.signed(sample.raw(sample.document(1, "Crumpet")), OTHER)
    spoilt = replace(raw, headers=dict.fromkeys(raw.headers, given))

    with pytest.raises(BadSignature):
        vendor.verify(spoilt, [SECRET], NO_CONFIG, NOW)


@every_vendor
def test_either_secret_counts_while_one_is_rotated(vendor: Vendor, sample: Sample) -> None:
    raw = sample.raw(sample.document(1, "Crumpet"))

    for secret in (SECRET, OTHER):
        verified(vendor, sample.signed(raw, secret), SECRET, OTHER)

    with pytest.raises(BadSignature):
        verified(vendor, sample.signed(raw, "retired"), SECRET, OTHER)


@pytest.mark.parametrize(("vendor", "sample"), WITH_TIME)
@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_a_signature_is_good_for_five_minutes(vendor: Vendor, sample: Sample, seconds: int) -> None:
    raw = sample.raw(sample.document(1, "Crumpet"))
    at = NOW + timedelta(seconds=seconds)

    for near in (-300, 300):
        verified(vendor, sample.signed(raw, SECRET, NOW + timedelta(seconds=near)), SECRET)

    with pytest.raises(BadSignature, match="too old"):
        verified(vendor, sample.signed(raw, SECRET, at), SECRET)


@pytest.mark.parametrize(("vendor", "sample"), SEVERAL)
def test_several_in_one_body_have_their_own_keys_in_any_order(
    vendor: Vendor, sample: Sample
) -> None:
    documents = [sample.document(number, "Crumpet") for number in range(5)]
    mixed = [documents[place] for place in (3, 0, 4, 1, 2)]

    found, again = read(vendor, sample.raw(*documents)), read(vendor, sample.raw(*mixed))

    assert keys(found) == [sample.key(number) for number in range(5)]
    assert keys(again) == [sample.key(number) for number in (3, 0, 4, 1, 2)]


@pytest.mark.parametrize(("vendor", "sample"), SEVERAL)
def test_a_part_of_a_body_reads_as_it_did_within_it(vendor: Vendor, sample: Sample) -> None:
    documents = [sample.document(number, "Crumpet") for number in range(3)]

    found = read(vendor, sample.raw(*documents))

    for one in found:
        assert one.body is not None
        assert read(vendor, Raw(one.body, "application/json")) == [one]


@pytest.mark.parametrize(("vendor", "sample"), SEVERAL)
def test_a_bad_item_among_good_ones_is_broken_alone(vendor: Vendor, sample: Sample) -> None:
    good = sample.document(1, "Crumpet")
    bad = without(sample.document(2, "Crumpet"), sample.required[-1])

    found = read(vendor, sample.raw(good, bad, sample.document(3, "Crumpet")))

    assert keys([found[0], found[2]]) == [sample.key(1), sample.key(3)]
    assert isinstance(found[1], Broken)
    assert found[1].field == sample.required[-1][-1]


@every_vendor
def test_the_order_of_answers_changes_neither_key_nor_fields(
    vendor: Vendor, sample: Sample
) -> None:
    document = sample.document(1, "Crumpet")

    first = read(vendor, sample.raw(document))
    second = read(vendor, sample.raw(_reversed(document)))

    assert [replace(one, body=None) for one in first] == [replace(one, body=None) for one in second]


def _reversed(value: Any) -> Any:
    match value:
        case dict():
            return {name: _reversed(inner) for name, inner in reversed(value.items())}
        case [{}, *_]:
            return [_reversed(inner) for inner in reversed(value)]
        case _:
            return value


@every_vendor
def test_a_huge_answer_is_kept_whole(vendor: Vendor, sample: Sample) -> None:
    company = "o" * HUGE
    raw = sample.signed(sample.raw(sample.document(1, company)), SECRET)

    found = read(vendor, verified(vendor, raw, SECRET))

    assert keys(found) == [sample.key(1)]
    assert company in texts(found[0])
