"""The demo's company: its sources, its reps and who gets what."""

from dataclasses import dataclass, field
from typing import Any, Final

from launcher.clients import Services, send

SOURCES: Final = (
    ("Newsletter", "api", "email"),
    ("Search ads", "api", "paid_search"),
    ("Partner portal", "api", "referral"),
    ("Trade show list", "api", "event"),
    ("Website form", "form", "organic_search"),
)
REPS: Final = (
    ("Rosa Rivera", "North", 3),
    ("Sam Stone", "North", 2),
    ("Tess Tanner", "North", 1),
    ("Uma Underhill", "South", 2),
    ("Vic Vale", "South", 2),
    ("Wanda Winter", "South", 1),
)
MANAGER: Final = "Max Mercer"
ACCEPT_SECONDS: Final = 4
CROWD_PER_MINUTE: Final = 1_000_000
"""The demo's whole crowd sits at one address."""


@dataclass(slots=True)
class Company:
    """What the stories need to know of it."""

    source_keys: dict[str, str] = field(default_factory=dict)
    form_key: str = ""
    source_ids: dict[str, str] = field(default_factory=dict)
    rep_names: dict[str, str] = field(default_factory=dict)
    manager_id: str = ""


async def found_company(services: Services, run: str) -> Company:
    """Make sources, reps, pools and rules for one run."""
    company = Company()
    for name, kind, channel in SOURCES:
        body = {"name": f"{name} {run}", "kind": kind, "channel": channel}
        made = await send(services.intake, "POST", "/v1/sources", body)
        company.source_ids[name] = made["source_id"]
        if kind == "form":
            company.form_key = made["form_key"]
            path = f"/v1/sources/{made['source_id']}/form"
            await send(services.intake, "PUT", path, {"address_per_minute": CROWD_PER_MINUTE})
        else:
            company.source_keys[name] = made["api_key"]
    await send(services.intake, "POST", "/v1/campaigns", {"name": f"SPRING-SALE-{run}"})
    await _make_team(services, company, run)
    return company


async def _make_team(services: Services, company: Company, run: str) -> None:
    members: dict[str, list[str]] = {"North": [], "South": []}
    for name, team, weight in REPS:
        made = await send(
            services.routing, "POST", "/v1/reps", {"name": name, "team": team, "weight": weight}
        )
        company.rep_names[made["id"]] = name
        members[team].append(made["id"])
    manager = await send(services.routing, "POST", "/v1/reps", {"name": MANAGER, "team": "Lead"})
    company.manager_id = manager["id"]
    company.rep_names[manager["id"]] = MANAGER
    pools: dict[str, Any] = {}
    for team, member_ids in members.items():
        body = {"name": f"{team} {run}", "accept_seconds": ACCEPT_SECONDS, "member_ids": member_ids}
        pools[team] = (await send(services.routing, "POST", "/v1/pools", body))["id"]
    rules = {
        "rules": [
            {"name": "South", "pool_id": pools["South"], "countries": ["BR", "US"]},
            {"name": "North", "pool_id": pools["North"]},
        ],
        "fallback_pool_id": pools["North"],
        "fallback_owner_id": manager["id"],
    }
    await send(services.routing, "PUT", "/v1/rules", rules)
