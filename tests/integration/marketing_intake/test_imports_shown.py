"""What is shown of a file before and after: dry runs, refused rows, and to whom."""

import csv
import io

from support.import_door import ImportDoor, crowd, csv_of
from support.intake_door import IntakeDoor, MadeSource


async def test_a_dry_run_shows_everything_and_keeps_nothing(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    data = csv_of(["Mail", "Shoes"], [["ada@crumpet.org", "7"], ["nobody", "8"], ["x"]])

    answer = await door.send(data, dry_run="true")
    shown = answer.json()

    assert answer.status_code == 200
    assert shown["mapping"] == {"Mail": "email"}
    assert (shown["checked"], shown["would_be_taken"], shown["would_be_refused"]) == (3, 1, 2)
    assert shown["is_whole_file"] is True
    assert [(one["row"], one["fields"], one["field"], one["detail"]) for one in shown["rows"]] == [
        (1, {"email": "ada@crumpet.org"}, None, None),
        (2, {"email": "nobody"}, "email", "must be an e-mail address"),
        (3, None, None, "must have 2 values, has 1"),
    ]
    assert {one["rows"] for one in shown["faults"]} == {1}
    for table in ("imports", "import_chunks", "payloads", "leads"):
        assert await intake.count(table) == 0


async def test_a_dry_run_looks_at_the_beginning_of_a_large_file(door: ImportDoor) -> None:
    shown = (await door.send(crowd(60_000), dry_run="true")).json()

    assert (shown["checked"], shown["is_whole_file"], len(shown["rows"])) == (10_000, False, 20)
    assert shown["size_bytes"] == len(crowd(60_000))


async def test_a_key_of_no_source_names_one(intake: IntakeDoor, door: ImportDoor) -> None:
    admin = ImportDoor(intake, MadeSource("", intake.admin, None))
    sender = ImportDoor(intake, MadeSource("", await intake.opened.key("leads:write"), None))
    nobody = ImportDoor(intake, MadeSource("", {}, None))

    named = await admin.send(crowd(1), source_id=door.source.id)
    unnamed = await admin.send(crowd(1))
    unknown = await admin.send(crowd(1), source_id="0199aaaa-0000-7000-8000-000000000000")
    stranger = await sender.send(crowd(1), source_id=door.source.id)
    unkeyed = await nobody.send(crowd(1))

    assert (named.status_code, named.json()["source_id"]) == (202, door.source.id)
    assert (unnamed.status_code, unnamed.json()["errors"][0]["pointer"]) == (422, "#/source_id")
    assert [one.status_code for one in (unknown, stranger, unkeyed)] == [404, 403, 401]


async def test_a_closed_source_imports_nothing(intake: IntakeDoor, door: ImportDoor) -> None:
    waiting = await door.send(crowd(1))
    path = f"/v1/sources/{door.source.id}"
    await intake.client.patch(path, json={"is_active": False}, headers=intake.admin)
    intake.clock.advance(seconds=10)

    refused = await door.send(crowd(1))
    shown = await door.finished(waiting)

    assert refused.status_code == 403
    assert (shown["status"], shown["reason"]) == ("failed", "the source is closed")
    assert await intake.count("leads") == 0


async def test_refused_rows_come_back_ready_to_be_mended(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    data = (
        "Mail;Who;Büro\r\n"
        'nobody;"Ada; ""x""";a\r\n'
        "ben@crumpet.org;Ben;b\r\n"
        '"cy@crumpet.org;Cy;c\r\n'
        "di@crumpet.org;Di\r\n"
        "ed@crumpet.org;Ed;e;f\r\n"
    ).encode("cp1252")
    first = await door.finished(await door.send(data, name="fair.csv"))

    text = await door.errors(first["import_id"])
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    mended = text.replace("nobody", "ada@crumpet.org").replace("e;f", "e")
    second = await door.finished(await door.send(mended.encode()))

    assert rows == [
        ["Mail", "Who", "Büro", "refused_row", "refused_field", "refused_reason"],
        ["nobody", 'Ada; "x"', "a", "1", "email", "must be an e-mail address"],
        ["cy@crumpet.org;Cy;c\r\n", "", "", "3", "", "a quoted value must be closed"],
        ["di@crumpet.org", "Di", "", "4", "", "must have 3 values, has 2"],
        ["ed@crumpet.org", "Ed", "e;f", "5", "", "must have 3 values, has 4"],
    ]
    assert (first["taken"], first["refused"]) == (1, 4)
    assert (second["taken"], second["refused"]) == (3, 1)


async def test_refused_rows_are_for_who_may_read_personal_data(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    import_id = (await door.finished(await door.send(crowd(1))))["import_id"]
    path = f"/v1/imports/{import_id}/errors"

    answer = await intake.client.get(path, headers=await intake.opened.key("leads:read"))
    missing = await intake.get("/v1/imports/0199aaaa-0000-7000-8000-000000000000/errors")

    assert (answer.status_code, missing.status_code) == (403, 404)
