"""Leads that keep coming whatever dies: single ones are repeated, batches are not."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from faults.patience import ask, ask_once
from support.auditor.ledger import Ledger

SENDERS: Final = 8
BATCH: Final = 20
BATCH_EVERY: Final = 5
"""One request in so many is a batch."""
RETURNING_EVERY: Final = 10
"""One lead in so many is of somebody who came before."""


@dataclass(slots=True)
class Traffic:
    """Sends leads at a pace until so many are answered."""

    intake: httpx.AsyncClient
    key: str
    run: str
    """Part of every mark, so that no two runs send the same lead."""
    ledger: Ledger
    wanted: int
    per_second: float
    tick: Callable[[int], None]
    _next: int = 0
    _due: float = 0.0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def flow(self) -> None:
        """Send until enough are answered."""
        self._due = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as group:
            for _ in range(SENDERS):
                group.create_task(self._send())

    async def _send(self) -> None:
        while len(self.ledger.leads) < self.wanted:
            first, count = await self._turn()
            if count == 1:
                await self._send_one(first)
            else:
                await self._send_batch(range(first, first + count))

    async def _turn(self) -> tuple[int, int]:
        """The next numbers to send, when their time has come."""
        async with self._lock:
            turn = self._next
            count = BATCH if turn % BATCH_EVERY == 0 else 1
            self._next += count
            loop = asyncio.get_running_loop()
            await asyncio.sleep(max(0.0, self._due - loop.time()))
            # After an outage the pace goes on; what was missed is not made up for.
            self._due = max(self._due, loop.time() - 1) + count / self.per_second
            return turn, count

    async def _send_one(self, number: int) -> None:
        lead = self._lead(number)
        headers = self._headers | {"idempotency-key": self._mark(number)}
        answer = await ask(self.intake, "POST", "/v1/leads", json=lead, headers=headers)
        assert answer.status_code == 202, f"a lead was answered {answer.status_code}"
        self._taken(number, answer.json())

    async def _send_batch(self, numbers: range) -> None:
        body = [self._lead(number) for number in numbers]
        answer = await ask_once(
            self.intake, "POST", "/v1/leads/batch", json=body, headers=self._headers
        )
        # A batch without an answer may be stored or not: it is not sent again, nor counted.
        if answer is not None:
            assert answer.status_code == 200, f"a batch was answered {answer.status_code}"
            for number, item in zip(numbers, answer.json()["items"], strict=True):
                self._taken(number, item)

    def _taken(self, number: int, answer: dict[str, Any]) -> None:
        assert answer["lead_id"] is not None, f"a lead of the traffic was refused: {answer}"
        self.ledger.lead_taken(self._mark(number), answer["lead_id"])
        self.tick(len(self.ledger.leads))

    @property
    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}"}

    def _mark(self, number: int) -> str:
        return f"{self.run}-{number}"

    def _lead(self, number: int) -> dict[str, object]:
        person = number // 2 if number % RETURNING_EVERY == 0 else number
        return {
            "email": f"{self.run}.{person}@crumpet.org",
            "external_id": self._mark(number),
            "given_name": "Somebody",
            "consent": ["contact"],
        }
