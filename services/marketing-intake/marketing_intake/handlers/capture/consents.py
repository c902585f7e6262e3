"""Consent that comes with what is captured: evidence in the batch's own statement."""

import hashlib
from collections.abc import Mapping

from baton.ids import new_id
from marketing_intake.domain.consent import How, Speaker, Wording
from marketing_intake.domain.draft import ActivityDraft, LeadDraft
from marketing_intake.domain.identity import shared_address
from marketing_intake.handlers import consent
from marketing_intake.handlers.capture.batch import Batch, Refusal
from marketing_intake.handlers.submission import Submission
from marketing_intake.repository import consent as evidence
from marketing_intake.repository import identifiers
from marketing_intake.repository.consent import Evidence

NO_WORDING = Wording()


def write_with_lead(
    submission: Submission, draft: LeadDraft, batch: Batch, *, lead_id: str, person_id: str
) -> None:
    """Keep what a lead says of consent, and let it hold where its person has spoken before."""
    wording = draft.wording or NO_WORDING
    speaker = Speaker.PERSON if draft.is_own_act else Speaker.SOURCE
    page = draft.details.get("page_url")
    batch.rows.consents.append(
        _row(submission, How.LEAD, speaker, subject_id=lead_id, person_id=person_id)
        | {
            "happened_at": draft.happened_at,
            "granted": draft.consent,
            "withdrawn": (),
            "text_sha256": None if wording.sha256 is None else f"\\x{wording.sha256}",
            "text_version": wording.version,
            "circumstances": _circumstances(submission, page),
        }
    )
    known = batch.cards.get(person_id)
    if known is not None and known.has_spoken:
        batch.words.append((person_id, submission.origin))


def write_with_activity(
    submission: Submission, draft: ActivityDraft, batch: Batch, *, activity_id: str, person_id: str
) -> None:
    """Keep what an activity says of consent, and let it hold."""
    batch.rows.consents.append(
        _row(submission, How.ACTIVITY, Speaker.PERSON, subject_id=activity_id, person_id=person_id)
        | {
            "happened_at": draft.happened_at,
            "granted": draft.grants,
            "withdrawn": draft.withdraws,
            "circumstances": _circumstances(submission, draft.details.get("url")),
        }
    )
    batch.words.append((person_id, submission.origin))
    address = shared_address(draft.card, draft.identifiers)
    if address is not None and draft.withdraws:
        batch.refusals.append(Refusal(address, person_id, submission, draft))


async def say(batch: Batch) -> None:
    """Say what people allow from now on, where it has changed, once their rows are there."""
    for refusal in batch.refusals:
        await _let_all_refuse(refusal, batch)
    latest = dict(batch.words)
    if latest:
        await consent.settle(latest, batch.tx)


async def _let_all_refuse(refusal: Refusal, batch: Batch) -> None:
    """Let everybody else who has this address refuse: it identifies nobody, and reaches all."""
    submission, draft = refusal.submission, refusal.draft
    found = await identifiers.people_at(batch.tx, refusal.address)
    others = [one for one in found if one != refusal.person_id]
    await batch.tx.lock_people(others)
    words = [
        Evidence(
            id=new_id(),
            person_id=person_id,
            happened_at=draft.happened_at,
            granted=(),
            withdrawn=tuple(draft.withdraws),
            how=How.ACTIVITY,
            speaker=Speaker.PERSON,
            who="person",
            source_id=submission.source_id,
            component=submission.component.name,
            contract_version=submission.contract_version,
        )
        for person_id in others
    ]
    await evidence.insert(batch.tx, words)
    batch.words += [(person_id, submission.origin) for person_id in others]


def _row(
    submission: Submission, how: How, speaker: Speaker, *, subject_id: str, person_id: str
) -> dict[str, object]:
    source = f"source {submission.source_id}"
    return {
        "id": subject_id,
        "person_id": person_id,
        "how": how,
        "speaker": speaker,
        "who": "person" if speaker is Speaker.PERSON else source,
        "source_id": submission.source_id,
        "component": submission.component.name,
        "contract_version": submission.contract_version,
    }


def _circumstances(submission: Submission, page: object) -> Mapping[str, str] | None:
    """Where it was said: the page as its SHA-256, address and agent as the door saw them."""
    found = dict(submission.circumstances)
    if isinstance(page, str):
        found["page_sha256"] = hashlib.sha256(page.encode(errors="surrogatepass")).hexdigest()
    return found or None
