"""What failed, as an administrator asks for it."""

from typing import Any

from support.intake_door import IntakeDoor


async def failed(intake: IntakeDoor, **query: Any) -> list[dict[str, Any]]:
    """What is listed as failed."""
    answer = await intake.get("/v1/failed", **query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items
