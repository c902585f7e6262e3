"""Brings a history in through the public APIs, in the order of time: leads, accepts, outcomes."""

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from launcher.clients import Services, connected, histogram, quantile_ms, send
from launcher.demo import closed_loop, doubled
from launcher.history import History, PastOutcome
from launcher.installation import Installation
from launcher.reenactment import Replay, accept_offered, report, send_leads
from launcher.settling import ON_THE_WAY, settled, unaccounted, verify_receipts

BATCH: Final = 500
SETTLE_SECONDS_MAX: Final = 60.0


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
        seen = await send(services.intake, "GET", "/v1/reports/sources")
        own = [line for line in seen["lines"] if line["source"] in replay.source_names]
        names = {line["source_id"]: replay.source_names[line["source"]] for line in own}
        console.print(closed_loop(own, {id_: name or "(blank)" for id_, name in names.items()}))
    return numbers, replay.faults


async def _prepare(replay: Replay, history: History, profile: Mapping[str, Any]) -> None:
    scoring, routing = replay.services.scoring, replay.services.routing
    draft = await send(scoring, "POST", "/v1/policies", dict(profile["policy"]))
    await send(scoring, "POST", f"/v1/policies/{draft['version']}/publish")
    member_ids = [
        (await send(routing, "POST", "/v1/reps", {"name": name}))["id"] for name in history.reps
    ]
    name = f"{profile['pool']['name']} {replay.run}"
    body = {**profile["pool"], "name": name, "member_ids": member_ids}
    pool = await send(routing, "POST", "/v1/pools", body)
    rules = {"rules": [{"name": "all", "pool_id": pool["id"]}], "fallback_pool_id": pool["id"]}
    await send(routing, "PUT", "/v1/rules", rules | {"fallback_owner_id": member_ids[0]})
    columns = profile["leads"]
    traits = {
        name: {"kind": trait["kind"], "values_max": trait["values_max"]}
        for name, trait in columns.get("traits", {}).items()
    }
    for origin in sorted({lead.source for lead in history.leads}):
        body = {
            "name": f"{origin or '(blank)'} {replay.run}",
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
        await send_leads(replay, slice_)
        progress.advance(tasks["leads"], len(slice_))
        accepted = await accept_offered(replay)
        progress.advance(tasks["accepted"], accepted)
        due = _due(outcomes, slice_[-1].occurred_at, replay)
        await report(replay, due)
        progress.advance(tasks["outcomes"], len(due))
    rest = list(outcomes)
    await report(replay, rest)
    progress.advance(tasks["outcomes"], len(rest))


def _due(outcomes: deque[PastOutcome], until: datetime, replay: Replay) -> list[PastOutcome]:
    """What has closed by now. One whose lead is still to come stays until it is here."""
    due: list[PastOutcome] = []
    later: list[PastOutcome] = []
    while outcomes and outcomes[0].closed_at <= until:
        outcome = outcomes.popleft()
        is_here = outcome.lead_id in replay.lead_ids
        (due if is_here else later).append(outcome)
    outcomes.extendleft(reversed(later))
    return due


async def _numbers(replay: Replay, history: History) -> dict[str, Any]:
    services = replay.services
    await _until_won_is_seen(services, len(history.outcomes))
    seen = await send(services.intake, "GET", "/v1/reports/sources")
    sources: dict[str, dict[str, int]] = {}
    for line in seen["lines"]:
        origin = replay.source_names.get(line["source"])
        if origin is not None:
            sources[origin] = {"leads": line["leads"], "won": line["won"]}
    totals = {
        name: sum(line[name] for line in seen["lines"])
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
        seen = await send(services.intake, "GET", "/v1/reports/sources")
        if sum(line["won"] for line in seen["lines"]) >= wanted:
            return
        await asyncio.sleep(0.2)  # noqa: TID251 nothing tells when marketing has heard it
