"""Whatever happens to vendor or worker, an announced lead is fetched once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import pytest_asyncio

from baton.work import ATTEMPTS_MAX, LEASE_SECONDS, Worker
from marketing_intake.work import make_work
from support.announcing import LEAD, Vendors, open_vendors
from support.eventually import eventually
from support.graph_server import Answer, graph_error
from support.holding import held_up

HOUR = 3600.0


@pytest_asyncio.fixture
async def vendors(url: str) -> AsyncIterator[Vendors]:
    """Two vendors that announce."""
    async with open_vendors(url) as opened:
        yield opened


@asynccontextmanager
async def dying(vendors: Vendors) -> AsyncIterator[None]:
    """A worker that begins with what is due, and is killed when the block ends."""
    service = vendors.intake.opened.service
    turn = asyncio.create_task(Worker(service.transactions, make_work(service.frame)).do_one())
    yield
    assert not turn.done()
    turn.cancel()
    await asyncio.wait({turn})
    vendors.intake.clock.advance(seconds=LEASE_SECONDS + 1)


async def fetched_once(vendors: Vendors) -> None:
    """Whatever died: the next worker leaves one lead, said once, and no work."""
    await vendors.work()
    assert await vendors.intake.count("leads") == 1
    assert len(await vendors.intake.said("LeadCaptured")) == 1
    assert await vendors.intake.count("work") == 0
    assert await vendors.intake.unaccounted() == 0


async def asked(vendors: Vendors) -> None:
    """Wait until the vendor was asked."""

    async def look() -> bool:
        return bool(vendors.graph.asked)

    await eventually(look)


async def test_a_worker_killed_while_it_asks_doubles_nothing(url: str) -> None:
    async with open_vendors(url) as vendors:
        vendors.graph.slow.add(LEAD)
        await vendors.announce()

        async with dying(vendors):
            await asked(vendors)

        vendors.graph.slow.clear()
        await fetched_once(vendors)


async def test_a_worker_killed_while_it_captures_doubles_nothing(
    url: str, vendors: Vendors
) -> None:
    await vendors.announce()

    async with held_up(url) as held:
        await held.take("lock table leads in exclusive mode")
        async with dying(vendors):
            await eventually(held.holds_somebody_up)

    await fetched_once(vendors)


async def test_a_worker_killed_before_its_row_is_gone_doubles_nothing(url: str) -> None:
    async with open_vendors(url) as vendors:
        vendors.graph.slow.add(LEAD)
        await vendors.announce()

        async with AsyncExitStack() as stack:
            held = await stack.enter_async_context(held_up(url))
            await stack.enter_async_context(dying(vendors))
            await asked(vendors)
            await held.take("select 1 from work for update")
            vendors.graph.closing.set()
            await eventually(held.holds_somebody_up)
            assert await vendors.intake.count("leads") == 1

        await fetched_once(vendors)


@pytest.mark.parametrize("wrong", [
    Answer(500), Answer(503, b"<html>"), Answer(200, b"<html>"), Answer(400, graph_error(2)),
    Answer(400, graph_error(9, is_transient=True)), Answer(200, b"x" * (1024 * 1024 + 1)),
])  # fmt: skip
async def test_a_vendor_that_is_not_well_is_asked_again_and_nothing_is_lost(
    vendors: Vendors, wrong: Answer
) -> None:
    vendors.graph.always = wrong
    await vendors.announce()
    await vendors.work()
    (work,) = await vendors.intake.opened.fetch("select last_error from work")
    vendors.graph.always = None
    vendors.intake.clock.advance(seconds=HOUR)

    await vendors.work()

    assert work["last_error"].startswith("Meta Lead Ads answered")
    assert "ada" not in work["last_error"]
    assert await vendors.intake.count("leads") == 1
    assert await vendors.intake.unaccounted() == 0


async def test_a_vendor_that_stays_away_is_given_up_for_that_reason(vendors: Vendors) -> None:
    vendors.graph.always = Answer(503)
    await vendors.announce()

    for _ in range(ATTEMPTS_MAX):
        await vendors.work()
        vendors.intake.clock.advance(seconds=HOUR)

    (payload,) = await vendors.payloads()
    assert (payload["status"], payload["detail"]) == ("refused", "Meta Lead Ads answered 503")
    assert len(vendors.graph.asked) == ATTEMPTS_MAX


@pytest.mark.parametrize(("answer", "seconds"), [
    (Answer(429, headers={"retry-after": "120"}), 120),
    (Answer(400, graph_error(80005)), 900),
    (Answer(429, headers={"retry-after": "Mon, 04 May 2026 12:10:00 GMT"}), 600),
])  # fmt: skip
async def test_a_vendor_that_asks_for_patience_is_left_alone_for_so_long(
    vendors: Vendors, answer: Answer, seconds: int
) -> None:
    vendors.graph.always = answer
    await vendors.announce()
    await vendors.work()
    vendors.graph.always = None

    vendors.intake.clock.advance(seconds=seconds - 1)
    early = await vendors.work()
    vendors.intake.clock.advance(seconds=1)
    late = await vendors.work()

    assert (early, late) == (0, 1)
    assert await vendors.intake.count("leads") == 1


async def test_a_slow_vendor_does_not_hold_the_worker(url: str) -> None:
    async with open_vendors(url, fetch_seconds=0.5) as vendors:
        vendors.graph.slow.add(LEAD)
        await vendors.announce()

        await vendors.work()

        (work,) = await vendors.intake.opened.fetch("select last_error from work")
    assert work["last_error"] == "Meta Lead Ads did not answer in time"
