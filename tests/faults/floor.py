"""Reps who keep answering whatever dies, and write down what they were told."""

import asyncio
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from faults.patience import ask, ask_once
from support.auditor.ledger import Ledger

HANDS: Final = 6
LOSSES: Final = ("price", "timing", "fit")


@dataclass(slots=True)
class Floor:
    """Follows the feed; takes, declines or misses offers; closes deals."""

    routing: httpx.AsyncClient
    ledger: Ledger
    dice: random.Random
    takes_all: bool = False
    """At the end, so that nothing is left in anybody's hands."""
    _cursor: str | None = None
    _hands: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(HANDS))

    async def work(self, stop: asyncio.Event) -> None:
        """Answer until told to stop."""
        async with asyncio.TaskGroup() as group:
            while not stop.is_set():
                params: dict[str, Any] = {"limit": 200, "wait_seconds": 0.5}
                if self._cursor is not None:
                    params["after"] = self._cursor
                page = (await ask(self.routing, "GET", "/v1/prospects", params=params)).json()
                self._cursor = page["after"]
                for entry in page["items"]:
                    if entry["step"] == "ProspectOffered":
                        group.create_task(self._answer(entry["prospect"]))

    async def _answer(self, prospect: dict[str, Any]) -> None:
        offer = prospect["offer"]
        if offer is None:
            return
        async with self._hands:
            chance = self.dice.random()
            if self.takes_all or chance < 0.75:
                await self._accept(prospect["id"], offer["rep_id"])
            elif chance < 0.9:
                body = {"rep_id": offer["rep_id"], "reason": "no_time"}
                await ask_once(
                    self.routing, "POST", f"/v1/prospects/{prospect['id']}/decline", json=body
                )

    async def _accept(self, prospect_id: str, rep_id: str) -> None:
        path = f"/v1/prospects/{prospect_id}"
        answer = await ask(self.routing, "POST", f"{path}/accept", json={"rep_id": rep_id})
        # 409: over, somebody else's, or taken by a request of ours whose answer was lost.
        if answer.status_code != 200:
            return
        self.ledger.accepted[prospect_id] = rep_id
        if self.dice.random() < 0.7:
            await self._close(prospect_id, path)

    async def _close(self, prospect_id: str, path: str) -> None:
        deal_id, outcome = f"D-{prospect_id[-12:]}", self.dice.choice(("won", "lost"))
        body: dict[str, Any] = {
            "deal_id": deal_id,
            "outcome": outcome,
            "closed_at": datetime.now(UTC).isoformat(),
        }
        if outcome == "won":
            body |= {"amount": "100.50", "currency": "EUR"}
        else:
            body |= {"reason": self.dice.choice(LOSSES)}
        answer = await ask(self.routing, "POST", f"{path}/outcome", json=body)
        assert answer.status_code == 200, f"an outcome was answered {answer.status_code}"
        self.ledger.outcomes[prospect_id, deal_id] = outcome
