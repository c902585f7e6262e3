"""An import: rows a second to their commit, and until all that they say is said."""

import csv
import io
import statistics
import time
from dataclasses import dataclass
from typing import Any, Final

import httpx
import psutil

from bench.setting import make_source
from bench.yard import Yard

SERVICE: Final = "marketing-intake"
HEADER: Final = (
    *("E-Mail", "First name", "Last name", "Company", "Title", "Country", "Message"),
    *("utm_source", "Shoe size"),
)
ENDED: Final = "select status = 'ended' and taken = rows from imports where id = $1"


@dataclass(frozen=True, slots=True)
class ImportRound:
    """One import: rates to the commit and until said, and processor time for each row."""

    to_commit: float
    drained: float
    service_cpu_us: float
    database_cpu_us: float


async def measure_import(yard: Yard, *, rounds: int, rows: int) -> dict[str, float]:
    """The rates, medians of the rounds; scoring and routing do not run."""
    await yard.run_only(SERVICE)
    key = await make_source(yard, "bench import")
    await _import(yard, key, "warm", rows // 10)
    done = [await _import(yard, key, f"r{number}", rows) for number in range(rounds)]
    return {
        "import_rows_per_second": statistics.median(one.to_commit for one in done),
        "import_drained_rows_per_second": statistics.median(one.drained for one in done),
        "import_service_cpu_us_per_row": statistics.median(one.service_cpu_us for one in done),
        "import_database_cpu_us_per_row": statistics.median(one.database_cpu_us for one in done),
    }


async def _import(yard: Yard, key: str, run: str, count: int) -> ImportRound:
    data = _file(run, count)
    headers = {"authorization": f"Bearer {key}", "content-type": "text/csv"}
    before = _spent(yard)
    started = time.perf_counter()
    async with httpx.AsyncClient(base_url=yard.url(SERVICE), timeout=60) as client:
        answer = await client.post("/v1/imports", content=data, headers=headers)
    sent: dict[str, Any] = answer.raise_for_status().json()
    ended = await yard.until(SERVICE, ENDED, sent["import_id"])
    service, database = (after - first for after, first in zip(_spent(yard), before, strict=True))
    drained = await yard.until_said(SERVICE)
    stored = await yard.query(
        SERVICE, "select count(*) from leads where correlation_id = $1", sent["import_id"]
    )
    assert stored == count, f"{count} rows were sent, {stored} leads are stored"
    return ImportRound(
        count / (ended - started),
        count / (drained - started),
        1e6 * service / count,
        1e6 * database / count,
    )


def _file(run: str, count: int) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for number in range(count):
        email = f"i{run}.{number}@crumpet{number % 97}.org"
        who = ("Ada", "Oven", "Crumpet, Ltd", "Head of Baking", "GB")
        writer.writerow([email, *who, "Do you\nsell ovens?", "newsletter", number % 50])
    return out.getvalue().encode()


def _spent(yard: Yard) -> tuple[float, float]:
    """Seconds of processor time of the service, and of the database."""
    server = yard.installation.infrastructure.postgres
    servers = []
    if server is not None:
        postgres = psutil.Process(server.process.pid)
        servers = [postgres, *postgres.children()]
    return _seconds([yard.process(SERVICE)]), _seconds(servers)


def _seconds(processes: list[psutil.Process]) -> float:
    times = [process.cpu_times() for process in processes]
    return sum(one.user + one.system for one in times)
