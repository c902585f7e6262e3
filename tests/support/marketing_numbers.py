"""Marketing's numbers as marketing asks for them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from support.facts import NOON
from support.intake_door import IntakeDoor, MadeSource

DAY = timedelta(days=1)


async def attribution(intake: IntakeDoor, **query: Any) -> dict[str, Any]:
    """The report's lines by name, with the total under the empty name."""
    answer = await intake.get("/v1/reports/attribution", **query)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return {line["name"] or line["key"] or "none": line for line in body["lines"]} | {
        "": body["total"]
    }


def credit(line: dict[str, Any]) -> tuple[Any, ...]:
    """Leads, accepted, won and amounts of a line."""
    counts = (Decimal(line[name]) for name in ("leads", "accepted", "won"))
    leads, accepted, won = counts
    return leads, accepted, won, {c: Decimal(amount) for c, amount in line["amounts"].items()}


async def three_leads(intake: IntakeDoor) -> tuple[dict[str, MadeSource], list[dict[str, str]]]:
    """One person, met at the fair, by mail and in the shop, a day apart."""
    sources = {
        name: await intake.source(name, channel=channel)
        for name, channel in (("fair", "event"), ("mail", "email"), ("shop", "direct"))
    }
    leads = [
        await intake.taken(source, occurred_at=(NOON - days * DAY).isoformat())
        for source, days in zip(sources.values(), (3, 2, 1), strict=True)
    ]
    return sources, leads
