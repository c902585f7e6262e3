"""A vendor that posts to a hook of intake's: Typeform, the simplest that signs."""

import base64
import hashlib
import hmac
from typing import Any

import httpx
import orjson

from support.intake_door import IntakeDoor, MadeSource

SECRET = "typeform-signs-with-this"


def a_response(token: str = "t-1", email: str = "ada@example.org") -> dict[str, Any]:
    """One submission of a form, as Typeform sends it."""
    return {
        "event_id": f"event-{token}",
        "event_type": "form_response",
        "form_response": {
            "token": token,
            "submitted_at": "2026-05-04T11:00:00Z",
            "answers": [
                {"type": "email", "email": email, "field": {"id": "f1", "ref": "mail"}},
                {"type": "text", "text": "Ovens", "field": {"id": "f2", "ref": "what"}},
            ],
        },
    }


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """The headers of a body as Typeform signs it."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    signature = f"sha256={base64.b64encode(digest).decode()}"
    return {"typeform-signature": signature, "content-type": "application/json"}


async def a_hook(intake: IntakeDoor, name: str = "form tool", **form: Any) -> MadeSource:
    """A source to which Typeform posts."""
    made = {"kind": "webhook", "vendor": "typeform", "secret": SECRET, "channel": "social"}
    return await intake.source(name, **(made | form))


async def post_hook(
    intake: IntakeDoor, source: MadeSource, body: object, *, secret: str = SECRET, **headers: str
) -> httpx.Response:
    """Post a body, signed with this secret."""
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    sent = signed(content, secret) | headers
    path = f"/hooks/{source.id}/typeform"
    return await intake.client.post(path, content=content, headers=sent)


async def taken_by_hook(intake: IntakeDoor, source: MadeSource, body: object) -> dict[str, int]:
    """Post a body that must be answered 200; returns the counts that are not 0."""
    answer = await post_hook(intake, source, body)
    assert answer.status_code == 200, answer.text
    return {word: count for word, count in answer.json().items() if count}
