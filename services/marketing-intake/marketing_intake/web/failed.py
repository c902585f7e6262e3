"""What failed and is not mended: listed by kind, and shown as far as the reader may see it."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from baton.auth.sessions import Person
from baton.errors import NotFound
from baton.http import PathUuid, Uuid
from marketing_intake import queries
from marketing_intake.domain.draft import Failure
from marketing_intake.handlers.submission import LEAD_JSON
from marketing_intake.queries.failed import FailedFilter
from marketing_intake.reading.masking import masked
from marketing_intake.reading.readers import READERS
from marketing_intake.repository import catalogue
from marketing_intake.web.room import GIVEN, Room, Signed

LISTED_MAX: Final = 50
WORDS: Final = {
    Failure.FORMAT: "format: it is not what it says",
    Failure.SIGNATURE: "signature: not from whom it says",
    Failure.SCHEMA: "schema: a field is missing or wrong",
    Failure.MAPPING: "mapping: what it means is not known",
    Failure.LIMIT: "limit: more or larger than is taken",
    Failure.ENRICHMENT: "enrichment: something could not be fetched",
}
Count = Annotated[int, Query(ge=0, le=10_000)]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of what failed; what is empty: any."""

    source: Annotated[Uuid | None, GIVEN, Query()] = None
    failure: Annotated[Failure | None, GIVEN, Query()] = None
    component: Annotated[str, Query(max_length=60)] = ""

    def wanted(self) -> FailedFilter:
        """As queries have it."""
        return FailedFilter(self.source, self.failure, self.component or None)


def add_failed(router: APIRouter, room: Room) -> None:
    """`/failed` and `/failed/{failed_id}`."""

    @router.get("/failed")
    async def failed_page(
        request: Request, person: Signed, asked: Annotated[Asked, Depends()], *,
        before: Uuid | None = None, replayed: Count | None = None, refused: Count = 0,
        skipped: Count = 0,
    ) -> Response:  # fmt: skip
        async with room.read() as reader:
            rows = await queries.failed(reader, asked.wanted(), before=before, limit=LISTED_MAX)
            sources = await catalogue.list_sources(reader)
        return room.show(
            request, "failed.html", person, rows=rows, asked=asked, sources=sources, words=WORDS,
            older=rows[-1]["failed_id"] if len(rows) == LISTED_MAX else None,
            replays=None if replayed is None else (replayed, refused, skipped),
        )  # fmt: skip

    @router.get("/failed/{failed_id}")
    async def failed_item_page(request: Request, failed_id: PathUuid, person: Signed) -> Response:
        return await show_failed(room, request, failed_id, person)


async def show_failed(
    room: Room,
    request: Request,
    failed_id: str,
    person: Person,
    *,
    fault: str = "",
    typed: str | None = None,
) -> Response:
    """The page of one; with a fault, what was typed stays in its place. Raises `NotFound`."""
    async with room.read() as reader:
        row = await queries.failed_item(reader, failed_id)
    if row is None or row["status"] == "taken":
        raise NotFound("there is nothing that failed under that id", field="failed_id")
    is_waiting = row["status"] == "refused" and row["resent_as"] is None
    is_readable = (row["component"] or LEAD_JSON.name) in READERS
    return room.show(
        request, "failed_item.html", person, status=422 if fault else 200, item=row,
        body=shown_body(row, person), typed=typed, fault=fault, is_waiting=is_waiting, words=WORDS,
        is_readable=is_readable,
    )  # fmt: skip


def shown_body(row: dict[str, Any], person: Person) -> str | None:
    """The body as this reader may see it; JSON is set in lines, so that it can be mended."""
    body: bytes | None = row["body"]
    if body is None:
        return None
    if not person.may_see_personal_data:
        return masked(body, row["content_type"])
    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONDecodeError:
        return body.decode(errors="replace").replace("\0", "\\0")
