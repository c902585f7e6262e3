"""Capture: a batch of what came becomes people, leads, kept payloads and what is said of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from baton.contracts.marketing import ContactCard, LeadCaptured
from baton.contracts.vocabulary import LeadState
from baton.ids import new_id
from baton.transaction import Origin, Transaction
from marketing_intake.domain.draft import LeadDraft, RefusedDraft, merged_card
from marketing_intake.domain.resolve import Resolution, resolve
from marketing_intake.handlers.submission import (
    Idempotency,
    Kept,
    KeyReused,
    Outcome,
    Replayed,
    Submission,
    Taken,
    answer_of,
)
from marketing_intake.repository import capturing
from marketing_intake.repository.capturing import CapturedRows, KnownCard

RECEIVED: Final = "received"


@dataclass(slots=True)
class _Batch:
    """What one batch knows while it is decided."""

    resolution: Resolution
    cards: dict[str, KnownCard]
    campaigns: dict[str, str]
    rows: CapturedRows = field(default_factory=CapturedRows)
    changed: dict[str, tuple[dict[str, object], int, Origin]] = field(default_factory=dict)


async def capture(batch: Sequence[Submission], tx: Transaction) -> list[Outcome]:
    """Take what can be taken, keep what can't; one outcome for each, in order."""
    answered = await _answered_before(batch, tx)
    fresh = [n for n in range(len(batch)) if n not in answered]
    drafts = [d for n in fresh if isinstance(d := batch[n].draft, LeadDraft)]
    state = await _load(drafts, tx)
    outcomes: dict[int, Outcome] = dict(answered)
    person_ids = iter(state.resolution.person_ids)
    for n in fresh:
        submission = batch[n]
        match submission.draft:
            case LeadDraft() as draft:
                outcomes[n] = _take(submission, draft, state, tx, person_id=next(person_ids))
            case RefusedDraft() as refused:
                outcomes[n] = _keep(submission, refused, state)
        _remember(submission, outcomes[n], state)
    if fresh:
        _say_cards(state, tx)
        tx.tally(RECEIVED, len(fresh))
        await capturing.save(tx, state.rows, tx.now)
    _repeat_within(batch, outcomes)
    return [outcomes[n] for n in range(len(batch))]


async def _answered_before(batch: Sequence[Submission], tx: Transaction) -> dict[int, Outcome]:
    """Keys that were answered before, and keys that stand twice in this very batch."""
    keyed = [(n, s, s.idempotency) for n, s in enumerate(batch) if s.idempotency is not None]
    stored = await capturing.load_answers(tx, [(s.source_id, i.key_hash) for _, s, i in keyed])
    found: dict[int, Outcome] = {}
    first: dict[tuple[str, bytes], int] = {}
    for n, submission, idempotency in keyed:
        key = (submission.source_id, idempotency.key_hash)
        answer = stored.get(key)
        if answer is not None:
            is_same = answer.fingerprint == idempotency.fingerprint
            found[n] = Replayed(answer.status, answer.body) if is_same else KeyReused()
        elif key in first:
            found[n] = KeyReused()  # looked at again once the first one has its answer
        else:
            first[key] = n
    return found


def _repeat_within(batch: Sequence[Submission], outcomes: dict[int, Outcome]) -> None:
    """Give a key's second request of this batch the first one's answer, when it is the same."""
    first: dict[tuple[str, Idempotency], Outcome] = {}
    for n, submission in enumerate(batch):
        if submission.idempotency is None:
            continue
        key = (submission.source_id, submission.idempotency)
        if isinstance(outcomes[n], KeyReused) and key in first:
            outcomes[n] = Replayed(*answer_of(first[key]))
        elif isinstance(outcomes[n], Taken | Kept):
            first[key] = outcomes[n]


async def _load(drafts: Sequence[LeadDraft], tx: Transaction) -> _Batch:
    names = {draft.campaign for draft in drafts if draft.campaign}
    known, campaigns = await capturing.find(
        tx, {i for d in drafts for i in d.identifiers}, campaigns=names
    )
    known_people = sorted(set(known.values()))
    cards: dict[str, KnownCard] = {}
    if known_people:
        await tx.lock_people(known_people)
        cards = await capturing.load_cards(tx, known_people)
        # Who was forgotten while we waited for the lock is nobody's acquaintance any more.
        known = {one: person_id for one, person_id in known.items() if person_id in cards}
    resolution = resolve([draft.identifiers for draft in drafts], known, new_id)
    return _Batch(resolution, cards, campaigns)


def _take(
    submission: Submission, draft: LeadDraft, state: _Batch, tx: Transaction, *, person_id: str
) -> Taken:
    lead_id = new_id()
    campaign_id = state.campaigns.get(draft.campaign or "")
    state.rows.leads.append(
        {
            "id": lead_id,
            "person_id": person_id,
            "source_id": submission.source_id,
            "campaign_id": campaign_id,
            "channel": draft.channel,
            "happened_at": draft.happened_at,
            "correlation_id": submission.origin.correlation_id,
            "state": draft.own_state,
            "details": draft.details,
        }
    )
    _add_payload(lead_id, submission, None, state)
    if draft.own_state is LeadState.CAPTURED:
        _learn_card(person_id, draft, submission.origin, state)
        fact = _fact(
            draft, submission, lead_id=lead_id, person_id=person_id, campaign_id=campaign_id
        )
        tx.publish(
            fact,
            key=person_id,
            subject=lead_id,
            cause=submission.origin,
            happened_at=draft.happened_at,
        )
    elif person_id in state.resolution.new_people:
        state.changed.setdefault(person_id, ({}, 1, submission.origin))
    return Taken(lead_id, person_id, draft.own_state)


def _fact(
    draft: LeadDraft,
    submission: Submission,
    *,
    lead_id: str,
    person_id: str,
    campaign_id: str | None,
) -> LeadCaptured:
    # The draft is checked; validating the fact again would cost as much as reading the request.
    return LeadCaptured.trusted(
        lead_id=lead_id,
        person_id=person_id,
        source_id=submission.source_id,
        campaign_id=campaign_id,
        channel=draft.channel,
        email_kind=draft.email_kind,
        seniority=draft.seniority,
        country=draft.country,
        fields=draft.fields,
        consent=draft.consent,
        traits=dict(draft.traits),
        is_test=False,
        received_at=submission.received_at,
    )


def _learn_card(person_id: str, draft: LeadDraft, origin: Origin, state: _Batch) -> None:
    changed, known = state.changed.get(person_id), state.cards.get(person_id)
    if changed is not None:
        state.changed[person_id] = (merged_card(changed[0], draft.card), changed[1], origin)
    elif known is None:
        state.changed[person_id] = (dict(draft.card), 1, origin)
    else:
        card = merged_card(known.card, draft.card)
        if card != known.card:
            state.changed[person_id] = (card, known.version + 1, origin)


def _say_cards(state: _Batch, tx: Transaction) -> None:
    for person_id, (card, version, origin) in state.changed.items():
        state.rows.add_card(person_id, card, version)
        if card:
            fact = ContactCard.trusted(
                **{"person_id": person_id, "version": version, "external_ids": {}, **card}
            )
            tx.publish(fact, key=person_id, subject=person_id, cause=origin)
    state.rows.add_identifiers(state.resolution.learned)


def _keep(submission: Submission, refused: RefusedDraft, state: _Batch) -> Kept:
    payload_id = new_id()
    _add_payload(payload_id, submission, refused, state)
    return Kept(payload_id, refused)


def _add_payload(
    payload_id: str, submission: Submission, refused: RefusedDraft | None, state: _Batch
) -> None:
    row: dict[str, object] = {
        "id": payload_id,
        "source_id": submission.source_id,
        "content_type": submission.content_type,
        "status": "taken" if refused is None else "refused",
    }
    if refused is not None:
        row |= {"kind": refused.kind, "field": refused.field, "detail": refused.detail}
    state.rows.payloads.append(row)
    state.rows.bodies.append(submission.body)


def _remember(submission: Submission, outcome: Outcome, state: _Batch) -> None:
    kept = submission.idempotency
    if kept is not None:
        status, body = answer_of(outcome)
        state.rows.answers.append(
            (submission.source_id, kept.key_hash, kept.fingerprint, status, body)
        )
