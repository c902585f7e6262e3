"""What came of the leads that named each campaign, and what was spent for it: plain counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from baton.database import Reader

LEADS_SQL: Final = """
select campaign_id, count(*) as leads, count(*) filter (where was_accepted) as accepted,
  count(*) filter (where sales_state = 'won') as won
from leads where own_state = 'captured' and campaign_id is not null
  and ($1::uuid is null or campaign_id = $1)
group by campaign_id
"""
AMOUNTS_SQL: Final = """
select campaign_id, currency, sum(amount) as amount from leads
where own_state = 'captured' and campaign_id is not null and sales_state = 'won'
  and amount is not null and ($1::uuid is null or campaign_id = $1)
group by campaign_id, currency
"""
COSTS_SQL: Final = """
select campaign_id, currency, sum(amount) as amount from campaign_costs
where $1::uuid is null or campaign_id = $1 group by campaign_id, currency
"""


@dataclass(slots=True)
class CampaignCounts:
    """A campaign's leads and money; amounts by currency."""

    leads: int = 0
    accepted: int = 0
    won: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)
    costs: dict[str, Decimal] = field(default_factory=dict)


async def counts(reader: Reader, campaign_id: str | None = None) -> Mapping[str, CampaignCounts]:
    """The counts of one campaign, or of all; none for a campaign without leads and costs."""
    found: dict[str, CampaignCounts] = {}
    for row in await reader.fetch(LEADS_SQL, campaign_id):
        found[row["campaign_id"]] = CampaignCounts(row["leads"], row["accepted"], row["won"])
    for row in await reader.fetch(AMOUNTS_SQL, campaign_id):
        found[row["campaign_id"]].amounts[row["currency"]] = row["amount"]
    for row in await reader.fetch(COSTS_SQL, campaign_id):
        one = found.setdefault(row["campaign_id"], CampaignCounts())
        one.costs[row["currency"]] = row["amount"]
    return found
