"""The rules of matching as they are kept, and how far they have been applied to who was known."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from baton.database import Reader
from baton.transaction import Transaction
from marketing_intake.domain.identity_rules import (
    DEFAULT_RULES,
    MatchRules,
    checked_blocked,
    checked_limits,
    key_text,
    parsed_keys,
)

COLUMNS: Final = """
(select jsonb_build_object('version', version, 'keys', keys, 'limits', limits, 'blocked', blocked)
 from match_rules order by version desc limit 1) as rules,
(select pepper from peppers where name = 'company') as pepper
"""
"""What any look-up of a source brings with it, so that its leads are read by the rules."""
IN_FORCE_SQL: Final = f"select {COLUMNS}"
INSERT_SQL: Final = """
insert into match_rules (version, keys, limits, blocked, created_at, created_by)
values ($1, $2, $3, $4, $5, $6)
"""
HISTORY_SQL: Final = """
select version, keys, limits, blocked, created_at, created_by from match_rules
order by version desc limit $1
"""
HISTORY_MAX: Final = 50
CHANGED_SQL: Final = "select max(created_at) from match_rules"


async def in_force(reader: Reader) -> MatchRules:
    """The rules that leads are matched by now."""
    row = await reader.fetchrow(IN_FORCE_SQL)
    return DEFAULT_RULES if row is None else rules_of(row["rules"], row["pepper"])


def rules_of(kept: Mapping[str, Any] | None, pepper: bytes | None) -> MatchRules:
    """Rules from what `COLUMNS` brought; the defaults where nothing was ever changed."""
    if kept is None:
        return MatchRules(pepper=pepper or b"")
    return MatchRules(
        keys=parsed_keys(kept["keys"]),
        limits=checked_limits(kept["limits"]),
        blocked=checked_blocked(kept["blocked"]),
        pepper=pepper or b"",
        version=kept["version"],
    )


async def insert(tx: Transaction, rules: MatchRules, *, who: str) -> None:
    """Put rules in force. Lock first, or two of one version may meet."""
    await tx.execute(
        INSERT_SQL,
        rules.version,
        [key_text(key) for key in rules.keys],
        dict(rules.limits),
        sorted(rules.blocked),
        tx.now,
        who,
    )


async def history(reader: Reader) -> list[dict[str, Any]]:
    """The versions there were, newest first."""
    return [dict(row) for row in await reader.fetch(HISTORY_SQL, HISTORY_MAX)]


async def changed_at(reader: Reader) -> datetime | None:
    """When they were changed last; None: never."""
    moment: datetime | None = await reader.fetchval(CHANGED_SQL)
    return moment
