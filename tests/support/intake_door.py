"""The doors of marketing-intake as a source, a browser or an administrator meets them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from baton.clock import HandClock
from baton.conservation import balance
from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.topics import FACT_OF, TOPIC_OF
from marketing_intake import consumers, queries
from marketing_intake.__main__ import parts_of
from marketing_intake.settings import IntakeSettings
from support.facts import NOON, an_event
from support.open_services import OpenService, open_service, plain_settings

ADA = {"email": "ada@example.org", "given_name": "Ada", "family_name": "Invented"}


@dataclass(frozen=True)
class MadeSource:
    """A source, its id, and how it authenticates."""

    id: str
    headers: dict[str, str]
    form_key: str | None


@dataclass(frozen=True)
class IntakeDoor:
    """Intake on a database of its own, at noon."""

    opened: OpenService
    clock: HandClock
    admin: dict[str, str] = field(repr=False)

    @property
    def client(self) -> httpx.AsyncClient:
        """A client with no key."""
        return self.opened.client

    async def source(self, name: str = "web shop", **form: Any) -> MadeSource:
        """Make a source through the door that is there for it."""
        body = {"name": name, "channel": "organic_search"} | form
        made = (await self.client.post("/v1/sources", json=body, headers=self.admin)).json()
        headers = {"authorization": f"Bearer {made['api_key']}"}
        return MadeSource(made["source_id"], headers, made["form_key"])

    async def send(self, source: MadeSource, lead: object, **headers: str) -> httpx.Response:
        """Send one lead."""
        sent = {"content-type": "application/json", **source.headers, **headers}
        content = lead if isinstance(lead, bytes) else orjson.dumps(lead)
        return await self.client.post("/v1/leads", content=content, headers=sent)

    async def taken(self, source: MadeSource, **lead: object) -> dict[str, str]:
        """Send one lead that must be taken; returns the answer."""
        answer = await self.send(source, ADA | lead)
        assert answer.status_code == 202, answer.text
        body: dict[str, str] = answer.json()
        return body

    async def get(self, path: str, **query: Any) -> httpx.Response:
        """Ask for something as the administrator."""
        return await self.client.get(path, params=query, headers=self.admin)

    async def hear(self, *said: Fact) -> None:
        """Handle a batch of one topic, as the consumer would."""
        await self.hear_events(*(an_event(fact) for fact in said))

    async def hear_events(self, *events: Event[Fact]) -> None:
        """Handle a batch of one topic with the envelopes that it came in."""
        handlers = {one.topic.name: one.handler for one in consumers.SUBSCRIPTIONS}
        async with self.opened.service.transactions.begin() as tx:
            await handlers[TOPIC_OF[FACT_OF[events[0].type]].name](events, tx)

    async def said(self, type_: str) -> Sequence[dict[str, Any]]:
        """What waits in the outbox of this type: key and data, in order; a tombstone has None."""
        rows = await self.opened.fetch(
            "select aggregateid as key, payload from outbox where type = $1 order by seq",
            f"io.baton.{type_}.v1",
        )
        return [
            {"key": row["key"], "data": row["payload"] and orjson.loads(row["payload"])}
            for row in rows
        ]

    async def unaccounted(self) -> int:
        """What the books disagree about."""
        async with self.opened.service.transactions.read() as reader:
            return (await balance(reader, queries.census)).unaccounted()

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        (row,) = await self.opened.fetch(f"select count(*) as count from {table}")
        count: int = row["count"]
        return count


@asynccontextmanager
async def open_intake(url: str, **settings: Any) -> AsyncIterator[IntakeDoor]:
    """Intake's doors on this database."""
    values = plain_settings(url) | settings
    clock = HandClock(NOON)
    async with open_service(parts_of(IntakeSettings.model_validate(values)), clock) as opened:
        yield IntakeDoor(opened, clock, await opened.key())
