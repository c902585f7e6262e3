"""Trying again what was set aside: by itself when it is held, by a person when it is parked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from baton.database import OUTAGES
from baton.errors import Conflict, NotFound, NotYet, Refused, Unavailable
from baton.messaging import parking
from baton.messaging.parking import HELD, PARKED, ParkedRow
from baton.messaging.record import Record, deliver
from baton.messaging.retries import Limits, backoff_seconds
from baton.messaging.subscription import Subscription
from baton.transaction import Transaction
from baton.transactions import Transactions

BATCH: Final = 100

DUE_SQL: Final = """
select p.id from parked p
where p.consumer_group = $1 and p.status = 'held' and p.next_attempt_at <= $2
  and not exists (
    select 1 from parked q
    where q.consumer_group = p.consumer_group and q.key = p.key and q.id < p.id)
order by p.id limit $3
"""
TAKE_SQL: Final = """
select id, topic, partition, position, key, value, headers, attempts, first_failed_at
from parked where id = $1 for update skip locked
"""
EARLIER_SQL: Final = """
select count(*) from parked
where consumer_group = $1 and key = $2 and id < $3
"""
LATER_SQL: Final = """
update parked set attempts = attempts + 1, next_attempt_at = $2, status = $3, reason = $4,
  message = $5, traceback = $6
where id = $1
"""
DELETE_SQL: Final = "delete from parked where id = $1"


@dataclass(frozen=True, slots=True)
class Unparking:
    """Runs messages of one group through its handlers again."""

    transactions: Transactions
    group: str
    subscriptions: Sequence[Subscription]
    limits: Limits

    async def retry_held(self) -> int:
        """Try what is held, due and first of its key; returns how many left the hold."""
        async with self.transactions.read() as reader:
            now = self.transactions.clock.now()
            rows = await reader.fetch(DUE_SQL, self.group, now, BATCH)
        done = 0
        for row in rows:
            done += await self._try(row["id"])
        return done

    async def _try(self, parked_id: int) -> int:
        try:
            return await self.replay(parked_id)
        except (Unavailable, *OUTAGES):
            raise
        except (NotFound, Conflict):
            return 0  # another process has it in hand, or did it already
        except Exception as error:  # noqa: BLE001 whatever a handler raises is judged and kept
            await self._later(parked_id, error)
            return 0

    async def replay(self, parked_id: int) -> int:
        """Handle one message now; it leaves the park in the transaction of its effects.

        Raises `NotFound`, `Conflict` when an earlier message of its key waits, or what the
        handler raised; then nothing has changed.
        """
        async with self.transactions.begin() as tx:
            row = await self._take(tx, parked_id)
            subscription = self._subscription(row.record.topic)
            delivery = deliver(row.record, subscription.types())
            if delivery.flaw is not None:
                raise Refused(f"message {parked_id} can't be read: {delivery.flaw}")
            if delivery.heard is not None:
                await subscription.handler([delivery.heard], tx)
                tx.tally(f"heard:{delivery.heard.type}")
            await tx.execute(DELETE_SQL, parked_id)
        return 1

    async def discard(self, parked_id: int, *, who: str, why: str) -> None:
        """Give a message up, for a recorded reason. Raises `NotFound`."""
        async with self.transactions.begin() as tx:
            row = await self._take(tx, parked_id)
            await tx.execute(DELETE_SQL, parked_id)
            tx.audit(
                who=who,
                what="parked message discarded",
                subject=row.record.headers.get("ce_id", str(parked_id)),
                old={"topic": row.record.topic, "offset": row.record.offset},
                new={"why": why},
            )

    async def _take(self, tx: Transaction, parked_id: int) -> ParkedRow:
        row = await tx.fetchrow(TAKE_SQL, parked_id)
        if row is None:
            raise NotFound(f"no message {parked_id} is set aside, or it is in work", field="id")
        if await tx.fetchval(EARLIER_SQL, self.group, row["key"], parked_id):
            raise Conflict(f"an earlier message of the key of {parked_id} waits; replay that first")
        return ParkedRow(
            row["id"],
            Record(
                topic=row["topic"],
                partition=row["partition"],
                offset=row["position"],
                key=row["key"],
                value=row["value"],
                headers=row["headers"],
                timestamp_ms=0,
            ),
            row["attempts"],
            row["first_failed_at"],
        )

    async def _later(self, parked_id: int, error: Exception) -> None:
        async with self.transactions.begin() as tx:
            row = await tx.fetchrow(TAKE_SQL, parked_id)
            if row is None:
                return
            held_seconds = (tx.now - row["first_failed_at"]).total_seconds()
            is_patient = isinstance(error, NotYet) and held_seconds < self.limits.hold_seconds_max
            fault = parking.fault_of(error)
            await tx.execute(
                LATER_SQL,
                parked_id,
                tx.now + timedelta(seconds=backoff_seconds(row["attempts"], 1.0)),
                HELD if is_patient else PARKED,
                fault.reason,
                fault.message,
                fault.traceback,
            )

    def _subscription(self, topic: str) -> Subscription:
        for subscription in self.subscriptions:
            if subscription.topic.name == topic:
                return subscription
        raise NotFound(f"{self.group} does not hear {topic} any more", field="topic")
