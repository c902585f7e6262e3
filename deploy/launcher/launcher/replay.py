"""Brings a history in through the public APIs, in the order of time: leads, accepts, outcomes."""

import asyncio
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from launcher.clients import Services, WrongAnswer, connected, histogram, quantile_ms, send
from launcher.demo import closed_loop, doubled
from launcher.history import History, PastLead, PastOutcome
from launcher.installation import Installation
from launcher.settling import ON_THE_WAY, settled, unaccounted, verify_receipts

BATCH: Final = 500
ANSWERS_MAX: Final = 500
OFFER_SECONDS_MAX: Final = 60.0
SETTLE_SECONDS_MAX: Final = 60.0


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


async def bring_in(
    installation: Installation, history: History, profile: Mapping[str, Any], console: Console
) -> tuple[dict[str, Any], list[str]]:
    """Bring it in; returns the numbers and what did not hold. Raises `WrongAnswer`."""
    started = time.monotonic()
    for row in [*history.bad_rows, *history.odd_rows]:
        console.print(row, style="yellow")
    async with connected(installation) as services:
        replay = Replay(services)
        await _prepare(replay, history, profile)
        with Progress(
            TextColumn("{task.description:12}"), BarColumn(), MofNCompleteColumn(), console=console
        ) as progress:
            await _play(replay, history, progress)
        await settled(services, ON_THE_WAY, seconds_max=SETTLE_SECONDS_MAX)
        numbers = await _numbers(replay, history)
        numbers["seconds"] = round(time.monotonic() - started, 1)
        report = await send(services.intake, "GET", "/v1/reports/sources")
        console.print(closed_loop(report["lines"]))
    return numbers, replay.faults


async def _prepare(replay: Replay, history: History, profile: Mapping[str, Any]) -> None:
    scoring, routing = replay.services.scoring, replay.services.routing
    draft = await send(scoring, "POST", "/v1/policies", dict(profile["policy"]))
    await send(scoring, "POST", f"/v1/policies/{draft['version']}/publish")
    member_ids = [
        (await send(routing, "POST", "/v1/reps", {"name": name}))["id"] for name in history.reps
    ]
    pool = await send(routing, "POST", "/v1/pools", {**profile["pool"], "member_ids": member_ids})
    rules = {"rules": [{"name": "all", "pool_id": pool["id"]}], "fallback_pool_id": pool["id"]}
    await send(routing, "PUT", "/v1/rules", rules | {"fallback_owner_id": member_ids[0]})
    columns = profile["leads"]
    traits = {
        name: {"kind": trait["kind"], "values_max": trait["values_max"]}
        for name, trait in columns.get("traits", {}).items()
    }
    for origin in sorted({lead.source for lead in history.leads}):
        body = {
            "name": origin or "(blank)",
            "channel": columns["channels"].get(origin, "unknown"),
            "traits": traits,
        }
        made = await send(replay.services.intake, "POST", "/v1/sources", body)
        replay.source_keys[origin] = made["api_key"]
        replay.source_names[body["name"]] = origin


async def _play(replay: Replay, history: History, progress: Progress) -> None:
    tasks = {
        name: progress.add_task(name, total=total)
        for name, total in (
            ("leads", len(history.leads)),
            ("accepted", len(history.leads)),
            ("outcomes", len(history.outcomes)),
        )
    }
    outcomes = deque(history.outcomes)
    for start in range(0, len(history.leads), BATCH):
        slice_ = history.leads[start : start + BATCH]
        await _send_leads(replay, slice_)
        progress.advance(tasks["leads"], len(slice_))
        accepted = await _accept_offered(replay)
        progress.advance(tasks["accepted"], accepted)
        due = _due(outcomes, slice_[-1].occurred_at, replay)
        await _report(replay, due)
        progress.advance(tasks["outcomes"], len(due))
    rest = list(outcomes)
    await _report(replay, rest)
    progress.advance(tasks["outcomes"], len(rest))


def _due(outcomes: deque[PastOutcome], until: datetime, replay: Replay) -> list[PastOutcome]:
    """What has closed by now. One whose lead is still to come stays until it is here."""
    due, later = [], []
    while outcomes and outcomes[0].closed_at <= until:
        outcome = outcomes.popleft()
        is_here = outcome.lead_id in replay.lead_ids
        (due if is_here else later).append(outcome)
    outcomes.extendleft(reversed(later))
    return due


async def _send_leads(replay: Replay, leads: Sequence[PastLead]) -> None:
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


async def _accept_offered(replay: Replay) -> int:
    """Follow the feed until every lead that was sent has its prospect, accepting on the way."""
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


async def _report(replay: Replay, outcomes: Sequence[PastOutcome]) -> None:
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


async def _numbers(replay: Replay, history: History) -> dict[str, Any]:
    services = replay.services
    await _until_won_is_seen(services, len(history.outcomes))
    report = await send(services.intake, "GET", "/v1/reports/sources")
    sources: dict[str, dict[str, int]] = {}
    for line in report["lines"]:
        origin = replay.source_names.get(line["source"])
        if origin is not None:
            sources[origin] = {"leads": line["leads"], "won": line["won"]}
    totals = {
        name: sum(line[name] for line in report["lines"])
        for name in ("qualified", "accepted", "won", "lost", "disqualified")
    }
    checked, different = await verify_receipts(services)
    if different:
        replay.faults.append(f"{different} of {checked} scores can't be made again")
    buckets = await histogram(services.routing, "baton_form_to_offer_seconds")
    numbers = {
        "received": len(replay.lead_ids),
        "refused": replay.refused + len(history.bad_rows),
        **totals,
        "nurtured": 0,
        "offered": len(replay.prospects),
        "odd": len(history.odd_rows),
        "unaccounted": await unaccounted(services),
        "doubled": doubled(list(replay.lead_ids.values()), replay.leads_of, replay.holders),
        "form_to_offer_p50_ms": round(quantile_ms(buckets, 0.5), 1),
        "form_to_offer_p99_ms": round(quantile_ms(buckets, 0.99), 1),
        "sources": sources,
    }
    for name in ("unaccounted", "doubled"):
        if numbers[name]:
            replay.faults.append(f"{numbers[name]} leads are {name}")
    if sum(one["won"] for one in sources.values()) != len(history.outcomes):
        replay.faults.append(
            f"{len(history.outcomes)} deals were won, marketing sees other numbers"
        )
    return numbers


async def _until_won_is_seen(services: Services, wanted: int) -> None:
    deadline = asyncio.get_running_loop().time() + SETTLE_SECONDS_MAX
    while asyncio.get_running_loop().time() < deadline:
        report = await send(services.intake, "GET", "/v1/reports/sources")
        if sum(line["won"] for line in report["lines"]) >= wanted:
            return
        await asyncio.sleep(0.2)  # noqa: TID251 nothing tells when marketing has heard it
