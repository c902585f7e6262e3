"""Why a person has the score that they have: each factor, its arithmetic, and whether it holds."""

from typing import Any, Final

from rich.console import Console
from rich.table import Table

from launcher.clients import Services, WrongAnswer, send

RECEIPTS_SHOWN: Final = 5


async def show_scores(services: Services, person_id: str, console: Console) -> bool:
    """Print a person's newest scores and compute each again from what it was made of; returns
    whether all came out. Raises `WrongAnswer` when nothing is known of them.
    """
    path = f"/v1/people/{person_id}/scores?limit={RECEIPTS_SHOWN}"
    receipts = (await send(services.scoring, "GET", path))["items"]
    if not receipts:
        raise WrongAnswer(f"nothing was decided about a person {person_id}")
    hold = True
    for receipt in receipts:
        path = f"/v1/receipts/{receipt['receipt_id']}/explanation"
        hold = _show(await send(services.scoring, "GET", path), console) and hold
    return hold


def comes_out(explanation: dict[str, Any]) -> bool:
    """Whether a score is what its factors and their occurrences add up to, to the last digit."""
    score = explanation["receipt"]["score"]
    found = {"fit": 0.0, "engagement": 0.0}
    for factor in explanation["factors"]:
        left = sum(seen["left"] for seen in factor["occurrences"])
        points = factor["each"] * left if factor["occurrences"] else factor["points"]
        if points != factor["points"]:
            return False
        found[factor["group"]] += points
    is_sum = all(abs(found[group] - score[group]) < 1e-9 for group in found)
    return is_sum and bool(explanation["comes_out"])


def _show(explanation: dict[str, Any], console: Console) -> bool:
    receipt, score = explanation["receipt"], explanation["receipt"]["score"]
    band = f", band {score['band']}" if score["band"] else ""
    head = f"{receipt['decided_at']}  {receipt['result']}  {score['points']:g} points{band}"
    console.print(head, style="bold")
    console.print(f"  {score['sentence']}")
    versions = f"policy {receipt['policy_version']}, model {receipt['model_version'] or 'none'}"
    console.print(f"  {versions}, judged at {receipt['moment'] or 'its newest event'}")
    console.print(_factors(explanation))
    holds = comes_out(explanation)
    words = "computed again: the same to the last digit" if holds else "it does NOT come out again"
    console.print(f"  {words}\n", style="green" if holds else "bold red")
    return holds


def _factors(explanation: dict[str, Any]) -> Table:
    table = Table(box=None, pad_edge=True)
    table.add_column("because of")
    table.add_column("points", justify="right")
    table.add_column("computed from")
    for factor in explanation["factors"]:
        table.add_row(factor["text"], f"{factor['points']:+g}", _arithmetic(factor))
    odds = explanation["receipt"]["score"]["odds"]
    if odds is not None:
        table.add_row("probability", f"{odds['probability']:.4f}", f"log-odds {odds['base']:+.4f}")
        for trait, log_odds in odds["contributions"].items():
            table.add_row(f"  {trait}", "", f"{log_odds:+.4f}")
    return table


def _arithmetic(factor: dict[str, Any]) -> str:
    if factor["value"] is not None:
        return f"the company's value was {factor['value']:g}"
    if factor["half_life_days"] is None:
        return ", ".join(seen["event_id"] for seen in factor["occurrences"])
    half_life = f"{factor['half_life_days']:g}"
    return " + ".join(
        f"{factor['each']:g} * 2^(-{seen['age_days']:.6g} / {half_life})"
        for seen in factor["occurrences"]
    )
