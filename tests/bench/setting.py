"""What has to be there before leads flow: a source, a policy that lets all pass, a team."""

from typing import Final

from bench.yard import Yard
from launcher.clients import connected, send

REPS: Final = 8
DAY_SECONDS: Final = 86_400
POLICY: Final = {
    "name": "Everybody qualifies",
    "fit": {"minimum": 0, "maximum": 0},
    "engagement": {"minimum": 0, "maximum": 0},
    "rules": [],
    "line": {"points": 0, "reachable_by": ["email"]},
}


async def make_source(yard: Yard, name: str) -> str:
    """A source to send under; returns its key."""
    async with connected(yard.installation) as services:
        body = {"name": name, "channel": "email"}
        key: str = (await send(services.intake, "POST", "/v1/sources", body))["api_key"]
        return key


async def let_all_pass(yard: Yard) -> None:
    """Publish a policy under which every lead becomes a prospect."""
    async with connected(yard.installation) as services:
        draft = await send(services.scoring, "POST", "/v1/policies", POLICY)
        await send(services.scoring, "POST", f"/v1/policies/{draft['version']}/publish")


async def make_team(yard: Yard, name: str) -> None:
    """One pool of reps, without limits, whom every prospect goes to."""
    async with connected(yard.installation) as services:
        routing = services.routing
        reps = [await send(routing, "POST", "/v1/reps", {"name": f"Rep {n}"}) for n in range(REPS)]
        ids = [rep["id"] for rep in reps]
        body = {"name": name, "accept_seconds": DAY_SECONDS, "member_ids": ids}
        pool = await send(routing, "POST", "/v1/pools", body)
        rules = [{"name": "all", "pool_id": pool["id"]}]
        wanted = {"fallback_pool_id": pool["id"], "fallback_owner_id": ids[0]}
        await send(routing, "PUT", "/v1/rules", {"rules": rules, **wanted})
