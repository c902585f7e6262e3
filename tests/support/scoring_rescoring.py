"""What publishing is followed by on a scoring desk, as the timer would do it."""

from typing import Any

from lead_scoring.handlers.rescoring import rescore_some
from lead_scoring.repository import publications
from lead_scoring.repository.publications import Publication
from support.scoring_desk import Desk

LOW: dict[str, Any] = {"line": {"points": 0}}
STRICT: dict[str, Any] = {
    "rules": [{"id": "any", "group": "fit", "points": 1, "text": "anybody"}],
    "line": {"points": 1, "reachable_by": ["phone"]},
}


async def rescore_once(desk: Desk, limit: int = 100) -> int:
    """One run of the timer."""
    async with desk.transactions.begin() as tx:
        return await rescore_some(tx, limit=limit)


async def rescore(desk: Desk, limit: int = 100) -> None:
    """All that is to be done."""
    while await rescore_once(desk, limit):
        pass


async def latest(desk: Desk) -> Publication:
    """How far it is."""
    async with desk.transactions.read() as reader:
        found = await publications.latest(reader)
    assert found is not None
    return found


async def words_about(desk: Desk, key: str) -> list[str]:
    """What was said of somebody, in order."""
    return [one["type"] for one in await desk.said() if one["key"] == key]
