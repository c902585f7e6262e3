"""One real Kafka and one real PostgreSQL for a whole run: named ones, containers, or our own."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest_asyncio


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where Kafka and PostgreSQL answer; the PostgreSQL role may create databases."""

    kafka_bootstrap: str
    postgres_url: str
    outlive_the_run: bool = False


@pytest_asyncio.fixture(scope="session")
async def infrastructure() -> AsyncIterator[Addresses]:
    """What `BATON_TEST_INFRA` asks for: `launcher` (the default), `testcontainers` or `named`."""
    kind = os.environ.get("BATON_TEST_INFRA", "launcher")
    if kind == "testcontainers":
        from support.containers import running_containers

        with running_containers() as addresses:
            yield addresses
    elif kind == "named":
        kafka, postgres = os.environ["BATON_KAFKA_BOOTSTRAP"], os.environ["BATON_POSTGRES_URL"]
        yield Addresses(kafka, postgres, outlive_the_run=True)
    else:
        from support.own_servers import running_servers

        async with running_servers() as addresses:
            yield addresses
