"""A service's HTTP door on a real database, without its loops and without a network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import httpx
from prometheus_client import CollectorRegistry

from baton.auth import api_keys
from baton.clock import Clock, SystemClock
from baton.parts import Parts
from baton.service import Service

ADDRESS = "http://service.test"
EMPTY_SQL = """
do $$
declare name text;
begin
  perform set_config('baton.may_delete', 'consents', true);
  for name in
    select tablename from pg_tables where schemaname = 'public'
      and tablename not in ('alembic_version', 'relay_shards')
  loop
    execute format('delete from %I', name);
  end loop;
end $$
"""
"""Many times quicker than a fresh database, for tests that need nothing but empty tables."""


def plain_settings(url: str) -> dict[str, Any]:
    """What every service has to be told; no Kafka answers there."""
    return {
        "database_url": url,
        "kafka_bootstrap": "127.0.0.1:1",
        "secret": "s" * 40,
        "cookies_secure": False,
    }


async def emptied(url: str) -> str:
    """The same database, with nothing in its tables but what its migrations put there."""
    connection = await asyncpg.connect(url)
    await connection.execute(EMPTY_SQL)
    await connection.close()
    return url


@dataclass(frozen=True)
class OpenService:
    """A service that answers HTTP; nothing else of it runs."""

    service: Service
    client: httpx.AsyncClient

    async def key(self, *scopes: str) -> dict[str, str]:
        """The headers of somebody with a new key of these scopes; all scopes when none is named."""
        async with self.service.transactions.begin() as tx:
            text, _ = await api_keys.create_key(tx, "test", scopes or sorted(api_keys.SCOPES))
        return {"authorization": f"Bearer {text}"}

    async def fetch(self, sql: str, *arguments: object) -> list[dict[str, Any]]:
        """Rows of the service's database."""
        async with self.service.transactions.read() as reader:
            return [dict(row) for row in await reader.fetch(sql, *arguments)]

    async def execute(self, sql: str, *arguments: object) -> None:
        """Change the database by hand."""
        async with self.service.transactions.begin() as tx:
            await tx.execute(sql, *arguments)


@asynccontextmanager
async def open_service(parts: Parts, clock: Clock | None = None) -> AsyncIterator[OpenService]:
    """The service of these parts, on a registry of its own, until the block ends."""
    fresh = replace(parts, registry=CollectorRegistry(), clock=clock or SystemClock())
    service = Service(fresh)
    await service.connect()
    transport = httpx.ASGITransport(app=service.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
        yield OpenService(service, client)
    await service.disconnect()
