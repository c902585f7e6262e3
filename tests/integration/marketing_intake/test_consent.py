"""Consent as evidence: what is kept of what people say, and what holds of it."""

import hashlib
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from baton.contracts.vocabulary import ActivityKind, ConsentPurpose
from baton.ids import new_id
from baton.transaction import Origin
from marketing_intake.domain.consent import Wording
from marketing_intake.handlers import consent
from marketing_intake.handlers.consent import OptIn
from support.capturing import an_activity, captured
from support.facts import NOON
from support.intake_door import ADA, IntakeDoor, MadeSource

TEXT = "I agree that the bakery writes to me."
MARKETING, CONTACT = ConsentPurpose.MARKETING, ConsentPurpose.CONTACT
WITHDRAWAL: dict[str, Any] = {"withdraws": (MARKETING,)}


async def evidence(intake: IntakeDoor, person_id: str) -> list[dict[str, Any]]:
    """What is kept of what a person has said."""
    answer = await intake.get(f"/v1/people/{person_id}/consents")
    found: list[dict[str, Any]] = answer.json()["consents"]
    return found


async def allowed(intake: IntakeDoor) -> list[list[str]]:
    """What was said to be allowed, in order."""
    return [one["data"]["granted"] for one in await intake.said("ConsentChanged")]


async def post(intake: IntakeDoor, person_id: str, *granted: str) -> httpx.Response:
    """Change consent by hand."""
    return await intake.client.post(
        f"/v1/people/{person_id}/consent", json={"granted": granted}, headers=intake.admin
    )


async def test_a_lead_with_consent_leaves_evidence(intake: IntakeDoor, shop: MadeSource) -> None:
    lead = await intake.taken(
        shop,
        consent=["contact"],
        consent_text=TEXT,
        consent_text_version="2026-03",
        page_url="https://bakery.example.org/ovens",
    )

    (kept,) = await evidence(intake, lead["person_id"])

    assert kept["id"] == lead["lead_id"]
    assert (kept["granted"], kept["withdrawn"], kept["how"]) == (["contact"], [], "lead")
    assert (kept["speaker"], kept["who"], kept["source_id"]) == ("person", "person", shop.id)
    assert kept["text_sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert kept["text_version"] == "2026-03"
    page = hashlib.sha256(b"https://bakery.example.org/ovens").hexdigest()
    assert kept["circumstances"] == {"page_sha256": page}


async def test_a_lead_that_says_nothing_of_consent_leaves_none(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead = await intake.taken(shop, consent_text=TEXT)

    assert await evidence(intake, lead["person_id"]) == []


async def test_a_form_keeps_address_and_agent_and_shows_them_to_who_may_know(
    intake: IntakeDoor,
) -> None:
    form = await intake.source("form", kind="form")
    fields = ADA | {"consent": "marketing"}
    sent = await intake.client.post(
        f"/f/{form.form_key}", data=fields, headers={"user-agent": "Invented/1.0"}
    )
    (person,) = await intake.opened.fetch("select id from people")
    blind = await intake.opened.key("people:admin")

    (seen,) = await evidence(intake, person["id"])
    masked = await intake.client.get(f"/v1/people/{person['id']}/consents", headers=blind)

    assert sent.status_code == 200
    assert seen["circumstances"]["user_agent"] == "Invented/1.0"
    assert len(seen["circumstances"]["address_hash"]) == 32
    assert masked.json()["consents"][0]["circumstances"] is None


async def test_a_bot_has_consented_to_nothing(intake: IntakeDoor) -> None:
    form = await intake.source("form", kind="form")

    await intake.client.post(
        f"/f/{form.form_key}", data=ADA | {"consent": "marketing", "website": "spam"}
    )

    assert (await intake.count("leads"), await intake.count("consents")) == (1, 0)


async def test_evidence_can_be_added_to_and_not_changed(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await intake.taken(shop, consent=["contact"])

    for forbidden in ("update consents set granted = '{marketing}'", "delete from consents"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await intake.opened.execute(forbidden)

    await intake.opened.execute("update consents set circumstances = null")


async def test_who_unsubscribes_may_still_be_answered(intake: IntakeDoor, shop: MadeSource) -> None:
    lead = await intake.taken(shop)

    await captured(intake, shop, an_activity(ADA["email"], ActivityKind.UNSUBSCRIBED, **WITHDRAWAL))

    assert await allowed(intake) == [["contact"]]
    (kept,) = await evidence(intake, lead["person_id"])
    assert (kept["how"], kept["withdrawn"], kept["granted"]) == ("activity", ["marketing"], [])


async def test_what_a_lead_granted_is_still_granted_after_another_purpose_is_withdrawn(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await intake.taken(shop, consent=["contact", "marketing"])
    complaint = an_activity(
        ADA["email"], ActivityKind.SPAM_REPORTED, minutes=1, withdraws=(CONTACT,)
    )

    await captured(intake, shop, complaint)

    assert await allowed(intake) == [["marketing"]]


async def test_the_same_withdrawal_again_is_kept_and_not_said_again(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead = await intake.taken(shop)
    drafts = [
        an_activity(ADA["email"], ActivityKind.UNSUBSCRIBED, minutes=n, **WITHDRAWAL)
        for n in range(3)
    ]

    await captured(intake, shop, *drafts[:2])
    await captured(intake, shop, drafts[2])

    assert len(await allowed(intake)) == 1
    assert len(await evidence(intake, lead["person_id"])) == 3


async def test_a_late_withdrawal_does_not_undo_a_newer_grant(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead = await intake.taken(shop)
    await post(intake, lead["person_id"], "contact", "marketing")
    late = an_activity(ADA["email"], ActivityKind.UNSUBSCRIBED, minutes=-60, **WITHDRAWAL)

    await captured(intake, shop, late)

    assert await allowed(intake) == [["contact", "marketing"]]
    assert len(await evidence(intake, lead["person_id"])) == 2


async def test_who_asks_again_after_a_refusal_may_be_contacted_again(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead = await intake.taken(shop)
    await post(intake, lead["person_id"])
    intake.clock.advance(seconds=60)

    await intake.taken(shop, consent=["contact"])

    assert await allowed(intake) == [[], ["contact"]]


async def test_a_list_that_claims_consent_does_not_undo_a_refusal(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead = await intake.taken(shop)
    await post(intake, lead["person_id"])
    intake.clock.advance(seconds=60)
    bought = await intake.source("a list", kind="import")

    await intake.taken(bought, consent=["contact", "marketing"])

    assert await allowed(intake) == [[]]
    claimed = (await evidence(intake, lead["person_id"]))[-1]
    assert (claimed["speaker"], claimed["who"]) == ("source", f"source {bought.id}")


async def test_a_double_opt_in_is_kept_with_its_proof(intake: IntakeDoor, shop: MadeSource) -> None:
    lead = await intake.taken(shop)
    proof = {"sent_at": "2026-05-04T12:00:00Z", "token_sha256": "ab12"}
    opt_in = OptIn(
        granted=(CONTACT, MARKETING),
        confirmed_at=NOON + timedelta(seconds=30),
        proof=proof,
        source_id=shop.id,
        wording=Wording("01" * 32, "7"),
        circumstances={"ip": "192.0.2.7"},
    )

    async with intake.opened.service.transactions.begin() as tx:
        await consent.record_opt_in(lead["person_id"], opt_in, tx, origin=Origin.fresh())

    (kept,) = await evidence(intake, lead["person_id"])
    assert (kept["how"], kept["proof"], kept["text_version"]) == ("opt_in", proof, "7")
    assert await allowed(intake) == [["contact", "marketing"]]


async def test_evidence_of_merged_people_is_shown_together(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    members = [
        (await intake.taken(shop, email=email, consent=["contact"]))["person_id"]
        for email in ("one@example.org", "other@example.org")
    ]
    await intake.client.post("/v1/people/merge", json={"person_ids": members}, headers=intake.admin)

    shown = await evidence(intake, members[1])

    assert {one["person_id"] for one in shown} == set(members)


async def test_nobody_unknown_has_said_anything(intake: IntakeDoor) -> None:
    assert await evidence(intake, new_id()) == []
