"""What is known of imports: listed, cancelled, found by a payload, and let go of in the end."""

import asyncio

from baton.transaction import Origin
from marketing_intake.handlers import imports as handlers
from marketing_intake.repository import imports
from support.eventually import eventually
from support.import_door import ImportDoor, crowd, csv_of
from support.intake_door import IntakeDoor


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
