"""From the findings of a body to submissions: each with its own part of it, and its own key."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from baton.transaction import Origin
from marketing_intake.domain.draft import Draft, IgnoredDraft, RefusedDraft
from marketing_intake.domain.source import Source
from marketing_intake.handlers.submission import Component, Submission, event_id
from marketing_intake.reading.drafts import draft_of_finding
from marketing_intake.reading.findings import Broken, Finding

PART_TYPE: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A body that came from a source, with what is needed to read it, now and again later."""

    source: Source
    component: Component
    body: bytes
    content_type: str
    origin: Origin
    received_at: datetime
    region: str
    headers: Mapping[str, str] | None = None


def submissions_of(findings: Sequence[Finding], arrival: Arrival) -> list[Submission]:
    """One for each finding; a body in which nothing was found is kept as ignored.

    A finding without its vendor's id has the body's own bytes as one: the same bytes again are the
    same thing again.
    """
    if not findings:
        return [_submission(IgnoredDraft("empty"), arrival, arrival.body, _own_key(arrival, 0))]
    return [_submission_of(finding, arrival, place) for place, finding in enumerate(findings)]


def refused_arrival(refused: RefusedDraft, arrival: Arrival) -> Submission:
    """The whole body, as one that can't be read."""
    return _submission(refused, arrival, arrival.body, _own_key(arrival, 0))


def _submission_of(finding: Finding, arrival: Arrival, place: int) -> Submission:
    draft = draft_of_finding(finding, arrival.source, arrival.received_at, arrival.region)
    own = None if isinstance(finding, Broken) else finding.key
    key = own or _own_key(arrival, place)
    if finding.body is None:
        return _submission(draft, arrival, arrival.body, key)
    # A part of a body is kept as JSON, whatever form the whole came in.
    return replace(_submission(draft, arrival, finding.body, key), content_type=PART_TYPE)


def _submission(draft: Draft, arrival: Arrival, body: bytes, key: str) -> Submission:
    return Submission(
        source_id=arrival.source.id,
        draft=draft,
        body=body,
        content_type=arrival.content_type,
        origin=arrival.origin,
        received_at=arrival.received_at,
        idempotency=event_id(key),
        component=arrival.component,
        contract_version=arrival.source.contract_version,
        headers=arrival.headers,
    )


def _own_key(arrival: Arrival, place: int) -> str:
    return f"bytes:{hashlib.sha256(arrival.body).hexdigest()}:{place}"
