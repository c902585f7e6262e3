"""What was heard before pursuits were kept is counted all the same."""

import asyncio

import asyncpg

from baton import migrations
from support.databases import MIGRATIONS, Templates
from support.facts import NOON

LEADS = """
insert into leads (id, person_id, source_id, channel, received_at, happened_at, correlation_id,
  own_state, state, sales_state, prospect_id, deal_id, deal_version, outcome, amount, currency,
  closed_at)
select ('00000000-0000-0000-0000-00000000000' || n)::uuid, $1, $1, 'email', $2, $2, $1, 'captured',
  'won', 'won', $1, 'deal', 2, 'won', 12.50, 'EUR', $2 from generate_series(1, 2) n
"""
STEPS = """
insert into lead_steps (lead_id, event_id, type, happened_at, recorded_at, heard_at)
select l.id, e.id::uuid, 'io.baton.' || e.type || '.v1', $1::timestamptz + e.later, now(), now()
from leads l, (values
  ('00000000-0000-0000-0001-000000000001', 'ProspectOffered', interval '0'),
  ('00000000-0000-0000-0001-000000000002', 'ProspectAccepted', interval '1 hour'),
  ('00000000-0000-0000-0001-000000000003', 'DealClosed', interval '2 hours'),
  ('00000000-0000-0000-0001-000000000004', 'OutcomeCorrected', interval '3 hours')
) as e (id, type, later)
"""


async def test_acceptances_and_the_standing_word_are_taken_over(templates: Templates) -> None:
    url = await templates.copy("marketing_intake")
    folder = MIGRATIONS["marketing_intake"]
    await asyncio.to_thread(migrations.downgrade, folder, url, "0007")
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    person_id = "00000000-0000-0000-0002-000000000001"
    await connection.execute(LEADS, person_id, NOON)
    await connection.execute(STEPS, NOON)

    await asyncio.to_thread(migrations.upgrade, folder, url)

    rows = await connection.fetch(
        "select reached, cardinality(lead_ids) as leads, version, amount from pursuit_steps"
        " order by reached"
    )
    await connection.close()
    assert [tuple(row) for row in rows] == [("accepted", 2, None, None), ("won", 2, 2, 12.5)]
