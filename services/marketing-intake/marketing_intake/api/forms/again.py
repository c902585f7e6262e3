"""A form that was refused is read again, by the rules of now; its visitor can't be asked again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request
from starlette.types import Message

from marketing_intake.api.forms.body import FORM_TYPES, SCRIPT_TYPES, read_form
from marketing_intake.api.forms.drafting import TOKEN_FIELD, draft_of
from marketing_intake.api.forms.submitting import FORM, sameness
from marketing_intake.api.forms.tokens import FillTokens
from marketing_intake.domain.draft import Failure, LeadDraft, RefusedDraft
from marketing_intake.domain.form import Form, WhenAway
from marketing_intake.domain.guarding import (
    FillToken,
    SpamReason,
    as_awaiting,
    as_spam,
    judged,
    unverified,
)
from marketing_intake.handlers.submission import Idempotency, Submission
from marketing_intake.reading.submissions import Arrival
from marketing_intake.repository.forms import rules_in

NO_FORM = RefusedDraft(
    "malformed", None, f"must be one of {', '.join(FORM_TYPES + SCRIPT_TYPES)}", 415, Failure.FORMAT
)


@dataclass(frozen=True, slots=True)
class FormAgain:
    """Reads kept forms, or what somebody has mended in their place.

    Whoever mends a form has looked at it, and vouches that no robot has sent it. That its person
    must confirm it, where the form says so, nobody can vouch for.
    """

    tokens: FillTokens
    came_at: datetime
    is_mended: bool

    async def read(self, arrival: Arrival) -> list[Submission]:
        """What the form holds now."""
        form = Form("", arrival.source, rules_in(arrival.source))
        draft, idempotency = await self._read(arrival, form)
        submission = Submission(
            source_id=arrival.source.id,
            draft=draft,
            body=arrival.body,
            content_type=arrival.content_type,
            origin=arrival.origin,
            received_at=arrival.received_at,
            idempotency=idempotency,
            component=FORM,
            contract_version=arrival.source.contract_version,
        )
        return [submission]

    async def _read(
        self, arrival: Arrival, form: Form
    ) -> tuple[LeadDraft | RefusedDraft, Idempotency | None]:
        type_ = arrival.content_type.split(";")[0].strip().lower()
        if type_ not in FORM_TYPES + SCRIPT_TYPES:
            return NO_FORM, None
        sent = await read_form(_request(arrival))
        if isinstance(sent.fields, RefusedDraft):
            return sent.fields, None
        now = arrival.received_at
        draft = draft_of(sent, sent.fields, form, now=now, region=arrival.region)
        token = self._token(sent.fields, form)
        if isinstance(draft, LeadDraft):
            reason = None if self.is_mended else self._suspicion(sent.fields, token, form)
            draft = _guarded(draft, reason, form)
        # What is mended is not what its sender may send once more.
        return draft, None if self.is_mended else sameness(token, sent.body)

    def _suspicion(
        self, fields: Mapping[str, Any], token: FillToken | None, form: Form
    ) -> SpamReason | None:
        """Its captcha's answer is spent: the form is one that came while the provider was away."""
        if fields.get(form.source.honeypot):
            return SpamReason.HONEYPOT
        if token is None and fields.get(TOKEN_FIELD) is not None:
            return SpamReason.TOKEN_FORGED
        captcha = form.rules.captcha
        if captcha is not None and captcha.when_away is WhenAway.SPAM:
            return SpamReason.CAPTCHA
        return judged(token, 1, self.came_at, form.rules)

    def _token(self, fields: Mapping[str, Any], form: Form) -> FillToken | None:
        text = fields.get(TOKEN_FIELD)
        return self.tokens.read(text, form) if isinstance(text, str) else None


def _guarded(draft: LeadDraft, reason: SpamReason | None, form: Form) -> LeadDraft | RefusedDraft:
    if reason is not None:
        return as_spam(draft, reason)
    if form.rules.captcha is not None:
        draft = unverified(draft)
    return as_awaiting(draft) if form.rules.double_opt_in else draft


def _request(arrival: Arrival) -> Request:
    """The kept body as the request that it was."""
    headers = [(b"content-type", arrival.content_type.encode("latin-1", errors="replace"))]

    async def receive() -> Message:
        return {"type": "http.request", "body": arrival.body, "more_body": False}

    return Request({"type": "http", "method": "POST", "headers": headers}, receive)
