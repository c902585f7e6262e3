"""A pool's decision log, as its replay wants it."""

from typing import Final

from asyncpg import Record

from baton.database import Reader
from sales_routing.domain.log import (
    Entry,
    EntryKind,
    MemberAsked,
    OwnerAsked,
    RepChanged,
    RosterChanged,
    RulesChanged,
    set_of,
)

LOG_SQL: Final = """
select number, kind, prospect_id, rep_id, eligible, document from decisions
where pool_id = $1 order by number
"""


async def decision_log(reader: Reader, pool_id: str) -> list[Entry]:
    """A pool's whole log, in order."""
    return [_entry(row) for row in await reader.fetch(LOG_SQL, pool_id)]


def _entry(row: Record) -> Entry:
    number, document = row["number"], row["document"]
    match EntryKind(row["kind"]):
        case EntryKind.ROSTER:
            return RosterChanged(number, document["weights"])
        case EntryKind.RULES:
            return RulesChanged(number, document["version"], document["fallback_owner_id"])
        case EntryKind.REP:
            return RepChanged(number, row["rep_id"])
        case EntryKind.MEMBER:
            eligible = set_of(row["eligible"])
            return MemberAsked(number, row["prospect_id"], eligible, row["rep_id"])
        case EntryKind.FALLBACK_OWNER:
            return OwnerAsked(number, row["prospect_id"], row["rep_id"])
