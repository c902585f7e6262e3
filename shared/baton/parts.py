"""What a service is made of, and what its doors are made with."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import APIRouter
from prometheus_client import CollectorRegistry
from sqlalchemy import MetaData
from starlette.types import ASGIApp

from baton.clock import Clock, SystemClock
from baton.conservation import CensusTaker
from baton.http.context import RequestContext
from baton.http.limits import BodyRule
from baton.loops import Loop
from baton.messaging.feeds import Feed
from baton.messaging.subscription import Handler, Subscription
from baton.settings import ServiceSettings
from baton.timers import Timer
from baton.transaction import Transaction
from baton.transactions import Transactions
from baton.work import Effect, WorkHandler


@dataclass(frozen=True, slots=True)
class Frame:
    """What a service's doors are made with.

    `lookups` are transactions for what is hot and finds its rows by their keys alone.
    """

    transactions: Transactions
    lookups: Transactions
    settings: ServiceSettings
    registry: CollectorRegistry
    feeds: Mapping[str, Feed]


RouterMaker = Callable[[Frame], APIRouter]
LoopMaker = Callable[[Frame], Loop]
WorkMaker = Callable[[Frame], Mapping[str, WorkHandler | Effect]]
Bootstrap = Callable[[Transaction], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a service is made of; its `__main__` fills this in, and nothing else wires."""

    name: str
    version: str
    settings: ServiceSettings
    metadata: MetaData
    migrations: Path
    registry: CollectorRegistry
    make_routers: Sequence[RouterMaker]
    census: CensusTaker
    subscriptions: Sequence[Subscription] = ()
    timers: Sequence[Timer] = ()
    loops: Mapping[str, LoopMaker] = field(default_factory=dict)
    make_work: WorkMaker | None = None
    feeds: Sequence[str] = ()
    bootstrap: Bootstrap | None = None
    body_rules: Sequence[BodyRule] = ()
    mac_key: bytes = b""
    erase_again: Handler | None = None
    wrap_app: Callable[[RequestContext, Frame], ASGIApp] | None = None
    clock: Clock = field(default_factory=SystemClock)
