"""What all people of a company add up to, as it was when one of them was looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, assert_never

from baton.database import Reader, rows_text
from lead_scoring.domain.policy import Aggregate, RollUp, RollUpOf

COMPANY_LEADS_MAX: Final = 10_000
"""Of a company with more leads than this only so many are looked at."""
ASKED_COLUMNS: Final = ("person_id", "company_id", "as_of")

ASKED_SQL: Final = (
    "json_to_recordset($1::json) as p (person_id uuid, company_id uuid, as_of timestamptz)"
)
OF_COMPANY_SQL: Final = f"""(
  select f.person_id, f.happened_at, f.data from facts f
  where f.company_id = p.company_id and f.happened_at <= p.as_of and not f.is_test
    and not exists (select from erasures e where e.person_id = f.person_id)
  limit {COMPANY_LEADS_MAX}
)"""  # noqa: S608 our own names
PEOPLE_SQL: Final = f"""
select p.person_id, (select count(distinct c.person_id) from {OF_COMPANY_SQL} c)::float8 as value
from {ASKED_SQL}
"""  # noqa: S608 as above
LEADS_SQL: Final = f"""
select p.person_id, (select count(*) from {OF_COMPANY_SQL} c)::float8 as value from {ASKED_SQL}
"""  # noqa: S608 as above
ACTIVITIES_SQL: Final = f"""
select p.person_id, (
  select count(*) from activities a
  where a.person_id in (select c.person_id from {OF_COMPANY_SQL} c) and a.happened_at <= p.as_of
    and (cardinality($2::text[]) = 0 or a.kind = any ($2::text[]))
    and not exists (select from retractions r where r.activity_id = a.activity_id)
)::float8 as value
from {ASKED_SQL}
"""  # noqa: S608 as above
# Each person's latest number; a company of which no number is known has no value.
TRAIT_SQL: Final = f"""
select p.person_id, (
  select %s(n.number) from (
    select distinct on (c.person_id) (c.data #>> array['attributes', $2])::float8 as number
    from {OF_COMPANY_SQL} c where jsonb_typeof(c.data #> array['attributes', $2]) = 'number'
    order by c.person_id, c.happened_at desc
  ) n
) as value
from {ASKED_SQL}
"""  # noqa: S608 as above
FUNCTIONS: Final[Mapping[Aggregate, str]] = {
    Aggregate.AVERAGE: "avg",
    Aggregate.MAXIMUM: "max",
    Aggregate.MINIMUM: "min",
    Aggregate.SUM: "sum",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose company is looked at, and as of when."""

    person_id: str
    company_id: str
    as_of: datetime


async def read(
    reader: Reader, roll_ups: Mapping[str, RollUp], asked: Sequence[Asked]
) -> dict[str, dict[str, float]]:
    """The values of these roll-ups, by person and rule; what has no value is not there."""
    found: dict[str, dict[str, float]] = {one.person_id: {} for one in asked}
    rows = rows_text(ASKED_COLUMNS, [(one.person_id, one.company_id, one.as_of) for one in asked])
    for rule, roll_up in roll_ups.items():
        sql, *arguments = _statement(roll_up)
        for row in await reader.fetch(sql, rows, *arguments):
            if row["value"] is not None:
                found[row["person_id"]][rule] = row["value"]
    return found


def _statement(roll_up: RollUp) -> tuple[str, *tuple[object, ...]]:
    if roll_up.aggregate is not None:
        return TRAIT_SQL % FUNCTIONS[roll_up.aggregate], roll_up.of
    match RollUpOf(roll_up.of):
        case RollUpOf.PEOPLE:
            return (PEOPLE_SQL,)
        case RollUpOf.LEADS:
            return (LEADS_SQL,)
        case RollUpOf.ACTIVITIES:
            return ACTIVITIES_SQL, sorted(roll_up.kinds)
        case other:
            assert_never(other)
