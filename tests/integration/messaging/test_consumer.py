"""The consumer applies each event once, in order per key, whatever happens."""

import pytest

from baton.contracts.marketing import ConsentChanged, PersonErased
from baton.contracts.topics import LEADS
from baton.errors import NotYet, Refused, Unavailable
from baton.ids import new_id
from baton.messaging.consumer import TooManyParked
from baton.messaging.hearing import PartitionLost
from baton.messaging.record import Record
from integration.messaging.conftest import Bench, make_bench, take_partitions
from support.facts import a_lead_captured, a_record, an_event


def records(*keys: str, first: int = 0) -> list[Record]:
    """One captured lead for each key, at offsets that follow each other."""
    return [
        a_record(an_event(a_lead_captured(key)), offset=first + n) for n, key in enumerate(keys)
    ]


async def test_a_batch_takes_effect_in_order_and_moves_the_offset(bench: Bench) -> None:
    keys = [new_id() for _ in range(5)]

    await bench.consumer.apply(records(*keys))

    assert await bench.effects() == keys
    assert bench.consumer.positions[LEADS.name, 0] == 5


async def test_an_event_that_its_producer_repeats_takes_effect_once(bench: Bench) -> None:
    event = an_event(a_lead_captured())
    again = [a_record(event, offset=0), a_record(event, offset=1)]

    await bench.consumer.apply(again)
    await bench.consumer.apply([a_record(event, offset=2)])

    assert await bench.effects() == [event.key]


async def test_records_that_are_fetched_again_take_effect_once(bench: Bench) -> None:
    batch = records(new_id(), new_id())

    await bench.consumer.apply(batch)
    await bench.consumer.apply(batch)

    assert len(await bench.effects()) == 2


async def test_an_expired_group_offset_applies_nothing_twice(bench: Bench) -> None:
    batch = records(new_id(), new_id())
    await bench.consumer.apply(batch)

    newcomer = await make_bench(bench.transactions)
    await newcomer.consumer.apply(batch)

    assert len(await bench.effects()) == 2


async def test_a_member_that_lost_its_partition_in_mid_batch_applies_nothing(
    bench: Bench,
) -> None:
    other = await make_bench(bench.transactions)
    batch = records(new_id(), new_id())
    await other.consumer.apply(batch)

    with pytest.raises(PartitionLost):
        await bench.consumer.apply(batch)

    assert len(await bench.effects()) == 2
    await take_partitions(bench.consumer)
    assert bench.consumer.positions[LEADS.name, 0] == 2


async def test_one_bad_event_in_a_batch_of_500_parks_alone(bench: Bench) -> None:
    keys = [new_id() for _ in range(500)]
    bench.troubles[keys[313]] = Refused("a lead that nobody can take")

    await bench.consumer.apply(records(*keys))

    assert len(await bench.effects()) == 499
    assert await bench.aside() == [("parked", "refused")]
    assert len(bench.batches) < 25, "it should be found by halving, not one by one"


async def test_a_bug_is_parked_with_its_traceback_and_without_its_message(bench: Bench) -> None:
    key = new_id()
    bench.troubles[key] = KeyError("ada@example.org")

    await bench.consumer.apply(records(key))

    async with bench.transactions.read() as reader:
        row = await reader.fetchrow("select reason, message, traceback from parked")
    assert row is not None
    assert (row["reason"], row["message"]) == ("bug", "KeyError")
    assert "in handle" in row["traceback"]
    assert "ada@" not in row["traceback"]


async def test_what_comes_too_early_is_held_and_later_events_of_its_key_wait_behind(
    bench: Bench,
) -> None:
    early, other = new_id(), new_id()
    bench.troubles[early] = NotYet("its card is not here")

    await bench.consumer.apply(records(early, other))
    del bench.troubles[early]
    await bench.consumer.apply(records(early, first=2))
    assert await bench.effects() == [other]
    while await bench.unparking.retry_held():
        pass

    assert await bench.effects() == [other, early, early]
    assert await bench.aside() == []


async def test_a_parked_message_is_replayed_in_the_transaction_of_its_effects(
    bench: Bench,
) -> None:
    key = new_id()
    bench.troubles[key] = Refused("not now")
    await bench.consumer.apply(records(key))
    parked_id = await _only_parked(bench)

    with pytest.raises(Refused):
        await bench.unparking.replay(parked_id)
    assert len(await bench.aside()) == 1
    bench.troubles.clear()
    await bench.unparking.replay(parked_id)

    assert await bench.effects() == [key]
    assert await bench.aside() == []


async def test_a_discarded_message_leaves_an_audit_record(bench: Bench) -> None:
    key = new_id()
    bench.troubles[key] = Refused("not now")
    await bench.consumer.apply(records(key))

    await bench.unparking.discard(await _only_parked(bench), who="operator:ada", why="a test lead")

    async with bench.transactions.read() as reader:
        row = await reader.fetchrow("select who, new from audit_log")
    assert row is not None
    assert (row["who"], row["new"]) == ("operator:ada", {"why": "a test lead"})
    assert await bench.aside() == []


async def test_consent_and_erasure_overtake_held_events_and_erasure_destroys_them(
    bench: Bench,
) -> None:
    person = new_id()
    bench.troubles[person] = NotYet("too early")
    await bench.consumer.apply(records(person))
    bench.troubles.clear()
    consent = ConsentChanged(person_id=person, granted=(), version=1)
    erased = PersonErased(person_id=person)

    await bench.consumer.apply([a_record(an_event(consent), offset=1)])
    assert len(await bench.aside()) == 1
    await bench.consumer.apply([a_record(an_event(erased), offset=2)])

    assert await bench.effects() == [person, person]
    assert await bench.aside() == []


async def test_a_record_that_nobody_can_read_is_parked_as_it_came(bench: Bench) -> None:
    record = a_record(an_event(a_lead_captured()), offset=0)
    broken = record._replace(value=b"{not json")

    await bench.consumer.apply([broken])

    async with bench.transactions.read() as reader:
        row = await reader.fetchrow("select reason, value from parked")
    assert row is not None
    assert (row["reason"], row["value"]) == ("unreadable", b"{not json")


async def test_a_type_of_a_newer_version_is_passed_over(bench: Bench) -> None:
    record = a_record(an_event(a_lead_captured()), offset=0)
    newer = record._replace(headers={"ce_type": "io.baton.LeadCloned.v9"})

    await bench.consumer.apply([newer])

    assert bench.consumer.positions[LEADS.name, 0] == 1
    assert await bench.aside() == []


async def test_an_outage_is_not_poison(bench: Bench) -> None:
    key = new_id()
    bench.troubles[key] = Unavailable("a database is away")

    with pytest.raises(Unavailable):
        await bench.consumer.apply(records(key))

    assert await bench.aside() == []
    assert bench.consumer.positions[LEADS.name, 0] == 0


async def test_too_many_parked_in_a_row_stop_the_consumer(bench: Bench) -> None:
    keys = [new_id() for _ in range(40)]
    bench.troubles |= {key: Refused("everything is refused") for key in keys}

    with pytest.raises(TooManyParked):
        await bench.consumer.apply(records(*keys))

    assert len(await bench.aside()) == bench.consumer.limits.parked_in_a_row_max


async def test_handling_again_says_the_same_events_again(bench: Bench) -> None:
    event = an_event(a_lead_captured())
    await bench.consumer.apply([a_record(event, offset=0)])
    said = await _said(bench)
    async with bench.transactions.begin() as tx:
        await tx.execute("delete from inbox")
        await tx.execute("delete from outbox")

    await bench.consumer.apply([a_record(event, offset=1)])

    assert await _said(bench) == said


async def _only_parked(bench: Bench) -> int:
    async with bench.transactions.read() as reader:
        parked_id: int = await reader.fetchval("select id from parked")
        return parked_id


async def _said(bench: Bench) -> list[str]:
    async with bench.transactions.read() as reader:
        return [row["id"] for row in await reader.fetch("select id from outbox order by seq")]
