"""Forms of intake in tests: made, settled, filled in by a person or a robot."""

from dataclasses import dataclass
from typing import Any

import httpx

from baton.work import Worker
from marketing_intake.work import make_work
from support.intake_door import IntakeDoor

ADA = {"email": "ada@example.org", "name[first]": "Ada", "name[last]": "Invented"}
SHOP = "https://shop.example"


@dataclass(frozen=True)
class MadeForm:
    """A form with its public key, behind an open door."""

    intake: IntakeDoor
    id: str
    key: str

    async def settle(self, **rules: Any) -> httpx.Response:
        """Set its rules, as the administrator."""
        answer = await self.intake.client.put(
            f"/v1/sources/{self.id}/form", json=rules, headers=self.intake.admin
        )
        self.intake.clock.advance(seconds=6)  # what doors remember of it is over
        return answer

    async def submit(
        self, fields: dict[str, str] | None = None, *, key: str = "", **headers: str
    ) -> httpx.Response:
        """Press the button."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        path = f"/f/{key or self.key}"
        return await self.intake.client.post(
            path, data=ADA if fields is None else fields, headers=sent
        )

    async def token(self) -> str:
        """A fresh token, as the script gets it."""
        answer = await self.intake.client.get(f"/f/{self.key}/token")
        token: str = answer.json()["token"]
        return token

    async def leads(self) -> list[tuple[str, Any]]:
        """State and details of what came, in order."""
        rows = await self.intake.opened.fetch("select state, details from leads order by id")
        return [(row["state"], row["details"]) for row in rows]

    async def states(self) -> list[str]:
        """The states of what came, in order."""
        return [state for state, _ in await self.leads()]


async def a_form(intake: IntakeDoor, name: str = "contact form", **source: Any) -> MadeForm:
    """A form of marketing's, with the rules that every form has at first."""
    made = await intake.source(name, kind="form", **source)
    assert made.form_key is not None
    return MadeForm(intake, made.id, made.form_key)


async def do_work(intake: IntakeDoor) -> int:
    """Do everything that is due; returns how many things that were."""
    service = intake.opened.service
    worker = Worker(service.transactions, make_work(service.frame))
    done = 0
    while await worker.do_one():
        done += 1
    return done
