"""Everything that sales keeps of somebody, as it is handed out to them."""

from typing import Final

from baton.database import Reader
from baton.exports import Part

THEIRS: Final = "select id from prospects where person_id = any ($1::uuid[])"
PARTS: Final = (
    Part("people", "select * from people where person_id = any ($1::uuid[]) limit $2"),
    Part(
        "merges",
        "select * from merge_members where merge_id in"
        " (select merge_id from merge_members where person_id = any ($1::uuid[])) limit $2",
    ),
    Part(
        "prospects",
        "select p.*, r.name as rep from prospects p left join reps r on r.id = p.rep_id"
        " where p.person_id = any ($1::uuid[]) order by p.opened_at, p.id limit $2",
    ),
    Part(
        "leads",
        "select * from prospect_leads where person_id = any ($1::uuid[])"
        " order by received_at, lead_id limit $2",
    ),
    Part(
        "offers",
        f"select * from offers where prospect_id in ({THEIRS}) order by offered_at, id limit $2",  # noqa: S608 our own words
    ),
    Part(
        "outcomes",
        f"select * from outcomes where prospect_id in ({THEIRS}) order by recorded_at limit $2",  # noqa: S608 as above
    ),
    Part(
        "steps",
        f"select * from handoff_steps where prospect_id in ({THEIRS})"  # noqa: S608 as above
        " order by at, event_id limit $2",
    ),
)
KIN_SQL: Final = """
with recursive kin (id) as (
  select $1::uuid
  union
  select other.person_id from kin
  join merge_members mine on mine.person_id = kin.id and mine.is_active
  join merge_members other on other.merge_id = mine.merge_id and other.is_active
)
select id from kin
where id = $1 or not exists (
  select from people p where p.person_id = kin.id and p.erased_at is not null)
"""


async def kin_of(reader: Reader, person_id: str) -> list[str]:
    """All ids under which this person is known now."""
    return sorted(row["id"] for row in await reader.fetch(KIN_SQL, person_id))
