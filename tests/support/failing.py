"""What failed, as an administrator asks for it."""

from typing import Any

import httpx

from support.intake_door import IntakeDoor


async def failed(intake: IntakeDoor, **query: Any) -> list[dict[str, Any]]:
    """What is listed as failed."""
    answer = await intake.get("/v1/failed", **query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def replay_only(
    intake: IntakeDoor, body: bytes = b"", content_type: str = "application/json"
) -> httpx.Response:
    """Replay the only one that failed, as it came or with a mended body."""
    (item,) = await failed(intake)
    return await intake.client.post(
        f"/v1/failed/{item['failed_id']}/replay",
        content=body,
        headers=intake.admin | {"content-type": content_type},
    )


async def agree(intake: IntakeDoor, source_id: str, **terms: Any) -> None:
    """Change what is agreed with a source, and wait until every door knows."""
    path = f"/v1/sources/{source_id}"
    answer = await intake.client.patch(path, json=terms, headers=intake.admin)
    assert answer.status_code == 200, answer.text
    intake.clock.advance(seconds=10)
