"""Publishing and rolling back, each after a look at what it does."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from baton.auth.web import check_csrf
from baton.database import Reader
from baton.errors import Refused
from lead_scoring.domain.diffing import Side
from lead_scoring.handlers import policies as handlers
from lead_scoring.queries import diffs as counts_queries
from lead_scoring.repository import diffs, policies, publications
from lead_scoring.web.diffs import totals_of
from lead_scoring.web.policies import stored
from lead_scoring.web.room import VERSION_MAX, Asked, Publishing, Room, Token, Version, gone_to

Replaces = Annotated[int, Form(ge=1, le=VERSION_MAX)]


def add_publishing(router: APIRouter, room: Room) -> None:
    """`/policies/{version}/publish` and `…/rollback`."""

    @router.get("/policies/{version}/publish")
    async def confirm_page(request: Request, version: Version, person: Publishing) -> Response:
        async with room.read() as reader:
            context = await _asked(reader, version)
        return room.show(request, "publish.html", person, **context)

    @router.post("/policies/{version}/publish")
    async def publish(
        request: Request, version: Version, person: Publishing, csrf_token: Token, *,
        origin: Asked,
    ) -> Response:  # fmt: skip
        check_csrf(person, csrf_token)
        try:
            async with room.begin() as tx:
                await handlers.publish(version, tx, who=person.who, origin=origin)
        except Refused as refusal:
            return await refused(request, version, person, refusal)
        return gone_to(f"/policies/{version}", "published")

    @router.post("/policies/{version}/rollback")
    async def roll_back(
        request: Request, version: Version, person: Publishing, csrf_token: Token, *,
        replaces: Replaces, origin: Asked,
    ) -> Response:  # fmt: skip
        check_csrf(person, csrf_token)
        try:
            async with room.begin() as tx:
                await handlers.roll_back(
                    version, tx, replaces=replaces, who=person.who, origin=origin
                )
        except Refused as refusal:
            return await refused(request, version, person, refusal)
        return gone_to(f"/policies/{version}", "published")

    async def refused(
        request: Request, version: int, person: Publishing, refusal: Refused
    ) -> Response:
        async with room.read() as reader:
            context = await _asked(reader, version)
        fault = refusal.message
        return room.show(request, "publish.html", person, status=409, **context, fault=fault)


async def _asked(reader: Reader, version: int) -> dict[str, Any]:
    policy = await stored(reader, version)
    active = await policies.active_version(reader)
    found = await diffs.of_version(reader, version, limit=1)
    latest = found[0] if found and found[0].against == active else None
    rows = await counts_queries.counts(reader, latest.id) if latest else []
    newest = await publications.newest_version(reader)
    return {
        "policy": policy,
        "active": active,
        "is_rollback": newest is not None and version <= newest,
        "open_people": await publications.count_open(reader),
        "diff": latest,
        "totals": totals_of(rows),
        "sides": Side,
        "fault": "",
    }
