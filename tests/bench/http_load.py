"""Load over HTTP: `wrk`, which is never the bottleneck."""

import asyncio
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SCRIPT: Final = Path(__file__).parent / "lead.lua"
CONNECTIONS: Final = 64


@dataclass(frozen=True, slots=True)
class Load:
    """What a round of load was answered."""

    requests: int
    seconds: float
    bad_answers: int
    broken: int
    p50_ms: float
    p99_ms: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds


def require_wrk() -> None:
    """End with a sentence when the load generator is missing."""
    if shutil.which("wrk") is None:
        raise SystemExit("`make bench` needs the load generator wrk; most systems package it.")


async def post_leads(url: str, *, key: str, run: str, seconds: float) -> Load:
    """Post leads over kept-alive connections as fast as they are answered."""
    duration = f"-d{max(1, round(seconds))}s"
    command = ("wrk", "-t2", f"-c{CONNECTIONS}", duration, "-s", str(SCRIPT), url)
    process = await asyncio.create_subprocess_exec(
        *command, "--", run, key, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    result = next(line for line in output.decode().splitlines() if line.startswith("RESULT "))
    load = Load(**json.loads(result.removeprefix("RESULT ")))
    assert not load.bad_answers, f"{load.bad_answers} leads were not answered 202"
    assert not load.broken, f"{load.broken} connections broke"
    return load
