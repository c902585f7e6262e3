"""Intake's books: one effect deleted by hand shows; and what may be personal is marked."""

import pytest

from marketing_intake.tables import METADATA
from support.intake_door import IntakeDoor, MadeSource


@pytest.mark.parametrize(
    "loss",
    [
        "delete from leads where id = (select min(id::text)::uuid from leads)",
        "delete from payloads where status = 'refused'",
        "delete from outbox where type like '%LeadCaptured%'",
        "delete from activities where kind = 'page_viewed'",
        "delete from activities where kind = 'email_opened'",
        "delete from retractions",
        "delete from outbox where type like '%ActivityRetracted%'",
        "delete from outbox where type like '%ActivityRecorded%'",
        "update tallies set count = count + 1 where name = 'received'",
    ],
)
async def test_an_effect_that_is_deleted_by_hand_is_missed(
    intake: IntakeDoor, shop: MadeSource, loss: str
) -> None:
    await intake.taken(shop)
    await intake.send(shop, {"email": "nobody"})
    viewed = {"kind": "page_viewed", "email": "ada@example.org"}
    await intake.client.post("/v1/activities", json=viewed, headers=shop.headers)
    opened = {"kind": "email_opened", "email": "ada@example.org"}
    (made,) = (
        await intake.client.post("/v1/activities", json=[opened], headers=shop.headers)
    ).json()["items"]
    await intake.client.post(
        f"/v1/activities/{made['activity_id']}/retract",
        json={"reason": "ours"},
        headers=intake.admin,
    )
    before = await intake.unaccounted()

    await intake.opened.execute(loss)

    assert before == 0
    assert await intake.unaccounted() > 0


def test_every_column_that_may_hold_personal_data_is_marked() -> None:
    own = [table for table in METADATA.tables.values() if table.name not in ("staff", "sessions")]

    marked = {f"{t.name}.{c.name}" for t in own for c in t.columns if c.info.get("personal")}

    assert {
        "people.card",
        "identifiers.value",
        "payloads.body",
        "leads.details",
        "idempotency.fingerprint",
    } <= marked
