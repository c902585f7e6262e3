"""Everything that scoring keeps of somebody, as it is handed out to them: none of it names them."""

from typing import Final

from baton.database import Reader
from baton.exports import Part

OF_THEM: Final = "where person_id = any ($1::uuid[])"
PARTS: Final = (
    Part("facts", f"select * from facts {OF_THEM} order by happened_at, lead_id limit $2"),  # noqa: S608 our own words
    Part(
        "leads",
        f"select l.* from leads l join facts f using (lead_id) {OF_THEM} order by lead_id limit $2",  # noqa: S608 as above
    ),
    Part("activities", f"select * from activities {OF_THEM} order by happened_at limit $2"),  # noqa: S608 as above
    Part("retractions", f"select * from retractions {OF_THEM} order by retracted_at limit $2"),  # noqa: S608 as above
    Part("enrichments", f"select * from enrichments {OF_THEM} order by happened_at limit $2"),  # noqa: S608 as above
    Part("due", f"select * from due {OF_THEM} limit $2"),  # noqa: S608 as above
    Part("overrides", f"select * from overrides {OF_THEM} order by set_at limit $2"),  # noqa: S608 as above
    Part("receipts", f"select * from receipts {OF_THEM} order by id limit $2"),  # noqa: S608 as above
    Part("consents", f"select * from consents {OF_THEM} order by happened_at limit $2"),  # noqa: S608 as above
    Part("erasures", f"select * from erasures {OF_THEM} limit $2"),  # noqa: S608 as above
    Part(
        "merges",
        f"select * from merges where id in (select merge_id from merge_members {OF_THEM})"  # noqa: S608 as above
        " order by id limit $2",
    ),
    Part("outcomes", f"select * from outcomes {OF_THEM} order by closed_at, version limit $2"),  # noqa: S608 as above
)
KIN_SQL: Final = """
with recursive kin (id) as (
  select $1::uuid
  union
  select other.person_id from kin
  join merge_members mine on mine.person_id = kin.id
  join merges m on m.id = mine.merge_id and m.is_active
  join merge_members other on other.merge_id = m.id
)
select id from kin where id = $1 or not exists (select from erasures e where e.person_id = kin.id)
"""


async def kin_of(reader: Reader, person_id: str) -> list[str]:
    """All ids under which this person is known now."""
    return sorted(row["id"] for row in await reader.fetch(KIN_SQL, person_id))
