"""Every vendor at its hook: no secret kept, nothing lost that can't be read; and the books hold."""

from dataclasses import replace

import pytest

from support.intake_door import IntakeDoor
from support.vendor_hooks import ALL, a_hook_of, post, secrets_of, two

UNREADABLE = (b"", b"\xff\xfe", b"{", b"[[[[", b"{}", b"[]", b"null")
every_vendor = pytest.mark.parametrize("name", sorted(ALL))


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
