"""What doors hand to capture, made by hand where no door is needed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from baton.contracts.vocabulary import ActivityKind, Channel
from baton.transaction import Origin
from marketing_intake.domain.draft import ActivityDraft, Draft
from marketing_intake.domain.identity import Identifier
from marketing_intake.handlers.capture import capture
from marketing_intake.handlers.submission import Component, Outcome, Submission
from support.facts import NOON
from support.intake_door import IntakeDoor, MadeSource


def an_activity(
    email: str, kind: ActivityKind, *, minutes: float = 0, **changes: Any
) -> ActivityDraft:
    """Something that somebody did, so many minutes after noon."""
    values: dict[str, Any] = {
        "identifiers": (Identifier("email", email),),
        "card": {"email": email},
        "details": {},
        "kind": kind,
        "happened_at": NOON + timedelta(minutes=minutes),
        "channel": Channel.EMAIL,
    }
    return ActivityDraft(**(values | changes))


async def captured(
    intake: IntakeDoor,
    source: MadeSource,
    *drafts: Draft,
    body: bytes = b"{}",
    circumstances: Mapping[str, str] | None = None,
) -> list[Outcome]:
    """Capture a batch as a door would."""
    now = intake.clock.now()
    submissions = [
        Submission(
            source_id=source.id,
            draft=draft,
            body=body,
            content_type="application/json",
            origin=Origin.fresh(),
            received_at=now,
            component=Component("test"),
            circumstances=circumstances or {},
        )
        for draft in drafts
    ]
    async with intake.opened.service.transactions.begin_at_first_write() as tx:
        return await capture(submissions, tx)
