"""An import goes on where it was, whoever reads it and whatever dies: no row is lost or doubled."""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from marketing_intake.repository.imports import LEASE
from marketing_intake.work.imports import Runner
from support.eventually import eventually
from support.import_door import ImportDoor, crowd
from support.intake_door import IntakeDoor

PAST_LEASE = LEASE.total_seconds() + 1
WAITING_SQL = """
select count(*) from pg_stat_activity
where datname = current_database() and wait_event_type = 'Lock'
"""


@asynccontextmanager
async def held_up(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Nobody can write a lead until the block ends."""
    connection = await asyncpg.connect(url)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("lock table leads in exclusive mode")
    yield connection
    await transaction.rollback()
    await connection.close()


@asynccontextmanager
async def poisoned(url: str, email: str) -> AsyncIterator[None]:
    """The database will not have a person of this address."""
    connection = await asyncpg.connect(url)
    await connection.execute(
        f"alter table people add constraint poison check (card ->> 'email' <> '{email}')"
    )
    yield
    await connection.execute("alter table people drop constraint poison")
    await connection.close()


async def leads_each_once(intake: IntakeDoor, count: int) -> None:
    """Each of the crowd has come exactly once, and has been said once."""
    rows = await intake.opened.fetch(
        "select convert_from(body, 'UTF8') as body from payloads where status = 'taken'"
    )
    expected = {f"p{number}@crumpet.org,Ada {number}\r\n" for number in range(count)}
    assert len(rows) == count
    assert {row["body"] for row in rows} == expected
    assert len(await intake.said("LeadCaptured")) == count
    assert await intake.unaccounted() == 0


@pytest.mark.parametrize("seed", range(4))
async def test_a_runner_that_dies_anywhere_is_followed_by_another(
    intake: IntakeDoor, door: ImportDoor, seed: int
) -> None:
    dice = random.Random(seed)
    import_id = (await door.send(crowd(600))).json()["import_id"]

    deaths = 0
    while (await door.shown(import_id))["status"] != "ended":
        turn = asyncio.create_task(door.runner(rows_max=8).take_turn(asyncio.Event()))
        _, alive = await asyncio.wait({turn}, timeout=dice.uniform(0.005, 0.04))
        if alive:
            turn.cancel()
            deaths += 1
        await asyncio.wait({turn})
        shown = await door.shown(import_id)
        assert shown["taken"] + shown["refused"] + shown["suppressed"] == shown["rows"]
        assert await intake.count("leads") == shown["taken"]
        intake.clock.advance(seconds=PAST_LEASE)

    assert deaths > 0
    assert (await door.shown(import_id))["rows"] == 600
    await leads_each_once(intake, 600)


async def test_an_import_is_left_alone_while_somebody_is_at_it(
    url: str, intake: IntakeDoor, door: ImportDoor
) -> None:
    await door.send(crowd(3))
    first, second, stop = door.runner(), door.runner(), asyncio.Event()
    async with held_up(url) as connection:
        turn = asyncio.create_task(first.take_turn(stop))
        await eventually(lambda: connection.fetchval(WAITING_SQL))
        intake.clock.advance(seconds=PAST_LEASE)

        found = await second.take_turn(stop)

    assert found is False
    assert await turn is True
    assert await intake.count("leads") == 3


async def test_two_runners_who_take_an_import_from_each_other_do_nothing_twice(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    import_id = (await door.send(crowd(300))).json()["import_id"]
    runners, stop = [door.runner(rows_max=5), door.runner(rows_max=7)], asyncio.Event()

    async def jump() -> int:
        intake.clock.advance(seconds=PAST_LEASE)
        return int((await door.shown(import_id))["rows"])

    async def work() -> None:
        while (await door.shown(import_id))["status"] != "ended":
            await asyncio.gather(*(runner.take_turn(stop) for runner in runners))

    await asyncio.gather(work(), eventually(jump, lambda rows: rows == 300))

    await leads_each_once(intake, 300)


async def test_short_imports_do_not_wait_for_the_end_of_long_ones(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    long = (await door.send(crowd(300))).json()["import_id"]
    intake.clock.advance(seconds=1)
    short = (await door.send(b"email\nben@crumpet.org\n")).json()["import_id"]
    intake.clock.advance(seconds=1)
    runner, stop = door.runner(rows_max=4), asyncio.Event()

    await runner.take_turn(stop)
    intake.clock.advance(seconds=1)
    await runner.take_turn(stop)

    assert (await door.shown(long))["status"] == "running"
    assert (await door.shown(short))["status"] == "ended"


async def test_people_who_are_met_at_the_same_moment_are_met_once(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    await door.send(crowd(200))
    turn = asyncio.create_task(door.run(rows_max=20))

    answers = await asyncio.gather(
        *(intake.send(door.source, {"email": f"p{number}@crumpet.org"}) for number in range(200))
    )
    await turn

    # Who meets the same new people again and again may be told to come back later.
    assert {answer.status_code for answer in answers} <= {202, 503}
    taken = sum(answer.status_code == 202 for answer in answers)
    assert (await intake.count("leads"), await intake.count("people")) == (200 + taken, 200)
    assert await intake.unaccounted() == 0


async def test_a_row_that_the_database_will_not_have_is_refused_alone(
    url: str, intake: IntakeDoor, door: ImportDoor
) -> None:
    async with poisoned(url, "p7@crumpet.org"):
        shown = await door.finished(await door.send(crowd(20)))

    assert (shown["status"], shown["taken"], shown["refused"]) == ("ended", 19, 1)
    assert [(one["kind"], one["rows"]) for one in shown["faults"]] == [("fault", 1)]
    assert "p7@crumpet.org,Ada 7,8,,could not be stored" in await door.errors(shown["import_id"])
    assert await intake.unaccounted() == 0


async def test_long_rows_make_small_batches(intake: IntakeDoor, door: ImportDoor) -> None:
    long = b"a@crumpet.org," + b"x" * 100_000 + b"\n"

    shown = await door.finished(await door.send(b"email,x\n" + long * 120))

    received = await intake.opened.fetch("select distinct xmin from payloads")
    assert (shown["rows"], shown["taken"]) == (120, 120)
    assert len(received) == 3


async def test_batches_are_small_while_single_leads_come(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    await door.send(crowd(100))
    transactions = intake.opened.service.transactions
    runner = Runner(transactions, "US", 50, rounds=itertools.count().__next__)

    await runner.take_turn(asyncio.Event())

    batches = await intake.opened.fetch("select count(*) as rows from payloads group by xmin")
    assert sorted(batch["rows"] for batch in batches) == [10] * 5 + [50]
