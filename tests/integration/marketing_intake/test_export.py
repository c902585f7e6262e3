"""Handing out what is known of somebody."""

import httpx

from support.intake_door import IntakeDoor, MadeSource
from support.marked_person import fill_every_corner


async def test_all_that_is_known_is_handed_out_and_audited(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    person_id = await fill_every_corner(intake, shop)

    answer = await export(intake, person_id, "people:admin", "pii:read")

    exported = answer.json()
    counts = {name: len(rows) for name, rows in exported["parts"].items()}
    assert answer.headers["cache-control"] == "no-store"
    assert exported["person_ids"] == [person_id]
    assert counts == {
        "people": 1, "identifiers": 2, "shared_addresses": 0, "leads": 1, "enrichments": 0,
        "steps": 0, "pursuits": 0, "activities": 1, "retractions": 0, "consents": 2, "merges": 0,
        "opt_ins": 0, "candidates": 0, "payloads": 6, "rows_of_files": 0,
    }  # fmt: skip
    assert "Xq7Message" in "".join(one["body"] for one in exported["parts"]["payloads"])
    assert exported["truncated"] == []
    (audited,) = await intake.opened.fetch(
        "select subject from audit_log where what = 'person exported'"
    )
    assert audited["subject"] == person_id


async def export(intake: IntakeDoor, person_id: str, *scopes: str) -> httpx.Response:
    """Ask for everything that is known."""
    headers = await intake.opened.key(*scopes)
    return await intake.client.get(f"/v1/people/{person_id}/export", headers=headers)


async def test_nothing_is_handed_out_of_who_is_forgotten_or_to_who_may_not_know(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead = await intake.taken(shop)

    forbidden = [
        (await export(intake, lead["person_id"], scope)).status_code
        for scope in ("people:admin", "pii:read")
    ]
    await intake.client.delete(f"/v1/people/{lead['person_id']}", headers=intake.admin)
    gone = await export(intake, lead["person_id"], "people:admin", "pii:read")

    assert (forbidden, gone.status_code) == ([403, 403], 404)
