"""How a file comes in: in any form, once under each key, within its limits, for its source."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from marketing_intake.domain.imports import CHUNK_BYTES
from support.import_door import ImportDoor, crowd, csv_of
from support.intake_door import IntakeDoor, open_intake

FORM = "application/x-www-form-urlencoded"
MIBIBYTE = 1024 * 1024
ROWS = [["björn@crumpet.org", "Björn, Å."], ["ada@crumpet.org", "Ada"]]
HEADER = ["email", "given_name"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
async def test_delimiter_and_encoding_are_found(
    intake: IntakeDoor, door: ImportDoor, delimiter: str, encoding: str
) -> None:
    data = csv_of(HEADER, ROWS, delimiter=delimiter).decode().encode(encoding)

    shown = await door.finished(await door.send(data))

    assert (shown["taken"], shown["layout"]["delimiter"]) == (2, delimiter)
    names = {one["data"]["given_name"] for one in await intake.said("ContactCard")}
    assert names == {"Björn, Å.", "Ada"}


async def test_what_is_told_is_believed(intake: IntakeDoor, door: ImportDoor) -> None:
    told: dict[str, Any] = {"delimiter": "semicolon", "has_header": "false", "name": "fair.csv"}

    shown = await door.finished(
        await door.send(b"Ada;ada@crumpet.org;7\n", map=["2=email", "1=given_name"], **told)
    )

    assert (shown["taken"], shown["name"]) == (1, "fair.csv")
    assert shown["layout"]["mapping"] == {"column 2": "email", "column 1": "given_name"}
    assert shown["layout"]["columns"] == ["column 1", "column 2", "column 3"]


async def test_json_lines_are_imported_too(intake: IntakeDoor, door: ImportDoor) -> None:
    data = b'{"email": "ada@crumpet.org"}\n\n{"email": 7}\n{broken\n{"mail": "x"}'

    shown = await door.finished(await door.send(data))

    assert shown["layout"]["format"] == "jsonl"
    assert (shown["rows"], shown["taken"], shown["refused"]) == (4, 1, 3)


async def test_a_file_of_many_chunks_comes_in_by_pieces(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    line = b'"a%d@crumpet.org","' + b"word\n" * 800 + b'"\n'
    data = b"email,message\n" + b"".join(line % number for number in range(600))
    assert len(data) > 2 * CHUNK_BYTES

    async def pieces() -> AsyncIterator[bytes]:
        for first in range(0, len(data), 50_000):
            yield data[first : first + 50_000]

    sent = await door.send(pieces())
    chunks = await intake.opened.fetch(
        "select length(body) as bytes from import_chunks order by number"
    )
    shown = await door.finished(sent)

    sizes = [chunk["bytes"] for chunk in chunks]
    assert (sizes[:-1], sum(sizes)) == ([CHUNK_BYTES] * (len(sizes) - 1), len(data))
    assert (shown["rows"], shown["taken"], shown["size_bytes"]) == (600, 600, len(data))


async def test_the_same_file_under_one_key_is_one_import(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    headers = {"idempotency-key": '"march"'}
    first = await door.send(crowd(3), headers=headers)
    await door.run()

    again = await door.send(crowd(3), headers={"idempotency-key": "march"})
    other = await door.send(crowd(4), headers=headers)
    without = await door.send(crowd(3))

    assert again.status_code == 202
    assert again.json()["import_id"] == first.json()["import_id"]
    assert (again.json()["status"], again.json()["taken"]) == ("ended", 3)
    assert again.headers["idempotent-replayed"] == "true"
    assert (other.status_code, other.json()["type"].rsplit("/", 1)[1]) == (422, "key-reused")
    assert without.json()["import_id"] != first.json()["import_id"]
    assert await intake.count("leads") == 3


async def test_a_key_with_other_words_about_the_file_is_another_request(door: ImportDoor) -> None:
    headers = {"idempotency-key": "march"}
    await door.send(crowd(3), headers=headers)

    answer = await door.send(crowd(3), headers=headers, map="given_name=company")

    assert answer.status_code == 422


async def test_an_upload_that_breaks_off_leaves_its_key_free(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    headers = {"idempotency-key": "march"}

    async def broken() -> AsyncIterator[bytes]:
        yield crowd(50_000)[: CHUNK_BYTES + 1]
        raise ConnectionResetError

    broke = await door.send(broken(), headers=headers)
    again = await door.send(crowd(3), headers=headers)
    await door.run()

    assert broke.status_code == 500
    assert again.status_code == 202
    listed = (await intake.get("/v1/imports")).json()["items"]
    assert [one["status"] for one in listed] == ["ended", "cancelled"]
    assert await intake.count("leads") == 3


async def test_two_uploads_under_one_key_do_not_mix(intake: IntakeDoor, door: ImportDoor) -> None:
    headers = {"idempotency-key": "march"}
    answers = []

    async def slow() -> AsyncIterator[bytes]:
        yield crowd(3)
        answers.append(await door.send(crowd(3), headers=headers))
        intake.clock.advance(seconds=61)
        answers.append(await door.send(crowd(3), headers=headers))

    late = await door.send(slow(), headers=headers)

    assert [answer.status_code for answer in answers] == [409, 202]
    assert late.status_code == 409
    await door.run()
    assert await intake.count("leads") == 3


async def test_a_file_has_a_limit_of_its_own(url: str) -> None:
    async with open_intake(url, body_bytes_max=MIBIBYTE, import_bytes_max=2 * MIBIBYTE) as intake:
        door = ImportDoor(intake, await intake.source())
        large = b"email\n" + b"\n" * (MIBIBYTE + 1) + b"ada@crumpet.org\n"

        async def too_large() -> AsyncIterator[bytes]:
            for _ in range(3):
                yield large

        fits = await door.finished(await door.send(large))
        told = await door.send(large * 3)
        untold = await door.send(too_large())

        assert fits["taken"] == 1
        assert (told.status_code, untold.status_code) == (413, 413)
        assert told.json()["detail"] == f"the body must have at most {2 * MIBIBYTE} bytes"
        statuses = await intake.opened.fetch("select status from imports order by id")
        assert [row["status"] for row in statuses] == ["ended", "cancelled"]


@pytest.mark.parametrize(
    ("data", "query", "field"),
    [
        (b"", {}, "body"),
        (b"\n\n", {}, "body"),
        (b"email\n", {"map": "fax=phone"}, "map"),
        (b"email\n", {"map": "email"}, "map"),
        (b"email\n", {"map": "email=e-mail"}, "map"),
        (b"email\n", {"delimiter": "x"}, "delimiter"),
        (b"email\n", {"encoding": "klingon"}, "encoding"),
        (b"\xff\xfe\0\0", {}, "encoding"),
        (b"email\n", {"format": "xlsx"}, "query/format"),
        (b"email\n", {"has_header": "perhaps"}, "query/has_header"),
    ],
)
async def test_a_file_that_cannot_be_read_leaves_nothing(
    intake: IntakeDoor, door: ImportDoor, data: bytes, query: dict[str, Any], field: str
) -> None:
    answer = await door.send(data, **query)

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [f"#/{field}"]
    assert (await intake.count("imports"), await intake.count("import_chunks")) == (0, 0)


@pytest.mark.parametrize("type_", ["multipart/form-data; boundary=x", FORM])
async def test_a_form_is_no_file(intake: IntakeDoor, door: ImportDoor, type_: str) -> None:
    answer = await door.send(crowd(1), headers={"content-type": type_})

    assert answer.status_code == 415
