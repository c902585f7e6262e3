"""Imports under what is agreed with their source, and rows of people who were forgotten."""

import asyncio
import csv
import io
from typing import Any

import pytest_asyncio

from marketing_intake.handlers.imports import HELD_MAX
from support.import_door import ImportDoor, crowd
from support.intake_door import IntakeDoor
from support.reading_pages import show, sign_in

DAY = 86_400


async def agree(door: ImportDoor, **terms: Any) -> None:
    """Change what is agreed with the source."""
    path = f"/v1/sources/{door.source.id}"
    answer = await door.intake.client.patch(path, json=terms, headers=door.intake.admin)
    assert answer.status_code == 200, answer.text


async def test_what_is_beyond_the_day_waits_for_the_next_and_goes_on_of_itself(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    await agree(door, per_day=30)
    import_id = (await door.send(crowd(70))).json()["import_id"]

    held, rows = [], []
    for _ in range(3):
        await door.run(rows_max=8)
        shown = await door.shown(import_id)
        held.append(shown["held_until"])
        rows.append((shown["status"], shown["rows"]))
        intake.clock.advance(seconds=DAY)

    assert rows == [("waiting", 30), ("waiting", 60), ("ended", 70)]
    assert held == ["2026-05-05T00:00:00Z", "2026-05-06T00:00:00Z", None]
    assert await intake.count("leads") == 70
    assert await intake.unaccounted() == 0


async def test_imports_and_single_leads_share_the_day(intake: IntakeDoor, door: ImportDoor) -> None:
    await agree(door, per_day=10)
    intake.clock.advance(seconds=10)
    single = [(await intake.send(door.source, {"email": "a@crumpet.org"})) for _ in range(4)]

    import_id = (await door.send(crowd(10))).json()["import_id"]
    await door.run()
    over = await intake.send(door.source, {"email": "b@crumpet.org"})

    assert [answer.status_code for answer in single] == [202] * 4
    assert (await door.shown(import_id))["rows"] == 6
    assert over.status_code == 429


async def test_more_that_is_agreed_lets_an_import_go_on_at_once(door: ImportDoor) -> None:
    await agree(door, per_day=5)
    import_id = (await door.send(crowd(20))).json()["import_id"]
    await door.run()
    before = await door.shown(import_id)

    await agree(door, per_day=None)
    await door.run()

    after = await door.shown(import_id)
    assert (before["rows"], after["rows"], after["status"]) == (5, 20, "ended")


async def test_a_source_that_waits_for_its_next_day_leaves_room_for_others(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    await agree(door, per_day=1)
    other = ImportDoor(intake, await intake.source("other"))
    for _ in range(HELD_MAX):
        await door.send(crowd(2))
    await door.run()

    beyond, of_other = await door.send(crowd(2)), await other.send(crowd(2))

    assert (beyond.status_code, of_other.status_code) == (503, 202)


async def test_an_import_that_is_held_back_can_be_stopped(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    await agree(door, per_day=5)
    import_id = (await door.send(crowd(20))).json()["import_id"]
    await door.run()

    path = f"/v1/imports/{import_id}/cancel"
    stopped = await intake.client.post(path, headers=door.source.headers)

    assert (stopped.status_code, stopped.json()["status"]) == (200, "cancelled")


async def test_how_much_comes_in_a_second_does_not_count_for_a_file(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    await agree(door, per_second=1)

    shown = await door.finished(await door.send(crowd(50)))

    assert (shown["status"], shown["rows"]) == ("ended", 50)


async def test_the_day_holds_for_two_imports_at_a_time(
    intake: IntakeDoor, door: ImportDoor
) -> None:
    await agree(door, per_day=33)
    for _ in range(2):
        await door.send(crowd(30))
    runners, stop = [door.runner(rows_max=4), door.runner(rows_max=7)], asyncio.Event()

    while any(await asyncio.gather(*(runner.take_turn(stop) for runner in runners))):
        pass

    assert await intake.count("leads") == 33


@pytest_asyncio.fixture
async def forgotten(intake: IntakeDoor, door: ImportDoor) -> str:
    """The address of somebody who came, and was forgotten."""
    taken = await intake.taken(door.source, email="gone@crumpet.org")
    await intake.client.delete(f"/v1/people/{taken['person_id']}", headers=intake.admin)
    return "gone@crumpet.org"


async def test_a_row_of_somebody_who_was_forgotten_is_counted_as_such(
    intake: IntakeDoor, door: ImportDoor, forgotten: str
) -> None:
    data = crowd(2) + f"{forgotten},Ada\nnobody,x\n".encode()

    shown = await door.finished(await door.send(data))
    rows = list(csv.reader(io.StringIO(await door.errors(shown["import_id"]))))

    counts = [shown[name] for name in ("rows", "taken", "refused", "suppressed")]
    assert counts == [4, 2, 1, 1]
    expected = "somebody who asked to be forgotten: not taken, and not kept"
    assert {(one["kind"], one["detail"]) for one in shown["faults"]} == {
        ("suppressed", expected),
        ("invalid", "must be an e-mail address"),
    }
    assert rows[1:] == [
        ["", "", "3", "", expected],
        ["nobody", "x", "4", "email", "must be an e-mail address"],
    ]
    assert await intake.unaccounted() == 0


async def test_a_file_is_a_list_even_of_a_source_by_which_people_come_themselves(
    intake: IntakeDoor, door: ImportDoor, forgotten: str
) -> None:
    first = await door.finished(await door.send(f"email\n{forgotten}\n".encode()))
    second = await door.finished(
        await door.send(b'{"email": "gone@crumpet.org"}\n', format="jsonl")
    )

    assert (first["suppressed"], second["suppressed"]) == (1, 1)
    states = await intake.opened.fetch("select state from leads")
    assert [row["state"] for row in states] == ["erased"]


async def test_pages_say_why_an_import_waits_and_who_was_left_out(
    intake: IntakeDoor, door: ImportDoor, forgotten: str
) -> None:
    await agree(door, per_day=4)
    data = f"email\n{forgotten}\nnobody\n".encode() + b"a@crumpet.org\n" * 5
    import_id = (await door.send(data)).json()["import_id"]
    await door.run()
    await sign_in(intake.opened, "manager")

    listed, page = (
        await show(intake.opened, "/imports"),
        await show(intake.opened, f"/imports/{import_id}"),
    )

    assert "the day's limit" in listed.replace("&#39;", "'")
    assert "has sent what is agreed for a day" in page
    assert "asked to be forgotten" in page
    assert forgotten not in page
