"""An import goes on where it was, whoever reads it and whatever dies: no row is lost or doubled."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from baton.transaction import Origin
from marketing_intake.handlers import imports as handlers
from marketing_intake.repository import imports
from marketing_intake.repository.imports import LEASE
from support.eventually import eventually
from support.import_door import ImportDoor, crowd, csv_of
from support.intake_door import IntakeDoor, MadeSource

PAST_LEASE = LEASE.total_seconds() + 1
WAITING_SQL = """
select count(*) from pg_stat_activity
where datname = current_database() and wait_event_type = 'Lock'
"""


@pytest.fixture
def door(intake: IntakeDoor, shop: MadeSource) -> ImportDoor:
    """Imports of the shop."""
    return ImportDoor(intake, shop)


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
        assert shown["taken"] + shown["refused"] == shown["rows"]
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


async def test_a_cancelled_import_stops_where_it_is(intake: IntakeDoor, door: ImportDoor) -> None:
    import_id = (await door.send(crowd(500))).json()["import_id"]
    runner = door.runner(rows_max=10)
    turn = asyncio.create_task(runner.take_turn(asyncio.Event()))
    await eventually(lambda: intake.count("leads"), lambda count: count > 0)

    path = f"/v1/imports/{import_id}/cancel"
    cancelled = await intake.client.post(path, headers=door.source.headers)
    await turn
    again = await intake.client.post(path, headers=door.source.headers)
    await door.run()

    shown = await door.shown(import_id)
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert again.status_code == 409
    assert 0 < shown["rows"] < 500
    assert shown["rows"] == shown["taken"] == await intake.count("leads")
    assert await intake.unaccounted() == 0


async def test_only_its_source_or_an_administrator_cancels(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    other = await intake.source("other")
    ids = [(await door.send(crowd(1))).json()["import_id"] for _ in range(2)]

    by_other = await intake.client.post(f"/v1/imports/{ids[0]}/cancel", headers=other.headers)
    by_admin = await intake.client.post(f"/v1/imports/{ids[0]}/cancel", headers=intake.admin)
    by_own = await intake.client.post(f"/v1/imports/{ids[1]}/cancel", headers=door.source.headers)

    assert [one.status_code for one in (by_other, by_admin, by_own)] == [403, 200, 200]


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


async def test_what_is_over_is_tidied_up(intake: IntakeDoor, door: ImportDoor) -> None:
    service = intake.opened.service
    tidy = next(timer for timer in service.parts.timers if timer.name == "tidy_imports")
    await door.finished(await door.send(crowd(3) + b"nobody,x\n"))
    waiting = (await door.send(crowd(3))).json()["import_id"]

    async with service.transactions.begin() as tx:
        done = await tidy.handler(tx)
    chunks = await intake.opened.fetch("select import_id from import_chunks")
    intake.clock.advance(seconds=91 * 86_400)
    async with service.transactions.begin() as tx:
        await tidy.handler(tx)

    assert done == 1
    assert [row["import_id"] for row in chunks] == [waiting]
    assert (await intake.count("imports"), await intake.count("import_refusals")) == (1, 0)
    assert await intake.count("payloads") == 4


async def test_an_upload_that_nobody_goes_on_with_is_given_up(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    transactions = intake.opened.service.transactions
    async with transactions.begin() as tx:
        import_id = await handlers.open_import(
            door.source.id, tx, name="x", who="x", origin=Origin.fresh(), key_hash=b"k"
        )
    assert isinstance(import_id, str)

    intake.clock.advance(seconds=59)
    async with transactions.begin() as tx:
        await handlers.tidy(tx, kept_days=90)
    before = await door.shown(import_id)
    intake.clock.advance(seconds=2)
    async with transactions.begin() as tx:
        await handlers.tidy(tx, kept_days=90)
    after = await door.shown(import_id)

    assert (before["status"], before["layout"]) == ("uploading", None)
    assert (after["status"], after["reason"]) == (
        "cancelled",
        "the upload did not come to its end",
    )


async def test_the_layout_of_a_refused_row_is_found_by_its_payload(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    await door.finished(await door.send(b"mail;x\nnobody;1\n"))
    (payload,) = (await intake.get("/v1/payloads")).json()["items"]

    async with intake.opened.service.transactions.read() as reader:
        layout = await imports.layout_behind(reader, payload["payload_id"])

    assert (payload["kind"], payload["content_type"]) == ("invalid", "text/csv")
    assert layout is not None
    assert (layout.delimiter, layout.columns) == (";", ("mail", "x"))


async def test_long_rows_make_small_batches(intake: IntakeDoor, door: ImportDoor) -> None:
    long = b"a@crumpet.org," + b"x" * 100_000 + b"\n"

    shown = await door.finished(await door.send(b"email,x\n" + long * 120))

    received = await intake.opened.fetch("select distinct xmin from payloads")
    assert (shown["rows"], shown["taken"]) == (120, 120)
    assert len(received) == 3


async def test_an_import_that_is_read_again_after_its_end_brings_nothing(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    first = await door.finished(await door.send(crowd(3)))

    await door.run()

    assert await door.shown(first["import_id"]) == first
    assert await intake.count("leads") == 3


async def test_imports_are_listed_newest_first(intake: IntakeDoor, door: ImportDoor) -> None:
    ids = [(await door.send(csv_of(["email"], []))).json()["import_id"] for _ in range(3)]

    page = (await intake.get("/v1/imports", limit=2)).json()
    rest = (await intake.get("/v1/imports", limit=2, cursor=page["next_cursor"])).json()

    listed = [one["import_id"] for one in page["items"] + rest["items"]]
    assert listed == list(reversed(ids))
    assert rest["next_cursor"] is None
