"""Draft, diff, publish and roll back by HTTP, as a tool would."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest_asyncio

from baton.clock import HandClock
from baton.ids import new_id
from lead_scoring.__main__ import parts_of
from lead_scoring.handlers.policies import ensure_policy
from lead_scoring.settings import ScoringSettings
from support.databases import Templates
from support.facts import NOON
from support.open_services import OpenService, open_service, plain_settings
from support.scoring_desk import Desk, a_weak_lead
from support.scoring_diffs import diff_once
from support.scoring_rescoring import rescore

LOW = {"name": "Low", "line": {"points": 0}}


@dataclass
class Door:
    """The service's door, and the desk behind it."""

    opened: OpenService
    desk: Desk
    headers: dict[str, str]

    async def post(self, path: str, body: object = None, status: int = 200) -> dict[str, object]:
        """Ask for something to be done."""
        answer = await self.opened.client.post(path, json=body, headers=self.headers)
        assert answer.status_code == status, answer.text
        found: dict[str, object] = answer.json()
        return found

    async def get(self, path: str) -> dict[str, object]:
        """Look."""
        answer = await self.opened.client.get(path, headers=self.headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, object] = answer.json()
        return found


@pytest_asyncio.fixture
async def door(templates: Templates) -> AsyncIterator[Door]:
    """A fresh one with three weak leads."""
    url = await templates.copy("lead_scoring")
    clock = HandClock(NOON)
    parts = parts_of(ScoringSettings.model_validate(plain_settings(url)))
    async with open_service(parts, clock) as opened:
        desk = Desk(opened.service.transactions, clock)
        async with opened.service.transactions.begin() as tx:
            await ensure_policy(tx)
        await desk.hear(*(a_weak_lead(new_id()) for _ in range(3)))
        clock.advance(seconds=60)
        yield Door(opened, desk, await opened.key("policies:admin"))


async def test_a_diff_is_ordered_watched_and_listed_page_by_page(door: Door) -> None:
    version = (await door.post("/v1/policies", LOW, 201))["version"]

    diff = await door.post(f"/v1/policies/{version}/diff", {}, 202)
    path = f"/v1/diffs/{diff['diff_id']}"
    waiting = await door.get(path)
    await diff_once(door.desk)
    ended = await door.get(path)
    first = await door.get(f"{path}/people?side=newly&limit=2")
    last = await door.get(f"{path}/people?side=newly&limit=2&cursor={first['next_cursor']}")

    assert (waiting["status"], ended["status"]) == ("waiting", "ended")
    assert ended["total"]["newly"] == {"people": 3, "won": 0, "amounts": {}}  # type: ignore[index]  # as it is described
    assert [len(first["items"]), len(last["items"])] == [2, 1]  # type: ignore[arg-type]  # lists
    assert last["next_cursor"] is None
    listed = await door.get(f"/v1/policies/{version}/diff")
    assert [one["diff_id"] for one in listed["items"]] == [diff["diff_id"]]  # type: ignore[attr-defined]  # a list


async def test_publishing_is_followed_by_a_rescoring_and_rolled_back(door: Door) -> None:
    version = (await door.post("/v1/policies", LOW, 201))["version"]

    await door.post(f"/v1/policies/{version}/publish")
    running = await door.get(f"/v1/policies/{version}/rescoring")
    await rescore(door.desk)
    ended = await door.get(f"/v1/policies/{version}/rescoring")
    back = await door.post("/v1/policies/1/rollback", {"replaces": version})
    again = await door.post("/v1/policies/1/rollback", {"replaces": version})
    await door.post(f"/v1/policies/{version}/publish", status=409)

    assert (running["rescoring"], ended["rescoring"], ended["said"]) == ("running", "ended", 3)
    assert (back["publication"], back["is_rollback"], again["publication"]) == (3, True, 3)
    listed = await door.get("/v1/publications")
    assert [one["version"] for one in listed["items"]] == [1, version, 1]  # type: ignore[attr-defined]  # a list


async def test_a_diff_is_cancelled_and_a_key_without_the_scope_sees_none(door: Door) -> None:
    version = (await door.post("/v1/policies", LOW, 201))["version"]
    diff = await door.post(f"/v1/policies/{version}/diff", None, 202)
    path = f"/v1/diffs/{diff['diff_id']}"

    gone = await door.opened.client.delete(path, headers=door.headers)
    other = await door.opened.client.get(path, headers=await door.opened.key("scores:read"))

    assert gone.json()["status"] == "cancelled"
    assert other.status_code == 403
