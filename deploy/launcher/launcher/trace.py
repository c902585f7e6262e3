"""The whole way of one lead, with the time that each leg took."""

from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from launcher.clients import Services, send


async def show_journey(services: Services, lead_id: str, console: Console) -> None:
    """Print a lead's journey. Raises `WrongAnswer` when there is no such lead."""
    lead = await send(services.intake, "GET", f"/v1/leads/{lead_id}")
    head = f"lead {lead_id} of {lead['source']}: {lead['state']}"
    console.print(head)
    console.print(journey(lead))


def journey(lead: dict[str, Any]) -> Table:
    """Each step with when it was recorded, and how long after the one before."""
    table = Table(box=None, pad_edge=False)
    for name in ("step", "recorded"):
        table.add_column(name)
    table.add_column("after", justify="right")
    before = _instant(lead["received_at"])
    table.add_row("received", f"{before:%H:%M:%S.%f}"[:-3], "")
    for step in lead["steps"]:
        recorded = _instant(step["recorded_at"])
        name = step["type"].removeprefix("io.baton.").removesuffix(".v1")
        milliseconds = (recorded - before).total_seconds() * 1000
        table.add_row(name, f"{recorded:%H:%M:%S.%f}"[:-3], f"{milliseconds:,.0f} ms")
        before = recorded
    return table


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
