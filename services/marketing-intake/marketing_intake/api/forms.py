"""HTML forms: a public key that can only create, and an answer that a browser understands."""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from baton.contracts.vocabulary import LeadState
from baton.errors import NotFound, Refused
from baton.http import PROBLEMS, request_origin
from baton.transaction import Origin
from marketing_intake.api.door import LeadDoor, answer_to
from marketing_intake.domain.draft import LeadDraft, RefusedDraft
from marketing_intake.domain.source import Source
from marketing_intake.handlers.submission import Kept, Outcome, Submission
from marketing_intake.reading.json_lead import read_fields
from marketing_intake.reading.lead_form import LeadForm

FIELDS_MAX: Final = 100
FIELD_BYTES_MAX: Final = 64 * 1024
TAKEN_TYPES: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
NESTED: Final = re.compile(r"^([A-Za-z0-9_-]+)\[([A-Za-z0-9_-]*)\]$")
REDIRECT_FIELDS: Final = ("redirect", "_next")
KNOWN: Final = frozenset(LeadForm.model_fields)
ALIASES: Final = {"name[first]": "given_name", "name[last]": "family_name", "e-mail": "email"}

FORM_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "content": {type_: {"schema": {"type": "object"}} for type_ in TAKEN_TYPES},
    },
    "responses": {"303": {"description": "Thank you: see the page that the form asked for."}},
}
PAGE: Final = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/static/baton.css"></head>
<body><main class="notice"><h1>{title}</h1><p>{text}</p></main></body></html>"""


def make_forms_router(door: LeadDoor) -> APIRouter:
    """`/f/{form_key}`."""
    router = APIRouter(tags=["forms"], responses=PROBLEMS)

    @router.post("/f/{form_key}", response_class=HTMLResponse, openapi_extra=FORM_BODY)
    async def submit_form(
        form_key: Annotated[str, Path(max_length=100, pattern="^[A-Za-z0-9_]+$")],
        request: Request,
        origin: Annotated[Origin, Depends(request_origin)],
    ) -> Response:
        """Take what a form sends: 303 to an allow-listed page, or a page that says thank you."""
        source = await door.sources.by_form_key(form_key)
        if source is None or not source.is_active:
            raise NotFound("there is no such form, or it is closed", field="form_key")
        await door.admit(source)
        fields = await read_form(request)
        submission = submission_of(
            request, fields, source, door, origin=origin, body=await request.body()
        )
        outcome = await door.committer.submit(submission)
        if "application/json" in request.headers.get("accept", ""):
            answer = answer_to(outcome, request.scope["state"]["request_id"])
            headers = {name.decode(): value.decode() for name, value in answer.headers}
            return Response(answer.body, answer.status, headers)
        return page_for(outcome, fields, source)

    return router


async def read_form(request: Request) -> dict[str, Any]:
    """The form's fields; repeated ones become lists. Raises `Refused` for what is no form."""
    type_ = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if type_ not in TAKEN_TYPES:
        raise HTTPException(415)
    # The bytes are kept as they came, and the parser below reads them again from the request.
    await request.body()
    try:
        form = await request.form(max_files=0, max_fields=FIELDS_MAX, max_part_size=FIELD_BYTES_MAX)
    except HTTPException:
        raise Refused(
            f"a form may have {FIELDS_MAX} fields of {FIELD_BYTES_MAX} bytes, and no files",
            kind="malformed",
        ) from None
    return fields_of(form)


def fields_of(form: FormData) -> dict[str, Any]:
    """Names as `LeadForm` has them; `name[first]` is understood, `interest[]` is a list."""
    fields: dict[str, Any] = {}
    for name, value in form.multi_items():
        if not isinstance(value, str) or value == "":
            continue
        known = ALIASES.get(name.lower(), name)
        nested = NESTED.match(known)
        if nested and nested[1] == "traits":
            fields.setdefault("traits", {})[nested[2]] = value
        elif known == "consent":
            fields.setdefault("consent", []).append(value)
        elif known in fields:
            earlier = fields[known]
            fields[known] = [*(earlier if isinstance(earlier, list) else [earlier]), value]
        else:
            fields[known] = value
    return fields


def submission_of(
    request: Request,
    fields: Mapping[str, Any],
    source: Source,
    door: LeadDoor,
    *,
    origin: Origin,
    body: bytes,
) -> Submission:
    """The form as a submission; a filled honeypot makes it spam, which nobody is told."""
    now = door.transactions.clock.now()
    lead_fields = {
        name: value
        for name, value in fields.items()
        if name not in REDIRECT_FIELDS and name not in (source.honeypot, "is_test", "occurred_at")
    }
    draft: LeadDraft | RefusedDraft = read_fields(lead_fields, source, now, door.region)
    if fields.get(source.honeypot) and isinstance(draft, LeadDraft):
        draft = replace(draft, own_state=LeadState.SPAM)
    return Submission(
        source_id=source.id,
        draft=draft,
        body=body,
        content_type=request.headers["content-type"][:200],
        origin=origin,
        received_at=now,
    )


def page_for(outcome: Outcome, fields: Mapping[str, Any], source: Source) -> Response:
    """What a person sees."""
    if isinstance(outcome, Kept):
        field = f"{escape(outcome.refused.field)}: " if outcome.refused.field else ""
        text = f"{field}{escape(outcome.refused.detail)}. Please go back and correct it."
        return HTMLResponse(PAGE.format(title="Something is missing", text=text), 422)
    wanted = next((fields[name] for name in REDIRECT_FIELDS if fields.get(name)), None)
    if isinstance(wanted, str) and is_allowed(wanted, source.redirects):
        return RedirectResponse(wanted, status_code=303)
    if source.redirects and wanted is None:
        return RedirectResponse(source.redirects[0], status_code=303)
    text = "We have received your message and will be in touch."
    return HTMLResponse(PAGE.format(title="Thank you", text=text))


def is_allowed(url: str, allowed: tuple[str, ...]) -> bool:
    """Whether a redirect goes to a listed page, or below a listed origin."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or "\\" in url:
        return False
    origin = f"{parts.scheme}://{parts.netloc}"
    return any(url == entry or entry.rstrip("/") == origin for entry in allowed)
