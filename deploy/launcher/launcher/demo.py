"""The demo: a stream of leads, reps who answer, deals that close, and what marketing sees of it."""

import asyncio
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from launcher.clients import Services, connected, histogram, quantile_ms, send
from launcher.company import Company, found_company
from launcher.crowd import crowd
from launcher.installation import Installation
from launcher.sales_floor import SalesFloor
from launcher.senders import Senders
from launcher.settling import ON_THE_WAY, settled, unaccounted, verify_receipts
from launcher.trace import show_journey

SEED: Final = 42
SETTLE_SECONDS_MAX: Final = 90.0
FORM_TO_OFFER: Final = "baton_form_to_offer_seconds"
MOVING: Final = (*ON_THE_WAY, "offered")


@dataclass(frozen=True, slots=True)
class Told:
    """What the demo found out; `faults` is empty when every check held."""

    numbers: dict[str, Any]
    faults: list[str]
    company: Company


async def tell(installation: Installation, console: Console, *, count: int) -> Told:
    """Run the story on what is up. Raises `WrongAnswer`."""
    started = time.monotonic()
    run = f"{int(time.time()) % 100_000:05d}"
    async with connected(installation) as services:
        company = await found_company(services, run)
        with _progress(console) as progress:
            sending = progress.add_task("leads received", total=count)
            accepting = progress.add_task("prospects accepted", total=None)
            senders = Senders(services.intake, company, lambda: progress.advance(sending))
            sales = SalesFloor(services, company.manager_id, lambda: progress.advance(accepting))
            before = await histogram(services.routing, FORM_TO_OFFER)
            await _play(services, senders, sales, crowd(count, seed=SEED, run=run))
        numbers = await _count(services, senders, sales, before=before)
        numbers["seconds"] = round(time.monotonic() - started, 1)
        faults = await _faults(services, senders, sales, numbers)
        await _show(services, company, console)
    return Told(numbers, faults, company)


async def _play(services: Services, senders: Senders, sales: SalesFloor, visitors: Any) -> None:  # noqa: ANN401 a list of visitors
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(sales.work(stop))
        await senders.send_all(visitors)
        await settled(services, MOVING, seconds_max=SETTLE_SECONDS_MAX)
        stop.set()


async def _count(
    services: Services,
    senders: Senders,
    sales: SalesFloor,
    *,
    before: list[tuple[float, float]],
) -> dict[str, Any]:
    own = set(senders.company.source_ids.values())
    total = {
        name: sum(line[name] for line in await _lines(services, own))
        for name in ("leads", "qualified", "accepted", "won", "lost", "disqualified")
    }
    buckets = await histogram(services.routing, FORM_TO_OFFER)
    if before:
        buckets = [
            (bound, now - old) for (bound, now), (_, old) in zip(buckets, before, strict=True)
        ]
    return {
        "received": senders.sent.total(),
        "refused": senders.sent.refused,
        "spam": senders.sent.bots,
        "qualified": total["qualified"],
        "nurtured": await _in_state(services, "nurtured", own),
        "offered": int(buckets[-1][1]) if buckets else 0,
        "accepted": total["accepted"],
        "won": total["won"],
        "lost": total["lost"],
        "disqualified": total["disqualified"],
        "expired": sales.floor.expired,
        "declined": sales.floor.declined,
        "unaccounted": await unaccounted(services),
        "doubled": doubled(senders.sent.lead_ids, sales.floor.leads_of, sales.floor.holders),
        "form_to_offer_p50_ms": round(quantile_ms(buckets, 0.5), 1),
        "form_to_offer_p99_ms": round(quantile_ms(buckets, 0.99), 1),
    }


async def _lines(services: Services, source_ids: Collection[str]) -> list[dict[str, Any]]:
    """The report's lines of this run's sources: the data folder may hold earlier runs."""
    report = await send(services.intake, "GET", "/v1/reports/sources")
    return [line for line in report["lines"] if line["source_id"] in source_ids]


async def _in_state(services: Services, state: str, source_ids: Collection[str]) -> int:
    count, cursor = 0, None
    while True:
        params = {"state": state, "limit": 200} | ({"cursor": cursor} if cursor else {})
        page = await send(services.intake, "GET", "/v1/leads", params=params)
        count += sum(1 for item in page["items"] if item["source_id"] in source_ids)
        cursor = page["next_cursor"]
        if cursor is None:
            return count


def doubled(
    lead_ids: list[str], leads_of: dict[str, set[str]], holders: dict[str, set[str]]
) -> int:
    """Leads answered twice under one id, leads in two prospects, prospects with two holders."""
    answered_twice = len(lead_ids) - len(set(lead_ids))
    places: dict[str, int] = {}
    for leads in leads_of.values():
        for lead_id in leads:
            places[lead_id] = places.get(lead_id, 0) + 1
    in_two = sum(1 for number in places.values() if number > 1)
    return answered_twice + in_two + sum(1 for reps in holders.values() if len(reps) > 1)


async def _faults(
    services: Services, senders: Senders, sales: SalesFloor, numbers: dict[str, Any]
) -> list[str]:
    faults = []
    checked, different = await verify_receipts(services)
    if different:
        faults.append(f"{different} of {checked} scores can't be made again from their facts")
    faults += [
        f"{numbers[name]} leads are {name}" for name in ("unaccounted", "doubled") if numbers[name]
    ]
    for outcome, count in sales.floor.closed.items():
        if outcome == "won" and numbers[outcome] < count:
            faults.append(f"{count} deals were {outcome}, marketing sees {numbers[outcome]}")
    own = set(senders.company.source_ids.values())
    left = {state: await _in_state(services, state, own) for state in ON_THE_WAY}
    faults += [f"{count} leads are still {state}" for state, count in left.items() if count]
    if not senders.sent.lead_ids or not numbers["won"]:
        faults.append("the loop did not close: nothing was received, or nothing was won")
    return faults


async def _show(services: Services, company: Company, console: Console) -> None:
    page = await send(services.intake, "GET", "/v1/leads", params={"state": "won", "limit": 1})
    if page["items"]:
        console.print("\nOne lead, from click to closure", style="bold")
        await show_journey(services, page["items"][0]["lead_id"], console)
    names = {id_: name for name, id_ in company.source_ids.items()}
    console.print(closed_loop(await _lines(services, names), names))


def closed_loop(lines: list[dict[str, Any]], names: Mapping[str, str]) -> Table:
    """What each source brought, as a table that fits 80 columns; `names` are by source id."""
    table = Table(title="What became of marketing's leads", title_justify="left", padding=(0, 0))
    table.add_column("source", no_wrap=True)
    for name in ("leads", "qualified", "accepted", "won", "lost", "rate", "amount"):
        table.add_column(name, justify="right", no_wrap=True)
    for line in lines:
        amounts = "\n".join(f"{float(a):,.2f} {c}" for c, a in sorted(line["amounts"].items()))
        numbers = (line[n] for n in ("leads", "qualified", "accepted", "won", "lost"))
        share = f"{100 * line['conversion']:.1f} %"
        name = names.get(line["source_id"], line["source"])
        table.add_row(name, *map(str, numbers), share, amounts)
    return table


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:20}"), BarColumn(), MofNCompleteColumn(), console=console
    )
