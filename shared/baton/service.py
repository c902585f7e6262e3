"""A service: one lifespan for its HTTP door, consumer, timers, relay, feeds and books."""

import asyncio
import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from baton import health, housekeeping
from baton.auth.api import make_keys_router
from baton.auth.web import make_sign_in_router
from baton.contracts.vocabulary import LeadState
from baton.database import LOOKUPS, Database
from baton.http.application import make_application
from baton.http.direct import DirectDoor, protocol_with
from baton.logs import configure_logs
from baton.loops import Loops, Watchdog
from baton.messaging.api import make_parking_router
from baton.messaging.consumer import Consumer
from baton.messaging.erasures import erasures_of
from baton.messaging.feeds import Feed
from baton.messaging.kafka import KafkaSender, access_of
from baton.messaging.listening import Listening
from baton.messaging.metrics import MessagingMetrics
from baton.messaging.relay import Relay
from baton.messaging.retries import Limits
from baton.messaging.unparking import Unparking
from baton.parts import Frame, Parts
from baton.timers import run_timer
from baton.transactions import Transactions
from baton.web import make_static_router
from baton.work import Worker

GRACE_SECONDS: Final = 4
"""What requests in flight get on SIGTERM; with the loops' end it stays under 10 s."""
KEEP_ALIVE_SECONDS: Final = 75
GC_THRESHOLDS: Final = (10_000, 20, 20)


class Service:
    """The running thing. It starts without database or Kafka and says so on `/readyz`."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        settings = parts.settings
        self.metrics = MessagingMetrics(parts.registry)
        self.metrics.is_stopped.set(0)
        for state in LeadState:
            self.metrics.leads.labels(state.value).set(0)
        self._wakes: list[asyncio.Event] = []
        self.database = self._database({})
        self.transactions = self._transactions(self.database)
        self.lookups = self._transactions(self._database(LOOKUPS))
        self.feeds = {name: Feed(name, self.transactions) for name in parts.feeds}
        self.frame = Frame(self.transactions, self.lookups, settings, parts.registry, self.feeds)
        self.unparking = Unparking(self.transactions, parts.name, parts.subscriptions, Limits())
        self.listening: Listening | None = None
        self.erasures = erasures_of(parts, self.transactions, access_of(parts.settings, parts.name))
        self.app = self._make_app()

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT."""
        settings = self.parts.settings
        configure_logs(self.parts.name, settings.log_level)
        uvicorn.run(
            self.app,
            host=settings.http_host,
            port=settings.http_port,
            loop="uvloop",
            http=self._protocol(),
            ws="none",
            lifespan="on",
            access_log=False,
            log_config=None,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )

    def _database(self, planning: Mapping[str, str]) -> Database:
        settings = self.parts.settings
        return Database(
            settings.database_url.get_secret_value(),
            connections_max=settings.connections_max,
            application=self.parts.name,
            planning=planning,
        )

    def _transactions(self, database: Database) -> Transactions:
        parts = self.parts
        return Transactions(database, parts.clock, parts.name, self._wake_everybody, parts.mac_key)

    def _protocol(self) -> type[asyncio.Protocol]:
        """Uvicorn's own protocol, with the door that the outermost application may be."""
        app = self.app
        return protocol_with(app) if isinstance(app, DirectDoor) else HttpToolsProtocol

    def _make_app(self) -> ASGIApp:
        parts = self.parts
        routers = [
            *(make(self.frame) for make in parts.make_routers),
            make_keys_router(self.transactions),
            make_parking_router(self.transactions, self.unparking),
            make_sign_in_router(self.transactions, parts.settings, parts.name),
            make_static_router(),
            health.make_router(self),
        ]
        wrap = parts.wrap_app
        return make_application(
            name=parts.name,
            version=parts.version,
            routers=routers,
            lifespan=self._lifespan,
            registry=parts.registry,
            settings=parts.settings,
            transactions=self.transactions,
            body_rules=parts.body_rules,
            wrap=None if wrap is None else lambda context: wrap(context, self.frame),
        )

    @asynccontextmanager
    async def _lifespan(self, _app: FastAPI) -> AsyncIterator[None]:
        await self.connect()
        loops = Loops(self.metrics)
        # What is there now stays: looking through it again and again for garbage took 9 % of the
        # time at full load.
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        try:
            self._start(loops)
            yield
        finally:
            await loops.end()
            await self.disconnect()

    async def connect(self) -> None:
        """Make ready to reach the database."""
        await self.database.open()
        await self.lookups.database.open()

    async def disconnect(self) -> None:
        """Let go of the database."""
        await self.lookups.database.close()
        await self.database.close()

    def _start(self, loops: Loops) -> None:
        parts = self.parts
        loops.start("watchdog", Watchdog().run)
        loops.start("relay", self._relay().run)
        loops.start("books", housekeeping.books(self.transactions, parts.census, self.metrics))
        loops.start("sweep", housekeeping.sweep(self.transactions, parts.settings.inbox_days))
        for timer in parts.timers:
            run = partial(run_timer, timer, self.transactions, self.metrics)
            loops.start(f"timer:{timer.name}", run)
        for name, make in parts.loops.items():
            loops.start(name, make(self.frame))
        for feed in self.feeds.values():
            loops.start(f"feed:{feed.name}", housekeeping.append(feed, self._new_wake()))
        if parts.make_work is not None:
            handlers = parts.make_work(self.frame)
            worker = Worker(self.transactions, handlers, parts.settings.work_at_once)
            loops.start("work", worker.run)
        if self.erasures is not None and self.erasures.is_needed:
            self.erasures.is_begun = True
            loops.start("erasures", self.erasures.run)
        if parts.subscriptions:
            loops.start("consumer", self._consume)
            loops.start("unparking", housekeeping.unpark(self.unparking))

    async def _consume(self, stop: asyncio.Event) -> None:
        """Make ready what handlers count on, then listen."""
        parts = self.parts
        if parts.bootstrap is not None:
            async with self.transactions.begin() as tx:
                await parts.bootstrap(tx)
        consumer = Consumer(parts.name, parts.subscriptions, self.lookups, self.metrics, Limits())
        self.listening = Listening(
            consumer,
            access_of(parts.settings, parts.name),
            tuple(subscription.topic for subscription in parts.subscriptions),
            records_max=parts.settings.batch_max,
            clock=parts.clock,
            metrics=self.metrics,
        )
        await self.listening.run(stop)

    def _relay(self) -> Relay:
        parts = self.parts
        settings = parts.settings
        return Relay(
            self.database,
            KafkaSender(
                access_of(parts.settings, parts.name), is_idempotent=settings.kafka_idempotence
            ),
            self.metrics,
            batch_max=settings.relay_batch_max,
            poll_seconds=settings.relay_poll_seconds,
            gather_seconds=settings.relay_gather_seconds,
            wake=self._new_wake(),
        )

    def _new_wake(self) -> asyncio.Event:
        event = asyncio.Event()
        self._wakes.append(event)
        return event

    def _wake_everybody(self) -> None:
        for event in self._wakes:
            event.set()
