"""A campaign: leads flow, reps answer, things are killed; at the end the auditor judges."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from faults.floor import Floor
from faults.traffic import Traffic
from faults.yard import Yard
from launcher.clients import Services, connected, send
from support.auditor.evidence import gather, is_at_rest
from support.auditor.judge import Verdict, judge
from support.auditor.ledger import Ledger

REPS: Final = 5
ACCEPT_SECONDS: Final = 5
REST_SECONDS_MAX: Final = 180.0
LOOK_EVERY_SECONDS: Final = 1.0
POLICY: Final = {
    "name": "All but some",
    "fit": {"minimum": 0, "maximum": 10},
    "engagement": {"minimum": 0, "maximum": 10},
    "rules": [],
    "line": {"points": 0, "reachable_by": ["email"]},
}


@dataclass(slots=True)
class Campaign:
    """One run on one yard."""

    yard: Yard
    services: Services
    source_key: str
    name: str
    ledger: Ledger = field(default_factory=Ledger)
    kills: Counter[str] = field(default_factory=Counter)
    progress: Callable[[str], None] = lambda _: None
    _runs: int = 0

    async def run(
        self, faults: Callable[[], Awaitable[None]], *, leads: int, per_second: float
    ) -> Verdict:
        """Let leads flow while `faults` does what it does; returns the verdict once all rests."""
        self._runs += 1
        stop = asyncio.Event()
        floor = Floor(self.services.routing, self.ledger, random.Random(11))
        traffic = Traffic(
            intake=self.services.intake,
            key=self.source_key,
            run=f"{self.name}-{self._runs}",
            ledger=self.ledger,
            wanted=len(self.ledger.leads) + leads,
            per_second=per_second,
            tick=self._tick,
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(floor.work(stop))
            async with asyncio.TaskGroup() as flowing:
                flowing.create_task(traffic.flow())
                flowing.create_task(_as_coroutine(faults))
            floor.takes_all = True
            await self.yard.until_ready()
            self.progress("everything was sent; waiting until all rests")
            verdict = await self._verdict()
            stop.set()
        return verdict

    async def kill(self, target: str) -> None:
        """`kill -9` one of them, and count it."""
        self.progress(f"kill -9 {target}")
        await self.yard.kill(target)
        self.kills[target] += 1

    def line(self, verdict: Verdict) -> str:
        """What was killed, and the verdict."""
        hits = ", ".join(f"{target} {count}" for target, count in sorted(self.kills.items()))
        return f"{self.kills.total()} kills ({hits}): {verdict.line()}"

    async def _verdict(self) -> Verdict:
        """The verdict once nothing moves; when that does not come, the verdict as it is then."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + REST_SECONDS_MAX
        while True:
            databases = self.yard.databases
            is_late = loop.time() > deadline
            if is_late or await is_at_rest(self.yard.bootstrap, databases):
                verdict = judge(self.ledger, await gather(self.yard.bootstrap, databases))
                # An offer that ran out between two looks is no finding: it comes to rest.
                if is_late or verdict.is_clean:
                    return verdict
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    def _tick(self, answered: int) -> None:
        if answered % 1000 == 0:
            self.progress(f"{answered} leads answered")


async def _as_coroutine(faults: Callable[[], Awaitable[None]]) -> None:
    await faults()


@asynccontextmanager
async def a_campaign(
    yard: Yard, progress: Callable[[str], None], *, name: str = "proof"
) -> AsyncIterator[Campaign]:
    """A company with one source and one pool, ready for leads."""
    async with connected(yard.installation) as services:
        draft = await send(services.scoring, "POST", "/v1/policies", POLICY)
        await send(services.scoring, "POST", f"/v1/policies/{draft['version']}/publish")
        source = await send(
            services.intake, "POST", "/v1/sources", {"name": name, "channel": "email"}
        )
        await _make_team(services, name)
        yield Campaign(yard, services, source["api_key"], name, progress=progress)


async def _make_team(services: Services, name: str) -> None:
    routing = services.routing
    bodies = [{"name": f"Rep {number}"} for number in range(REPS)]
    reps = [(await send(routing, "POST", "/v1/reps", body))["id"] for body in bodies]
    manager = (await send(routing, "POST", "/v1/reps", {"name": "Manager"}))["id"]
    body = {"name": name, "accept_seconds": ACCEPT_SECONDS, "member_ids": reps}
    pool = (await send(routing, "POST", "/v1/pools", body))["id"]
    rules = {"rules": [{"name": "all", "pool_id": pool}], "fallback_pool_id": pool}
    await send(routing, "PUT", "/v1/rules", rules | {"fallback_owner_id": manager})
