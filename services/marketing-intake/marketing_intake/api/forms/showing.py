"""Showing a form: the hosted page, the snippet, the script, and fresh tokens."""

import hashlib
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from pydantic import BaseModel

from marketing_intake.api.forms.browsers import FormKey, own_address, preflight_headers, readable
from marketing_intake.api.forms.drafting import TRACKING
from marketing_intake.api.forms.gate import Gate
from marketing_intake.api.forms.pages import SCRIPT, hosted_page, snippet
from marketing_intake.api.forms.tokens import FillTokens
from marketing_intake.settings import IntakeSettings

SCRIPT_HEADERS: Final = {
    "cache-control": "public, max-age=3600",
    "etag": f'"{hashlib.sha256(SCRIPT).hexdigest()[:16]}"',
    "x-content-type-options": "nosniff",
}
HIDDEN_MAX: Final = 30
JAVASCRIPT: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/javascript": {"schema": {"type": "string"}}}}
}


class TokenMade(BaseModel):
    """A token that says when the form was shown; it goes back in the field `_token`."""

    token: str


def add_showing(
    router: APIRouter, gate: Gate, tokens: FillTokens, settings: IntakeSettings
) -> None:
    """`GET /f/baton.js`, `/f/{form_key}`, and below it `/snippet` and `/token`."""

    @router.get("/f/baton.js", response_class=Response, responses=JAVASCRIPT)
    async def form_script(request: Request) -> Response:
        """The script that tells a form where its visitor came from, and when it was shown."""
        if request.headers.get("if-none-match") == SCRIPT_HEADERS["etag"]:
            return Response(status_code=304, headers=SCRIPT_HEADERS)
        return Response(SCRIPT, 200, SCRIPT_HEADERS, "text/javascript")

    @router.get("/f/{form_key}", response_class=HTMLResponse)
    async def show_form(form_key: FormKey, request: Request) -> Response:
        """The form as a page, ready to be linked to; the token in it is fresh."""
        form = await gate.form(form_key)
        shown = {
            "action": f"/f/{form.key}",
            "script": "/f/baton.js",
            "token": tokens.make(form, gate.clock.now()),
            "hidden": _hidden(request),
        }
        return hosted_page(request, form, shown)

    @router.get("/f/{form_key}/snippet", response_class=PlainTextResponse)
    async def show_snippet(form_key: FormKey, request: Request) -> Response:
        """The form as HTML for your own page; it works without its script, too."""
        form = await gate.form(form_key)
        address = own_address(request, settings)
        shown = {"action": f"{address}/f/{form.key}", "script": f"{address}/f/baton.js"}
        return snippet(request, form, shown)

    @router.get("/f/{form_key}/token", response_model=TokenMade)
    async def make_token(form_key: FormKey, request: Request) -> Response:
        """A fresh token, for the script in a page that is listed."""
        form = await gate.form(form_key)

        async def made() -> Response:
            body = TokenMade(token=tokens.make(form, gate.clock.now())).model_dump_json()
            headers = {"cache-control": "no-store"}
            return Response(body, 200, headers, "application/json")

        return await readable(request, form, made())

    @router.options("/f/{form_key}", status_code=204, response_class=Response)
    async def preflight_form(form_key: FormKey, request: Request) -> Response:
        """What a browser asks before a script of another site may send (CORS)."""
        form = await gate.form(form_key)
        return Response(status_code=204, headers=preflight_headers(request, form))


def _hidden(request: Request) -> list[tuple[str, str]]:
    """What the page's own address says of where its visitor came from, for want of a script."""
    given = request.query_params
    found = [(name, given[name][:most]) for name, most in TRACKING.items() if given.get(name)]
    return found[:HIDDEN_MAX]
