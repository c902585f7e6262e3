"""A source's own page: its health, its contract and how that changed, and how to try it."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from baton.auth.web import check_csrf
from baton.errors import NotFound
from baton.http import PathUuid
from marketing_intake import queries
from marketing_intake.domain.source import Source, document_of
from marketing_intake.handlers import sources as handlers
from marketing_intake.repository import catalogue
from marketing_intake.web.room import Asked, Room, Signed, Token, gone_to
from marketing_intake.web.sources import health_of
from marketing_intake.web.trying import ways_in


def add_source_pages(router: APIRouter, room: Room) -> None:
    """`/sources/{source_id}`, and the button that opens or closes it."""

    @router.get("/sources/{source_id}")
    async def source_page(request: Request, source_id: PathUuid, person: Signed) -> Response:
        async with room.read() as reader:
            source = await catalogue.find_source(reader, source_id)
            if source is None:
                raise NotFound("there is no such source", field="source_id")
            (line,) = await health_of(reader, [source], room.now())
            versions = await queries.contract_versions(reader, source_id)
        return room.show(
            request, "source.html", person, source=source, line=line,
            contract=agreed(document_of(source)), versions=changes(versions),
            ways=ways_in(source, room.frame.settings.public_url or str(request.base_url)),
        )  # fmt: skip

    @router.post("/sources/{source_id}/switch")
    async def switch_source(
        source_id: PathUuid,
        person: Signed,
        csrf_token: Token,
        is_active: Annotated[bool, Form()],
        *,
        origin: Asked,
    ) -> Response:
        check_csrf(person, csrf_token)
        done = "opened" if is_active else "closed"

        def switched(source: Source) -> Source:
            return replace(source, is_active=is_active)

        async with room.begin() as tx:
            await handlers.change_source(
                source_id, switched, tx, what=f"source {done}", who=person.who, origin=origin
            )
        return gone_to(f"/sources/{source_id}", done)


def agreed(document: dict[str, Any]) -> list[tuple[str, str]]:
    """What is agreed, in words; what is not agreed is left out."""
    return [
        (name.replace("_", " "), _word(value))
        for name, value in document.items()
        if value not in (None, "", [], {}, 0) and name not in {"name", "is_active"}
    ]


def changes(versions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The versions, newest first, each with what it changed of the one before."""
    found = []
    for number, version in enumerate(versions):
        before = versions[number + 1]["contract"] if number + 1 < len(versions) else None
        contract: dict[str, Any] = version["contract"]
        changed = [] if before is None else [k for k, v in contract.items() if before.get(k) != v]
        said = [(name.replace("_", " "), _word(contract[name])) for name in changed]
        found.append(version | {"changed": said, "is_first": before is None})
    return found


def _word(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case dict():
            return ", ".join(f"{name} → {_word(one)}" for name, one in value.items()) or "nothing"
        case list():
            return ", ".join(_word(one) for one in value) or "nothing"
        case None | "":
            return "nothing"
        case _:
            return str(value)
