"""Taking what a form sends: read, looked at for what robots do, and captured as every lead."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from baton.http import request_origin
from baton.http.problems import ProblemResponse
from baton.transaction import Origin
from marketing_intake import metrics
from marketing_intake.api.door import LeadDoor
from marketing_intake.api.forms.answers import json_for, page_for, wants_json
from marketing_intake.api.forms.body import FORM_TYPES, SCRIPT_TYPES, Sent, read_form
from marketing_intake.api.forms.browsers import FormKey, readable
from marketing_intake.api.forms.captchas import RESPONSE_FIELDS, CaptchaAnswer, Captchas
from marketing_intake.api.forms.drafting import TOKEN_FIELD, draft_of
from marketing_intake.api.forms.gate import Gate, TooOften
from marketing_intake.api.forms.pages import notice
from marketing_intake.api.forms.tokens import FillTokens
from marketing_intake.domain.draft import LeadDraft, RefusedDraft
from marketing_intake.domain.form import Form, WhenAway
from marketing_intake.domain.guarding import (
    FillToken,
    SpamReason,
    as_awaiting,
    as_spam,
    judged,
    unverified,
)
from marketing_intake.handlers.submission import Component, Idempotency, Submission

FORM: Final = Component("form")
SAME_FOR: Final = timedelta(days=1)
"""So long is a form that is sent twice, by a double click, say, one lead."""
FORM_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "content": {
            type_: {"schema": {"type": "object"}} for type_ in (*FORM_TYPES, *SCRIPT_TYPES)
        },
    },
    "responses": {
        "202": {"description": "It was received, as JSON for a script."},
        "303": {"description": "Thank you: see the page that the form asked for."},
        # A browser is told on a page what a script is told as a problem.
        **{
            status: {"content": {"text/html": {"schema": {"type": "string"}}}}
            for status in ("403", "404", "413", "415", "422", "429", "503")
        },
    },
}


@dataclass(frozen=True, slots=True)
class Counter:
    """Where forms are handed in."""

    gate: Gate
    door: LeadDoor
    tokens: FillTokens
    captchas: Captchas

    async def take(self, request: Request, form: Form, origin: Origin) -> Response:
        """Take one form. Raises what the gate, the body and the committer do."""
        try:
            self.gate.admit(request, form)
        except TooOften as refused:
            return _too_often(request, refused)
        await self.door.admit(form.source)
        sent = await read_form(request)
        fields: Mapping[str, Any] = {} if isinstance(sent.fields, RefusedDraft) else sent.fields
        submission = replace(
            await self._submission(sent, form, origin),
            circumstances=self.gate.circumstances(request),
        )
        outcome = await self.door.committer.submit(submission)
        if wants_json(request, is_by_script=sent.is_by_script):
            return json_for(outcome, form, request)
        return page_for(outcome, fields, form, request)

    async def _submission(self, sent: Sent, form: Form, origin: Origin) -> Submission:
        now = self.gate.clock.now()
        submission = Submission(
            source_id=form.source.id,
            draft=RefusedDraft("malformed", None, ""),
            body=sent.body,
            content_type=sent.content_type,
            origin=origin,
            received_at=now,
            component=FORM,
            contract_version=form.source.contract_version,
        )
        if isinstance(sent.fields, RefusedDraft):
            return replace(submission, draft=sent.fields)
        draft = draft_of(sent, sent.fields, form, now=now, region=self.door.region)
        text = sent.fields.get(TOKEN_FIELD)
        token = self.tokens.read(text, form) if isinstance(text, str) else None
        if isinstance(draft, LeadDraft):
            reason = self._suspicion(sent.fields, token, form)
            draft = await self._guarded(draft, reason, sent.fields, form)
        return replace(submission, draft=draft, idempotency=sameness(token, sent.body))

    def _suspicion(
        self, fields: Mapping[str, Any], token: FillToken | None, form: Form
    ) -> SpamReason | None:
        if fields.get(form.source.honeypot):
            return SpamReason.HONEYPOT
        if token is None and fields.get(TOKEN_FIELD) is not None:
            return SpamReason.TOKEN_FORGED
        uses = 0 if token is None else self.tokens.use(token)
        return judged(token, uses, self.gate.clock.now(), form.rules)

    async def _guarded(
        self, draft: LeadDraft, reason: SpamReason | None, fields: Mapping[str, Any], form: Form
    ) -> LeadDraft | RefusedDraft:
        captcha = form.rules.captcha
        if reason is None and captcha is not None:
            response = fields.get(RESPONSE_FIELDS[captcha.provider])
            answer = await self.captchas.ask(form, captcha, response)
            is_away = answer is CaptchaAnswer.AWAY
            if is_away and captcha.when_away is WhenAway.TAKE:
                draft = unverified(draft)
            elif answer is not CaptchaAnswer.PASSED:
                reason = SpamReason.CAPTCHA
        if reason is not None:
            metrics.FORM_SPAM.labels(reason.value).inc()
            return as_spam(draft, reason)
        return as_awaiting(draft) if form.rules.double_opt_in else draft


def add_submitting(router: APIRouter, counter: Counter) -> None:
    """`POST /f/{form_key}`."""

    @router.post("/f/{form_key}", response_class=HTMLResponse, openapi_extra=FORM_BODY)
    async def submit_form(
        form_key: FormKey, request: Request, origin: Annotated[Origin, Depends(request_origin)]
    ) -> Response:
        """Take what a form sends: 303 to an allow-listed page, or a page that says thank you."""
        form = await counter.gate.form(form_key)
        return await readable(request, form, counter.take(request, form, origin))


def sameness(token: FillToken | None, body: bytes) -> Idempotency | None:
    """The same fields from the same page are the same lead."""
    if token is None:
        return None
    digest = hashlib.sha256(b"form:" + token.nonce + hashlib.sha256(body).digest())
    return Idempotency(digest.digest(), b"", SAME_FOR)


def _too_often(request: Request, refused: TooOften) -> Response:
    headers = {"retry-after": str(refused.retry_after_seconds)}
    detail = "too many came by this form: try again in a moment"
    if wants_json(request, is_by_script=False):
        return ProblemResponse(request, 429, detail, kind="too-many", headers=headers)
    response = notice(request, "Too many at once", f"{detail[:1].upper()}{detail[1:]}.", status=429)
    response.headers.update(headers)
    return response
