"""The consumer: from records in hand to effects committed, each once, in order per key.

Theory of operation. A batch is applied in one transaction that begins by moving this group's
offsets from where this member left them; if they are not there, somebody else has the partition
and nothing happens. What raises is halved until the culprit is alone, and the culprit is set aside.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

from baton.database import OUTAGES
from baton.errors import Unavailable
from baton.messaging import hearing, parking
from baton.messaging.hearing import Hearing, Partition, PartitionLost, Progress
from baton.messaging.metrics import MessagingMetrics
from baton.messaging.parking import Aside
from baton.messaging.record import Delivery, Record, deliver
from baton.messaging.retries import Limits, Verdict, verdict
from baton.messaging.subscription import FORGETS, ORDER_FREE, Heard, Subscription
from baton.transaction import Transaction
from baton.transactions import Transactions


class TooManyParked(Exception):
    """So many messages in a row were hopeless that the fault must lie here, not in them."""


@dataclass(slots=True)
class Triage:
    """A batch, sorted: what the handler gets, what waits, what nobody can read."""

    handled: list[Delivery] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    erased_keys: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)

    def events(self) -> list[Heard]:
        """The events of what the handler gets, in order."""
        return [delivery.heard for delivery in self.handled if delivery.heard]


@dataclass(slots=True)
class Consumer:
    """Applies batches of one group. It knows nothing of Kafka but topics, partitions, offsets."""

    group: str
    subscriptions: Sequence[Subscription]
    transactions: Transactions
    metrics: MessagingMetrics
    limits: Limits
    positions: dict[Partition, int] = field(default_factory=dict)
    _parked_in_a_row: int = 0

    async def apply(self, records: Sequence[Record]) -> None:
        """Apply what was polled, a transaction per topic.

        Raises `Unavailable` (pause and fetch again), `PartitionLost` (look at the assignment
        again) and `TooManyParked` (stop). What was committed before is committed.
        """
        by_topic: dict[str, list[Record]] = {}
        for record in records:
            position = self.positions.get((record.topic, record.partition))
            if position is not None and record.offset >= position:
                by_topic.setdefault(record.topic, []).append(record)
        for subscription in self.subscriptions:
            types = subscription.types()
            deliveries = [deliver(r, types) for r in by_topic.get(subscription.topic.name, ())]
            if deliveries:
                await self._apply_halving(subscription, deliveries)

    async def _apply_halving(
        self, subscription: Subscription, deliveries: Sequence[Delivery]
    ) -> None:
        pending = [deliveries]
        while pending:
            batch = pending.pop()
            error = await self._try(subscription, batch)
            if error is None:
                continue
            if len(batch) > 1:
                middle = len(batch) // 2
                pending += [batch[middle:], batch[:middle]]
            else:
                await self._set_aside(subscription, batch[0], error)

    async def _try(self, subscription: Subscription, batch: Sequence[Delivery]) -> Exception | None:
        """Apply a batch; returns the error when some event in it is the culprit."""
        attempt = 1
        while True:
            try:
                await self._apply_once(subscription, batch)
            except PartitionLost:
                raise
            except Exception as error:
                judged = verdict(error, size=len(batch), attempt=attempt, limits=self.limits)
                self.metrics.failures.labels(subscription.topic.name, judged.value).inc()
                match judged:
                    case Verdict.PAUSE:
                        raise _outage(error) from error
                    case Verdict.AGAIN:
                        attempt += 1
                    case Verdict.HALVE | Verdict.HOLD | Verdict.PARK:
                        return error
            else:
                self._parked_in_a_row = 0
                return None

    async def _apply_once(self, subscription: Subscription, batch: Sequence[Delivery]) -> None:
        topic = subscription.topic.name
        progress = Progress.of(batch, self.positions)
        started = perf_counter()
        async with self.transactions.begin() as tx:
            found = await hearing.begin(tx, self.group, batch, progress)
            triage = sort(batch, found)
            events = triage.events()
            if events:
                await subscription.handler(events, tx)
            await self._settle(tx, triage)
        self._advance(progress)
        self.metrics.batch_seconds.labels(topic).observe(perf_counter() - started)
        self.metrics.batch_size.labels(topic).observe(len(batch))
        for outcome, count in triage.outcomes.items():
            self.metrics.records.labels(topic, outcome).inc(count)

    async def _settle(self, tx: Transaction, triage: Triage) -> None:
        await parking.destroy(tx, self.group, triage.erased_keys)
        await parking.put(tx, self.group, triage.asides)
        for type_, count in Counter(event.type for event in triage.events()).items():
            tx.tally(f"heard:{type_}", count)

    async def _set_aside(
        self, subscription: Subscription, delivery: Delivery, error: Exception
    ) -> None:
        aside = Aside(delivery, parking.fault_of(error))
        progress = Progress.of([delivery], self.positions)
        async with self.transactions.begin() as tx:
            await hearing.begin(tx, self.group, [delivery], progress)
            await parking.put(tx, self.group, [aside])
        self._advance(progress)
        self.metrics.records.labels(subscription.topic.name, aside.fault.status).inc()
        if aside.fault.status == parking.PARKED:
            self._parked_in_a_row += 1
        if self._parked_in_a_row >= self.limits.parked_in_a_row_max:
            raise TooManyParked(
                f"{self._parked_in_a_row} messages in a row of {subscription.topic.name} are parked"
            )

    def _advance(self, progress: Progress) -> None:
        for partition, (_, new) in progress.moves.items():
            # A partition that was taken away meanwhile is looked up anew when it comes back.
            if partition in self.positions:
                self.positions[partition] = new


def sort(batch: Sequence[Delivery], found: Hearing) -> Triage:
    """Sort a batch by what its head found out; pure."""
    triage = Triage()
    fresh, held = set(found.fresh), set(found.held_keys)
    for delivery in batch:
        heard, key = delivery.heard, delivery.record.key
        if delivery.flaw is not None:
            triage.asides.append(parking.unreadable(delivery))
            triage.outcomes["parked"] += 1
            held.add(key)
        elif heard is None:
            triage.outcomes["skipped"] += 1
        elif heard.id not in fresh:
            triage.outcomes["duplicate"] += 1
        else:
            fresh.discard(heard.id)
            _place(triage, delivery, heard, held)
    return triage


def _place(triage: Triage, delivery: Delivery, heard: Heard, held: set[str]) -> None:
    key = delivery.record.key
    if heard.type == FORGETS:
        held.discard(key)
        triage.erased_keys.append(key)
        triage.asides = [aside for aside in triage.asides if aside.delivery.record.key != key]
    if key in held and heard.type not in ORDER_FREE:
        triage.asides.append(parking.behind(delivery))
        triage.outcomes["held"] += 1
    else:
        triage.handled.append(delivery)
        triage.outcomes["ok"] += 1


def _outage(error: Exception) -> Unavailable:
    if isinstance(error, Unavailable):
        return error
    assert isinstance(error, OUTAGES)
    return Unavailable("the database is away")
