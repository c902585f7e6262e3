"""A provider of enrichment as a local server, and intake that asks it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from marketing_intake import metrics
from support.forms import do_work
from support.graph_server import Answer, GraphServer, graph_server
from support.intake_door import IntakeDoor, MadeSource, open_intake

KEY = "provider-key"
CRUMPET: dict[str, Any] = {
    "employees": 120,
    "country": "gb",
    "industry": "Manufacturing",
    "ceo": "Ada Oven",
}
REMEMBERED_SECONDS = 8
"""So long do doors remember a source, and with it who is asked."""


@dataclass(frozen=True)
class Desk:
    """Intake with a source, and a service that knows companies by their domain."""

    intake: IntakeDoor
    provider: GraphServer
    shop: MadeSource

    def asks(self, **terms: object) -> dict[str, Any]:
        """A provider at this desk, as it is configured."""
        return {"name": "firmographics", "url": self.provider.url, "api_key": KEY} | terms

    async def put(self, *providers: dict[str, Any]) -> httpx.Response:
        """Ask these, and wait until every door knows."""
        answer = await self.intake.client.put(
            "/v1/enrichment/providers",
            json={"providers": list(providers)},
            headers=self.intake.admin,
        )
        self.intake.clock.advance(seconds=REMEMBERED_SECONDS)
        return answer

    async def ask(self, *providers: dict[str, Any]) -> None:
        """Ask these; this is how they must be."""
        answer = await self.put(*providers)
        assert answer.status_code == 200, answer.text

    async def lead(self, email: str = "ada@crumpet.org", **more: object) -> dict[str, str]:
        """A lead comes."""
        return await self.intake.taken(self.shop, email=email, **more)

    async def work(self) -> int:
        """Do what is due; returns how much that was."""
        return await do_work(self.intake)

    async def said(self) -> list[dict[str, Any]]:
        """What was said of leads' companies."""
        return [said["data"] for said in await self.intake.said("LeadEnriched")]

    async def later(self) -> list[str]:
        """Why what is still to be done was not done."""
        rows = await self.intake.opened.fetch("select last_error from work order by id")
        return [row["last_error"] for row in rows]


def counted(outcome: str, provider: str = "firmographics") -> float:
    """What the metric says."""
    labels = {"provider": provider, "outcome": outcome}
    return metrics.REGISTRY.get_sample_value("baton_intake_enrichments_total", labels) or 0.0


@asynccontextmanager
async def open_desk(url: str, **settings: Any) -> AsyncIterator[Desk]:
    """A desk at which one company is known."""
    with graph_server() as provider:
        provider.token = KEY
        provider.answers["/"] = Answer(body=CRUMPET)
        async with open_intake(url, **settings) as intake:
            yield Desk(intake, provider, await intake.source())
