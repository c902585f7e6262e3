"""Outside effects: done at least once, put off, given up, and never waiting for somebody else's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from baton.clock import HandClock
from baton.transactions import Transactions
from baton.work import (
    AGE_MAX,
    ATTEMPTS_MAX,
    BACKOFF_MAX_SECONDS,
    LEASE_SECONDS,
    Effect,
    GivenUp,
    Later,
    Worker,
    WorkHandler,
    backoff_seconds,
)
from support.databases import MakeTransactions
from support.eventually import eventually
from support.facts import NOON

HOUR = 3600.0


@dataclass
class Outside:
    """Something outside: it does what it is told, may fail, and may be waited for."""

    transactions: Transactions
    clock: HandClock
    done: list[str] = field(default_factory=list)
    given_up: list[tuple[str, str]] = field(default_factory=list)
    trouble: Exception | None = None
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)

    async def do(self, payload: dict[str, Any]) -> None:
        """Do it, unless there is trouble; at a gate it waits."""
        self.begun.append(payload["name"])
        if payload["name"] in self.gates:
            await self.gates[payload["name"]].wait()
        if self.trouble is not None:
            raise self.trouble
        self.done.append(payload["name"])

    async def give_up(self, payload: dict[str, Any], reason: str) -> None:
        """Note what will never be done."""
        self.given_up.append((payload["name"], reason))

    async def order(self, name: str, kind: str = "call", **more: object) -> None:
        """Order something to be done."""
        async with self.transactions.begin() as tx:
            tx.schedule_work(kind, {"name": name, **more})

    def worker(self, *, at_once: int = 8, is_told: bool = False) -> Worker:
        """A worker of every kind there is."""
        effect: WorkHandler | Effect = Effect(self.do, self.give_up) if is_told else self.do
        return Worker(self.transactions, {"call": effect, "letter": effect}, at_once)

    async def rows(self) -> list[dict[str, Any]]:
        """What lies in the work table."""
        async with self.transactions.read() as reader:
            return [dict(row) for row in await reader.fetch("select * from work order by id")]

    @asynccontextmanager
    async def working(self, worker: Worker) -> AsyncIterator[None]:
        """The worker runs until the block ends."""
        stop = asyncio.Event()
        task = asyncio.create_task(worker.run(stop))
        yield
        for gate in self.gates.values():
            gate.set()
        stop.set()
        await task


@pytest_asyncio.fixture
async def outside(make_transactions: MakeTransactions) -> Outside:
    """An outside, at noon."""
    clock = HandClock(NOON)
    return Outside(await make_transactions("frame", clock), clock)


async def test_what_is_ordered_is_done_once_and_its_row_is_gone(outside: Outside) -> None:
    await outside.order("a")

    first, second = await outside.worker().do_one(), await outside.worker().do_one()

    assert (first, second, outside.done) == (True, False, ["a"])
    assert await outside.rows() == []


async def test_what_fails_is_tried_again_later_and_longer_each_time(outside: Outside) -> None:
    outside.trouble = OSError("ada@example.org")
    await outside.order("a")
    await outside.worker().do_one()

    too_early = await outside.worker().do_one()
    outside.clock.advance(seconds=HOUR)
    await outside.worker().do_one()

    (row,) = await outside.rows()
    assert too_early is False
    assert (row["attempts"], row["last_error"], row["failed_at"]) == (2, "OSError", None)
    waits = [backoff_seconds(attempt, 1.0) for attempt in range(1, ATTEMPTS_MAX + 1)]
    assert waits[:4] == [1.0, 2.0, 4.0, 8.0]
    assert waits[-1] == BACKOFF_MAX_SECONDS
    assert sum(waits) > 8 * HOUR


async def test_a_worker_that_died_gives_back_what_it_had(outside: Outside) -> None:
    outside.gates["a"] = asyncio.Event()
    await outside.order("a")
    dying = asyncio.create_task(outside.worker().do_one())
    await eventually(_begun(outside), lambda begun: begun == ["a"])
    dying.cancel()
    await asyncio.wait({dying})
    del outside.gates["a"]

    early = await outside.worker().do_one()
    outside.clock.advance(seconds=LEASE_SECONDS + 1)
    late = await outside.worker().do_one()

    assert (early, late, outside.done) == (False, True, ["a"])


@pytest.mark.parametrize("is_told", [False, True])
async def test_what_no_retry_mends_is_given_up_at_once(outside: Outside, is_told: bool) -> None:
    outside.trouble = GivenUp("there is no such thing")
    await outside.order("a")

    await outside.worker(is_told=is_told).do_one()

    rows = await outside.rows()
    if is_told:
        assert (rows, outside.given_up) == ([], [("a", "there is no such thing")])
    else:
        (row,) = rows
        assert (row["last_error"], row["failed_at"]) == ("there is no such thing", NOON)
    outside.clock.advance(seconds=HOUR)
    assert await outside.worker().do_one() is False


async def test_what_fails_too_often_is_given_up(outside: Outside) -> None:
    outside.trouble = OSError()
    await outside.order("a")

    for _ in range(ATTEMPTS_MAX):
        assert outside.given_up == []
        await outside.worker(is_told=True).do_one()
        outside.clock.advance(seconds=HOUR)

    assert (outside.given_up, await outside.rows()) == ([("a", "OSError")], [])


async def test_to_be_put_off_is_no_attempt_but_has_an_end(outside: Outside) -> None:
    outside.trouble = Later(2 * HOUR, "it asks for patience")
    await outside.order("a")

    for _ in range(ATTEMPTS_MAX + 5):
        assert await outside.worker(is_told=True).do_one()
        outside.clock.advance(seconds=2 * HOUR)
    (row,) = await outside.rows()
    outside.clock.advance(seconds=AGE_MAX.total_seconds())
    await outside.worker(is_told=True).do_one()

    assert (row["attempts"], row["last_error"]) == (0, "it asks for patience")
    assert outside.given_up == [("a", "it asks for patience")]


async def test_giving_up_that_fails_is_done_again(outside: Outside) -> None:
    async def away(payload: dict[str, Any], reason: str) -> None:
        raise ConnectionError

    outside.trouble = GivenUp("never")
    await outside.order("a")
    worker = Worker(outside.transactions, {"call": Effect(outside.do, away)})
    with pytest.raises(ConnectionError):
        await worker.do_one()

    outside.clock.advance(seconds=LEASE_SECONDS + 1)
    await outside.worker(is_told=True).do_one()

    assert (outside.given_up, await outside.rows()) == ([("a", "never")], [])


async def test_who_is_slow_delays_nobody_of_another_lane(outside: Outside) -> None:
    for number in range(6):
        outside.gates[f"slow-{number}"] = asyncio.Event()
        await outside.order(f"slow-{number}", lane="slow")
    await outside.order("quick", lane="quick")
    await outside.order("letter", kind="letter")

    async with outside.working(outside.worker(at_once=4)):
        await eventually(_done(outside), lambda done: set(done) == {"quick", "letter"})
        waiting = [name for name in outside.begun if name.startswith("slow")]

    assert len(waiting) == 2


async def test_several_are_done_at_once_and_no_more_than_that(outside: Outside) -> None:
    for number in range(6):
        outside.gates[str(number)] = asyncio.Event()
        await outside.order(str(number), lane=f"lane-{number}")

    async with outside.working(outside.worker(at_once=3)):
        await eventually(_begun(outside), lambda begun: len(begun) == 3)
        for gate in outside.gates.values():
            gate.set()
        done = await eventually(_done(outside), lambda done: len(done) == 6)

    assert sorted(done) == [str(number) for number in range(6)]
    assert await outside.rows() == []


async def test_what_is_under_way_ends_before_a_worker_stops(outside: Outside) -> None:
    outside.gates["a"] = asyncio.Event()
    await outside.order("a")

    async with outside.working(outside.worker()):
        await eventually(_begun(outside), lambda begun: begun == ["a"])

    assert (outside.done, await outside.rows()) == (["a"], [])


def _done(outside: Outside) -> Any:
    async def look() -> list[str]:
        return outside.done

    return look


def _begun(outside: Outside) -> Any:
    async def look() -> list[str]:
        return outside.begun

    return look
