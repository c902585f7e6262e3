"""Imports: files that came, how far each is and what was refused; and the form that sends one."""

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import Response, StreamingResponse

from baton.auth.sessions import Person
from baton.auth.web import check_csrf
from baton.errors import Forbidden, NotFound, Refused
from baton.http import PathUuid, Uuid
from baton.settings import MIBIBYTE
from marketing_intake.domain.imports import MOVES, ImportStatus
from marketing_intake.handlers import imports as handlers
from marketing_intake.queries import imports as queries
from marketing_intake.repository import catalogue
from marketing_intake.web.room import Asked, Room, Signed, Token, gone_to

LISTED_MAX: Final = 50
PIECE_BYTES: Final = 256 * 1024
UPLOAD_BYTES_MAX: Final = 64 * MIBIBYTE
"""What a browser sends as a form is kept on disk once more; larger files go to the API."""
NAME_CHARACTERS_MAX: Final = 200


def add_imports(router: APIRouter, room: Room) -> None:
    """`/imports`, and what is below it."""
    _add_list(router, room)
    _add_one(router, room)


def _add_list(router: APIRouter, room: Room) -> None:
    @router.get("/imports")
    async def imports_page(request: Request, person: Signed, *, live: bool = False) -> Response:
        return await _listed(room, request, person, is_live=live)

    @router.post("/imports")
    async def upload(
        request: Request, person: Signed, csrf_token: Token, source_id: Annotated[Uuid, Form()], *,
        file: Annotated[UploadFile, File()], is_trial: Annotated[bool, Form()] = False,
        origin: Asked,
    ) -> Response:  # fmt: skip
        check_csrf(person, csrf_token)
        try:
            if is_trial:
                preview = await room.works.try_file(_pieces(file), source_id)
                return await _listed(room, request, person, preview=preview, source_id=source_id)
            name = (file.filename or "file")[:NAME_CHARACTERS_MAX]
            import_id = await room.works.take_file(
                _pieces(file), source_id, name=name, who=person.who, origin=origin
            )
        except Refused as refusal:
            fault = refusal.message
            return await _listed(room, request, person, fault=fault, source_id=source_id)
        return gone_to(f"/imports/{import_id}", "uploaded")


def _add_one(router: APIRouter, room: Room) -> None:
    @router.get("/imports/{import_id}")
    async def import_page(
        request: Request, import_id: PathUuid, person: Signed, *, live: bool = False
    ) -> Response:
        row = await _existing(room, import_id)
        async with room.read() as reader:
            faults = await queries.faults(reader, import_id)
        one = _shown(row)
        is_live = live and not one["is_over"]
        return room.show(
            request, "import.html", person, one=one, is_live=is_live, faults=faults.commonest,
            mended=faults.mended,
        )  # fmt: skip

    @router.get("/imports/{import_id}/errors")
    async def refused_rows(import_id: PathUuid, person: Signed) -> Response:
        if not person.may_see_personal_data:
            raise Forbidden("the refused rows name people, whom your role may not see", "page")
        row = await _existing(room, import_id)
        if not row["layout"]:
            raise NotFound("the import has no rows yet", field="import_id")
        headers = {"content-disposition": f'attachment; filename="refused-{import_id}.csv"'}
        return StreamingResponse(room.works.refused_rows(row), 200, headers, "text/csv")

    @router.post("/imports/{import_id}/cancel")
    async def cancel(import_id: PathUuid, person: Signed, csrf_token: Token) -> Response:
        check_csrf(person, csrf_token)
        async with room.begin() as tx:
            await handlers.cancel(import_id, tx, who=person.who)
        return gone_to(f"/imports/{import_id}", "cancelled")


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(PIECE_BYTES):
        yield piece


async def _existing(room: Room, import_id: str) -> dict[str, Any]:
    async with room.read() as reader:
        row = await queries.one(reader, import_id)
    if row is None:
        raise NotFound("there is no such import", field="import_id")
    return row


async def _listed(
    room: Room,
    request: Request,
    person: Person,
    *,
    fault: str = "",
    source_id: str = "",
    preview: Mapping[str, Any] | None = None,
    is_live: bool = False,
) -> Response:
    async with room.read() as reader:
        rows = await queries.listed(reader, before=None, limit=LISTED_MAX)
        sources = await catalogue.list_sources(reader)
    return room.show(
        request, "imports.html", person, status=422 if fault else 200, is_live=is_live,
        imports=[_shown(row) for row in rows], fault=fault, preview=preview, source_id=source_id,
        sources=[one for one in sources if one.is_active], megabytes=UPLOAD_BYTES_MAX // MIBIBYTE,
    )  # fmt: skip


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    size = row["size_bytes"]
    is_over = not MOVES[ImportStatus(row["status"])]
    share = row["position"] / size if size else 0.0
    return row | {"share": share, "is_over": is_over}
