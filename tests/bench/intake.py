"""Durable intake beside a plain endpoint that stores nothing, in turns."""

import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.http_load import Load, post_leads
from bench.setting import make_source
from bench.yard import Yard
from launcher.ports import free_port
from launcher.processes import ChildProcess
from support.eventually import eventually

WARM_UP_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class IntakeRound:
    """One round: both rates, leads a second; the durable one until the outbox was empty."""

    plain: float
    durable: float
    plain_p99_ms: float
    durable_p99_ms: float


async def measure_intake(yard: Yard, *, rounds: int, seconds: float) -> dict[str, float]:
    """The rates and their ratio, medians of the rounds."""
    await yard.run_only("marketing-intake")
    key = await make_source(yard, "bench intake")
    async with _plain_endpoint(yard) as plain_url:
        await post_leads(plain_url, key=key, run="warm", seconds=WARM_UP_SECONDS)
        await _post_durably(yard, key, "warm", WARM_UP_SECONDS)
        done = []
        for number in range(rounds):
            plain = await post_leads(plain_url, key=key, run=f"a{number}", seconds=seconds)
            rate, durable = await _post_durably(yard, key, f"b{number}", seconds)
            done.append(IntakeRound(plain.per_second, rate, plain.p99_ms, durable.p99_ms))
    return {
        "intake_ratio": statistics.median(one.durable / one.plain for one in done),
        "intake_leads_per_second": statistics.median(one.durable for one in done),
        "plain_requests_per_second": statistics.median(one.plain for one in done),
        "intake_p99_ms": statistics.median(one.durable_p99_ms for one in done),
        "plain_p99_ms": statistics.median(one.plain_p99_ms for one in done),
    }


async def _post_durably(yard: Yard, key: str, run: str, seconds: float) -> tuple[float, Load]:
    before = await yard.query("marketing-intake", "select count(*) from leads")
    started = time.perf_counter()
    url = yard.url("marketing-intake")
    load = await post_leads(url, key=key, run=run, seconds=seconds)
    ended = await yard.until_said("marketing-intake")
    stored = await yard.query("marketing-intake", "select count(*) from leads") - before
    assert stored >= load.requests, f"{load.requests} leads were answered, {stored} are stored"
    return load.requests / (ended - started), load


@asynccontextmanager
async def _plain_endpoint(yard: Yard) -> AsyncIterator[str]:
    port = free_port()
    command = [
        *(sys.executable, "-m", "uvicorn", "bench.plain_endpoint:app", "--port", str(port)),
        *("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"),
    ]
    log = yard.installation.settings.folder / "logs" / "plain.log"
    process = ChildProcess("plain", command, log, folder=Path(__file__).parents[1])
    process.start()
    url = f"http://127.0.0.1:{port}"

    async def answers() -> bool:
        async with httpx.AsyncClient() as client:
            try:
                return (await client.get(f"{url}/openapi.json")).is_success
            except httpx.TransportError:
                return False

    try:
        await eventually(answers)
        yield url
    finally:
        process.stop()
