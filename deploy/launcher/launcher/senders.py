"""How the demo's leads are sent: by form, one by one with a key, and in batches."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from launcher.clients import WrongAnswer
from launcher.company import Company
from launcher.crowd import Visitor

BATCH: Final = 25
PAUSE_SECONDS: Final = 0.02


@dataclass(slots=True)
class Sent:
    """What the senders were answered; the story checks it against what became of it."""

    lead_ids: list[str] = field(default_factory=list)
    refused: int = 0
    bots: int = 0

    def total(self) -> int:
        """Everything that was answered as taken."""
        return len(self.lead_ids) + self.bots


class Senders:
    """Sends a crowd through all ways in, in turn."""

    def __init__(
        self, intake: httpx.AsyncClient, company: Company, tick: Callable[[], None]
    ) -> None:
        self._intake = intake
        self.company = company
        self._tick = tick
        self.sent = Sent()

    async def send_all(self, visitors: Sequence[Visitor]) -> None:
        """Forms for some, an API key for others, the rest in batches."""
        forms = [v for n, v in enumerate(visitors) if n % 3 == 0 or v.is_bot]
        singles = [v for n, v in enumerate(visitors) if n % 3 == 1 and not v.is_bot]
        batches = [v for n, v in enumerate(visitors) if n % 3 == 2 and not v.is_bot]
        await asyncio.gather(
            self._send_forms(forms), self._send_singles(singles), self._send_batches(batches)
        )

    async def _send_forms(self, visitors: Sequence[Visitor]) -> None:
        for visitor in visitors:
            fields = {name: value for name, value in visitor.fields.items() if value}
            if visitor.is_bot:
                fields["website"] = "https://buy.example"
            answer = await self._intake.post(
                f"/f/{self.company.form_key}", data=fields, headers={"accept": "application/json"}
            )
            if visitor.is_bot and answer.status_code == 202:
                self.sent.bots += 1
                self._tick()
            else:
                self._count(answer)
            await asyncio.sleep(PAUSE_SECONDS)  # noqa: TID251 people do not fill in forms at once

    async def _send_singles(self, visitors: Sequence[Visitor]) -> None:
        names = [name for name in self.company.source_keys if name != "Trade show list"]
        for number, visitor in enumerate(visitors):
            key = self.company.source_keys[names[number % len(names)]]
            headers = {"authorization": f"Bearer {key}", "idempotency-key": f'"demo-{number}"'}
            answer = await self._intake.post("/v1/leads", json=visitor.fields, headers=headers)
            self._count(answer)
            if number % 20 == 0:
                await self._send_again(visitor, headers, answer)
            await asyncio.sleep(PAUSE_SECONDS)  # noqa: TID251 as above

    async def _send_again(
        self, visitor: Visitor, headers: dict[str, str], first: httpx.Response
    ) -> None:
        """A tool that did not get the answer sends the same again, under the same key."""
        again = await self._intake.post("/v1/leads", json=visitor.fields, headers=headers)
        is_same = again.status_code == first.status_code
        if not is_same or (first.status_code == 202 and again.json() != first.json()):
            raise WrongAnswer("the same Idempotency-Key was answered in two ways")

    async def _send_batches(self, visitors: Sequence[Visitor]) -> None:
        key = self.company.source_keys["Trade show list"]
        for start in range(0, len(visitors), BATCH):
            body: list[Any] = [visitor.fields for visitor in visitors[start : start + BATCH]]
            answer = await self._intake.post(
                "/v1/leads/batch", json=body, headers={"authorization": f"Bearer {key}"}
            )
            for item in answer.json()["items"]:
                if item["lead_id"]:
                    self.sent.lead_ids.append(item["lead_id"])
                else:
                    self.sent.refused += 1
                self._tick()
            await asyncio.sleep(PAUSE_SECONDS * 5)  # noqa: TID251 as above

    def _count(self, answer: httpx.Response) -> None:
        if answer.status_code == 202:
            self.sent.lead_ids.append(answer.json()["lead_id"])
        elif answer.status_code == 422:
            self.sent.refused += 1
        else:
            raise WrongAnswer(f"a lead was answered {answer.status_code}: {answer.text[:300]}")
        self._tick()
