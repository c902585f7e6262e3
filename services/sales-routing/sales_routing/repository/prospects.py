"""Prospects, their leads and offers: loaded by person or by id, saved as sets."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from asyncpg import Record

from baton.contracts.vocabulary import DealStage, Outcome, UnassignedReason
from baton.database import Reader
from sales_routing.domain.prospect import (
    CLOSED,
    Accepted,
    Closed,
    Erased,
    Lead,
    Offer,
    Offered,
    OfferRole,
    Open,
    Place,
    Prospect,
    ProspectState,
    Superseded,
    Waiting,
    Withdrawn,
)
from sales_routing.repository.profiles import profile_of

PROSPECTS_SQL: Final = """
select p.id, p.person_id, p.state, p.before_state, p.superseded_by, p.rep_id, p.offer_id, p.reason,
  p.due_at, p.pool_id, p.is_said, p.tried, p.stage, p.profile, p.opened_at, p.correlation_id,
  p.traceparent, o.rep_id as offer_rep_id, o.pool_id as offer_pool_id, o.decision_number, o.role,
  o.offered_at, o.deadline
from prospects p left join offers o on o.id = p.offer_id
"""
BY_PERSON_SQL: Final = f"{PROSPECTS_SQL} where p.person_id = any ($1::uuid[])"
BY_ID_SQL: Final = f"{PROSPECTS_SQL} where p.id = any ($1::uuid[])"
PEOPLE_OF_SQL: Final = "select id, person_id from prospects where id = any ($1::uuid[])"
LEADS_SQL: Final = """
select lead_id, person_id, prospect_id, home_id, proposed_id, received_at from prospect_leads
where prospect_id = any ($1::uuid[]) order by prospect_id, received_at, lead_id
"""
KNOWN_LEADS_SQL: Final = "select lead_id from prospect_leads where lead_id = any ($1::uuid[])"


async def people_of(reader: Reader, prospect_ids: Iterable[str]) -> dict[str, str]:
    """Whose these prospects are, by prospect id; unknown ones are missing. It never changes."""
    rows = await reader.fetch(PEOPLE_OF_SQL, list(prospect_ids))
    return {row["id"]: row["person_id"] for row in rows}


async def load_by_person(reader: Reader, person_ids: Iterable[str]) -> list[Prospect]:
    """All prospects that were opened for these people."""
    return await _with_leads(reader, await reader.fetch(BY_PERSON_SQL, list(person_ids)))


async def load_by_id(reader: Reader, prospect_ids: Iterable[str]) -> list[Prospect]:
    """These prospects; unknown ones are missing."""
    return await _with_leads(reader, await reader.fetch(BY_ID_SQL, list(prospect_ids)))


async def known_leads(reader: Reader, lead_ids: Sequence[str]) -> set[str]:
    """Which of these leads have been heard of before."""
    return {row["lead_id"] for row in await reader.fetch(KNOWN_LEADS_SQL, lead_ids)}


async def _with_leads(reader: Reader, rows: Sequence[Record]) -> list[Prospect]:
    if not rows:
        return []
    leads: dict[str, list[Lead]] = {row["id"]: [] for row in rows}
    for row in await reader.fetch(LEADS_SQL, list(leads)):
        leads[row["prospect_id"]].append(_lead(row))
    return [_prospect(row, leads) for row in rows]


def _lead(row: Record) -> Lead:
    return Lead(
        id=row["lead_id"],
        person_id=row["person_id"],
        home_id=row["home_id"],
        proposed_id=row["proposed_id"],
        received_at=row["received_at"],
    )


def _prospect(row: Record, leads: Mapping[str, Sequence[Lead]]) -> Prospect:
    return Prospect(
        id=row["id"],
        person_id=row["person_id"],
        profile=profile_of(row["profile"]),
        opened_at=row["opened_at"],
        correlation_id=row["correlation_id"],
        traceparent=row["traceparent"],
        leads=tuple(leads[row["id"]]),
        place=_place(row),
        tried=tuple(row["tried"]),
        stage=None if row["stage"] is None else DealStage(row["stage"]),
    )


def _place(row: Record) -> Place:
    state = ProspectState(row["state"])
    if state in CLOSED:
        return Closed(Outcome(state.value), row["rep_id"])
    match state:
        case ProspectState.SUPERSEDED:
            return Superseded(row["superseded_by"], _open(ProspectState(row["before_state"]), row))
        case ProspectState.WITHDRAWN:
            return Withdrawn()
        case ProspectState.ERASED:
            return Erased()
        case _:
            return _open(state, row)


def _open(state: ProspectState, row: Record) -> Open:
    match state:
        case ProspectState.OFFERED:
            return Offered(_offer(row))
        case ProspectState.ACCEPTED:
            return Accepted(_offer(row))
        case _:
            reason = UnassignedReason(row["reason"])
            return Waiting(reason, row["due_at"], row["pool_id"], row["is_said"])


def _offer(row: Record) -> Offer:
    return Offer(
        id=row["offer_id"],
        prospect_id=row["id"],
        rep_id=row["offer_rep_id"],
        pool_id=row["offer_pool_id"],
        decision_number=row["decision_number"],
        role=OfferRole(row["role"]),
        offered_at=row["offered_at"],
        deadline=row["deadline"],
    )
