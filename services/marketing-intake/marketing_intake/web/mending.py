"""The buttons about what failed: read it again, as it came or mended; many at once; give it up."""

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from baton.auth.web import check_csrf
from baton.errors import Conflict, NotFound
from baton.http import Line, PathUuid, Uuid
from baton.transaction import Origin
from marketing_intake import queries
from marketing_intake.domain.draft import Failure
from marketing_intake.handlers import mending
from marketing_intake.handlers.mending import StillRefused
from marketing_intake.handlers.submission import LEAD_JSON, Taken
from marketing_intake.queries.failed import FailedFilter
from marketing_intake.web import room as rooms
from marketing_intake.web.failed import show_failed
from marketing_intake.web.room import GIVEN, Room, Signed, Token, gone_to

REPLAYED_MAX: Final = 100
"""At a time; the page says how many are left to press again for."""
BODY_CHARACTERS_MAX: Final = 900_000
JSON: Final = "application/json"


def filter_form(
    source: Annotated[Uuid | None, GIVEN, Form()] = None,
    failure: Annotated[Failure | None, GIVEN, Form()] = None,
    component: Annotated[str, Form(max_length=60)] = "",
) -> FailedFilter:
    """The filter that the page was shown with."""
    return FailedFilter(source, failure, component or None)


def add_mending(router: APIRouter, room: Room) -> None:
    """What changes `/failed`."""

    @router.post("/failed/replay")
    async def replay_many(
        person: Signed, csrf_token: Token, wanted: Annotated[FailedFilter, Depends(filter_form)],
        origin: rooms.Asked,
    ) -> Response:  # fmt: skip
        check_csrf(person, csrf_token)
        async with room.read() as reader:
            ids = await queries.to_replay(reader, wanted, after=None, limit=REPLAYED_MAX)
        counts = {"replayed": 0, "refused": 0, "skipped": 0}
        for failed_id in ids:
            counts[await _word(room, failed_id, person.who, origin)] += 1
        asked = {"source": wanted.source_id, "failure": wanted.failure}
        query = {name: value for name, value in asked.items() if value} | counts
        return RedirectResponse(f"/failed?{urlencode(query)}", status_code=303)

    @router.post("/failed/{failed_id}/replay")
    async def replay_one(
        request: Request, failed_id: PathUuid, person: Signed, csrf_token: Token, *,
        body: Annotated[str | None, Form(max_length=BODY_CHARACTERS_MAX)] = None,
        origin: rooms.Asked,
    ) -> Response:  # fmt: skip
        check_csrf(person, csrf_token)
        mended = None if body is None else (body.encode(), await _type_of(room, failed_id))
        found = await room.works.replay(failed_id, mended, who=person.who, origin=origin)
        if isinstance(found, StillRefused):
            refused = found.refused
            where = f"{refused.field}: " if refused.field else ""
            fault = f"It still can't be taken: {where}{refused.detail}."
            return await show_failed(room, request, failed_id, person, fault=fault, typed=body)
        lead_id = next((one.lead_id for one in found if isinstance(one, Taken)), None)
        return gone_to("/failed", "mended") if lead_id is None else gone_to(f"/leads/{lead_id}")

    @router.post("/failed/{failed_id}/discard")
    async def discard(
        failed_id: PathUuid, person: Signed, csrf_token: Token, why: Annotated[Line, Form()]
    ) -> Response:
        check_csrf(person, csrf_token)
        async with room.begin() as tx:
            await mending.discard(failed_id, why, tx, who=person.who)
        return gone_to("/failed", "discarded")


async def _word(room: Room, failed_id: str, who: str, origin: Origin) -> str:
    try:
        found = await room.works.replay(failed_id, None, who=who, origin=origin)
    except (Conflict, NotFound):
        return "skipped"  # mended or given up meanwhile, or its body is deleted
    return "refused" if isinstance(found, StillRefused) else "replayed"


async def _type_of(room: Room, failed_id: str) -> str:
    """What a mended body is: what the kept one was, or for a lead as JSON what it should be."""
    async with room.read() as reader:
        row = await queries.failed_item(reader, failed_id)
    if row is None:
        raise NotFound("there is nothing that failed under that id", field="failed_id")
    is_json = row["component"] in (None, LEAD_JSON.name)
    return JSON if is_json else str(row["content_type"])
