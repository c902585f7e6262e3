"""Vendors of messages and events, case by case: what each must take, refuse, and never choke on."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from _pytest.mark import ParameterSet

from marketing_intake.reading.findings import Broken, Finding, FoundActivity, FoundLead, Unreadable
from marketing_intake.reading.lead_form import LeadForm
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors import VENDORS
from marketing_intake.reading.vendors.shape import BadSignature, Vendor
from support.form_vendors import NOW, without
from support.message_documents import EMAIL
from support.message_samples import MESSAGES
from support.message_vendors import MessageSample


def those(chosen: Callable[[MessageSample], bool]) -> list[ParameterSet]:
    return [
        pytest.param(VENDORS[name], sample, id=name)
        for name, sample in MESSAGES.items()
        if chosen(sample)
    ]


every_vendor = pytest.mark.parametrize(("vendor", "sample"), those(lambda _: True))
WITH_TIME = those(lambda sample: sample.has_time)
SEVERAL = those(lambda sample: sample.holds_several)
SIGNED = those(lambda sample: sample.signs_body)


def read(vendor: Vendor, sample: MessageSample, raw: Raw) -> Sequence[Finding]:
    return vendor.parse(raw, sample.config)


def keys(findings: Sequence[Finding]) -> list[str]:
    assert not any(isinstance(one, Broken) for one in findings), findings
    return [str(one.key) for one in findings if not isinstance(one, Broken)]


def verify(vendor: Vendor, sample: MessageSample, raw: Raw, *secrets: str) -> None:
    vendor.verify(raw, secrets, sample.config, NOW)


@every_vendor
def test_a_valid_request_is_read_under_its_key(vendor: Vendor, sample: MessageSample) -> None:
    secret = sample.secrets[0]
    raw = sample.signed(sample.raw(sample.document(1, "Crumpet & Sons")), secret)

    verify(vendor, sample, raw, secret)
    (found,) = read(vendor, sample, raw)

    assert keys([found])[0].startswith(sample.key(1))
    assert "Crumpet & Sons" in repr(found)
    match found:
        case FoundLead(fields=fields):
            assert LeadForm.model_validate(dict(fields)).email == EMAIL
            assert len(fields) <= 10
        case FoundActivity(who=who, occurred_at=happened):
            assert who["email"] == EMAIL
            assert happened is not None
            assert happened.startswith("2026-03-02T09:29:00")
        case _:
            pytest.fail("neither a lead nor an activity")


@every_vendor
def test_a_wrong_secret_is_refused(vendor: Vendor, sample: MessageSample) -> None:
    raw = sample.signed(sample.raw(sample.document(1, "Crumpet")), sample.secrets[1])

    with pytest.raises(BadSignature):
        verify(vendor, sample, raw, sample.secrets[0])


@every_vendor
def test_no_secret_at_all_lets_nobody_in(vendor: Vendor, sample: MessageSample) -> None:
    raw = sample.signed(sample.raw(sample.document(1, "Crumpet")), "")

    with pytest.raises(BadSignature):
        verify(vendor, sample, raw)


@every_vendor
def test_a_request_without_signature_is_refused(vendor: Vendor, sample: MessageSample) -> None:
    raw = sample.raw(sample.document(1, "Crumpet"))

    with pytest.raises((BadSignature, Unreadable)):
        verify(vendor, sample, raw, sample.secrets[0])


@pytest.mark.parametrize(("vendor", "sample"), SIGNED)
def test_a_body_that_was_changed_is_refused(vendor: Vendor, sample: MessageSample) -> None:
    secret = sample.secrets[0]
    raw = sample.signed(sample.raw(sample.document(1, "Crumpet")), secret)
    changed = replace(raw, body=raw.body.replace(b"Crumpet", b"Trumpet"))

    with pytest.raises(BadSignature):
        verify(vendor, sample, changed, secret)


@every_vendor
@pytest.mark.parametrize("given", ["", " ", "Basic", "Basic !", "zz", "t=1,v1=", "ü", "=" * 44])
def test_a_signature_that_is_none_is_refused(
    vendor: Vendor, sample: MessageSample, given: str
) -> None:
    raw = sample.signed(sample.raw(sample.document(1, "Crumpet")), sample.secrets[1])
    spoilt = replace(raw, headers=dict.fromkeys(raw.headers, given))

    with pytest.raises(BadSignature):
        verify(vendor, sample, spoilt, sample.secrets[0])


@every_vendor
def test_either_secret_counts_while_one_is_rotated(vendor: Vendor, sample: MessageSample) -> None:
    raw = sample.raw(sample.document(1, "Crumpet"))
    new, old, retired = sample.secrets

    for secret in (new, old):
        verify(vendor, sample, sample.signed(raw, secret), new, old)

    with pytest.raises(BadSignature):
        verify(vendor, sample, sample.signed(raw, retired), new, old)


@pytest.mark.parametrize(("vendor", "sample"), WITH_TIME)
@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_a_signature_is_good_for_five_minutes(
    vendor: Vendor, sample: MessageSample, seconds: int
) -> None:
    raw = sample.raw(sample.document(1, "Crumpet"))
    secret = sample.secrets[0]
    late = sample.signed(raw, secret, NOW + timedelta(seconds=seconds))

    for near in (-300, 300):
        at = NOW + timedelta(seconds=near)
        verify(vendor, sample, sample.signed(raw, secret, at), secret)

    with pytest.raises(BadSignature, match="too old"):
        verify(vendor, sample, late, secret)


@pytest.mark.parametrize(("vendor", "sample"), SEVERAL)
def test_several_in_one_body_have_their_own_keys_in_any_order(
    vendor: Vendor, sample: MessageSample
) -> None:
    documents = [sample.document(number, "Crumpet") for number in range(5)]
    mixed = [documents[place] for place in (3, 0, 4, 1, 2)]

    found = read(vendor, sample, sample.raw(*documents))
    again = read(vendor, sample, sample.raw(*mixed))

    assert keys(found) == [sample.key(number) for number in range(5)]
    assert keys(again) == [sample.key(number) for number in (3, 0, 4, 1, 2)]


@pytest.mark.parametrize(("vendor", "sample"), SEVERAL)
def test_a_part_of_a_body_reads_as_it_did_within_it(vendor: Vendor, sample: MessageSample) -> None:
    documents = [sample.document(number, "Crumpet") for number in range(3)]

    found = read(vendor, sample, sample.raw(*documents))

    for one in found:
        assert one.body is not None
        assert read(vendor, sample, Raw(one.body, sample.alone())) == [one]


@pytest.mark.parametrize(("vendor", "sample"), SEVERAL)
def test_a_bad_item_among_good_ones_is_broken_alone(vendor: Vendor, sample: MessageSample) -> None:
    good = sample.document(1, "Crumpet")
    bad = without(sample.document(2, "Crumpet"), sample.required[0])

    found = read(vendor, sample, sample.raw(good, bad, sample.document(3, "Crumpet")))

    assert keys([found[0], found[2]]) == [sample.key(1), sample.key(3)]
    assert isinstance(found[1], Broken)
    assert found[1].field == sample.required[0][-1]
    assert found[1].body is not None
