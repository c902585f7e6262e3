"""What a form is answered: a page for people, JSON for scripts, and the same for robots."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from marketing_intake.api.door import answer_to
from marketing_intake.api.forms.drafting import REDIRECT_FIELDS
from marketing_intake.api.forms.pages import notice
from marketing_intake.domain.form import Form, is_allowed
from marketing_intake.handlers.submission import ACCEPTED, Kept, Outcome, Replayed, Taken

ASKED: Final = (
    "Nearly done: we have sent you a message. Please open the link in it to confirm your request."
)


def wants_json(request: Request, *, is_by_script: bool) -> bool:
    """Whether a script asks: it says so, or it sends what no form can and asks for no page."""
    accepted = request.headers.get("accept", "")
    return "application/json" in accepted or (is_by_script and "text/html" not in accepted)


def json_for(outcome: Outcome, form: Form, request: Request) -> Response:
    """What a script is told: the lead's id, never its person's."""
    lead_id = _lead_id(outcome)
    if lead_id is None:
        answer = answer_to(outcome, request.scope["state"]["request_id"])
        headers = {name.decode(): value.decode() for name, value in answer.headers}
        return Response(answer.body, answer.status, headers)
    status = "awaiting_opt_in" if form.rules.double_opt_in else "captured"
    body = orjson.dumps({"lead_id": lead_id, "status": status})
    return Response(body, ACCEPTED, media_type="application/json")


def page_for(outcome: Outcome, fields: Mapping[str, Any], form: Form, request: Request) -> Response:
    """What a person sees."""
    if isinstance(outcome, Kept):
        field = f"{outcome.refused.field}: " if outcome.refused.field else ""
        text = f"{field}{outcome.refused.detail}. Please go back and correct it."
        return notice(request, "Something is missing", text, status=422)
    redirects = form.source.redirects
    wanted = next((fields[name] for name in REDIRECT_FIELDS if fields.get(name)), None)
    if isinstance(wanted, str) and is_allowed(wanted, redirects):
        return RedirectResponse(wanted, status_code=303)
    if redirects and wanted is None:
        return RedirectResponse(redirects[0], status_code=303)
    text = ASKED if form.rules.double_opt_in else form.rules.thanks
    return notice(request, "Thank you", text)


def _lead_id(outcome: Outcome) -> str | None:
    match outcome:
        case Taken(lead_id, _, _):
            return lead_id
        case Replayed(status, body) if status == ACCEPTED:
            replayed: str = orjson.loads(body)["lead_id"]
            return replayed
        case _:
            return None
