"""Messages as they are, `message/rfc822`: whoever forwards a mailbox sends them here."""

from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from baton.auth.api_keys import Identity
from baton.http import PROBLEMS, request_origin, require
from baton.transaction import Origin
from marketing_intake.api.door import LeadDoor, answer_to, idempotency_of, respond
from marketing_intake.handlers.sealing import open_config
from marketing_intake.reading.readers import EMAIL, read_email_body
from marketing_intake.reading.submissions import Arrival

MIME: Final = "message/rfc822"
BODY_BYTES_MAX: Final = 30 * 1024 * 1024
BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {MIME: {"schema": {"type": "string", "format": "binary"}}},
    }
}


def make_emails_router(door: LeadDoor) -> APIRouter:
    """`/v1/emails`."""
    router = APIRouter(prefix="/v1", tags=["leads"], responses=PROBLEMS)

    @router.post("/emails", status_code=202, openapi_extra=BODY)
    async def take_email(
        request: Request,
        identity: Annotated[Identity, Depends(require("leads:write"))],
        origin: Annotated[Origin, Depends(request_origin)],
    ) -> Response:
        """Take a message: 202 for a lead, and for what is none (an auto-reply, a bounce) too.

        The same message again, by its Message-ID, has the same answer.
        """
        source = await door.source_for(identity)
        await door.admit(source)
        arrival = Arrival(
            source=source,
            component=EMAIL,
            body=await request.body(),
            content_type=MIME,
            origin=origin,
            received_at=door.transactions.clock.now(),
            region=door.region,
        )
        (submission,) = read_email_body(arrival, open_config(source, door.vault))
        key = request.headers.get("idempotency-key")
        if key is not None:
            own = idempotency_of(key.encode("latin-1"), arrival.body)
            submission = replace(submission, idempotency=own)
        outcome = await door.committer.submit(submission)
        return respond(answer_to(outcome, request.scope["state"]["request_id"]))

    return router
