"""The three services as processes of their own, on topics and databases of one test alone."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from baton.auth import api_keys
from baton.clock import SystemClock
from baton.contracts.topics import TOPICS
from baton.database import Database
from baton.ids import new_id
from baton.messaging.kafka import KafkaAccess, create_topics
from baton.transactions import Transactions
from launcher.ports import free_port
from launcher.processes import ChildProcess
from launcher.topology import SERVICES, ServiceSpec, service_environment
from support.databases import Templates
from support.eventually import eventually
from support.infrastructure import Addresses

READY_SECONDS_MAX = 60.0


@dataclass(frozen=True)
class Running:
    """The services by name: a client with every right, and the file that they log to."""

    clients: dict[str, httpx.AsyncClient]
    logs: dict[str, Path]
    access: KafkaAccess
    databases: dict[str, str] = field(default_factory=dict)


@asynccontextmanager
async def running_services(
    infrastructure: Addresses, templates: Templates, folder: Path
) -> AsyncIterator[Running]:
    """All three, ready, until the block ends; they log everything that they can log."""
    access = KafkaAccess(infrastructure.kafka_bootstrap, "test", topic_prefix=f"t{new_id()}.")
    await create_topics(access, TOPICS, partitions=2, replicas=1)
    running = Running({}, {}, access)
    started: list[tuple[ChildProcess, httpx.AsyncClient]] = []
    async with AsyncExitStack() as stack:
        for spec in SERVICES:
            url = await templates.copy(spec.database)
            port = free_port()
            log = folder / f"{spec.name}.log"
            process = ChildProcess(
                spec.name,
                spec.command(),
                log,
                environment=environment(spec, url, access, port),
            )
            process.start()
            stack.callback(process.stop)
            client = httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{port}", headers=await master_key(url), timeout=30
            )
            await stack.enter_async_context(client)
            running.clients[spec.name] = client
            running.logs[spec.name] = log
            running.databases[spec.name] = url
            started.append((process, client))
        for process, client in started:
            await until_ready(process, client)
        yield running


def environment(spec: ServiceSpec, url: str, access: KafkaAccess, port: int) -> dict[str, str]:
    """What a service is told."""
    told = service_environment(
        os.environ,
        database_url=url,
        kafka_bootstrap=access.bootstrap,
        port=port,
        secret="s" * 40,
    )
    return {**told, "BATON_TOPIC_PREFIX": access.topic_prefix, "BATON_LOG_LEVEL": "debug"}


async def master_key(url: str) -> dict[str, str]:
    """Headers that open every door of the service on this database."""
    database = Database(url, connections_max=1, application="test")
    await database.open()
    transactions = Transactions(database, SystemClock(), "test", lambda: None)
    async with transactions.begin() as tx:
        text, _ = await api_keys.create_key(tx, "test", sorted(api_keys.SCOPES))
    await database.close()
    return {"authorization": f"Bearer {text}"}


async def until_ready(process: ChildProcess, client: httpx.AsyncClient) -> None:
    """Wait until it answers and has joined its group; fails when it has died."""

    async def is_ready() -> bool:
        assert process.is_alive(), process.last_words()
        try:
            answer = await client.get("/readyz")
        except httpx.TransportError:
            return False
        return answer.status_code == 200 and answer.json()["checks"]["kafka"] == "ok"

    await eventually(is_ready, seconds_max=READY_SECONDS_MAX)
