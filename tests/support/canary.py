"""A marked lead, its way through the three services, and a look at what others may see of it."""

import re
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from baton.contracts.marketing import ContactCard
from baton.contracts.topics import CONTACTS, EVENT_TYPE_OF, TOPICS
from support.eventually import eventually
from support.facts import an_event
from support.running_services import Running
from support.whole_log import everything_in, put

LEAD: dict[str, Any] = {
    "given_name": "Xq7Given",
    "family_name": "Xq7Family",
    "company": "Xq7Company",
    "email": "Xq7Mail@Xq7Host.org",
    "phone": "(202) 555-0173",
    "message": "Xq7Message",
    "page_url": "https://shop.example.org/xq7page",
    "referrer": "https://xq7referrer.example.org/",
    "utm_campaign": "Xq7Campaign",
    "utm_term": "Xq7Term",
    "gclid": "Xq7Click",
    "external_id": "Xq7External",
    "Xq7Name": "Xq7Custom",
    "traits": {"xq7trait": "Xq7Value"},
    "job_title": "Director of Xq7Title",
}
HEADERS = {"idempotency-key": "Xq7Key", "user-agent": "Xq7Agent/1.0"}
MARKS = re.compile(rb"xq7|202.{0,2}555.{0,1}0173", re.IGNORECASE)
ON_THE_CARD = (
    b"xq7given", b"xq7family", b"xq7company", b"xq7mail@xq7host.org", b"+12025550173",
    b"xq7message", b"xq7page", b"xq7external", b"xq7title",
)  # fmt: skip


@dataclass
class Seen:
    """What somebody who may not see people can look at, by where it was seen."""

    texts: dict[str, bytes] = field(default_factory=dict)
    cards: bytes = b""

    def leaks(self) -> dict[str, set[bytes]]:
        """The marks that stand where none may, by where."""
        found = {place: set(MARKS.findall(text)) for place, text in self.texts.items()}
        return {place: marks for place, marks in found.items() if marks}


async def go_all_the_way(running: Running) -> dict[str, str]:
    """From the form to the win, and some bad requests on the way."""
    intake, routing = running.clients["marketing-intake"], running.clients["sales-routing"]
    await make_team(routing)
    source = await made(intake, "/v1/sources", {"name": "canary"})
    key = {"authorization": f"Bearer {source['api_key']}"}
    lead = await made(intake, "/v1/leads", LEAD, **key, **HEADERS)
    again = await made(intake, "/v1/leads", LEAD, **key, **HEADERS)
    bad = await intake.post("/v1/leads", json=LEAD | {"country": "Xq7"}, headers=key | HEADERS)
    form = await intake.post("/f/Xq7Form?xq7=1", data={"email": "Xq7Mail@Xq7Host.org"})
    lost = await intake.get("/v1/Xq7Path", params={"email": "Xq7Mail@Xq7Host.org"})
    assert again == lead
    assert [answer.status_code for answer in (bad, form, lost)] == [422, 404, 404]
    offered = await until(intake, lead["lead_id"], "offered")
    prospect = f"/v1/prospects/{offered['prospect_id']}"
    shown = (await routing.get(prospect)).json()
    await made(routing, f"{prospect}/accept", {"rep_id": shown["rep"]["id"]})
    deal = {
        "deal_id": "D-1",
        "outcome": "won",
        "amount": "12.50",
        "currency": "EUR",
        "closed_at": "2026-01-05T12:00:00Z",
    }
    await made(routing, f"{prospect}/outcome", deal)
    await until(intake, lead["lead_id"], "won")
    return {"person_id": lead["person_id"], "lead_id": lead["lead_id"], "prospect": prospect}


async def make_team(routing: httpx.AsyncClient) -> None:
    """One rep who gets everything."""
    rep = await made(routing, "/v1/reps", {"name": "Rosa Invented"})
    pool = await made(routing, "/v1/pools", {"name": "everybody", "member_ids": [rep["id"]]})
    answer = await routing.put("/v1/rules", json={"rules": [], "fallback_pool_id": pool["id"]})
    assert answer.status_code == 200, answer.text


async def made(client: httpx.AsyncClient, path: str, body: object, **headers: str) -> Any:
    """Post what must be taken."""
    answer = await client.post(path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return answer.json()


async def until(intake: httpx.AsyncClient, lead_id: str, state: str) -> dict[str, Any]:
    """Wait until intake has heard that the lead is there."""

    async def look() -> dict[str, Any]:
        lead: dict[str, Any] = (await intake.get(f"/v1/leads/{lead_id}")).json()
        return lead

    return await eventually(look, lambda lead: lead["state"] == state, seconds_max=60)


async def park_a_card_of(person_id: str, running: Running) -> None:
    """Send a card that breaks its contract, and wait until routing has set it aside."""
    event = an_event(ContactCard(person_id=person_id, version=9, external_ids={}))
    headers = {
        "ce_specversion": "1.0",
        "ce_id": event.id,
        "ce_type": EVENT_TYPE_OF[ContactCard],
        "ce_source": "/baton/test",
        "ce_subject": person_id,
        "ce_time": "2026-05-04T12:00:00Z",
        "ce_recordedtime": "2026-05-04T12:00:00Z",
        "ce_correlationid": event.correlation_id,
        "content-type": "application/json",
    }
    value = orjson.dumps(LEAD | {"person_id": person_id, "version": "Xq7Version"})
    await put(running.access, CONTACTS, key=person_id, value=value, headers=headers)

    async def parked() -> list[Any]:
        answer = await running.clients["sales-routing"].get("/v1/parked")
        items: list[Any] = answer.json()["items"]
        return items

    await eventually(parked, seconds_max=60)


async def look_everywhere(
    running: Running, lead: dict[str, str], expected: tuple[int, ...] = (200,)
) -> Seen:
    """Logs, metrics, topics, and what parking and reading without `pii:read` show."""
    seen = Seen()
    for name, client in running.clients.items():
        blind = await made(client, "/v1/keys", {"name": "blind", "scopes": BLIND_SCOPES})
        key = {"authorization": f"Bearer {blind['key']}"}
        for path in PATHS[name]:
            answer = await client.get(path.format(**lead), headers=key)
            assert answer.status_code in expected, f"{path}: {answer.text}"
            seen.texts[f"{name} {path}"] = answer.content
        seen.texts[f"{name} log"] = running.logs[name].read_bytes()
    for n, record in enumerate(await everything_in(running.access, TOPICS)):
        seen.texts[f"{record.topic} {n} key and headers"] = record.key + b"\n" + record.headers
        if record.topic == CONTACTS.name:
            seen.cards += record.value
        else:
            seen.texts[f"{record.topic} {n} value"] = record.value
    return seen


BLIND_SCOPES = [
    "leads:read", "parking:admin", "policies:admin", "prospects:read", "reports:read",
    "reps:admin", "scores:read", "sources:admin",
]  # fmt: skip
PATHS = {
    "marketing-intake": [
        "/metrics",
        "/readyz",
        "/v1/parked",
        "/v1/leads",
        "/v1/leads/{lead_id}",
        "/v1/payloads",
        "/v1/reports/sources",
    ],
    "lead-scoring": ["/metrics", "/readyz", "/v1/parked", "/v1/people/{person_id}/score"],
    "sales-routing": ["/metrics", "/readyz", "/v1/parked", "/v1/parked/1", "/v1/prospects"],
}
