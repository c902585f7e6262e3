"""Saving prospects: what is new is inserted, what changed is updated, each as one set."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from baton.database import columns_of
from baton.transaction import Transaction
from sales_routing.domain.prospect import (
    Accepted,
    Closed,
    Erased,
    Lead,
    Offer,
    Offered,
    OfferState,
    Place,
    Prospect,
    Superseded,
    Waiting,
    Withdrawn,
    state_of,
)
from sales_routing.repository.profiles import document_of
from sales_routing.tables import HandoffStepRow, OfferRow, ProspectLeadRow, ProspectRow

PLACE_COLUMNS: Final = (
    "state",
    "before_state",
    "superseded_by",
    "rep_id",
    "offer_id",
    "reason",
    "due_at",
    "pool_id",
    "is_said",
)
PROSPECT_COLUMNS: Final = (
    "id",
    *PLACE_COLUMNS,
    "received_at",
    "changed_at",
    "tried",
    "stage",
    "person_id",
    "profile",
    "opened_at",
    "correlation_id",
    "traceparent",
)
UPDATE_PROSPECTS_SQL: Final = """
update prospects p set
  state = n.state, before_state = n.before_state, superseded_by = n.superseded_by,
  rep_id = n.rep_id, offer_id = n.offer_id, reason = n.reason, due_at = n.due_at,
  pool_id = n.pool_id, is_said = n.is_said, received_at = n.received_at,
  changed_at = n.changed_at, tried = n.tried::jsonb, stage = n.stage
from unnest(
  $1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[],
  $8::timestamptz[], $9::uuid[], $10::bool[], $11::timestamptz[], $12::timestamptz[],
  $13::text[], $14::text[]
) as n (id, state, before_state, superseded_by, rep_id, offer_id, reason, due_at, pool_id, is_said,
  received_at, changed_at, tried, stage)
where p.id = n.id
"""
LEAD_COLUMNS: Final = (
    "lead_id",
    "person_id",
    "prospect_id",
    "home_id",
    "proposed_id",
    "received_at",
)
MOVE_LEADS_SQL: Final = """
update prospect_leads l set prospect_id = n.prospect_id
from unnest($1::uuid[], $2::uuid[]) as n (lead_id, prospect_id) where l.lead_id = n.lead_id
"""
OFFER_COLUMNS: Final = (
    "id",
    "prospect_id",
    "rep_id",
    "pool_id",
    "decision_number",
    "role",
    "state",
    "offered_at",
    "deadline",
)
ANSWER_OFFERS_SQL: Final = """
update offers o set state = n.state, answered_at = $4, decline_reason = n.decline_reason
from unnest($1::uuid[], $2::text[], $3::text[]) as n (id, state, decline_reason) where o.id = n.id
"""
STEP_COLUMNS: Final = ("event_id", "type", "prospect_id", "at", "rep_id", "actor")
LOCK_REPS_SQL: Final = (
    "select id from reps where id = any ($1::uuid[]) order by id for no key update"
)
HOLD_SQL: Final = """
update reps r set open = r.open + n.change
from unnest($1::uuid[], $2::int[]) as n (id, change) where r.id = n.id
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an open offer."""

    offer_id: str
    state: OfferState
    decline_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One event that was said of a prospect."""

    event_id: str
    type: str
    prospect_id: str
    rep_id: str | None


async def insert_prospects(tx: Transaction, prospects: Iterable[Prospect]) -> None:
    """Add new prospects."""
    rows = [
        (
            *_changing(one, tx.now),
            list(one.tried),
            one.stage,
            one.person_id,
            document_of(one.profile),
            one.opened_at,
            one.correlation_id,
            one.traceparent,
        )
        for one in prospects
    ]
    await tx.insert(ProspectRow, PROSPECT_COLUMNS, rows)


async def update_prospects(tx: Transaction, prospects: Iterable[Prospect]) -> None:
    """Write where these prospects are now."""
    rows = [(*_changing(one, tx.now), _json_list(one.tried), one.stage) for one in prospects]
    if rows:
        await tx.execute(UPDATE_PROSPECTS_SQL, *columns_of(rows, len(rows[0])))


async def insert_leads(tx: Transaction, leads: Iterable[tuple[Lead, str]]) -> None:
    """Add new leads, each with the prospect that it is in."""
    rows = [
        (lead.id, lead.person_id, prospect_id, lead.home_id, lead.proposed_id, lead.received_at)
        for lead, prospect_id in leads
    ]
    await tx.insert(ProspectLeadRow, LEAD_COLUMNS, rows)


async def move_leads(tx: Transaction, leads: Sequence[tuple[Lead, str]]) -> None:
    """Write into which prospects leads have moved."""
    if leads:
        prospect_ids = [prospect_id for _, prospect_id in leads]
        await tx.execute(MOVE_LEADS_SQL, [lead.id for lead, _ in leads], prospect_ids)


async def insert_offers(tx: Transaction, offers: Iterable[Offer]) -> None:
    """Add new, open offers."""
    rows = [
        (
            offer.id,
            offer.prospect_id,
            offer.rep_id,
            offer.pool_id,
            offer.decision_number,
            offer.role,
            OfferState.OPEN,
            offer.offered_at,
            offer.deadline,
        )
        for offer in offers
    ]
    await tx.insert(OfferRow, OFFER_COLUMNS, rows)


async def answer_offers(tx: Transaction, answers: Iterable[Answer]) -> None:
    """Write what became of offers."""
    rows = [(one.offer_id, one.state, one.decline_reason) for one in answers]
    if rows:
        await tx.execute(ANSWER_OFFERS_SQL, *columns_of(rows, len(rows[0])), tx.now)


async def insert_steps(tx: Transaction, steps: Iterable[Step], actor: str) -> None:
    """Add what was said."""
    rows = [(one.event_id, one.type, one.prospect_id, tx.now, one.rep_id, actor) for one in steps]
    await tx.insert(HandoffStepRow, STEP_COLUMNS, rows)


async def hold(tx: Transaction, changes: Counter[str]) -> None:
    """Change how many prospects reps hold."""
    changed = sorted(rep_id for rep_id, change in changes.items() if change)
    if changed:
        await tx.execute(LOCK_REPS_SQL, changed)
        await tx.execute(HOLD_SQL, changed, [changes[rep_id] for rep_id in changed])


def _changing(one: Prospect, now: datetime) -> tuple[object, ...]:
    return (one.id, *_place_columns(one.place), one.received_at, now)


def _place_columns(place: Place) -> tuple[object, ...]:
    match place:
        case Waiting(reason=reason, due_at=due_at, pool_id=pool_id, is_said=is_said):
            return _columns(place, reason=reason, due_at=due_at, pool_id=pool_id, is_said=is_said)
        case Offered(offer=offer) | Accepted(offer=offer):
            return _columns(place, rep_id=offer.rep_id, offer_id=offer.id, pool_id=offer.pool_id)
        case Closed(rep_id=rep_id):
            return _columns(place, rep_id=rep_id)
        case Superseded(by_id=by_id, before=before):
            return ("superseded", state_of(before).value, by_id, *_place_columns(before)[3:])
        case Withdrawn() | Erased():
            return _columns(place)


def _columns(place: Place, *, is_said: bool = False, **values: object) -> tuple[object, ...]:
    named = (values.get(name) for name in PLACE_COLUMNS[1:-1])
    return (state_of(place), *named, is_said)


def _json_list(values: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"
