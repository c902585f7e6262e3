"""All of Baton: from batch HTTP to offered, from form to offer at a pace, memory, and growth."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from typing import Final

import httpx
import psutil

from bench.paced import Pacer
from bench.setting import let_all_pass, make_source, make_team
from bench.yard import SPECS, Yard
from launcher.clients import connected, histogram, quantile_ms

BATCH: Final = 500
SENDERS: Final = 2
PER_SECOND: Final = 200
OFFERED: Final = "select count(*) >= $1 from offers"
MEBIBYTE: Final = 1024 * 1024


async def measure_whole(
    yard: Yard, *, rounds: int, leads: int, paced_seconds: float
) -> dict[str, float]:
    """Leads a second to offered, form to offer, idle memory, cost per lead at 10 times as many."""
    await yard.run_only(*SPECS)
    await let_all_pass(yard)
    await make_team(yard, "bench whole")
    key = await make_source(yard, "bench whole")
    figures = await _idle(yard)
    await _through(yard, key, "warm", leads // 10)
    early = await _cost(yard, key, "early", leads // 3)
    rates = [leads / await _through(yard, key, f"r{number}", leads) for number in range(rounds)]
    late = await _cost(yard, key, "late", leads // 3)
    figures |= await _form_to_offer(yard, key, paced_seconds)
    return figures | {
        "end_to_end_leads_per_second": statistics.median(rates),
        "cost_at_10_times": late / early,
        "cpu_ms_per_lead": 1000 * late,
    }


async def _idle(yard: Yard) -> dict[str, float]:
    used = {name: yard.process(name).memory_info().rss / MEBIBYTE for name in SPECS}
    return {"idle_mb": max(used.values())} | {
        f"idle_mb_{name.replace('-', '_')}": value for name, value in used.items()
    }


async def _through(yard: Yard, key: str, run: str, count: int) -> float:
    """Send leads by the batch and wait until each is offered and said; returns the seconds."""
    before = await yard.query("sales-routing", "select count(*) from offers")
    batches = [
        [_lead(run, n) for n in range(first, min(first + BATCH, count))]
        for first in range(0, count, BATCH)
    ]
    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(SENDERS):
            group.create_task(_send(yard, key, batches[number::SENDERS]))
    await yard.until("sales-routing", OFFERED, before + count)
    ended = started
    for name in SPECS:
        ended = await yard.until_said(name)
    return ended - started


async def _send(yard: Yard, key: str, batches: Sequence[list[dict[str, object]]]) -> None:
    headers = {"authorization": f"Bearer {key}"}
    base_url = yard.url("marketing-intake")
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=60) as client:
        for batch in batches:
            answer = await client.post("/v1/leads/batch", json=batch)
            answer.raise_for_status()
            assert answer.json()["refused"] == 0, "a lead of the bench was refused"


def _lead(run: str, number: int) -> dict[str, object]:
    return {
        "email": f"b{run}.{number}@crumpet{number % 97}.org",
        "given_name": "Ada",
        "family_name": "Oven",
        "company": "Crumpet",
        "job_title": "Head of Baking",
        "country": "GB",
        "message": "Do you sell ovens?",
        "utm_source": "newsletter",
        "consent": ["contact"],
    }


async def _form_to_offer(yard: Yard, key: str, seconds: float) -> dict[str, float]:
    async with connected(yard.installation) as services:
        name = "baton_form_to_offer_seconds"
        before = dict(await histogram(services.routing, name))
        offered = await yard.query("sales-routing", "select count(*) from offers")
        pacer = Pacer(yard.url("marketing-intake"), key)
        count = await pacer.post("paced", per_second=PER_SECOND, seconds=seconds)
        await yard.until("sales-routing", OFFERED, offered + count)
        after = await histogram(services.routing, name)
    buckets = [(bound, number - before.get(bound, 0.0)) for bound, number in after]
    return {
        "form_to_offer_p50_ms": quantile_ms(buckets, 0.5),
        "form_to_offer_p99_ms": quantile_ms(buckets, 0.99),
    }


async def _cost(yard: Yard, key: str, run: str, count: int) -> float:
    """Seconds of processor time that services and database spend on a lead."""
    before = _spent(yard)
    await _through(yard, key, run, count)
    return (_spent(yard) - before) / count


def _spent(yard: Yard) -> float:
    processes = [yard.process(name) for name in SPECS]
    server = yard.installation.infrastructure.postgres
    if server is not None:
        postgres = psutil.Process(server.process.pid)
        processes += [postgres, *postgres.children()]
    return sum(_of_one(process) for process in processes)


def _of_one(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:  # a vacuum that has come to its end
        return 0.0
    return float(times.user + times.system)
