"""Meta and LinkedIn as intake meets them: they announce leads, and tell them when asked."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from support.forms import do_work
from support.graph_answers import META_ANSWER
from support.graph_server import TOKEN, Answer, GraphServer, graph_server
from support.intake_door import IntakeDoor, MadeSource, open_intake

SECRET = "the-secret-of-the-app"
LEAD = "/5551"
URN = "urn:li:leadGenFormResponse:abc-1"
RESPONSE = "/leadFormResponses/abc-1"


def a_notice(*leads: str) -> dict[str, Any]:
    """What Meta says of leads that came."""
    changes = [
        {"field": "leadgen", "value": {"leadgen_id": lead, "page_id": "7", "form_id": "31"}}
        for lead in leads
    ]
    return {"object": "page", "entry": [{"id": "7", "time": 1772443754, "changes": changes}]}


def an_action(action: str = "CREATED") -> list[dict[str, Any]]:
    """What LinkedIn says of a lead that came, or is to go."""
    event = {"type": "LEAD_ACTION", "leadGenFormResponse": URN, "leadAction": action}
    return [event | {"leadType": "SPONSORED", "occurredAt": 1772443754000}]


@dataclass(frozen=True)
class Vendors:
    """Intake, its sources for the two vendors, and the server that both ask."""

    intake: IntakeDoor
    graph: GraphServer
    meta: MadeSource
    linkedin: MadeSource

    async def announce(self, *leads: str) -> dict[str, int]:
        """Meta announces leads; returns the counts that are not 0."""
        body = orjson.dumps(a_notice(*(leads or ("5551",))))
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        return await self._post(
            self.meta, "meta", body, {"x-hub-signature-256": f"sha256={digest}"}
        )

    async def act(self, action: str = "CREATED") -> dict[str, int]:
        """LinkedIn says what became of a lead; returns the counts that are not 0."""
        body = orjson.dumps(an_action(action))
        signed = b"hmacsha256=" + body
        digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        return await self._post(self.linkedin, "linkedin", body, {"x-li-signature": digest})

    async def work(self) -> int:
        """Do what is due; returns how much that was."""
        return await do_work(self.intake)

    async def configure(self, source: MadeSource, **config: object) -> None:
        """Change what a source is configured with."""
        answer = await self.intake.client.patch(
            f"/v1/sources/{source.id}", json={"config": config}, headers=self.intake.admin
        )
        assert answer.status_code == 200, answer.text

    async def payloads(self) -> list[dict[str, Any]]:
        """What is kept, in order."""
        return await self.intake.opened.fetch("select * from payloads order by id")

    async def _post(
        self, source: MadeSource, vendor: str, body: bytes, headers: dict[str, str]
    ) -> dict[str, int]:
        sent = {"content-type": "application/json", **headers}
        path = f"/hooks/{source.id}/{vendor}"
        answer = await self.intake.client.post(path, content=body, headers=sent)
        assert answer.status_code == 200, answer.text
        return {word: count for word, count in answer.json().items() if count}


@asynccontextmanager
async def open_vendors(url: str, **settings: Any) -> AsyncIterator[Vendors]:
    """Both vendors, each with a source that has a token; Meta has a lead to tell of."""
    with graph_server() as graph:
        told = {"meta_graph_url": graph.url, "linkedin_api_url": graph.url, "fetch_seconds": 20}
        async with open_intake(url, **told | settings) as intake:
            made = {
                vendor: await intake.source(
                    vendor, kind="webhook", vendor=vendor, secret=SECRET, channel="paid_social",
                    config={"api_token": TOKEN},
                )
                for vendor in ("meta", "linkedin")
            }  # fmt: skip
            graph.answers[LEAD] = Answer(body=META_ANSWER | {"field_data": fields()})
            yield Vendors(intake, graph, made["meta"], made["linkedin"])


def fields(email: str = "ada@crumpet.org") -> list[dict[str, Any]]:
    """The answers to Meta's form."""
    return [
        {"name": "full_name", "values": ["Ada Oven"]},
        {"name": "email", "values": [email]},
        {"name": "which_ovens", "values": ["deck", "rack"]},
    ]
