"""Campaigns as they are kept: with their calls to action, and what was spent for them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import asyncpg

from baton.contracts.vocabulary import Channel
from baton.database import Reader
from baton.errors import Conflict, NotFound
from baton.transaction import Transaction
from marketing_intake.domain.campaign import CallToAction, Campaign, CostEntry
from marketing_intake.domain.target import Between, Condition, OneOf
from marketing_intake.tables import CallToActionRow, CampaignCostRow

CAMPAIGNS_MAX: Final = 1000
COSTS_MAX: Final = 1000
INSERT_SQL: Final = """
insert into campaigns (id, name, starts_on, ends_on, owner, target, created_at)
values ($1, $2, $3, $4, $5, $6, $7)
"""
UPDATE_SQL: Final = """
update campaigns set name = $2, starts_on = $3, ends_on = $4, owner = $5, target = $6 where id = $1
"""
SELECT_SQL: Final = """
select c.id, c.name, c.starts_on, c.ends_on, c.owner, c.target,
  coalesce((select jsonb_agg(jsonb_build_object('id', a.id, 'title', a.title,
    'audience', a.audience) order by a.created_at, a.id)
    from calls_to_action a where a.campaign_id = c.id), '[]') as calls
from campaigns c
"""
ONE_SQL: Final = f"{SELECT_SQL} where c.id = $1"
LOCK_SQL: Final = "select id from campaigns where id = $1 for update"
ALL_SQL: Final = f"{SELECT_SQL} order by c.name limit $1"
CALL_COLUMNS: Final = ("id", "campaign_id", "title", "audience", "created_at")
CALLS_SUFFIX: Final = """
on conflict (id) do update set title = excluded.title, audience = excluded.audience
where calls_to_action.campaign_id = excluded.campaign_id
"""
FOREIGN_SQL: Final = """
select count(*) from calls_to_action where id = any ($1::text[]) and campaign_id <> $2
"""
COST_COLUMNS: Final = (
    "campaign_id", "reference", "spent_on", "amount", "currency", "channel", "note", "recorded_at",
)  # fmt: skip
KNOWN_COSTS_SQL: Final = """
select reference, spent_on, amount, currency, channel, note from campaign_costs
where campaign_id = $1 and reference = any ($2::text[])
"""
COSTS_SQL: Final = """
select reference, spent_on, amount, currency, channel, note, recorded_at from campaign_costs
where campaign_id = $1 order by spent_on desc, reference limit $2
"""
TAKEN: Final = "there is a campaign of that name already"


async def insert(tx: Transaction, campaign: Campaign) -> None:
    """Keep a new campaign. Raises `Conflict` when its name or a call's id is taken."""
    try:
        await tx.execute(INSERT_SQL, *_values(campaign), tx.now)
    except asyncpg.UniqueViolationError:
        raise Conflict(TAKEN, field="name") from None
    await _save_calls(tx, campaign)


async def update(tx: Transaction, campaign: Campaign) -> None:
    """Keep a changed campaign. Raises `Conflict` as above."""
    try:
        await tx.execute(UPDATE_SQL, *_values(campaign))
    except asyncpg.UniqueViolationError:
        raise Conflict(TAKEN, field="name") from None
    await _save_calls(tx, campaign)


async def locked(tx: Transaction, campaign_id: str) -> Campaign:
    """The campaign, changed by nobody else until this transaction ends. Raises `NotFound`."""
    await tx.execute(LOCK_SQL, campaign_id)
    return await find(tx, campaign_id)


async def find(reader: Reader, campaign_id: str) -> Campaign:
    """The campaign of this id. Raises `NotFound`."""
    row = await reader.fetchrow(ONE_SQL, campaign_id)
    if row is None:
        raise NotFound("there is no such campaign", field="campaign_id")
    return _campaign(row)


async def list_all(reader: Reader) -> list[Campaign]:
    """All campaigns, by name."""
    return [_campaign(row) for row in await reader.fetch(ALL_SQL, CAMPAIGNS_MAX)]


async def insert_costs(tx: Transaction, campaign_id: str, entries: Sequence[CostEntry]) -> None:
    """Keep entries whose references are new."""
    rows = [
        (campaign_id, e.reference, e.spent_on, e.amount, e.currency, e.channel, e.note, tx.now)
        for e in entries
    ]
    await tx.insert(CampaignCostRow, COST_COLUMNS, rows)


async def known_costs(
    reader: Reader, campaign_id: str, references: Iterable[str]
) -> dict[str, CostEntry]:
    """The campaign's entries with these references."""
    rows = await reader.fetch(KNOWN_COSTS_SQL, campaign_id, list(references))
    return {row["reference"]: _cost(row) for row in rows}


async def list_costs(reader: Reader, campaign_id: str) -> list[Mapping[str, Any]]:
    """The campaign's entries, the latest day first."""
    return [dict(row) for row in await reader.fetch(COSTS_SQL, campaign_id, COSTS_MAX)]


def documents(target: Iterable[Condition]) -> list[dict[str, object]]:
    """The conditions as JSON says them."""
    return [_document(condition) for condition in target]


async def _save_calls(tx: Transaction, campaign: Campaign) -> None:
    calls = campaign.calls_to_action
    rows = [(call.id, campaign.id, call.title, call.audience, tx.now) for call in calls]
    await tx.insert(CallToActionRow, CALL_COLUMNS, rows, CALLS_SUFFIX)
    # Looked at afterwards, so that two campaigns that take one id at once can't both have it.
    if await tx.fetchval(FOREIGN_SQL, [call.id for call in calls], campaign.id):
        raise Conflict("another campaign has a call of that id", field="calls_to_action")


def _values(campaign: Campaign) -> tuple[object, ...]:
    return (
        campaign.id,
        campaign.name,
        campaign.starts_on,
        campaign.ends_on,
        campaign.owner,
        documents(campaign.target),
    )


def _campaign(row: asyncpg.Record) -> Campaign:
    return Campaign(
        id=row["id"],
        name=row["name"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        owner=row["owner"],
        target=tuple(_condition(entry) for entry in row["target"]),
        calls_to_action=tuple(CallToAction(**entry) for entry in row["calls"]),
    )


def _cost(row: asyncpg.Record) -> CostEntry:
    return CostEntry(
        reference=row["reference"],
        spent_on=row["spent_on"],
        amount=row["amount"],
        currency=row["currency"],
        channel=row["channel"] and Channel(row["channel"]),
        note=row["note"],
    )


def _document(condition: Condition) -> dict[str, object]:
    match condition:
        case OneOf(attribute, any_of):
            return {"attribute": attribute, "any_of": sorted(any_of, key=str)}
        case Between(attribute, at_least, at_most):
            return {"attribute": attribute, "at_least": at_least, "at_most": at_most}


def _condition(entry: Mapping[str, Any]) -> Condition:
    if "any_of" in entry:
        return OneOf(entry["attribute"], frozenset(entry["any_of"]))
    return Between(entry["attribute"], entry["at_least"], entry["at_most"])
