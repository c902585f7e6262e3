"""What comes in, as it comes: leads, activities and what was refused, newest first."""

from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from baton.contracts.vocabulary import ActivityKind, LeadState
from baton.http import Uuid
from marketing_intake.queries import arrivals
from marketing_intake.queries.arrivals import Wanted, What
from marketing_intake.repository import catalogue
from marketing_intake.web.room import GIVEN, Room, Signed

PAGE_LINES: Final = 50
WORDS: Final[dict[What, type[StrEnum]]] = {What.LEAD: LeadState, What.ACTIVITY: ActivityKind}


def add_live(router: APIRouter, room: Room) -> None:
    """`/live`."""

    @router.get("/live")
    async def live_page(
        request: Request,
        person: Signed,
        *,
        what: Annotated[What | None, GIVEN, Query()] = None,
        source: Annotated[Uuid | None, GIVEN, Query()] = None,
        word: Annotated[str, Query(max_length=40)] = "",
        before: Uuid | None = None,
        live: bool = False,
    ) -> Response:
        words = [] if what not in WORDS else list(WORDS[what])
        wanted = Wanted(what, source, word if word in words else None)
        async with room.read() as reader:
            rows = await arrivals.latest(
                reader, wanted, before=before, now=room.now(), limit=PAGE_LINES
            )
            sources = await catalogue.list_sources(reader)
        return room.show(
            request, "live.html", person, is_live=live, rows=rows, wanted=wanted, words=words,
            sources=sources, kinds=list(What), days=arrivals.DAYS_MAX,
            older=rows[-1]["id"] if len(rows) == PAGE_LINES else None,
        )  # fmt: skip
