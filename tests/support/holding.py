"""Somebody else's transaction, which holds up whoever wants what it has taken."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

WAITING_SQL = """
select count(*) from pg_stat_activity
where datname = current_database() and wait_event_type = 'Lock'
"""


@dataclass(frozen=True)
class Holding:
    """An open transaction."""

    connection: asyncpg.Connection

    async def take(self, sql: str) -> None:
        """Take the locks of this statement."""
        await self.connection.execute(sql)

    async def holds_somebody_up(self) -> bool:
        """Whether somebody waits for a lock in this database."""
        return bool(await self.connection.fetchval(WAITING_SQL))


@asynccontextmanager
async def held_up(url: str) -> AsyncIterator[Holding]:
    """What is taken is held until the block ends."""
    connection = await asyncpg.connect(url)
    transaction = connection.transaction()
    await transaction.start()
    yield Holding(connection)
    await transaction.rollback()
    await connection.close()
