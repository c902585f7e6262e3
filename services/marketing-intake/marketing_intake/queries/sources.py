"""What each source brought, as it stands now."""

from datetime import datetime
from typing import Any, Final

from baton.database import Reader

# What scoring and sales said counts, and not `state`: a person who is forgotten stays counted.
REPORT_SQL: Final = """
select s.id as source_id, s.name as source, l.channel, count(*) as leads,
  count(*) filter (where l.was_qualified) as qualified,
  count(*) filter (where l.was_accepted) as accepted,
  count(*) filter (where l.sales_state = 'won') as won,
  count(*) filter (where l.sales_state = 'lost') as lost,
  count(*) filter (where coalesce(l.sales_state, l.scoring_state) = 'disqualified') as disqualified
from leads l join sources s on s.id = l.source_id
where l.own_state = 'captured' and ($1::timestamptz is null or l.happened_at >= $1)
  and ($2::timestamptz is null or l.happened_at < $2)
group by s.id, s.name, l.channel order by leads desc, s.name, l.channel
"""
AMOUNTS_SQL: Final = """
select source_id, channel, currency, sum(amount) as amount from leads
where own_state = 'captured' and sales_state = 'won' and amount is not null
  and ($1::timestamptz is null or happened_at >= $1)
  and ($2::timestamptz is null or happened_at < $2)
group by source_id, channel, currency
"""


async def source_report(
    reader: Reader, since: datetime | None, until: datetime | None
) -> list[dict[str, Any]]:
    """What each source and channel brought, for leads that happened in the period.

    Amounts are decimals, kept apart by currency; conversion is won leads over leads.
    """
    amounts: dict[tuple[str, str], dict[str, Any]] = {}
    for row in await reader.fetch(AMOUNTS_SQL, since, until):
        amounts.setdefault((row["source_id"], row["channel"]), {})[row["currency"]] = row["amount"]
    return [
        dict(row)
        | {
            "conversion": row["won"] / row["leads"],
            "amounts": amounts.get((row["source_id"], row["channel"]), {}),
        }
        for row in await reader.fetch(REPORT_SQL, since, until)
    ]
