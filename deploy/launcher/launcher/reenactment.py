"""What a replay does over and over: sends leads, accepts offers, reports how deals ended."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from launcher.clients import Services, WrongAnswer, send
from launcher.history import PastLead, PastOutcome

ANSWERS_MAX: Final = 500
OFFER_SECONDS_MAX: Final = 60.0


@dataclass(slots=True)
class Replay:
    """What has been brought in so far."""

    services: Services
    source_keys: dict[str, str] = field(default_factory=dict)
    source_names: dict[str, str] = field(default_factory=dict)
    lead_ids: dict[str, str] = field(default_factory=dict)
    prospects: dict[str, str] = field(default_factory=dict)
    leads_of: dict[str, set[str]] = field(default_factory=dict)
    holders: dict[str, set[str]] = field(default_factory=dict)
    offers: deque[tuple[str, str]] = field(default_factory=deque)
    faults: list[str] = field(default_factory=list)
    refused: int = 0
    cursor: str | None = None
    run: str = field(default_factory=lambda: f"{int(time.time()) % 100_000:05d}")
    """Sources and pools are named by it, so that a history can be brought in again."""


async def send_leads(replay: Replay, leads: Sequence[PastLead]) -> None:
    """Send them by the batch, each under its source's key. Raises `WrongAnswer`."""
    by_source: dict[str, list[PastLead]] = {}
    for lead in leads:
        by_source.setdefault(lead.source, []).append(lead)
    for source, group in by_source.items():
        body = [
            {
                "external_id": lead.id,
                "occurred_at": lead.occurred_at.isoformat(),
                "traits": dict(lead.traits),
            }
            for lead in group
        ]
        headers = {"authorization": f"Bearer {replay.source_keys[source]}"}
        answer = await send(
            replay.services.intake, "POST", "/v1/leads/batch", body, headers=headers
        )
        for lead, item in zip(group, answer["items"], strict=True):
            if item["lead_id"]:
                replay.lead_ids[lead.id] = item["lead_id"]
            else:
                replay.refused += 1
                replay.faults.append(f"lead {lead.id} was refused: {item['detail']}")


async def accept_offered(replay: Replay) -> int:
    """Follow the feed until every lead that was sent has its prospect, accepting on the way.

    Raises `WrongAnswer` when that does not come about in time.
    """
    accepted = 0
    deadline = asyncio.get_running_loop().time() + OFFER_SECONDS_MAX
    while len(replay.prospects) < len(replay.lead_ids):
        if asyncio.get_running_loop().time() > deadline:
            missing = len(replay.lead_ids) - len(replay.prospects)
            raise WrongAnswer(f"{missing} leads were not offered within {OFFER_SECONDS_MAX:.0f} s")
        await _read_feed(replay)
        accepted += await _accept(replay)
    return accepted


async def _read_feed(replay: Replay) -> None:
    params: dict[str, str | float] = {"limit": 200, "wait_seconds": 0.5}
    if replay.cursor is not None:
        params["after"] = replay.cursor
    page = await send(replay.services.routing, "GET", "/v1/prospects", params=params)
    replay.cursor = page["after"]
    for entry in page["items"]:
        prospect = entry["prospect"]
        if entry["step"] != "ProspectOffered":
            continue
        replay.leads_of.setdefault(prospect["id"], set()).update(prospect["lead_ids"])
        replay.prospects |= dict.fromkeys(prospect["lead_ids"], prospect["id"])
        if prospect["offer"]:
            replay.offers.append((prospect["id"], prospect["offer"]["rep_id"]))


async def _accept(replay: Replay) -> int:
    taken = [replay.offers.popleft() for _ in range(min(len(replay.offers), ANSWERS_MAX))]
    if not taken:
        return 0
    body = [{"prospect_id": prospect_id, "rep_id": rep_id} for prospect_id, rep_id in taken]
    answer = await send(replay.services.routing, "POST", "/v1/prospects/accepts", body)
    for (prospect_id, rep_id), item in zip(taken, answer["items"], strict=True):
        if item["status"] == 200:
            replay.holders.setdefault(prospect_id, set()).add(rep_id)
        else:
            replay.faults.append(f"prospect {prospect_id} was not accepted: {item['problem']}")
    return len(taken)


async def report(replay: Replay, outcomes: Sequence[PastOutcome]) -> None:
    """Report how deals ended, by the batch. Raises `WrongAnswer`."""
    for start in range(0, len(outcomes), ANSWERS_MAX):
        group = outcomes[start : start + ANSWERS_MAX]
        body = [
            {
                "prospect_id": replay.prospects[replay.lead_ids[outcome.lead_id]],
                "deal_id": outcome.deal_id,
                "outcome": outcome.outcome,
                "amount": str(outcome.amount),
                "currency": outcome.currency,
                "closed_at": outcome.closed_at.isoformat(),
            }
            for outcome in group
        ]
        answer = await send(replay.services.routing, "POST", "/v1/prospects/outcomes", body)
        for outcome, item in zip(group, answer["items"], strict=True):
            if item["status"] != 200:
                replay.faults.append(f"the deal of {outcome.lead_id}: {item['problem']}")
