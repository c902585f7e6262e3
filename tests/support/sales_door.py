"""The HTTP door of sales-routing on a real database, without a network."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import httpx
from prometheus_client import CollectorRegistry

from baton.auth import api_keys, staff
from baton.contracts.scoring import ProspectQualified
from baton.service import Service
from sales_routing.__main__ import parts_of
from sales_routing.settings import Settings
from support.prospects import card, qualified
from support.sales_office import Office

ADDRESS = "http://routing.test"
SCOPES = ("prospects:read", "prospects:write", "reps:admin")


@dataclass
class Door:
    """The door and the office behind it, which share a database and a clock."""

    office: Office
    service: Service
    client: httpx.AsyncClient

    async def headers(self, *scopes: str) -> dict[str, str]:
        """What somebody with a key of these scopes sends along."""
        async with self.office.transactions.begin() as tx:
            text, _ = await api_keys.create_key(tx, "test", scopes or SCOPES)
        return {"authorization": f"Bearer {text}"}

    async def post(self, path: str, body: Any, *scopes: str) -> httpx.Response:
        """Send a body."""
        headers = {**await self.headers(*scopes), "content-type": "application/json"}
        return await self.client.post(path, content=json.dumps(body), headers=headers)

    async def get(self, path: str, *scopes: str, **query: Any) -> httpx.Response:
        """Ask for something."""
        headers = await self.headers(*scopes)
        return await self.client.get(path, params=query, headers=headers)

    async def sign_in(self, email: str, role: str) -> str:
        """Sign somebody in to the pages; returns the token that their forms carry."""
        async with self.office.transactions.begin() as tx:
            await staff.create_staff(tx, email=email, role=role, name="Somebody Invented")
            token = await staff.make_sign_in_link(tx, email=email)
        page = await self.client.get("/sign-in/link", params={"token": token})
        form = {"token": token, "csrf_token": hidden(page.text, "csrf_token")}
        await self.client.post("/sign-in/link", data=form)
        front = await self.client.get("/")
        return hidden(front.text, "csrf_token")


async def open_door(office: Office, url: str) -> Door:
    """The service's app, without its loops, in front of an office."""
    settings = Settings.model_validate(
        {
            "database_url": url,
            "kafka_bootstrap": "127.0.0.1:1",
            "secret": "s" * 40,
            "cookies_secure": False,
        }
    )
    parts = parts_of(settings)
    fresh = replace(parts, registry=CollectorRegistry(), clock=office.clock)
    service = Service(fresh)
    await service.connect()
    transport = httpx.ASGITransport(app=service.app, raise_app_exceptions=False)
    return Door(office, service, httpx.AsyncClient(transport=transport, base_url=ADDRESS))


def hidden(html: str, name: str) -> str:
    """The value of a page's first hidden field of this name."""
    _, _, rest = html.partition(f'name="{name}" value="')
    return rest.partition('"')[0]


def statuses(items: Sequence[dict[str, Any]]) -> list[int]:
    """The statuses of a batch's answers."""
    return [item["status"] for item in items]


async def offered(door: Door) -> tuple[ProspectQualified, str]:
    """A prospect that was offered, and the rep who was asked."""
    lead = qualified()
    await door.office.hear(card(lead.person_id))
    await door.office.hear(lead)
    return lead, (await door.office.prospect(lead.prospect_id))["rep_id"]
