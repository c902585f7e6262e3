"""An import that is killed again and again, and what is found of it afterwards, from outside."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
import httpx

from faults.campaign import Campaign
from faults.patience import ask
from support.auditor.evidence import gather
from support.eventually import eventually

BAD_EVERY: Final = 100
"""One row in so many can't be taken."""
SECONDS_MAX: Final = 300.0
BODIES_SQL: Final = """
select p.body, p.status from payloads p join sources s on s.id = p.source_id
where s.id = $1 and p.component = 'import-csv'
"""
LEADS_SQL: Final = "select id::text from leads where correlation_id = $1"
LEFT_SQL: Final = "select count(*) from outbox"


@dataclass(frozen=True, slots=True)
class Accounts:
    """What an import says of itself, and what the database and the topics hold of it."""

    shown: dict[str, Any]
    lost: int
    doubled: int
    foreign: int
    leads: int
    said: int
    said_twice: int
    """Leads that two different events say; the same event may come twice."""

    def line(self) -> str:
        """One line."""
        shown = self.shown
        return (
            f"{shown['rows']} rows accounted for: {shown['taken']} taken, {shown['refused']}"
            f" refused; {self.lost} lost, {self.doubled} doubled, {self.foreign} unknown;"
            f" {self.leads} leads, {self.said} said, {self.said_twice} said twice"
        )

    def is_exact(self, rows: int) -> bool:
        """Whether every row is accounted for, exactly once."""
        shown = self.shown
        faults = (self.lost, self.doubled, self.foreign, self.said_twice)
        return (
            shown["status"] == "ended"
            and shown["rows"] == shown["taken"] + shown["refused"] == rows
            and shown["refused"] == len(range(0, rows, BAD_EVERY))
            and self.leads == self.said == shown["taken"]
            and faults == (0, 0, 0, 0)
        )


async def import_and_kill(
    campaign: Campaign, targets: Sequence[str], *, rows: int, say: Callable[[str], None]
) -> Accounts:
    """Import a file, `kill -9` each target in turn at a different height, and count everything."""
    intake = campaign.services.intake
    lines = [_line(number) for number in range(rows)]
    data = b"ref,given_name,email\n" + b"".join(lines)
    headers = {
        "authorization": f"Bearer {campaign.source_key}",
        "content-type": "text/csv",
        "idempotency-key": campaign.name,
    }
    answer = await ask(
        intake, "POST", "/v1/imports", params={"map": "ref=external_id"}, content=data,
        headers=headers,
    )  # fmt: skip
    assert answer.status_code == 202, answer.text
    import_id = answer.json()["import_id"]
    for number, target in enumerate(targets, 1):
        height = rows * number // (len(targets) + 1)
        done = (await _until(intake, import_id, height))["rows"]
        say(f"{done} of {rows} rows are accounted for")
        assert done < rows, "it was over before it could be killed"
        await campaign.kill(target)
    shown = await _until(intake, import_id, rows + 1)
    return await _accounts(campaign, shown, lines)


async def _until(intake: httpx.AsyncClient, import_id: str, rows: int) -> dict[str, Any]:
    """What the import says of itself once so many rows are accounted for, or it has ended."""

    async def look() -> dict[str, Any]:
        shown: dict[str, Any] = (await ask(intake, "GET", f"/v1/imports/{import_id}")).json()
        return shown

    def is_there(shown: dict[str, Any]) -> bool:
        return bool(shown["rows"] >= rows or shown["ended_at"])

    return await eventually(look, is_there, seconds_max=SECONDS_MAX)


async def _accounts(campaign: Campaign, shown: dict[str, Any], lines: Sequence[bytes]) -> Accounts:
    yard = campaign.yard
    connection = await asyncpg.connect(yard.databases.intake)

    async def left() -> int:
        return int(await connection.fetchval(LEFT_SQL))

    try:
        await eventually(left, lambda count: count == 0, seconds_max=SECONDS_MAX)
        kept = await connection.fetch(BODIES_SQL, shown["source_id"])
        leads = {row["id"] for row in await connection.fetch(LEADS_SQL, shown["import_id"])}
    finally:
        await connection.close()
    bodies, wanted = Counter(row["body"] for row in kept), set(lines)
    said = {
        (one.id, one.data["lead_id"])
        for one in (await gather(yard.bootstrap, yard.databases)).said
        if one.type == "LeadCaptured" and one.data["lead_id"] in leads
    }
    return Accounts(
        shown=shown,
        lost=len(wanted - set(bodies)),
        doubled=sum(count - 1 for count in bodies.values()),
        foreign=len(set(bodies) - wanted),
        leads=len(leads),
        said=len({lead_id for _, lead_id in said}),
        said_twice=len(said) - len({lead_id for _, lead_id in said}),
    )


def _line(number: int) -> bytes:
    """Nobody can be reached by e-mail: no prospect comes of them, and no rep is asked."""
    email = b"nobody" if number % BAD_EVERY == 0 else b""
    return b"R-%d,Ada %d,%s\n" % (number, number, email)
