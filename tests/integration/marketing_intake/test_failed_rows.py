"""Rows of files that failed are replayed as they came, or mended, and taken once."""

import orjson
import pytest

from support.failing import agree, replay_only
from support.import_door import ImportDoor
from support.intake_door import ADA, IntakeDoor

MAPPED = {"field_map": {"your-mail": "email"}}


async def test_a_row_is_replayed_by_the_columns_that_are_agreed_on_now(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    data = b"Your-Mail,First name,Newsletter\nada@example.org,Ada,yes\n"
    import_id = (await door.finished(await door.send(data)))["import_id"]
    names = {"your-mail": "email", "newsletter": "consent.marketing"}
    await agree(intake, door.source.id, field_map=names)

    answer = await replay_only(intake)

    assert answer.json()["outcomes"]["taken"] == 1
    (card,) = await intake.said("ContactCard")
    assert (card["data"]["email"], card["data"]["given_name"]) == ("ada@example.org", "Ada")
    (said,) = await intake.said("LeadCaptured")
    assert said["data"].get("consent", []) == []
    shown = await door.shown(import_id)
    assert (shown["refused"], shown["mended"], shown["faults"]) == (1, 1, [])
    assert (await door.errors(import_id)).count("\n") == 1
    assert await intake.unaccounted() == 0


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"ada@example.org;Ada\r\n", "text/csv"),
        (orjson.dumps(ADA), "application/json"),
    ],
)
async def test_a_row_is_mended_by_a_row_or_by_a_lead(
    intake: IntakeDoor, door: ImportDoor, body: bytes, content_type: str
) -> None:
    await door.finished(await door.send(b"Mail;First name\nnobody;Ada\n"))

    two = await replay_only(intake, b"a@example.org;A\nb@example.org;B\n", "text/csv")
    answer = await replay_only(intake, body, content_type)

    assert (two.status_code, answer.status_code) == (400, 200)
    (card,) = await intake.said("ContactCard")
    assert (card["data"]["email"], card["data"]["given_name"]) == ("ada@example.org", "Ada")


async def test_a_line_is_mended_by_a_line(intake: IntakeDoor, door: ImportDoor) -> None:
    sent = await door.send(b'{"m": "nobody"}\n', format="jsonl", map="m=email")
    await door.finished(sent)

    still = await replay_only(intake)
    answer = await replay_only(intake, b'{"m": "ada@example.org"}')

    assert (still.status_code, answer.status_code) == (422, 200)
    assert await intake.count("leads") == 1


async def test_rows_of_a_forgotten_import_are_mended_by_leads_alone(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    await door.finished(await door.send(b"email\nnobody\n"))
    await intake.opened.execute("delete from import_refusals")

    as_it_came = await replay_only(intake)
    mended = await replay_only(intake, orjson.dumps(ADA))

    assert (as_it_came.status_code, mended.status_code) == (409, 200)


async def test_a_filters_worth_of_rows_is_replayed_and_none_is_doubled(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    rows = b"".join(b"p%d@example.org\n" % number for number in range(30))
    await door.finished(await door.send(b"your-mail\n" + rows))
    await agree(intake, door.source.id, **MAPPED)
    form = {"component": "import-csv", "limit": 200}

    answers = [
        await intake.client.post("/v1/failed/replay", json=form, headers=intake.admin)
        for _ in range(2)
    ]

    assert [answer.json()["replayed"] for answer in answers] == [30, 0]
    assert await intake.count("leads") == 30
    assert await intake.unaccounted() == 0
