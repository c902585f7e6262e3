"""Everything that lies in a database, table by table."""

import asyncpg

TABLES_SQL = "select tablename from pg_tables where schemaname = 'public' order by tablename"


async def everything_kept(url: str) -> dict[str, bytes]:
    """All rows of each table as text; bytes as what they spell, where they spell something."""
    connection = await asyncpg.connect(url)
    try:
        names = [row["tablename"] for row in await connection.fetch(TABLES_SQL)]
        return {
            name: b"\n".join(
                _shown(value)
                for row in await connection.fetch(f"select * from {name}")
                for value in row.values()
            )
            for name in names
        }
    finally:
        await connection.close()


def _shown(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
