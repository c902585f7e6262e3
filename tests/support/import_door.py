"""Imports as a source meets them, and the runner that reads them when a test says so."""

import asyncio
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from marketing_intake.work.imports import Runner
from support.intake_door import IntakeDoor, MadeSource


def csv_of(
    header: Sequence[str], rows: Sequence[Sequence[object]], *, delimiter: str = ","
) -> bytes:
    """A file as a spreadsheet writes it."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return out.getvalue().encode()


def crowd(count: int) -> bytes:
    """A file of so many different people."""
    rows = [[f"p{number}@crumpet.org", f"Ada {number}"] for number in range(count)]
    return csv_of(["email", "given_name"], rows)


@dataclass(frozen=True)
class ImportDoor:
    """A source that sends files."""

    intake: IntakeDoor
    source: MadeSource

    async def send(
        self, data: object, *, headers: dict[str, str] | None = None, **query: Any
    ) -> httpx.Response:
        """Send a file: bytes, or an iterator of pieces."""
        told = {"content-type": "text/csv", **self.source.headers, **(headers or {})}
        client = self.intake.client
        return await client.post("/v1/imports", content=data, params=query, headers=told)  # type: ignore[arg-type]  # httpx looks at what it is

    def runner(self, *, rows_max: int = 500) -> Runner:
        """A runner, as a process has one."""
        return Runner(self.intake.opened.service.transactions, "US", rows_max)

    async def run(self, *, rows_max: int = 500) -> None:
        """Read all that waits."""
        runner, stop = self.runner(rows_max=rows_max), asyncio.Event()
        while await runner.take_turn(stop):
            pass

    async def finished(self, sent: httpx.Response) -> dict[str, Any]:
        """Read what was sent; returns what the import has come to."""
        assert sent.status_code == 202, sent.text
        await self.run()
        return await self.shown(sent.json()["import_id"])

    async def shown(self, import_id: str) -> dict[str, Any]:
        """What is said of an import."""
        answer = await self.intake.get(f"/v1/imports/{import_id}")
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def errors(self, import_id: str) -> str:
        """The refused rows as CSV."""
        answer = await self.intake.get(f"/v1/imports/{import_id}/errors")
        assert answer.status_code == 200, answer.text
        return answer.text
