"""A sales office on a real database: events are heard, reps answer, and time is moved by hand."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from baton.clock import HandClock
from baton.conservation import balance
from baton.contracts.envelope import Event, Tombstone
from baton.contracts.fact import Fact
from baton.contracts.topics import FACT_OF, TOPIC_OF
from baton.errors import Refused
from baton.transaction import Origin
from baton.transactions import Transactions
from sales_routing import consumers
from sales_routing.domain.answers import DeclineReason
from sales_routing.domain.offering import Clocks
from sales_routing.domain.outcomes import Report
from sales_routing.domain.rules import Rulebook
from sales_routing.handlers import answering, clocks, outcomes, team
from sales_routing.handlers.answering import Acceptance, Declination
from sales_routing.handlers.outcomes import OutcomeRequest
from sales_routing.queries.books import census
from sales_routing.repository.outcomes import Kept
from sales_routing.repository.team import PoolDetails, Rep, RepDetails, TeamPool
from support.databases import MakeTransactions
from support.facts import NOON, an_event

CLOCKS = Clocks(accept_seconds=600, manager_seconds=3600, card_wait_seconds=2, retry_seconds=60)
DETAILS = RepDetails(
    name="Rosa Invented",
    team="north",
    weight=1,
    capacity=None,
    is_available=True,
    is_active=True,
    sign_in=None,
)
WHO = "test"


@dataclass
class Office:
    """The service without its doors: what they would call is called by the test."""

    transactions: Transactions
    clock: HandClock
    handlers: dict[str, Any] = field(default_factory=dict)

    async def hear(self, *said: Fact | Event[Fact] | Tombstone) -> None:
        """Handle a batch of one topic, as the consumer would."""
        events = [one if isinstance(one, Event | Tombstone) else self.event(one) for one in said]
        topic = TOPIC_OF[FACT_OF[events[0].type]].name
        async with self.transactions.begin() as tx:
            for event in events:
                tx.tally(f"heard:{event.type}")
            await self.handlers[topic](events, tx)

    def event(self, fact: Fact, *, key: str | None = None) -> Event[Fact]:
        """A fact in its envelope, recorded now."""
        now = self.clock.now()
        return an_event(fact, key=key)._replace(recorded_at=now, happened_at=now)

    async def rep(self, **details: Any) -> Rep:
        """A rep, in no pool yet."""
        async with self.transactions.begin() as tx:
            wanted = replace(DETAILS, **details)
            return await team.create_rep(wanted, tx, who=WHO, origin=Origin.fresh())

    async def change_rep(self, rep: Rep, **changes: object) -> None:
        """Change a rep by hand."""
        async with self.transactions.begin() as tx:
            await team.change_rep(rep.id, changes, tx, who=WHO, origin=Origin.fresh())

    async def pool(self, *reps: Rep, name: str = "everybody", **details: Any) -> TeamPool:
        """A pool of these reps."""
        wanted = PoolDetails(name, details.get("accept_seconds"), tuple(rep.id for rep in reps))
        async with self.transactions.begin() as tx:
            return await team.create_pool(wanted, tx, who=WHO)

    async def change_members(self, *reps: Rep) -> None:
        """Let the only pool have these members."""
        (pool,) = await self.fetch("select id from pools")
        changes: dict[str, object] = {"member_ids": tuple(rep.id for rep in reps)}
        async with self.transactions.begin() as tx:
            await team.change_pool(pool["id"], changes, tx, who=WHO)

    async def rules(self, pool: TeamPool | None, owner: Rep | None = None, **rules: Any) -> None:
        """Put rules in force that lead to this pool."""
        wanted = Rulebook(
            rules=rules.get("rules", ()),
            fallback_pool_id=pool.id if pool else None,
            fallback_owner_id=owner.id if owner else None,
        )
        async with self.transactions.begin() as tx:
            await team.put_rules(wanted, tx, who=WHO)

    async def team(self, count: int = 2, **details: Any) -> list[Rep]:
        """Some reps in one pool that gets everything."""
        reps = [await self.rep(name=f"Rep {n}", **details) for n in range(count)]
        await self.rules(await self.pool(*reps))
        return reps

    async def accept(self, prospect_id: str, rep_id: str) -> object:
        """A rep takes a prospect."""
        async with self.transactions.begin() as tx:
            requests = [Acceptance(prospect_id, rep_id)]
            (answer,) = await answering.accept(requests, tx, who=WHO, origin=Origin.fresh())
        return answer

    async def decline(self, prospect_id: str, rep_id: str) -> None:
        """A rep says no."""
        request = Declination(prospect_id, rep_id, DeclineReason.NO_TIME)
        async with self.transactions.begin() as tx:
            await answering.decline(request, tx, who=WHO, origin=Origin.fresh(), clocks=CLOCKS)

    async def report(self, prospect_id: str, report: Report) -> Kept | Refused:
        """A CRM says how it ended."""
        async with self.transactions.begin() as tx:
            requests = [OutcomeRequest(prospect_id, report)]
            (answer,) = await outcomes.report(requests, tx, who=WHO, origin=Origin.fresh())
        return answer

    async def beat(self) -> None:
        """Show that the service can answer."""
        async with self.transactions.begin() as tx:
            await clocks.beat(tx)

    async def expire(self) -> None:
        """Look for offers whose deadline has passed."""
        async with self.transactions.begin() as tx:
            await clocks.expire_offers(tx, clocks=CLOCKS, limit=100)

    async def tick(self) -> None:
        """Let every timer run once."""
        await self.beat()
        await self.expire()
        async with self.transactions.begin() as tx:
            await clocks.offer_waiting(tx, clocks=CLOCKS, limit=100)

    async def live(self, seconds: float) -> None:
        """Let time pass with the service up: it beats all the while, and its timers run."""
        end = self.clock.now() + timedelta(seconds=seconds)
        await self.tick()
        while (left := (end - self.clock.now()).total_seconds()) > 0:
            self.clock.advance(seconds=min(left, 4.0))
            await self.beat()
        await self.tick()

    async def prospect(self, prospect_id: str) -> dict[str, Any]:
        """A prospect's row."""
        row = await self.fetch("select * from prospects where id = $1", prospect_id)
        return row[0]

    async def said(self) -> list[str]:
        """The names of the steps that were said, in order."""
        rows = await self.fetch("select type from outbox order by seq")
        return [row["type"].split(".")[2] for row in rows if "RepDescribed" not in row["type"]]

    async def last_said(self) -> dict[str, Any]:
        """The data of the last event that was said."""
        (row,) = await self.fetch(
            "select convert_from(payload, 'utf8')::jsonb as data from outbox"
            " order by seq desc limit 1"
        )
        data: dict[str, Any] = row["data"]
        return data

    async def unaccounted(self) -> int:
        """What the books disagree about."""
        async with self.transactions.read() as reader:
            return (await balance(reader, census)).unaccounted()

    async def fetch(self, sql: str, *arguments: object) -> list[dict[str, Any]]:
        """Rows of the service's database."""
        async with self.transactions.read() as reader:
            return [dict(row) for row in await reader.fetch(sql, *arguments)]

    async def execute(self, sql: str, *arguments: object) -> None:
        """Change the database by hand."""
        async with self.transactions.begin() as tx:
            await tx.execute(sql, *arguments)


async def open_office(make_transactions: MakeTransactions, url: str | None = None) -> Office:
    """An office with nobody in it, at noon, on a fresh database or on this one."""
    clock = HandClock(NOON)
    transactions = await make_transactions("sales_routing", clock, url=url)
    heard = {one.topic.name: one.handler for one in consumers.subscriptions(CLOCKS)}
    return Office(transactions, clock, heard)


def at(seconds: float) -> datetime:
    """A moment so long after noon."""
    return NOON + timedelta(seconds=seconds)
