"""Files of leads: sent in one request, read in the background, every row accounted for."""

from support.import_door import ImportDoor, csv_of
from support.intake_door import IntakeDoor


async def test_a_file_becomes_leads(intake: IntakeDoor, door: ImportDoor) -> None:
    data = csv_of(
        ["E-Mail", "First name", "Notes"],
        [["ada@crumpet.org", "Ada", "two\nlines"], ["ben@crumpet.org", "Ben", "x, y"]],
    )

    sent = await door.send(data)
    shown = await door.finished(sent)

    assert sent.status_code == 202
    assert sent.headers["location"] == f"/v1/imports/{sent.json()['import_id']}"
    assert (sent.json()["status"], shown["status"]) == ("waiting", "ended")
    assert (shown["rows"], shown["taken"], shown["refused"]) == (2, 2, 0)
    assert (shown["percent"], shown["encoding"]) == (100.0, "utf-8")
    assert shown["layout"]["mapping"] == {
        "E-Mail": "email",
        "First name": "given_name",
        "Notes": "message",
    }
    cards = [one["data"] for one in await intake.said("ContactCard")]
    assert [(card["email"], card["message"]) for card in cards] == [
        ("ada@crumpet.org", "two\nlines"),
        ("ben@crumpet.org", "x, y"),
    ]
    assert await intake.unaccounted() == 0


async def test_a_row_is_kept_as_it_was(intake: IntakeDoor, door: ImportDoor) -> None:
    data = b'email,note\r\nada@crumpet.org,"a\r\nb"\r\nnobody,c\r\n'

    import_id = (await door.finished(await door.send(data)))["import_id"]

    # Ids of one millisecond are in no order.
    payloads = await intake.opened.fetch(
        "select body, status, component from payloads order by body"
    )
    assert payloads == [
        {"body": b'ada@crumpet.org,"a\r\nb"\r\n', "status": "taken", "component": "import-csv"},
        {"body": b"nobody,c\r\n", "status": "refused", "component": "import-csv"},
    ]
    (lead,) = (await intake.get("/v1/leads")).json()["items"]
    assert lead["correlation_id"] == import_id


async def test_a_bad_row_is_refused_and_the_rest_goes_on(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    data = (
        b"email,country,note\n"
        b"a@crumpet.org,GB,x\n"
        b"nobody,GB,x\n"
        b'b@crumpet.org,"GB,x\n'
        b"c@crumpet.org,GB\n"
        b"d@crumpet.org,GB,x,y\n"
        b"e@crumpet.org,Klingon,x\n"
        b"f@crumpet.org,GB," + b"x" * 300_000 + b"\n"
        b"\xff@crumpet.org,GB,x\n"
        b"g@crumpet.org,GB,x\0\n"
        b"h@crumpet.org,GB,x"
    )

    shown = await door.finished(await door.send(data, encoding="utf-8"))

    assert (shown["rows"], shown["taken"], shown["refused"]) == (10, 2, 8)
    faults = {(one["kind"], one["field"], one["detail"]): one["rows"] for one in shown["faults"]}
    assert faults == {
        ("invalid", "email", "must be an e-mail address"): 1,
        ("malformed", None, "a quoted value must be closed"): 1,
        ("malformed", None, "must have 3 values, has 2"): 1,
        ("malformed", None, "must have 3 values, has 4"): 1,
        ("invalid", "country", "String should match pattern '^[A-Za-z]{2}$'"): 1,
        ("too-large", None, "a row may have 262144 bytes"): 1,
        ("malformed", None, "must be UTF-8"): 1,
        ("invalid", "message", "message must not contain NUL"): 1,
    }
    assert await intake.count("import_refusals") == 8
    assert await intake.unaccounted() == 0
