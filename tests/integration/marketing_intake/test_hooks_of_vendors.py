"""Every vendor at its hook: taken, repeated, not verified, unreadable; and the books hold."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors import VENDORS
from support.form_samples import SAMPLES
from support.form_vendors import Sample
from support.intake_door import IntakeDoor, MadeSource
from support.message_samples import MESSAGES
from support.message_vendors import MessageSample
from support.open_services import ADDRESS

SECRETS = ("s3cret-of-this-source", "an0ther-that-is-wrong")
ALL: dict[str, Sample] = {**SAMPLES, **MESSAGES}
UNREADABLE = (b"", b"\xff\xfe", b"{", b"[[[[", b"{}", b"[]", b"null")
every_vendor = pytest.mark.parametrize("name", sorted(ALL))


def secrets_of(sample: Sample) -> tuple[str, str]:
    """The active secret and a wrong one."""
    if isinstance(sample, MessageSample):
        return sample.secrets[0], sample.secrets[1]
    return SECRETS


async def a_hook_of(intake: IntakeDoor, name: str) -> MadeSource:
    """A source of this vendor."""
    sample = ALL[name]
    config = dict(sample.config) if isinstance(sample, MessageSample) else {}
    form: dict[str, Any] = {"kind": "webhook", "vendor": name, "config": config}
    return await intake.source(name, **form, secret=secrets_of(sample)[0])


async def post(
    intake: IntakeDoor, source: MadeSource, name: str, raw: Raw, secret: str
) -> httpx.Response:
    """Send a request as the vendor signs it now."""
    address = f"{ADDRESS}/hooks/{source.id}/{name}"
    signed = ALL[name].signed(replace(raw, url=address), secret, intake.clock.now())
    query = f"?{urlencode(signed.query)}" if signed.query else ""
    headers = {**signed.headers, "content-type": signed.content_type}
    return await intake.client.post(address + query, content=signed.body, headers=headers)


def two(sample: Sample) -> Raw:
    """A request that holds two things, where a vendor's requests can."""
    numbers = (1, 2) if sample.holds_several else (1,)
    return sample.raw(*[sample.document(number, "Crumpet & Sons") for number in numbers])


def test_every_vendor_is_in_the_table() -> None:
    assert set(ALL) == set(VENDORS)


@every_vendor
async def test_what_a_vendor_sends_is_taken_and_then_nothing_new(
    intake: IntakeDoor, name: str
) -> None:
    hook, sample = await a_hook_of(intake, name), ALL[name]
    secret, _ = secrets_of(sample)

    first = await post(intake, hook, name, two(sample), secret)
    rows = await intake.count("payloads")
    again = await post(intake, hook, name, two(sample), secret)

    assert first.status_code == 200, first.text
    counts = first.json()
    total = 2 if sample.holds_several else 1
    assert counts["refused"] == counts["repeated"] == 0
    assert sum(counts.values()) == rows == total
    assert again.status_code == 200
    assert again.json()["repeated"] == total
    assert await intake.count("payloads") == total
    assert await intake.unaccounted() == 0


@every_vendor
async def test_what_another_secret_signed_is_not_verified(intake: IntakeDoor, name: str) -> None:
    hook, sample = await a_hook_of(intake, name), ALL[name]
    secret, wrong = secrets_of(sample)

    answer = await post(intake, hook, name, two(sample), wrong)

    assert answer.status_code == 401
    assert await intake.count("payloads") == 0
    (stray,) = await intake.opened.fetch("select component, sample from strays")
    assert stray["component"] == name
    assert secret.encode() not in stray["sample"]


@every_vendor
async def test_no_secret_is_kept_with_what_was_taken(intake: IntakeDoor, name: str) -> None:
    hook, sample = await a_hook_of(intake, name), ALL[name]
    secret, _ = secrets_of(sample)

    await post(intake, hook, name, two(sample), secret)

    for row in await intake.opened.fetch("select body, headers::text as headers from payloads"):
        assert secret.encode() not in row["body"]
        assert secret not in (row["headers"] or "")


@every_vendor
async def test_what_can_not_be_read_is_kept_or_not_verified_and_never_a_fault(
    intake: IntakeDoor, name: str
) -> None:
    hook, sample = await a_hook_of(intake, name), ALL[name]
    kept = 0

    for body in UNREADABLE:
        try:
            raw = replace(two(sample), body=body)
            answer = await post(intake, hook, name, raw, secrets_of(sample)[0])
        except (ValueError, TypeError, KeyError, AttributeError):
            continue  # the vendor's signature is in the body: nobody can sign this one
        assert answer.status_code in (200, 401), (body, answer.text)
        kept += answer.status_code == 200

    assert await intake.count("payloads") == kept
    assert await intake.opened.fetch("select id from payloads where kind = 'fault'") == []
    assert await intake.unaccounted() == 0


@every_vendor
async def test_what_is_kept_reads_the_same_when_it_is_replayed(
    intake: IntakeDoor, name: str
) -> None:
    hook, sample = await a_hook_of(intake, name), ALL[name]
    counts = (await post(intake, hook, name, two(sample), secrets_of(sample)[0])).json()
    # As if none of it had been understood.
    for table in ("leads", "activities", "idempotency"):
        await intake.opened.execute(f"delete from {table}")
    await intake.opened.execute("delete from work")
    await intake.opened.execute("update payloads set status = 'refused', kind = 'invalid'")

    answer = await intake.client.post("/v1/failed/replay", json={}, headers=intake.admin)

    total = 2 if sample.holds_several else 1
    assert answer.json() == {
        "replayed": total, "refused": 0, "skipped": 0, "next_cursor": None,
    }  # fmt: skip
    assert await intake.count("leads") == counts["taken"]
    assert await intake.count("activities") == counts["recorded"]
