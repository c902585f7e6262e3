"""Activities: a row, a payload, a fact."""

from baton.contracts.marketing import ActivityRecorded
from baton.ids import new_id
from marketing_intake.domain.draft import ActivityDraft
from marketing_intake.handlers.capture import consents
from marketing_intake.handlers.capture.batch import Batch
from marketing_intake.handlers.submission import Recorded, Submission


def record(submission: Submission, draft: ActivityDraft, batch: Batch) -> Recorded:
    """Record one activity."""
    activity_id, person_id = new_id(), next(batch.person_ids)
    campaign_id, call = batch.campaign_of(draft), batch.call_of(draft)
    batch.rows.activities.append(
        {
            "id": activity_id,
            "person_id": person_id,
            "source_id": submission.source_id,
            "campaign_id": campaign_id,
            "channel": draft.channel,
            "kind": draft.kind,
            "happened_at": draft.happened_at,
            "correlation_id": submission.origin.correlation_id,
            "contract_version": submission.contract_version,
            "suspicion": draft.suspicion,
            "message_id": draft.message_id,
            "call_to_action": call,
            "details": draft.details,
        }
    )
    batch.add_payload(activity_id, submission, "taken", refused=None)
    batch.meet(person_id, submission.origin)
    if draft.card:
        batch.learn_card(person_id, dict(draft.card), submission.origin)
        batch.note_shared(person_id, draft)
    if draft.withdraws or draft.grants:
        consents.write_with_activity(
            submission, draft, batch, activity_id=activity_id, person_id=person_id
        )
    # As with leads: the draft is checked, and checking the fact again would cost as much.
    fact = ActivityRecorded.trusted(
        activity_id=activity_id,
        person_id=person_id,
        source_id=submission.source_id,
        campaign_id=campaign_id,
        channel=draft.channel,
        kind=draft.kind,
        call_to_action=call,
        traits=dict(draft.traits),
        suspicion=draft.suspicion,
        received_at=submission.received_at,
    )
    batch.tx.publish(
        fact,
        key=person_id,
        subject=activity_id,
        cause=submission.origin,
        happened_at=draft.happened_at,
    )
    return Recorded(activity_id, person_id)
