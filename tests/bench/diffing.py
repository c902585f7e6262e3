"""A diff over many people: seconds on the clock, and of the processor, in one process.

The people are made by SQL: half have one lead, the others up to three and up to nine activities
over half a year; the draft has fading, frames, bands and another line than the policy that holds.
"""

import time
from dataclasses import dataclass
from typing import Any, Final

from baton.clock import SystemClock
from baton.database import Database
from baton.transactions import Transactions
from bench.yard import Yard
from lead_scoring.handlers import diffing, policies
from lead_scoring.repository.documents import PolicyDocument
from lead_scoring.timers import DIFF_PEOPLE_MAX

SERVICE: Final = "lead-scoring"
WHO: Final = "bench"
EMAILS: Final = "(array['business', 'free', 'disposable'])[1 + n % 3]"
LEADS_SQL: Final = f"""
insert into facts (lead_id, event_id, person_id, happened_at, received_at, is_test, data)
select gen_random_uuid(), gen_random_uuid(), md5('p' || n)::uuid,
  now() - interval '1 day' * (1 + (n * 7 + k * 31) % 180), now(), false,
  jsonb_build_object(
    'attributes', jsonb_build_object(
      'source', md5('s' || n % 20)::uuid, 'email_kind', {EMAILS}, 'channel', 'organic_search',
      'seniority', (array['manager', 'director', 'owner'])[1 + n % 3], 'country', 'DE'
    ),
    'fields', '["email", "company"]'::jsonb, 'consent', '[]'::jsonb
  )
from generate_series(1, $1::integer) as n
cross join lateral generate_series(0, case when n % 2 = 0 then 0 else n % 3 end) as k
"""
ACTIVITIES_SQL: Final = """
insert into activities (activity_id, event_id, person_id, happened_at, kind, data)
select gen_random_uuid(), gen_random_uuid(), md5('p' || n)::uuid,
  now() - interval '1 hour' * (1 + (n * 13 + k * 97) % 4320),
  (array['email_clicked', 'page_viewed', 'demo_requested'])[1 + (n + k) % 3],
  jsonb_build_object('source', md5('s' || n % 20)::uuid)
from generate_series(1, $1::integer, 2) as n
cross join lateral generate_series(0, n % 10) as k
"""
OUTCOMES_SQL: Final = """
insert into outcomes (prospect_id, deal_id, version, event_id, person_id, outcome, amount, currency,
  closed_at, heard_at)
select gen_random_uuid(), n, 1, gen_random_uuid(), md5('p' || n)::uuid, 'won', n % 977 + 0.25,
  (array['EUR', 'BRL'])[1 + n % 2], now(), now()
from generate_series(1, $1::integer, 20) as n
"""
DRAFT: Final[dict[str, Any]] = {
    "name": "Bench",
    "engagement": {"minimum": 0, "maximum": 60, "decay": {"half_life_days": 30}},
    "rules": [
        {"id": "business", "group": "fit", "points": 15, "text": "a business address",
         "when": [{"attribute": "email_kind", "any_of": ["business"]}]},
        {"id": "decides", "group": "fit", "points": 10, "text": "decides",
         "when": [{"attribute": "seniority", "any_of": ["owner", "director"]}]},
        {"id": "company", "group": "fit", "points": 5, "text": "named the company",
         "when": [{"gave_any_of": ["company"]}]},
        {"id": "demo", "group": "engagement", "points": 20, "text": "asked for a demo",
         "activities": ["demo_requested"], "times_max": 2},
        {"id": "clicked", "group": "engagement", "points": 3, "text": "clicked",
         "activities": ["email_clicked"], "within_days": 30, "times_max": 5},
        {"id": "viewed", "group": "engagement", "points": 1, "text": "looked around",
         "activities": ["page_viewed"], "at_least": 2, "times_max": 5},
        {"id": "back", "group": "engagement", "points": 5, "text": "came back", "at_least": 2},
    ],
    "bands": {"fit": {"A": 25, "B": 10}, "engagement": {"1": 30, "2": 10}},
    "line": {"points": 35},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """How long a diff took, and how many people it compared and found changed."""

    seconds: float
    cpu_seconds: float
    people: int
    changed: int


async def measure_diff(yard: Yard, *, people: int) -> dict[str, float]:
    """Seconds for so many people; no service runs, and this process does what one would."""
    await yard.run_only(SERVICE)  # it makes the first policy
    await yard.run_only()
    url = yard.database_url(SERVICE)
    done = await diff_on(url, people=people)
    return {
        "diff_seconds": done.seconds * 100_000 / done.people,
        "diff_service_cpu_seconds": done.cpu_seconds * 100_000 / done.people,
        "diff_changed_share": done.changed / done.people,
    }


async def diff_on(url: str, *, people: int) -> Measured:
    """Fill a database in which a policy holds with so many people, and run a draft over them."""
    database = Database(url, connections_max=2, application=WHO)
    await database.open()
    transactions = Transactions(database, SystemClock(), SERVICE, lambda: None)
    try:
        await _fill(transactions, people)
        diff_id = await _order(transactions)
        started, spent = time.perf_counter(), time.process_time()
        while await _step(transactions) == DIFF_PEOPLE_MAX:
            pass
        seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - spent
        async with transactions.read() as reader:
            diff = await diffing.found(reader, diff_id)
            changed = await reader.fetchval("select count(*) from diff_people")
        return Measured(seconds, cpu_seconds, diff.people, changed)
    finally:
        await database.close()


async def _fill(transactions: Transactions, people: int) -> None:
    async with transactions.begin() as tx:
        for sql in (LEADS_SQL, ACTIVITIES_SQL, OUTCOMES_SQL):
            await tx.execute(sql, people)
    async with transactions.begin() as tx:
        for table in ("facts", "activities", "outcomes"):
            await tx.execute(f"analyze {table}")


async def _order(transactions: Transactions) -> str:
    async with transactions.begin() as tx:
        policy = await policies.draft(PolicyDocument.model_validate(DRAFT), tx, who=WHO)
        return (await diffing.order(policy.version, tx, (None, None), who=WHO)).id


async def _step(transactions: Transactions) -> int:
    async with transactions.begin() as tx:
        return await diffing.diff_some(tx, limit=DIFF_PEOPLE_MAX)
