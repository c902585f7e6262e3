"""Campaigns as whoever looks after them makes them, through the door."""

from typing import Any

import httpx

from support.intake_door import IntakeDoor

SPRING: dict[str, Any] = {
    "name": "CRUMPET-SPRING",
    "starts_on": "2026-04-01",
    "ends_on": "2026-05-31",
    "owner": "events desk",
    "target": [
        {"attribute": "country", "any_of": ["DE", "AT"]},
        {"attribute": "seniority", "any_of": ["owner", "director"]},
    ],
    "calls_to_action": [{"id": "book-a-tasting", "title": "Book a tasting", "audience": 200}],
}


async def ask(intake: IntakeDoor, method: str, path: str, body: object = None) -> httpx.Response:
    """Ask as the administrator."""
    return await intake.client.request(
        method, f"/v1/campaigns{path}", json=body, headers=intake.admin
    )


async def make_campaign(intake: IntakeDoor, **changes: Any) -> str:
    """Make a campaign."""
    answer = await ask(intake, "POST", "", SPRING | changes)
    assert answer.status_code == 201, answer.text
    campaign_id: str = answer.json()["campaign_id"]
    return campaign_id


async def upload_costs(intake: IntakeDoor, campaign_id: str, file: str) -> httpx.Response:
    """Add a file of costs."""
    headers = intake.admin | {"content-type": "text/csv; charset=utf-8"}
    path = f"/v1/campaigns/{campaign_id}/costs"
    return await intake.client.post(path, content=file.encode(), headers=headers)
