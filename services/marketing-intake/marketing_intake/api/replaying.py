"""Reading kept payloads again, by the newest version of what read them, and capturing them once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from baton.errors import Conflict, NotFound, Unavailable
from baton.transaction import Origin
from baton.vault import BrokenSeal
from marketing_intake import queries
from marketing_intake.api.door import LeadDoor
from marketing_intake.api.forms.again import FormAgain
from marketing_intake.api.forms.submitting import FORM
from marketing_intake.api.forms.tokens import FillTokens
from marketing_intake.domain.imports import ImportFormat
from marketing_intake.domain.source import Source
from marketing_intake.handlers.mending import StillRefused, mend
from marketing_intake.handlers.sealing import open_config
from marketing_intake.handlers.submission import LEAD_JSON, Component, Outcome, Submission
from marketing_intake.reading.readers import (
    READERS,
    ROWS,
    read_lead_body,
    read_listed,
    read_row,
)
from marketing_intake.reading.submissions import Arrival
from marketing_intake.repository import imports

Mended = tuple[bytes, str]
"""A body in place of the kept one, and its content type."""
JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is read again: which payload, when it came, and whether somebody has mended it."""

    payload_id: str
    came_at: datetime
    is_mended: bool


async def replay(
    door: LeadDoor, payload_id: str, mended: Mended | None, *, who: str, origin: Origin
) -> list[Outcome] | StillRefused:
    """Read a refused payload again, as it came or as it was mended, and capture what it holds.

    A mended body is read as the kept one was: what came by a form goes through the form's rules, a
    row by its file's columns. In place of a row a lead as JSON will do too. Raises `NotFound`,
    `Conflict` and `Unavailable`.
    """
    async with door.transactions.read() as reader:
        row = await queries.failed_item(reader, payload_id)
    if row is None or row["item"] != "payload":
        raise NotFound("there is no such payload", field="payload_id")
    source = await door.sources.by_id(row["source_id"])
    if source is None:
        raise NotFound("its source is gone", field="payload_id")
    arrival = _arrival(door, source, row, mended, origin=origin)
    machines, is_mended = door.committer.machines, mended is not None
    kept = _Kept(payload_id, row["received_at"], is_mended)
    submissions = await _read(door, arrival, kept)
    return await door.committer.attempt(
        lambda tx: mend(
            payload_id, submissions, tx, is_mended=is_mended, who=who, machines=machines
        )
    )


def _arrival(
    door: LeadDoor, source: Source, row: dict[str, Any], mended: Mended | None, *, origin: Origin
) -> Arrival:
    """What came, as it would come now. Raises `Conflict` when its body is deleted."""
    if mended is None and row["body"] is None:
        raise Conflict("its body is deleted: send a mended one", field="payload_id")
    body, content_type = mended or (row["body"], row["content_type"])
    # What came then happened then, when it does not say otherwise; a mended one speaks from now.
    received_at = row["received_at"] if mended is None else door.transactions.clock.now()
    return Arrival(
        source=source,
        component=Component(row["component"] or LEAD_JSON.name),
        body=body,
        content_type=content_type,
        origin=origin,
        received_at=received_at,
        region=door.region,
        headers=row["headers"],
    )


async def _read(door: LeadDoor, arrival: Arrival, kept: _Kept) -> Sequence[Submission]:
    """Raises `Conflict` for what nothing reads as it came, and `Unavailable`."""
    name = arrival.component.name
    if name == FORM.name:
        again = FormAgain(FillTokens(door.signing), kept.came_at, kept.is_mended)
        return await again.read(arrival)
    if name in ROWS:
        return await _read_row(door, arrival, kept)
    reader = READERS.get(name)
    if reader is None and not kept.is_mended:
        expected = f"nothing reads {name} any more: send a mended lead as JSON"
        raise Conflict(expected, field="payload_id")
    try:
        config = open_config(arrival.source, door.vault)
    except BrokenSeal:
        raise Unavailable("the source's secrets can't be opened") from None
    return (reader or read_lead_body)(arrival, config)


async def _read_row(door: LeadDoor, arrival: Arrival, kept: _Kept) -> Sequence[Submission]:
    async with door.transactions.read() as reader:
        layout = await imports.layout_behind(reader, kept.payload_id)
    is_json = arrival.content_type.split(";")[0].strip().lower() == JSON
    is_of_the_file = layout is not None and is_json == (layout.format is ImportFormat.JSONL)
    if layout is not None and (is_of_the_file or not kept.is_mended):
        return read_row(layout, arrival)
    if kept.is_mended and is_json:
        return read_listed(arrival)
    expected = "it is not known how its file was laid out: send a mended lead as JSON"
    raise Conflict(expected, field="payload_id")
