"""A spring of invented leads: every kind of thing that marketing's pages show, at least once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson

from support.campaigns import make_campaign, upload_costs
from support.facts import NOON
from support.import_door import ImportDoor, csv_of
from support.intake_door import IntakeDoor, MadeSource
from support.prospects import qualified
from support.sales_words import about, accept, close

SOURCES: dict[str, dict[str, Any]] = {
    "Web shop": {"channel": "organic_search", "owner": "web desk"},
    "Contact form": {"channel": "direct", "kind": "form"},
    "Oven survey": {"channel": "paid_social", "kind": "webhook", "vendor": "typeform",
                    "secret": "a-shared-secret", "per_day": 500},
    "Trade fair list": {"channel": "event", "kind": "import"},
    "Hotline": {"channel": "phone", "kind": "offline"},
    "Partner bakery": {"channel": "partner", "role": "partner", "cost_per_lead": "12.50",
                       "currency": "EUR"},
}  # fmt: skip
SENDING = ("Web shop", "Oven survey", "Hotline", "Partner bakery")
NAMES = ("Ada", "Bea", "Cato", "Dora", "Emil", "Fynn", "Gwen", "Hugo", "Ines", "Jona")
DAYS = 30
HOURS = 20


@dataclass(frozen=True)
class Spring:
    """What there is to look at."""

    sources: dict[str, MadeSource]
    campaign_id: str
    won: dict[str, str]
    failed_id: str
    import_id: str


async def invented_spring(intake: IntakeDoor) -> Spring:
    """Fill intake; its clock ends in the evening."""
    intake.clock.advance(seconds=-3600 * HOURS)
    sources = {name: await intake.source(name, **form) for name, form in SOURCES.items()}
    campaign_id = await make_campaign(intake)
    await upload_costs(
        intake, campaign_id,
        "spent_on,amount,currency,channel,note,reference\n2026-04-10,400,EUR,event,Hall,a\n"
        "2026-04-20,250.50,EUR,email,Letters,b\n",
    )  # fmt: skip
    leads = [await _lead(intake, sources, number) for number in range(60)]
    for number, lead in enumerate(leads):
        await _decide(intake, lead, number)
    await _activities(intake, sources["Web shop"])
    failed_id = await refused(intake, sources["Web shop"])
    import_id = await _import(intake, sources["Trade fair list"])
    evening = NOON + timedelta(hours=6)
    intake.clock.advance(seconds=(evening - intake.clock.now()).total_seconds())
    return Spring(sources, campaign_id, leads[0], failed_id, import_id)


async def refused(intake: IntakeDoor, source: MadeSource, email: str = "ada at oven") -> str:
    """Something that is kept and not taken."""
    body = orjson.dumps({"email": email, "given_name": "Ada", "company": "Crumpet & Sons"})
    answer = await intake.send(source, body)
    assert answer.status_code == 422, answer.text
    payload_id: str = answer.json()["instance"].rpartition("/")[2]
    return payload_id


async def _lead(intake: IntakeDoor, sources: dict[str, MadeSource], number: int) -> dict[str, str]:
    intake.clock.advance(seconds=3600 * HOURS / 70)
    name = NAMES[number % len(NAMES)]
    at = NOON - timedelta(days=(number * number) % DAYS, hours=30)
    source = sources[SENDING[(number * 7 // 3) % len(SENDING)]]
    return await intake.taken(
        source, email=f"{name.lower()}{number}@crumpet.org", given_name=name,
        family_name="Invented", company="Crumpet & Sons", job_title="Owner", country="DE",
        occurred_at=at.isoformat(), campaign="CRUMPET-SPRING" if number % 3 else None,
        call_to_action="book-a-tasting" if number % 3 == 1 else None,
    )  # fmt: skip


async def _decide(intake: IntakeDoor, lead: dict[str, str], number: int) -> None:
    if number % 2 == 0:
        reasons = ({"rule": "business", "points": 20.0, "text": "a business e-mail address"},)
        said: dict[str, Any] = {"lead_id": lead["lead_id"], "fit": 30.0, "reasons": reasons}
        await intake.hear(qualified(lead["person_id"], **said))
    if number % 4 == 0:
        pursuit, at = about(lead), NOON + timedelta(hours=5)
        await accept(intake, pursuit, NOON + timedelta(hours=1))
        outcome: dict[str, Any] = {"amount": f"{1250 + 37 * number}.50", "currency": "EUR"}
        if number % 3 == 2:
            outcome = {"outcome": "lost", "reason": ("price", "timing")[number % 8 // 4]}
        await close(intake, pursuit, at, deal_id=f"D-{number}", **outcome)


async def _activities(intake: IntakeDoor, source: MadeSource) -> None:
    headers = {"content-type": "application/json", **source.headers}
    for kind, days in (("page_viewed", 9), ("email_clicked", 4), ("content_downloaded", 3)):
        at = (NOON - timedelta(days=days)).isoformat()
        body = {"kind": kind, "email": "ada0@crumpet.org", "occurred_at": at}
        answer = await intake.client.post("/v1/activities", json=body, headers=headers)
        assert answer.status_code == 202, answer.text


async def _import(intake: IntakeDoor, source: MadeSource) -> str:
    rows = [[f"p{number}@fair.org", f"Visitor {number}"] for number in range(40)]
    file = csv_of(["email", "given_name"], [*rows, ["nobody", "No"], ["", ""]])
    door = ImportDoor(intake, source)
    done = await door.finished(await door.send(file, name="fair-visitors.csv"))
    import_id: str = done["import_id"]
    return import_id
