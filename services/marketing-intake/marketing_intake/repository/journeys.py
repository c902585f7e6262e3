"""Leads' journeys as they are kept: loaded and saved for a batch of events at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from baton.contracts.vocabulary import ClosureReason, LeadState, Outcome
from baton.database import Reader, columns_of, json_text
from baton.transaction import Transaction
from marketing_intake.domain.journey import Closure, Journey
from marketing_intake.tables import LeadStepRow, RepRow

LOAD_SQL: Final = """
select id, own_state, scoring_state, sales_state, state, was_qualified, was_accepted, prospect_id,
  rep_id, deal_id, deal_version, outcome, closure_reason, amount, currency, closed_at
from leads where id = any ($1::uuid[])
"""
SAVE_SQL: Final = """
update leads l set scoring_state = n.scoring_state, sales_state = n.sales_state, state = n.state,
  was_qualified = n.was_qualified, was_accepted = n.was_accepted, prospect_id = n.prospect_id,
  rep_id = n.rep_id, deal_id = n.deal_id, deal_version = n.deal_version, outcome = n.outcome,
  closure_reason = n.closure_reason, amount = n.amount, currency = n.currency,
  closed_at = n.closed_at, fit = coalesce(n.fit, l.fit),
  engagement = coalesce(n.engagement, l.engagement),
  policy_version = coalesce(n.policy_version, l.policy_version),
  reasons = coalesce(n.reasons::jsonb, l.reasons),
  missing = coalesce((select array_agg(m) from jsonb_array_elements_text(n.missing::jsonb) m),
    l.missing)
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::boolean[],
  $7::uuid[], $8::uuid[], $9::text[], $10::integer[], $11::text[], $12::text[], $13::numeric[],
  $14::text[], $15::timestamptz[], $16::float8[], $17::float8[], $18::integer[], $19::text[],
  $20::text[]) as n (id, scoring_state, sales_state, state, was_qualified, was_accepted,
  prospect_id, rep_id, deal_id, deal_version, outcome, closure_reason, amount, currency, closed_at,
  fit, engagement, policy_version, reasons, missing)
where l.id = n.id
"""
WIDTH: Final = 20
STEP_COLUMNS: Final = ("lead_id", "event_id", "type", "happened_at", "recorded_at", "heard_at")
NOTHING_TWICE: Final = "on conflict (lead_id, event_id) do nothing"
LATEST_REP: Final = "on conflict (id) do update set name = excluded.name, team = excluded.team"


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a lead's way."""

    lead_id: str
    event_id: str
    type: str
    happened_at: datetime
    recorded_at: datetime


async def load(reader: Reader, lead_ids: Iterable[str]) -> dict[str, Journey]:
    """The journeys of these leads."""
    rows = await reader.fetch(LOAD_SQL, list(lead_ids))
    return {row["id"]: _journey(row) for row in rows}


async def save(tx: Transaction, journeys: Mapping[str, Journey]) -> None:
    """Keep these journeys."""
    if journeys:
        rows = [_row(lead_id, journey) for lead_id, journey in sorted(journeys.items())]
        await tx.execute(SAVE_SQL, *columns_of(rows, WIDTH))


async def save_steps(tx: Transaction, steps: Sequence[Step]) -> None:
    """Keep the events of leads' ways, each once."""
    rows = [(s.lead_id, s.event_id, s.type, s.happened_at, s.recorded_at, tx.now) for s in steps]
    await tx.insert(LeadStepRow, STEP_COLUMNS, rows, NOTHING_TWICE)


async def save_reps(tx: Transaction, reps: Sequence[tuple[str, str, str]]) -> None:
    """Keep the reps' names and teams."""
    await tx.insert(RepRow, ("id", "name", "team"), reps, LATEST_REP)


def _journey(row: asyncpg.Record) -> Journey:
    closure = None
    if row["deal_id"] is not None:
        closure = Closure(
            deal_id=row["deal_id"],
            version=row["deal_version"],
            outcome=Outcome(row["outcome"]),
            reason=row["closure_reason"] and ClosureReason(row["closure_reason"]),
            amount=row["amount"],
            currency=row["currency"],
            closed_at=row["closed_at"],
        )
    return Journey(
        own_state=LeadState(row["own_state"]),
        scoring_state=row["scoring_state"] and LeadState(row["scoring_state"]),
        sales_state=row["sales_state"] and LeadState(row["sales_state"]),
        was_qualified=row["was_qualified"],
        was_accepted=row["was_accepted"],
        prospect_id=row["prospect_id"],
        rep_id=row["rep_id"],
        closure=closure,
        is_erased=row["state"] == LeadState.ERASED,
    )


def _row(lead_id: str, journey: Journey) -> tuple[object, ...]:
    closure, word = journey.closure, journey.scoring
    closed: tuple[object, ...] = (None,) * 7
    if closure is not None:
        closed = (
            closure.deal_id,
            closure.version,
            closure.outcome,
            closure.reason,
            closure.amount,
            closure.currency,
            closure.closed_at,
        )
    scored: tuple[object, ...] = (None,) * 5
    if word is not None:
        reasons = None if word.reasons is None else json_text(word.reasons)
        missing = None if word.missing is None else json_text(word.missing)
        scored = (word.fit, word.engagement, word.policy_version, reasons, missing)
    return (
        lead_id,
        journey.scoring_state,
        journey.sales_state,
        journey.state,
        journey.was_qualified,
        journey.was_accepted,
        journey.prospect_id,
        journey.rep_id,
        *closed,
        *scored,
    )
