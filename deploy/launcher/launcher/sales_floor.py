"""The demo's reps and their CRM: they follow the feed, take, decline or miss offers, and close."""

import asyncio
import random  # noqa: TID251 what reps do is drawn from a seed, so that every run is alike
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from launcher.clients import Services, send

DECLINES: Final = ("no_time", "not_my_field", "knows_them")
LOSSES: Final = ("price", "product", "timing", "place", "promotion", "fit")
ANSWERED_ALREADY: Final = 409
REPS_AT_ONCE: Final = 8


@dataclass(slots=True)
class Floor:
    """What happened on the sales floor."""

    accepted: int = 0
    declined: int = 0
    missed: int = 0
    expired: int = 0
    closed: dict[str, int] = field(default_factory=lambda: {"won": 0, "lost": 0, "disqualified": 0})
    holders: dict[str, set[str]] = field(default_factory=dict)
    leads_of: dict[str, set[str]] = field(default_factory=dict)


class SalesFloor:
    """Follows the feed of prospects and does what reps do."""

    def __init__(self, services: Services, manager_id: str, tick: Callable[[], None]) -> None:
        self._routing = services.routing
        self._manager_id = manager_id
        self._tick = tick
        self._dice = random.Random(7)  # noqa: S311 no secret
        self._cursor: str | None = None
        self._hands = asyncio.Semaphore(REPS_AT_ONCE)
        self.floor = Floor()

    async def work(self, stop: asyncio.Event) -> None:
        """Answer offers until the story is over; every rep answers for himself."""
        async with asyncio.TaskGroup() as answering:
            while not stop.is_set():
                params: dict[str, str | float] = {"limit": 200, "wait_seconds": 0.5}
                if self._cursor is not None:
                    params["after"] = self._cursor
                page = await send(self._routing, "GET", "/v1/prospects", params=params)
                self._cursor = page["after"]
                for entry in page["items"]:
                    self._note(entry)
                    if entry["step"] == "ProspectOffered":
                        answering.create_task(self._answer(entry["prospect"], entry["offer_id"]))

    def _note(self, entry: dict[str, Any]) -> None:
        prospect = entry["prospect"]
        self.floor.leads_of.setdefault(prospect["id"], set()).update(prospect["lead_ids"])
        self.floor.expired += entry["step"] == "OfferExpired"

    async def _answer(self, prospect: dict[str, Any], offer_id: str) -> None:
        offer = prospect["offer"]
        if offer is None or offer["id"] != offer_id:
            return
        chance, rep_id = self._dice.random(), offer["rep_id"]
        async with self._hands:
            if rep_id == self._manager_id or chance < 0.78:
                await self._accept(prospect["id"], rep_id)
            elif chance < 0.94:
                await self._decline(prospect["id"], rep_id)
            else:
                self.floor.missed += 1

    async def _decline(self, prospect_id: str, rep_id: str) -> None:
        body = {"rep_id": rep_id, "reason": self._dice.choice(DECLINES)}
        answer = await self._routing.post(f"/v1/prospects/{prospect_id}/decline", json=body)
        self.floor.declined += answer.status_code == 200

    async def _accept(self, prospect_id: str, rep_id: str) -> None:
        answer = await self._routing.post(
            f"/v1/prospects/{prospect_id}/accept", json={"rep_id": rep_id}
        )
        if answer.status_code == ANSWERED_ALREADY:
            return
        answer.raise_for_status()
        self.floor.accepted += 1
        self.floor.holders.setdefault(prospect_id, set()).add(rep_id)
        self._tick()
        if self._dice.random() < 0.9:
            await self._close(prospect_id)

    async def _close(self, prospect_id: str) -> None:
        path = f"/v1/prospects/{prospect_id}"
        await send(self._routing, "POST", f"{path}/progress", {"stage": "needs_assessment"})
        outcome = self._dice.choices(("won", "lost", "disqualified"), (35, 50, 15))[0]
        body: dict[str, Any] = {
            "deal_id": f"D-{prospect_id[-8:]}",
            "outcome": outcome,
            "closed_at": datetime.now(UTC).isoformat(),  # noqa: TID251 a CRM has its own clock
        }
        if outcome == "won":
            amount = Decimal(self._dice.randrange(20_000, 900_000)) / 100
            body |= {"amount": str(amount), "currency": "EUR"}
        else:
            body |= {"reason": self._dice.choice(LOSSES)}
        await send(self._routing, "POST", f"{path}/outcome", body)
        self.floor.closed[outcome] += 1
