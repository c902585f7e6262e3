"""Test leads: kept and shown as such, said to nobody."""

from support.intake_door import ADA, IntakeDoor, MadeSource


async def test_a_test_lead_is_kept_and_said_to_nobody(intake: IntakeDoor, shop: MadeSource) -> None:
    answer = await intake.send(shop, ADA | {"is_test": True})

    assert answer.status_code == 202
    shown = (await intake.get(f"/v1/leads/{answer.json()['lead_id']}")).json()
    assert shown["state"] == "test"
    assert await intake.said("LeadCaptured") == []
    assert await intake.said("ContactCard") == []
    assert await intake.unaccounted() == 0


async def test_a_test_lead_stands_in_no_report(intake: IntakeDoor, shop: MadeSource) -> None:
    await intake.send(shop, ADA | {"is_test": True})
    await intake.taken(shop)

    report = (await intake.get("/v1/reports/sources")).json()

    assert [line["leads"] for line in report["lines"]] == [1]


async def test_a_batch_may_hold_both(intake: IntakeDoor, shop: MadeSource) -> None:
    leads = [ADA | {"is_test": True}, ADA, {"email": "ben@example.org", "is_test": True}]

    answer = await intake.client.post("/v1/leads/batch", json=leads, headers=shop.headers)

    assert answer.json()["taken"] == 3
    rows = await intake.opened.fetch("select state from leads order by id")
    assert sorted(row["state"] for row in rows) == ["captured", "test", "test"]
    assert len(await intake.said("LeadCaptured")) == 1
    assert await intake.unaccounted() == 0
