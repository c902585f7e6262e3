"""What is no lead and no activity: refused, ignored, still to be fetched, or to be forgotten."""

from dataclasses import replace
from typing import Final

from baton.errors import NotFound
from baton.ids import new_id
from marketing_intake.domain.draft import DeletionDraft, IgnoredDraft, ReferenceDraft, RefusedDraft
from marketing_intake.domain.imprints import imprints_in
from marketing_intake.handlers import erasure
from marketing_intake.handlers.capture.batch import Batch
from marketing_intake.handlers.submission import (
    Kept,
    SetAside,
    Submission,
    event_id,
    fetched_key,
)
from marketing_intake.repository import capturing

FETCH_LEAD: Final = "fetch-lead"
"""The kind of work that fetches a lead which its vendor only announced."""
SUPPRESSED: Final = "suppressed"


def keep(submission: Submission, refused: RefusedDraft, batch: Batch) -> Kept:
    """Keep what can't be taken, so that it can be mended."""
    payload_id = new_id()
    row = batch.add_payload(payload_id, submission, "refused", refused=refused)
    row["imprints"] = _imprints(submission, batch)
    return Kept(payload_id, refused)


def ignore(submission: Submission, draft: IgnoredDraft, batch: Batch) -> SetAside:
    """Keep what asks for nothing, with the word that says why."""
    payload_id = new_id()
    row = batch.add_payload(payload_id, submission, "ignored", refused=None)
    row |= {"kind": draft.reason, "imprints": _imprints(submission, batch)}
    return SetAside(payload_id, "ignored")


def suppress(submission: Submission, batch: Batch) -> SetAside:
    """Count what a list says of somebody who was forgotten, and keep nothing of what it says."""
    payload_id = new_id()
    row = batch.add_payload(payload_id, replace(submission, body=b""), "ignored", refused=None)
    row["kind"] = SUPPRESSED
    return SetAside(payload_id, "ignored")


def await_fetch(submission: Submission, draft: ReferenceDraft, batch: Batch) -> SetAside:
    """Keep the announcement, and order that its lead be fetched."""
    payload_id = new_id()
    row = batch.add_payload(payload_id, submission, "awaiting", refused=None)
    row["imprints"] = _imprints(submission, batch)
    batch.tx.schedule_work(
        FETCH_LEAD,
        {
            "payload_id": payload_id,
            "source_id": submission.source_id,
            "vendor": draft.vendor,
            "lane": draft.vendor,
            "reference": dict(draft.reference),
        },
    )
    return SetAside(payload_id, "awaiting")


async def delete(submission: Submission, draft: DeletionDraft, batch: Batch) -> SetAside:
    """Forget the person of the lead that came under a key; one that comes later is not taken."""
    payload_id = new_id()
    keys = [event_id(draft.lead_key), event_id(fetched_key(draft.lead_key))]
    row = batch.add_payload(payload_id, submission, "ignored", refused=None)
    row |= {"kind": "deletion", "imprints": _imprints(submission, batch)}
    outcome = SetAside(payload_id, "deleted")
    batch.closed += [(submission.source_id, key, outcome) for key in keys]
    hashes = [key.key_hash for key in keys]
    person_id = await capturing.person_behind(batch.tx, submission.source_id, hashes)
    if person_id is not None:
        try:
            await erasure.erase(
                person_id, batch.tx, who=f"source {submission.source_id}", origin=submission.origin
            )
        except NotFound:
            return outcome  # they were forgotten before
    return outcome


def _imprints(submission: Submission, batch: Batch) -> list[bytes] | None:
    """Hashes of whoever may be named in what belongs to nobody, so that they can be forgotten."""
    found = imprints_in(submission.body)
    return sorted(batch.tx.mac(imprint) for imprint in found) or None
