"""`make bench`: everything side by side in one run; writes bench.json and prints a table."""

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from bench.diffing import measure_diff
from bench.http_load import require_wrk
from bench.imports import measure_import
from bench.intake import measure_intake
from bench.stages import measure_routing, measure_scoring
from bench.whole import measure_whole
from bench.yard import Yard, a_yard

Stage = Callable[[Yard, int], Awaitable[dict[str, float]]]
STAGES: Final[dict[str, Stage]] = {
    "intake": lambda yard, rounds: measure_intake(yard, rounds=rounds, seconds=5.0),
    "import": lambda yard, rounds: measure_import(yard, rounds=rounds, rows=40_000),
    "scoring": lambda yard, rounds: measure_scoring(yard, rounds=rounds, events=10_000),
    "diff": lambda yard, _rounds: measure_diff(yard, people=100_000),
    "routing": lambda yard, rounds: measure_routing(yard, rounds=rounds, events=10_000),
    "whole": lambda yard, rounds: measure_whole(
        yard, rounds=rounds, leads=4_500, paced_seconds=20.0
    ),
}
GOALS: Final = {
    "intake_ratio": 1.2,
    "import_rows_per_second": 4000.0,
    "scoring_ratio": 0.5,
    "routing_ratio": 0.4,
    "end_to_end_leads_per_second": 600.0,
}
LIMITS: Final = {
    "diff_seconds": 30.0,
    "form_to_offer_p99_ms": 250.0,
    "idle_mb": 120.0,
    "cost_at_10_times": 1.1,
}

console = Console(stderr=True, highlight=False)


def main() -> None:
    """Measure, write, show."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=sorted(STAGES), action="append")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--to", type=Path, default=Path("bench.json"))
    options = parser.parse_args()
    require_wrk()
    figures = asyncio.run(_measure(options.only or list(STAGES), options.rounds))
    options.to.write_text(json.dumps(figures, indent=2) + "\n")
    _show(figures)


async def _measure(names: list[str], rounds: int) -> dict[str, float]:
    figures: dict[str, float] = {}
    for name in names:
        console.print(f"measuring {name}")
        # A yard of its own: what one stage leaves in the topics, the next would have to work off.
        async with a_yard(lambda _: None) as yard:
            figures |= await STAGES[name](yard, rounds)
    return {name: round(value, 3) for name, value in figures.items()}


def _show(figures: dict[str, float]) -> None:
    table = Table(title="Measured side by side, medians", title_justify="left")
    table.add_column("figure")
    table.add_column("measured", justify="right")
    table.add_column("goal", justify="right")
    for name, value in figures.items():
        goal = f"≥ {GOALS[name]:g}" if name in GOALS else ""
        goal = goal or (f"≤ {LIMITS[name]:g}" if name in LIMITS else "")
        table.add_row(name, f"{value:,.3f}".rstrip("0").rstrip("."), goal)
    console.print(table)


if __name__ == "__main__":
    main()
