"""Leads: a row, a payload, a fact, and what is learned of its person."""

from baton.contracts.marketing import ContactCard, LeadCaptured
from baton.contracts.vocabulary import LeadState
from baton.ids import new_id
from marketing_intake.domain.draft import LeadDraft
from marketing_intake.domain.target import attributes_of
from marketing_intake.handlers import enriching
from marketing_intake.handlers.capture import consents
from marketing_intake.handlers.capture.batch import Batch
from marketing_intake.handlers.submission import Submission, Taken
from marketing_intake.repository.capturing import Row
from marketing_intake.repository.opt_ins import Asked


def take(submission: Submission, draft: LeadDraft, batch: Batch) -> Taken:
    """Take one lead."""
    lead_id, person_id = new_id(), next(batch.person_ids)
    row: Row = {
        "id": lead_id,
        "person_id": person_id,
        "source_id": submission.source_id,
        "campaign_id": batch.campaign_of(draft),
        "channel": draft.channel,
        "happened_at": draft.happened_at,
        "correlation_id": submission.origin.correlation_id,
        "state": draft.own_state,
        "contract_version": submission.contract_version,
        "company_id": draft.company_id,
        "call_to_action": batch.call_of(draft),
        "originator_id": batch.originator_of(draft),
        "attributes": attributes_of(draft),
        "is_returning": batch.is_returning(person_id, draft),
        "details": draft.details,
    }
    batch.rows.leads.append(row)
    batch.add_payload(lead_id, submission, "taken", refused=None)
    if draft.own_state is LeadState.CAPTURED:
        say(submission, draft, batch, row)
    else:
        batch.meet(person_id, submission.origin)
    if draft.own_state is LeadState.AWAITING_OPT_IN:
        batch.ask(Asked(lead_id, person_id, submission.source_id, draft))
    return Taken(lead_id, person_id, draft.own_state)


def say(submission: Submission, draft: LeadDraft, batch: Batch, row: Row) -> None:
    """Say that the lead of this row was captured, learn its card, keep what it allows."""
    lead_id, person_id = str(row["id"]), str(row["person_id"])
    if draft.consent:
        consents.write_with_lead(submission, draft, batch, lead_id=lead_id, person_id=person_id)
    batch.learn_card(person_id, dict(draft.card), submission.origin)
    batch.note_shared(person_id, draft)
    batch.tx.publish(
        _fact(draft, submission, row),
        key=person_id,
        subject=lead_id,
        cause=submission.origin,
        happened_at=draft.happened_at,
    )
    enriching.order(draft, lead_id, batch.tx)


def _fact(draft: LeadDraft, submission: Submission, row: Row) -> LeadCaptured:
    # The draft is checked; validating the fact again would cost as much as reading the request.
    return LeadCaptured.trusted(
        lead_id=row["id"],
        person_id=row["person_id"],
        source_id=submission.source_id,
        campaign_id=row["campaign_id"],
        channel=draft.channel,
        email_kind=draft.email_kind,
        seniority=draft.seniority,
        department=draft.department,
        country=draft.country,
        company_id=draft.company_id,
        call_to_action=row["call_to_action"],
        originator_id=row["originator_id"],
        is_returning=row["is_returning"],
        fields=draft.fields,
        consent=draft.consent,
        traits=dict(draft.traits),
        is_test=False,
        received_at=submission.received_at,
    )


def say_cards(batch: Batch) -> None:
    """Say each card that the batch made or changed, once."""
    for person_id, (card, version, origin) in batch.changed.items():
        batch.rows.add_card(person_id, card, version, batch.times_of(person_id, card))
        if card:
            fact = ContactCard.trusted(
                **{"person_id": person_id, "version": version, "external_ids": {}, **card}
            )
            batch.tx.publish(fact, key=person_id, subject=person_id, cause=origin)
    batch.rows.add_identifiers(batch.resolution.learned)
