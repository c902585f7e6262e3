"""What sources, channels and campaigns are credited with, what they cost, and what is left."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from baton.database import Reader
from marketing_intake.domain.attribution import Model, credited
from marketing_intake.domain.channels import TITLES
from marketing_intake.domain.numbers import By, Ledger, together
from marketing_intake.domain.period import Period
from marketing_intake.queries.ways import ways

NAMES_SQL: Final = {
    By.SOURCE: "select id, name from sources where id = any ($1::uuid[])",
    By.CAMPAIGN: "select id, name from campaigns where id = any ($1::uuid[])",
}
# What was paid for leads by the piece belongs to where they came from.
BOUGHT_SQL: Final = """
select l.source_id, l.channel, l.campaign_id, s.currency, count(*) * s.cost_per_lead as amount
from leads l join sources s on s.id = l.source_id
where l.own_state = 'captured' and s.cost_per_lead is not null and s.currency is not null
  and ($1::timestamptz is null or l.happened_at >= $1)
  and ($2::timestamptz is null or l.happened_at < $2)
group by l.source_id, l.channel, l.campaign_id, s.currency, s.cost_per_lead
"""
SPENT_SQL: Final = """
select campaign_id, channel, currency, sum(amount) as amount from campaign_costs
where ($1::timestamptz is null or spent_on >= $1 at time zone 'UTC')
  and ($2::timestamptz is null or spent_on < $2 at time zone 'UTC')
group by campaign_id, channel, currency
"""
COLUMN_OF: Final = {By.SOURCE: "source_id", By.CHANNEL: "channel", By.CAMPAIGN: "campaign_id"}


async def ledger(reader: Reader, period: Period, *, by: By, model: Model) -> Ledger:
    """Everything that was reached in the period, credited. Read it in one snapshot."""
    found = Ledger(by)
    async for way in ways(reader, period):
        found.add(credited(way.conversions, way.touches, model))
    return found


async def costs(reader: Reader, period: Period, by: By) -> dict[str | None, dict[str, Decimal]]:
    """What each line cost in the period, by currency: leads by the piece, and campaigns' costs.

    A day's costs count when the day begins (in UTC) within the period. A campaign's costs are no
    single source's, and a channel's only where they say so; else they stand in the line of None,
    so that the lines add up to all that was spent.
    """
    column, found = COLUMN_OF[by], dict[str | None, dict[str, Decimal]]()
    for sql in (BOUGHT_SQL, SPENT_SQL):
        for row in await reader.fetch(sql, period.since, period.end):
            line = {row["currency"]: row["amount"]}
            key = row.get(column)
            found[key] = together(found.get(key, {}), line)
    return found


async def names(reader: Reader, by: By, keys: Iterable[str | None]) -> dict[str, str]:
    """What the lines are called."""
    if by is By.CHANNEL:
        return {channel.value: title for channel, title in TITLES.items()}
    ids = [key for key in keys if key is not None]
    return {row["id"]: row["name"] for row in await reader.fetch(NAMES_SQL[by], ids)}
