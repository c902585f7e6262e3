"""Imports by HTTP: a file is sent in one request, and read in the background."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from baton.auth.api_keys import Identity
from baton.auth.require import check_scopes
from baton.errors import Forbidden, NotFound, Refused
from baton.http import PROBLEMS, Cursors, Page, PathUuid, request_origin, require
from baton.http.limits import BodyRule
from baton.transaction import Origin
from baton.transactions import Transactions
from marketing_intake.api.door import LeadDoor, idempotency_of
from marketing_intake.api.import_views import ImportDetail, ImportOptions, ImportView, shown
from marketing_intake.api.leads import IDEMPOTENCY_KEY
from marketing_intake.api.previews import Preview, preview_of
from marketing_intake.api.uploader import Uploader
from marketing_intake.domain.imports import Layout
from marketing_intake.domain.source import Source
from marketing_intake.handlers import imports as handlers
from marketing_intake.queries import imports as queries
from marketing_intake.reading.tabular.refused_rows import RefusedRows
from marketing_intake.repository.imports import layout_of

PATH: Final = "/v1/imports"
PAGE_DEFAULT: Final = 50
REFUSED_PAGE: Final = 500
SENDER = Depends(require())
READER = Depends(require("leads:read"))
MENDER = Depends(require("leads:read", "pii:read"))
ORIGIN = Depends(request_origin)
FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
REPLAYED: Final = {"idempotent-replayed": "true"}
CSV_TYPE: Final = "text/csv; charset=utf-8; header=present"
FILE: Final = {"schema": {"type": "string", "format": "binary"}}
FILE_BODY: Final[dict[str, Any]] = IDEMPOTENCY_KEY | {
    "requestBody": {
        "required": True,
        "description": "The file itself.",
        "content": {"text/csv": FILE, "application/x-ndjson": FILE},
    }
}
CSV_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The refused rows.", "content": {"text/csv": FILE}}
}


def make_imports_router(door: LeadDoor, cursors: Cursors) -> APIRouter:
    """`/v1/imports`."""
    router = APIRouter(prefix=PATH, tags=["imports"], responses=PROBLEMS)
    transactions = door.transactions
    uploader = Uploader(transactions)

    @router.post(
        "",
        status_code=202,
        response_model=ImportView,
        responses={200: {"model": Preview, "description": "How it would be read (`dry_run`)."}},
        openapi_extra=FILE_BODY,
    )
    async def create_import(
        request: Request,
        options: Annotated[ImportOptions, Query()],
        identity: Identity = SENDER,
        origin: Origin = ORIGIN,
    ) -> Response:
        """Take a file in; it is read in the background, and `Location` says how far that is."""
        source = await source_for(door, identity, options.source_id)
        told, pieces = options.told(source), pieces_of(request)
        if options.dry_run:
            now = transactions.clock.now()
            preview = await preview_of(pieces, told, source, region=door.region, now=now)
            return _json(preview.model_dump_json(), 200)
        import_id, was_there = await uploader.take_in(
            pieces,
            told,
            source,
            name=options.name,
            who=identity.who,
            origin=origin,
            key_hash=_key_hash(request),
        )
        headers = {"location": f"/v1/imports/{import_id}"} | (REPLAYED if was_there else {})
        view = ImportView.model_validate(await _shown(transactions, import_id))
        return _json(view.model_dump_json(), 202, headers)

    @router.get("")
    async def list_imports(
        _: Identity = READER,
        cursor: Annotated[str | None, Query(max_length=500)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = PAGE_DEFAULT,
    ) -> Page[ImportView]:
        """Imports, newest first."""
        filters = {"list": "imports"}
        async with transactions.read() as reader:
            before = cursors.decode(cursor, filters)[0] if cursor else None
            rows = await queries.listed(reader, before=before, limit=limit)
        now = transactions.clock.now()
        items = [ImportView.model_validate(shown(row, now)) for row in rows]
        is_full = len(items) == limit
        following = cursors.encode([items[-1].import_id], filters) if is_full else None
        return Page(items=items, next_cursor=following)

    @router.get("/{import_id}")
    async def show_import(import_id: PathUuid, _: Identity = READER) -> ImportDetail:
        """How far an import is, and what was refused most often."""
        return ImportDetail.model_validate(await _shown(transactions, import_id))

    @router.get("/{import_id}/errors", response_class=Response, responses=CSV_ANSWER)
    async def export_refused_rows(import_id: PathUuid, _: Identity = MENDER) -> Response:
        """Every refused row as it was, and why, as CSV: mend it and send it as another import."""
        row = await _existing(transactions, import_id)
        if not row["layout"]:
            raise NotFound("the import has no rows yet", field="import_id")
        headers = {"content-disposition": f'attachment; filename="refused-{import_id}.csv"'}
        pages = refused_pages(transactions, import_id, layout_of(row["layout"]))
        return StreamingResponse(pages, 200, headers, CSV_TYPE)

    @router.post("/{import_id}/cancel")
    async def cancel_import(import_id: PathUuid, identity: Identity = SENDER) -> ImportDetail:
        """Stop an import where it is; the leads that it has brought stay."""
        row = await _existing(transactions, import_id)
        is_own = row["source_id"] == identity.source_id
        check_scopes(identity, ("leads:write" if is_own else "sources:admin",))
        async with transactions.begin() as tx:
            await handlers.cancel(import_id, tx, who=identity.who)
        return ImportDetail.model_validate(await _shown(transactions, import_id))

    return router


def imports_rule(bytes_max: int) -> BodyRule:
    """What bodies may be here: files of any content type, of so many bytes."""
    return BodyRule(PATH, types=None, bytes_max=bytes_max)


async def source_for(door: LeadDoor, identity: Identity, source_id: str | None) -> Source:
    """The open source that a file is sent for. Raises `Forbidden`, `NotFound` and `Refused`."""
    if source_id is None and identity.source_id is None and "sources:admin" in identity.scopes:
        raise Refused("source_id is needed: the key belongs to no source", field="source_id")
    if source_id in {None, identity.source_id}:
        return await door.source_for(identity)
    check_scopes(identity, ("sources:admin",))
    assert source_id is not None
    source = await door.sources.by_id(source_id)
    if source is None:
        raise NotFound("there is no such source", field="source_id")
    if not source.is_active:
        raise Forbidden("the source is closed", "sources:admin")
    return source


async def pieces_of(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes. Raises `HTTPException` for a form, and when the sender has gone."""
    type_ = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if type_ in FORMS:
        raise HTTPException(415)
    try:
        async for piece in request.stream():
            yield piece
    except ClientDisconnect:
        raise HTTPException(400) from None


def _key_hash(request: Request) -> bytes | None:
    given = request.headers.get("idempotency-key")
    key = idempotency_of(None if given is None else given.encode("latin-1"), b"")
    return None if key is None else key.key_hash


def _json(text: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(text, status, headers, "application/json")


async def _existing(transactions: Transactions, import_id: str) -> dict[str, Any]:
    async with transactions.read() as reader:
        row = await queries.one(reader, import_id)
    if row is None:
        raise NotFound("there is no such import", field="import_id")
    return row


async def _shown(transactions: Transactions, import_id: str) -> dict[str, Any]:
    row = await _existing(transactions, import_id)
    async with transactions.read() as reader:
        faults = await queries.faults(reader, import_id)
    now = transactions.clock.now()
    return shown(row, now) | {"faults": faults.commonest, "mended": faults.mended}


async def refused_pages(
    transactions: Transactions, import_id: str, layout: Layout
) -> AsyncIterator[str]:
    """The refused rows of an import as CSV, a page of them at a time."""
    refused = RefusedRows(layout)
    yield refused.head()
    after = 0
    while True:
        async with transactions.read() as reader:
            rows = await queries.refused(reader, import_id, after=after, limit=REFUSED_PAGE)
        if not rows:
            return
        yield refused.body(rows)
        after = rows[-1]["row"]
