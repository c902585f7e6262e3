"""Migrations: each service's own, run by alembic on its own database."""

import asyncio
from pathlib import Path
from typing import Final

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

LOCK: Final = 0x0BA7_0003
"""The advisory lock under which one replica migrates while the others wait."""


def driver_url(dsn: str) -> str:
    """The same address with the asyncpg driver named, as SQLAlchemy wants it."""
    return "postgresql+asyncpg://" + dsn.split("://", 1)[1]


def _config(folder: Path, dsn: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["url"] = driver_url(dsn)
    return config


def upgrade(folder: Path, dsn: str) -> None:
    """Bring the database to the head of this folder's migrations; nothing happens at the head."""
    command.upgrade(_config(folder, dsn), "head")


def downgrade(folder: Path, dsn: str, revision: str) -> None:
    """Take migrations back, down to a revision (`base`: all)."""
    command.downgrade(_config(folder, dsn), revision)


def head(folder: Path) -> str | None:
    """The newest revision in the folder."""
    return ScriptDirectory(str(folder)).get_current_head()


def run_env(metadata: MetaData) -> None:
    """What a service's `env.py` calls: run the asked-for migrations on its metadata's database."""
    asyncio.run(_run_online(context.config.attributes["url"], metadata))


async def _run_online(url: str, metadata: MetaData) -> None:
    engine = create_async_engine(url, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate, metadata)
        await connection.commit()
    await engine.dispose()


def _migrate(connection: Connection, metadata: MetaData) -> None:
    connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": LOCK})
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    connection.execute(text("select pg_advisory_unlock(:lock)"), {"lock": LOCK})


async def differences(dsn: str, metadata: MetaData) -> list[object]:
    """What the tables of a migrated database and the metadata disagree about."""
    from alembic.autogenerate import compare_metadata  # it is needed by a test alone

    engine = create_async_engine(driver_url(dsn), poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(
                lambda sync: list(compare_metadata(MigrationContext.configure(sync), metadata))
            )
    finally:
        await engine.dispose()
