"""Activities are taken back by hand, and what that changed is remembered."""

from typing import Any

import httpx
import pytest

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.sales import ProspectUnassigned
from baton.contracts.scoring import LeadNurtured, ProspectWithdrawn
from baton.contracts.vocabulary import UnassignedReason
from baton.ids import new_id
from support.facts import an_event
from support.intake_door import ADA, IntakeDoor, MadeSource

VIEWED = {"kind": "page_viewed", "email": ADA["email"], "url": "https://shop.example/ovens"}


async def record(intake: IntakeDoor, source: MadeSource, **more: Any) -> dict[str, Any]:
    """Record one activity; returns the answer."""
    answer = await intake.client.post("/v1/activities", json=VIEWED | more, headers=source.headers)
    assert answer.status_code == 202, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def retract(
    intake: IntakeDoor, activity_id: str, reason: str = "recorded by mistake", **more: str
) -> httpx.Response:
    """Take one back."""
    return await intake.client.post(
        f"/v1/activities/{activity_id}/retract",
        json={"reason": reason, **more},
        headers=intake.admin,
    )


async def retraction_of(intake: IntakeDoor, activity_id: str) -> dict[str, Any]:
    """What is shown of a retraction."""
    shown: dict[str, Any] = (await intake.get(f"/v1/activities/{activity_id}")).json()["retraction"]
    return shown


def because_of(cause: str, fact: Fact, **more: Any) -> Event[Fact]:
    """A fact that another one has caused."""
    return an_event(fact)._replace(causation_id=cause, **more)


def nurtured(lead: dict[str, str]) -> LeadNurtured:
    """What scoring says when a score has fallen."""
    return LeadNurtured(
        lead_id=lead["lead_id"], person_id=lead["person_id"], receipt_id=new_id(),
        policy_version=1, fit=0.2, engagement=0.0, reasons=(),
    )  # fmt: skip


async def test_a_retracted_activity_is_said_once_under_its_persons_key(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    activity = await record(intake, shop)

    answer = await retract(intake, activity["activity_id"], suspicion="known_network")

    assert answer.status_code == 201
    (fact,) = await intake.said("ActivityRetracted")
    assert fact["key"] == activity["person_id"]
    assert fact["data"] == {
        "activity_id": activity["activity_id"],
        "person_id": activity["person_id"],
        "kind": "page_viewed",
        "suspicion": "known_network",
    }
    assert await intake.unaccounted() == 0


async def test_a_retraction_is_shown_with_who_and_why(intake: IntakeDoor, shop: MadeSource) -> None:
    activity = await record(intake, shop)
    made = (await retract(intake, activity["activity_id"], "Ada's own test")).json()

    shown = (await intake.get(f"/v1/activities/{activity['activity_id']}")).json()

    assert shown["details"] == {"url": VIEWED["url"]}
    assert shown["suspicion"] is None
    assert shown["retracted_at"] is not None
    assert shown["retraction"]["retraction_id"] == made["retraction_id"]
    assert shown["retraction"]["reason"] == "Ada's own test"
    assert shown["retraction"]["effects"] == []


async def test_who_may_not_read_personal_data_sees_neither_details_nor_reasons(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    activity = await record(intake, shop)
    await retract(intake, activity["activity_id"], "Ada's own test")
    reader = await intake.opened.key("leads:read")

    shown = await intake.client.get(f"/v1/activities/{activity['activity_id']}", headers=reader)

    assert shown.json()["details"] is None
    assert "Ada" not in shown.text
    assert "shop.example" not in shown.text


async def test_a_retraction_is_audited_without_its_reason(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    activity = await record(intake, shop)

    await retract(intake, activity["activity_id"], "Ada's own test")

    (row,) = await intake.opened.fetch("select * from audit_log where what = 'activity retracted'")
    assert row["subject"] == activity["activity_id"]
    assert "Ada" not in str(row)


async def test_an_activity_is_retracted_once(intake: IntakeDoor, shop: MadeSource) -> None:
    activity = await record(intake, shop)
    await retract(intake, activity["activity_id"])

    again = await retract(intake, activity["activity_id"])

    assert again.status_code == 409
    assert len(await intake.said("ActivityRetracted")) == 1


async def test_nothing_is_retracted_that_is_not_there(intake: IntakeDoor, shop: MadeSource) -> None:
    assert (await retract(intake, new_id())).status_code == 404
    assert (await intake.get(f"/v1/activities/{new_id()}")).status_code == 404


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501, "nul\0"])
async def test_a_reason_is_needed_and_has_a_limit(
    intake: IntakeDoor, shop: MadeSource, reason: str
) -> None:
    activity = await record(intake, shop)

    answer = await retract(intake, activity["activity_id"], reason)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/reason"


async def test_a_source_takes_nothing_back(intake: IntakeDoor, shop: MadeSource) -> None:
    activity = await record(intake, shop)

    answer = await intake.client.post(
        f"/v1/activities/{activity['activity_id']}/retract",
        json={"reason": "ours"},
        headers=shop.headers,
    )

    assert answer.status_code == 403


async def test_what_scoring_and_sales_said_because_of_a_retraction_is_listed(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead = await intake.taken(shop)
    activity = await record(intake, shop)
    made = (await retract(intake, activity["activity_id"])).json()
    prospect_id, person_id = new_id(), lead["person_id"]
    withdrawn = ProspectWithdrawn(prospect_id=prospect_id, person_id=person_id, reason="retracted")
    scored = because_of(made["retraction_id"], nurtured(lead))
    undone = because_of(made["retraction_id"], withdrawn)

    await intake.hear_events(scored, undone, because_of(new_id(), nurtured(lead)))

    effects = (await retraction_of(intake, activity["activity_id"]))["effects"]
    assert {(one["type"], one["lead_id"], one["prospect_id"]) for one in effects} == {
        ("io.baton.LeadNurtured.v1", lead["lead_id"], None),
        ("io.baton.ProspectWithdrawn.v1", None, prospect_id),
    }


async def test_what_sales_does_next_is_listed_whichever_is_heard_first(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead = await intake.taken(shop)
    activity = await record(intake, shop)
    made = (await retract(intake, activity["activity_id"])).json()
    (row,) = await intake.opened.fetch("select correlation_id from retractions")
    story = {"correlation_id": row["correlation_id"]}
    scored = because_of(made["retraction_id"], nurtured(lead), **story)
    taken_back = ProspectUnassigned(
        prospect_id=new_id(), person_id=lead["person_id"], lead_ids=(lead["lead_id"],),
        reason=UnassignedReason.WITHDRAWN, retry_at=None,
    )  # fmt: skip

    await intake.hear_events(because_of(scored.id, taken_back, **story))
    await intake.hear_events(scored)

    effects = (await retraction_of(intake, activity["activity_id"]))["effects"]
    assert {one["type"] for one in effects} == {
        "io.baton.ProspectUnassigned.v1", "io.baton.LeadNurtured.v1",
    }  # fmt: skip


async def test_an_effect_that_is_heard_again_is_listed_once(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead = await intake.taken(shop)
    activity = await record(intake, shop)
    made = (await retract(intake, activity["activity_id"])).json()
    scored = because_of(made["retraction_id"], nurtured(lead))

    await intake.hear_events(scored, scored)
    await intake.hear_events(scored)

    assert len((await retraction_of(intake, activity["activity_id"]))["effects"]) == 1


async def test_each_retraction_is_a_story_of_its_own(intake: IntakeDoor, shop: MadeSource) -> None:
    for _ in range(2):
        activity = await record(intake, shop)
        headers = intake.admin | {"x-request-id": "same"}
        await intake.client.post(
            f"/v1/activities/{activity['activity_id']}/retract",
            json={"reason": "ours"},
            headers=headers,
        )

    assert await intake.count("(select distinct correlation_id from retractions) r") == 2


async def test_a_reason_is_forgotten_with_its_person(intake: IntakeDoor, shop: MadeSource) -> None:
    activity = await record(intake, shop)
    await retract(intake, activity["activity_id"], "Ada's own test")

    await intake.client.delete(f"/v1/people/{activity['person_id']}", headers=intake.admin)

    (row,) = await intake.opened.fetch("select reason from retractions")
    assert row["reason"] is None
    assert await intake.unaccounted() == 0
